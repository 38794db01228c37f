/* frame.c -- the frame of every page: head, style, script, controls, and the details of a row. */
#include <stdlib.h>
#include <string.h>

#include "reports/page/digests.h"
#include "reports/page/page.h"
#include "source.h"

static const struct source assets[] = {
#include "reports/page/assets.h"
};

static const char *asset(const char *path)
{
	for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
		if (!strcmp(assets[i].path, path))
			return assets[i].text;
	abort(); /* the build has put it there */
}

static unsigned nibble(char digit)
{
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* A digest of 64 hexadecimal digits in base64, as policies want it. */
static void put_digest(FILE *out, const char *hex)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";

	for (int bit = 0; bit < 256; bit += 6) {
		unsigned six = 0;
		for (int i = bit; i < bit + 6; i++)
			six = six << 1 | (i < 256 ? nibble(hex[i / 4]) >> (3 - i % 4) & 1 : 0);
		fputc(digits[six], out);
	}
	fputc('=', out);
}

/* Nothing may be loaded, and nothing may run but the one script: not even if a value got through
 * the escaping. */
static void put_policy(FILE *out)
{
	fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'sha256-",
	      out);
	put_digest(out, PAGE_CSS_SHA256);
	fputs("' 'sha256-", out);
	put_digest(out, LADDER_CSS_SHA256);
	fputs("'; script-src 'sha256-", out);
	put_digest(out, PAGE_JS_SHA256);
	fputs("'; base-uri 'none'; form-action 'none'\">\n", out);
}

void page_begin(FILE *out, const char *title, const char *lead)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", out);
	put_policy(out);
	fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
	      out);
	put_html(out, title);
	fprintf(out,
		"</title>\n<style>%s</style>\n<style>%s</style>\n<script>%s</script>\n"
		"</head>\n<body>\n",
		asset("reports/page/page.css"), page_ladder_style(), asset("reports/page/page.js"));
	fputs("<a class=\"skip\" href=\"#behaviours\">Skip to the behaviours</a>\n"
	      "<header class=\"top\">\n<h1>",
	      out);
	put_html(out, title);
	fputs("</h1>\n<p class=\"lead\">", out);
	put_html(out, lead);
	fputs("</p>\n</header>\n<main>\n", out);
}

const char *page_ladder_style(void)
{
	return asset("reports/page/ladder.css");
}

void page_put_controls(FILE *out)
{
	fputs(asset("reports/page/controls.html"), out);
}

void page_end(FILE *out, const char *tool)
{
	fputs("</main>\n<footer>Made by ", out);
	put_html(out, tool);
	fputs(". This page is complete in itself: it loads nothing.</footer>\n", out);
	fputs(asset("reports/page/help.html"), out);
	fputs("</body>\n</html>\n", out);
}

void page_put_legend(FILE *out, const char *css, char letter, const char *name, const char *meaning)
{
	fprintf(out, "<li><b class=\"%s\">%c</b> <dfn>%s</dfn> %s</li>\n", css, letter, name,
		meaning);
}

/* ---- Rows ---- */

static void put_term(FILE *out, const char *term, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, "<dt>%s<dd>", term);
	put_html(out, text);
}

static void put_claim(FILE *out, const struct row_head *head)
{
	fputs("<p", out);
	if (head->first && head->family != NO_FAMILY) {
		fputs(" id=\"", out);
		put_anchor(out, head->name, NO_FAMILY);
		fputc('"', out);
	}
	fputc('>', out);
	put_html(out, head->test ? head->test->claim : "This sockdrill does not know the case.");
	if (!head->test)
		return;
	fputs("<dl>", out);
	put_term(out, "Source", head->test->source);
	put_term(out, "Portable", head->test->portable);
	put_term(out, "Not confirmed", head->test->notes);
	fputs("</dl>", out);
}

void page_begin_row(FILE *out, const struct row_head *head)
{
	fputs("<tr", out);
	if (*head->css)
		fprintf(out, " class=%s", head->css);
	fprintf(out, "><th scope=row><details%s><summary>", head->open ? " open" : "");
	put_html(out, head->name);
	if (head->family != NO_FAMILY)
		fprintf(out, " <i>%s</i>", family_name(head->family));
	fputs("</summary><div id=\"", out);
	put_anchor(out, head->name, head->family);
	fputs("\">", out);
	put_claim(out, head);
}

void page_end_details(FILE *out, const struct row_head *head, const char *run_command)
{
	fputs("<p class=repeat>", out);
	/* A name that this program does not know is no text to be pasted into a shell. */
	if (head->test) {
		fputs("<code>", out);
		put_html(out, run_command);
		fputc(' ', out);
		put_html(out, head->name);
		if (head->family != NO_FAMILY)
			fprintf(out, "/%s", family_name(head->family));
		fputs("</code> ", out);
	}
	fputs("<a href=\"#", out);
	put_anchor(out, head->name, head->family);
	fputs("\">link</a></div></details>", out);
}
