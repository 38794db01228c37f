/* exec.c -- connections that a new program inherits, and those it does not. */
#include "case.h"

/* The shell commands name it: a single digit, free in every role. */
enum { AT = 7 };

/* A connection at descriptor AT, and a pipe for the standard input of a program. */
struct estate {
	int input[2];
	const char *command;
};

static struct estate connect_at(struct role *me, const char *command)
{
	struct estate estate = { .command = command };
	int fd = connect_to_peer(me);

	must(dup2(fd, AT));
	must(close(fd));
	must(pipe2(estate.input, O_CLOEXEC));
	must_be(estate.input[0] < AT && estate.input[1] < AT);
	return estate;
}

static int execing_child(struct role *me, void *arg)
{
	struct estate *estate = arg;

	(void)me;
	must(dup2(estate->input[0], STDIN_FILENO));
	send_all(AT, "child", 5);
	execl("/bin/sh", "sh", "-c", estate->command, (char *)NULL);
	return 99;
}

static void cloexec_client(struct role *me)
{
	struct estate estate = connect_at(me, "read line; (: <&7) 2>&- && exit 20; exit 10");

	must(fcntl(AT, F_SETFD, FD_CLOEXEC));
	pid_t child = helper(me, execing_child, &estate);
	must(close(AT));
	meet(me, "end was read");
	must(close(estate.input[1])); /* the program still runs: it reads this pipe */
	saw_end(me, "program, which looked for the descriptor", helper_status(me, child));
}

static void listening_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[8];

	saw_bytes(me, "recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	saw_bytes(me, "second recv", bytes, recv(conn, bytes, sizeof bytes, 0));
	meet(me, "end was read");
}

const struct sock_case fd_exec_cloexec_closes = {
	.claim = "An exec closes a connection with FD_CLOEXEC: the peer reads its end at once.",
	.source = "POSIX.1-2024 exec, DESCRIPTION (FD_CLOEXEC)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_SHELL | NEEDS_DESCRIPTORS,
	.server = listening_server,
	.client = cloexec_client,
	.expect = {
		{ SERVER, "recv", TEXT("5:child") },
		{ SERVER, "second recv", TEXT("0:") },
		{ CLIENT, "program, which looked for the descriptor", TEXT("exit 10") },
	},
};

static void inheriting_client(struct role *me)
{
	struct estate estate = connect_at(me, "read line <&7; echo \"got $line\" >&7; exit 10");

	pid_t child = helper(me, execing_child, &estate);
	must(close(AT));
	meet(me, "only the child holds it");
	saw_end(me, "program", helper_status(me, child));
}

static void questioning_server(struct role *me)
{
	int conn = accept_peer(me);
	char bytes[16];

	meet(me, "only the child holds it");
	saw_bytes(me, "recv before exec", bytes, recv(conn, bytes, 5, MSG_WAITALL));
	saw(me, "send", send(conn, "ping\n", 5, MSG_NOSIGNAL));
	saw_bytes(me, "recv from the program", bytes, recv(conn, bytes, 9, MSG_WAITALL));
	saw_bytes(me, "recv after its exit", bytes, recv(conn, bytes, sizeof bytes, 0));
}

const struct sock_case fd_exec_without_cloexec_keeps = {
	.claim = "Without FD_CLOEXEC a connection survives exec: the new program uses and ends it.",
	.source = "POSIX.1-2024 exec, DESCRIPTION (open descriptors remain open)",
	.standing = SHALL,
	.portable = "Set SOCK_CLOEXEC on every socket that no program is to inherit.",
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_SHELL | NEEDS_DESCRIPTORS,
	.server = questioning_server,
	.client = inheriting_client,
	.expect = {
		{ SERVER, "recv before exec", TEXT("5:child") },
		{ SERVER, "send", EQ(5) },
		{ SERVER, "recv from the program", TEXT("9:got ping\\x0a") },
		{ CLIENT, "program", TEXT("exit 10") },
		{ SERVER, "recv after its exit", TEXT("0:") },
	},
};

static int filter(struct role *me, void *arg)
{
	int conn = *(int *)arg;

	(void)me;
	must(dup2(conn, STDIN_FILENO));
	must(dup2(conn, STDOUT_FILENO));
	must(close(conn));
	execl("/bin/sh", "sh", "-c", "while read line; do echo \"<$line>\"; done", (char *)NULL);
	return 99;
}

static void inetd_server(struct role *me)
{
	int conn = accept_peer(me);
	pid_t child = helper(me, filter, &conn);

	must(close(conn));
	saw_end(me, "program", helper_status(me, child));
}

static void filtered_client(struct role *me)
{
	int fd = connect_to_peer(me);
	char bytes[32];

	send_all(fd, "one\ntwo\n", 8);
	must(shutdown(fd, SHUT_WR));
	saw_bytes(me, "recv", bytes, recv(fd, bytes, sizeof bytes, MSG_WAITALL));
}

const struct sock_case fd_socket_inherited_as_stdio = {
	.claim = "A program with a connection as standard input and output serves it unknowingly.",
	.source = "POSIX.1-2024 dup2(), DESCRIPTION; exec, DESCRIPTION (open descriptors remain "
		  "open)",
	.standing = SHALL,
	.families = INET | INET6 | UNIX,
	.needs = NEEDS_PROCESS | NEEDS_SHELL | NEEDS_DESCRIPTORS,
	.server = inetd_server,
	.client = filtered_client,
	.expect = {
		{ SERVER, "program", TEXT("exit 0") },
		{ CLIENT, "recv", TEXT("12:<one>\\x0a<two>\\x0a") },
	},
};
