/* record_test.c -- the record stream is read as written, and garbage is survived. */
#include "engine/record.h"

#include <criterion/criterion.h>

#include "base/random.h"
#include "engine/plan.h"
#include "role/board.h"

static unsigned count_records(const char *bytes, size_t n, unsigned *ret_torn)
{
	struct record record;
	unsigned count = 0;

	*ret_torn = 0;
	for (size_t at = 0; record_next(bytes, n, &at, &record, ret_torn);)
		count++;
	return count;
}

Test(record, reads_fields)
{
	static const char bytes[] = "=\trecv\t-1 ECONNRESET\t17\n";
	struct record record;
	unsigned torn = 0;
	size_t at = 0;

	cr_assert(record_next(bytes, sizeof bytes - 1, &at, &record, &torn));
	cr_expect_eq(record.kind, RECORD_SAW);
	cr_expect_str_eq(record.label, "recv");
	cr_expect_str_eq(record.value, "-1 ECONNRESET");
	cr_expect_eq(record.line, 17);
	cr_expect(!record_next(bytes, sizeof bytes - 1, &at, &record, &torn));
	cr_expect_eq(torn, 0);
}

Test(record, passes_over_gaps_and_garbage)
{
	static const char bytes[] = "\0\0\0=\ta\t1\t1\n"
				    "nonsense\n"
				    "=\ta\n"
				    "?\ta\t1\t1\n"
				    "=\ta\tb\xff\t1\n"
				    "=\ta\t1\tx\n"
				    "=\tb\t2\t2\n"
				    "=\tunfinished";
	unsigned torn;

	cr_expect_eq(count_records(bytes, sizeof bytes - 1, &torn), 2);
	cr_expect_eq(torn, 6);
}

Test(record, nothing_is_nothing)
{
	static const char gap[64];
	unsigned torn;

	cr_expect_eq(count_records("", 0, &torn), 0);
	cr_expect_eq(torn, 0);
	cr_expect_eq(count_records("=\ta\t1\t1\n", 0, &torn), 0);
	cr_expect_eq(torn, 0);
	cr_expect_eq(count_records(gap, sizeof gap, &torn), 0, "a gap alone");
	cr_expect_eq(torn, 0, "a gap alone");
}

/* Each is one line that is no record. */
static const struct bad_line {
	const char *name, *text;
} bad_lines[] = {
	{ "no kind", "\ta\t1\t1\n" },
	{ "two kinds", "==\ta\t1\t1\n" },
	{ "unknown kind", "+\ta\t1\t1\n" },
	{ "no value", "=\ta\t1\n" },
	{ "a field more", "=\ta\t1\t1\t1\n" },
	{ "no line", "=\ta\t1\t\n" },
	{ "negative line", "=\ta\t1\t-1\n" },
	{ "line with blank", "=\ta\t1\t 1\n" },
	{ "line too long for a number", "=\ta\t1\t99999999999999999999\n" },
	{ "control character", "=\ta\001\t1\t1\n" },
	{ "delete", "=\ta\t\177\t1\n" },
	{ "no newline", "=\ta\t1\t1" },
};

Test(record, counts_each_bad_line_once)
{
	for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++) {
		const struct bad_line *row = &bad_lines[i];
		unsigned torn;
		cr_expect_eq(count_records(row->text, strlen(row->text), &torn), 0, "%s",
			     row->name);
		cr_expect_eq(torn, 1, "%s: %u", row->name, torn);
	}
}

/* ---- What role/state.h writes ---- */

static struct role *role_on_new_board(enum who who)
{
	static struct role me;

