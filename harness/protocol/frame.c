/* frame.c -- reads and writes frames with a length in front. */
#include "protocol/frame.h"

#include <string.h>

#include "protocol/number.h"

/* Why no payload may have this length; NULL: it may. */
static const char *payload_fault(const struct frame_rules *rules, uint64_t payload)
{
	if (payload > rules->max)
		return "the frame is longer than allowed";
	if (!payload && !rules->zero_allowed)
		return "the frame is empty";
	return NULL;
}

struct parse frame_parse(const struct frame_rules *rules, const uint8_t *bytes, size_t len,
			 struct frame *ret_frame)
{
	size_t header = rules->header;

	if (len < header) {
		ret_frame->missing = header - len;
		return parse_partial();
	}
	uint64_t length = number_load(bytes, header, rules->little_endian);
	if (rules->counts_header && length < header)
		return parse_bad(header - 1, "the length is smaller than the header it counts");

	/* From here on nothing is added to a length: it may be near the greatest number. */
	uint64_t payload = rules->counts_header ? length - header : length;
	const char *fault = payload_fault(rules, payload);
	if (fault)
		return parse_bad(header - 1, fault);
	if (payload > len - header) {
		ret_frame->missing = payload - (len - header);
		return parse_partial();
	}
	ret_frame->payload = (struct slice){ bytes + header, (size_t)payload };
	return parse_done(header + (size_t)payload);
}

struct parse frame_next(const struct frame_rules *rules, struct slice *rest,
			struct frame *ret_frame)
{
	struct parse result = frame_parse(rules, rest->bytes, rest->len, ret_frame);

	if (result.status == PARSE_DONE) {
		rest->bytes += result.used;
		rest->len -= result.used;
	}
	return result;
}

size_t frame_encode(const struct frame_rules *rules, struct slice payload, uint8_t *bytes,
		    size_t room)
{
	size_t header = rules->header;
	uint64_t greatest = UINT64_MAX >> (64 - 8 * header);
	uint64_t length = (uint64_t)payload.len + (rules->counts_header ? header : 0);

	if (payload_fault(rules, payload.len) || length > greatest)
		return 0;
	if (payload.len > room || header > room - payload.len)
		return header + payload.len;
	number_store(length, bytes, header, rules->little_endian);
	if (payload.len)
		memcpy(bytes + header, payload.bytes, payload.len);
	return header + payload.len;
}
