/* dns_write.c -- writes messages record by record, names compressed where that is allowed. */
#include "protocol/dns.h"

#include <string.h>

#include "protocol/dns_form.h"
#include "protocol/number.h"

/* Offsets that a pointer can hold. */
enum { POINTER_MAX = 0x3fff };

/* Begins to write `size` bytes. NULL: there is no room for them. */
static uint8_t *take_room(struct dns_writer *writer, size_t size)
{
	uint8_t *bytes = writer->bytes + writer->used;

	if (size > writer->room - writer->used)
		return NULL;
	writer->used += size;
	return bytes;
}

static bool put_number(struct dns_writer *writer, uint64_t number, size_t size)
{
	uint8_t *bytes = take_room(writer, size);

	if (bytes)
		number_store(number, bytes, size, false);
	return bytes;
}

static bool put_bytes(struct dns_writer *writer, const uint8_t *from, size_t size)
{
	uint8_t *bytes = take_room(writer, size);

	if (bytes && size)
		memcpy(bytes, from, size);
	return bytes;
}

/* Whether the name that was written at this offset is just these labels; their case counts, so that
 * a name is read as it was given. */
static bool is_at(const struct dns_writer *writer, size_t at, const uint8_t *labels)
{
	for (;;) {
		const uint8_t *there = writer->bytes + at;
		size_t label = *labels;
		if (*there >= 0xc0) {
			at = (size_t)(there[0] & 0x3f) << 8 | there[1];
			continue;
		}
		if (*there != label || memcmp(there + 1, labels + 1, label) != 0)
			return false;
		if (!label)
			return true;
		at += 1 + label;
		labels += 1 + label;
	}
}

/* The offset at which the labels, so long in all, can be pointed to; 0: nowhere. */
static size_t find_target(const struct dns_writer *writer, const uint8_t *labels, size_t len)
{
	for (size_t i = 0; i < writer->target_count; i++) {
		const struct dns_target *target = &writer->targets[i];
		if (target->len == len && is_at(writer, target->at, labels))
			return target->at;
	}
	return 0;
}

/* The name's labels up to `end` were written from `start` on; from now on others may point there.
 */
static void add_targets(struct dns_writer *writer, size_t start, const struct dns_name *name,
			size_t end)
{
	for (size_t at = 0; at < end; at += 1 + (size_t)name->wire[at]) {
		if (start + at > POINTER_MAX || writer->target_count == DNS_TARGETS_MAX)
			return;
		writer->targets[writer->target_count++] =
			(struct dns_target){ .at = (uint16_t)(start + at),
					     .len = (uint8_t)(name->len - at) };
	}
}

static bool put_compressed(struct dns_writer *writer, const struct dns_name *name)
{
	size_t start = writer->used;
	size_t target = 0;
	size_t len = 0; /* of the labels that cannot be pointed to */

	while (name->wire[len] &&
	       !(target = find_target(writer, name->wire + len, name->len - len)))
		len += 1 + (size_t)name->wire[len];
	if (!put_bytes(writer, name->wire, len))
		return false;
	if (target ? !put_number(writer, 0xc000 | target, 2) : !put_number(writer, 0, 1))
		return false;
	add_targets(writer, start, name, len);
	return true;
}

static bool put_numbers(struct dns_writer *writer, const uint32_t *numbers, size_t count,
			size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (!put_number(writer, numbers[i], size))
			return false;
	return true;
}

static bool put_fields(struct dns_writer *writer, const struct dns_form *form,
		       const struct dns_record *record)
{
	if (!put_numbers(writer, record->numbers, form->shorts, 2))
		return false;
	for (size_t i = 0; i < form->names; i++) {
		const struct dns_name *name = &record->names[i];
		if (!(form->compressed ? put_compressed(writer, name)
				       : put_bytes(writer, name->wire, name->len)))
			return false;
	}
	return put_numbers(writer, record->numbers, form->longs, 4);
}

