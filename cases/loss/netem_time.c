/* netem_time.c -- datagrams on a slow or narrow network, made by Linux's netem. */
#include "case.h"

enum {
	DELAY_MS = 100,
	TICK_MS = 10,
	ROOM = 10, /* packets that a narrow network holds */
	SENT = 20,
	HELD_MS = 500, /* so long that all are sent before the first has come */
	SIZE = 1250,   /* bytes of a datagram: the network takes 10 ms over each */
	BYTES_PER_S = 125000,
	SLOW_COUNT = 50,
	SLOW_TIME_MS = SLOW_COUNT * SIZE / (BYTES_PER_S / 1000)
};

static void answering_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address client = { .len = sizeof client.storage };
	long long start = recv_number(me);
	char byte;

	must(recvfrom(fd, &byte, 1, 0, &client.any, &client.len));
	saw_time(me, "one way", start, DELAY_MS - TICK_MS, DELAY_MS + 400);
	must(sendto(fd, "b", 1, 0, &client.any, client.len));
}

static void patient_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	char byte;

	set_netem(me, "lo", (struct netem){ .delay_us = DELAY_MS * 1000 });
	long long start = now_ms();
	send_number(me, start);
	must(send(fd, "a", 1, 0));
	must(recv(fd, &byte, 1, 0));
	saw_time(me, "there and back", start, 2 * DELAY_MS - TICK_MS, 8 * DELAY_MS);
}

const struct sock_case loss_netem_delay = {
	.claim = "A datagram takes as long as its network; recv() waits for it.",
	.source = "tc-netem(8), delay; POSIX.1-2024 recv(), DESCRIPTION",
	.standing = SYSTEM,
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = 2 * DELAY_MS,
	.timed = true,
	.server = answering_server,
	.client = patient_client,
	.expect = {
		{ SERVER, "one way", ON_TIME },
		{ CLIENT, "there and back", ON_TIME },
	},
};

static void narrow_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM), came = 0;
	char byte;

	while (must(recv(fd, &byte, 1, 0)) == 1 && byte == 'x')
		came++;
	saw(me, "came", came);
}

static void flooding_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM), taken = 0;
	int level = family_of(me) == INET ? IPPROTO_IP : IPPROTO_IPV6;
	int name = family_of(me) == INET ? IP_RECVERR : IPV6_RECVERR;

	set_netem(me, "lo", (struct netem){ .delay_us = HELD_MS * 1000, .limit = ROOM });
	for (int i = 0; i < SENT; i++)
		taken += send(fd, "x", 1, 0) == 1;
	saw(me, "sends that took all", taken);
	set_option(fd, level, name, 1);
	saw(me, "send with IP_RECVERR", send(fd, "x", 1, 0));
	set_netem(me, "lo", (struct netem){ .delay_us = HELD_MS * 1000 });
	must(send(fd, "!", 1, 0)); /* comes behind the others */
}

const struct sock_case loss_netem_limit = {
	.claim = "A queue in the sending system that is full loses datagrams; Linux tells of it, as "
		 "ENOBUFS, those alone who set IP_RECVERR.",
	.source = "ip(7), IP_RECVERR; POSIX.1-2024 send(), ERRORS ENOBUFS; tc-netem(8), limit",
	.standing = SYSTEM,
	.portable = "Take ENOBUFS of send() for a lost datagram, and do not rely on it.",
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = HELD_MS,
	.timed = true, /* all have to be sent before the first has come */
	.server = narrow_server,
	.client = flooding_client,
	.expect = {
		{ SERVER, "came", EQ(ROOM) },
		{ CLIENT, "sends that took all", EQ(SENT) },
		{ CLIENT, "send with IP_RECVERR", FAILS(ENOBUFS) },
	},
};

static void slow_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	long long start = recv_number(me);
	char bytes[SIZE];

	for (int i = 0; i < SLOW_COUNT; i++)
		must_be(recv(fd, bytes, SIZE, 0) == SIZE);
	saw_time(me, "all came", start, SLOW_TIME_MS - TICK_MS, 4 * SLOW_TIME_MS);
}

static void hasty_client(struct role *me)
{
	static const char bytes[SIZE];
	int fd = connect_type(me, SOCK_DGRAM), taken = 0;

	set_netem(me, "lo", (struct netem){ .bytes_per_s = BYTES_PER_S });
	send_number(me, now_ms());
	for (int i = 0; i < SLOW_COUNT; i++)
		taken += send(fd, bytes, SIZE, 0) == SIZE;
	saw(me, "sends that took all", taken);
}

const struct sock_case loss_netem_slot_rate = {
	.claim = "Datagrams come no faster than their network is: 62,500 bytes at 1 Mbit/s take half "
		 "a second, though send() takes them at once.",
	.source = "tc-netem(8), rate",
	.standing = SYSTEM,
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = SLOW_TIME_MS,
	.timed = true,
	.server = slow_server,
	.client = hasty_client,
	.expect = {
		{ SERVER, "all came", ON_TIME },
		{ CLIENT, "sends that took all", EQ(SLOW_COUNT) },
	},
};
