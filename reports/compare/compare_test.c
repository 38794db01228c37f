/* compare_test.c -- systems compared from small results files: every class, every file that cannot
 * be compared, and the writers against golden files.
 */
#include "reports/compare/compare.h"

#include <criterion/criterion.h>

#include "reports/compare/view.h"
#include "reports/read.h"
#include "test_files.h"

TestSuite(compare, .init = make_test_directory, .fini = remove_test_directory);

/* ---- Results files by hand: ' stands for a quotation mark ---- */

#define RUN_OF(stack, system, tool)                                                                \
	"{'type':'run','schema':1,'tool':'" tool "','stack':'" stack                               \
	"','date':'2026-01-02T03:04:05Z','sysname':'" system                                       \
	"','release':'6.1.0','machine':'x86_64','libc':'glibc 2.36','isolation':'netns'}\n"
#define RUN(stack) RUN_OF(stack, "Linux", "sockdrill 1.0")
#define END        "{'type':'end','ms':10}\n"
#define RESULT(name, family, verdict, reason, saw)                                                 \
	"{'type':'result','case':'" name "','family':'" family "','verdict':'" verdict             \
	"','ms':1.5,'reason':'" reason "','saw':[" saw "]}\n"
#define SAW(role, label, value, want)                                                              \
	"{'role':'" role "','label':'" label "','value':'" value "','want':'" want "','ok':true}"

#define CLOSED_SAW(recv, again)                                                                    \
	SAW("client", "recv", recv, "0") "," SAW("client", "recv again", again, "0")
#define CLOSED_OVER(family, recv, again)                                                           \
	RESULT("recv_zero_on_orderly_close", family, "pass", "", CLOSED_SAW(recv, again))
#define CLOSED(recv, again) CLOSED_OVER("inet", recv, again)
/* Linux has its own way, which differs from the portable -1 EMSGSIZE. */
#define EMPTY(got)                                                                                 \
	RESULT("recvmsg_empty_iov", "inet", "variant", "",                                         \
	       SAW("client", "recvmsg of 0 buffers", got, "0") "," SAW("client", "recv",           \
								       "6:abcdef", "6:abcdef"))
/* The second label may be either; which is for no reason but chance. */
#define TWICE(same)                                                                                \
	RESULT("bind_twice_einval", "inet", "pass", "",                                            \
	       SAW("server", "same address", same,                                                 \
		   "") "," SAW("server", "other address", "-1 EINVAL",                             \
			       "") "," SAW("server", "name is the first", "1", ""))
#define UNKNOWN(got) RESULT("of_tomorrow", "inet", "pass", "", SAW("client", "send", got, "3"))
#define STUCK        RESULT("recv_zero_on_orderly_close", "inet", "timeout", "after 9 ms", "")
#define SKIPPED      RESULT("recv_zero_on_orderly_close", "inet", "skip", "needs root", "")

static char *write_file(const char *name, const char *text)
{
	char *path = test_path(name), *json = must_copy(text);

	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	write_text(path, json);
	free(json);
	return path;
}

enum { FILES_MAX = 4 };

/* The files' texts end at the first NULL. */
static bool read_all(const char *const texts[FILES_MAX], const char *baseline,
		     struct comparison *ret_comparison, char **ret_error)
{
	static const char *const names[FILES_MAX] = { "a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl" };
	char *paths[FILES_MAX], *known = baseline ? write_file("known.expect", baseline) : NULL;
	size_t count = 0;

	for (; count < FILES_MAX && texts[count]; count++)
		paths[count] = write_file(names[count], texts[count]);
	*ret_error = NULL;
	bool usable =
		comparison_read((const char *const *)paths, count, (const char *const *)&known,
				known ? 1 : 0, ret_comparison, ret_error);
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	free(known);
	return usable;
}

/* ---- Classes ---- */

#define A(text)      RUN("a") text END
#define B(text)      RUN("b") text END
#define ON_BSD(text) RUN_OF("b", "FreeBSD", "sockdrill 1.0") text END
#define KNOWN        "b/*/* recv_zero* fail,timeout it was reported\n"

