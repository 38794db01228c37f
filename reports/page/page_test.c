/* page_test.c -- the HTML pages against golden files, their escaping, and their policy.
 *
 * The golden files begin at the body: style and script are files of their own.
 */
#include "reports/page/page.h"

#include <criterion/criterion.h>

#include "ladder/test_stories.h"
#include "reports/compare/compare.h"
#include "reports/test_run.h"
#include "test_files.h"

TestSuite(page, .init = begin_test_run, .fini = end_test_run);

/* ---- Texts ---- */

static const struct {
	const char *text, *html;
} escapeds[] = {
	{ "", "" },
	{ "plain ~", "plain ~" },
	{ "<script>\"&'", "&lt;script&gt;&quot;&amp;'" },
	{ "\001\033", "\\x01\\x1b" },
	{ "\xc3\xbc\xe2\x82\xac\xef\xbf\xbd", "\xc3\xbc\xe2\x82\xac\xef\xbf\xbd" },
	/* U+202E, U+2066, U+200B, U+FEFF, U+061C, U+2029, U+206F turn or hide what is around. */
	{ "a\xe2\x80\xaegnp", "a\\u202egnp" },
	{ "\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf", "\\u2066\\u200b\\ufeff" },
	{ "\xd8\x9c\xe2\x80\xa9\xe2\x81\xaf", "\\u061c\\u2029\\u206f" },
	/* Neighbours of these do not: U+061B, U+2010, U+2027, U+202F, U+2070. */
	{ "\xd8\x9b\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0",
	  "\xd8\x9b\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0" },
	{ "cut \xe2\x80", "cut \\xe2\\x80" },
	{ "cut \xe2", "cut \\xe2" },
};

Test(page, escapes)
{
	for (size_t i = 0; i < sizeof escapeds / sizeof *escapeds; i++) {
		char *html = put_text(put_html, escapeds[i].text);
		cr_expect_str_eq(html, escapeds[i].html, "%zu: %s", i, html);
		free(html);
	}
}

static const struct {
	const char *text;
	size_t most;
	const char *cut;
} cuts[] = {
	{ "abc", 3, "abc" },
	{ "abcd", 3, "abc\xe2\x80\xa6" },
	{ "", 0, "" },
	{ "abcd", 0, "\xe2\x80\xa6" },
	/* Never in the middle of a character. */
	{ "a\xe2\x82\xac", 3, "a\xe2\x80\xa6" },
	{ "a\xe2\x82\xac", 4, "a\xe2\x82\xac" },
};

Test(page, shortens)
{
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		char *cut = shorten(cuts[i].text, cuts[i].most);
		cr_expect_str_eq(cut, cuts[i].cut, "%zu: %s", i, cut);
		free(cut);
	}
}

static void put_unix_anchor(FILE *out, const char *name)
{
	put_anchor(out, name, UNIX);
}

static void put_bare_anchor(FILE *out, const char *name)
{
	put_anchor(out, name, NO_FAMILY);
}

Test(page, anchors)
{
	char *unixes = put_text(put_unix_anchor, "recv_zero"),
	     *bare = put_text(put_bare_anchor, "recv");
	char *hostile = put_text(put_bare_anchor, "a b\"&<%\xc3\xbc");

	cr_expect_str_eq(unixes, "recv_zero/unix");
	cr_expect_str_eq(bare, "recv");
	cr_expect_str_eq(hostile, "a%20b%22%26%3C%25%C3%BC");
	free(unixes);
	free(bare);
	free(hostile);
}

/* ---- Pages ---- */

/* The head, whose policy lets two styles and one script in, then the body against its golden file.
 */
static void expect_page(const char *golden, const char *page)
{
	const char *body = strstr(page, "<body>");

	cr_assert_not_null(body);
	cr_expect_not_null(strstr(page, "content=\"default-src 'none'; style-src 'sha256-"));
	cr_expect_eq(count_of(page, "</style>"), 2, "a style ends itself");
	cr_expect_eq(count_of(page, "</script>"), 1, "the script ends itself");
	cr_expect_eq(count_of(page, "http:") + count_of(page, "https:"), 0,
		     "it asks for something");
	expect_golden(golden, body);
}

