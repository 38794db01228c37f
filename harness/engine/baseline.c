/* baseline.c -- reads, applies and updates the file of known deviations. */
#include "engine/baseline.h"

#include <ctype.h>
#include <fnmatch.h>

#include "engine/aside.h"

static char *take_word(const char **at)
{
	while (isspace((unsigned char)**at))
		(*at)++;
	size_t n = strcspn(*at, " \t");
	if (!n)
		return NULL;
	char *word = must_format("%.*s", (int)n, *at);
	*at += n;
	return word;
}

static unsigned parse_outcomes(const char *text)
{
	unsigned outcomes = 0;

	while (*text) {
		char name[16] = "";
		size_t n = strcspn(text, ",");
		if (!n || n >= sizeof name)
			return 0;
		memcpy(name, text, n);
		enum verdict verdict = verdict_of(name);
		/* Nobody can know beforehand what will not be run. */
		if (verdict == VERDICT_COUNT || verdict == VERDICT_NOT_RUN)
			return 0;
		outcomes |= 1U << verdict;
		text += n;
		if (*text == ',' && !*++text)
			return 0;
	}
	return outcomes;
}

static const char *check_where(const char *where)
{
	int slashes = 0;

	if (!where)
		return "it is empty";
	for (; *where; where++)
		slashes += *where == '/';
	return slashes == 2 ? NULL : "it must begin with stack/release/machine";
}

/* What a terminal would obey when a reason is shown. */
static bool has_control(const char *text)
{
	for (; *text; text++)
		if (*text != '\t' && iscntrl((unsigned char)*text))
			return true;
	return false;
}

static void line_finish(struct baseline_line *line)
{
	free(line->where);
	free(line->glob);
	free(line->reason);
	free(line->raw);
	memset(line, 0, sizeof *line);
}

bool baseline_parse_line(const char *text, unsigned number, struct baseline_line *ret_line,
			 const char **ret_error)
{
	struct baseline_line line = { .number = number };
	const char *at = text;

	while (isspace((unsigned char)*at))
		at++;
	if (!*at || *at == '#') {
		line.raw = must_copy(text);
		*ret_line = line;
		return true;
	}
	line.where = take_word(&at);
	line.glob = take_word(&at);
	char *outcomes = take_word(&at);
	while (isspace((unsigned char)*at))
		at++;
	line.reason = must_copy(at);
	line.outcomes = outcomes ? parse_outcomes(outcomes) : 0;
	free(outcomes);
	*ret_error = has_control(text) ? "it has a control character" : check_where(line.where);
	if (!*ret_error && !line.glob)
		*ret_error = "it has no glob";
	if (!*ret_error)
		*ret_error = glob_error(line.glob);
	if (!*ret_error && !line.outcomes)
		*ret_error = "its third word must be verdicts, such as fail or fail,timeout";
	if (!*ret_error && !*line.reason)
		*ret_error = "it gives no reason";
	if (*ret_error) {
		line_finish(&line);
		return false;
	}
	*ret_line = line;
	return true;
}

static bool applies_to(const struct baseline_line *line, const struct run_facts *facts)
{
	char here[sizeof facts->stack + sizeof facts->release + sizeof facts->machine];

	snprintf(here, sizeof here, "%s/%s/%s", facts->stack, facts->release, facts->machine);
	return line->where && !fnmatch(line->where, here, 0);
}

static void add_line(struct baseline *baseline, struct baseline_line line)
{
	baseline->lines = must_grow(baseline->lines, baseline->count + 1, sizeof *baseline->lines);
	baseline->lines[baseline->count++] = line;
}

/* Takes the end of the line away; false when there is a NUL, behind which nothing would be seen. */
static bool end_text(char *text, size_t n)
{
	if (memchr(text, '\0', n))
		return false;
	if (n && text[n - 1] == '\n')
		n--;
	while (n && text[n - 1] == '\r')
		n--;
	text[n] = '\0';
	return true;
}

bool baseline_read(const char *path, const struct run_facts *facts, struct baseline *ret_baseline,
		   char **ret_error)
{
	FILE *file = fopen(path, "re");

	if (!file) {
		*ret_error = must_format("cannot read baseline %s: %s", path, strerror(errno));
		return false;
	}
	bool usable = baseline_read_stream(file, path, facts, ret_baseline, ret_error);
	fclose(file);
	return usable;
}

bool baseline_read_stream(FILE *file, const char *name, const struct run_facts *facts,
			  struct baseline *ret_baseline, char **ret_error)
{
	struct baseline baseline = { 0 };
	char *text = NULL;
	size_t room = 0;
	const char *error = NULL;

