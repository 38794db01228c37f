/* put.c -- what several writers need: observations, and areas of cases. */
#include <string.h>

#include "reports/report.h"

static void put_note(FILE *out, const struct observation *one)
{
	if (!one->judged)
		fputs(*one->want ? "  (recorded, not judged)" : "  (not expected)", out);
	else if (one->ok && !one->variant)
		fputs("  ok", out);
	else
		fprintf(out, "  %s %s", one->variant ? "variant, as known:" : "WANTED", one->want);
	if (!one->ok && one->line)
		fprintf(out, "  (line %d)", one->line);
}

void put_observations(FILE *out, const struct result *result, const char *line_prefix)
{
	int labels = 0;

	for (size_t i = 0; i < result->saw_count; i++) {
		int n = (int)strlen(result->saw[i].label);
		labels = n > labels && n <= 32 ? n : labels;
	}
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!result->stood[who] || !*result->stood[who])
			continue;
		fprintf(out, "%s%s %s\n", line_prefix, who_name(who), result->stood[who]);
		for (size_t i = 0; i < result->saw_count; i++) {
			const struct observation *one = &result->saw[i];
			if (one->who != who)
				continue;
			fprintf(out, "%s  %-*s  %s", line_prefix, labels, one->label, one->value);
			put_note(out, one);
			fputc('\n', out);
		}
	}
}

int area_length(const char *name)
{
	return (int)strcspn(name, "_");
}