#define HEAD(stack)                                                                                \
	"{\"type\":\"run\",\"schema\":1,\"tool\":\"sockdrill 9.8.7\",\"stack\":\"" stack           \
	"\",\"date\":\"2026-01-02T03:04:05Z\",\"sysname\":\"Linux\",\"release\":\"6.1.0\","        \
	"\"machine\":\"x86_64\",\"libc\":\"a < b\",\"isolation\":\"netns\"}\n"
#define RESULT(name, family, verdict, reason, saw)                                                 \
	"{\"type\":\"result\",\"case\":\"" name "\",\"family\":\"" family                          \
	"\",\"verdict\":\"" verdict "\",\"ms\":1.5,\"reason\":\"" reason "\",\"saw\":[" saw "]}\n"
#define SAW(role, label, value)                                                                    \
	"{\"role\":\"" role "\",\"label\":\"" label "\",\"value\":\"" value                        \
	"\",\"want\":\"0\",\"ok\":true}"
#define CLOSED(family, again)                                                                      \
	RESULT("recv_zero_on_orderly_close", family, "pass", "",                                   \
	       SAW("client", "recv", "0") "," SAW("client", "recv again", again))
#define HOSTILE(value)                                                                             \
	RESULT("<script>alert(1)</script>", "any", "fail", "a \\\"quoted\\\" reason",              \
	       SAW("server", "<b>", value) "," SAW("server", "<b>", "twice"))
#define END "{\"type\":\"end\",\"ms\":1234}\n"

static const char *const files[] = {
	HEAD("first") CLOSED("inet", "0") CLOSED("inet6", "0") CLOSED("unix", "0")
		HOSTILE("\\\\x00\\u202e") END,
	HEAD("second") CLOSED("inet", "0") CLOSED("inet6", "-1 ECONNRESET")
		RESULT("recv_zero_on_orderly_close", "unix", "skip", "needs <root>", "")
			HOSTILE("\\\"><img src=x>") END,
	HEAD("th&ird") CLOSED("inet", "0") RESULT("recv_zero_on_orderly_close", "inet6", "timeout",
						  "after 9 ms", "") HOSTILE("\\\\x00\\u202e") END,
};

enum { FILES = sizeof files / sizeof *files };

Test(page, comparison_is_golden)
{
	const struct compare_options options = { 0 };
	char *paths[FILES], *error = NULL, *page = NULL;
	struct comparison comparison;
	size_t size = 0;

	for (size_t i = 0; i < FILES; i++) {
		paths[i] = must_format("%s/%zu.jsonl", test_directory, i);
		write_text(paths[i], files[i]);
	}
	cr_assert(comparison_read((const char *const *)paths, FILES, NULL, 0, &comparison, &error),
		  "%s", error);
	FILE *out = open_memstream(&page, &size);
	compare_put_html(&comparison, &options, out);
	fclose(out);
	expect_page("compare.html", page);
	for (size_t i = 0; i < FILES; i++)
		free(paths[i]);
	comparison_finish(&comparison);
	free(page);
}

static const struct sock_case test_case = {
	.claim = "A claim with <angles> & \"quotes\".",
	.source = "RFC 9293 3.10",
	.portable = "Do <this>.",
	.server = no_role,
	.client = no_role,
};

static struct observation saw[] = {
	{ CLIENT, T("recv"), T("<b>5:\xe2\x80\xae"), T("0"), .judged = true, .line = 17 },
	{ SERVER, T("accept"), T("0"), T("0"), .judged = true, .ok = true },
	{ SERVER, T("surprise"), T("1"), T("") },
};

#define OF(name_, family_, verdict_, reason_)                                                      \
	.name = (name_), .family = (family_), .verdict = (verdict_), .reason = T(reason_)
