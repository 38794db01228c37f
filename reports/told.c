/* told.c -- results of one case that say the same for several families, told once. */
#include "reports/told.h"

#include <stdlib.h>
#include <string.h>

static struct told *find_equal(struct tale *tale, const struct result *result, const char *text)
{
	for (size_t i = 0; i < tale->count; i++) {
		struct told *told = &tale->told[i];
		if (told->verdict == result->verdict && !strcmp(told->name, result->name) &&
		    !strcmp(told->text, text))
			return told;
	}
	return NULL;
}

bool tale_add(struct tale *tale, const struct report *report, const struct result *result,
	      char *text, size_t most)
{
	struct told *equal = find_equal(tale, result, text);

	if (equal) {
		char *families =
			must_format("%s, %s", equal->families, family_name(result->family));
		free(equal->families);
		free(text);
		equal->families = families;
		equal->is_shared = true;
		return true;
	}
	if (tale->count >= most) {
		free(text);
		return false;
	}
	tale->told = must_grow(tale->told, tale->count + 1, sizeof *tale->told);
	tale->told[tale->count++] = (struct told){
		.verdict = result->verdict,
		.name = must_copy(result->name),
		.families = must_copy(family_name(result->family)),
		.is_known = result->test != NULL,
		.place = report_place(report, result),
		.text = text,
	};
	return true;
}

char *told_repeat(const struct told *told, const struct report *report)
{
	return must_format("%s %s%s%s", report->run_command, told->name, told->is_shared ? "" : "/",
			   told->is_shared ? "" : told->families);
}

void tale_finish(struct tale *tale)
{
	for (size_t i = 0; i < tale->count; i++) {
		free(tale->told[i].name);
		free(tale->told[i].families);
		free(tale->told[i].text);
	}
	free(tale->told);
	memset(tale, 0, sizeof *tale);
}
