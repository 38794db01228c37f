/* oob_mark.c -- where urgent data lies in the stream: the mark, a second mark, and the end. */
#include "case.h"

/* "ab", then "c" urgent, then "de", then the end. */
static void marking_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "ab", 2);
	saw(me, "send", send(conn, "c", 1, MSG_OOB));
	send_all(conn, "de", 2);
	must(shutdown(conn, SHUT_WR));
	meet(me, "done");
}

static void stopped_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	wait_state(me, fd, "CLOSE-WAIT"); /* all has come, what is behind the mark too */
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	saw_bytes(me, "recv again", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw_bytes(me, "recv at the end", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "done");
}

const struct sock_case oob_read_stops_at_mark = {
	.claim = "One recv() never reads across the mark: it ends before, though more is queued "
		 "behind.",
	.source = "POSIX.1-2024 XSH 2.10.12, Socket Out-of-Band Data State; sockatmark(), "
		  "DESCRIPTION",
	.standing = SHALL,
	.families = INET | INET6,
	.server = marking_server,
	.client = stopped_client,
	.expect = {
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "recv", TEXT("2:ab") },
		{ CLIENT, "recv again", TEXT("2:de") },
		{ CLIENT, "recv at the end", TEXT("0:") },
	},
};

static void mark_seeking_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	wait_for(me, fd, POLLPRI);
	saw(me, "two bytes before", sockatmark(fd));
	must(recv(fd, bytes, 1, 0));
	saw(me, "one byte before", sockatmark(fd));
	must(recv(fd, bytes, 1, 0));
	saw(me, "at the mark", sockatmark(fd));
	must(recv(fd, bytes, 1, 0));
	saw_bytes(me, "byte behind the mark", bytes, 1);
	saw(me, "past the mark", sockatmark(fd));
	meet(me, "done");
}

const struct sock_case oob_sockatmark_sequence = {
	.claim = "sockatmark() is 1 exactly while the next byte is the one at the mark.",
	.source = "POSIX.1-2024 sockatmark(), RETURN VALUE",
	.standing = SHALL,
	.families = INET | INET6,
	.needs = NEEDS_SOCKATMARK,
	.server = marking_server,
	.client = mark_seeking_client,
	.expect = {
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "two bytes before", EQ(0) },
		{ CLIENT, "one byte before", EQ(0) },
		{ CLIENT, "at the mark", EQ(1) },
		{ CLIENT, "byte behind the mark", TEXT("1:d") },
		{ CLIENT, "past the mark", EQ(0) },
	},
};

/* What is sent before two urgent bytes, "1" and "2". */
struct leader {
	const char *text;
};

static void twice_urgent_server(struct role *me)
{
	const struct leader *row = row_of(me);
	int conn = accept_peer(me);

	send_all(conn, row->text, strlen(row->text));
	saw(me, "first send", send(conn, "1", 1, MSG_OOB));
	meet(me, "first has come"); /* else both may travel in one segment, with one mark */
	saw(me, "second send", send(conn, "2", 1, MSG_OOB));
	meet(me, "done");
}

/* Waits until the urgent byte that can be received is this one. */
static void wait_urgent(struct role *me, int fd, char byte)
{
	char seen = '\0';

	until (me, "an urgent byte comes",
	       recv(fd, &seen, 1, MSG_OOB | MSG_PEEK) == 1 && seen == byte) {
	}
}

static void late_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[100];

	wait_urgent(me, fd, '1');
	meet(me, "first has come");
	wait_urgent(me, fd, '2');
	saw_bytes(me, "recv MSG_OOB", bytes, recv(fd, bytes, sizeof bytes, MSG_OOB));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	saw(me, "recv again", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "done");
}

static const struct leader nothing = { "" };
static const struct leader two_bytes = { "ab" };

const struct sock_case oob_new_mark_at_head_drops_old = {
	.claim = "A second urgent byte takes the place of a first one that was not received; the "
		 "first may be lost.",
	.source = "RFC 9293, section 3.8.5 and RFC 6093, section 3.2: one urgent pointer, and no "
		  "word on a byte that it has left",
	.standing = MAY,
	.portable = "Send no urgent byte before the peer has answered the one before.",
	.notes = "The BSDs are said to lose the first byte in any place.",
	.families = INET | INET6,
	.row = &nothing,
	.server = twice_urgent_server,
	.client = late_client,
	.expect = {
		{ SERVER, "first send", EQ(1) },
		{ SERVER, "second send", EQ(1) },
		{ CLIENT, "recv MSG_OOB", TEXT("1:2") },
		{ CLIENT, "recv", ANY, .on[OS_LINUX] = FAILS(EAGAIN),
		  .why = "Linux drops an old mark that is the next byte to be read" },
		{ CLIENT, "recv again", FAILS(EAGAIN) },
	},
};

