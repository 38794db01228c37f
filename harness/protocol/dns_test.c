/* dns_test.c -- messages read and written; dns_judge.py compares far more. */
#include "protocol/dns.h"

#include <criterion/criterion.h>

#include "protocol/property.h"

enum { ROOM = 1024 };

static struct dns_name name_of(const char *text)
{
	struct dns_name name;

	cr_assert_eq(dns_name_of_text((const uint8_t *)text, strlen(text), &name).status,
		     PARSE_DONE);
	return name;
}

static struct parse parse(const void *rules, const uint8_t *bytes, size_t len)
{
	struct dns_header header;

	(void)rules;
	return dns_parse(bytes, len, &header);
}

static struct dns_record question(const char *name, uint16_t type)
{
	return (struct dns_record){ DNS_QUESTION, name_of(name), type, DNS_IN };
}

static struct dns_record answer(const char *name, uint16_t type)
{
	return (struct dns_record){ DNS_ANSWER, name_of(name), type, DNS_IN, .ttl = 3600 };
}

static struct dns_record with_data(struct dns_record record, const void *bytes, size_t len)
{
	record.data = (struct slice){ bytes, len };
	return record;
}

#define WITH(record, text) with_data(record, text, sizeof(text) - 1)

static struct dns_record opt_record(void)
{
	return (struct dns_record){ DNS_ADDITIONAL, { .len = 1 }, DNS_OPT, 1232 };
}

Test(dns, a_query_is_these_bytes)
{
	static const uint8_t want[] = "\x12\x34\1\0\0\1\0\0\0\0\0\1"
				      "\3www\7example\3com\0\0\x1c\0\1"
				      "\0\0\x29\4\xd0\0\0\0\0\0";
	struct dns_query query = { .id = 0x1234,
				   .recursion = true,
				   .name = name_of("www.example.com"),
				   .type = DNS_AAAA,
				   .class = DNS_IN,
				   .payload = 1232 };
	uint8_t bytes[sizeof want];

	cr_assert_eq(dns_encode_query(&query, NULL, 0), sizeof want);
	cr_assert_eq(dns_encode_query(&query, bytes, sizeof bytes), sizeof want);
	cr_assert_eq(memcmp(bytes, want, sizeof want), 0);
	query.payload = 0;
	cr_assert_eq(dns_encode_query(&query, bytes, sizeof bytes), sizeof want - 11);
}

/* An answer with a record of each kind. */
static size_t write_all(uint8_t *bytes, size_t room)
{
	struct dns_record records[] = {
		question("www.example.com", DNS_A),
		answer("www.example.com", DNS_CNAME),
		WITH(answer("web.example.com", DNS_A), "\x7f\0\0\1"),
		answer("example.com", DNS_MX),
		answer("_sip._tcp.example.com", DNS_SRV),
		answer("example.com", DNS_SOA),
		WITH(answer("example.com", DNS_TXT), "\5hello\0\5world"),
		WITH(answer("example.com", DNS_AAAA), "0123456789abcdef"),
		WITH(answer("example.com", 65280), "any\xc0thing"),
		WITH(opt_record(), "\0\x0a\0\4cook\0\3\0\0"),
	};
	struct dns_writer writer;

	records[1].names[0] = name_of("web.example.com");
	records[3].names[0] = name_of("mail.example.com");
	records[3].numbers[0] = 10;
	records[4].names[0] = name_of("sip.example.com");
	memcpy(records[4].numbers, (uint32_t[]){ 1, 2, 5060 }, 3 * sizeof(uint32_t));
	records[5].names[0] = name_of("ns.example.com");
	records[5].names[1] = name_of("root.example.com");
	memcpy(records[5].numbers, (uint32_t[]){ 1, 2, 3, 4, UINT32_MAX }, 5 * sizeof(uint32_t));

	cr_assert_eq(dns_write_begin(&writer, bytes, room, 7, DNS_RESPONSE), DNS_WRITTEN);
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		cr_assert_eq(dns_write(&writer, &records[i]), DNS_WRITTEN, "record %zu", i);
		cr_assert_eq(parse(NULL, bytes, writer.used).used, writer.used);
	}
	return writer.used;
}

