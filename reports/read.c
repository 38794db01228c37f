/* read.c -- reads results files with jansson, a line at a time. */
#include "reports/read.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/registry.h"
#include "reports/read_parts.h"

/* One file while it is read. */
struct reading {
	const char *path;
	const struct results_sink *sink;
	unsigned line;
	unsigned runs;    /* run lines so far */
	bool open;        /* a run line was read, its end was not */
	unsigned planned; /* of the run, that are to have a result */
	struct counts counts;
	char *error;
};

static bool fail(struct reading *reading, const char *reason)
{
	reading->error = must_format("%s:%u: cannot use this line: %s", reading->path,
				     reading->line, reason);
	return false;
}

const char *read_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* A control character of two bytes, U+0080 to U+009F, stands there. */
static bool is_long_control(const char *text)
{
	return (unsigned char)text[0] == 0xc2 && (unsigned char)text[1] >= 0x80 &&
	       (unsigned char)text[1] < 0xa0;
}

/* Takes away what a terminal would obey. */
static void clean(char *text)
{
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
		if (is_long_control(c))
			c[0] = c[1] = '?';
	}
}

/* Names, labels and values are one line of text; only what roles wrote may have more. */
static char *read_copy(const json_t *object, const char *key)
{
	char *copy = must_copy(read_text(object, key));

	clean(copy);
	return copy;
}

/* What does not fit is cut between characters. */
static void copy_text(char *to, size_t room, const json_t *object, const char *key)
{
	const char *text = read_text(object, key);
	size_t n = strlen(text);

	if (n >= room)
		for (n = room - 1; n && ((unsigned char)text[n] & 0xc0) == 0x80;)
			n--;
	memcpy(to, text, n);
	to[n] = '\0';
	clean(to);
}

static bool fail_number(struct reading *reading, const char *key)
{
	char *reason = must_format("its \"%s\" is out of range", key);

	fail(reading, reason);
	free(reason);
	return false;
}

/* The whole number under key, which must be from 0 to max; 0 when there is none. */
static bool take_number(struct reading *reading, const json_t *object, const char *key,
			long long max, long long *ret_number)
{
	*ret_number = json_integer_value(json_object_get(object, key));
	return (*ret_number >= 0 && *ret_number <= max) || fail_number(reading, key);
}

/* Milliseconds, up to some decades; 0 when there are none. */
static bool take_ms(struct reading *reading, const json_t *object, double *ret_ms)
{
	*ret_ms = json_number_value(json_object_get(object, "ms"));
	return (*ret_ms >= 0 && *ret_ms <= 1e12) || fail_number(reading, "ms");
}

/* A run that says nothing of its end has fewer results than were planned: who wrote it was killed.
 */
static void end_run(struct reading *reading)
{
	struct counts *counts = &reading->counts;
	unsigned results = counts_all(counts);

	if (counts->end.cause == END_UNKNOWN && reading->planned > results)
		counts->missing = reading->planned - results;
	if (reading->open && reading->sink->end)
		reading->sink->end(reading->sink->context, counts);
	reading->open = false;
}

/* "2/3"; anything else is the whole. */
static void read_shard(const char *text, struct run_facts *facts)
{
	unsigned shard, shards;

	facts->shard = facts->shards = 1;
	if (text[strspn(text, "0123456789/")] || sscanf(text, "%6u/%6u", &shard, &shards) != 2 ||
	    !shard || shard > shards)
		return;
	facts->shard = shard;
	facts->shards = shards;
}

static bool read_run(struct reading *reading, const json_t *line)
{
	struct run_facts facts = { .shard = 1, .shards = 1 };
	long long seed, planned, timeout, stretch;

	if (json_integer_value(json_object_get(line, "schema")) != 1)
		return fail(reading,
			    "it is of another schema than 1: use the sockdrill that wrote it");
	if (!take_number(reading, line, "seed", INT64_MAX, &seed) ||
	    !take_number(reading, line, "planned", UINT_MAX, &planned) ||
	    !take_number(reading, line, "timeout_ms", UINT_MAX, &timeout) ||
	    !take_number(reading, line, "timeout_percent", UINT_MAX, &stretch))
		return false;
	end_run(reading);
	copy_text(facts.tool, sizeof facts.tool, line, "tool");
	copy_text(facts.stack, sizeof facts.stack, line, "stack");
	copy_text(facts.stack_version, sizeof facts.stack_version, line, "stack_version");
	copy_text(facts.date, sizeof facts.date, line, "date");
	copy_text(facts.sysname, sizeof facts.sysname, line, "sysname");
	copy_text(facts.release, sizeof facts.release, line, "release");
	copy_text(facts.machine, sizeof facts.machine, line, "machine");
	copy_text(facts.libc, sizeof facts.libc, line, "libc");
	copy_text(facts.isolation, sizeof facts.isolation, line, "isolation");
	facts.seed = (unsigned long long)seed;
	facts.planned = (unsigned)planned;
	facts.timeout_ms = (unsigned)timeout;
	facts.stretch_percent = (unsigned)stretch;
	facts.until_fail = json_is_true(json_object_get(line, "until_fail"));
	read_shard(read_text(line, "shard"), &facts);
	reading->runs++;
	reading->open = true;
	reading->planned = facts.until_fail ? 0 : facts.planned;
	memset(&reading->counts, 0, sizeof reading->counts);
	if (reading->sink->begin)
		reading->sink->begin(reading->sink->context, &facts);
	return true;
}