static const struct {
	const char *name, *a, *b, *baseline;
	enum likeness of_a, of_b;
	bool differs, is_new;
	enum section section;
} classes[] = {
	{ "the same", A(CLOSED("0", "0")), B(CLOSED("0", "0")), NULL, LIKE_CONFORMS, LIKE_CONFORMS,
	  false, false, SECTION_ALIKE },
	{ "one value is changed", A(CLOSED("0", "0")), B(CLOSED("0", "1:x")), NULL, LIKE_CONFORMS,
	  LIKE_VIOLATES, true, true, SECTION_NEW },
	{ "a baseline knows", A(CLOSED("0", "0")), B(CLOSED("0", "1:x")), KNOWN, LIKE_CONFORMS,
	  LIKE_VIOLATES, true, false, SECTION_DOCUMENTED },
	{ "the baseline is of another system", A(CLOSED("0", "0")), B(CLOSED("0", "1:x")),
	  "c/*/* * fail not here\n", LIKE_CONFORMS, LIKE_VIOLATES, true, true, SECTION_NEW },
	{ "the baseline is of another verdict", A(CLOSED("0", "0")), B(CLOSED("0", "1:x")),
	  "b/*/* * timeout not so\n", LIKE_CONFORMS, LIKE_VIOLATES, true, true, SECTION_NEW },
	{ "both violate, alike", A(CLOSED("0", "1:x")), B(CLOSED("0", "1:x")), NULL, LIKE_VIOLATES,
	  LIKE_VIOLATES, false, false, SECTION_ALIKE },
	{ "healed", A(CLOSED("0", "1:x")), B(CLOSED("0", "0")), NULL, LIKE_VIOLATES, LIKE_ALLOWED,
	  true, false, SECTION_ALLOWED },
	{ "the case allows either", A(TWICE("-1 EINVAL")), B(TWICE("-1 EADDRINUSE")), NULL,
	  LIKE_CONFORMS, LIKE_ALLOWED, true, false, SECTION_ALLOWED },
	{ "it allows no third", A(TWICE("-1 EINVAL")), B(TWICE("0")), NULL, LIKE_CONFORMS,
	  LIKE_VIOLATES, true, true, SECTION_NEW },
	{ "Linux's own way", RUN_OF("a", "FreeBSD", "sockdrill 1.0") EMPTY("-1 EMSGSIZE") END,
	  B(EMPTY("0")), NULL, LIKE_CONFORMS, LIKE_DOCUMENTED, true, false, SECTION_DOCUMENTED },
	{ "Linux's own way left", A(EMPTY("0")), ON_BSD(EMPTY("-1 EMSGSIZE")), NULL,
	  LIKE_DOCUMENTED, LIKE_ALLOWED, true, false, SECTION_ALLOWED },
	{ "Linux's own way on both", A(EMPTY("0")), B(EMPTY("0")), NULL, LIKE_DOCUMENTED,
	  LIKE_DOCUMENTED, false, false, SECTION_ALIKE },
	{ "Linux does as is portable, for once", A(EMPTY("0")), B(EMPTY("-1 EMSGSIZE")), NULL,
	  LIKE_DOCUMENTED, LIKE_NEW, true, true, SECTION_NEW },
	{ "Linux's way, but not on Linux", A(EMPTY("0")), ON_BSD(EMPTY("0")), NULL, LIKE_DOCUMENTED,
	  LIKE_VIOLATES, false, false, SECTION_ALIKE },
	{ "a time-out", A(CLOSED("0", "0")), B(STUCK), NULL, LIKE_CONFORMS, LIKE_NEW, true, true,
	  SECTION_NEW },
	{ "a known time-out", A(CLOSED("0", "0")), B(STUCK), KNOWN, LIKE_CONFORMS, LIKE_NEW, true,
	  false, SECTION_DOCUMENTED },
	{ "a time-out on both", A(STUCK), B(STUCK), NULL, LIKE_NEW, LIKE_NEW, false, false,
	  SECTION_ALIKE },
	{ "a label was not recorded", A(CLOSED("0", "0")),
	  B(RESULT("recv_zero_on_orderly_close", "inet", "pass", "",
		   SAW("client", "recv", "0", "0"))),
	  NULL, LIKE_CONFORMS, LIKE_NEW, true, true, SECTION_NEW },
	{ "recorded in another order", A(CLOSED("0", "0")),
	  B(RESULT("recv_zero_on_orderly_close", "inet", "pass", "",
		   SAW("client", "recv again", "0", "0") "," SAW("client", "recv", "0", "0"))),
	  NULL, LIKE_CONFORMS, LIKE_CONFORMS, false, false, SECTION_ALIKE },
	{ "skipped", A(CLOSED("0", "0")), B(SKIPPED), NULL, LIKE_CONFORMS, LIKE_UNSUPPORTED, false,
	  false, SECTION_ALIKE },
	{ "the first skipped", A(SKIPPED), B(CLOSED("0", "1:x")), NULL, LIKE_UNSUPPORTED,
	  LIKE_VIOLATES, false, false, SECTION_ALIKE },
	{ "only in the first", A(CLOSED("0", "0")), B(CLOSED_OVER("unix", "0", "0")), NULL,
	  LIKE_CONFORMS, LIKE_ABSENT, false, false, SECTION_ALIKE },
	{ "a case that nobody knows", A(UNKNOWN("3")), B(UNKNOWN("3")), NULL, LIKE_CONFORMS,
	  LIKE_CONFORMS, false, false, SECTION_ALIKE },
	{ "nobody knows whether it may differ", A(UNKNOWN("3")), B(UNKNOWN("2")), NULL,
	  LIKE_CONFORMS, LIKE_NEW, true, true, SECTION_NEW },
};

