/* decode_data.c -- the data that calls move: how many bytes, and the first of them. */
#include "trace/decode.h"
#include "trace/memory.h"

bool decode_vector(const struct decode *d, uint64_t *ret_address, uint64_t *ret_count)
{
	struct message message;

	switch (d->call) {
	case CALL_readv:
	case CALL_writev:
		*ret_address = d->args[1];
		*ret_count = d->args[2];
		return true;
	case CALL_recvmsg:
	case CALL_sendmsg:
	case CALL_recvmmsg:
	case CALL_sendmmsg:
		if (!memory_get(d->tid, d->args[1], &message, sizeof message))
			return false;
		*ret_address = message.parts;
		*ret_count = message.part_count;
		return true;
	default:
		return false;
	}
}

/* Up to `limit` bytes of the parts, behind those that are shown already; how many they have. */
static uint64_t gather(struct decode *d, uint64_t address, uint64_t count, uint64_t limit)
{
	struct part parts[SHOWN_ENTRIES];
	uint64_t length = 0;

	if (count > SHOWN_ENTRIES)
		count = SHOWN_ENTRIES;
	if (!memory_get(d->tid, address, parts, count * sizeof *parts))
		return 0;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t n = parts[i].length, room = d->show_bytes - d->shown;
		length += n;
		if (n > limit)
			n = limit;
		limit -= n;
		if (n > room)
			n = room;
		if (n)
			d->shown += memory_read(d->tid, parts[i].base, d->bytes + d->shown, n);
	}
	return length;
}

static void gather_messages(struct decode *d, long long messages)
{
	struct message_of_many many;

	for (long long i = 0; i < messages && i < SHOWN_ENTRIES; i++) {
		uint64_t at = d->args[1] + (uint64_t)i * sizeof many;
		if (!memory_get(d->tid, at, &many, sizeof many))
			return;
		d->moved += many.length;
		d->asked += many.length;
		gather(d, many.message.parts, many.message.part_count, many.length);
	}
}

static void gather_plain(struct decode *d, uint64_t limit)
{
	if (limit > d->show_bytes)
		limit = d->show_bytes;
	if (limit)
		d->shown = memory_read(d->tid, d->args[1], d->bytes, limit);
}

void decode_data(struct decode *d)
{
	enum trace_kind kind = trace_call_kind(d->call);
	uint64_t address, count;

	d->shown = 0;
	d->asked = d->moved = 0;
	if (kind != READS && kind != WRITES)
		return;
	long long result = d->returned && d->result > 0 ? d->result : 0;
	if (d->call == CALL_recvmmsg || d->call == CALL_sendmmsg) {
		gather_messages(d, result);
		return;
	}
	d->moved = result;
	/* What a read has not given is not the program's; what is to be written is. */
	uint64_t limit = kind == READS ? (uint64_t)result : UINT64_MAX;
	if (d->call == CALL_sendfile) {
		d->asked = (long long)d->args[3];
	} else if (d->call == CALL_splice) {
		d->asked = (long long)d->args[4];
	} else if (decode_vector(d, &address, &count)) {
		d->asked = (long long)gather(d, address, count, limit);
	} else {
		d->asked = (long long)d->args[2];
		gather_plain(d, limit < d->args[2] ? limit : d->args[2]);
	}
}
