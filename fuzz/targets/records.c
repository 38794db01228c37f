/* records.c -- fuzzes what the runner reads of a board that a role has written all over: a head of
 * numbers, then, each up to a newline, where the roles stand, then their records.
 */
#include "engine/judge.h"
#include "engine/plan.h"
#include "protocol/property.h"

/* The numbers, one or two bytes each. */
enum {
	FAMILY,
	BITS,
	ENDED,            /* a wait status, two bytes */
	USED = ENDED + 2, /* of each side, two bytes; the server's is also a side's highest bits */
	STANDING = USED + 2 * WHO_COUNT,
	HEAD = STANDING + WHO_COUNT,
	INPUT_MAX = 1 << 14,
};

/* Bits of BITS; the same for both roles where they are of roles. */
enum {
	TIMED_OUT = 1,
	TROUBLE = 2,
	LEFT_BEHIND = 4,
	KILLED = 8,
	FINISHED = 16,
	BOTH = 32,
	HUGE_USED = 64,
	ABSENT_CLIENT = 128,
};

GUARD_FOR_TARGET(sizeof(struct board))

static const struct sock_case test = {
	.claim = "What is recorded is judged.",
	.families = INET | INET6 | UNIX,
	.expect = {
		{ SERVER, "a", EQ(1) },
		{ SERVER, "b", FAILS(ECONNRESET), .on[OS_LINUX] = BETWEEN(0, 9), .why = "Linux."},
		{ CLIENT, "a", TEXT("3:abc") },
		{ CLIENT, "c", ONE_OF(EQ(0), FAILS(EPIPE)), .only = INET | INET6 },
		{ CLIENT, "d", ANY },
	},
};

static uint32_t two_bytes(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

/* The next line of what is left, without its newline. */
static struct slice take_line(const uint8_t **at, const uint8_t *end)
{
	const uint8_t *newline = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
	struct slice line = { *at, (size_t)((newline ? newline : end) - *at) };

	*at = newline ? newline + 1 : end;
	return line;
}

static void put(char *to, size_t room, struct slice bytes)
{
	if (bytes.len)
		memcpy(to, bytes.bytes, bytes.len < room ? bytes.len : room);
}

/* The board as the input says. What is left after the lines are the records: of the server up to
 * its number of bytes, then of the client. */
static void fill_board(struct board *board, const uint8_t *head, const uint8_t *at,
		       const uint8_t *end)
{
	memset(board, 0, sizeof *board);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		struct side *side = &board->side[who];
		atomic_store(&side->state, head[STANDING + who]);
		put(side->place, sizeof side->place, take_line(&at, end));
		put(side->call.name, sizeof side->call.name, take_line(&at, end));
	}
	for (enum who who = 0; who < WHO_COUNT; who++) {
		struct side *side = &board->side[who];
		uint32_t used = two_bytes(head + USED + 2 * who);
		size_t n = used < (size_t)(end - at) ? used : (size_t)(end - at);
		atomic_store(&side->used, head[BITS] & HUGE_USED ? used << 16 : used);
		side->records[RECORDS_MAX - 1] = '\n'; /* behind what it owns to */
		put(side->records, sizeof side->records, (struct slice){ at, n });
		at += n;
	}
}

static void fill_ending(struct ending *ending, const struct board *board, const uint8_t *head)
{
	unsigned flags = head[BITS];

	*ending = (struct ending){ .first_bad = head[FAMILY] / 4 % 3 - 1,
				   .timed_out = flags & TIMED_OUT,
				   .left_behind = flags & LEFT_BEHIND ? 1 : 0,
				   .limit_ms = 2000 };
	if (flags & TROUBLE)
		snprintf(ending->trouble, sizeof ending->trouble, "cannot fork a role");
	for (enum who who = 0; who < WHO_COUNT; who++) {
		struct role_ending *role = &ending->role[who];
		role->present = who == SERVER || !(flags & ABSENT_CLIENT);
		role->killed = flags & KILLED;
		role->finished = flags & FINISHED;
		role->both = flags & BOTH;
		role->status = (int)two_bytes(head + ENDED);
		side_stood(&board->side[who], role->stood, sizeof role->stood);
		/* As much as was recorded, of any bytes. */
		role->output_len = two_bytes(head + USED) % (OUTPUT_ROOM + 1);
		memcpy(role->output, board->side[who].records, role->output_len);
	}
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text >= 0x7f)
			return false;
	return true;
}

