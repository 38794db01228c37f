/* listen_overflow.c -- what happens to TCP clients when the queue of a listener is full. */
#include "case.h"

/* What poll() reports within the time in which we prove that nothing happens. */
static int poll_for_proof(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN | POLLOUT };

	must(poll(&one, 1, PROOF_MS));
	return one.revents;
}

/* A listener that is full with the one connection a backlog of 0 lets wait. */
static int full_listener(struct role *me)
{
	int listener = listen_on(me, 0);

	wait_for(me, listener, POLLIN);
	meet(me, "queue is full");
	return listener;
}

/* Of a listener Linux's TCP_INFO tells how many connections wait (tcpi_unacked) and after how many
 * the queue is full (tcpi_sacked, the backlog). */
static void saw_queue(struct role *me, const char *waiting, const char *room, int listener)
{
	struct tcp_info info = { 0 };

	take_tcp_info(me, listener, 0, &info, offsetof(struct tcp_info, tcpi_lost));
	saw_value(me, waiting, info.tcpi_unacked);
	saw_value(me, room, (long long)info.tcpi_sacked - (long long)info.tcpi_unacked);
}

static void full_server(struct role *me)
{
	int listener = full_listener(me);

	saw_queue(me, "connections that wait", "backlog without them", listener);
	meet(me, "newcomer was seen");
	saw_queue(me, "connections that wait afterwards", "backlog without them afterwards",
		  listener);
}

static void newcomer_client(struct role *me)
{
	struct address to = peer_address(me);
	int first = connect_to_peer(me);
	int fd = open_socket(me, SOCK_STREAM);

	meet(me, "queue is full");
	set_nonblocking(fd);
	saw(me, "connect", connect(fd, &to.any, to.len));
	saw_flags(me, "poll", poll_for_proof(fd));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	saw_state(me, "state", fd);
	saw_state(me, "state of the first", first);
	meet(me, "newcomer was seen");
}

const struct sock_case listen_tcp_backlog_overflow_syn_dropped = {
	.claim = "On Linux a TCP client that finds the listener's queue full is left waiting, not "
		 "refused.",
	.source = "listen(2), DESCRIPTION of backlog (\"the request may be ignored\"); "
		  "POSIX.1-2024 listen(), DESCRIPTION",
	.standing = SYSTEM,
	.portable = "Expect a wait as well as ECONNREFUSED from a busy server; bound it and retry.",
	.notes = "FreeBSD and macOS are said to drop the SYN too, Windows to answer with a reset.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.waits_ms = PROOF_MS,
	.server = full_server,
	.client = newcomer_client,
	.expect = {
		/* One more than the backlog says: the queue is full, and stays so. */
		{ SERVER, "connections that wait", EQ(1) },
		{ SERVER, "backlog without them", EQ(-1) },
		{ SERVER, "connections that wait afterwards", EQ(1) },
		{ SERVER, "backlog without them afterwards", EQ(-1) },
		{ CLIENT, "connect", FAILS(EINPROGRESS) },
		{ CLIENT, "poll", FLAGS("0") },
		{ CLIENT, "SO_ERROR", TEXT("0") },
		{ CLIENT, "state", TEXT("SYN-SENT") },
		{ CLIENT, "state of the first", TEXT("ESTABLISHED") },
	},
};

static void recovering_server(struct role *me)
{
	int listener = full_listener(me);
	char byte;

	meet(me, "newcomer waits");
	must(accept(listener, NULL, NULL));
	int conn = must(accept(listener, NULL, NULL));
	saw_bytes(me, "recv", &byte, recv(conn, &byte, 1, 0));
}

static void waiting_client(struct role *me)
{
	uint32_t again;

	connect_to_peer(me);
	meet(me, "queue is full");
	int fd = start_connect(me);
	saw_flags(me, "while the queue is full", poll_for_proof(fd));
	meet(me, "newcomer waits");
	saw_flags(me, "after accept", wait_for(me, fd, POLLIN | POLLOUT));
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	take_tcp_info(me, fd, offsetof(struct tcp_info, tcpi_total_retrans), &again, sizeof again);
	saw_value(me, "SYNs sent again", again);
	saw(me, "send", send(fd, "x", 1, MSG_NOSIGNAL));
}