	me = (struct role){ .who = who, .family = INET };
	me.board = mmap(NULL, sizeof *me.board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	cr_assert_neq(me.board, MAP_FAILED);
	return &me;
}

static bool next_of(const struct role *me, size_t *at, struct record *ret_record, unsigned *torn)
{
	size_t used = my_side(me)->used;

	return record_next(my_side(me)->records, used < RECORDS_MAX ? used : RECORDS_MAX, at,
			   ret_record, torn);
}

static const struct written {
	enum record_kind kind;
	const char *label, *value;
	int line;
	const char *read; /* the value that comes back */
} writtens[] = {
	{ RECORD_SAW, "recv", "-1 ECONNRESET", 17, "-1 ECONNRESET" },
	{ RECORD_SAW, "recv again", "", 0, "" },
	{ RECORD_BROKEN, "", "bind(fd) failed: EACCES at a.c:7", 9999999,
	  "bind(fd) failed: EACCES at a.c:7" },
	{ RECORD_SKIP, "", "no such thing here", 1, "no such thing here" },
	/* What would break the stream does not get into it. */
	{ RECORD_SAW, "tab", "a\tb", 1, "a\\x09b" },
	{ RECORD_SAW, "newline", "a\nb", 1, "a\\x0ab" },
	{ RECORD_SAW, "bytes", "\x01\x7f\x80\xff", 1, "\\x01\\x7f\\x80\\xff" },
	{ RECORD_SAW, "format", "%s%n", 1, "%s%n" },
};

static void expect_round_trip(enum who who)
{
	struct role *me = role_on_new_board(who);
	struct record record;
	unsigned torn = 0;
	size_t at = 0;

	for (size_t i = 0; i < sizeof writtens / sizeof *writtens; i++)
		record_put(me, writtens[i].kind, writtens[i].label, writtens[i].value,
			   writtens[i].line);
	for (size_t i = 0; i < sizeof writtens / sizeof *writtens; i++) {
		const struct written *row = &writtens[i];
		cr_assert(next_of(me, &at, &record, &torn), "row %zu", i);
		cr_expect_eq(record.kind, row->kind, "row %zu", i);
		cr_expect_str_eq(record.label, row->label, "row %zu", i);
		cr_expect_str_eq(record.value, row->read, "row %zu: %s", i, record.value);
		cr_expect_eq(record.line, row->line, "row %zu", i);
	}
	cr_expect(!next_of(me, &at, &record, &torn));
	cr_expect_eq(torn, 0);
	cr_expect_eq(peer_side(me)->used, 0, "the other side was written to");
}

Test(record, round_trip)
{
	expect_round_trip(SERVER);
	expect_round_trip(CLIENT);
}

/* Writes one record of an `a` for each byte of label and value and reads it back. */
static void expect_lengths(size_t label_length, size_t value_length)
{
	struct role *me = role_on_new_board(CLIENT);
	char label[LABEL_ROOM + 16] = "", value[VALUE_ROOM + 1200] = "";
	size_t label_max = LABEL_ROOM - 1, value_max = VALUE_ROOM - 1;
	struct record record;
	unsigned torn = 0;
	size_t at = 0;

	memset(label, 'a', label_length);
	memset(value, 'a', value_length);
	record_put(me, RECORD_SAW, label, value, 123456);
	cr_assert(next_of(me, &at, &record, &torn), "%zu and %zu bytes", label_length,
		  value_length);
	cr_expect_eq(strlen(record.label), label_length < label_max ? label_length : label_max,
		     "%zu and %zu bytes: label %zu", label_length, value_length,
		     strlen(record.label));
	cr_expect_eq(strlen(record.value), value_length < value_max ? value_length : value_max,
		     "%zu and %zu bytes: value %zu", label_length, value_length,
		     strlen(record.value));
	munmap(me->board, sizeof *me->board);
}

/* Whatever the writer writes the reader takes, and cut is only what no reader could hold. */
Test(record, round_trip_at_the_limits)
{
	static const size_t labels[] = { 0, 1, 75, 79, 80, 81, 96 };
	static const size_t values[] = { 0, 1, 900, 959, 960, 961, 1000, 1024, 2000 };

	for (size_t l = 0; l < sizeof labels / sizeof *labels; l++)
		for (size_t v = 0; v < sizeof values / sizeof *values; v++)
			expect_lengths(labels[l], values[v]);
}

Test(record, escapes_are_cut_whole)
{
	struct role *me = role_on_new_board(SERVER);
	struct record record;
	char value[600];
	unsigned torn = 0;
	size_t at = 0;

	memset(value, '\n', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	record_put(me, RECORD_BROKEN, "", value, 1);
	cr_assert(next_of(me, &at, &record, &torn));
	cr_assert_eq(strlen(record.value) % 4, 0, "%zu bytes", strlen(record.value));
	cr_expect_str_eq(record.value + strlen(record.value) - 4, "\\x0a");
}

static bool is_untouched(const struct side *side)
{
	const char *bytes = (const char *)side;

	for (size_t i = 0; i < sizeof *side; i++)
		if (bytes[i])
			return false;
	return true;
}

/* 17 bytes do not divide RECORDS_MAX: the last one would stick out into the other side. */
Test(record, what_does_not_fit_is_lost_and_noticed)
{
	struct role *me = role_on_new_board(SERVER);
	unsigned torn, put = 0, count;

	cr_assert_neq(RECORDS_MAX % 17, 0);
	while (my_side(me)->used <= RECORDS_MAX) {
		record_put(me, RECORD_SAW, "label", "value2", 1);
		put++;
	}
	cr_expect_eq(my_side(me)->used, put * 17);
	record_put(me, RECORD_SAW, "label", "value2", 1);
	cr_expect_gt(my_side(me)->used, RECORDS_MAX);
	count = count_records(my_side(me)->records, RECORDS_MAX, &torn);
	cr_expect_eq(count, put - 1, "all but the last: %u of %u", count, put);
	cr_expect_eq(torn, 0);
	cr_expect(is_untouched(peer_side(me)), "written over the end");
}

Test(record, exactly_full)
{
	static const char one[] = "=\tlabel\tvalue\t1\n"; /* 16 bytes: they divide RECORDS_MAX */
	struct role *me = role_on_new_board(CLIENT);
	unsigned torn;

	cr_assert_eq(RECORDS_MAX % (sizeof one - 1), 0);
	for (size_t i = 0; i < RECORDS_MAX / (sizeof one - 1); i++)
		record_put(me, RECORD_SAW, "label", "value", 1);
	cr_expect_eq(my_side(me)->used, RECORDS_MAX);
	cr_expect_eq(count_records(my_side(me)->records, RECORDS_MAX, &torn),
		     RECORDS_MAX / (sizeof one - 1));
	cr_expect_eq(torn, 0);
}

/* ---- Bytes that nobody wrote ---- */

/* A page that ends where no byte may be read. */
static char *page_before_wall(size_t *ret_size)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, size * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(pages, MAP_FAILED);
	cr_assert_eq(mprotect(pages + size, size, PROT_NONE), 0);
	*ret_size = size;
	return pages;
}

/* Every beginning of a record, flush against the wall. */
Test(record, reads_nothing_behind_the_end)
{
	static const char whole[] = "=\tlabel\tvalue\t17\n";
	size_t size;
	char *page = page_before_wall(&size);

	for (size_t n = 0; n < sizeof whole; n++) {
		char *bytes = page + size - n;
		unsigned torn;
		memcpy(bytes, whole, n);
		bool complete = n == sizeof whole - 1;
		if (n == sizeof whole)
			continue;
		cr_expect_eq(count_records(bytes, n, &torn), complete, "%zu bytes", n);
		cr_expect_eq(torn, n && !complete, "%zu bytes", n);
	}
}

/* Fields longer than any room, against the wall. */
Test(record, reads_no_more_than_fits)
{
	static const char *const heads[] = { "=", "=\t", "=\tlabel\t", "=\tlabel\tvalue\t" };
	size_t size;
	char *page = page_before_wall(&size);

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		unsigned torn;
		memset(page, '1', size);
		memcpy(page, heads[i], strlen(heads[i]));
		cr_expect_eq(count_records(page, size, &torn), 0, "\"%s\"", heads[i]);
		cr_expect_eq(torn, 1, "\"%s\"", heads[i]);
		page[size - 1] = '\n';
		cr_expect_eq(count_records(page, size, &torn), 0, "\"%s\" with a newline",
			     heads[i]);
		cr_expect_eq(torn, 1, "\"%s\" with a newline", heads[i]);
	}
}