Test(compare, classes_arise)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		const char *const texts[FILES_MAX] = { classes[i].a, classes[i].b };
		const char *name = classes[i].name;
		struct comparison both;
		char *error;
		cr_assert(read_all(texts, classes[i].baseline, &both, &error), "%s: %s", name,
			  error);
		const struct compare_row *row = both.rows[0];
		const struct cell *a = &row->cells[0], *b = &row->cells[1];
		cr_expect_str_eq(likeness_name(a->likeness), likeness_name(classes[i].of_a),
				 "%s: a is %s", name, likeness_name(a->likeness));
		cr_expect_str_eq(likeness_name(b->likeness), likeness_name(classes[i].of_b),
				 "%s: b is %s", name, likeness_name(b->likeness));
		cr_expect_eq(b->differs, classes[i].differs, "%s", name);
		cr_expect_eq(b->is_new, classes[i].is_new, "%s", name);
		cr_expect_eq(both.systems[1].new_ones, classes[i].is_new, "%s", name);
		cr_expect_eq(both.systems[1].differs, classes[i].differs, "%s", name);
		cr_expect_eq(row_section(&both, row), classes[i].section, "%s: %s", name,
			     section_name(row_section(&both, row)));
		comparison_finish(&both);
	}
}

Test(compare, counts_and_distances)
{
	const char *const texts[FILES_MAX] = {
		A(CLOSED("0", "0") CLOSED_OVER("unix", "0", "0") EMPTY("0")),
		B(CLOSED("0", "1:x") CLOSED_OVER("unix", "0", "0") EMPTY("0")),
		RUN("c") SKIPPED CLOSED_OVER("unix", "1:x", "1:x") END,
	};
	static const struct {
		size_t a, b;
		unsigned common, equal;
		int alike;
	} distances[] = {
		{ 0, 0, 3, 3, 1000 }, { 0, 1, 3, 2, 666 }, { 1, 0, 3, 2, 666 },
		{ 0, 2, 1, 0, 0 },    { 2, 1, 1, 0, 0 },   { 2, 2, 1, 1, 1000 },
	};
	struct comparison all;
	char *error;

	cr_assert(read_all(texts, NULL, &all, &error), "%s", error);
	cr_expect_eq(all.row_count, 3);
	for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
		unsigned common, equal;
		comparison_distance(&all, distances[i].a, distances[i].b, &common, &equal);
		cr_expect_eq(common, distances[i].common, "%zu: %u", i, common);
		cr_expect_eq(equal, distances[i].equal, "%zu: %u", i, equal);
		cr_expect_eq(systems_alike(&all, distances[i].a, distances[i].b),
			     distances[i].alike, "%zu", i);
	}
	char *headline = comparison_headline(&all, 2);
	cr_expect_str_eq(headline, "c differs from a in 1 of 1: 0 allowed, 0 documented, 1 new; "
				   "1 of these violate the standard; 1 not supported; "
				   "1 not recorded");
	free(headline);
	cr_expect_eq(all.systems[2].counts.of[VERDICT_SKIP], 1);
	comparison_select(&all, (const char *const[]){ "recv_zero*/inet" }, 1);
	cr_expect_eq(all.row_count, 1);
	cr_expect_eq(all.systems[1].common, 1);
	cr_expect_eq(all.systems[2].like[LIKE_UNSUPPORTED], 1);
	cr_expect_eq(all.systems[2].new_ones, 0);
	comparison_finish(&all);
}

