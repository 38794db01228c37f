/* triage.c -- groups inputs by cause, shrinks one of each, and explains it. */
#include "fuzz/triage.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/result.h"
#include "fuzz/child.h"
#include "os/os.h"

enum { INPUT_MAX = 1 << 20, FRAMES = 3, TEXT_ROOM = 65536 };

struct input {
	uint8_t *bytes;
	size_t n;
};

struct finding {
	char *cause;
	char *text; /* what the run of the smallest wrote */
	struct input input;
	size_t found_size; /* before shrinking */
	unsigned inputs;   /* of this cause */
	unsigned broke, runs;
};

/* ---- What a run says ---- */

/* The rest of the line behind `mark`, up to any of `ends`, numbers as N, for they differ from input
 * to input; new memory, NULL without the mark. */
static char *behind(const char *text, const char *mark, const char *ends)
{
	const char *at = strstr(text, mark);

	if (!at)
		return NULL;
	at += strlen(mark);
	size_t n = strcspn(at, ends), to = 0;
	char *words = must_alloc(n + 1, 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)at[i];
		if (!isdigit(c))
			words[to++] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
		else if (!to || words[to - 1] != 'N')
			words[to++] = 'N';
	}
	return words;
}

static char *class_of(const char *text)
{
	static const struct {
		const char *mark, *ends, *name;
	} marks[] = {
		{ "this property does not hold: ", "\n", "property broken: " },
		{ "runtime error: ", "\n", "undefined behaviour: " },
		{ "ERROR: AddressSanitizer: ", " \n", "" },
		{ "ERROR: LeakSanitizer: ", "\n", "" },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		char *words = behind(text, marks[i].mark, marks[i].ends);
		if (!words)
			continue;
		char *class = must_format("%s%s", marks[i].name, words);
		free(words);
		return class;
	}
	return NULL;
}

/* A stack's line of the subject: "#1 0x55 in parse ../harness/protocol/frame.c:88:3". */
static bool parse_frame(const char *line, char **ret_frame)
{
	char function[128], place[512];

	while (*line == ' ')
		line++;
	if (*line != '#' || sscanf(line, "#%*u 0x%*x in %127s %511[^\n]", function, place) != 2)
		return false;
	/* The system's own, and the program that replays. */
	const char *slash = strrchr(place, '/');
	const char *file = slash ? slash + 1 : place;
	if (!strncmp(function, "__", 2) || strstr(place, "sanitizer") || !strstr(file, ".c:") ||
	    !strncmp(file, "replay.c:", 9) || strstr(place, "../sysdeps") ||
	    strstr(function, "property_broken") || !strcmp(function, "LLVMFuzzerTestOneInput"))
		return false;
	const char *colon = strchr(file, ':');
	size_t n = (size_t)(colon - file) + 1 + strspn(colon + 1, "0123456789");
	*ret_frame = must_format("%s (%.*s)", function, (int)n, file);
	return true;
}

char *triage_cause(const char *text)
{
	char *cause = class_of(text);
	unsigned frames = 0;

	for (const char *line = text; cause && line && frames < FRAMES;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		char *frame;
		/* The stack that follows the first is of the memory's owner, not of the cause. */
		if (frames && (*line == '\n' || !*line))
			break;
		if (!parse_frame(line, &frame))
			continue;
		char *longer = must_format("%s %s %s", cause, frames ? "<" : "in", frame);
		free(cause);
		free(frame);
		cause = longer;
		frames++;
	}
	return cause;
}

static char *cause_of_end(const struct child_end *end, const char *text)
{
	if (end->timed_out)
		return must_copy("hang");
	char *cause = triage_cause(text);
	if (cause || !end->started)
		return cause;
	if (WIFSIGNALED(end->status)) {
		const char *name = os_signal_name(WTERMSIG(end->status));
		return must_format("killed by %s", name ? name : "a signal");
	}
	return WEXITSTATUS(end->status) ? must_format("exit status %d", WEXITSTATUS(end->status))
					: NULL;
}

/* ---- Running an input ---- */

