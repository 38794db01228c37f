/* dns.h -- messages of the domain name system: read, and written with compression.
 *
 * Source: RFC 1035 4 (messages), RFC 3596 (AAAA), RFC 2782 (SRV), RFC 6891 (OPT), RFC 3597 (types
 * that are not known, and which names may be compressed).
 *
 * Accepted on purpose: types that are not listed below, whose data stay bytes; bytes behind the
 * message (used says where it ends); any opcode, flags and class; compressed names in SRV, which
 * are never written.
 * Refused on purpose: counts that promise more than there is (partial: a datagram that is partial
 * is bad); data that do not end where their length says; a TXT without a string; an OPT that is not
 * alone, not the root's or not in the additional section; what dns_name.h refuses.
 * Limits: a message may be as long as the caller takes it, 65535 bytes by RFC 1035 4.2.2; each of
 * its names costs at most DNS_HOPS_MAX pointers.
 */
#ifndef SOCKDRILL_DNS_H
#define SOCKDRILL_DNS_H

#include "protocol/dns_name.h"

enum { DNS_MESSAGE_MAX = 65535, DNS_UDP_MAX = 512, DNS_DATA_MAX = 65535 };

enum dns_flag {
	DNS_RESPONSE = 1 << 15,
	DNS_AUTHORITATIVE = 1 << 10,
	DNS_TRUNCATED = 1 << 9,
	DNS_RECURSION_DESIRED = 1 << 8,
	DNS_RECURSION_AVAILABLE = 1 << 7,
	DNS_OPCODE_MASK = 15 << 11,
	DNS_RCODE_MASK = 15
};

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_OPT = 41
};

enum { DNS_IN = 1 };

enum dns_section { DNS_QUESTION, DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL, DNS_SECTIONS };

struct dns_header {
	uint16_t id;
	uint16_t flags;
	uint16_t counts[DNS_SECTIONS];
};

enum { DNS_NAMES_MAX = 2, DNS_NUMBERS_MAX = 5 };

/* A question (with section, name, type and class alone) or a resource record. */
struct dns_record {
	enum dns_section section;
	struct dns_name name;
	uint16_t type;
	uint16_t class; /* of OPT: the payload that fits */
	uint32_t ttl;   /* of OPT: more of the rcode, version, flags */
	/* The data as they are in the message. To be written, of those types alone that have
	 * neither names nor numbers. */
	struct slice data;
	/* NS, CNAME, PTR, MX, SRV: one; SOA: the primary server's and the mailbox's. */
	struct dns_name names[DNS_NAMES_MAX];
	/* MX: preference. SRV: priority, weight, port. SOA: serial, refresh, retry, expire,
	 * minimum. */
	uint32_t numbers[DNS_NUMBERS_MAX];
};

/* A place in a message. Only dns.c looks in. */
struct dns_cursor {
	struct slice message;
	size_t at;
	unsigned section;
	uint16_t index; /* in the section, of the record at the place */
	bool has_opt;
	struct dns_header header;
};

/* Reads a whole message; all that dns_next() will give was checked. */
struct parse dns_parse(const uint8_t *bytes, size_t len, struct dns_header *ret_header);

/* Begins to read the records of a message of which dns_parse() said that it is done. */
struct dns_cursor dns_records(const uint8_t *bytes, size_t len);

/* Gives the next question or record, false after the last one (or where the message is not done).
 */
bool dns_next(struct dns_cursor *cursor, struct dns_record *ret_record);

/* Takes the next string of a TXT's data off *rest. False: there is none, or only a part. */
bool dns_next_string(struct slice *rest, struct slice *ret_string);

/* Takes the next option of an OPT's data off *rest. False: there is none, or only a part. */
bool dns_next_option(struct slice *rest, uint16_t *ret_code, struct slice *ret_value);

enum { DNS_TARGETS_MAX = 32 };

/* Where a pointer may point to: a label, and how long the name is from there. */
struct dns_target {
	uint16_t at;
	uint8_t len;
};

/* A message that is being written; `used` is its size so far. The rest is dns_write.c's. */
struct dns_writer {
	uint8_t *bytes;
	size_t room;
	size_t used;
	struct dns_header header;
	enum dns_section section;
	bool has_opt;
	struct dns_target targets[DNS_TARGETS_MAX];
	size_t target_count;
};

enum dns_written {
	DNS_WRITTEN,
	DNS_NO_ROOM, /* nothing was changed but, for an answer or authority, DNS_TRUNCATED set */
	DNS_UNFIT /* the type does not allow such data, or the section is over; nothing was changed
		   */
};

/* Begins a message of so many bytes at most. DNS_NO_ROOM: that is less than a header, and nothing
 * is begun. */
enum dns_written dns_write_begin(struct dns_writer *writer, uint8_t *bytes, size_t room,
				 uint16_t id, uint16_t flags);

/* Appends a question or record; sections must not go back. After each one, the bytes are a message.
 */
enum dns_written dns_write(struct dns_writer *writer, const struct dns_record *record);

struct dns_query {
	uint16_t id;
	bool recursion;
	struct dns_name name;
	uint16_t type;
	uint16_t class;
	uint16_t payload; /* what an answer's datagram may hold, by an OPT record; 0: without OPT */
};

/* Writes the query when it fits into `room`. Gives the size it needs. */
size_t dns_encode_query(const struct dns_query *query, uint8_t *bytes, size_t room);

#endif
