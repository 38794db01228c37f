/* results.c -- fuzzes results files: what is read is what is written of it, and one line tells why
 * the rest is not.
 */
#include "ladder/lives.h"
#include "ladder/test_story.h"
#include "protocol/property.h"
#include "reports/calls.h"
#include "reports/read.h"
#include "reports/rejudge.h"

enum { INPUT_MAX = 1 << 16, RESULTS_MAX = 64 };

/* What a file holds: its last run. */
struct file {
	struct run_facts facts;
	struct result results[RESULTS_MAX];
	size_t count;
	struct counts counts;
	unsigned runs, ends;
	struct report report; /* what is read is written to; its .out may be NULL */
};

/* No control characters. */
static bool is_clean(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0))
			return false;
	return true;
}

static void check_facts(const struct run_facts *facts)
{
	property(is_clean(facts->tool) && is_clean(facts->stack) && is_clean(facts->release));
	property(is_clean(facts->stack_version) && is_clean(facts->date));
	property(is_clean(facts->sysname) && is_clean(facts->machine) && is_clean(facts->libc));
	property(is_clean(facts->isolation));
	property(facts->shard >= 1 && facts->shard <= facts->shards);
}

/* Ladders and life lines can be made of whatever was read. */
static void check_calls(const struct result *result)
{
	const struct report report = { .width = 80 };
	struct lives lives;
	size_t count, size;
	char *text;

	if (!result->calls)
		return;
	const struct trace_event *events = trace_log_events(result->calls, &count);
	free(calls_text(&report, result, "  "));
	FILE *page = open_memstream(&text, &size);
	property(page != NULL);
	put_calls_html(page, result);
	fclose(page);
	free(text);
	lives_make(events, count, &lives);
	for (size_t i = 0; i < lives.finding_count; i++)
		property(is_clean(lives.findings[i].text));
	lives_finish(&lives);
}

static void check_result(const struct result *result)
{
	property(*result->name && is_clean(result->name) && is_clean(result->reason));
	property(result->verdict < VERDICT_COUNT && result->family);
	property((result->runs == 0) == (result->verdict == VERDICT_NOT_RUN));
	property(result->saw_count <= RESULTS_SAW_MAX);
	property(result->ms >= 0);
	for (enum who who = 0; who < WHO_COUNT; who++)
		property(is_clean(result->stood[who]) && result->output[who]);
	for (size_t i = 0; i < result->saw_count; i++) {
		const struct observation *one = &result->saw[i];
		property(is_clean(one->label) && is_clean(one->value) && is_clean(one->want));
		property(one->who < WHO_COUNT && one->line >= 0);
	}
	check_calls(result);
}

static void forget_results(struct file *file)
{
	for (size_t i = 0; i < file->count; i++)
		result_finish(&file->results[i]);
	file->count = 0;
}

static void begin(void *context, const struct run_facts *facts)
{
	struct file *file = context;

	check_facts(facts);
	property(file->runs == file->ends);
	file->runs++;
	file->facts = *facts;
	forget_results(file);
	if (file->report.out)
		format_jsonl.begin(&file->report, facts);
}

static void take_result(void *context, struct result *result)
{
	struct file *file = context;

	check_result(result);
	property(file->runs == file->ends + 1);
	if (file->report.out)
		format_jsonl.result(&file->report, result);
	if (file->count == RESULTS_MAX)
		return;
	file->results[file->count++] = *result;
	memset(result, 0, sizeof *result);
}

static void end(void *context, const struct counts *counts)
{
	struct file *file = context;

	file->counts = *counts;
	property(++file->ends == file->runs);
	if (file->report.out)
		format_jsonl.end(&file->report, &file->facts, counts);
}

