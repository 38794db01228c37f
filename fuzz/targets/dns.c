/* dns.c -- fuzzes messages: read, written again, written where there is no room; and names as text.
 */
#include "protocol/dns.h"

#include "protocol/property.h"

/* Messages of more records are read, but not written: that would teach nothing, and take time. */
enum { INPUT_MAX = 1 << 16, ROOM = 1 << 15, WRITTEN_MAX = 8 };

GUARD_FOR_TARGET(INPUT_MAX)

static struct parse parse(const void *rules, const uint8_t *bytes, size_t len)
{
	struct dns_header header;

	(void)rules;
	return dns_parse(bytes, len, &header);
}

static bool same_data(const struct dns_record *a, const struct dns_record *b)
{
	bool named = a->type == DNS_MX || a->type == DNS_NS || a->type == DNS_CNAME ||
		     a->type == DNS_PTR || a->type == DNS_SOA || a->type == DNS_SRV;

	/* Their names are compressed in other ways. */
	return named ||
	       (a->data.len == b->data.len && !memcmp(a->data.bytes, b->data.bytes, a->data.len));
}

static void check_same(const struct dns_record *a, const struct dns_record *b)
{
	property(a->section == b->section && a->type == b->type && a->class == b->class);
	property(a->name.len == b->name.len && !memcmp(a->name.wire, b->name.wire, a->name.len));
	if (a->section != DNS_QUESTION)
		property(a->ttl == b->ttl && same_data(a, b));
}

/* A name as text is the same name again, and the case of the text does not count. */
static void check_name(const struct dns_name *name)
{
	uint8_t text[DNS_NAME_TEXT_MAX];
	size_t size = dns_name_text(name, text, sizeof text);
	struct dns_name again;

	property(size <= sizeof text && dns_name_text(name, text, size - 1) == size);
	property(dns_name_of_text(text, size, &again).used == size);
	property(again.len == name->len && !memcmp(again.wire, name->wire, name->len));
	for (size_t i = 0; i < again.len; i++)
		if (again.wire[i] >= 'a' && again.wire[i] <= 'z')
			again.wire[i] -= 'a' - 'A';
	property(dns_name_equal(name, &again));
}

/* Writes the records of the message into so much room; gives how many did not fit. */
static size_t rewrite(struct slice message, struct dns_writer *writer, uint8_t *bytes, size_t room)
{
	struct dns_cursor cursor = dns_records(message.bytes, message.len);
	struct dns_header header = cursor.header;
	struct dns_record record;
	size_t lost = 0;

	if (dns_write_begin(writer, bytes, room, header.id, header.flags) != DNS_WRITTEN)
		return SIZE_MAX;
	while (dns_next(&cursor, &record)) {
		enum dns_written written = dns_write(writer, &record);
		property(written != DNS_UNFIT);
		lost += written == DNS_NO_ROOM;
		if (written == DNS_NO_ROOM && record.section % 3)
			property(writer->header.flags & DNS_TRUNCATED);
	}
	property(parse(NULL, bytes, writer->used).used == writer->used);
	return lost;
}

/* What was read is written so that it reads the same; a second time these are the same bytes. */
static void check_written(struct slice message)
{
	uint8_t first[ROOM];
	uint8_t second[ROOM];
	struct dns_writer writer;
	struct dns_record record;
	struct dns_record again;
	struct dns_name last = { .len = 1 };

	if (rewrite(message, &writer, first, sizeof first))
		return;
	struct dns_cursor a = dns_records(message.bytes, message.len);
	struct dns_cursor b = dns_records(first, writer.used);
	while (dns_next(&a, &record)) {
		property(dns_next(&b, &again));
		check_same(&record, &again);
		check_name(&record.name);
		property(dns_name_equal(&record.name, &last) ==
			 dns_name_equal(&last, &record.name));
		last = record.name;
	}
	property(!dns_next(&b, &again));

	size_t used = writer.used;
	property(!rewrite((struct slice){ first, used }, &writer, second, sizeof second));
	property(writer.used == used && !memcmp(first, second, used));
}

/* Records that are not what their type allows, or come too late: whatever is taken of them, what is
 * there is a message. */
static void check_astray(struct slice message)
{
	struct dns_cursor cursor = dns_records(message.bytes, message.len);
	struct dns_writer writer;
	struct dns_record record;
	uint8_t bytes[ROOM];

	dns_write_begin(&writer, bytes, sizeof bytes, 0, 0);
	while (dns_next(&cursor, &record)) {
		dns_write(&writer, &record);
		record.numbers[0] = record.ttl;
		record.data.len -= record.data.len > 0;
		dns_write(&writer, &record);
		record.section = (enum dns_section)(record.ttl % DNS_SECTIONS);
		dns_write(&writer, &record);
	}
	property(parse(NULL, bytes, writer.used).used == writer.used);
}

/* Any bytes as a name's text; what is one can be asked for. */
static void check_text(const uint8_t *text, size_t len)
{
	struct dns_query query = { .id = 1,
				   .recursion = len & 1,
				   .type = DNS_A,
				   .class = DNS_IN,
				   .payload = len & 2 ? 1232 : 0 };
	struct parse whole = dns_name_of_text(text, len, &query.name);
	struct dns_record record;
	uint8_t bytes[512];

	property_result(whole, len);
	if (whole.status != PARSE_DONE)
		return;
	check_name(&query.name);
	size_t size = dns_encode_query(&query, bytes, sizeof bytes);
	property(size <= sizeof bytes && parse(NULL, bytes, size).used == size);
	property(dns_encode_query(&query, bytes, size - 1) == size);
	struct dns_cursor cursor = dns_records(bytes, size);
	property(dns_next(&cursor, &record) && dns_name_equal(&record.name, &query.name));
}

/* A message that is done. Its first bytes say how much room there is when it is written again. */
static void check_message(struct slice message)
{
	struct dns_cursor cursor = dns_records(message.bytes, message.len);
	struct dns_writer writer;
	unsigned records = 0;

	for (unsigned section = 0; section < DNS_SECTIONS; section++)
		records += cursor.header.counts[section];
	if (records > WRITTEN_MAX)
		return;
	check_written(message);
	check_astray(message);
	size_t room = (size_t)cursor.header.id % 300;
	rewrite(message, &writer, guard_tail(&guard, room), room);
}

/* Records up to the fault can be had, not one behind it. */
static void check_beginning(const uint8_t *bytes, size_t len)
{
	struct dns_cursor cursor = dns_records(bytes, len);
	struct dns_record record;

	while (dns_next(&cursor, &record))
		property(cursor.at <= len);
	property(cursor.section < DNS_SECTIONS || len < DNS_HEADER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;
	struct parse whole = property_few_splits(&guard, parse, NULL, data, size);

	check_text(data, size);
	if (whole.status == PARSE_DONE)
		check_message((struct slice){ data, whole.used });
	else
		check_beginning(data, size);
	return 0;
}