static char *read_output(const char *path)
{
	char *text = must_alloc(TEXT_ROOM, 1);
	FILE *file = fopen(path, "re");

	if (!file)
		return text;
	size_t n = fread(text, 1, TEXT_ROOM - 1, file);
	fclose(file);
	for (size_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = '?';
	return text;
}

static bool write_input(const char *path, const struct input *input)
{
	FILE *file = fopen(path, "we");
	bool written = file && fwrite(input->bytes, 1, input->n, file) == input->n;

	if (file && fclose(file))
		written = false;
	return written;
}

/* The cause, or NULL when it went well. *ret_text is what it wrote; new memory both. */
static char *run_input(const struct triage *t, const struct input *input, char **ret_text)
{
	static const char *const variables[] = { "ASAN_OPTIONS=handle_abort=1:symbolize=1:detect_"
						 "leaks=1:allocator_may_return_null=1",
						 "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1",
						 NULL };
	char *path = must_format("%s/input", t->output),
	     *log = must_format("%s/run.log", t->output);
	const char *const argv[] = { t->replay, "-q", path, NULL };
	const struct child_order order = { .argv = argv, .variables = variables, .output = log };
	char *cause = NULL;

	*ret_text = NULL;
	if (write_input(path, input)) {
		struct child_end end = child_run(&order, t->timeout_ms);
		*ret_text = read_output(log);
		cause = cause_of_end(&end, *ret_text);
	}
	free(path);
	free(log);
	return cause;
}

static bool has_cause(const struct triage *t, const struct input *input, const char *wanted)
{
	char *text, *cause = run_input(t, input, &text);
	bool same = cause && !strcmp(cause, wanted);

	free(cause);
	free(text);
	return same;
}

/* ---- Filing ---- */

static bool read_input(const char *path, struct input *ret_input)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	ret_input->bytes = must_alloc(INPUT_MAX, 1);
	ret_input->n = fread(ret_input->bytes, 1, INPUT_MAX, file);
	fclose(file);
	return true;
}

static struct finding *file_under(struct findings *findings, char *cause)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (strcmp(findings->list[i].cause, cause) != 0)
			continue;
		free(cause);
		return &findings->list[i];
	}
	findings->list = must_grow(findings->list, findings->count + 1, sizeof *findings->list);
	struct finding *one = &findings->list[findings->count++];
	*one = (struct finding){ .cause = cause };
	return one;
}

void triage_take(const struct triage *triage, struct findings *findings, const char *path)
{
	struct input input;
	char *cause = NULL, *text = NULL;
	unsigned broke = 0;

	if (!read_input(path, &input))
		return;
	for (unsigned run = 0; run < triage->rerun; run++) {
		char *words, *one = run_input(triage, &input, &words);
		broke += one != NULL;
		if (one && !cause) {
			cause = one;
			text = words;
			continue;
		}
		free(one);
		free(words);
	}
	if (!cause) {
		findings->vanished++;
		free(input.bytes);
		return;
	}
	struct finding *finding = file_under(findings, cause);
	finding->inputs++;
	finding->broke += broke;
	finding->runs += triage->rerun;
	bool smallest = !finding->input.bytes || input.n < finding->input.n;
	if (smallest) {
		free(finding->input.bytes);
		free(finding->text);
		finding->input = input;
		finding->found_size = input.n;
		finding->text = text;
	} else {
		free(input.bytes);
		free(text);
	}
}

/* ---- Shrinking ---- */

/* Leaves out ever smaller pieces as long as the cause stays the same. */
static void shrink(const struct triage *t, struct finding *finding)
{
	struct input *input = &finding->input;
	struct input less = { must_alloc(input->n, 1), 0 };
	unsigned runs = 0;

	for (size_t piece = input->n / 2; piece && runs < t->shrink_runs;) {
		bool shorter = false;
		for (size_t at = 0; at < input->n && runs < t->shrink_runs;) {
			size_t cut = input->n - at < piece ? input->n - at : piece;
			less.n = input->n - cut;
			memcpy(less.bytes, input->bytes, at);
			memcpy(less.bytes + at, input->bytes + at + cut, input->n - at - cut);
			runs++;
			if (!has_cause(t, &less, finding->cause)) {
				at += piece;
				continue;
			}
			memcpy(input->bytes, less.bytes, less.n);
			input->n = less.n;
			shorter = true;
		}
		if (!shorter || piece > input->n)
			piece = piece > input->n ? input->n / 2 : piece / 2;
	}
	free(less.bytes);
}

