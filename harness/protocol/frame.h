/* frame.h -- messages with their length in front of them.
 *
 * Source: no single one; the forms that protocols use: 1, 2, 4 or 8 bytes of length, of either byte
 * order, counting the payload alone (DNS over TCP, RFC 1035 4.2.2) or the header, too (TPKT,
 * RFC 1006 6).
 *
 * A header is judged when all of it is there. Then a length that is not allowed is bad at once, at
 * the header's last byte, whatever follows: nobody has to hold back memory for it.
 * Accepted on purpose: with a header of 8 bytes and a `max` so large, lengths that no memory holds;
 * they stay partial.
 */
#ifndef SOCKDRILL_FRAME_H
#define SOCKDRILL_FRAME_H

#include "protocol/parse.h"

/* The header's bytes. */
enum frame_header { FRAME_1 = 1, FRAME_2 = 2, FRAME_4 = 4, FRAME_8 = 8 };

enum { FRAME_HEADER_MAX = 8 };

struct frame_rules {
	enum frame_header header;
	bool little_endian;
	bool counts_header; /* the length is that of header and payload */
	bool zero_allowed;  /* a payload of no byte */
	uint64_t max;       /* greatest payload */
};

struct frame {
	struct slice payload; /* when done */
	uint64_t missing;     /* when partial: so many bytes more are needed, at least */
};

/* Reads the frame that `bytes` begin with. Writes *ret_frame when it is done or partial. */
struct parse frame_parse(const struct frame_rules *rules, const uint8_t *bytes, size_t len,
			 struct frame *ret_frame);

/* Reads one frame of those in *rest; when it is done, *rest is what follows it. */
struct parse frame_next(const struct frame_rules *rules, struct slice *rest,
			struct frame *ret_frame);

/* Writes header and payload when they fit into `room`. Gives the size they need, or 0 (and nothing
 * is written) when the rules do not allow the payload or its length does not go into the header. */
size_t frame_encode(const struct frame_rules *rules, struct slice payload, uint8_t *bytes,
		    size_t room);

#endif
