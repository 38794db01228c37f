/* dns_form.c -- the types whose data are known, and those of their data that have no names. */
#include "protocol/dns_form.h"

#include "protocol/number.h"

static const struct dns_form forms[] = {
	{ DNS_A, DNS_IN, DNS_SIZED, .size = 4 },
	{ DNS_AAAA, DNS_IN, DNS_SIZED, .size = 16 },
	{ DNS_NS, 0, DNS_FIELDS, .names = 1, .compressed = true },
	{ DNS_CNAME, 0, DNS_FIELDS, .names = 1, .compressed = true },
	{ DNS_PTR, 0, DNS_FIELDS, .names = 1, .compressed = true },
	{ DNS_MX, 0, DNS_FIELDS, .shorts = 1, .names = 1, .compressed = true },
	{ DNS_SOA, 0, DNS_FIELDS, .names = 2, .longs = 5, .compressed = true },
	{ DNS_SRV, DNS_IN, DNS_FIELDS, .shorts = 3, .names = 1 },
	{ DNS_TXT, 0, DNS_STRINGS },
	{ DNS_OPT, 0, DNS_OPTIONS },
};

const struct dns_form *dns_form_of(uint16_t type, uint16_t class)
{
	static const struct dns_form opaque = { .data = DNS_OPAQUE };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].type == type && (!forms[i].class || forms[i].class == class))
			return &forms[i];
	return &opaque;
}

bool dns_next_string(struct slice *rest, struct slice *ret_string)
{
	if (!rest->len || rest->bytes[0] > rest->len - 1)
		return false;
	*ret_string = (struct slice){ rest->bytes + 1, rest->bytes[0] };
	rest->bytes += 1 + ret_string->len;
	rest->len -= 1 + ret_string->len;
	return true;
}

bool dns_next_option(struct slice *rest, uint16_t *ret_code, struct slice *ret_value)
{
	enum { FRONT = 4 };

	if (rest->len < FRONT)
		return false;
	size_t len = (size_t)number_load(rest->bytes + 2, 2, false);
	if (len > rest->len - FRONT)
		return false;
	*ret_code = (uint16_t)number_load(rest->bytes, 2, false);
	*ret_value = (struct slice){ rest->bytes + FRONT, len };
	rest->bytes += FRONT + len;
	rest->len -= FRONT + len;
	return true;
}

bool dns_data_fits(const struct dns_form *form, struct slice data)
{
	struct slice rest = data;
	struct slice part;
	uint16_t code;

	switch (form->data) {
	case DNS_SIZED:
		return data.len == form->size;
	case DNS_STRINGS:
		while (dns_next_string(&rest, &part))
			;
		return data.len && !rest.len;
	case DNS_OPTIONS:
		while (dns_next_option(&rest, &code, &part))
			;
		return !rest.len;
	default:
		return data.len <= DNS_DATA_MAX;
	}
}

const char *dns_opt_fault(const struct dns_record *record, bool several)
{
	if (record->section != DNS_ADDITIONAL)
		return "an OPT is not in the additional section";
	if (record->name.len > 1)
		return "an OPT is not the root's";
	return several ? "there are several OPT" : NULL;
}
