/* udp_bind.c -- who may bind a UDP port that is already taken. */
#include "case.h"

static void holding_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	meet(me, "bind was tried");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
}

static void intruding_client(struct role *me)
{
	struct address taken = peer_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "bind", bind(fd, &taken.any, taken.len));
	struct address here = name_of(fd);
	saw(me, "port after the failure", port_of(&here));
	must(sendto(fd, "abc", 3, 0, &taken.any, taken.len));
	meet(me, "bind was tried");
}

const struct sock_case udp_bind_in_use = {
	.claim = "bind() to an address and port that another UDP socket holds fails with "
		 "EADDRINUSE.",
	.source = "POSIX.1-2024 bind(), ERRORS EADDRINUSE",
	.standing = SHALL,
	.portable = "Do not ask getsockname() after a bind() that failed.",
	.families = INET | INET6,
	.server = holding_server,
	.client = intruding_client,
	.expect = {
		{ SERVER, "recv", TEXT("3:abc") },
		{ CLIENT, "bind", FAILS(EADDRINUSE) },
		{ CLIENT, "port after the failure", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "POSIX leaves open what getsockname() gives of a socket without a name.",
		  .standing = MAY },
	},
};

/* Binds a socket of `first` type to a free port and one of `second` type to the same port. Where
 * the network is not private another process may hold that number, so several are tried; were the
 * port spaces one, all would fail. Gives the second bind()'s result; errno is its. */
static int bind_both(struct role *me, int first, int second, int fd[2])
{
	enum { TRIES = 10 };
	int result = -1;

	for (int i = 0; i < TRIES && result == -1; i++) {
		struct address name = loopback(me);
		fd[0] = open_socket(me, first);
		must(bind(fd[0], &name.any, name.len));
		name = name_of(fd[0]);
		fd[1] = open_socket(me, second);
		result = bind(fd[1], &name.any, name.len);
	}
	return result;
}

static void twofold_server(struct role *me)
{
	int both[2], other[2];
	char bytes[8];

	saw(me, "bind UDP to a TCP port", bind_both(me, SOCK_STREAM, SOCK_DGRAM, both));
	saw(me, "bind TCP to a UDP port", bind_both(me, SOCK_DGRAM, SOCK_STREAM, other));
	must(listen(both[0], 1));
	struct address name = name_of(both[0]);
	send_address(me, &name);
	int conn = must(accept(both[0], NULL, NULL));
	saw_bytes(me, "over UDP", bytes, recv(both[1], bytes, sizeof bytes, 0));
	saw_bytes(me, "over TCP", bytes, recv(conn, bytes, sizeof bytes, 0));
}

static void twofold_client(struct role *me)
{
	struct address to = peer_address(me);
	int stream = connect_to_peer(me);
	int datagram = open_socket(me, SOCK_DGRAM);

	send_all(stream, "tcp", 3);
	must(sendto(datagram, "udp", 3, 0, &to.any, to.len));
}

const struct sock_case udp_bind_tcp_udp_port_spaces_separate = {
	.claim = "A TCP and a UDP socket may be bound to the same address and port number.",
	.source = "RFC 768, section Fields, and RFC 9293, section 3.1: each protocol has ports of "
		 "its own",
	.standing = SHALL,
	.families = INET | INET6,
	.server = twofold_server,
	.client = twofold_client,
	.expect = {
		{ SERVER, "bind UDP to a TCP port", EQ(0) },
		{ SERVER, "bind TCP to a UDP port", EQ(0) },
		{ SERVER, "over UDP", TEXT("3:udp") },
		{ SERVER, "over TCP", TEXT("3:tcp") },
	},
};
