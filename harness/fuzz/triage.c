/* triage.c -- groups inputs by cause, shrinks one of each, and explains it. */
#include "fuzz/triage.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "fuzz/cause.h"
#include "fuzz/child.h"
#include "os/os.h"

enum { INPUT_MAX = 1 << 20, TEXT_ROOM = 65536 };

struct input {
	uint8_t *bytes;
	size_t n;
};

struct finding {
	char *cause;
	const char *program; /* that it breaks */
	char *text;          /* what the run of the smallest wrote */
	struct input input;
	size_t found_size; /* before shrinking */
	unsigned inputs;   /* of this cause */
	unsigned broke, runs;
};

/* ---- Running an input ---- */

/* How a run ended that went wrong; new memory, NULL when it did not. */
static char *cause_of_end(const struct child_end *end, const char *text)
{
	if (end->timed_out)
		return must_copy("hang");
	char *cause = cause_of_text(text);
	if (cause)
		return cause;
	if (WIFSIGNALED(end->status)) {
		const char *name = os_signal_name(WTERMSIG(end->status));
		return must_format("killed by %s", name ? name : "a signal");
	}
	return WEXITSTATUS(end->status) ? must_format("exit status %d", WEXITSTATUS(end->status))
					: NULL;
}

/* The last of what the file holds, as text; new memory. */
static char *read_output(const char *path)
{
	char *text = must_alloc(TEXT_ROOM, 1);
	FILE *file = fopen(path, "re");

	if (!file)
		return text;
	if (fseek(file, 1 - (long)TEXT_ROOM, SEEK_END))
		rewind(file);
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

/* Not a hidden one, as the fuzzers keep their own notes in. */
static int is_plain(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

/* The first thing that kept inputs from being run. */
static void note_trouble(struct findings *findings, char *error)
{
	if (findings->error)
		free(error);
	else
		findings->error = error;
}

/* Runs the program on files, whose names are ended by NULL. False: it could not be run, or a signal
 * to stop came, as `findings` says. Else *ret_cause, NULL when it went well, and *ret_text, what it
 * wrote; new memory both. */
static bool run_files(const struct triage *t, struct findings *findings, const char *program,
		      char *const *files, long long limit_ms, char **ret_cause, char **ret_text)
{
	/* What the user's shell sets for other programs would change what is told. */
	static const char *const variables[] = {
		"ASAN_OPTIONS=handle_abort=1:detect_leaks=1:allocator_may_return_null=1",
		"UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1", "LSAN_OPTIONS", NULL
	};
	char *log = must_format("%s/run.log", t->output);
	size_t count = 0;
	while (files[count])
		count++;
	const char **argv = must_alloc(count + 2, sizeof *argv);
	argv[0] = program;
	memcpy(argv + 1, files, count * sizeof *argv);
	/* Of an abort the address sanitizer shows the stack: where it hung. */
	const struct child_order order = {
		.argv = argv, .variables = variables, .output = log, .late_signal = SIGABRT
	};

	struct child_end end = child_run(&order, limit_ms);
	free(argv);
	findings->stopped |= end.stopped;
	if (!end.started)
		note_trouble(findings,
			     must_format("cannot run %s: %s", program, strerror(end.err)));
	bool ran = end.started && !end.stopped;
	if (ran) {
		*ret_text = read_output(log);
		*ret_cause = cause_of_end(&end, *ret_text);
	}
	free(log);
	return ran;
}

/* The same for a file. */
static bool run_path(const struct triage *t, struct findings *findings, const char *program,
		     char *path, char **ret_cause, char **ret_text)
{
	char *const files[] = { path, NULL };

	return run_files(t, findings, program, files, t->timeout_ms, ret_cause, ret_text);
}

/* The same for an input. */
static bool run_input(const struct triage *t, struct findings *findings, const char *program,
		      const struct input *input, char **ret_cause, char **ret_text)
{
	char *path = must_format("%s/input", t->output);
	bool written = write_input(path, input);

	if (!written)
		note_trouble(findings, must_format("cannot write %s: %s", path, strerror(errno)));
	bool ran = written && run_path(t, findings, program, path, ret_cause, ret_text);
	free(path);
	return ran;
}

static bool has_cause(const struct triage *t, struct findings *findings,
		      const struct finding *finding, const struct input *input)
{
	char *text, *cause;

	if (!run_input(t, findings, finding->program, input, &cause, &text))
		return false;
	bool same = cause && !strcmp(cause, finding->cause);
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

static struct finding *find_cause(const struct findings *findings, const char *cause)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!strcmp(findings->list[i].cause, cause))
			return &findings->list[i];
	return NULL;
}

/* What runs of one input told. */
struct trial {
	const char *program;
	char *cause; /* NULL: none broke; else owned, as the text of that run */
	char *text;
	unsigned broke, runs;
};

/* Takes over the trial's memory and the input's. */
static void file_under(struct findings *findings, struct trial trial, struct input input)
{
	char *cause = trial.cause, *text = trial.text;
	struct finding *one = find_cause(findings, cause);

	if (one) {
		free(cause);
	} else {
		findings->list =
			must_grow(findings->list, findings->count + 1, sizeof *findings->list);
		one = &findings->list[findings->count++];
		*one = (struct finding){ .cause = cause };
	}
	one->inputs++;
	one->broke += trial.broke;
	one->runs += trial.runs;
	if (one->input.bytes && one->input.n <= input.n) {
		free(input.bytes);
		free(text);
		return;
	}
	free(one->input.bytes);
	free(one->text);
	one->program = trial.program;
	one->input = input;
	one->found_size = input.n;
	one->text = text;
}

/* Runs the input up to `rerun` times; once when the first run has a cause of which `enough` inputs
 * are known. */
static struct trial try_input(const struct triage *t, struct findings *findings,
			      const char *program, const struct input *input, unsigned enough)
{
	struct trial trial = { .program = program };
	char *text, *cause;

	while (trial.runs < t->rerun && run_input(t, findings, program, input, &cause, &text)) {
		trial.runs++;
		trial.broke += cause != NULL;
		if (trial.cause || !cause) {
			free(cause);
			free(text);
			continue;
		}
		trial.cause = cause;
		trial.text = text;
		const struct finding *known = find_cause(findings, cause);
		if (known && known->inputs >= enough)
			break;
	}
	return trial;
}

/* Files the input, which this takes over, under the cause that one of the programs shows. */
static void take_input(const struct triage *t, struct findings *findings, struct input input,
		       unsigned enough, bool hang)
{
	struct trial trial = try_input(t, findings, t->replay, &input, enough);

	/* Compilers differ in what they make of undefined behaviour. */
	if (!trial.cause && !hang)
		trial = try_input(t, findings, t->fuzzer, &input, enough);
	if (trial.cause) {
		file_under(findings, trial, input);
		return;
	}
	free(input.bytes);
	if (hang)
		findings->vanished_hangs += trial.runs > 0;
	else
		findings->vanished += trial.runs > 0;
}

void triage_take(const struct triage *triage, struct findings *findings, const char *path,
		 bool hang)
{
	/* A run that hangs lasts: of hangs a few are looked at closely. */
	enum { CRASHES = 1000000, HANGS = 2 };
	struct input input;

	if (findings->stopped || findings->error)
		return;
	if (read_input(path, &input))
		take_input(triage, findings, input, hang ? HANGS : CRASHES, hang);
	else
		note_trouble(findings, must_format("cannot read %s: %s", path, strerror(errno)));
}

/* One file of several of which something breaks the program. */
static bool check_file(const struct triage *t, struct findings *findings, const char *program,
		       char *path)
{
	struct triage once = *t;
	char *cause, *text;

	if (findings->stopped || findings->error ||
	    !run_path(t, findings, program, path, &cause, &text))
		return false;
	if (cause) {
		once.rerun = find_cause(findings, cause) ? 1 : t->rerun;
		triage_take(&once, findings, path, false);
	}
	if (cause && t->drop_broken && unlink(path))
		note_trouble(findings, must_format("cannot remove %s: %s", path, strerror(errno)));
	bool broken = cause != NULL;
	free(cause);
	free(text);
	return broken;
}

/* How many of the files break the program. */
static unsigned check_files(const struct triage *t, struct findings *findings, const char *program,
			    char *const *files, size_t count)
{
	enum { AT_ONCE = 20 }; /* inputs that take no longer than one at the limit */
	long long limit_ms = (long long)t->timeout_ms * (long long)(1 + count / AT_ONCE);
	char *cause, *text;
	unsigned broken = 0;

	if (!count || findings->stopped || findings->error ||
	    !run_files(t, findings, program, files, limit_ms, &cause, &text))
		return 0;
	for (size_t i = 0; cause && i < count; i++)
		broken += check_file(t, findings, program, files[i]);
	free(cause);
	free(text);
	return broken;
}

unsigned triage_check(const struct triage *triage, struct findings *findings, const char *program,
		      const char *directory)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_plain, alphasort);

	if (count < 0) {
		note_trouble(findings,
			     must_format("cannot read %s: %s", directory, strerror(errno)));
		return 0;
	}
	char **files = must_alloc((size_t)count + 1, sizeof *files);
	for (int i = 0; i < count; i++) {
		files[i] = must_format("%s/%s", directory, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	unsigned broken = check_files(triage, findings, program, files, (size_t)count);
	for (int i = 0; i < count; i++)
		free(files[i]);
	free(files);
	return broken;
}

/* ---- Shrinking ---- */

/* The next size of pieces to leave out. */
static size_t next_piece(size_t piece, size_t left, bool shorter)
{
	size_t half = (left + 1) / 2;

	if (!shorter)
		return piece / 2;
	return piece < half ? piece : half;
}

/* Leaves out ever smaller pieces as long as the cause stays the same. */
static void shrink(const struct triage *t, struct findings *findings, struct finding *finding)
{
	struct input *input = &finding->input;
	struct input less = { must_alloc(input->n + 1, 1), 0 };
	unsigned runs = 0;
	bool shorter;

	for (size_t piece = (input->n + 1) / 2; piece && runs < t->shrink_runs;
	     piece = next_piece(piece, input->n, shorter)) {
		shorter = false;
		for (size_t at = 0; at < input->n && runs < t->shrink_runs && !findings->stopped;) {
			size_t cut = input->n - at < piece ? input->n - at : piece;
			less.n = input->n - cut;
			memcpy(less.bytes, input->bytes, at);
			memcpy(less.bytes + at, input->bytes + at + cut, input->n - at - cut);
			runs++;
			if (!has_cause(t, findings, finding, &less)) {
				at += piece;
				continue;
			}
			memcpy(input->bytes, less.bytes, less.n);
			input->n = less.n;
			shorter = true;
		}
	}
	free(less.bytes);
}

/* Its text is that of the input as it is now. */
static void shrink_and_run(const struct triage *t, struct findings *findings,
			   struct finding *finding)
{
	char *cause, *text;

	shrink(t, findings, finding);
	if (finding->found_size == finding->input.n ||
	    !run_input(t, findings, finding->program, &finding->input, &cause, &text))
		return;
	if (cause) {
		free(finding->text);
		finding->text = text;
	} else {
		free(text);
	}
	free(cause);
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
		    !strstr(line, "property does not hold") && !strstr(line, ": Assertion `"))
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
	fprintf(out, "  replay: %s %s/findings/%u/input\n", finding->program, t->output, number);
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
		/* A run that hangs lasts. */
		if (strcmp(one->cause, "hang") != 0 && !findings->stopped)
			shrink_and_run(triage, findings, one);
		saved = save_finding(triage, one, (unsigned)i + 1);
		put_finding(out, triage, one, (unsigned)i + 1);
	}
	if (!saved)
		note_trouble(findings,
			     must_format("cannot write to %s: %s", directory, strerror(errno)));
	free(directory);
	if (findings->error)
		*ret_error = must_copy(findings->error);
	return !findings->error;
}

void findings_finish(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->list[i].cause);
		free(findings->list[i].text);
		free(findings->list[i].input.bytes);
	}
	free(findings->list);
	free(findings->error);
	memset(findings, 0, sizeof *findings);
}
