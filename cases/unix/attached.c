/* attached.c -- what rides on an AF_UNIX datagram: the sender's credentials, an open file. */
#include "case.h"

static ssize_t receive_whole(int fd, struct whole_message *m)
{
	empty_message(m, sizeof m->bytes, sizeof m->control);
	return recvmsg(fd, &m->header, 0);
}

/* 1 when the message carries one control message, the credentials of the other role's process. */
static int is_from_peer(struct role *me, struct whole_message *m)
{
	struct ucred who;

	if (!only_control(&m->header, SOL_SOCKET, SCM_CREDENTIALS, &who, sizeof who))
		return 0;
	return who.pid == peer_pid(me) && who.uid == getuid() && who.gid == getgid();
}

static void credentials_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct whole_message m;

	saw_bytes(me, "recv without SO_PASSCRED", m.bytes, receive_whole(fd, &m));
	saw(me, "control bytes then", m.header.msg_controllen);
	set_option(fd, SOL_SOCKET, SO_PASSCRED, 1);
	meet(me, "SO_PASSCRED is set");
	saw_bytes(me, "first recv", m.bytes, receive_whole(fd, &m));
	saw(me, "first names the sender", is_from_peer(me, &m));
	saw_bytes(me, "second recv", m.bytes, receive_whole(fd, &m));
	saw(me, "second names the sender", is_from_peer(me, &m));
	meet(me, "both are read"); /* the sender was there all the time */
}

static void plain_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);

	must(send(fd, "before", 6, 0));
	meet(me, "SO_PASSCRED is set");
	must(send(fd, "first", 5, 0));
	must(send(fd, "second", 6, 0));
	meet(me, "both are read");
}

const struct sock_case unix_cred_passcred_receives = {
	.claim = "With SO_PASSCRED on the receiver each datagram names its sender's process, user "
		 "and group, though the sender attached nothing.",
	.source = "unix(7), SO_PASSCRED and SCM_CREDENTIALS",
	.standing = SYSTEM,
	.portable = "Ask getpeereid() of a connection; datagrams name nobody on most systems.",
	.notes = "FreeBSD is said to have SCM_CREDS; macOS and OpenBSD to have nothing for "
		 "datagrams.",
	.families = UNIX,
	.server = credentials_server,
	.client = plain_client,
	.expect = {
		{ SERVER, "recv without SO_PASSCRED", TEXT("6:before") },
		{ SERVER, "control bytes then", EQ(0) },
		{ SERVER, "first recv", TEXT("5:first") },
		{ SERVER, "first names the sender", EQ(1) },
		{ SERVER, "second recv", TEXT("6:second") },
		{ SERVER, "second names the sender", EQ(1) },
	},
};

/* The descriptor that came with the message, or -1. */
static int attached_fd(struct whole_message *m)
{
	int fd = -1;

	only_control(&m->header, SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd);
	return fd;
}

static void heir_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	struct whole_message m;

	saw_bytes(me, "datagram", m.bytes, receive_whole(fd, &m));
	saw_msg_flags(me, "its flags", m.header.msg_flags);
	int heirloom = attached_fd(&m);
	saw(me, "write to what came with it", write(heirloom, "abc", 3));
	meet(me, "written");
	must(close(heirloom));
	meet(me, "closed");
}

static void giving_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	struct whole_message m;
	int ends[2];
	char bytes[8];

	must(pipe(ends));
	fill_message(&m, "pipe", 4);
	attach_control(&m, SOL_SOCKET, SCM_RIGHTS, &ends[1], sizeof ends[1]);
	saw(me, "sendmsg", sendmsg(fd, &m.header, 0));
	must(close(ends[1]));
	meet(me, "written");
	saw_bytes(me, "read", bytes, read(ends[0], bytes, sizeof bytes));
	meet(me, "closed");
	saw_bytes(me, "read at the end", bytes, read(ends[0], bytes, sizeof bytes));
}

const struct sock_case unix_rights_pass_one = {
	.claim = "SCM_RIGHTS on an AF_UNIX datagram gives the receiver a descriptor of the same "
		 "open file.",
	.source = "POSIX.1-2024 <sys/socket.h>, SCM_RIGHTS",
	.standing = SHALL,
	.families = UNIX,
	.needs = NEEDS_DESCRIPTORS,
	.server = heir_server,
	.client = giving_client,
	.expect = {
		{ SERVER, "datagram", TEXT("4:pipe") },
		{ SERVER, "its flags", TEXT("0") },
		{ SERVER, "write to what came with it", EQ(3) },
		{ CLIENT, "sendmsg", EQ(4) },
		{ CLIENT, "read", TEXT("3:abc") },
		{ CLIENT, "read at the end", TEXT("0:") },
	},
};
