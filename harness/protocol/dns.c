/* dns.c -- reads messages record by record. */
#include "protocol/dns.h"

#include "protocol/dns_form.h"
#include "protocol/number.h"

/* Reads numbers of `size` bytes; false: the data end before. */
static bool read_numbers(struct slice message, size_t *at, uint32_t *numbers, size_t count,
			 size_t size)
{
	if (count * size > message.len - *at)
		return false;
	for (size_t i = 0; i < count; i++, *at += size)
		numbers[i] = (uint32_t)number_load(message.bytes + *at, size, false);
	return true;
}

/* Reads data of names and numbers, from the offset `at` to the end of `message`, which is cut
 * there. */
static struct parse read_fields(struct slice message, size_t at, const struct dns_form *form,
				struct dns_record *record)
{
	static const char mismatch[] = "the data are not as long as their fields";

	if (!read_numbers(message, &at, record->numbers, form->shorts, 2))
		return parse_bad(at, mismatch);
	for (size_t i = 0; i < form->names; i++) {
		struct parse name =
			dns_name_parse(message.bytes, message.len, at, &record->names[i]);
		if (name.status == PARSE_PARTIAL)
			return parse_bad(at, "the data end amid a name");
		if (name.status == PARSE_BAD)
			return name;
		at += name.used;
	}
	if (!read_numbers(message, &at, record->numbers, form->longs, 4) || at < message.len)
		return parse_bad(at, mismatch);
	return parse_done(at);
}

/* Reads what follows a record's name, type and class. */
static struct parse read_data(struct slice message, size_t at, struct dns_record *record)
{
	enum { FRONT = 6 };

	if (message.len - at < FRONT)
		return parse_partial();
	record->ttl = (uint32_t)number_load(message.bytes + at, 4, false);
	record->data.len = (size_t)number_load(message.bytes + at + 4, 2, false);
	at += FRONT;
	if (record->data.len > message.len - at)
		return parse_partial();
	record->data.bytes = message.bytes + at;
	message.len = at + record->data.len;

	const struct dns_form *form = dns_form_of(record->type, record->class);
	if (form->data == DNS_FIELDS)
		return read_fields(message, at, form, record);
	if (!dns_data_fits(form, record->data))
		return parse_bad(at, "the data are not what the type has");
	return parse_done(message.len);
}

/* Reads the question or record at the cursor; used is the offset behind it. */
static struct parse read_record(const struct dns_cursor *cursor, struct dns_record *record)
{
	struct slice message = cursor->message;
	struct parse name = dns_name_parse(message.bytes, message.len, cursor->at, &record->name);
	size_t at = cursor->at + name.used;

	if (name.status != PARSE_DONE)
		return name;
	if (message.len - at < 4)
		return parse_partial();
	record->section = (enum dns_section)cursor->section;
	record->type = (uint16_t)number_load(message.bytes + at, 2, false);
	record->class = (uint16_t)number_load(message.bytes + at + 2, 2, false);
	record->ttl = 0;
	record->data = (struct slice){ 0 };
	if (record->section == DNS_QUESTION)
		return parse_done(at + 4);

	const char *fault = NULL;
	if (record->type == DNS_OPT)
		fault = dns_opt_fault(record, cursor->has_opt);
	return fault ? parse_bad(at, fault) : read_data(message, at + 4, record);
}

/* Whether there is a record at the cursor, which goes to the section that has one. */
static bool at_record(struct dns_cursor *cursor)
{
	while (cursor->section < DNS_SECTIONS &&
	       cursor->index == cursor->header.counts[cursor->section]) {
		cursor->section++;
		cursor->index = 0;
	}
	return cursor->section < DNS_SECTIONS;
}

static void go_on(struct dns_cursor *cursor, const struct dns_record *record, size_t at)
{
	cursor->at = at;
	cursor->index++;
	cursor->has_opt |= record->section != DNS_QUESTION && record->type == DNS_OPT;
}

struct dns_cursor dns_records(const uint8_t *bytes, size_t len)
{
	struct dns_cursor cursor = { .message = { bytes, len }, .at = DNS_HEADER };

	/* Without a whole header there is no record: all counts are 0. */
	if (len < DNS_HEADER)
		return cursor;
	cursor.header.id = (uint16_t)number_load(bytes, 2, false);
	cursor.header.flags = (uint16_t)number_load(bytes + 2, 2, false);
	for (size_t i = 0; i < DNS_SECTIONS; i++)
		cursor.header.counts[i] = (uint16_t)number_load(bytes + 4 + 2 * i, 2, false);
	return cursor;
}

bool dns_next(struct dns_cursor *cursor, struct dns_record *ret_record)
{
	if (!at_record(cursor))
		return false;

	struct parse record = read_record(cursor, ret_record);
	if (record.status == PARSE_DONE)
		go_on(cursor, ret_record, record.used);
	return record.status == PARSE_DONE;
}

struct parse dns_parse(const uint8_t *bytes, size_t len, struct dns_header *ret_header)
{
	struct dns_cursor cursor = dns_records(bytes, len);
	struct dns_record record;

	*ret_header = cursor.header;
	if (len < DNS_HEADER)
		return parse_partial();
	while (at_record(&cursor)) {
		struct parse step = read_record(&cursor, &record);
		if (step.status != PARSE_DONE)
			return step;
		go_on(&cursor, &record, step.used);
	}
	return parse_done(cursor.at);
}