Test(dns, every_kind_is_read_as_written)
{
	uint8_t bytes[ROOM];
	size_t len = write_all(bytes, sizeof bytes);
	struct guard guard = guard_make(ROOM);
	struct dns_header header;
	struct dns_record record;
	struct dns_name want;

	cr_assert_eq(property_splits(&guard, parse, NULL, bytes, len).used, len);
	guard_free(&guard);
	dns_parse(bytes, len, &header);
	cr_assert(header.id == 7 && header.flags == DNS_RESPONSE);
	cr_assert(header.counts[0] == 1 && header.counts[1] == 8 && header.counts[2] == 0 &&
		  header.counts[3] == 1);

	struct dns_cursor cursor = dns_records(bytes, len);
	cr_assert(dns_next(&cursor, &record));
	cr_assert(record.section == DNS_QUESTION && record.type == DNS_A);
	cr_assert(dns_next(&cursor, &record));
	want = name_of("WEB.example.com");
	cr_assert(record.type == DNS_CNAME && dns_name_equal(&record.names[0], &want));
	cr_assert(dns_next(&cursor, &record));
	cr_assert(record.type == DNS_A && record.data.len == 4 && record.data.bytes[0] == 127);
	cr_assert(dns_name_equal(&record.name, &want));
	cr_assert(dns_next(&cursor, &record));
	cr_assert(record.type == DNS_MX && record.numbers[0] == 10);
	cr_assert(dns_next(&cursor, &record));
	want = name_of("sip.example.com");
	cr_assert(record.type == DNS_SRV && record.numbers[0] == 1 && record.numbers[1] == 2 &&
		  record.numbers[2] == 5060 && dns_name_equal(&record.names[0], &want));
	/* RFC 2782: not compressed. */
	cr_assert_eq(record.data.len, 6 + want.len);
	cr_assert(dns_next(&cursor, &record));
	want = name_of("root.example.com");
	cr_assert(record.type == DNS_SOA && record.numbers[4] == UINT32_MAX &&
		  dns_name_equal(&record.names[1], &want));
	/* Each of both names is a label and a pointer. */
	cr_assert_eq(record.data.len, 5 + 7 + 20);
	cr_assert(dns_next(&cursor, &record) && record.type == DNS_TXT);
	cr_assert(dns_next(&cursor, &record) && record.type == DNS_AAAA);
	cr_assert(dns_next(&cursor, &record) && record.type == 65280 && record.data.len == 9);
	cr_assert(dns_next(&cursor, &record));
	cr_assert(record.type == DNS_OPT && record.section == DNS_ADDITIONAL &&
		  record.class == 1232);
	cr_assert_not(dns_next(&cursor, &record));
}

Test(dns, strings_and_options_one_by_one)
{
	struct slice text = { (const uint8_t *)"\5hello\0\3ab", 10 };
	struct slice options = { (const uint8_t *)"\0\x0a\0\2ab\0\3\0\0\0\1\0", 13 };
	struct slice part;
	uint16_t code;

	cr_assert(dns_next_string(&text, &part) && part.len == 5);
	cr_assert(dns_next_string(&text, &part) && part.len == 0);
	cr_assert_not(dns_next_string(&text, &part));
	cr_assert_eq(text.len, 3);
	cr_assert(dns_next_option(&options, &code, &part) && code == 10 && part.len == 2);
	cr_assert(dns_next_option(&options, &code, &part) && code == 3 && part.len == 0);
	cr_assert_not(dns_next_option(&options, &code, &part));
	cr_assert_eq(options.len, 3);
}

#define COUNTS(q, an, ns, ar) "\0\1\0\0\0" q "\0" an "\0" ns "\0" ar
#define QUESTION              "\1a\0\0\1\0\1"
#define RECORD(type, data)    "\0\0" type "\0\1\0\0\0\0" data
#define OPT                   "\0\0\x29\4\xd0\0\0\0\0\0\0"

/* clang-format off */
#define INPUT(text) .input = (text), .len = sizeof(text) - 1