#define KNOWN .test = &test_case, .expected = true
#define QUIET ENDS("finished", "finished"), .saw = saw + 1, .saw_count = 1, .runs = 1, .ms = 1.25

enum { TRACED = 7 };

static struct result results[] = {
	{ OF("recv_ok", INET6, VERDICT_PASS, ""), KNOWN, QUIET },
	{ OF("recv_ok", INET, VERDICT_PASS, ""), KNOWN, QUIET },
	{ OF("recv_own", UNIX, VERDICT_VARIANT, "<Linux> reads zero"), KNOWN, QUIET },
	{ OF("bind_b", INET, VERDICT_SKIP, "needs <root>"), KNOWN, ENDS("", "") },
	{ OF("bind_a", INET, VERDICT_SKIP, "needs <root>"), KNOWN, ENDS("", "") },
	{ OF("bind_c", INET, VERDICT_SKIP, "a system without it"), KNOWN, ENDS("", "") },
	{ OF("send_known", INET, VERDICT_FAIL, "client saw recv = 1"), KNOWN, QUIET,
	  .baseline_outcomes = 1U << VERDICT_FAIL, .baseline_reason = T("bug <17>") },
	[TRACED] = { OF("recv_fails", INET, VERDICT_FAIL, "client saw recv = <b>5, wanted 0"),
		     .test = &test_case, .stood = { T("finished"), T("in recv(fd <4>)") },
		     .output = { T("<i>loud</i>\n"), T("") }, OBSERVED(saw),
		     .pcap = T("pcap/a <b>.inet.pcapng"), .ms = 2.5, .runs = 1 },
	{ OF("<script>alert(1)</script>", NO_FAMILY, VERDICT_TIMEOUT, "after 2000 ms"),
	  ENDS("in accept(fd 3)", ""), .ms = 2000 },
};

enum { RESULTS = sizeof results / sizeof *results };

/* Calls whose arguments end titles, drawings and quotes. */
static struct trace_log *keep_hostile_story(void)
{
	struct story story = { 0 };

	add_rounds(&story, 9);
	story.events[3].arguments = "</title></svg><script>alert(1)</script>";
	story.events[4].arguments = "3, \"&lt;\xe2\x80\xae\" --> \xff";
	story.events[5].fault = "<b>";
	struct trace_log *log = keep_story(&story);
	story_finish(&story);
	return log;
}

/* A run on a system whose name is a tag, too. */
static char *page_of_run(enum end_cause cause)
{
	struct run_facts facts = *everything.facts;
	const struct test_run run = {
		.facts = &facts,
		.results = results,
		.count = RESULTS,
		.ms = everything.ms,
		.end = { .cause = cause },
		.missing = cause == END_COMPLETE ? 0 : 3,
	};

	snprintf(facts.stack, sizeof facts.stack, "li<nux");
	results[TRACED].calls = keep_hostile_story();
	char *page = write_run(&run, "html");
	trace_log_destroy(results[TRACED].calls);
	results[TRACED].calls = NULL;
	return page;
}

Test(page, run_is_golden)
{
	char *page = page_of_run(END_COMPLETE);

	expect_page("run.html", page);
	free(page);
}

Test(page, interrupted_run_says_so)
{
	char *page = page_of_run(END_UNKNOWN);

	cr_expect_not_null(strstr(page, "This run is incomplete: interrupted without an end line, "
					"3 of 12 not run"));
	free(page);
}

/* What was not run has a section of its own, and rows that are closed. */
Test(page, names_what_was_not_run)
{
	char *page = write_run(&cut_short, "html");

	cr_expect_not_null(strstr(page, "This run is incomplete: interrupted by SIGTERM, "
					"12 of 14 not run"));
	cr_expect_not_null(strstr(page, "1 of 14 not as expected, 12 not run"));
	cr_expect_not_null(strstr(page, "<h2 id=\"notrun\">Not run <i>12</i></h2>"));
	cr_expect_not_null(strstr(page, "send_l"));
	cr_expect_eq(count_of(page, "<details open>"), 1);
	free(page);
}
