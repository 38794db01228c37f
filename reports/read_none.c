/* read_none.c -- the runner alone cannot read results files; it says so. */
#include "reports/read.h"

static bool refuse(const char *path, char **ret_error)
{
	*ret_error = must_format(
		"cannot read %s: this build has no reader: build with -Dtools=enabled", path);
	return false;
}

bool results_read(const char *path, const struct results_sink *sink, char **ret_error)
{
	(void)sink;
	return refuse(path, ret_error);
}

bool results_read_stream(FILE *file, const char *name, const struct results_sink *sink,
			 char **ret_error)
{
	(void)file;
	(void)sink;
	return refuse(name, ret_error);
}