	for (ssize_t n; !error && (n = getline(&text, &room, file)) > 0;) {
		struct baseline_line line;
		unsigned number = (unsigned)baseline.count + 1;
		if (!end_text(text, (size_t)n))
			error = "it has a NUL byte";
		if (error || !baseline_parse_line(text, number, &line, &error)) {
			*ret_error =
				must_format("%s:%u: cannot use this line: %s", name, number, error);
			break;
		}
		line.applies = applies_to(&line, facts);
		add_line(&baseline, line);
	}
	if (!error && ferror(file)) {
		error = "unreadable";
		*ret_error = must_format("cannot read baseline %s: %s", name, strerror(errno));
	}
	free(text);
	if (error)
		baseline_finish(&baseline);
	else
		*ret_baseline = baseline;
	return !error;
}

void baseline_finish(struct baseline *baseline)
{
	for (size_t i = 0; i < baseline->count; i++)
		line_finish(&baseline->lines[i]);
	free(baseline->lines);
	memset(baseline, 0, sizeof *baseline);
}

static bool is_for(const struct baseline_line *line, const struct result *result)
{
	return line->applies && glob_fits(line->glob, result->name, result->family);
}

static unsigned outcomes_for(const struct baseline *baseline, const struct result *result)
{
	unsigned outcomes = 0;

	for (size_t i = 0; i < baseline->count; i++)
		if (is_for(&baseline->lines[i], result))
			outcomes |= baseline->lines[i].outcomes;
	return outcomes;
}

bool baseline_expects(const struct baseline *baseline, const struct result *result)
{
	return outcomes_expect(outcomes_for(baseline, result), result->verdict);
}

const char *baseline_reason(const struct baseline *baseline, const struct result *result)
{
	for (size_t i = 0; i < baseline->count; i++) {
		const struct baseline_line *line = &baseline->lines[i];
		if (line->outcomes >> result->verdict & 1U && is_for(line, result))
			return line->reason;
	}
	return NULL;
}

/* Of a verdict that no line lists, what the first line says: it is contradicted. */
static const char *reason_for(const struct baseline *baseline, const struct result *result)
{
	const char *reason = baseline_reason(baseline, result);

	for (size_t i = 0; !reason && i < baseline->count; i++)
		if (baseline->lines[i].outcomes && is_for(&baseline->lines[i], result))
			reason = baseline->lines[i].reason;
	return reason;
}

void baseline_judge(struct baseline *baseline, struct result *result)
{
	const char *reason = reason_for(baseline, result);

	result->baseline_outcomes = outcomes_for(baseline, result);
	free(result->baseline_reason);
	result->baseline_reason = reason ? must_copy(reason) : NULL;
	result->expected = outcomes_expect(result->baseline_outcomes, result->verdict);
	if (result->verdict == VERDICT_NOT_RUN)
		return;
	for (size_t i = 0; i < baseline->count; i++)
		baseline->lines[i].used |= is_for(&baseline->lines[i], result);
}

static bool fits_no_case(const struct baseline_line *line)
{
	for (size_t i = 0; i < all_cases.count; i++) {
		const struct entry *entry = &all_cases.entries[i];
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			if (entry->test->families & family &&
			    glob_fits(line->glob, entry->name, family))
				return false;
	}
	return true;
}

unsigned baseline_report_unused(const struct baseline *baseline, const char *path, FILE *out)
{
	unsigned unused = 0;

	for (size_t i = 0; i < baseline->count; i++) {
		const struct baseline_line *line = &baseline->lines[i];
		/* Results may be of cases that only another version has. */
		if (!line->applies || line->used || !fits_no_case(line))
			continue;
		fprintf(out, "%s:%u: unused line: %s %s\n", path, line->number, line->where,
			line->glob);
		unused++;
	}
	return unused;
}

static void put_line(FILE *out, const struct baseline_line *line)
{
	const char *comma = "";

	if (line->raw) {
		fprintf(out, "%s\n", line->raw);
		return;
	}
	if (!line->outcomes)
		return;
	fprintf(out, "%s  %s  ", line->where, line->glob);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		if (!(line->outcomes >> v & 1U))
			continue;
		fprintf(out, "%s%s", comma, verdict_name(v));
		comma = ",";
	}
	fprintf(out, "  %s\n", line->reason);
}

void baseline_put(const struct baseline *baseline, FILE *out)
{
	for (size_t i = 0; i < baseline->count; i++)
		put_line(out, &baseline->lines[i]);
}

bool baseline_write(const struct baseline *baseline, const char *path, char **ret_error)
{
	struct aside aside;
	bool written = aside_open(&aside, path, false);

	if (written)
		baseline_put(baseline, aside.out);
	written = written && aside_close(&aside);
	if (!written)
		*ret_error = must_format("cannot write baseline %s: %s", path, strerror(errno));
	return written;
}