/* ---- Telling ---- */

static void put_hexdump(FILE *out, const struct input *input)
{
	enum { ROW = 16, MOST = 512 };

	for (size_t at = 0; at < input->n && at < MOST; at += ROW) {
		fprintf(out, "    %04zx ", at);
		for (size_t i = at; i < at + ROW; i++) {
			if (i < input->n)
				fprintf(out, " %02x", input->bytes[i]);
			else
				fputs("   ", out);
		}
		fputs("  ", out);
		for (size_t i = at; i < at + ROW && i < input->n; i++)
			fputc(isprint(input->bytes[i]) ? input->bytes[i] : '.', out);
		fputc('\n', out);
	}
	if (input->n > MOST)
		fprintf(out, "    ... %zu bytes more\n", input->n - MOST);
}

/* The lines of the stack, and the sentence above it. */
static void put_stack(FILE *out, const char *text)
{
	enum { LINES = 14 };
	unsigned lines = 0;
	char *plain = must_copy(text);

	for (char *line = strtok(plain, "\n"); line && lines < LINES; line = strtok(NULL, "\n")) {
		const char *at = line + strspn(line, " ");
		if (*at != '#' && !strstr(line, "ERROR:") && !strstr(line, "runtime error:") &&
		    !strstr(line, "property does not hold"))
			continue;
		for (char *c = line; *c; c++)
			if ((unsigned char)*c < 0x20 || *c == 0x7f)
				*c = '?';
		fprintf(out, "    %.160s\n", at);
		/* What called the target, and who owned the memory, stand in the report. */
		lines = strstr(line, "LLVMFuzzerTestOneInput") ? LINES : lines + 1;
	}
	free(plain);
}

static void put_finding(FILE *out, const struct triage *t, const struct finding *finding,
			unsigned number)
{
	fprintf(out, "%u. %s\n", number, finding->cause);
	fprintf(out, "  %u input%s; broke in %u of %u runs; the smallest has %zu bytes",
		finding->inputs, finding->inputs == 1 ? "" : "s", finding->broke, finding->runs,
		finding->input.n);
	if (finding->found_size != finding->input.n)
		fprintf(out, ", %zu as it was found", finding->found_size);
	fputs("\n", out);
	put_stack(out, finding->text ? finding->text : "");
	put_hexdump(out, &finding->input);
	fprintf(out, "  replay: %s %s/findings/%u/input\n", t->replay, t->output, number);
}

static bool save_finding(const struct triage *t, const struct finding *finding, unsigned number)
{
	char *directory = must_format("%s/findings/%u", t->output, number);
	char *input = must_format("%s/input", directory);
	char *report = must_format("%s/report.txt", directory);
	bool saved = !mkdir(directory, 0777) && write_input(input, &finding->input);
	FILE *out = saved ? fopen(report, "we") : NULL;

	if (out) {
		put_finding(out, t, finding, number);
		fprintf(out, "\n%s", finding->text ? finding->text : "");
		saved = !ferror(out);
		saved = !fclose(out) && saved;
	}
	free(directory);
	free(input);
	free(report);
	return saved && out;
}

bool triage_conclude(const struct triage *triage, struct findings *findings, FILE *out,
		     char **ret_error)
{
	char *directory = must_format("%s/findings", triage->output);
	bool saved = !findings->count || !mkdir(directory, 0777) || errno == EEXIST;

	for (size_t i = 0; saved && i < findings->count; i++) {
		struct finding *one = &findings->list[i];
		if (strcmp(one->cause, "hang") != 0)
			shrink(triage, one);
		saved = save_finding(triage, one, (unsigned)i + 1);
		put_finding(out, triage, one, (unsigned)i + 1);
	}
	if (!saved)
		*ret_error = must_format("cannot write to %s: %s", directory, strerror(errno));
	free(directory);
	return saved;
}

void findings_finish(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->list[i].cause);
		free(findings->list[i].text);
		free(findings->list[i].input.bytes);
	}
	free(findings->list);
	memset(findings, 0, sizeof *findings);
}
