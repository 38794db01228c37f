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
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "read");
}

const struct sock_case recv_zero_length_with_data = {
	.claim = "recv() of 0 bytes with data queued returns 0 and takes nothing: this 0 is no end "
		 "of file.",
	.source = "recv(2); POSIX.1-2024 recv() leaves a length of 0 open",
	.portable = "Never ask for 0 bytes: the 0 cannot be told from the peer's close.",
	.families = INET | INET6 | UNIX,
	.server = sending_server,
	.client = roomless_client,
	.expect = {
		{ CLIENT, "recv of 0 bytes", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux finds data, copies none of it and returns that count" },
		{ CLIENT, "recv", TEXT("6:abcdef") },
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
	.families = INET | INET6 | UNIX,
	.server = idle_server,
	.client = asking_for_nothing_client,
	.expect = {
		{ CLIENT, "read of 0 bytes", EQ(0) },
		{ CLIENT, "read", TEXT("1:x") },
	},
};

/* One page that may be neither read nor written. */
static void *forbidden_page(void)
{
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must_be(page != MAP_FAILED);
	return page;
}

static void pointing_nowhere_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 6);
	saw(me, "recv into forbidden memory", recv(fd, forbidden_page(), sizeof bytes, 0));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recv_efault_data_kept = {
	.claim = "A recv() that fails with EFAULT has consumed nothing: the next one gets the "
		 "data.",
	.source = "recv(2), ERRORS EFAULT; POSIX leaves a bad buffer undefined",
	.portable = "Nothing may be relied on after a bad pointer, not even an error.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_POINTER_CHECKS,
	.server = sending_server,
	.client = pointing_nowhere_client,
	.expect = {
		{ CLIENT, "recv into forbidden memory", ANY, .on[OS_LINUX] = FAILS(EFAULT),
		  .why = "Linux checks the buffer while it copies" },
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
	.claim = "recv() on a socket that was never connected fails with ENOTCONN; it can still be "
		 "connected.",
	.source = "POSIX.1-2024 recv(), ERRORS ENOTCONN",
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
	.claim = "recvfrom() on TCP gives the data; it need not give the sender's address.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION",
	.portable = "Ask getpeername() for the address of a connection's peer.",
	.notes = "FreeBSD is said to do the same; Windows is said to ignore the arguments.",
	.families = INET | INET6,
	.server = sending_server,
	.client = curious_client,
	.expect = {
		{ CLIENT, "recvfrom", TEXT("6:abcdef") },
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
	.claim = "recvfrom() on a connected AF_UNIX stream gives the data; it may tell the path of "
		 "the peer.",
	.source = "POSIX.1-2024 recvfrom(), DESCRIPTION",
	.portable = "Ask getpeername() for the address of a connection's peer.",
	.notes = "FreeBSD and macOS are said to give length 0.",
	.families = UNIX,
	.server = sending_server,
	.client = name_asking_client,
	.expect = {
		{ CLIENT, "recvfrom", TEXT("6:abcdef") },
		{ CLIENT, "source is the peer's path", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "Linux copies the name of the socket that queued the data" },
	},
};
