/* number.c -- stores and loads integers and IEEE 754 numbers. */
#include "protocol/number.h"

#include <math.h>
#include <string.h>

/* How far the byte at this offset stands to the left in the number. */
static unsigned shift_of(size_t at, size_t size, bool little_endian)
{
	return 8 * (unsigned)(little_endian ? at : size - 1 - at);
}

uint64_t number_load(const uint8_t *bytes, size_t size, bool little_endian)
{
	uint64_t number = 0;

	for (size_t i = 0; i < size; i++)
		number |= (uint64_t)bytes[i] << shift_of(i, size, little_endian);
	return number;
}

void number_store(uint64_t number, uint8_t *bytes, size_t size, bool little_endian)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number >> shift_of(i, size, little_endian));
}

int64_t number_signed(uint64_t number, size_t size)
{
	uint64_t sign = UINT64_C(1) << (8 * size - 1);

	return (int64_t)((number ^ sign) - sign);
}

static uint64_t bits_of_double(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof bits);
	return bits;
}

static double double_of_bits(uint64_t bits)
{
	double real;

	memcpy(&real, &bits, sizeof real);
	return real;
}

static double double_of_half(uint64_t half)
{
	uint64_t sign = half >> 15 << 63;
	uint64_t exponent = half >> 10 & 0x1f;
	uint64_t fraction = half & 0x3ff;

	if (exponent == 0x1f)
		return double_of_bits(sign | UINT64_C(0x7ff) << 52 |
				      (uint64_t)(fraction != 0) << 51);
	if (exponent)
		return double_of_bits(sign | (exponent + 1023 - 15) << 52 | fraction << 42);
	return (sign ? -0x1p-24 : 0x1p-24) * (double)fraction;
}

static bool half_of_double(double real, uint64_t *ret_half)
{
	uint64_t bits = bits_of_double(real);
	uint64_t sign = bits >> 63 << 15;
	int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
	uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);

	if (exponent == 1024) {
		*ret_half = sign | 0x7c00 | (uint64_t)(fraction != 0) << 9;
		return true;
	}
	if (exponent < -25) {
		*ret_half = sign;
		return true;
	}
	/* Ten bits of the fraction stay; of a subnormal, one less for each power below 2^-14. */
	bool subnormal = exponent < -14;
	unsigned drop = 42 + (subnormal ? (unsigned)(-14 - exponent) : 0);
	uint64_t significand = fraction | UINT64_C(1) << 52;
	uint64_t kept = significand >> drop;
	uint64_t dropped = significand & ((UINT64_C(1) << drop) - 1);
	uint64_t tie = UINT64_C(1) << (drop - 1);

	kept += dropped > tie || (dropped == tie && kept & 1);
	/* A normal number's leading one, or what rounding carried, adds one to the exponent. */
	*ret_half = (subnormal ? 0 : (uint64_t)(exponent + 14) << 10) + kept;
	if (*ret_half >= 0x7c00)
		return false;
	*ret_half |= sign;
	return true;
}

static bool float_bits_of_double(double real, uint64_t *ret_bits)
{
	float narrow = (float)real;
	uint32_t bits;

	memcpy(&bits, &narrow, sizeof bits);
	*ret_bits = bits;
	return !isinf(narrow) || isinf(real);
}

double number_to_real(uint64_t bits, size_t size)
{
	uint32_t half_size = (uint32_t)bits;
	float narrow;

	if (size == 8)
		return double_of_bits(bits);
	if (size == 2)
		return double_of_half(bits);
	memcpy(&narrow, &half_size, sizeof narrow);
	return narrow;
}

bool number_of_real(double real, size_t size, uint64_t *ret_bits)
{
	if (size == 2)
		return half_of_double(real, ret_bits);
	if (size == 4)
		return float_bits_of_double(real, ret_bits);
	*ret_bits = bits_of_double(real);
	return true;
}
