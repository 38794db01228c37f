/* memory.c -- memory that is there, or the program ends. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *or_die(void *memory)
{
	if (memory)
		return memory;
	static const char text[] = "sockdrill: out of memory: free some and run again\n";
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	_exit(3);
}

void *must_alloc(size_t n, size_t size)
{
	return or_die(calloc(n ? n : 1, size));
}

void *must_grow(void *old, size_t n, size_t size)
{
	size_t bytes = n * size;

	return or_die(size && n > SIZE_MAX / size ? NULL : realloc(old, bytes ? bytes : 1));
}

char *must_copy(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(must_alloc(n, 1), text, n);
}

char *must_format(const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = must_alloc((size_t)(n < 0 ? 0 : n) + 1, 1);
	vsnprintf(text, (size_t)(n < 0 ? 0 : n) + 1, format, again);
	va_end(again);
	return text;
}
