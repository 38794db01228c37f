/* baseline_update_test.c -- what a baseline becomes by a run. */
#include "engine/baseline_update.h"

#include <criterion/criterion.h>

#include "test_files.h"

TestSuite(baseline_update, .init = make_test_directory, .fini = remove_test_directory);

static const struct run_facts facts = { .stack = "linux", .release = "6.1.0", .machine = "x86_64" };

static struct baseline read_lines(const char *text)
{
	struct baseline baseline;
	char *path = test_path("baseline"), *error = NULL;

	write_text(path, text);
	cr_assert(baseline_read(path, &facts, &baseline, &error), "%s", error);
	free(path);
	return baseline;
}

struct outcome {
	const char *name;
	enum family family;
	enum verdict verdict;
	const char *reason;
};

enum { OUTCOMES_MAX = 4 };

#define CASE        "recv_zero_on_orderly_close"
#define CASE_OF_ONE "unix_rights_pass_one"

/* A file, a run (its outcomes end at the first without a name), and the file after it. */
static const struct lesson {
	const char *name, *before;
	struct outcome outcomes[OUTCOMES_MAX];
	const char *after;
	struct baseline_changes changes; /* added, changed, removed */
} lessons[] = {
	{ "nothing happened",
	  "# c\n\n*/*/*  x  fail  r\n",
	  { { 0 } },
	  "# c\n\n*/*/*  x  fail  r\n" },
	{ "as expected",
	  "# c\n*/*/*  x/inet  fail  r\n",
	  { { "x", INET, VERDICT_FAIL, "told" }, { "y", INET, VERDICT_PASS, "" } },
	  "# c\n*/*/*  x/inet  fail  r\n" },
	{ "new",
	  "# c\n",
	  { { "x", INET, VERDICT_FAIL, "client saw recv = 1, wanted 0" } },
	  "# c\nlinux/*/x86_64  x/inet  fail  client saw recv = 1, wanted 0\n",
	  { 1, 0, 0 } },
	{ "new, its reason behind blanks",
	  "",
	  { { "x", INET, VERDICT_FAIL, " \ta " }, { "y", INET, VERDICT_FAIL, "  " } },
	  "linux/*/x86_64  x/inet  fail  a \nlinux/*/x86_64  y/inet  fail  no reason was "
	  "recorded\n",
	  { 2, 0, 0 } },
	{ "new, each family by itself",
	  "",
	  { { "x", INET, VERDICT_FAIL, "a" }, { "x", UNIX, VERDICT_TIMEOUT, "b" } },
	  "linux/*/x86_64  x/inet  fail  a\nlinux/*/x86_64  x/unix  timeout  b\n",
	  { 2, 0, 0 } },
	{ "healed",
	  "# c\n*/*/*  x/inet  fail  r\n# d\n",
	  { { "x", INET, VERDICT_PASS, "" } },
	  "# c\n# d\n",
	  { 0, 0, 1 } },
	{ "healed to a variant",
	  "*/*/*  x/inet  fail  r\n*/*/*  y  fail  s\n",
	  { { "x", INET, VERDICT_VARIANT, "Linux reads zero" } },
	  "*/*/*  y  fail  s\n",
	  { 0, 0, 1 } },
	{ "another outcome, its reason stays",
	  "# c\n*/*/*  x/inet  fail  bug 1\n",
	  { { "x", INET, VERDICT_TIMEOUT, "told" } },
	  "# c\n*/*/*  x/inet  timeout  bug 1\n",
	  { 0, 1, 0 } },
	{ "known to vary, and one of both came",
	  "*/*/*  x/inet  pass,fail  bug 1\n",
	  { { "x", INET, VERDICT_FAIL, "told" } },
	  "*/*/*  x/inet  pass,fail  bug 1\n" },
	{ "known by a glob",
	  "*/*/*  x  fail  bug 1\n",
	  { { "x", INET, VERDICT_FAIL, "told" }, { "x", UNIX, VERDICT_FAIL, "told" } },
	  "*/*/*  x  fail  bug 1\n" },
	{ "of another system",
	  "freebsd/*/*  x/inet  fail  r\n",
	  { { "x", INET, VERDICT_PASS, "" } },
	  "freebsd/*/*  x/inet  fail  r\n" },
	{ "new, though known of another system",
	  "freebsd/*/*  x/inet  fail  r\n",
	  { { "x", INET, VERDICT_FAIL, "told" } },
	  "freebsd/*/*  x/inet  fail  r\nlinux/*/x86_64  x/inet  fail  told\n",
	  { 1, 0, 0 } },
	{ "what did not run teaches nothing",
	  "*/*/*  x/inet  fail  r\n",
	  { { "x", INET, VERDICT_SKIP, "needs root" } },
	  "*/*/*  x/inet  fail  r\n" },
	{ "known to vary, and well now",
	  "*/*/*  x/inet  pass,fail  bug 1\n",
	  { { "x", INET, VERDICT_PASS, "" } },
	  "*/*/*  x/inet  pass,fail  bug 1\n" },
	{ "known to vary, and in another way",
	  "*/*/*  x/inet  pass,fail  bug 1\n",
	  { { "x", INET, VERDICT_TIMEOUT, "told" } },
	  "*/*/*  x/inet  timeout  bug 1\n",
	  { 0, 1, 0 } },
	/* This case of the program has three families. */
	{ "all that a line is for is healed",
	  "*/*/*  " CASE "  fail  bug 1\n*/*/*  " CASE "/inet*  timeout  bug 2\n",
	  { { CASE, INET, VERDICT_PASS, "" },
	    { CASE, INET6, VERDICT_VARIANT, "w" },
	    { CASE, UNIX, VERDICT_PASS, "" } },
	  "",
	  { 0, 0, 2 } },
	{ "all but one, which did not run",
	  "*/*/*  " CASE "  fail  bug 1\n",
	  { { CASE, INET, VERDICT_PASS, "" }, { CASE, INET6, VERDICT_PASS, "" } },
	  "*/*/*  " CASE "  fail  bug 1\n"
	  "linux/*/x86_64  " CASE "/inet  pass  now as expected\n"
	  "linux/*/x86_64  " CASE "/inet6  pass  now as expected\n",
	  { 2, 0, 0 } },
	{ "all but one, which is skipped",
	  "*/*/*  " CASE "  fail  bug 1\n",
	  { { CASE, INET, VERDICT_PASS, "" },
	    { CASE, INET6, VERDICT_SKIP, "no IPv6" },
	    { CASE, UNIX, VERDICT_PASS, "" } },
	  "*/*/*  " CASE "  fail  bug 1\n"
	  "linux/*/x86_64  " CASE "/inet  pass  now as expected\n"
	  "linux/*/x86_64  " CASE "/unix  pass  now as expected\n",
	  { 2, 0, 0 } },
	{ "all but one, which still fails",
	  "*/*/*  " CASE "  fail  bug 1\n",
	  { { CASE, INET, VERDICT_PASS, "" },
	    { CASE, INET6, VERDICT_FAIL, "told" },
	    { CASE, UNIX, VERDICT_PASS, "" } },
	  "*/*/*  " CASE "  fail  bug 1\n"
	  "linux/*/x86_64  " CASE "/inet  pass  now as expected\n"
	  "linux/*/x86_64  " CASE "/unix  pass  now as expected\n",
	  { 2, 0, 0 } },
	{ "healed one after the other",
	  "*/*/*  " CASE "  fail  bug 1\nlinux/*/x86_64  " CASE "/inet  pass  now as expected\n",
	  { { CASE, INET, VERDICT_PASS, "" },
	    { CASE, INET6, VERDICT_PASS, "" },
	    { CASE, UNIX, VERDICT_PASS, "" } },
	  "linux/*/x86_64  " CASE "/inet  pass  now as expected\n",
	  { 0, 0, 1 } },
	/* And this has one. */
	{ "another outcome of all that a line without a family is for",
	  "*/*/*  " CASE_OF_ONE "  fail  bug 1\n",
	  { { CASE_OF_ONE, UNIX, VERDICT_TIMEOUT, "told" } },
	  "*/*/*  " CASE_OF_ONE "  timeout  bug 1\n",
	  { 0, 1, 0 } },
};

