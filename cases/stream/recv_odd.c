/* recv_odd.c -- receiving nothing, into nowhere, from nobody; and who sent it. */
#include "case.h"

/* The connection stays open until the bytes are read. */
static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcdef", 6);
	meet(me, "read");
}

static void roomless_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 6);
	saw(me, "recv of 0 bytes", recv(fd, bytes, 0, 0));
	saw(me, "recv of 0 bytes again", recv(fd, bytes, 0, 0));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw(me, "recv after all", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)); /* not the end */
	meet(me, "read");
}

const struct sock_case recv_zero_length_with_data = {
	.claim = "recv() of 0 bytes with data queued returns 0 and takes nothing: this 0 is no "
		 "end of file.",
	.source = "POSIX.1-2024 read(), DESCRIPTION: 0 bytes give 0 and do nothing else, and on a "
		  "socket read() is recv() without flags",
	.standing = SHALL,
	.portable = "Never ask for 0 bytes: the 0 cannot be told from the peer's close.",
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = roomless_client,
	.expect = {
		{ CLIENT, "recv of 0 bytes", EQ(0) },
		{ CLIENT, "recv of 0 bytes again", EQ(0) },
		{ CLIENT, "recv", TEXT("6:abcdef") },
		{ CLIENT, "recv after all", FAILS(EAGAIN) },
	},
};

static void idle_server(struct role *me)
{
	int conn = accept_peer(me);

	meet(me, "found empty");
	send_all(conn, "x", 1);
	meet(me, "read");
}

static void asking_for_nothing_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	saw(me, "read of 0 bytes", read(fd, bytes, 0));
	meet(me, "found empty");
	saw_bytes(me, "read", bytes, read(fd, bytes, sizeof bytes));
	meet(me, "read");
}

const struct sock_case read_zero_length_empty = {
	.claim = "read() of 0 bytes on a blocking socket with nothing queued returns 0 at once.",
	.source = "POSIX.1-2024 read(), DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = asking_for_nothing_client,
	.expect = {
		{ CLIENT, "read of 0 bytes", EQ(0) },
		{ CLIENT, "read", TEXT("1:x") },
	},
};

static void pointing_nowhere_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 6);
	saw(me, "recv into forbidden memory", recv(fd, no_access(), sizeof bytes, 0));
	saw(me, "part of it", recv(fd, no_access(), 2, MSG_DONTWAIT));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recv_efault_data_kept = {
	.claim = "A recv() into forbidden memory may do anything; on Linux it fails with EFAULT "
		 "and consumes nothing, so that the next one gets the data.",
	.source = "no standard says it: POSIX.1-2024 XSH 2.3, EFAULT (detection is not "
		  "guaranteed); recv(2), ERRORS EFAULT, without a word on the data",
	.standing = MAY,
	.portable = "Nothing may be relied on after a bad pointer, not even an error.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = sending_server,
	.client = pointing_nowhere_client,
	.expect = {
		{ CLIENT, "recv into forbidden memory", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "Linux checks the buffer while it copies" },
		{ CLIENT, "part of it", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "the data is there still, and cannot be copied" },
		{ CLIENT, "recv", ANY, .on[OS_LINUX] = TEXT("6:abcdef"),
		  .why = "Linux takes off the queue only what it could copy" },
	},
};

static void early_client(struct role *me)
{
	struct address server = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);
	char bytes[6];

	saw(me, "recv before connect", recv(fd, bytes, sizeof bytes, 0));
	must(connect(fd, &server.any, server.len));
	saw_bytes(me, "recv after connect", bytes, recv(fd, bytes, sizeof bytes, MSG_WAITALL));
	meet(me, "read");
}

const struct sock_case recv_unconnected_enotconn = {
	.claim = "recv() on a socket that was never connected fails with ENOTCONN; it can still "
		 "be connected.",
	.source = "POSIX.1-2024 recv(), ERRORS ENOTCONN",
	.standing = SHALL,
	.families = INET | INET6,
	.server = sending_server,
	.client = early_client,
	.expect = {
		{ CLIENT, "recv before connect", FAILS(ENOTCONN) },
		{ CLIENT, "recv after connect", TEXT("6:abcdef") },
	},
};

static void curious_client(struct role *me)
{
	int fd = connect_to_peer(me);
	struct address from;
	struct address untouched;
	char bytes[8];

	memset(&from, 0x5a, sizeof from);
	untouched = from;
	from.len = sizeof from.storage;
	wait_queued(me, fd, 6);
	saw_bytes(me, "recvfrom", bytes,
		  recvfrom(fd, bytes, sizeof bytes, 0, &from.any, &from.len));
	saw(me, "address length", from.len);
	saw(me, "address was written",
	    memcmp(&from.storage, &untouched.storage, sizeof from.storage) != 0);
	meet(me, "read");
}

const struct sock_case recvfrom_tcp_src_untouched = {
	.claim = "recvfrom() on TCP gives the data, and may leave out the sender's address, as "
		 "Linux does.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION (where the protocol tells no source the "
		  "value is unspecified)",
	.standing = MAY,
	.portable = "Ask getpeername() for the address of a connection's peer.",
	.notes = "FreeBSD is said to do the same; Windows is said to ignore the arguments.",
	.families = INET | INET6,
	.server = sending_server,
	.client = curious_client,
	.expect = {
		{ CLIENT, "recvfrom", TEXT("6:abcdef"), .standing = SHALL },
		{ CLIENT, "address length", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "TCP on Linux tells no source and reports that as length 0" },
		{ CLIENT, "address was written", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "of 0 bytes of address Linux copies none" },
	},
};

static void name_asking_client(struct role *me)
{
	struct address server = peer_address(me);
	int fd = connect_to_peer(me);
	struct address from = { .len = sizeof from.storage };
	char bytes[8];

	wait_queued(me, fd, 6);
	saw_bytes(me, "recvfrom", bytes,
		  recvfrom(fd, bytes, sizeof bytes, 0, &from.any, &from.len));
	saw(me, "source is the peer's path",
	    from.len == server.len && same_address(&from, &server));
	meet(me, "read");
}

const struct sock_case recvfrom_unix_stream_src = {
	.claim = "recvfrom() on a connected AF_UNIX stream gives the data; it may tell the path "
		 "of the peer.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION (where the protocol tells no source the "
		  "value is unspecified)",
	.standing = MAY,
	.portable = "Ask getpeername() for the address of a connection's peer.",
	.notes = "FreeBSD and macOS are said to give length 0.",
	.families = UNIX,
	.server = sending_server,
	.client = name_asking_client,
	.expect = {
		{ CLIENT, "recvfrom", TEXT("6:abcdef"), .standing = SHALL },
		{ CLIENT, "source is the peer's path", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux copies the name of the socket that queued the data" },
	},
};
