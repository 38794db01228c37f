/* pair_end.c -- what is left of a datagram socket pair whose other end has gone. */
#include "case.h"

static void left_client(struct role *me)
{
	int pair[2];
	char bytes[8];

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	must(send(pair[1], "last", 4, 0));
	must(close(pair[1]));
	saw_bytes(me, "recv", bytes, recv(pair[0], bytes, sizeof bytes, MSG_DONTWAIT));
	saw_bytes(me, "recv again", bytes, recv(pair[0], bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "send", send(pair[0], "x", 1, MSG_NOSIGNAL));
	saw(me, "send again", send(pair[0], "x", 1, MSG_NOSIGNAL));
}

const struct sock_case unix_dgram_pair_peer_closed = {
	.claim = "Of a datagram pair whose other end was closed what was sent can be read and "
		 "send() fails; recv() may then wait, as on Linux.",
	.source = "POSIX.1-2024 recv(), RETURN VALUE (an end of file takes a connection); send(), "
		  "ERRORS; unix(7), ECONNREFUSED",
	.standing = MAY,
	.portable = "Use a stream or seqpacket pair where the other end's going must be noticed.",
	.families = UNIX,
	.client = left_client,
	.expect = {
		{ CLIENT, "recv", TEXT("4:last"), .standing = SHALL },
		{ CLIENT, "recv again", ANY, .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = "somebody else may still send to this end by its name" },
		{ CLIENT, "send", FAILS_ANY, .on[OS_LINUX] = FAILS(ECONNREFUSED),
		  .why = "POSIX names no error for it; Linux takes the end for one at which nobody "
			 "listens" },
		{ CLIENT, "send again", FAILS_ANY, .on[OS_LINUX] = FAILS(ENOTCONN),
		  .why = "the first failure has ended the connection" },
	},
};
