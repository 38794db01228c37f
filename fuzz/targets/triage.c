/* triage.c -- fuzzes what triage reads of other programs' words: reports of sanitizers, and the
 * figures and logs of fuzzers.
 */
#include "fuzz/cause.h"
#include "fuzz/stats.h"

#include "engine/result.h"
#include "protocol/property.h"

enum {
	INPUT_MAX = 1 << 16,
	/* A class, and three frames of a function, a file and a line. */
	CAUSE_MAX = 40 + 160 + 3 * (8 + 127 + 511),
};

GUARD_FOR_TARGET(INPUT_MAX + 1)

static void check_line(const char *cause)
{
	property(*cause && strlen(cause) <= CAUSE_MAX);
	for (const char *c = cause; *c; c++)
		property(*c >= 0x20 && *c < 0x7f);
}

/* What a cause is told by does not change with what was written before: as runs differ in it. */
static void check_behind_words(const char *text, const char *cause)
{
	char *longer = must_format("some words of the program\n%s", text);
	char *again = cause_of_text(longer);

	property(!again == !cause && (!cause || !strcmp(again, cause)));
	free(again);
	free(longer);
}

static void check_figures(const char *text)
{
	static const char *const names[] = { "execs_done", "execs_per_sec", "stability",
					     "saved_crashes" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		double value = stat_of(text, names[i]);
		property(value >= 0 && value <= STAT_MAX);
		char *alone = must_format("%s : %.17g\n", names[i], value);
		property(stat_of(alone, names[i]) == value);
		property(stat_count(alone, names[i]) == stat_count(text, names[i]));
		free(alone);
	}
	runs_told(text);
	property(plot_runs(text) >= 0 && plot_runs(text) <= STAT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;
	char *text = (char *)guard_tail(&guard, size + 1);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	char *cause = cause_of_text(text);

	if (cause)
		check_line(cause);
	check_behind_words(text, cause);
	free(cause);
	check_figures(text);
	return 0;
}
