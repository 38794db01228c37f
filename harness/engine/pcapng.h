/* pcapng.h -- packets as a pcapng file: one section of one interface, little-endian, nanoseconds.
 *
 * The blocks follow draft-ietf-opsawg-pcapng. Nothing is asked of the system; errors are those of
 * the stream and stay in it (ferror).
 */
#ifndef SOCKDRILL_PCAPNG_H
#define SOCKDRILL_PCAPNG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PCAPNG_ETHERNET = 1 }; /* a link type */

/* What stands at the beginning; texts are UTF-8, "" leaves one out. */
struct pcapng_head {
	const char *comment;
	const char *system;
	const char *program;
	const char *interface;
	uint16_t link_type;
};

struct pcapng_packet {
	int64_t time_ns; /* since 1970 */
	uint32_t length; /* of the packet */
	uint32_t kept;   /* of its bytes, as many as follow */
	const void *bytes;
};

/* What stands at the end. */
struct pcapng_count {
	int64_t time_ns; /* of the last packet */
	uint64_t received;
	uint64_t lost;
	const char *comment;
};

void pcapng_begin(FILE *out, const struct pcapng_head *head);
void pcapng_put(FILE *out, const struct pcapng_packet *packet);
void pcapng_end(FILE *out, const struct pcapng_count *count);

#endif
