/* seqpacket.c -- SOCK_SEQPACKET on AF_UNIX: a connection that keeps its records apart. */
#include "case.h"

/* What the client sends, record by record, before the server looks. */
struct records {
	const char *record[3];
};

static int accept_records(struct role *me)
{
	return must(accept(listen_on_type(me, SOCK_SEQPACKET, 1), NULL, NULL));
}

static void sending_client(struct role *me)
{
	const struct records *records = row_of(me);
	int fd = connect_type(me, SOCK_SEQPACKET);

	for (int i = 0; i < 3 && records->record[i]; i++) {
		size_t n = strlen(records->record[i]);
		must_be(send(fd, records->record[i], n, MSG_NOSIGNAL) == (ssize_t)n);
	}
	meet(me, "all is sent");
	meet(me, "all was read");
}

static void whole_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[32];

	meet(me, "all is sent");
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
	saw_bytes(me, "third recv", bytes, recv(conn, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "all was read");
}

const struct sock_case seqpacket_boundaries = {
	.claim = "On SOCK_SEQPACKET each recv() gives one record, however many are queued.",
	.source = "POSIX.1-2024 XSH 2.10.6, SOCK_SEQPACKET; recv(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Frame messages yourself on SOCK_STREAM where SOCK_SEQPACKET is missing.",
	.notes = "macOS is said to lack it: EPROTONOSUPPORT.",
	.families = UNIX,
	.row = &(const struct records){ { "abc", "defgh" } },
	.server = whole_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("5:defgh") },
		{ SERVER, "third recv", FAILS(EAGAIN) },
	},
};

const struct sock_case seqpacket_zero_length_record = {
	.claim = "An empty record may be delivered, as on Linux: recv() then returns 0 although "
		 "the peer is still there.",
	.source = "no standard says it: POSIX.1-2024 send(), DESCRIPTION leaves a length of 0 "
		  "open; unix(7), SOCK_SEQPACKET",
	.standing = MAY,
	.portable = "Send no empty records: the receiver takes them for the end.",
	.notes = "FreeBSD is said to be able to drop them.",
	.families = UNIX,
	.row = &(const struct records){ { "", "x" } },
	.server = whole_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "recv", ONE_OF(TEXT("0:"), TEXT("1:x")), .on[OS_LINUX] = TEXT("0:"),
		  .why = "Linux queues a record of no bytes" },
		{ SERVER, "second recv", ANY, .on[OS_LINUX] = TEXT("1:x"),
		  .why = "Linux queues a record of no bytes" },
		{ SERVER, "third recv", FAILS(EAGAIN), .standing = SHALL },
	},
};

static void waitall_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[32];

	meet(me, "all is sent");
	saw_bytes(me, "recv", bytes, recv(conn, bytes, 8, MSG_WAITALL));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, 8, MSG_DONTWAIT));
	meet(me, "all was read");
}

const struct sock_case seqpacket_waitall_no_join = {
	.claim = "MSG_WAITALL does not join records: recv() returns where the first one ends.",
	.source = "POSIX.1-2024 recv(), MSG_WAITALL; XSH 2.10.6, SOCK_SEQPACKET",
	.standing = SHALL,
	.families = UNIX,
	.row = &(const struct records){ { "abc", "defgh" } },
	.server = waitall_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("5:defgh") },
	},
};

static void peeking_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[32];

	meet(me, "all is sent");
	saw_bytes(me, "peek", bytes, recv(conn, bytes, sizeof bytes, MSG_PEEK));
	saw_bytes(me, "second peek", bytes, recv(conn, bytes, sizeof bytes, MSG_PEEK));
	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "peek after it", bytes, recv(conn, bytes, sizeof bytes, MSG_PEEK));
	meet(me, "all was read");
}

const struct sock_case seqpacket_peek = {
	.claim = "MSG_PEEK gives the first record, as often as asked, and leaves it queued.",
	.source = "POSIX.1-2024 recv(), MSG_PEEK",
	.standing = SHALL,
	.families = UNIX,
	.row = &(const struct records){ { "abc", "defgh" } },
	.server = peeking_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "peek", TEXT("3:abc") },
		{ SERVER, "second peek", TEXT("3:abc") },
		{ SERVER, "recv", TEXT("3:abc") },
		{ SERVER, "peek after it", TEXT("5:defgh") },
	},
};

