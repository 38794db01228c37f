/* rerun_test.c -- what results files leave to be run again. */
#include "reports/rerun.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/result.h"
#include "test_files.h"

TestSuite(rerun, .init = make_test_directory, .fini = remove_test_directory);

#define RUN(more) "{\"type\":\"run\",\"schema\":1,\"release\":\"6.1\"" more "}\n"
#define OF(case_, verdict)                                                                         \
	"{\"type\":\"result\",\"case\":\"" case_ "\",\"family\":\"inet\",\"verdict\":\"" verdict   \
	"\"}\n"
#define END        "{\"type\":\"end\",\"ms\":7}\n"
#define CUT        "{\"type\":\"end\",\"complete\":false,\"ended_by\":\"signal\",\"detail\":\"SIGTERM\"}\n"
#define PLANNED(n) ",\"planned\":" n ",\"shard\":\"2/3\""

static const struct {
	const char *name, *text;
	const char *again;  /* names, each with a blank behind it */
	size_t count;       /* instances with a result */
	unsigned killed[2]; /* what was planned in killed runs */
} files[] = {
	{ "green", RUN("") OF("a", "pass") OF("b", "variant") OF("c", "skip") END, "", 3, { 0 } },
	{ "all that is not good",
	  RUN("") OF("f", "flaky") OF("a", "fail") OF("b", "broken") OF("c", "timeout") END,
	  "a/inet b/inet c/inet f/inet ",
	  4,
	  { 0 } },
	{ "what was not run",
	  RUN(PLANNED("3")) OF("b", "pass") OF("a", "notrun") CUT,
	  "a/inet ",
	  2,
	  { 0 } },
	{ "of a killed run",
	  RUN(PLANNED("5")) OF("a", "fail") OF("b", "pass"),
	  "a/inet ",
	  2,
	  { 5 } },
	{ "of one killed behind its last result", RUN(PLANNED("1")) OF("a", "pass"), "", 1, { 0 } },
	{ "torn", RUN(PLANNED("2")) OF("a", "fail") "{\"type\":\"res", "a/inet ", 1, { 2 } },
	{ "two shards",
	  RUN("") OF("a", "fail") END RUN("") OF("b", "fail") END,
	  "a/inet b/inet ",
	  2,
	  { 0 } },
	{ "two shards killed",
	  RUN(PLANNED("2")) OF("a", "pass") RUN(PLANNED("3")) OF("b", "pass"),
	  "",
	  2,
	  { 2, 3 } },
	{ "the last word counts",
	  RUN("") OF("a", "fail") OF("b", "pass") END RUN("") OF("b", "fail") OF("a", "pass") END,
	  "b/inet ",
	  2,
	  { 0 } },
	{ "a name within another",
	  RUN("") OF("a_b", "pass") OF("a", "fail") END,
	  "a/inet ",
	  2,
	  { 0 } },
};

static void expect_rerun(size_t i, const struct rerun *rerun)
{
	char *again = must_copy("");

	for (size_t k = 0; k < rerun->count; k++) {
		cr_expect(rerun_has(rerun, rerun->instances[k].name), "%s", files[i].name);
		if (!rerun->instances[k].again)
			continue;
		char *longer = must_format("%s%s ", again, rerun->instances[k].name);
		free(again);
		again = longer;
	}
	cr_expect_str_eq(again, files[i].again, "%s: %s", files[i].name, again);
	cr_expect_eq(rerun->count, files[i].count, "%s: %zu", files[i].name, rerun->count);
	for (size_t k = 0; k < 2; k++) {
		cr_expect_eq(k < rerun->killed_count ? rerun->killed[k].planned : 0,
			     files[i].killed[k], "%s", files[i].name);
		if (k < rerun->killed_count)
			cr_expect(rerun->killed[k].shard == 2 && rerun->killed[k].shards == 3);
	}
	cr_expect(!rerun_has(rerun, "x/inet") && !rerun_has(rerun, "a"), "%s", files[i].name);
	free(again);
}

Test(rerun, files)
{
	char *path = test_path("run.jsonl"), *error = NULL;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct rerun rerun;
		write_text(path, files[i].text);
		cr_assert(rerun_read(path, &rerun, &error), "%s: %s", files[i].name, error);
		expect_rerun(i, &rerun);
		rerun_finish(&rerun);
	}
	free(path);
}

Test(rerun, no_results_file)
{
	char *path = test_path("run.jsonl"), *error = NULL;
	struct rerun rerun;

	write_text(path, RUN("") OF("a", "fail") "hello\n");
	cr_assert(!rerun_read(path, &rerun, &error));
	cr_expect_not_null(strstr(error, "run.jsonl:3:"), "%s", error);
	free(error);
	free(path);
}
