/* orphan.c -- sending to a peer that has closed: the first data draws a RST. */
#include "case.h"

static void leaving_server(struct role *me)
{
	must(close(accept_peer(me)));
}

static void late_sender(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "send", send(fd, "abc", 3, MSG_NOSIGNAL));
	wait_for(me, fd, 0); /* the RST shows as POLLERR or POLLHUP */
	saw(me, "send after the RST", send(fd, "def", 3, MSG_NOSIGNAL));
	saw(me, "third send", send(fd, "ghi", 3, MSG_NOSIGNAL));
}

const struct sock_case close_send_after_fin_then_rst = {
	.claim = "After the peer has closed one send() succeeds; once its RST is here they fail.",
	.source = "RFC 9293, section 3.10.7.1; POSIX.1-2024 send(), ERRORS EPIPE and ECONNRESET",
	.standing = SHALL,
	.portable = "Treat EPIPE and ECONNRESET of send() alike; success does not mean delivery.",
	.families = INET | INET6,
	.server = leaving_server,
	.client = late_sender,
	.expect = {
		{ CLIENT, "recv", TEXT("0:") },
		{ CLIENT, "send", EQ(3) },
		{ CLIENT, "send after the RST", ONE_OF(FAILS(EPIPE), FAILS(ECONNRESET)),
		  .on[OS_LINUX] = FAILS(EPIPE),
		  .why = "in CLOSE-WAIT Linux takes a RST for a broken pipe" },
		{ CLIENT, "third send", FAILS(EPIPE) },
	},
};

static void deserted_client(struct role *me)
{
	int fd = connect_to_peer(me);

	wait_state(me, fd, "CLOSE-WAIT"); /* the FIN is here; nothing was read */
	saw(me, "send", send(fd, "abc", 3, MSG_NOSIGNAL));
	wait_for(me, fd, 0);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_state(me, "state", fd);
	saw(me, "send again", send(fd, "def", 3, MSG_NOSIGNAL));
}

const struct sock_case close_fin_wait2_peer_can_send = {
	.claim = "Data sent to an end that was closed, not only shut down, may be answered by a "
		 "RST, which the RFC recommends and Linux does.",
	.source = "RFC 9293, section 3.6.1 and RFC 1122, section 4.2.2.13 (data after CLOSE: "
		  "SHOULD send a RST)",
	.standing = MAY,
	.portable = "To go on receiving call shutdown(SHUT_WR), and close() after the end.",
	.families = INET | INET6,
	.server = leaving_server,
	.client = deserted_client,
	.expect = {
		{ CLIENT, "send", EQ(3), .standing = SHALL },
		{ CLIENT, "SO_ERROR", ONE_OF(TEXT("ECONNRESET"), TEXT("EPIPE")),
		  .on[OS_LINUX] = TEXT("EPIPE"),
		  .why = "in CLOSE-WAIT Linux takes a RST for a broken pipe" },
		{ CLIENT, "state", TEXT("CLOSED") },
		{ CLIENT, "send again", FAILS(EPIPE), .standing = SHALL },
	},
};