const struct sock_case oob_new_mark_after_data_demotes_old = {
	.claim = "A second urgent byte takes the place of a first one that was not received; "
		 "behind data the first may become data.",
	.source = "RFC 9293, section 3.8.5 and RFC 6093, section 3.2: one urgent pointer, and no "
		  "word on a byte that it has left",
	.standing = MAY,
	.portable = "Send no urgent byte before the peer has answered the one before.",
	.notes = "The BSDs are said to drop the first byte.",
	.families = INET | INET6,
	.row = &two_bytes,
	.server = twice_urgent_server,
	.client = late_client,
	.expect = {
		{ SERVER, "first send", EQ(1) },
		{ SERVER, "second send", EQ(1) },
		{ CLIENT, "recv MSG_OOB", TEXT("1:2") },
		{ CLIENT, "recv", ONE_OF(TEXT("3:ab1"), TEXT("2:ab")),
		  .on[OS_LINUX] = TEXT("3:ab1"),
		  .why = "Linux makes an old mark ordinary data when the reader is not at it" },
		{ CLIENT, "recv again", FAILS(EAGAIN) },
	},
};

static void ending_server(struct role *me)
{
	int conn = accept_peer(me);

	saw(me, "send", send(conn, "c", 1, MSG_OOB));
	must(shutdown(conn, SHUT_WR));
	meet(me, "done");
}

static void outliving_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;

	wait_state(me, fd, "CLOSE-WAIT"); /* the end has come */
	saw_bytes(me, "recv MSG_OOB", &byte, recv(fd, &byte, 1, MSG_OOB));
	saw_bytes(me, "recv", &byte, recv(fd, &byte, 1, MSG_DONTWAIT));
	meet(me, "done");
}

const struct sock_case oob_fin_before_read = {
	.claim = "The urgent byte can still be received after the peer has ended its stream.",
	.source = "POSIX.1-2024 recv(), MSG_OOB; RFC 9293, section 3.6",
	.standing = SHALL,
	.families = INET | INET6,
	.server = ending_server,
	.client = outliving_client,
	.expect = {
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "recv MSG_OOB", TEXT("1:c") },
		{ CLIENT, "recv", TEXT("0:") },
	},
};

static void lone_urgent_server(struct role *me)
{
	int conn = accept_peer(me);

	saw(me, "send", send(conn, "c", 1, MSG_OOB));
	meet(me, "done");
}

static void counting_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char byte;
	int n = -2;

	wait_for(me, fd, POLLPRI);
	saw(me, "FIONREAD", ioctl(fd, FIONREAD, &n) ? -1 : n);
	saw_bytes(me, "recv MSG_OOB", &byte, recv(fd, &byte, 1, MSG_OOB));
	meet(me, "done");
}

const struct sock_case oob_fionread_counts_urgent = {
	.claim = "FIONREAD may leave out an urgent byte that stands alone, as Linux does.",
	.source = "no standard says it; tcp(7), SIOCINQ, which describes Linux, does not either",
	.standing = MAY,
	.portable = "Look for urgent data with poll() and POLLPRI.",
	.notes = "The BSDs are said to count it at times.",
	.families = INET | INET6,
	.server = lone_urgent_server,
	.client = counting_client,
	.expect = {
		{ SERVER, "send", EQ(1) },
		{ CLIENT, "FIONREAD", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux counts up to the mark, for one recv() reads no further" },
		{ CLIENT, "recv MSG_OOB", TEXT("1:c") },
	},
};

static void empty_urgent_server(struct role *me)
{
	int conn = accept_peer(me);

	saw(me, "send of 0 bytes", send(conn, "c", 0, MSG_OOB));
	send_all(conn, "x", 1);
	meet(me, "done");
}

static void calm_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[8];

	wait_queued(me, fd, 1);
	saw_flags(me, "poll", poll_now(fd, POLLIN | POLLPRI));
	saw(me, "recv MSG_OOB", recv(fd, bytes, sizeof bytes, MSG_OOB));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "done");
}

const struct sock_case oob_send_empty = {
	.claim = "On Linux send(MSG_OOB) of 0 bytes returns 0 and makes nothing urgent.",
	.source = "no standard says it; send(2), MSG_OOB describes Linux",
	.standing = SYSTEM,
	.families = INET | INET6,
	.server = empty_urgent_server,
	.client = calm_client,
	.expect = {
		{ SERVER, "send of 0 bytes", EQ(0) },
		{ CLIENT, "poll", FLAGS("IN") },
		{ CLIENT, "recv MSG_OOB", FAILS(EINVAL) },
		{ CLIENT, "recv", TEXT("1:x") },
	},
};
