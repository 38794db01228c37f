/* passcred.c -- SCM_CREDENTIALS: messages that say who sent them. */
#include "case.h"

/* A message and the identity that came with it. */
struct signed_message {
	char bytes[8];
	ssize_t n;
	bool has_sender;
	struct ucred sender;
};

static struct signed_message receive_signed(int fd)
{
	struct signed_message got = { .n = 0 };
	struct whole_message m;

	empty_message(&m, sizeof got.bytes, CMSG_SPACE(sizeof got.sender));
	got.n = recvmsg(fd, &m.header, 0);
	memcpy(got.bytes, m.bytes, sizeof got.bytes);
	got.has_sender = got.n > 0 && only_control(&m.header, SOL_SOCKET, SCM_CREDENTIALS,
						   &got.sender, sizeof got.sender);
	return got;
}

static ssize_t send_signed(int fd, const char *word, const struct ucred *sender)
{
	struct whole_message m;

	fill_message(&m, word, strlen(word));
	attach_control(&m, SOL_SOCKET, SCM_CREDENTIALS, sender, sizeof *sender);
	return sendmsg(fd, &m.header, MSG_NOSIGNAL);
}

static void asking_server(struct role *me)
{
	int conn = accept_peer(me);

	try_option(me, conn, SOL_SOCKET, SO_PASSCRED, 1, "SO_PASSCRED");
	meet(me, "asks for senders");
	struct signed_message got = receive_signed(conn);
	saw_bytes(me, "recvmsg", got.bytes, got.n);
	saw(me, "sender is named", got.has_sender);
	saw(me, "process matches", got.sender.pid == peer_pid(me));
	saw(me, "user matches", got.sender.uid == recv_number(me));
	saw(me, "group matches", got.sender.gid == recv_number(me));
	meet(me, "all is read"); /* the sender was there all the time */
}

static void plain_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "asks for senders");
	send_all(fd, "abc", 3);
	send_number(me, getuid());
	send_number(me, getgid());
	meet(me, "all is read");
}

const struct sock_case cred_scm_credentials = {
	.claim = "With SO_PASSCRED every message names its sender's process, user and group.",
	.source = "unix(7), SO_PASSCRED and SCM_CREDENTIALS",
	.standing = SYSTEM,
	.portable = "Ask once per connection instead: SO_PEERCRED or getpeereid().",
	.notes = "FreeBSD is said to have SCM_CREDS instead.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = asking_server,
	.client = plain_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "sender is named", EQ(1) },
		{ SERVER, "process matches", EQ(1) },
		{ SERVER, "user matches", EQ(1) },
		{ SERVER, "group matches", EQ(1) },
	},
};

static void lying_client(struct role *me)
{
	int fd = connect_to_peer(me);

	drop_privileges(me); /* where it has to, it becomes another user by that */
	const struct ucred own = { .pid = getpid(), .uid = getuid(), .gid = getgid() };
	struct ucred other = own;
	other.pid = peer_pid(me);
	meet(me, "asks for senders");
	saw(me, "as another process", send_signed(fd, "lie", &other));
	saw(me, "as itself", send_signed(fd, "truth", &own));
	send_number(me, own.uid);
	send_number(me, own.gid);
	meet(me, "all is read");
}

const struct sock_case cred_spoof_pid_eperm = {
	.claim = "Without privileges a sender that names another process is refused with EPERM.",
	.source = "unix(7), SCM_CREDENTIALS and ERRORS EPERM",
	.standing = SYSTEM,
	.portable = "Let the system fill in who sends; send no credentials of your own.",
	.notes = "FreeBSD is said to let the kernel fill the values in.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = asking_server,
	.client = lying_client,
	.expect = {
		{ CLIENT, "as another process", FAILS(EPERM) },
		{ CLIENT, "as itself", EQ(5) },
		{ SERVER, "recvmsg", TEXT("5:truth") },
		{ SERVER, "sender is named", EQ(1) },
		{ SERVER, "process matches", EQ(1) },
		{ SERVER, "user matches", EQ(1) },
		{ SERVER, "group matches", EQ(1) },
	},
};

static void late_server(struct role *me)
{
	int conn = accept_peer(me);

	try_option(me, conn, SOL_SOCKET, SO_PASSCRED, 1, "SO_PASSCRED");
	meet(me, "asks for senders");
	long long sender = recv_number(me); /* it has ended */
	struct signed_message got = receive_signed(conn);
	saw_bytes(me, "recvmsg", got.bytes, got.n);
	saw(me, "process matches", got.has_sender && got.sender.pid == sender);
}

static int send_and_end(struct role *me, void *arg)
{
	(void)me;
	send_all(*(int *)arg, "abc", 3);
	return 0;
}

static void outliving_client(struct role *me)
{
	int fd = connect_to_peer(me);

	meet(me, "asks for senders");
	pid_t sender = helper(me, send_and_end, &fd);
	must_be(helper_status(me, sender) == 0);
	send_number(me, sender);
}

const struct sock_case cred_names_ended_sender = {
	.claim = "With SO_PASSCRED a message names the process that sent it, even when that has "
		 "ended.",
	.source = "unix(7), SO_PASSCRED and SCM_CREDENTIALS",
	.standing = SYSTEM,
	.portable = "Take a process ID for what it was when it was sent: another may have it now.",
	.families = UNIX,
	.needs = NEEDS_PROCESS,
	.server = late_server,
	.client = outliving_client,
	.expect = {
		{ SERVER, "recvmsg", TEXT("3:abc") },
		{ SERVER, "process matches", EQ(1) },
	},
};
