/* github.c -- results for GitHub Actions: workflow commands that become annotations at the source
 * lines, and the Markdown report as the step's summary.
 *
 * GitHub shows 10 errors and 10 warnings of a step (and 50 of a job), and drops the rest without a
 * word: so the families of a case that say the same share one, the count comes first, and a last
 * line says how many are missing and where they are. The summary is appended to the file that
 * $GITHUB_STEP_SUMMARY names, in one write; GitHub refuses a summary over 1 MiB as a whole, so a
 * longer one is cut here. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/told.h"

enum {
	SHOWN_MAX = 10,
	NAMES = 10, /* of instances that were not run */
	SUMMARY_MAX = 1024 * 1024
};

enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_COUNT };

static const char *const commands[LEVEL_COUNT] = { "error", "warning" };

struct annotations {
	struct tale shown[LEVEL_COUNT];
	unsigned more; /* not as expected, but not shown */
	unsigned of_verdict[VERDICT_COUNT];
	struct report summary; /* of format_markdown */
	FILE *memory;          /* where it is written to; NULL: none is wanted */
	char *text;
	size_t size;
};

/* What became of the summary. */
enum fate { FATE_NONE, FATE_WHOLE, FATE_CUT, FATE_NO_ROOM };

static const char *summary_path(void)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");

	return path && *path ? path : NULL;
}

static void begin(struct report *report, const struct run_facts *facts)
{
	struct annotations *own = must_alloc(1, sizeof *own);

	report->own = own;
	if (!summary_path())
		return;
	own->memory = open_memstream(&own->text, &own->size);
	if (!own->memory) {
		report->err = errno;
		return;
	}
	own->summary = (struct report){
		.format = &format_markdown,
		.out = own->memory,
		.file = { .out = own->memory },
		.width = report->width,
		.rerun = report->rerun,
		.cases = report->cases,
	};
	report_begin(&own->summary, facts);
}

static void forget(struct report *report)
{
	struct annotations *own = report->own;

	if (!own)
		return;
	for (enum level level = 0; level < LEVEL_COUNT; level++)
		tale_finish(&own->shown[level]);
	report_abandon(&own->summary);
	if (own->memory)
		fclose(own->memory);
	free(own->text);
}

/* The text as a command takes it: its message, or the value of a property. */
static void put_escaped(FILE *out, const char *text, bool is_property)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ',')))
			fprintf(out, "%%%02X", c);
		else if ((c < 0x20 && c != '\t') || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void put_annotation(FILE *out, const struct report *report, enum level level,
			   const struct told *told)
{
	char *title =
		must_format("%s: %s/%s", verdict_name(told->verdict), told->name, told->families);

	fprintf(out, "::%s ", commands[level]);
	if (told->place.file) {
		fputs("file=", out);
		put_escaped(out, told->place.file, true);
		fprintf(out, ",line=%d,", told->place.line);
	}
	fputs("title=", out);
	put_escaped(out, title, true);
	fputs("::", out);
	put_escaped(out, told->text, false);
	if (told->is_known) {
		char *repeat = told_repeat(told, report);
		fputs("%0Arepeat: ", out);
		put_escaped(out, repeat, false);
		free(repeat);
	}
	fputc('\n', out);
	free(title);
}

static void result_command(struct report *report, const struct result *result)
{
	struct annotations *own = report->own;
	enum level level = result->verdict == VERDICT_FLAKY ? LEVEL_WARNING : LEVEL_ERROR;
	char *text;

	if (own->memory)
		report_result(&own->summary, result);
	if (result->expected || result->verdict == VERDICT_NOT_RUN)
		return;
	own->of_verdict[result->verdict]++;
	if (result->test)
		text = must_format("%s\n%s\nsource: %s", result->reason, result->test->claim,
				   result->test->source);
	else
		text = must_copy(result->reason);
	own->more += !tale_add(&own->shown[level], report, result, text, SHOWN_MAX);
}

/* ---- The summary ---- */

/* How often the line stands in the text. */
static unsigned count_lines(const char *text, size_t size, const char *line)
{
	size_t n = strlen(line);
	unsigned count = 0;

	for (const char *at = text; at < text + size;) {
		const char *newline = memchr(at, '\n', (size_t)(text + size - at));
		size_t length = (size_t)((newline ? newline : text + size) - at);
		count += length == n && !memcmp(at, line, n);
		at += length + 1;
	}
	return count;
}

/* Shortens the text to `room` bytes, at the end of a line, with a line that says so; gives its new
 * size: 0 when there is no room for anything. */
static size_t cut(char *text, size_t size, size_t room)
{
	static const char end[] = "\nThe rest is cut: a summary must not be longer than 1 MiB. "
				  "`--report markdown:FILE` writes all of it.\n";
	static const char pre[] = "</pre>\n", details[] = "\n</details>\n";
	const size_t reserved = sizeof pre + sizeof details + sizeof end;

	if (size <= room)
		return size;
	if (room < reserved)
		return 0;
	size_t kept = room - reserved;
	while (kept && text[kept - 1] != '\n')
		kept--;
	bool in_pre = count_lines(text, kept, "<pre>") > count_lines(text, kept, "</pre>");
	bool folded = count_lines(text, kept, "<details>") > count_lines(text, kept, "</details>");
	return kept + (size_t)snprintf(text + kept, reserved, "%s%s%s", in_pre ? pre : "",
				       folded ? details : "", end);
}

/* Writes all of the text or nothing of it. False: errno says why. */
static bool write_whole(int fd, const char *text, size_t size, off_t before)
{
	ssize_t written = write(fd, text, size);

	if (written < 0 || (size_t)written == size)
		return written >= 0;
	if (!ftruncate(fd, before))
		errno = ENOSPC;
	return false;
}

/* Appends what there is room for. False: errno says why. */
static bool append(const char *path, struct annotations *own, enum fate *ret_fate)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	struct stat info;

	if (fd < 0)
		return false;
	bool done = !fstat(fd, &info);
	if (done) {
		size_t before = S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
		size_t room = before < SUMMARY_MAX ? SUMMARY_MAX - before : 0;
		size_t size = cut(own->text, own->size, room);
		*ret_fate = !size ? FATE_NO_ROOM : own->size > room ? FATE_CUT : FATE_WHOLE;
		done = write_whole(fd, own->text, size, info.st_size);
	}
	int err = errno;
	if (close(fd) && done)
		return false;
	errno = err;
	return done;
}

