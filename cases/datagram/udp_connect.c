/* udp_connect.c -- what connect() does to a UDP socket: it sets a peer, and only that. */
#include "case.h"

/* An address of this role at which nobody receives: a socket holds the port, but as it is
 * connected to itself, datagrams of others find nobody. */
static struct address filtered_address(struct role *me)
{
	struct address name = loopback(me);
	int fd = open_socket(me, SOCK_DGRAM);

	must(bind(fd, &name.any, name.len));
	name = name_of(fd);
	must(connect(fd, &name.any, name.len));
	return name;
}

static void unaware_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct address deaf = filtered_address(me);
	char bytes[8];

	send_address(me, &deaf);
	saw_bytes(me, "first datagram", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "server received");
	meet(me, "done");
}

static void naming_client(struct role *me)
{
	struct address live = peer_address(me);
	struct address deaf = next_address(me);
	int fd = open_socket(me, SOCK_DGRAM);

	saw(me, "connect where nobody receives", connect(fd, &deaf.any, deaf.len));
	struct address peer = peer_name_of(fd);
	saw(me, "peer is the address given", same_address(&peer, &deaf));
	int other = open_socket(me, SOCK_DGRAM);
	saw(me, "connect to the server", connect(other, &live.any, live.len));
	must(send(other, "abc", 3, 0));
	meet(me, "server received");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "done");
}

const struct sock_case udp_connect_sets_peer = {
	.claim = "connect() on UDP only notes the peer: it sends nothing and does not ask whether "
		 "somebody receives there.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION, sockets that are not connection-mode",
	.standing = SHALL,
	.families = INET | INET6,
	.server = unaware_server,
	.client = naming_client,
	.expect = {
		{ SERVER, "first datagram", TEXT("3:abc") },
		{ CLIENT, "connect where nobody receives", EQ(0) },
		{ CLIENT, "peer is the address given", EQ(1) },
		{ CLIENT, "connect to the server", EQ(0) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

static void two_port_server(struct role *me)
{
	int chosen = bind_on(me, SOCK_DGRAM);
	int other = open_socket(me, SOCK_DGRAM);
	struct address to = peer_address(me);

	meet(me, "connected");
	must(sendto(other, "other", 5, 0, &to.any, to.len));
	must(sendto(chosen, "chosen", 6, 0, &to.any, to.len));
	must(sendto(other, "other", 5, 0, &to.any, to.len));
	must(sendto(chosen, "last", 4, 0, &to.any, to.len));
	meet(me, "sent");
}

static void filtering_client(struct role *me)
{
	struct address to = peer_address(me);
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	must(connect(fd, &to.any, to.len));
	meet(me, "connected");
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "sent");
	saw(me, "recv with all read", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

const struct sock_case udp_connect_filters_other_peers = {
	.claim = "A connected UDP socket receives what its peer sends and nothing from another "
		 "port.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION, sockets that are not connection-mode",
	.standing = SHALL,
	.families = INET | INET6,
	.server = two_port_server,
	.client = filtering_client,
	.expect = {
		{ CLIENT, "recv", TEXT("6:chosen") },
		{ CLIENT, "recv again", TEXT("4:last") },
		{ CLIENT, "recv with all read", FAILS(EAGAIN) },
	},
};

static void stranger_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	int stranger = open_socket(me, SOCK_DGRAM);
	struct address from = { .len = sizeof from.storage };
	char byte;

	must(recvfrom(fd, &byte, 1, 0, &from.any, &from.len));
	must(sendto(stranger, "stranger", 8, 0, &from.any, from.len));
}

static void disconnecting_client(struct role *me)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	struct address to = peer_address(me);
	struct address peer = { .len = sizeof peer.storage };
	int fd = connect_type(me, SOCK_DGRAM);
	char bytes[16];

	saw(me, "connect to AF_UNSPEC", connect(fd, &nobody, sizeof nobody));
	saw(me, "getpeername", getpeername(fd, &peer.any, &peer.len));
	saw(me, "send", send(fd, "x", 1, 0));
	saw(me, "sendto", sendto(fd, "x", 1, 0, &to.any, to.len));
	saw_bytes(me, "recv from a stranger", bytes, recv(fd, bytes, sizeof bytes, 0));
}

const struct sock_case udp_connect_unspec_disconnects = {
	.claim = "connect() to an address of the family AF_UNSPEC takes the peer of a UDP socket "
		 "away.",
	.source = "POSIX.1-2024 connect(), DESCRIPTION: with AF_UNSPEC the peer address shall be "
		 "reset",
	.standing = SHALL,
	.portable = "Ignore the result of this connect(): the peer is gone either way.",
	.notes = "FreeBSD and macOS are said to disconnect and yet to fail with EAFNOSUPPORT.",
	.families = INET | INET6,
	.server = stranger_server,
	.client = disconnecting_client,
	.expect = {
		{ CLIENT, "connect to AF_UNSPEC", EQ(0) },
		{ CLIENT, "getpeername", FAILS(ENOTCONN) },
		{ CLIENT, "send", FAILS(EDESTADDRREQ) },
		{ CLIENT, "sendto", EQ(1) },
		{ CLIENT, "recv from a stranger", TEXT("8:stranger") },
	},
};

static void turning_server(struct role *me)
{
	struct address elsewhere = filtered_address(me);
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[16];

	saw_bytes(me, "recv before connect", bytes, recv(fd, bytes, sizeof bytes, 0));
	must(connect(fd, &elsewhere.any, elsewhere.len));
	meet(me, "connected elsewhere");
	meet(me, "refused");
	saw(me, "recv after connect", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
}

static void refused_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must(send(fd, "before", 6, 0));
	meet(me, "connected elsewhere");
	saw(me, "send", send(fd, "after", 5, 0));
	wait_for(me, fd, 0);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "refused");
}

const struct sock_case udp_connect_nonpeer_gets_icmp_refused = {
	.claim = "To others the port of a UDP socket that is connected elsewhere looks unbound: "
		 "their datagrams are refused with ICMP port unreachable.",
	.source = "RFC 1122, sections 3.2.2.1 and 4.1.3.1: a host should answer so; POSIX.1-2024 "
		 "XSH 2.10.15 Asynchronous Errors, ECONNREFUSED",
	.standing = SHALL,
	.families = INET | INET6,
	.server = turning_server,
	.client = refused_client,
	.expect = {
		{ SERVER, "recv before connect", TEXT("6:before") },
		{ SERVER, "recv after connect", FAILS(EAGAIN) },
		{ CLIENT, "send", EQ(5) },
		{ CLIENT, "SO_ERROR", TEXT("ECONNREFUSED") },
	},
};
