/* netem.c -- datagrams on a network that loses, doubles, reorders and damages: Linux's netem. */
#include "case.h"

enum {
	LOST = 10,
	QUIET_MS = 200,
	HEAD_START_MS = 300, /* by which a datagram is overtaken: all are sent long before */
	MANY = 1000,
	ROUND = 100, /* so many fit into a receive buffer of any size that systems begin with */
	DAMAGED = 100,
	SIZE = 200 /* bytes of a datagram that is to be damaged */
};

static void deserted_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	saw_bytes(me, "recv before", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "received");
	meet(me, "all are sent");
	set_timeout(fd, SO_RCVTIMEO, QUIET_MS);
	saw(me, "recv", recv(fd, bytes, sizeof bytes, 0));
	meet(me, "nothing came");
}

static void wasting_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	int taken = 0;

	must(send(fd, "before", 6, 0));
	meet(me, "received");
	set_netem(me, "lo", (struct netem){ .loss = NETEM_ALL });
	for (int i = 0; i < LOST; i++)
		taken += send(fd, "lost", 4, 0) == 4;
	saw(me, "sends that took all", taken);
	meet(me, "all are sent");
	meet(me, "nothing came");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case loss_netem_loss_all = {
	.claim = "When the network loses every datagram, send() succeeds all the same and no error "
		 "follows.",
	.source = "POSIX.1-2024 send(), DESCRIPTION: success does not guarantee delivery; RFC "
		 "768, section Introduction; tc-netem(8), loss",
	.standing = SHALL,
	.portable = "Only a time-out of your own shows that nothing arrives.",
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = QUIET_MS,
	.server = deserted_server,
	.client = wasting_client,
	.expect = {
		{ SERVER, "recv before", TEXT("6:before") },
		{ SERVER, "recv", FAILS(EAGAIN) },
		{ CLIENT, "sends that took all", EQ(LOST) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

/* What the network does to the datagrams "1", "2" and "3", and how many then come. */
struct weather {
	struct netem netem;
	int come;
};

static void noting_server(struct role *me)
{
	const struct weather *weather = row_of(me);
	int fd = bind_on(me, SOCK_DGRAM), others = 0;
	struct address client = peer_address(me), from;
	char came[16] = "", last[8];

	for (int i = 0; i < weather->come; i++) {
		from.len = sizeof from.storage;
		must(recvfrom(fd, &came[i], 1, 0, &from.any, &from.len));
		others += !same_address(&from, &client);
	}
	saw_text(me, "came", came);
	saw(me, "of another source", others);
	meet(me, "all came");
	saw_bytes(me, "next recv", last, recv(fd, last, sizeof last, 0));
}

static void braving_client(struct role *me)
{
	const struct weather *weather = row_of(me);
	int fd = connect_type(me, SOCK_DGRAM);
	struct address self = name_of(fd);

	send_address(me, &self);
	set_netem(me, "lo", weather->netem);
	for (const char *c = "123"; *c; c++)
		must(send(fd, c, 1, 0));
	meet(me, "all came");
	set_netem(me, "lo", (struct netem){ 0 });
	must(send(fd, "end", 3, 0));
}

const struct sock_case loss_netem_duplicate = {
	.claim = "A network may double a datagram: both come, with the same source and bytes.",
	.source = "tc-netem(8), duplicate; RFC 768, section Introduction: duplicate protection is "
		 "not guaranteed",
	.standing = SYSTEM,
	.portable = "Number your datagrams and drop what came already.",
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.row = &(const struct weather){ { .duplicate = NETEM_ALL }, 6 },
	.server = noting_server,
	.client = braving_client,
	.expect = {
		{ SERVER, "came", TEXT("112233") },
		{ SERVER, "of another source", EQ(0) },
		{ SERVER, "next recv", TEXT("3:end") },
	},
};

const struct sock_case loss_netem_reorder = {
	.claim = "Datagrams may overtake one another in the network: recv() gives them as they "
		 "come.",
	.source = "tc-netem(8), reorder and gap; RFC 8085, section 3.3",
	.standing = SYSTEM,
	.portable = "Number your datagrams and sort them.",
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = HEAD_START_MS,
	.timed = true, /* all three have to be sent before the first has come */
	.row = &(const struct weather){ { .delay_us = HEAD_START_MS * 1000, .reorder = 3 }, 3 },
	.server = noting_server,
	.client = braving_client,
	.expect = {
		{ SERVER, "came", TEXT("312") },
		{ SERVER, "of another source", EQ(0) },
		{ SERVER, "next recv", TEXT("3:end") },
	},
};

static void counting_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct numbered seen = numbered_from(0);

	for (int i = 0; i < MANY; i += ROUND) {
		meet(me, "sent");
		read_numbered(fd, &seen);
		meet(me, "counted");
	}
	until (me, "the last has come", seen.read && seen.last == MANY)
		read_numbered(fd, &seen);
	const unsigned arrived = seen.read - 1; /* the last was not to be lost */
	saw(me, "600 to 800 arrive", arrived >= 600 && arrived <= 800);
	saw(me, "in order", seen.fell == 0);
}

static void unlucky_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	unsigned taken = 0;

	set_netem(me, "lo", (struct netem){ .loss = NETEM_PERCENT(30) });
	for (unsigned i = 0; i < MANY; i += ROUND) {
		taken += send_numbered(fd, i, ROUND, sizeof(int));
		meet(me, "sent");
		meet(me, "counted");
	}
	saw(me, "sends that took all", taken);
	set_netem(me, "lo", (struct netem){ 0 });
	must_be(send_numbered(fd, MANY, 1, sizeof(int)) == 1);
}

const struct sock_case loss_netem_loss = {
	.claim = "Of 1000 datagrams on a network that loses three in ten, 600 to 800 arrive, in "
		 "order; the sender is not told.",
	.source = "tc-netem(8), loss; RFC 768, section Introduction: delivery is not guaranteed",
	.standing = SYSTEM,
	.portable = "Number your datagrams, and send again what is not acknowledged.",
	.notes = "The bounds are nearly seven standard deviations away.",
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.server = counting_server,
	.client = unlucky_client,
	.expect = {
		{ SERVER, "600 to 800 arrive", EQ(1) },
		{ SERVER, "in order", EQ(1) },
		{ CLIENT, "sends that took all", EQ(MANY) },
	},
};

/* A datagram that shows where it was damaged: no byte is like its neighbours. */
static void fill_pattern(unsigned char bytes[static SIZE])
{
	for (int i = 0; i < SIZE; i++)
		bytes[i] = (unsigned char)(i * 7);
}

static void inspecting_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM), sound = 0, damaged = 0;
	unsigned char wanted[SIZE], got[SIZE];
	ssize_t n;

	fill_pattern(wanted);
	while ((n = must(recv(fd, got, sizeof got, 0))) != 1) {
		bool same = n == SIZE && !memcmp(got, wanted, SIZE);
		sound += same;
		damaged += !same;
	}
	saw(me, "came damaged", damaged);
	/* What is turned may lie in the link's header, or in IPv6's, which has no checksum: then
	 * the datagram can come sound. But four bits of five are of the UDP datagram; that fewer
	 * than half hit it is seven deviations away. */
	saw(me, "at least half were lost", sound + damaged <= DAMAGED / 2);
}

static void damaging_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM), taken = 0;
	unsigned char bytes[SIZE];

	fill_pattern(bytes);
	set_netem(me, "lo", (struct netem){ .corrupt = NETEM_ALL });
	for (int i = 0; i < DAMAGED; i++)
		taken += send(fd, bytes, SIZE, 0) == SIZE;
	saw(me, "sends that took all", taken);
	set_netem(me, "lo", (struct netem){ 0 });
	must(send(fd, "!", 1, 0));
}

const struct sock_case loss_netem_corrupt = {
	.claim = "A datagram of which a bit was turned on its way never comes damaged: UDP "
		 "discards what its checksum does not fit.",
	.source = "RFC 1122, section 4.1.3.4; RFC 768, section Fields, Checksum; tc-netem(8), "
		 "corrupt",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.server = inspecting_server,
	.client = damaging_client,
	.expect = {
		{ SERVER, "came damaged", EQ(0) },
		{ SERVER, "at least half were lost", EQ(1) },
		{ CLIENT, "sends that took all", EQ(DAMAGED) },
	},
};