/* used: 0 is partial, or bad with a reason. */
static const struct {
	const char *input;
	size_t len;
	size_t used;
	const char *reason;
} rows[] = {
	{ INPUT(COUNTS("\0", "\0", "\0", "\0")), 12 },
	{ INPUT(COUNTS("\0", "\0", "\0", "\0") "more"), 12 },
	{ INPUT(COUNTS("\1", "\0", "\0", "\0") QUESTION), 19 },
	{ INPUT(COUNTS("\2", "\0", "\0", "\0") QUESTION) },
	{ INPUT(COUNTS("\1", "\0", "\0", "\0") "\1a\0\0\1\0") },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\1", "\0\4abcd")), 27 },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\1", "\0\4abc")) },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\1", "\0")) },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\1", "\0\3abc")),
	  .reason = "the data are not what the type has" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x1c", "\0\4abcd")),
	  .reason = "the data are not what the type has" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x10", "\0\0")),
	  .reason = "the data are not what the type has" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x10", "\0\3\3ab")),
	  .reason = "the data are not what the type has" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x02", "\0\3\1a\0")), 26 },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x02", "\0\2\1a\0")),
	  .reason = "the data end amid a name" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x02", "\0\4\1a\0x")),
	  .reason = "the data are not as long as their fields" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x0f", "\0\1\1")),
	  .reason = "the data are not as long as their fields" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x06", "\0\3\0\0\1")),
	  .reason = "the data are not as long as their fields" },
	{ INPUT(COUNTS("\0", "\1", "\0", "\0") RECORD("\x02", "\0\2\xc0\x17")),
	  .reason = "a pointer does not point backwards" },
	{ INPUT(COUNTS("\0", "\0", "\0", "\1") OPT), 23 },
	{ INPUT(COUNTS("\0", "\0", "\0", "\2") OPT OPT), .reason = "there are several OPT" },
	{ INPUT(COUNTS("\0", "\0", "\1", "\0") OPT),
	  .reason = "an OPT is not in the additional section" },
	{ INPUT(COUNTS("\0", "\0", "\0", "\1") "\1a" OPT), .reason = "an OPT is not the root's" },
	{ INPUT(COUNTS("\0", "\0", "\0", "\1") "\0\0\x29\4\xd0\0\0\0\0\0\4\0\3\0\1"),
	  .reason = "the data are not what the type has" },
};
/* clang-format on */

Test(dns, rows)
{
	struct guard guard = guard_make(ROOM);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct parse got = property_splits(&guard, parse, NULL, rows[i].input, rows[i].len);
		cr_assert_eq(got.used, rows[i].used, "row %zu: %zu %s", i, got.used, got.reason);
		if (rows[i].reason)
			cr_assert_str_eq(got.reason, rows[i].reason, "row %zu", i);
		else
			cr_assert_null(got.reason, "row %zu: %s", i, got.reason);
	}
	guard_free(&guard);
}

/* In every room that is too little, as much as fits is a message, and says so. */
Test(dns, what_does_not_fit_is_left_out)
{
	struct guard guard = guard_make(ROOM);
	const struct dns_record first = question("www.example.com", DNS_A);
	const struct dns_record second = WITH(answer("www.example.com", DNS_A), "\x7f\0\0\1");
	const size_t first_end = DNS_HEADER + 17 + 4;
	const size_t second_end = first_end + 2 + 10 + 4;

	for (size_t room = 0; room <= second_end; room++) {
		uint8_t *bytes = guard_tail(&guard, room);
		struct dns_writer writer;
		enum dns_written begun = dns_write_begin(&writer, bytes, room, 1, 0);
		cr_assert_eq(begun, room < DNS_HEADER ? DNS_NO_ROOM : DNS_WRITTEN);
		if (begun != DNS_WRITTEN)
			continue;
		cr_assert_eq(dns_write(&writer, &first),
			     room < first_end ? DNS_NO_ROOM : DNS_WRITTEN);
		cr_assert_eq(writer.header.flags, 0);
		if (room < first_end)
			continue;
		bool fits = room == second_end;
		cr_assert_eq(dns_write(&writer, &second), fits ? DNS_WRITTEN : DNS_NO_ROOM);
		cr_assert_eq(writer.used, fits ? second_end : first_end);
		cr_assert_eq(bytes[2] << 8, fits ? 0 : DNS_TRUNCATED);
		cr_assert_eq(parse(NULL, bytes, writer.used).used, writer.used);
	}
	guard_free(&guard);
}