static struct baseline_changes learn(struct baseline *updated, const struct lesson *lesson)
{
	struct baseline baseline = read_lines(lesson->before);
	struct baseline_update seen = { 0 };

	for (const struct outcome *one = lesson->outcomes; one->name; one++) {
		struct result result = { .name = one->name,
					 .family = one->family,
					 .verdict = one->verdict,
					 .reason = must_copy(one->reason) };
		baseline_judge(&baseline, &result);
		baseline_note(&seen, &result);
		result_finish(&result);
	}
	struct baseline_changes changes = baseline_apply(&seen, updated, &facts);
	baseline_update_finish(&seen);
	baseline_finish(&baseline);
	return changes;
}

/* After an update the same run is as expected. */
static void expect_known(const char *path, const struct lesson *lesson)
{
	struct baseline baseline;
	char *error = NULL;

	cr_assert(baseline_read(path, &facts, &baseline, &error), "%s: %s", lesson->name, error);
	for (const struct outcome *one = lesson->outcomes; one->name; one++) {
		const struct result result = { .name = one->name,
					       .family = one->family,
					       .verdict = one->verdict };
		cr_expect(baseline_expects(&baseline, &result), "%s: %s/%s", lesson->name,
			  one->name, family_name(one->family));
	}
	baseline_finish(&baseline);
}