Test(compare, names_are_unique)
{
	/* The file b is named as the third stack is. */
	const char *const texts[FILES_MAX] = { RUN("linux") CLOSED("0", "0") END,
					       RUN("linux") CLOSED("0", "0") END,
					       RUN("b") CLOSED("0", "0") END,
					       RUN("lwip\\u001b[1m") CLOSED("0", "0") END };
	static const char *const names[] = { "a", "b", "c-2", "lwip?[1m" };
	struct comparison all;
	char *error;

	cr_assert(read_all(texts, NULL, &all, &error), "%s", error);
	for (size_t i = 0; i < 4; i++)
		cr_expect_str_eq(all.systems[i].name, names[i], "%s", all.systems[i].name);
	comparison_finish(&all);
}

Test(compare, shards_are_one_system)
{
	const char *const texts[FILES_MAX] = {
		A(CLOSED("0", "0") CLOSED_OVER("unix", "0", "0")),
		B(CLOSED("0", "0")) B(CLOSED_OVER("unix", "0", "0")),
	};
	struct comparison both;
	char *error;

	cr_assert(read_all(texts, NULL, &both, &error), "%s", error);
	cr_expect_eq(both.row_count, 2);
	cr_expect_eq(both.systems[1].common, 2);
	cr_expect_float_eq(both.systems[1].counts.ms, 20, 1e-9);
	comparison_finish(&both);
}

/* ---- Files that cannot be compared ---- */

static const struct {
	const char *name, *b, *baseline, *says;
} troubles[] = {
	{ "empty", "", NULL, "b.jsonl holds no run" },
	{ "no result", B(""), NULL, "b.jsonl: it holds no result" },
	{ "cut in a line", RUN("b") "{'type':'result','ca", NULL, "b.jsonl: it holds no result" },
	{ "cut in the first line", "{'type':'run','sch", NULL, "b.jsonl holds no run" },
	{ "garbage", "\177ELF\002\001\001\n\n", NULL, "b.jsonl:1: cannot use this line" },
	{ "broken in the middle", RUN("b") "{'type':'result',\n" END, NULL,
	  "b.jsonl:2: cannot use this line" },
	{ "another version", RUN_OF("b", "Linux", "sockdrill 0.9") CLOSED("0", "0") END, NULL,
	  "b.jsonl: it is of sockdrill 0.9, and " },
	{ "of two versions", B(CLOSED("0", "0")) RUN_OF("b", "Linux", "sockdrill 0.9") END, NULL,
	  "b.jsonl: its runs are of sockdrill 1.0 and of sockdrill 0.9" },
	{ "of two stacks", B(CLOSED("0", "0")) RUN("c") END, NULL, "different systems" },
	{ "of two systems", B(CLOSED("0", "0")) RUN_OF("b", "NetBSD", "sockdrill 1.0") END, NULL,
	  "different systems" },
	{ "a case twice", B(CLOSED("0", "0") CLOSED("0", "0")), NULL,
	  "b.jsonl: it has recv_zero_on_orderly_close/inet twice" },
	{ "another schema", "{'type':'run','schema':2}\n", NULL, "another schema" },
	{ "a baseline that is none", B(CLOSED("0", "0")), "b/*/* * sometimes\n",
	  "known.expect:1: cannot use this line" },
};

/* ---- Runs that are cut short ---- */

#define PLANNED(n)                                                                                 \
	"{'type':'run','schema':1,'tool':'sockdrill 1.0','stack':'b','sysname':'Linux',"           \
	"'release':'6.1.0','machine':'x86_64','libc':'glibc 2.36','planned':" n "}\n"