static void check_result(const struct result *result)
{
	property(result->verdict < VERDICT_FLAKY);
	property(is_printable(result->reason));
	property((result->verdict == VERDICT_PASS) == !*result->reason ||
		 result->verdict == VERDICT_SKIP);
	property(result->saw_count <= WHO_COUNT * RECORDS_MAX / strlen("=\t\t\t0\n"));
	for (enum who who = 0; who < WHO_COUNT; who++)
		property(is_printable(result->stood[who]) &&
			 strlen(result->stood[who]) < STOOD_ROOM);
	for (size_t i = 0; i < result->saw_count; i++) {
		const struct observation *one = &result->saw[i];
		property(is_printable(one->label) && strlen(one->label) <= LABEL_MAX);
		property(is_printable(one->value) && strlen(one->value) <= VALUE_MAX);
		property(one->line >= 0 && one->line <= 9999999);
		property(one->ok || !one->variant);
		property(result->verdict != VERDICT_PASS || one->ok);
	}
}

static bool same_record(const struct record *a, const struct record *b)
{
	return a->kind == b->kind && !strcmp(a->label, b->label) && !strcmp(a->value, b->value) &&
	       a->line == b->line;
}

/* What was read is recorded again, as a role does it, and reads the same. */
static void check_written_again(const struct record_bytes *records, struct board *board)
{
	struct role me = { .board = board, .who = SERVER };
	struct record one, again;
	unsigned torn = 0, none = 0;
	size_t at = 0, behind = 0;

	property(records->n <= RECORDS_MAX);
	while (record_next(records->bytes, records->n, &at, &one, &torn)) {
		property(at <= records->n);
		board_clear(board);
		record_put(&me, one.kind, one.label, one.value, one.line);
		struct record_bytes written = side_records(&board->side[SERVER]);
		behind = 0;
		property(!written.lost);
		property(record_next(written.bytes, written.n, &behind, &again, &none));
		property(behind == written.n && !none && same_record(&one, &again));
	}
	property(torn <= records->n);
}

static void check_judged(const struct ending *ending, const struct board *board, enum family family)
{
	static const struct os_facts facts = { .os = OS_LINUX };
	const struct record_bytes records[WHO_COUNT] = { side_records(&board->side[SERVER]),
							 side_records(&board->side[CLIENT]) };
	struct result result = { .name = "fuzz", .family = family };

	judge(&test, family, &facts, ending, records, &result);
	check_result(&result);
	result_finish(&result);
}

static bool is_empty(const struct board *board)
{
	for (enum who who = 0; who < WHO_COUNT; who++)
		if (atomic_load(&board->side[who].used) || board->side[who].place[0] ||
		    board->side[who].records[0] || board->side[who].records[RECORDS_MAX - 1])
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum family families[] = { INET, INET6, UNIX, NO_FAMILY };
	static struct board again; /* empty before each record */
	struct board *board = (struct board *)(void *)guard_tail(&guard, sizeof *board);
	struct ending ending;

	if (size < HEAD || size > INPUT_MAX)
		return 0;
	fill_board(board, data, data + HEAD, data + size);
	fill_ending(&ending, board, data);
	check_judged(&ending, board, families[data[FAMILY] % 4]);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		const struct record_bytes records = side_records(&board->side[who]);
		check_written_again(&records, &again);
	}
	board_clear(board);
	property(is_empty(board));
	return 0;
}