/* recvmsg() into `room` bytes; records the bytes and the flags. */
static void receive_short(struct role *me, int conn, size_t room, const char *label,
			  const char *flags_label)
{
	struct whole_message m;

	empty_message(&m, room, 0);
	saw_bytes(me, label, m.bytes, recvmsg(conn, &m.header, 0));
	saw_msg_flags(me, flags_label, m.header.msg_flags);
}

static void short_server(struct role *me)
{
	int conn = accept_records(me);

	meet(me, "all is sent");
	receive_short(me, conn, 3, "recvmsg of 3", "msg_flags");
	receive_short(me, conn, 5, "recvmsg of 5", "msg_flags then");
	meet(me, "all was read");
}

const struct sock_case seqpacket_truncation = {
	.claim = "A record too long for the buffer is cut and the rest lost; MSG_TRUNC tells.",
	.source = "POSIX.1-2024 recvmsg(), DESCRIPTION and MSG_TRUNC",
	.standing = SHALL,
	.families = UNIX,
	.row = &(const struct records){ { "abcdefgh", "ijklm" } },
	.server = short_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "recvmsg of 3", TEXT("3:abc") },
		{ SERVER, "msg_flags", FLAGS("TRUNC") },
		{ SERVER, "recvmsg of 5", TEXT("5:ijklm") },
		{ SERVER, "msg_flags then", FLAGS("0") },
	},
};

static void measuring_server(struct role *me)
{
	int conn = accept_records(me);
	char bytes[32];

	meet(me, "all is sent");
	saw(me, "recv of 3", recv(conn, bytes, 3, MSG_TRUNC));
	saw_bytes(me, "bytes", bytes, 3);
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, MSG_TRUNC));
	meet(me, "all was read");
}

const struct sock_case seqpacket_msg_trunc_returns_full_len = {
	.claim = "On Linux recv() with MSG_TRUNC returns the whole length of a record it cuts.",
	.source = "recv(2), MSG_TRUNC",
	.standing = SYSTEM,
	.portable = "Use recvmsg() and look for MSG_TRUNC in msg_flags.",
	.notes = "FreeBSD is said to return the length of what was stored.",
	.families = UNIX,
	.row = &(const struct records){ { "abcdefgh", "ijklm" } },
	.server = measuring_server,
	.client = sending_client,
	.expect = {
		{ SERVER, "recv of 3", ONE_OF(EQ(3), EQ(8)), .on[OS_LINUX] = EQ(8),
		  .why = "MSG_TRUNC as an input flag is an extension of Linux" },
		{ SERVER, "bytes", TEXT("3:abc") },
		{ SERVER, "second recv", TEXT("5:ijklm") },
	},
};

static void gathering_client(struct role *me)
{
	char first[] = "ab", second[] = "c", third[] = "def";
	const struct iovec parts[] = { { .iov_base = first, .iov_len = 2 },
				       { .iov_base = second, .iov_len = 1 },
				       { .iov_base = third, .iov_len = 3 } };
	int fd = connect_type(me, SOCK_SEQPACKET);

	saw(me, "writev", writev(fd, parts, 3));
	must_be(send(fd, "xyz", 3, MSG_NOSIGNAL) == 3);
	meet(me, "all is sent");
	meet(me, "all was read");
}

const struct sock_case seqpacket_writev_single_record = {
	.claim = "writev() of several buffers makes one record.",
	.source = "POSIX.1-2024 writev(), DESCRIPTION; XSH 2.10.6, SOCK_SEQPACKET",
	.standing = SHALL,
	.families = UNIX,
	.server = whole_server,
	.client = gathering_client,
	.expect = {
		{ CLIENT, "writev", EQ(6) },
		{ SERVER, "recv", TEXT("6:abcdef") },
		{ SERVER, "second recv", TEXT("3:xyz") },
		{ SERVER, "third recv", FAILS(EAGAIN) },
	},
};