#define NOT_RUN(family)                                                                            \
	"{'type':'result','case':'recv_zero_on_orderly_close','family':'" family                   \
	"','verdict':'notrun'}\n"
#define CUT "{'type':'end','complete':false,'ended_by':'option','detail':'--fail-fast'}\n"

/* One file of them; without `says` it can be compared. */
static const struct {
	const char *name, *b, *only, *says;
} cuts[] = {
	{ "no end", RUN("b") CLOSED("0", "0"), NULL, "b.jsonl: its run was interrupted" },
	{ "no end, and something is missing", PLANNED("2") CLOSED("0", "0"), NULL,
	  "b.jsonl: its run was interrupted" },
	{ "no end, and something is missing, perhaps not of these", PLANNED("2") CLOSED("0", "0"),
	  "*/inet", "b.jsonl: its run was interrupted" },
	{ "no end, and nothing is missing", PLANNED("1") CLOSED("0", "0"), NULL, NULL },
	{ "something was not run", PLANNED("2") CLOSED("0", "0") NOT_RUN("unix") CUT, NULL,
	  "b.jsonl: --fail-fast ended its run, and 1 of what is to be compared did not run, such "
	  "as "
	  "recv_zero_on_orderly_close/unix: " },
	{ "what was not run is not compared", PLANNED("2") CLOSED("0", "0") NOT_RUN("unix") CUT,
	  "*/inet", NULL },
	{ "it was run later", PLANNED("1") NOT_RUN("inet") CUT B(CLOSED("0", "0")), NULL, NULL },
	{ "it had been run", B(CLOSED("0", "0")) PLANNED("1") NOT_RUN("inet") CUT, NULL, NULL },
};

Test(compare, runs_cut_short)
{
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		const char *const texts[FILES_MAX] = { A(CLOSED("0", "0")), cuts[i].b };
		struct comparison both;
		char *error = NULL;
		cr_assert(read_all(texts, NULL, &both, &error), "%s: %s", cuts[i].name, error);
		if (cuts[i].only)
			comparison_select(&both, &cuts[i].only, 1);
		cr_expect_eq(comparison_is_whole(&both, &error), !cuts[i].says, "%s", cuts[i].name);
		if (cuts[i].says)
			cr_expect(error && strstr(error, cuts[i].says), "%s: %s", cuts[i].name,
				  error);
		free(error);
		comparison_finish(&both);
	}
}

static void expect_trouble(const char *name, const char *const *paths, const char *says)
{
	struct comparison both;
	char *error = NULL;

	cr_expect_not(comparison_read(paths, 2, NULL, 0, &both, &error), "%s", name);
	cr_assert_not_null(error, "%s", name);
	cr_expect(strstr(error, says), "%s: %s", name, error);
	cr_expect_null(strpbrk(error, "\n\033"), "%s: %s", name, error);
	free(error);
}

Test(compare, files_that_cannot_be)
{
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
		const char *const texts[FILES_MAX] = { A(CLOSED("0", "0")), troubles[i].b };
		struct comparison both;
		char *error;
		cr_expect_not(read_all(texts, troubles[i].baseline, &both, &error), "%s",
			      troubles[i].name);
		cr_assert_not_null(error, "%s", troubles[i].name);
		cr_expect(strstr(error, troubles[i].says), "%s: %s", troubles[i].name, error);
		cr_expect_null(strchr(error, '\n'), "%s: %s", troubles[i].name, error);
		free(error);
	}
}

