/* broken.c -- which fault is on. */
#include "broken.h"

#include <stdlib.h>
#include <string.h>

bool has_fault(enum fault fault)
{
	static const char *const names[] = {
		"none",
#define BROKEN(id) #id,
#include "broken.def"
#undef BROKEN
	};
	const char *wanted = getenv("BROKEN");

	return wanted && !strcmp(names[fault], wanted);
}

bool is_type(int fd, int type)
{
	int is = 0, err = errno;
	socklen_t len = sizeof is;
	bool fits = !REAL(getsockopt)(fd, SOL_SOCKET, SO_TYPE, &is, &len) && is == type;

	errno = err;
	return fits;
}
