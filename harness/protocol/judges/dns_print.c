/* dns_print.c -- what was read of a message, and the message that is written of it.
 *
 *   ok USED ID FLAGS {| SECTION NAME TYPE CLASS TTL DATA} = WRITTEN
 * with numbers in decimal and bytes in hexadecimal, names without compression; an OPT is the last
 * record, whatever its place. What is not done is: partial, or: bad AT REASON, and the
 * records before the fault, with nothing written.
 */
#include "protocol/dns.h"

#include <stdlib.h>

#include "protocol/dns_form.h"
#include "protocol/judges/printers.h"
#include "protocol/number.h"

static void print_numbers(const uint32_t *numbers, size_t count, size_t size, FILE *out)
{
	uint8_t bytes[4];

	for (size_t i = 0; i < count; i++) {
		number_store(numbers[i], bytes, size, false);
		print_hex(bytes, size, out);
	}
}

static void print_record(const struct dns_record *record, FILE *out)
{
	const struct dns_form *form = dns_form_of(record->type, record->class);

	fprintf(out, " | %d ", (int)record->section);
	print_hex(record->name.wire, record->name.len, out);
	fprintf(out, " %u %u", record->type, record->class);
	if (record->section == DNS_QUESTION)
		return;
	fprintf(out, " %" PRIu32 " ", record->ttl);
	if (form->data != DNS_FIELDS) {
		print_hex(record->data.bytes, record->data.len, out);
		return;
	}
	print_numbers(record->numbers, form->shorts, 2, out);
	for (size_t i = 0; i < form->names; i++)
		print_hex(record->names[i].wire, record->names[i].len, out);
	print_numbers(record->numbers, form->longs, 4, out);
}

/* The records again, into as much room as a message may take. */
static void print_written(const uint8_t *bytes, size_t len, FILE *out)
{
	static uint8_t written[DNS_MESSAGE_MAX];
	struct dns_cursor cursor = dns_records(bytes, len);
	struct dns_header header = cursor.header;
	struct dns_record record;
	struct dns_writer writer;

	dns_write_begin(&writer, written, sizeof written, header.id, header.flags);
	while (dns_next(&cursor, &record))
		if (dns_write(&writer, &record) != DNS_WRITTEN)
			abort();
	fputs(" = ", out);
	print_hex(written, writer.used, out);
}

void print_dns(const uint8_t *bytes, size_t len, FILE *out)
{
	struct dns_header header;
	struct parse whole = dns_parse(bytes, len, &header);
	struct dns_cursor cursor = dns_records(bytes, len);
	struct dns_record record;
	struct dns_record opt = { .section = DNS_QUESTION };

	if (whole.status == PARSE_PARTIAL)
		fputs("partial", out);
	if (whole.status == PARSE_BAD)
		fprintf(out, "bad %zu %s", whole.at, whole.reason);
	if (whole.status == PARSE_DONE)
		fprintf(out, "ok %zu %u %u", whole.used, header.id, header.flags);
	while (dns_next(&cursor, &record))
		if (record.section == DNS_ADDITIONAL && record.type == DNS_OPT)
			opt = record;
		else
			print_record(&record, out);
	if (opt.section == DNS_ADDITIONAL)
		print_record(&opt, out);
	if (whole.status == PARSE_DONE)
		print_written(bytes, len, out);
}