/* What no text can hold: NUL bytes, a line that is too long, brackets without end. */
Test(compare, bytes_that_cannot_be)
{
	char *good = write_file("good.jsonl", A(CLOSED("0", "0"))), *bad = test_path("bad.jsonl");
	const char *const paths[] = { good, bad }, *const turned[] = { bad, good };
	size_t n = RESULTS_LINE_MAX + 2;
	char *bytes = must_alloc(n, 1);

	expect_trouble("missing", paths, "cannot read results file");
	write_bytes(bad, "{\"type\":\"r\0un\"}\n{}\n", 19);
	expect_trouble("NUL", paths, "bad.jsonl:1: cannot use this line");
	expect_trouble("NUL in the first", turned, "bad.jsonl:1: cannot use this line");
	memset(bytes, '[', n);
	write_bytes(bad, bytes, n);
	expect_trouble("without end", paths, "bad.jsonl:1: cannot use this line: it is longer");
	bytes[100000] = '\n';
	write_bytes(bad, bytes, 100001);
	expect_trouble("deep", paths, "bad.jsonl:1: cannot use this line: ");
	memset(bytes, 0, n);
	write_bytes(bad, bytes, 4096);
	expect_trouble("zeros", paths, "bad.jsonl holds no run");
	free(bytes);
	free(good);
	free(bad);
}

/* ---- Golden files ---- */

/* Three systems with something of each section. */
static void read_three(struct comparison *ret_comparison)
{
	const char *const texts[FILES_MAX] = {
		A(CLOSED("0", "0") CLOSED_OVER("unix", "0", "0") EMPTY("0") TWICE("-1 EINVAL")
			  UNKNOWN("3")),
		B(CLOSED("0", "1:x") CLOSED_OVER("unix", "0", "1:x") EMPTY("0")
			  TWICE("-1 EADDRINUSE") UNKNOWN("2:a  <b>|*`_")),
		RUN_OF("bsd", "FreeBSD", "sockdrill 1.0") STUCK CLOSED_OVER("unix", "1:x", "1:x")
			EMPTY("-1 ENOBUFS") TWICE("-1 EINVAL") END,
	};
	const char *known = "bsd/*/* recv*_iov fail it has no memory, see <bug> & *others*\n";
	char *error;

	cr_assert(read_all(texts, known, ret_comparison, &error), "%s", error);
}

/* Golden files are of the writers, not of what the cases happen to claim, nor of where files lie.
 */
static void fix_texts(struct comparison *comparison, struct sock_case *cases)
{
	for (size_t i = 0; i < comparison->system_count; i++) {
		char *path = must_copy(strrchr(comparison->systems[i].path, '/') + 1);
		free(comparison->systems[i].path);
		comparison->systems[i].path = path;
	}
	for (size_t i = 0; i < comparison->row_count; i++) {
		if (!comparison->rows[i]->test)
			continue;
		cases[i] = *comparison->rows[i]->test;
		cases[i].claim = "A claim that is long enough for a second line, with <angles>, "
				 "|bars| and `ticks`.";
		cases[i].source = "POSIX.1-2024 recv(), RETURN VALUE & <others>";
		cases[i].portable = i % 2 ? "Do *this* instead." : NULL;
		comparison->rows[i]->test = &cases[i];
	}
}

/* Nor of the release. Takes the text. */
static char *without_version(char *text)
{
	char *at = strstr(text, "\"sockdrill " SOCKDRILL_VERSION "\"");

	if (!at)
		return text;
	char *other = must_format("%.*s\"sockdrill VERSION\"%s", (int)(at - text), text,
				  at + strlen("\"sockdrill " SOCKDRILL_VERSION "\""));
	free(text);
	return other;
}

static void expect_written(compare_writer *put, const struct compare_options *options,
			   const char *golden)
{
	struct sock_case cases[8];
	struct comparison three;
	char *text = NULL;
	size_t size;

	read_three(&three);
	cr_assert_leq(three.row_count, sizeof cases / sizeof *cases);
	fix_texts(&three, cases);
	FILE *out = open_memstream(&text, &size);
	put(&three, options, out);
	fclose(out);
	text = without_version(text);
	expect_golden(golden, text);
	free(text);
	comparison_finish(&three);
}

Test(compare, terminal)
{
	expect_written(compare_put_terminal, &(struct compare_options){ .width = 80 },
		       "compare.txt");
}

Test(compare, terminal_that_is_narrow)
{
	expect_written(compare_put_terminal,
		       &(struct compare_options){ .width = 40, .color = true, .all = true },
		       "compare-narrow.txt");
}

Test(compare, markdown)
{
	expect_written(compare_put_markdown, &(struct compare_options){ .width = 80 },
		       "compare.md");
}

Test(compare, json)
{
	expect_written(compare_put_json, &(struct compare_options){ .all = true }, "compare.json");
}