static char *write_lesson(const struct lesson *lesson, const char *path)
{
	struct baseline updated = read_lines(lesson->before);
	char *error = NULL;

	const struct baseline_changes changes = learn(&updated, lesson);
	cr_expect_eq(changes.added, lesson->changes.added, "%s", lesson->name);
	cr_expect_eq(changes.changed, lesson->changes.changed, "%s", lesson->name);
	cr_expect_eq(changes.removed, lesson->changes.removed, "%s", lesson->name);
	cr_assert(baseline_write(&updated, path, &error), "%s: %s", lesson->name, error);
	baseline_finish(&updated);
	expect_known(path, lesson);
	return read_file(path);
}

Test(baseline_update, learns)
{
	char *path = test_path("baseline");

	for (size_t i = 0; i < sizeof lessons / sizeof *lessons; i++) {
		char *text = write_lesson(&lessons[i], path);
		cr_expect_str_eq(text, lessons[i].after, "%s:\n%s", lessons[i].name, text);
		free(text);
	}
	cr_expect_eq(walk_test_directory(false), 1, "something stayed beside the file");
	free(path);
}

/* A line for many cases stays although one of them healed; the update says so. */
Test(baseline_update, learns_against_a_glob)
{
	static const struct lesson lesson = {
		"against a glob",
		"*/*/*  x*  fail  bug 1\n",
		{ { "x1", INET, VERDICT_FAIL, "told" },
		  { "x2", INET, VERDICT_PASS, "" },
		  { "x3", INET, VERDICT_BROKEN, "server: b" } },
		NULL,
		{ 2, 0, 0 },
	};
	char *path = test_path("baseline");
	char *text = write_lesson(&lesson, path);

	cr_expect_not_null(strstr(text, "*/*/*  x*  fail  bug 1\n"), "%s", text);
	cr_expect_null(strstr(text, "x1"), "%s", text);
	cr_expect_not_null(strstr(text, "x3/inet  broken  server: b\n"), "%s", text);
	free(text);
	free(path);
}

/* Whoever is told of no result changes nothing. */
Test(baseline_update, what_was_not_run_is_no_news)
{
	struct baseline baseline = read_lines("*/*/*  x/inet  fail  r\n");
	struct baseline_update seen = { 0 };
	const struct result result = { .name = "x",
				       .family = INET,
				       .verdict = VERDICT_NOT_RUN,
				       .reason = (char *)"SIGTERM ended the run" };

	baseline_note(&seen, &result);
	const struct baseline_changes changes = baseline_apply(&seen, &baseline, &facts);
	cr_expect(!changes.added && !changes.changed && !changes.removed);
	cr_expect_eq(baseline.count, 1);
	baseline_update_finish(&seen);
	baseline_finish(&baseline);
}