/* Mostly pieces that mean something to the reader, so that the soup gets deep into it. */
static void fill_with_soup(char *bytes, size_t n, uint64_t *state)
{
	static const char *const pieces[] = { "=\ta\t", "!\t\t", "-", "\t", "1", "1\t1\n", "\n" };

	for (size_t at = 0; at < n;) {
		uint64_t random = next_random(state) >> 32;
		const char *piece = pieces[random % (sizeof pieces / sizeof *pieces)];
		size_t length = strlen(piece);
		if (random & 0x700 && length <= n - at)
			memcpy(bytes + at, piece, length);
		else
			length = 1, bytes[at] = (char)(random >> 16);
		at += length;
	}
}

/* Reads soup; at must move with every record, and nothing longer than its room may come. */
static unsigned swallow(const char *bytes, size_t n, unsigned round)
{
	struct record record;
	unsigned torn = 0, count = 0;

	for (size_t at = 0, before = 0; record_next(bytes, n, &at, &record, &torn); before = at) {
		cr_assert_gt(at, before, "round %u stands still", round);
		cr_assert_lt(strnlen(record.label, LABEL_ROOM), LABEL_ROOM, "round %u", round);
		cr_assert_lt(strnlen(record.value, VALUE_ROOM), VALUE_ROOM, "round %u", round);
		cr_assert_geq(record.line, 0, "round %u", round);
		count++;
	}
	cr_assert_leq(torn + count, n, "round %u", round);
	return count;
}