static enum fate end_summary(struct report *report, const struct run_facts *facts,
			     const struct counts *counts)
{
	struct annotations *own = report->own;
	const char *path = summary_path();
	enum fate fate = FATE_NONE;
	char *error = NULL;

	if (!own->memory || !path)
		return FATE_NONE;
	bool made = report_end(&own->summary, facts, counts, &error);
	free(error);
	if (fclose(own->memory))
		made = false;
	own->memory = NULL;
	errno = made ? 0 : ENOMEM;
	if (made && append(path, own, &fate))
		return fate;
	report->err = errno;
	report->err_at = path;
	return FATE_NONE;
}

/* ---- The lines ---- */

static void put_count(FILE *out, const struct annotations *own, const struct run_facts *facts,
		      const struct counts *counts)
{
	char *headline = report_headline(counts);
	const char *before = ": ";

	fprintf(out, "::notice title=sockdrill::%s", headline);
	free(headline);
	for (enum verdict v = 0; v < VERDICT_NOT_RUN; v++) {
		unsigned count = counts->unexpected ? own->of_verdict[v] : counts->of[v];
		if (!count)
			continue;
		fprintf(out, "%s%u %s", before, count, verdict_words(v));
		before = ", ";
	}
	fputs("%0A", out);
	char *text = must_format("%s on %s %s %s", facts->stack, facts->sysname, facts->release,
				 facts->machine);
	put_escaped(out, text, false);
	free(text);
	fputc('\n', out);
}

/* A warning: of errors there may be as many as are shown. */
static void put_cut(FILE *out, const struct report *report, const struct counts *counts)
{
	char *cut = report_cut_text(counts);

	if (!cut)
		return;
	fputs("::warning title=sockdrill::", out);
	put_escaped(out, cut, false);
	free(cut);
	if (report->not_run_count) {
		fputs(": ", out);
		put_not_run(out, report, NAMES);
	}
	fputc('\n', out);
}

static void put_rest(FILE *out, const struct annotations *own, enum fate fate)
{
	static const char *const elsewhere = "--report markdown:FILE";

	if (own->more)
		fprintf(out, "::notice title=sockdrill::%u more not as expected: see %s\n",
			own->more, fate == FATE_WHOLE ? "the summary of this job" : elsewhere);
	if (fate == FATE_NO_ROOM)
		fprintf(out,
			"::notice title=sockdrill::the summary of this step is full (1 MiB), "
			"nothing was added: use %s\n",
			elsewhere);
}

static void end(struct report *report, const struct run_facts *facts, const struct counts *counts)
{
	struct annotations *own = report->own;

	put_count(report->out, own, facts, counts);
	put_cut(report->out, report, counts);
	for (enum level level = 0; level < LEVEL_COUNT; level++)
		for (size_t i = 0; i < own->shown[level].count; i++)
			put_annotation(report->out, report, level, &own->shown[level].told[i]);
	put_rest(report->out, own, end_summary(report, facts, counts));
}

const struct format format_github = {
	.name = "github",
	.begin = begin,
	.result = result_command,
	.end = end,
	.forget = forget,
};
