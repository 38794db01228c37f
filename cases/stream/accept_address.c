/* accept_address.c -- how accept() fills the address and its length. */
#include "case.h"

/* A byte that no address of loopback begins with. */
enum { FILLER = 0xa5 };

static struct address filled_address(socklen_t len)
{
	struct address a;

	memset(&a, FILLER, sizeof a);
	a.len = len;
	return a;
}

/* How many bytes from `from` on are as filled_address() made them. */
static int untouched_from(const struct address *a, size_t from)
{
	const unsigned char *byte = (const unsigned char *)&a->storage;
	int n = 0;

	for (size_t i = from; i < sizeof a->storage; i++)
		n += byte[i] == FILLER;
	return n;
}

static socklen_t size_of_family(struct role *me)
{
	return family_of(me) == INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static void roomy_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct address from = filled_address(sizeof from.storage);

	int conn = must(accept(listener, &from.any, &from.len));
	struct address peer = peer_name_of(conn);
	saw_value(me, "length beyond the family's structure", from.len - (int)size_of_family(me));
	saw(me, "address is the peer's", same_address(&from, &peer));
	saw(me, "family is the listener's", from.any.sa_family == domain_of(me));
	meet(me, "accepted");
}

static void any_client(struct role *me)
{
	connect_to_peer(me);
	meet(me, "accepted");
}

const struct sock_case accept_addrlen_exact_updated = {
	.claim = "accept() sets a length that was too large to the size of the address it stored.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (address_len)",
	.standing = SHALL,
	.families = INET | INET6,
	.server = roomy_server,
	.client = any_client,
	.expect = {
		{ SERVER, "length beyond the family's structure", EQ(0) },
		{ SERVER, "address is the peer's", EQ(1) },
		{ SERVER, "family is the listener's", EQ(1) },
	},
};

/* The family and the port; the host is what is cut off. */
enum { SHORT_LEN = 4 };

static void cramped_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct address from = filled_address(SHORT_LEN);
	const int rest = (int)sizeof from.storage - SHORT_LEN;

	int conn = must(accept(listener, &from.any, &from.len));
	struct address peer = peer_name_of(conn);
	saw(me, "beginning is the peer's", !memcmp(&from.storage, &peer.storage, SHORT_LEN));
	saw_value(me, "bytes written too far", rest - untouched_from(&from, SHORT_LEN));
	saw(me, "length is the whole address's", from.len == size_of_family(me));
	meet(me, "accepted");
}

const struct sock_case accept_addrlen_truncates = {
	.claim = "accept() cuts the address to the room it is given and writes not a byte more.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (\"shall be truncated\"); accept(2), "
		  "DESCRIPTION",
	.standing = SHALL,
	.portable = "Give accept() a struct sockaddr_storage; then nothing is ever cut.",
	.notes = "FreeBSD is said to set the length to what it stored.",
	.families = INET | INET6,
	.server = cramped_server,
	.client = any_client,
	.expect = {
		{ SERVER, "beginning is the peer's", EQ(1) },
		{ SERVER, "bytes written too far", EQ(0) },
		{ SERVER, "length is the whole address's", BETWEEN(0, 1), .on[OS_LINUX] = EQ(1),
		  .standing = MAY, .why = "Linux tells how long the address would have been." },
	},
};

static void unnamed_server(struct role *me)
{
	int listener = listen_on(me, 1);
	struct address from = filled_address(sizeof from.storage);
	const int size = (int)sizeof from.storage;

	must(accept(listener, &from.any, &from.len));
	saw_value(me, "length", from.len);
	saw(me, "family is AF_UNIX", from.any.sa_family == AF_UNIX);
	saw_value(me, "bytes written", size - untouched_from(&from, 0));
	meet(me, "accepted");
}

static const char family_alone[] = "On Linux the address of an unnamed socket is the family alone.";

const struct sock_case accept_unix_unbound_peer_len2 = {
	.claim = "On Linux the address of an unbound AF_UNIX client is its family and nothing "
		 "more.",
	.source = "POSIX.1-2024 accept(), DESCRIPTION (the value is unspecified); unix(7), "
		  "Address format",
	.standing = MAY,
	.portable = "Look at the length first: where it ends, nothing may be read.",
	.notes = "NetBSD is said to give 2 as well, FreeBSD and macOS 16 with an empty path.",
	.families = UNIX,
	.server = unnamed_server,
	.client = any_client,
	.expect = {
		{ SERVER, "length", ANY,
		  .on[OS_LINUX] = EQ(sizeof(sa_family_t)),
		  .why = family_alone },
		{ SERVER, "family is AF_UNIX", ANY,
		  .on[OS_LINUX] = EQ(1),
		  .why = family_alone },
		{ SERVER, "bytes written", ANY,
		  .on[OS_LINUX] = EQ(sizeof(sa_family_t)),
		  .why = family_alone },
	},
};