/* What follows a record's name, type and class. */
static bool put_data(struct dns_writer *writer, const struct dns_form *form,
		     const struct dns_record *record)
{
	if (!put_number(writer, record->ttl, 4) || !put_number(writer, 0, 2))
		return false;

	size_t start = writer->used;
	if (form->data == DNS_FIELDS ? !put_fields(writer, form, record)
				     : !put_bytes(writer, record->data.bytes, record->data.len))
		return false;
	number_store(writer->used - start, writer->bytes + start - 2, 2, false);
	return true;
}

static bool put_record(struct dns_writer *writer, const struct dns_form *form,
		       const struct dns_record *record)
{
	if (!put_compressed(writer, &record->name) || !put_number(writer, record->type, 2) ||
	    !put_number(writer, record->class, 2))
		return false;
	return record->section == DNS_QUESTION || put_data(writer, form, record);
}

static void store_header(const struct dns_writer *writer)
{
	number_store(writer->header.id, writer->bytes, 2, false);
	number_store(writer->header.flags, writer->bytes + 2, 2, false);
	for (size_t i = 0; i < DNS_SECTIONS; i++)
		number_store(writer->header.counts[i], writer->bytes + 4 + 2 * i, 2, false);
}

/* Whether a reader would take such a record at this place. */
static bool is_fit(const struct dns_writer *writer, const struct dns_form *form,
		   const struct dns_record *record)
{
	if (record->section < writer->section)
		return false;
	if (record->section == DNS_QUESTION)
		return true;
	if (record->type == DNS_OPT && dns_opt_fault(record, writer->has_opt))
		return false;
	if (form->data != DNS_FIELDS)
		return dns_data_fits(form, record->data);
	for (size_t i = 0; i < form->shorts; i++)
		if (record->numbers[i] > UINT16_MAX)
			return false;
	return true;
}

enum dns_written dns_write_begin(struct dns_writer *writer, uint8_t *bytes, size_t room,
				 uint16_t id, uint16_t flags)
{
	if (room < DNS_HEADER)
		return DNS_NO_ROOM;
	*writer = (struct dns_writer){
		.bytes = bytes,
		.room = room < DNS_MESSAGE_MAX ? room : DNS_MESSAGE_MAX,
		.used = DNS_HEADER,
		.header = { .id = id, .flags = flags },
	};
	store_header(writer);
	return DNS_WRITTEN;
}

enum dns_written dns_write(struct dns_writer *writer, const struct dns_record *record)
{
	const struct dns_form *form = dns_form_of(record->type, record->class);
	struct dns_writer before = *writer;
	enum dns_written written = DNS_WRITTEN;

	if (!is_fit(writer, form, record))
		return DNS_UNFIT;
	if (put_record(writer, form, record)) {
		writer->section = record->section;
		writer->header.counts[record->section]++;
		writer->has_opt |= record->section != DNS_QUESTION && record->type == DNS_OPT;
	} else {
		*writer = before;
		written = DNS_NO_ROOM;
		/* RFC 2181 9: not for what is merely additional. */
		if (record->section == DNS_ANSWER || record->section == DNS_AUTHORITY)
			writer->header.flags |= DNS_TRUNCATED;
	}
	store_header(writer);
	return written;
}

size_t dns_encode_query(const struct dns_query *query, uint8_t *bytes, size_t room)
{
	enum { QUESTION = 4, OPT = 11 };
	size_t size = DNS_HEADER + query->name.len + QUESTION + (query->payload ? OPT : 0);
	struct dns_record question = { .section = DNS_QUESTION,
				       .name = query->name,
				       .type = query->type,
				       .class = query->class };
	struct dns_record opt = { .section = DNS_ADDITIONAL,
				  .name = { .len = 1 },
				  .type = DNS_OPT,
				  .class = query->payload };
	struct dns_writer writer = { 0 };

	if (size > room)
		return size;
	dns_write_begin(&writer, bytes, room, query->id,
			query->recursion ? DNS_RECURSION_DESIRED : 0);
	dns_write(&writer, &question);
	if (query->payload)
		dns_write(&writer, &opt);
	return size;
}