/* Gives whether the bytes are results. */
static bool read_bytes(const void *bytes, size_t n, struct file *file)
{
	const struct results_sink sink = { begin, take_result, end, file };
	char *error = NULL;
	FILE *in = fmemopen((void *)(uintptr_t)bytes, n, "r");

	property(in != NULL);
	bool usable = results_read_stream(in, "file", &sink, &error);
	fclose(in);
	property(usable == !error && (!usable || file->runs == file->ends));
	property(!error || (is_clean(error) && !strncmp(error, "file", 4)));
	free(error);
	return usable;
}

/* ---- Equal ---- */

static bool same_facts(const struct run_facts *a, const struct run_facts *b)
{
	return !strcmp(a->tool, b->tool) && !strcmp(a->stack, b->stack) &&
	       !strcmp(a->stack_version, b->stack_version) && !strcmp(a->date, b->date) &&
	       !strcmp(a->sysname, b->sysname) && !strcmp(a->release, b->release) &&
	       !strcmp(a->machine, b->machine) && !strcmp(a->libc, b->libc) &&
	       !strcmp(a->isolation, b->isolation) && a->seed == b->seed && a->shard == b->shard &&
	       a->shards == b->shards && a->planned == b->planned &&
	       a->until_fail == b->until_fail && a->timeout_ms == b->timeout_ms &&
	       a->stretch_percent == b->stretch_percent;
}

static bool same_saw(const struct observation *a, const struct observation *b)
{
	return a->who == b->who && !strcmp(a->label, b->label) && !strcmp(a->value, b->value) &&
	       !strcmp(a->want, b->want) && a->judged == b->judged && a->ok == b->ok &&
	       a->variant == b->variant && a->line == b->line;
}

/* Times are written in tenths. */
static bool same_result(const struct result *a, const struct result *b)
{
	bool same = !strcmp(a->name, b->name) && a->test == b->test && a->family == b->family &&
		    a->verdict == b->verdict && !strcmp(a->reason, b->reason) &&
		    a->runs == b->runs && !memcmp(a->runs_of, b->runs_of, sizeof a->runs_of) &&
		    a->saw_count == b->saw_count;
	for (enum who who = 0; who < WHO_COUNT; who++)
		same = same && !strcmp(a->stood[who], b->stood[who]) &&
		       !strcmp(a->output[who], b->output[who]);
	same = same && is_same_log(a->calls, b->calls);
	for (size_t i = 0; same && i < a->saw_count; i++)
		same = same_saw(&a->saw[i], &b->saw[i]);
	return same;
}

static bool same_file(const struct file *a, const struct file *b)
{
	bool same = same_facts(&a->facts, &b->facts) && a->count == b->count &&
		    a->runs == b->runs && a->counts.end.cause == b->counts.end.cause &&
		    !strcmp(a->counts.end.detail, b->counts.end.detail) &&
		    a->counts.missing == b->counts.missing &&
		    !memcmp(a->counts.of, b->counts.of, sizeof a->counts.of);

	for (size_t i = 0; same && i < a->count; i++)
		same = same_result(&a->results[i], &b->results[i]);
	return same;
}

/* ---- Judged anew ---- */

static void check_judged(struct file *file)
{
	struct os_facts os;

	system_of_run(&file->facts, &os);
	property(os.os <= OS_COUNT);
	for (size_t i = 0; i < file->count; i++) {
		struct result *result = &file->results[i];
		judge_anew(result, &os);
		enum verdict verdict = result->verdict;
		check_result(result);
		judge_anew(result, &os);
		property(result->verdict == verdict);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file *first, *again;
	char *text = NULL;
	size_t n = 0;

	if (size == 0 || size > INPUT_MAX)
		return 0;
	first = must_alloc(1, sizeof *first);
	again = must_alloc(1, sizeof *again);
	first->report.out = open_memstream(&text, &n);
	property(first->report.out != NULL);
	bool usable = read_bytes(data, size, first);
	property(fclose(first->report.out) == 0);
	if (usable) {
		property(read_bytes(text, n, again));
		property(same_file(first, again));
		check_judged(first);
	}
	forget_results(first);
	forget_results(again);
	free(text);
	free(first);
	free(again);
	return 0;
}
