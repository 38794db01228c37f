/* udp_icmp.c -- when a sender learns that nobody received its datagram. */
#include "case.h"

/* Holds a port at which others are refused: a socket that is connected to itself gets nothing from
 * them, and nobody else can take its port meanwhile. */
static void refusing_server(struct role *me)
{
	struct address name = loopback(me);
	int fd = open_socket(me, SOCK_DGRAM);

	must(bind(fd, &name.any, name.len));
	name = name_of(fd);
	must(connect(fd, &name.any, name.len));
	send_address(me, &name);
	meet(me, "done");
}

static void sending_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	saw(me, "first send", send(fd, "x", 1, 0));
	wait_for(me, fd, 0);
	saw(me, "second send", send(fd, "x", 1, 0));
	saw(me, "third send", send(fd, "x", 1, 0));
	meet(me, "done");
}

const struct sock_case udp_icmp_refused_on_send = {
	.claim = "When nobody receives at the peer's port, the send() after the one that was "
		 "refused fails with ECONNREFUSED, once.",
	.source = "POSIX.1-2024 XSH 2.10.10 Pending Error and 2.10.15 Asynchronous Errors, "
		 "ECONNREFUSED; RFC 1122, section 4.1.3.3",
	.standing = SHALL,
	.portable = "Expect ECONNREFUSED from any later call; it tells of an earlier datagram.",
	.notes = "Windows is said to report it as WSAECONNRESET from the next recv.",
	.families = INET | INET6,
	.server = refusing_server,
	.client = sending_client,
	.expect = {
		{ CLIENT, "first send", EQ(1) },
		{ CLIENT, "second send", FAILS(ECONNREFUSED) },
		{ CLIENT, "third send", EQ(1) },
	},
};

static void asking_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	char byte;

	must(send(fd, "x", 1, 0));
	wait_for(me, fd, 0);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_errno(me, "SO_ERROR again", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw(me, "recv", recv(fd, &byte, 1, MSG_DONTWAIT));
	meet(me, "done");
}

const struct sock_case udp_icmp_so_error_clears = {
	.claim = "Reading SO_ERROR gives a refused datagram's ECONNREFUSED and clears it.",
	.source = "POSIX.1-2024 XSH 2.10.16 Use of Options, SO_ERROR, and 2.10.15 Asynchronous "
		 "Errors, ECONNREFUSED; RFC 1122, section 4.1.3.3",
	.standing = SHALL,
	.families = INET | INET6,
	.server = refusing_server,
	.client = asking_client,
	.expect = {
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
		{ CLIENT, "SO_ERROR again", TEXT("0") },
		{ CLIENT, "recv", FAILS(EAGAIN) },
	},
};

/* Sends from a connected socket and waits until that is refused; by then what was sent before it
 * is refused too. */
static void await_refusal(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must(send(fd, "x", 1, 0));
	wait_for(me, fd, 0);
	must(close(fd));
}

static void unconnected_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);
	char byte;

	saw(me, "first sendto", sendto(fd, "x", 1, 0, &to.any, to.len));
	await_refusal(me);
	saw_flags(me, "poll", poll_now(fd, 0));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw(me, "second sendto", sendto(fd, "x", 1, 0, &to.any, to.len));
	await_refusal(me);
	saw(me, "recv", recv(fd, &byte, 1, MSG_DONTWAIT));
	saw(me, "third sendto", sendto(fd, "x", 1, 0, &to.any, to.len));
	meet(me, "done");
}

const struct sock_case udp_icmp_unconnected_no_error = {
	.claim = "On Linux an unconnected UDP socket does not learn that its datagrams were "
		 "refused.",
	.source = "ip(7), IP_RECVERR, and udp(7), ERRORS; RFC 1122, section 4.1.3.3, would have "
		 "it told",
	.standing = SYSTEM,
	.portable = "connect() the socket when you want to know; else count on no answer but a "
		 "time-out.",
	.notes = "Windows is said to fail recvfrom with WSAECONNRESET.",
	.families = INET | INET6,
	.server = refusing_server,
	.client = unconnected_client,
	.expect = {
		{ CLIENT, "first sendto", EQ(1) },
		{ CLIENT, "poll", FLAGS("0") },
		{ CLIENT, "SO_ERROR", TEXT("0") },
		{ CLIENT, "second sendto", EQ(1) },
		{ CLIENT, "recv", FAILS(EAGAIN) },
		{ CLIENT, "third sendto", EQ(1) },
	},
};