Test(dns, what_is_merely_additional_truncates_nothing)
{
	const struct dns_record opt = opt_record();
	uint8_t bytes[DNS_HEADER];
	struct dns_writer writer;

	dns_write_begin(&writer, bytes, sizeof bytes, 1, 0);
	cr_assert_eq(dns_write(&writer, &opt), DNS_NO_ROOM);
	cr_assert_eq(writer.header.flags, 0);
}

Test(dns, what_no_reader_takes_is_not_written)
{
	uint8_t bytes[ROOM];
	struct dns_writer writer;
	struct dns_record mx = answer("a", DNS_MX);
	struct dns_record opt = opt_record();
	struct dns_record late = answer("a", DNS_NS);
	const struct dns_record short_a = WITH(answer("a", DNS_A), "abc");

	mx.names[0] = late.names[0] = name_of("b");
	mx.numbers[0] = 65536;
	dns_write_begin(&writer, bytes, sizeof bytes, 1, 0);
	cr_assert_eq(dns_write(&writer, &mx), DNS_UNFIT);
	cr_assert_eq(dns_write(&writer, &short_a), DNS_UNFIT);
	opt.section = DNS_ANSWER;
	cr_assert_eq(dns_write(&writer, &opt), DNS_UNFIT);
	cr_assert_eq(writer.used, DNS_HEADER);

	opt.section = DNS_ADDITIONAL;
	cr_assert_eq(dns_write(&writer, &opt), DNS_WRITTEN);
	cr_assert_eq(dns_write(&writer, &opt), DNS_UNFIT);
	cr_assert_eq(dns_write(&writer, &late), DNS_UNFIT);
	cr_assert_eq(parse(NULL, bytes, writer.used).used, writer.used);
}

/* Beyond 2^14 bytes no pointer points; beyond the targets that are kept none does either. */
Test(dns, far_and_many_names)
{
	static uint8_t bytes[DNS_MESSAGE_MAX + 100];
	struct dns_writer writer;
	char text[32];
	unsigned count = 0;

	dns_write_begin(&writer, bytes, sizeof bytes, 1, 0);
	for (;; count++) {
		snprintf(text, sizeof text, "n%u.example", count / 2);
		struct dns_record record = question(text, DNS_A);
		if (dns_write(&writer, &record) != DNS_WRITTEN)
			break;
	}
	cr_assert_leq(writer.used, DNS_MESSAGE_MAX);
	cr_assert_gt(writer.used, DNS_MESSAGE_MAX - 20);
	cr_assert_eq(writer.header.counts[DNS_QUESTION], count);

	struct dns_cursor cursor = dns_records(bytes, writer.used);
	struct dns_record record;
	unsigned seen = 0;
	for (; dns_next(&cursor, &record); seen++) {
		snprintf(text, sizeof text, "n%u.example", seen / 2);
		struct dns_name want = name_of(text);
		cr_assert(dns_name_equal(&record.name, &want));
	}
	cr_assert_eq(seen, count);
}

/* The dearest message that fits: all names end in a chain of as many pointers as are allowed. It is
 * read in the time that a bound per name allows, not in the square of its size. */
Test(dns, chains_of_pointers_take_no_more_than_their_bound, .timeout = 10)
{
	static uint8_t bytes[DNS_MESSAGE_MAX];
	struct dns_header header;
	size_t at = DNS_HEADER;
	size_t count = 0;

	memcpy(bytes + at, "\0\0\1\0\1", 5);
	for (at += 5, count = 1; at + 6 <= sizeof bytes; at += 6, count++) {
		size_t hop = (count - 1) % DNS_HOPS_MAX;
		size_t before = hop ? at - 6 : DNS_HEADER;
		size_t target = before <= 0x3fff ? before : DNS_HEADER;
		memcpy(bytes + at, "\0\0\0\1\0\1", 6);
		bytes[at] = (uint8_t)(0xc0 | target >> 8);
		bytes[at + 1] = (uint8_t)target;
	}
	bytes[4] = (uint8_t)(count >> 8);
	bytes[5] = (uint8_t)count;
	cr_assert_eq(dns_parse(bytes, at, &header).used, at);
}
