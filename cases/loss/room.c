/* room.c -- how much a UDP receive buffer holds, how its losses are counted, and that senders do
 * not notice. */
#include "case.h"

enum { SMALLEST = 2304, BIG = 10000, SAFETY_MS = 1000 };

static void fill(unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(i % 251 + i / 251);
}

static void tight_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	unsigned char got[BIG + 1] = { 0 }, want[BIG];

	set_option(fd, SOL_SOCKET, SO_RCVBUF, SMALLEST);
	saw(me, "buffer is smaller", get_option(fd, SOL_SOCKET, SO_RCVBUF) < BIG);
	set_timeout(fd, SO_RCVTIMEO, SAFETY_MS); /* only spent when it is lost */
	meet(me, "ready");
	meet(me, "both are sent");
	saw(me, "recv", recv(fd, got, sizeof got, 0));
	fill(want, sizeof want);
	saw(me, "bytes are those sent", !memcmp(got, want, BIG));
	until (me, "the second is lost", dropped_by(me, fd) >= 1) {
	}
	saw(me, "one more came behind one that waits", recv(fd, got, sizeof got, MSG_DONTWAIT));
}

static void big_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	unsigned char bytes[BIG];

	fill(bytes, sizeof bytes);
	meet(me, "ready");
	saw(me, "send", send(fd, bytes, sizeof bytes, 0));
	saw(me, "send of another", send(fd, bytes, sizeof bytes, 0));
	meet(me, "both are sent");
}

const struct sock_case loss_rcvbuf_one_oversize_always_accepted = {
	.claim = "On Linux an empty UDP receive buffer takes one datagram that is larger than "
		 "itself.",
	.source = "no standard says it; measured on Linux",
	.standing = SYSTEM,
	.portable = "Set SO_RCVBUF to several times the largest datagram.",
	.notes = "FreeBSD and macOS are said to drop it.",
	.families = INET | INET6,
	.server = tight_server,
	.client = big_client,
	.expect = {
		{ SERVER, "buffer is smaller", EQ(1) },
		{ SERVER, "recv", EQ(BIG) },
		{ SERVER, "bytes are those sent", EQ(1) },
		{ SERVER, "one more came behind one that waits", FAILS(EAGAIN) },
		{ CLIENT, "send", EQ(BIG) },
		{ CLIENT, "send of another", EQ(BIG) },
	},
};

/* As large as 200 datagrams, the most that may be on their way, can overflow on any kernel. */
enum { WIDE = 16384, DROPLETS = 200 };

static void droplet_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct numbered seen = numbered_from(0);

	set_option(fd, SOL_SOCKET, SO_RCVBUF, WIDE);
	if (get_option(fd, SOL_SOCKET, SO_RCVBUF) < WIDE)
		unsupported(me, "net.core.rmem_max is too low");
	meet(me, "ready");
	meet(me, "flood is sent");
	read_flood(me, fd, DROPLETS, &seen);
	saw(me, "some were lost", dropped_by(me, fd) > 0);
	saw(me, "datagrams read", seen.read);
}

static void droplet_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "ready");
	saw(me, "sends that took all", send_numbered(fd, 0, DROPLETS, 1));
	meet(me, "flood is sent");
}

const struct sock_case loss_rcvbuf_truesize_accounting = {
	.claim = "SO_RCVBUF does not count payload: of 1-byte datagrams Linux holds hundreds of "
		 "times fewer.",
	.source = "socket(7), SO_RCVBUF, and measured on Linux; no standard says what is counted",
	.standing = SYSTEM,
	.portable = "Do not compute from SO_RCVBUF how many datagrams it holds; measure.",
	.notes = "FreeBSD is said to count mbufs, macOS bytes and addresses.",
	.families = INET | INET6,
	.server = droplet_server,
	.client = droplet_client,
	.expect = {
		{ SERVER, "some were lost", EQ(1) },
		/* Each is charged with its whole buffer, several hundred bytes. */
		{ SERVER, "datagrams read", BETWEEN(12, 150) },
		{ CLIENT, "sends that took all", EQ(DROPLETS) },
	},
};