static bool read_observation(struct reading *reading, const json_t *item,
			     struct observation *ret_one)
{
	const char *role = read_text(item, "role");
	long long number;

	if (strcmp(role, "server") != 0 && strcmp(role, "client") != 0)
		return fail(reading, "an observation names no role");
	if (!take_number(reading, item, "line", INT_MAX, &number))
		return false;
	*ret_one = (struct observation){ .who = !strcmp(role, "server") ? SERVER : CLIENT,
					 .label = read_copy(item, "label"),
					 .value = read_copy(item, "value"),
					 .want = read_copy(item, "want"),
					 .ok = json_is_true(json_object_get(item, "ok")),
					 .variant = json_is_true(json_object_get(item, "variant")),
					 .line = (int)number };
	ret_one->judged = *ret_one->want && strcmp(ret_one->want, "any") != 0;
	return true;
}

static bool read_observations(struct reading *reading, const json_t *line, struct result *result)
{
	const json_t *saw = json_object_get(line, "saw");
	size_t count = json_array_size(saw);

	if (count > RESULTS_SAW_MAX)
		return fail(reading, "it has too many observations");
	result->saw = must_alloc(count, sizeof *result->saw);
	for (size_t i = 0; i < count; i++) {
		if (!read_observation(reading, json_array_get(saw, i), &result->saw[i]))
			return false;
		result->saw_count++;
	}
	return true;
}

static void read_roles(const json_t *line, struct result *result)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		const json_t *role = json_object_get(line, who_name(who));
		result->stood[who] = read_copy(role, "stood");
		result->output[who] = must_copy(read_text(role, "output"));
	}
}

static bool take_calls(struct reading *reading, const json_t *line, struct result *result)
{
	const char *reason;

	return read_calls(line, &result->calls, &reason) || fail(reading, reason);
}

/* Without repetitions nothing is said of them. */
static bool read_repetitions(struct reading *reading, const json_t *line, struct result *result)
{
	const json_t *runs_of = json_object_get(line, "runs_of");
	long long number;

	if (!take_number(reading, line, "runs", UINT_MAX, &number))
		return false;
	result->runs = number > 1 ? (unsigned)number : 1;
	if (result->verdict == VERDICT_NOT_RUN)
		result->runs = 0;
	for (enum verdict v = 0; v < VERDICT_COUNT && result->runs > 1; v++) {
		if (!take_number(reading, runs_of, verdict_name(v), UINT_MAX, &number))
			return false;
		result->runs_of[v] = (unsigned)number;
	}
	return true;
}

static bool read_result(struct reading *reading, const json_t *line)
{
	const struct entry *entry = registry_find(&all_cases, read_text(line, "case"));
	struct result result = { .verdict = verdict_of(read_text(line, "verdict")),
				 .family = family_of_name(read_text(line, "family")) };

	if (!reading->open)
		return fail(reading, "a result stands before any run");
	if (!*read_text(line, "case"))
		return fail(reading, "it names no case");
	if (result.verdict == VERDICT_COUNT)
		return fail(reading, "it has no known verdict");
	if (!result.family)
		return fail(reading, "it has no known family");
	result.owned = read_copy(line, "case");
	result.name = entry ? entry->name : result.owned;
	result.test = entry ? entry->test : NULL;
	result.reason = read_copy(line, "reason");
	if (*read_text(line, "pcap"))
		result.pcap = read_copy(line, "pcap");
	read_roles(line, &result);
	bool usable =
		take_ms(reading, line, &result.ms) && read_repetitions(reading, line, &result) &&
		read_observations(reading, line, &result) && take_calls(reading, line, &result);
	if (usable) {
		result.expected = verdict_is_good(result.verdict);
		counts_add(&reading->counts, &result);
		if (reading->sink->result)
			reading->sink->result(reading->sink->context, &result);
	}
	result_finish(&result);
	return usable;
}