const struct sock_case listen_tcp_backlog_slot_recovers = {
	.claim = "On Linux a client that waits for a full queue gets in by itself when accept() "
		 "makes room.",
	.source = "listen(2), DESCRIPTION of backlog; RFC 9293, section 3.8.1 and RFC 6298, "
		  "section 2 (an unanswered SYN is sent again)",
	.standing = SYSTEM,
	.portable = "Call accept() often: a full queue costs clients a second or refuses them.",
	.families = INET | INET6,
	.needs = NEEDS_TCP_INFO,
	.waits_ms = 1000,
	.server = recovering_server,
	.client = waiting_client,
	.expect = {
		{ CLIENT, "while the queue is full", FLAGS("0") },
		{ CLIENT, "after accept", FLAGS("OUT") },
		{ CLIENT, "SO_ERROR", TEXT("0") },
		{ CLIENT, "SYNs sent again", AT_LEAST(1) },
		{ CLIENT, "send", EQ(1) },
		{ SERVER, "recv", TEXT("1:x") },
	},
};

/* A segment of so many bytes holds data: no TCP header is as long. */
enum { DATA_LEN = 100, FLAGS_OFFSET = 13, ACK_FLAG = 0x10, BACKLOG = 2 };

/* Lets a listener never see an ACK without data, so that a handshake stays unfinished until the
 * client, for which it is over, sends something. */
static void ignore_bare_acks(int listener)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, DATA_LEN, 3, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, ACK_FLAG, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = { .len = sizeof code / sizeof *code, .filter = code };

	must(setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
}

static unsigned queue_length(struct role *me, int listener)
{
	uint32_t waiting;

	take_tcp_info(me, listener, offsetof(struct tcp_info, tcpi_unacked), &waiting,
		      sizeof waiting);
	return waiting;
}

static void aborting_server(struct role *me)
{
	int listener = bind_on(me, SOCK_STREAM);

	set_sysctl(me, "net/ipv4/tcp_abort_on_overflow", "1");
	ignore_bare_acks(listener);
	must(listen(listener, BACKLOG));
	meet(me, "listens");
	until (me, "the queue is full", queue_length(me, listener) > BACKLOG) {
	}
	meet(me, "queue is full");
	meet(me, "reset was seen");
	saw_value(me, "connections in the queue", queue_length(me, listener));
}

static void late_client(struct role *me)
{
	static const char data[DATA_LEN];
	char byte;

	(void)peer_address(me);
	meet(me, "listens");
	int late = connect_to_peer(me);
	for (int i = 0; i < BACKLOG + 1; i++)
		send_all(connect_to_peer(me), data, sizeof data);
	meet(me, "queue is full");
	saw_state(me, "state", late);
	saw(me, "send", send(late, data, sizeof data, MSG_NOSIGNAL));
	saw_bytes(me, "recv", &byte, recv(late, &byte, 1, 0));
	saw_state(me, "state afterwards", late);
	meet(me, "reset was seen");
}

const struct sock_case listen_abort_on_overflow = {
	.claim = "With tcp_abort_on_overflow a handshake that ends at a full queue is reset.",
	.source = "tcp(7), tcp_abort_on_overflow",
	.standing = SYSTEM,
	.portable = "Take ECONNRESET from a busy server like ECONNREFUSED: wait and retry.",
	.families = INET,
	.needs = NEEDS_OWN_NET | NEEDS_TCP_INFO,
	.server = aborting_server,
	.client = late_client,
	.expect = {
		{ CLIENT, "state", TEXT("ESTABLISHED") },
		{ CLIENT, "send", EQ(DATA_LEN) },
		{ CLIENT, "recv", FAILS(ECONNRESET) },
		{ CLIENT, "state afterwards", TEXT("CLOSED") },
		/* A backlog of n lets n + 1 connections wait. */
		{ SERVER, "connections in the queue", EQ(BACKLOG + 1) },
	},
};
