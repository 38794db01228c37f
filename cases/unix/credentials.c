/* credentials.c -- who the other process is, by SO_PEERCRED. */
#include "case.h"

static struct ucred peer_of(int fd)
{
	struct ucred peer = { .pid = -1, .uid = (uid_t)-1, .gid = (gid_t)-1 };
	socklen_t len = sizeof peer;

	must(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len));
	must_be(len == sizeof peer);
	return peer;
}

/* The sender's own idea of who it is, for the other side to compare. */
static void tell_identity(struct role *me)
{
	send_number(me, getpid());
	send_number(me, geteuid());
	send_number(me, getegid());
}

static void saw_identity(struct role *me, const struct ucred *found)
{
	saw(me, "process matches", found->pid == recv_number(me));
	saw(me, "user matches", found->uid == recv_number(me));
	saw(me, "group matches", found->gid == recv_number(me));
}

static void asking_server(struct role *me)
{
	struct ucred peer = peer_of(accept_peer(me));

	tell_identity(me);
	saw_identity(me, &peer);
}

static void asking_client(struct role *me)
{
	struct ucred peer = peer_of(connect_to_peer(me));

	tell_identity(me);
	saw_identity(me, &peer);
}

const struct sock_case peercred_so_peercred = {
	.claim = "SO_PEERCRED on AF_UNIX names the other side's process, user and group.",
	.source = "unix(7), SO_PEERCRED",
	.standing = SYSTEM,
	.portable = "Use getpeereid() where SO_PEERCRED is missing; it gives no process.",
	.notes = "The BSDs and macOS are said to have getpeereid() and LOCAL_PEERCRED.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = asking_server,
	.client = asking_client,
	.expect = {
		{ SERVER, "process matches", EQ(1) },
		{ SERVER, "user matches", EQ(1) },
		{ SERVER, "group matches", EQ(1) },
		{ CLIENT, "process matches", EQ(1) },
		{ CLIENT, "user matches", EQ(1) },
		{ CLIENT, "group matches", EQ(1) },
	},
};

/* A socket and the address to which a child connects it. */
struct call {
	int fd;
	struct address to;
};

static int connecting_child(struct role *me, void *arg)
{
	const struct call *call = arg;

	(void)me;
	must(connect(call->fd, &call->to.any, call->to.len));
	return 0;
}

static void bequeathed_client(struct role *me)
{
	struct call call = { .to = peer_address(me) };

	call.fd = open_socket(me, SOCK_STREAM);
	pid_t child = helper(me, connecting_child, &call);
	must_be(helper_status(me, child) == 0);
	send_number(me, child);
	meet(me, "was asked for"); /* holds the connection that the child has made */
}

static void curious_server(struct role *me)
{
	int conn = accept_peer(me);
	pid_t child = (pid_t)recv_number(me); /* it has ended and was reaped */
	struct ucred peer = peer_of(conn);

	saw(me, "process is the one that connected", peer.pid == child);
	saw(me, "process is the one that holds the socket", peer.pid == peer_pid(me));
	meet(me, "was asked for");
}

const struct sock_case peercred_survives_exit = {
	.claim = "SO_PEERCRED names the process that called connect(), even after it has ended.",
	.source = "unix(7), SO_PEERCRED (as of connect())",
	.standing = SYSTEM,
	.portable = "Do not take the process for one that still runs, or for the one that sends.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = curious_server,
	.client = bequeathed_client,
	.expect = {
		{ SERVER, "process is the one that connected", EQ(1) },
		{ SERVER, "process is the one that holds the socket", EQ(0) },
	},
};

static int listening_child(struct role *me, void *arg)
{
	(void)me;
	must(listen(*(int *)arg, 1));
	return 0;
}

static void two_process_server(struct role *me)
{
	int listener = bind_on(me, SOCK_STREAM);
	pid_t child = helper(me, listening_child, &listener);

	must_be(helper_status(me, child) == 0);
	meet(me, "listens");
	must(accept(listener, NULL, NULL));
	send_number(me, child);
	meet(me, "was asked for");
}

static void curious_client(struct role *me)
{
	meet(me, "listens");
	struct ucred peer = peer_of(connect_to_peer(me));
	saw(me, "process is the one that listened", peer.pid == recv_number(me));
	saw(me, "process is the one that accepted", peer.pid == peer_pid(me));
	meet(me, "was asked for");
}

const struct sock_case peercred_listener_creds = {
	.claim = "To a client SO_PEERCRED names the process that called listen(), not accept().",
	.source = "unix(7), SO_PEERCRED (as of listen())",
	.standing = SYSTEM,
	.portable = "Do not identify a server by the process ID: another one may answer.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = two_process_server,
	.client = curious_client,
	.expect = {
		{ CLIENT, "process is the one that listened", EQ(1) },
		{ CLIENT, "process is the one that accepted", EQ(0) },
	},
};

static void saw_nobody(struct role *me, int fd)
{
	struct ucred peer = { .pid = -2, .uid = (uid_t)-2, .gid = (gid_t)-2 };
	socklen_t len = sizeof peer;

	saw(me, "getsockopt", getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len));
	saw_value(me, "process", peer.pid);
	saw_value(me, "user", (int)peer.uid);
	saw_value(me, "group", (int)peer.gid);
}

static void tcp_server(struct role *me)
{
	saw_nobody(me, accept_peer(me));
	meet(me, "was asked for");
}

static void tcp_client(struct role *me)
{
	saw_nobody(me, connect_to_peer(me));
	meet(me, "was asked for");
}

const struct sock_case peercred_tcp = {
	.claim = "On a TCP connection SO_PEERCRED may fail; on Linux it succeeds and names nobody.",
	.source = "no standard says it; unix(7), SO_PEERCRED describes AF_UNIX only",
	.standing = MAY,
	.portable = "Ask for a peer's identity on AF_UNIX only.",
	.notes = "The BSDs are said to fail with ENOTCONN or EINVAL.",
	.families = INET | INET6,
	.server = tcp_server,
	.client = tcp_client,
	.expect = {
		{ CLIENT, "getsockopt", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux answers with an empty identity instead of an error" },
		{ CLIENT, "process", ANY, .on[OS_LINUX] = EQ(0), .why = "0 is no process" },
		{ CLIENT, "user", ANY, .on[OS_LINUX] = EQ(-1), .why = "-1 is no user" },
		{ CLIENT, "group", ANY, .on[OS_LINUX] = EQ(-1), .why = "-1 is no group" },
		{ SERVER, "getsockopt", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux answers with an empty identity instead of an error" },
		{ SERVER, "process", ANY, .on[OS_LINUX] = EQ(0), .why = "0 is no process" },
		{ SERVER, "user", ANY, .on[OS_LINUX] = EQ(-1), .why = "-1 is no user" },
		{ SERVER, "group", ANY, .on[OS_LINUX] = EQ(-1), .why = "-1 is no group" },
	},
};
