/* linger_time.c -- how long a lingering close() waits. */
#include "case.h"

enum {
	LINGER_S = 1,
	LINGER_MS = LINGER_S * 1000,
	ROOM = 4096,    /* of the receiver: far less than ... */
	AMOUNT = 100000 /* ... what is sent, all of which the sender's own buffer can hold */
};

static void ignoring_server(struct role *me)
{
	int listener = listen_on(me, 1);

	set_option(listener, SOL_SOCKET, SO_RCVBUF, ROOM);
	meet(me, "receives little");
	(void)must(accept(listener, NULL, NULL));
	meet(me, "has lingered");
}

static void lingering_client(struct role *me)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = LINGER_S };
	static const char block[AMOUNT];

	meet(me, "receives little");
	int fd = connect_to_peer(me);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, 2 * AMOUNT);
	must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
	must_be(send(fd, block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL) == AMOUNT);
	long long start = now_ms();
	saw(me, "close", close(fd));
	saw_time(me, "close took the linger time", start, LINGER_MS - 10, 4 * LINGER_MS);
	meet(me, "has lingered");
}

const struct sock_case linger_positive_blocks_unsent = {
	.claim = "With SO_LINGER close() with unsent data waits that many seconds, then returns.",
	.source = "POSIX.1-2024 close(), DESCRIPTION (SO_LINGER); XSH 2.10.16, SO_LINGER",
	.standing = SHALL,
	.portable = "Call shutdown(SHUT_WR) and read until the end instead of lingering.",
	.notes = "The BSDs are said to be able to end the wait with EWOULDBLOCK.",
	.families = INET | INET6,
	.waits_ms = LINGER_MS,
	.server = ignoring_server,
	.client = lingering_client,
	.expect = {
		{ CLIENT, "close", ONE_OF(EQ(0), FAILS(EWOULDBLOCK)), .on[OS_LINUX] = EQ(0),
		  .standing = MAY,
		  .why = "Linux does not say that time ran out before all was sent" },
		{ CLIENT, "close took the linger time", ON_TIME },
	},
};