/* Without "complete", as older files are, a run that has an end line is complete. */
static bool take_end(struct reading *reading, const json_t *line)
{
	struct end_of_run *end = &reading->counts.end;

	end->cause = END_COMPLETE;
	if (!json_is_false(json_object_get(line, "complete")))
		return true;
	end->cause = end_cause_of(read_text(line, "ended_by"));
	if (end->cause == END_UNKNOWN || end->cause == END_COMPLETE)
		return fail(reading, "it is not complete, but \"ended_by\" does not tell why");
	copy_text(end->detail, sizeof end->detail, line, "detail");
	return true;
}

static bool read_end(struct reading *reading, const json_t *line)
{
	if (!reading->open)
		return fail(reading, "an end stands without a run");
	if (!take_ms(reading, line, &reading->counts.ms) || !take_end(reading, line))
		return false;
	end_run(reading);
	return true;
}

/* jansson quotes the file. */
static bool fail_as_json(struct reading *reading, json_error_t *error)
{
	clean(error->text);
	return fail(reading, error->text);
}

static bool read_line(struct reading *reading, const char *text, size_t n)
{
	json_error_t error;
	json_t *line = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	const char *type = read_text(line, "type");
	bool usable = true;

	if (!line)
		return fail_as_json(reading, &error);
	if (!strcmp(type, "run"))
		usable = read_run(reading, line);
	else if (!strcmp(type, "result"))
		usable = read_result(reading, line);
	else if (!strcmp(type, "end"))
		usable = read_end(reading, line);
	else if (!json_is_object(line) || !*type)
		usable = fail(reading, "it is no object with a type");
	json_decref(line);
	return usable;
}

/* A file's lines, in a buffer that grows until the longest allowed one fits into it. */
struct lines {
	FILE *file;
	char *text;
	size_t room;
	size_t from, to; /* what of text was read and not yet taken */
};

enum { FIRST_ROOM = 1 << 14, ROOM = RESULTS_LINE_MAX + 1 };

/* Makes room behind the n bytes that are not yet taken, which move to the beginning. */
static void make_room(struct lines *lines, size_t n)
{
	memmove(lines->text, lines->text + lines->from, n);
	lines->from = 0;
	lines->to = n;
	if (n < lines->room)
		return;
	lines->room = lines->room * 2 < ROOM ? lines->room * 2 : ROOM;
	lines->text = must_grow(lines->text, lines->room, 1);
}

/* The next line with its newline; one that is longer than the buffer, and the file's last, as far
 * as there is any. Gives its length, 0 at the end. The text stays until the next call. */
static size_t take_line(struct lines *lines, const char **ret_text)
{
	char *newline = NULL;
	size_t seen = 0, got = 1;

	for (;;) {
		size_t n = lines->to - lines->from;
		if (n > seen)
			newline = memchr(lines->text + lines->from + seen, '\n', n - seen);
		if (newline || n == ROOM || !got)
			break;
		seen = n;
		make_room(lines, n);
		got = fread(lines->text + n, 1, lines->room - n, lines->file);
		lines->to += got;
	}
	char *text = lines->text + lines->from;
	size_t n = newline ? (size_t)(newline - text) + 1 : lines->to - lines->from;
	lines->from += n;
	*ret_text = text;
	return n;
}

static bool read_lines(struct reading *reading, FILE *file)
{
	struct lines lines = { .file = file,
			       .text = must_alloc(FIRST_ROOM, 1),
			       .room = FIRST_ROOM };
	const char *text;
	bool usable = true;

	for (size_t n; usable && (n = take_line(&lines, &text)) > 0;) {
		reading->line++;
		if (n == ROOM)
			usable = fail(reading, "it is longer than 1 MiB");
		else if (text[n - 1] != '\n')
			break; /* the killed writer's last; nothing before it is lost */
		else
			usable = read_line(reading, text, n);
	}
	if (usable && ferror(file)) {
		reading->error = must_format("cannot read %s: %s", reading->path, strerror(errno));
		usable = false;
	}
	free(lines.text);
	return usable;
}

bool results_read(const char *path, const struct results_sink *sink, char **ret_error)
{
	if (!strcmp(path, "-"))
		return results_read_stream(stdin, "standard input", sink, ret_error);
	FILE *file = fopen(path, "re");
	if (!file) {
		*ret_error = must_format("cannot read results file %s: %s", path, strerror(errno));
		return false;
	}
	bool usable = results_read_stream(file, path, sink, ret_error);
	fclose(file);
	return usable;
}

bool results_read_stream(FILE *file, const char *name, const struct results_sink *sink,
			 char **ret_error)
{
	struct reading reading = { .path = name, .sink = sink };
	bool usable = read_lines(&reading, file);

	if (usable && !reading.runs) {
		reading.error = must_format("%s holds no run: give a file that "
					    "'sockdrill run --report jsonl:FILE' wrote",
					    name);
		usable = false;
	}
	if (usable)
		end_run(&reading);
	*ret_error = reading.error;
	return usable;
}
