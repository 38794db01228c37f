/* baseline.c -- fuzzes files of known deviations: a byte for the outcome of a run, its reason up to
 * a newline, then the file.
 */
#include "engine/baseline_update.h"

#include "protocol/property.h"

enum { INPUT_MAX = 1 << 14, REASON_MAX = 64 };

static const struct run_facts facts = { .stack = "linux", .release = "6.1", .machine = "x86_64" };

static FILE *open_bytes(const void *bytes, size_t n)
{
	FILE *file = fmemopen((void *)(uintptr_t)bytes, n ? n : 1, "r");

	property(file != NULL);
	if (!n)
		fseek(file, 0, SEEK_END);
	return file;
}

/* Gives whether the bytes are a baseline. */
static bool read_bytes(const void *bytes, size_t n, struct baseline *baseline)
{
	char *error = NULL;
	FILE *file = open_bytes(bytes, n);
	bool usable = baseline_read_stream(file, "file", &facts, baseline, &error);

	fclose(file);
	property(usable == !error && (!error || (!strncmp(error, "file:", 5) && error[5] > '0')));
	property(!error || !strchr(error, '\n'));
	free(error);
	return usable;
}

static char *write_text(const struct baseline *baseline, size_t *ret_n)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_n);

	property(out != NULL);
	baseline_put(baseline, out);
	property(fclose(out) == 0);
	return text;
}

static bool same_text(const char *a, const char *b)
{
	return !a == !b && (!a || !strcmp(a, b));
}

static bool same_line(const struct baseline_line *a, const struct baseline_line *b)
{
	return same_text(a->where, b->where) && same_text(a->glob, b->glob) &&
	       a->outcomes == b->outcomes && same_text(a->reason, b->reason) &&
	       same_text(a->raw, b->raw) && a->number == b->number && a->applies == b->applies;
}

/* What was read is written and read again. */
static void check_written(const struct baseline *baseline)
{
	struct baseline again = { 0 };
	size_t n;
	char *text = write_text(baseline, &n);

	property(read_bytes(text, n, &again) && again.count == baseline->count);
	for (size_t i = 0; i < again.count; i++) {
		property(same_line(&baseline->lines[i], &again.lines[i]));
		property(again.lines[i].raw || *again.lines[i].reason);
	}
	baseline_finish(&again);
	free(text);
}

/* Once it is learned, the result is as expected, and stays so in the file. Reasons stay. */
static void check_learned(struct baseline *baseline, struct result *result)
{
	struct baseline again = { 0 };
	struct baseline_update update = { 0 };
	size_t n, count = baseline->count;

	baseline_judge(baseline, result);
	if (result->verdict == VERDICT_NOT_RUN) {
		property(!result->expected);
		free(result->baseline_reason);
		return;
	}
	property(result->verdict != VERDICT_SKIP || result->expected);
	if (!verdict_is_good(result->verdict))
		property(result->expected == (baseline_reason(baseline, result) != NULL));
	property(!result->baseline_outcomes == !result->baseline_reason);
	free(result->baseline_reason);
	baseline_note(&update, result);
	struct baseline_changes changes = baseline_apply(&update, baseline, &facts);
	baseline_update_finish(&update);
	property(changes.added <= 1 && baseline->count == count + changes.added);
	property(baseline_expects(baseline, result));
	char *text = write_text(baseline, &n);
	property(read_bytes(text, n, &again));
	property(baseline_expects(&again, result));
	baseline_finish(&again);
	free(text);
}

/* The outcome that the input chooses, with the reason that it gives. */
static struct result make_result(uint8_t choice, char *reason, const uint8_t *bytes, size_t n)
{
	static const enum family families[] = { INET, INET6, UNIX, NO_FAMILY };

	/* Roles' words are printable: engine/record.c. */
	for (size_t i = 0; i < n && i < REASON_MAX; i++)
		reason[i] = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : 'x';
	return (struct result){ .name = "accept_reads",
				.family = families[choice / 8 % 4],
				.verdict = (enum verdict)(choice % VERDICT_COUNT),
				.reason = reason };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct baseline baseline = { 0 };
	char reason[REASON_MAX + 1] = "";

	if (size == 0 || size > INPUT_MAX)
		return 0;
	const uint8_t *newline = memchr(data + 1, '\n', size - 1);
	const uint8_t *file = newline ? newline + 1 : data + size;
	struct result result = make_result(data[0], reason, data + 1,
					   (size_t)(file - data) - 1 - (newline != NULL));
	if (!read_bytes(file, size - (size_t)(file - data), &baseline))
		return 0;
	check_written(&baseline);
	check_learned(&baseline, &result);
	baseline_finish(&baseline);
	return 0;
}