Test(record, survives_soup)
{
	enum { ROUNDS = 10000 };
	uint64_t state = 20240607;
	unsigned count = 0;
	size_t size;
	char *page = page_before_wall(&size);

	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t n = next_random(&state) % 512;
		fill_with_soup(page + size - n, n, &state);
		count += swallow(page + size - n, n, round);
	}
	cr_expect_gt(count, 100, "the soup is too thin: %u records", count);
}

Test(record, a_side_that_says_too_much_has_lost_some)
{
	static struct side side;

	atomic_store(&side.used, 12);
	cr_expect_eq(side_records(&side).n, 12);
	cr_expect_not(side_records(&side).lost);
	atomic_store(&side.used, UINT32_MAX);
	cr_expect_eq(side_records(&side).n, RECORDS_MAX);
	cr_expect(side_records(&side).lost);
}

Test(record, a_side_stands_where_it_says)
{
	static struct side side;
	char text[128] = "as before";

	cr_expect_not(side_stood(&side, text, sizeof text));
	cr_expect_str_eq(text, "as before");
	strcpy(side.call.name, "recv");
	cr_expect(side_stood(&side, text, sizeof text));
	cr_expect_str_eq(text, "in recv()");
	strcpy(side.place, "ready");
	atomic_store(&side.state, ROLE_AT_MEETING);
	cr_expect(side_stood(&side, text, sizeof text));
	cr_expect_str_eq(text, "at meeting \"ready\"");
	atomic_store(&side.state, ROLE_WAITING);
	cr_expect(side_stood(&side, text, sizeof text));
	cr_expect_str_eq(text, "waiting until ready");
}

Test(record, where_a_side_stands_has_an_end_and_no_escapes)
{
	static struct side side;
	char text[128];

	memset(&side, 0x1b, offsetof(struct side, messages));
	atomic_store(&side.state, ROLE_RUNNING);
	cr_expect(side_stood(&side, text, sizeof text));
	cr_expect_eq(strspn(text + strlen("in "), "?"), sizeof side.call.name - 1);
	atomic_store(&side.state, ROLE_WAITING);
	cr_expect(side_stood(&side, text, sizeof text));
	cr_expect_eq(strlen(text), strlen("waiting until ") + NAME_MAX_LEN - 1);
	cr_expect_eq(strspn(text + strlen("waiting until "), "?"), NAME_MAX_LEN - 1);
}