/* The last column, drops, of the socket's line in /proc/net/udp; -1 when it has none. */
static long long drops_listed(int fd)
{
	char line[512];
	struct stat info;
	unsigned long inode;
	long long drops = -1;
	FILE *table = fopen("/proc/net/udp", "re");

	must_be(table);
	must(fstat(fd, &info));
	while (drops < 0 && fgets(line, sizeof line, table))
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %*s %*s %lld", &inode,
			   &drops) != 2 ||
		    inode != info.st_ino)
			drops = -1;
	must(fclose(table));
	return drops;
}

enum { FLOOD = 200 };

static void counted_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct numbered seen = numbered_from(0);
	char byte;

	set_option(fd, SOL_SOCKET, SO_RCVBUF, SMALLEST);
	saw(me, "drops listed before", drops_listed(fd));
	meet(me, "ready");
	meet(me, "sent");
	read_flood(me, fd, FLOOD, &seen);
	saw(me, "some were lost", seen.read < FLOOD);
	saw(me, "drops listed are those lost", drops_listed(fd) == FLOOD - (long long)seen.read);
	saw(me, "none is left", recv(fd, &byte, 1, MSG_DONTWAIT));
}

static void counted_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	meet(me, "ready");
	must_be(send_numbered(fd, 0, FLOOD, 1) == FLOOD);
	meet(me, "sent");
}

const struct sock_case loss_rcvbuf_proc_counter = {
	.claim = "On Linux the drops column of /proc/net/udp counts what a socket's full buffer "
		 "lost.",
	.source = "proc(5), /proc/net/udp, and the Linux kernel's net/ipv4/udp.c",
	.standing = SYSTEM,
	.portable = "Linux only; elsewhere netstat -s has a count for the whole system.",
	.families = INET,
	.needs = NEEDS_PROC_NET | NEEDS_DESCRIPTORS,
	.server = counted_server,
	.client = counted_client,
	.expect = {
		{ SERVER, "drops listed before", EQ(0) },
		{ SERVER, "some were lost", EQ(1) },
		{ SERVER, "drops listed are those lost", EQ(1) },
		{ SERVER, "none is left", FAILS(EAGAIN) },
	},
};

/* Either time more than the default buffers of both sockets hold, in few datagrams: all networks of
 * the machine share the queue in which they wait. */
enum { SENDS = 100, SEND_SIZE = 8000 };

static void idle_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);

	meet(me, "all is sent");
	saw(me, "the receive buffer overflowed", dropped_by(me, fd) > 0);
	meet(me, "looked at");
}

static int send_many(int fd)
{
	const char bytes[SEND_SIZE] = "";
	int taken = 0;

	for (int i = 0; i < SENDS; i++)
		taken += send(fd, bytes, sizeof bytes, 0) == SEND_SIZE;
	return taken;
}

static void careless_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	saw(me, "blocking sends that took all", send_many(fd));
	set_nonblocking(fd);
	saw(me, "non-blocking sends that took all", send_many(fd));
	meet(me, "all is sent");
	meet(me, "looked at");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case loss_sender_unaware_of_slow_reader = {
	.claim = "A UDP sender never waits for a receiver that does not read: there is no flow "
		 "control.",
	.source = "RFC 8085, section 3.1: an application has to limit its rate itself; RFC 768, "
		 "section Format, has no field for it",
	.standing = SHALL,
	.portable = "Limit your rate or wait for acknowledgements; UDP does neither for you.",
	.notes = "macOS and FreeBSD are said to fail with ENOBUFS on real network cards.",
	.families = INET | INET6,
	.server = idle_server,
	.client = careless_client,
	.expect = {
		{ SERVER, "the receive buffer overflowed", EQ(1) },
		{ CLIENT, "blocking sends that took all", EQ(SENDS) },
		{ CLIENT, "non-blocking sends that took all", EQ(SENDS) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};
