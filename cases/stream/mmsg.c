/* mmsg.c -- sendmmsg() and recvmmsg(): several messages in one call, on streams. */
#include "case.h"

enum { MESSAGES = 3, ROOM = 8 };

/* Messages of one buffer of ROOM bytes each. msg_len is set wrong, so that it shows when a call
 * does not set it. */
static void make_messages(struct mmsghdr messages[MESSAGES], struct iovec parts[MESSAGES],
			  char bytes[MESSAGES][ROOM])
{
	memset(messages, 0, MESSAGES * sizeof *messages);
	for (int i = 0; i < MESSAGES; i++) {
		parts[i] = (struct iovec){ .iov_base = bytes[i], .iov_len = ROOM };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_len = ROOM;
	}
}

static void reading_server(struct role *me)
{
	saw_to_end(me, "peer got", accept_peer(me));
}

static void bundling_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[MESSAGES][ROOM] = { "a", "bcd", "ef" };
	struct mmsghdr messages[MESSAGES];
	struct iovec parts[MESSAGES];

	make_messages(messages, parts, bytes);
	for (int i = 0; i < MESSAGES; i++)
		parts[i].iov_len = strlen(bytes[i]);
	saw(me, "sendmmsg", sendmmsg(fd, messages, MESSAGES, 0));
	saw(me, "first msg_len", messages[0].msg_len);
	saw(me, "second msg_len", messages[1].msg_len);
	saw(me, "third msg_len", messages[2].msg_len);
	must(close(fd));
}

const struct sock_case sendmmsg_stream = {
	.claim = "sendmmsg() of three messages on a stream returns 3, tells the length of each "
		 "and sends their bytes in order.",
	.source = "sendmmsg(2), DESCRIPTION and RETURN VALUE",
	.standing = SYSTEM,
	.portable = "Call sendmsg() in a loop, or gather everything into one writev().",
	.notes = "macOS and Windows are said to lack the call.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_MMSG,
	.server = reading_server,
	.client = bundling_client,
	.expect = {
		{ CLIENT, "sendmmsg", EQ(3) },
		{ CLIENT, "first msg_len", EQ(1) },
		{ CLIENT, "second msg_len", EQ(3) },
		{ CLIENT, "third msg_len", EQ(2) },
		{ SERVER, "peer got", TEXT("6:abcdef") },
	},
};

static void sending_server(struct role *me)
{
	int conn = accept_peer(me);

	send_all(conn, "abcdef", 6);
	meet(me, "read");
}

static void hopeful_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[MESSAGES][ROOM];
	struct mmsghdr messages[MESSAGES];
	struct iovec parts[MESSAGES];

	make_messages(messages, parts, bytes);
	wait_queued(me, fd, 6);
	saw(me, "recvmmsg", recvmmsg(fd, messages, MESSAGES, MSG_DONTWAIT, NULL));
	saw_bytes(me, "first message", bytes[0], messages[0].msg_len);
	saw(me, "recv", recv(fd, bytes, sizeof bytes, MSG_DONTWAIT));
	meet(me, "read");
}

const struct sock_case recvmmsg_stream = {
	.claim = "recvmmsg(MSG_DONTWAIT) on a stream returns the number of messages for which "
		 "there was data, not an error.",
	.source = "recvmmsg(2), DESCRIPTION and RETURN VALUE",
	.standing = SYSTEM,
	.portable = "Call recvmsg() in a loop.",
	.notes = "FreeBSD and NetBSD are said to have the call, macOS and Windows to lack it.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_MMSG,
	.server = sending_server,
	.client = hopeful_client,
	.expect = {
		{ CLIENT, "recvmmsg", EQ(1) },
		{ CLIENT, "first message", TEXT("6:abcdef") },
		{ CLIENT, "recv", FAILS(EAGAIN) },
	},
};
