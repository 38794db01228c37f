/* put_test.c -- the pieces that reports are made of: texts escaped, shortened and filled into
 * lines. */
#include <criterion/criterion.h>
#include <stdint.h>

#include "reports/test_run.h"

static const struct escaped {
	const char *name, *text, *json, *xml;
} escapeds[] = {
	{ "nothing", "", "\"\"", "" },
	{ "plain", "abc ~", "\"abc ~\"", "abc ~" },
	{ "quotes", "\"'", "\"\\\"'\"", "&quot;'" },
	{ "backslash", "\\n", "\"\\\\n\"", "\\n" },
	{ "markup", "<&>]]>", "\"<&>]]>\"", "&lt;&amp;&gt;]]&gt;" },
	{ "blanks", "\n\t", "\"\\n\\t\"", "\n\t" },
	{ "carriage return", "\r", "\"\\r\"", "\\x0d" },
	{ "controls", "\001\b\f\033\037", "\"\\u0001\\u0008\\u000c\\u001b\\u001f\"",
	  "\\x01\\x08\\x0c\\x1b\\x1f" },
	{ "delete", "\177", "\"\\u007f\"", "\\x7f" },
	{ "two bytes", "\xc2\xa0\xdf\xbf", "\"\xc2\xa0\xdf\xbf\"", "\xc2\xa0\xdf\xbf" },
	{ "controls of two bytes", "\xc2\x80\xc2\x9f", "\"\xc2\x80\xc2\x9f\"",
	  "\\xc2\\x80\\xc2\\x9f" },
	{ "three bytes", "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80",
	  "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\"", "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80" },
	{ "four bytes", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
	  "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	{ "no characters of XML", "\xef\xbf\xbe\xef\xbf\xbf", "\"\xef\xbf\xbe\xef\xbf\xbf\"",
	  "\\xef\\xbf\\xbe\\xef\\xbf\\xbf" },
	{ "alone",
	  "a\x80\xbf"
	  "b",
	  "\"a\\ufffd\\ufffdb\"", "a\\x80\\xbfb" },
	{ "never", "\xff\xfe", "\"\\ufffd\\ufffd\"", "\\xff\\xfe" },
	{ "cut short", "\xe2\x82", "\"\\ufffd\\ufffd\"", "\\xe2\\x82" },
	{ "cut by a letter", "\xe2\x82z", "\"\\ufffd\\ufffdz\"", "\\xe2\\x82z" },
	{ "cut by a quote", "\xf0\x9f\"", "\"\\ufffd\\ufffd\\\"\"", "\\xf0\\x9f&quot;" },
	{ "two bytes for ASCII", "\xc0\x80\xc1\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xc0\\x80\\xc1\\xbf" },
	{ "three bytes for two", "\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\"", "\\xe0\\x9f\\xbf" },
	{ "four bytes for three", "\xf0\x8f\xbf\xbf", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xf0\\x8f\\xbf\\xbf" },
	{ "surrogate", "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"", "\\xed\\xa0\\x80" },
	{ "above Unicode", "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xf4\\x90\\x80\\x80" },
	{ "five bytes", "\xf8\x88\x80\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"",
	  "\\xf8\\x88\\x80\\x80\\x80" },
};

Test(report, escapes)
{
	for (size_t i = 0; i < sizeof escapeds / sizeof *escapeds; i++) {
		char *json = put_text(put_json, escapeds[i].text);
		char *xml = put_text(put_xml, escapeds[i].text);
		cr_expect_str_eq(json, escapeds[i].json, "%s: JSON %s", escapeds[i].name, json);
		cr_expect_str_eq(xml, escapeds[i].xml, "%s: XML %s", escapeds[i].name, xml);
		free(json);
		free(xml);
	}
}

static const struct {
	const char *name, *text;
	size_t most;
	const char *markdown;
} markdowns[] = {
	{ "nothing", "", SIZE_MAX, "" },
	{ "plain", "recv() = 5, at 10.0.0.1:80; why? \"no\"", SIZE_MAX,
	  "recv() = 5, at 10.0.0.1:80; why? \"no\"" },
	{ "a cell's end", "a|b", SIZE_MAX, "a&#124;b" },
	{ "backslash before it", "a\\|b", SIZE_MAX, "a&#92;&#124;b" },
	{ "emphasis", "*a* _b_ c_d ~e~", SIZE_MAX, "&#42;a&#42; &#95;b&#95; c_d &#126;e&#126;" },
	{ "code", "`a`", SIZE_MAX, "&#96;a&#96;" },
	{ "HTML", "</pre><b>&amp;", SIZE_MAX, "&#60;/pre&#62;&#60;b&#62;&#38;amp;" },
	{ "link, mention, heading", "![a](b) @c #1", SIZE_MAX, "!&#91;a&#93;(b) &#64;c &#35;1" },
	{ "blanks", "a\nb\tc", SIZE_MAX, "a<br>b c" },
	{ "controls", "\a\r\033[0m\177", SIZE_MAX, "\\x07\\x0d\\x1b&#91;0m\\x7f" },
	{ "UTF-8", "\xc3\xbc\xff", SIZE_MAX, "\xc3\xbc\\xff" },
	{ "as long as allowed", "abc", 3, "abc" },
	{ "longer", "abcd", 3, "abc..." },
};

Test(report, markdown_escapes)
{
	for (size_t i = 0; i < sizeof markdowns / sizeof *markdowns; i++) {
		char *all = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&all, &size);
		put_markdown(out, markdowns[i].text, markdowns[i].most, "<br>");
		fclose(out);
		cr_expect_str_eq(all, markdowns[i].markdown, "%s: %s", markdowns[i].name, all);
		free(all);
	}
}

#define FOX                                                                                        \
	"The quick brown fox jumps over the lazy dog, and then it runs away into the dark forest."

static const struct {
	const char *name, *text;
	unsigned indent, width;
	const char *wrapped;
} wrappeds[] = {
	{ "short", "one two", 2, 80, "  one two\n" },
	{ "nothing", "", 2, 80, "" },
	{ "at 20", FOX, 2, 20,
	  "  The quick brown\n"
	  "  fox jumps over the\n"
	  "  lazy dog, and then\n"
	  "  it runs away into\n"
	  "  the dark forest.\n" },
	{ "at 80", FOX, 2, 80,
	  "  The quick brown fox jumps over the lazy dog, and then it runs away into the\n"
	  "  dark forest.\n" },
	{ "without indent", FOX, 0, 20,
	  "The quick brown fox\n"
	  "jumps over the lazy\n"
	  "dog, and then it\n"
	  "runs away into the\n"
	  "dark forest.\n" },
	{ "exactly as wide", "  aaaaaaaa bbbbbbbbb", 2, 20, "  aaaaaaaa bbbbbbbbb\n" },
	{ "one too wide", "aaaaaaaa bbbbbbbbbb", 2, 20, "  aaaaaaaa\n  bbbbbbbbbb\n" },
	{ "a word wider than the line", "a https://example.org/a/long/path b", 2, 20,
	  "  a\n  https://example.org/a/long/path\n  b\n" },
	{ "blanks of all kinds", "  one\n\ntwo   three \n", 2, 20, "  one two three\n" },
};

Test(report, wraps)
{
	for (size_t i = 0; i < sizeof wrappeds / sizeof *wrappeds; i++) {
		char *all = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&all, &size);
		put_wrapped(out, wrappeds[i].text, wrappeds[i].indent, wrappeds[i].width);
		fclose(out);
		cr_expect_str_eq(all, wrappeds[i].wrapped, "%s:\n%s", wrappeds[i].name, all);
		free(all);
	}
}

Test(report, areas)
{
	cr_expect_eq(area_length("recv_eintr"), 4);
	cr_expect_eq(area_length("recv"), 4);
	cr_expect_eq(area_length("recv_a_b"), 4);
	cr_expect_eq(area_length(""), 0);
}
