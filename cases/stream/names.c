/* names.c -- what getsockname() and getpeername() tell in each state of a stream socket. */
#include "case.h"

/* getsockname() and getpeername() as the behaviour in question. */
static int own_name(int fd, struct address *name)
{
	name->len = sizeof name->storage;
	return getsockname(fd, &name->any, &name->len);
}

static int peer_name(int fd, struct address *name)
{
	name->len = sizeof name->storage;
	return getpeername(fd, &name->any, &name->len);
}

static void unbound_client(struct role *me)
{
	struct address name = { 0 }, nobody = wildcard(me);

	saw(me, "getsockname", own_name(open_socket(me, SOCK_STREAM), &name));
	saw(me, "name is the wildcard, port 0", same_address(&name, &nobody));
	saw(me, "length is of the family", name.len == nobody.len);
}

const struct sock_case names_unbound_getsockname = {
	.claim = "getsockname() of an unbound TCP socket succeeds; it may tell anything, on Linux "
		 "the wildcard and port 0.",
	.source = "POSIX.1-2024 getsockname(), DESCRIPTION (of an unbound socket the value is "
		  "unspecified)",
	.standing = MAY,
	.portable = "Ask for the name after bind(), connect() or listen() only.",
	.notes = "Windows is said to fail with WSAEINVAL.",
	.families = INET | INET6,
	.client = unbound_client,
	.expect = {
		{ CLIENT, "getsockname", EQ(0), .standing = SHALL },
		{ CLIENT, "name is the wildcard, port 0", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux shows the addresses of the socket, all zero as yet" },
		{ CLIENT, "length is of the family", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux gives a whole address of the family" },
	},
};

static void unnamed_client(struct role *me)
{
	struct address name = { 0 };

	saw(me, "getsockname", own_name(open_socket(me, SOCK_STREAM), &name));
	saw(me, "family is AF_UNIX", name.any.sa_family == AF_UNIX);
	saw(me, "length is of the family field",
	    name.len == offsetof(struct sockaddr_un, sun_path));
}

const struct sock_case names_unbound_unix_len2 = {
	.claim = "getsockname() of an unbound AF_UNIX socket succeeds; Linux gives no path at all.",
	.source = "POSIX.1-2024 getsockname(), DESCRIPTION (of an unbound socket the value is "
		  "unspecified); unix(7), Address format",
	.standing = MAY,
	.portable = "Take a length that ends before sun_path, or an empty path, as unnamed.",
	.notes = "macOS is said to give 16 bytes, FreeBSD 2 or 16.",
	.families = UNIX,
	.client = unnamed_client,
	.expect = {
		{ CLIENT, "getsockname", EQ(0), .standing = SHALL },
		{ CLIENT, "family is AF_UNIX", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux gives the family and nothing else" },
		{ CLIENT, "length is of the family field", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux gives the family and nothing else" },
	},
};

static void mistaken_client(struct role *me)
{
	struct address name;
	int closed = open_socket(me, SOCK_STREAM);
	int file = must(open("/dev/null", O_RDWR));

	must(close(closed));
	saw(me, "getsockname, closed", own_name(closed, &name));
	saw(me, "getpeername, closed", peer_name(closed, &name));
	saw(me, "getsockname, no socket", own_name(file, &name));
	saw(me, "getpeername, no socket", peer_name(file, &name));
}

const struct sock_case names_getsockname_ebadf_enotsock = {
	.claim = "Asked of a closed descriptor a name fails with EBADF, of a file with ENOTSOCK.",
	.source = "POSIX.1-2024 getsockname() and getpeername(), ERRORS EBADF and ENOTSOCK",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	/* Of its own process: nobody else may open the closed descriptor again. */
	.needs = NEEDS_PROCESS | NEEDS_DESCRIPTORS | NEEDS_DEV_NULL,
	.client = mistaken_client,
	.expect = {
		{ CLIENT, "getsockname, closed", FAILS(EBADF) },
		{ CLIENT, "getpeername, closed", FAILS(EBADF) },
		{ CLIENT, "getsockname, no socket", FAILS(ENOTSOCK) },
		{ CLIENT, "getpeername, no socket", FAILS(ENOTSOCK) },
	},
};

static void cramped_server(struct role *me)
{
	enum { ROOM = 5, MARK = 0x5a };
	int fd = bind_on(me, SOCK_STREAM);
	struct address whole = name_of(fd);
	struct address cut;
	unsigned char beyond[sizeof cut.storage];

	memset(&cut, MARK, sizeof cut);
	memset(beyond, MARK, sizeof beyond);
	cut.len = ROOM;
	saw(me, "getsockname", getsockname(fd, &cut.any, &cut.len));
	saw(me, "what fits is stored", !memcmp(&cut.any, &whole.any, ROOM));
	saw(me, "nothing is stored beyond",
	    !memcmp((char *)&cut.storage + ROOM, beyond, sizeof cut.storage - ROOM));
	saw(me, "length is of the whole name", cut.len == whole.len);
}

const struct sock_case names_getsockname_truncates = {
	.claim = "getsockname() stores no more of the name than the caller has room for.",
	.source = "POSIX.1-2024 getsockname(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Give a sockaddr_storage; a returned length above its size means: cut off.",
	.notes = "FreeBSD is said to give back the length that was stored.",
	.families = INET | INET6 | UNIX,
	.server = cramped_server,
	.expect = {
		{ SERVER, "getsockname", EQ(0) },
		{ SERVER, "what fits is stored", EQ(1) },
		{ SERVER, "nothing is stored beyond", EQ(1) },
		{ SERVER, "length is of the whole name", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux tells how much room the name would take", .standing = MAY },
	},
};

static void lonely_server(struct role *me)
{
	struct address name, here = loopback(me);
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "fresh", peer_name(fd, &name));
	must(bind(fd, &here.any, here.len));
	saw(me, "bound", peer_name(fd, &name));
	must(listen(fd, 1));
	here = name_of(fd);
	send_address(me, &here);
	int conn = must(accept(fd, NULL, NULL));
	saw(me, "listening, with a connection", peer_name(fd, &name));
	saw(me, "accepted", peer_name(conn, &name));
}

static void visiting_client(struct role *me)
{
	(void)connect_to_peer(me);
}

const struct sock_case names_getpeername_unconnected = {
	.claim = "A socket that is not connected has no peer: getpeername() fails with ENOTCONN.",
	.source = "POSIX.1-2024 getpeername(), ERRORS ENOTCONN",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = lonely_server,
	.client = visiting_client,
	.expect = {
		{ SERVER, "fresh", FAILS(ENOTCONN) },
		{ SERVER, "bound", FAILS(ENOTCONN) },
		{ SERVER, "listening, with a connection", FAILS(ENOTCONN) },
		{ SERVER, "accepted", EQ(0) },
	},
};

static void mirrored_server(struct role *me)
{
	int conn = accept_peer(me);
	struct address own = name_of(conn), theirs = { 0 };

	send_address(me, &own);
	struct address client = next_address(me);
	saw(me, "getpeername", peer_name(conn, &theirs));
	saw(me, "is the client's own name", same_address(&theirs, &client));
}

static void mirrored_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address own = name_of(fd), theirs = { 0 };

	send_address(me, &own);
	struct address server = next_address(me);
	saw(me, "getpeername", peer_name(fd, &theirs));
	saw(me, "is the server's own name", same_address(&theirs, &server));
}

const struct sock_case names_getpeername_connected = {
	.claim = "What one end calls its own name is what the other end calls its peer's.",
	.source = "POSIX.1-2024 getpeername(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = mirrored_server,
	.client = mirrored_client,
	.expect = {
		{ SERVER, "getpeername", EQ(0) },
		{ SERVER, "is the client's own name", EQ(1) },
		{ CLIENT, "getpeername", EQ(0) },
		{ CLIENT, "is the server's own name", EQ(1) },
	},
};

static void departing_server(struct role *me)
{
	must(close(accept_peer(me)));
}

static void remaining_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address own = name_of(fd), server = peer_address(me);
	struct address own_later = { 0 }, server_later = { 0 };
	char byte;

	must_be(recv(fd, &byte, 1, 0) == 0);
	saw(me, "getpeername", peer_name(fd, &server_later));
	saw(me, "peer is the server", same_address(&server_later, &server));
	saw(me, "getsockname", own_name(fd, &own_later));
	saw(me, "own name is kept", same_address(&own_later, &own));
}

const struct sock_case names_getpeername_after_peer_close = {
	.claim = "After the peer has closed, an open end still tells its own name, and may have "
		 "lost its peer's; Linux tells both.",
	.source = "POSIX.1-2024 getpeername(), ERRORS EINVAL and ENOTCONN; getsockname(), "
		  "DESCRIPTION",
	.standing = MAY,
	.portable = "Ask for the peer's name when the connection is made, and keep it.",
	.notes = "macOS is said to fail with EINVAL after both directions were shut down.",
	.families = INET | INET6 | UNIX,
	.server = departing_server,
	.client = remaining_client,
	.expect = {
		{ CLIENT, "getpeername", ONE_OF(EQ(0), FAILS(ENOTCONN), FAILS(EINVAL)),
		  .on[OS_LINUX] = EQ(0),
		  .why = "Linux keeps the peer until this end is closed too" },
		{ CLIENT, "peer is the server", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux keeps the peer until this end is closed too" },
		{ CLIENT, "getsockname", EQ(0), .standing = SHALL },
		{ CLIENT, "own name is kept", EQ(1), .standing = SHALL },
	},
};

static void narrowing_client(struct role *me)
{
	struct address to = peer_address(me), any = wildcard(me), before, after = { 0 };
	int fd = open_socket(me, SOCK_STREAM);

	must(bind(fd, &any.any, any.len));
	before = name_of(fd);
	set_port(&any, port_of(&before));
	saw(me, "wildcard before connect", same_address(&before, &any));
	saw(me, "connect", connect(fd, &to.any, to.len));
	saw(me, "getsockname", own_name(fd, &after));
	saw(me, "port is kept", port_of(&after) == port_of(&before));
	set_port(&to, port_of(&before));
	saw(me, "host is loopback", same_address(&after, &to));
}

static void welcoming_server(struct role *me)
{
	(void)accept_peer(me);
}

const struct sock_case names_wildcard_bind_then_connect_narrows = {
	.claim = "connect() of a socket bound to the wildcard fixes its address and keeps its "
		 "port.",
	.source = "RFC 9293, section 3.9.1.1 (OPEN without a local address: TCP asks IP for one); "
		  "POSIX.1-2024 getsockname(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = welcoming_server,
	.client = narrowing_client,
	.expect = {
		{ CLIENT, "wildcard before connect", EQ(1) },
		{ CLIENT, "connect", EQ(0) },
		{ CLIENT, "getsockname", EQ(0) },
		{ CLIENT, "port is kept", EQ(1) },
		{ CLIENT, "host is loopback", EQ(1) },
	},
};

static void path_client(struct role *me)
{
	struct address listener = peer_address(me), own = { 0 }, theirs = { 0 };
	int fd = connect_to_peer(me);

	saw(me, "getpeername", peer_name(fd, &theirs));
	saw(me, "path is the listener's", same_address(&theirs, &listener));
	saw(me, "length beyond the path",
	    (long long)theirs.len - (long long)(offsetof(struct sockaddr_un, sun_path) +
						strlen(theirs.un.sun_path)));
	saw(me, "getsockname", own_name(fd, &own));
	saw_host(me, "own name", &own);
}

const struct sock_case names_unix_peer_path = {
	.claim = "An AF_UNIX client sees the listener's path as its peer; on Linux it has no name "
		 "itself.",
	.source = "POSIX.1-2024 getpeername(), DESCRIPTION; unix(7), Address format",
	.standing = SHALL,
	.portable = "Take the path up to its NUL or the length, whichever comes first.",
	.notes = "NetBSD is said not to count the NUL.",
	.families = UNIX,
	.server = welcoming_server,
	.client = path_client,
	.expect = {
		{ CLIENT, "getpeername", EQ(0) },
		{ CLIENT, "path is the listener's", EQ(1) },
		{ CLIENT, "length beyond the path", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux counts the path, its NUL and the family", .standing = MAY },
		{ CLIENT, "getsockname", EQ(0) },
		{ CLIENT, "own name", ANY, .on[OS_LINUX] = TEXT("unnamed"),
		  .why = "what an unbound socket is called is unspecified; Linux gives no path",
		  .standing = MAY },
	},
};
