/* stats.c -- reads what afl-fuzz and libFuzzer tell of themselves. */
#include "fuzz/stats.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : NULL;
}

/* The number, held to what a figure can be. */
static double figure(const char *text)
{
	double value = strtod(text, NULL);

	/* A number that is none is not at least 0 either. */
	return !(value >= 0) ? 0 : value < STAT_MAX ? value : STAT_MAX;
}

double stat_of(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = text; line; line = next_line(line)) {
		if (strncmp(line, name, n) != 0)
			continue;
		const char *colon = line + n + strspn(line + n, " ");
		if (*colon != ':')
			continue;
		return figure(colon + 1);
	}
	return 0;
}

unsigned stat_count(const char *text, const char *name)
{
	double value = stat_of(text, name);

	return value < UINT_MAX ? (unsigned)value : UINT_MAX;
}

/* Behind the n-th comma of the line, or NULL. */
static const char *behind_comma(const char *line, unsigned n)
{
	for (; *line && *line != '\n'; line++)
		if (*line == ',' && !--n)
			return line + 1;
	return NULL;
}

double plot_runs(const char *text)
{
	enum { COMMAS_BEFORE = 11 };
	double runs = 0;

	for (const char *line = text, *next; (next = next_line(line)); line = next) {
		const char *at = *line == '#' ? NULL : behind_comma(line, COMMAS_BEFORE);
		if (at)
			runs = figure(at);
	}
	return runs;
}

unsigned long long runs_told(const char *text)
{
	unsigned long long runs = 0;

	for (const char *line = text; line; line = next_line(line))
		if (*line == '#' && line[1] >= '0' && line[1] <= '9')
			runs = strtoull(line + 1, NULL, 10);
	return runs;
}
