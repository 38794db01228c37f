/* main.c -- sets a victim up: victims NAME, or victims list. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "victim.h"

/* How a victim gets its clients. */
enum start {
	GOOD,      /* accept() that fails for a while is called again */
	NAIVE,     /* any failure is the end */
	FORKS,     /* as GOOD; a child serves */
	UNCHECKED, /* as NAIVE, and the result of bind() is not looked at */
	DATAGRAMS  /* nobody is accepted */
};

static const struct victim {
	const char *name;
	enum start start;
	serve_function *serve;
	const struct way *way;
} victims[] = {
	{ "echo-good", GOOD, echo_good, &way_plain },
	{ "echo-naive", NAIVE, echo_naive, &way_plain },
	{ "echo-vector-good", GOOD, echo_good, &way_vector },
	{ "echo-vector-naive", NAIVE, echo_naive, &way_vector },
	{ "echo-message-good", GOOD, echo_good, &way_message },
	{ "echo-message-naive", NAIVE, echo_naive, &way_message },
	{ "echo-file-good", GOOD, echo_good, &way_file },
	{ "echo-file-naive", NAIVE, echo_naive, &way_file },
	{ "echo-whole", NAIVE, echo_naive, &way_whole },
	{ "echo-fork", FORKS, echo_good, &way_plain },
	{ "echo-unchecked", UNCHECKED, echo_naive, &way_plain },
	{ "echo-datagrams", DATAGRAMS, NULL, NULL },
	{ "line-good", GOOD, line_good, &way_plain },
	{ "line-naive", NAIVE, line_naive, &way_plain },
	{ "struct-good", GOOD, struct_good, &way_plain },
	{ "struct-naive", NAIVE, struct_naive, &way_plain },
};

#define COUNT (sizeof victims / sizeof *victims)

/* Tells on stdout at which port it can be reached. */
static int tell_port(int fd)
{
	struct sockaddr_in name;
	socklen_t size = sizeof name;

	if (getsockname(fd, (struct sockaddr *)&name, &size))
		return failed("getsockname");
	printf("%d\n", ntohs(name.sin_port));
	return fflush(stdout) ? failed("stdout") : 0;
}

/* A socket with a name, and a queue if it is a stream's; -1 when it has failed. */
static int make_socket(enum start start)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, start == DATAGRAMS ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (fd < 0)
		return failed("socket"), -1;
	if (bind(fd, (struct sockaddr *)&name, sizeof name) && start != UNCHECKED)
		return failed("bind"), -1;
	if (start != DATAGRAMS && listen(fd, SOMAXCONN))
		return failed("listen"), -1;
	return tell_port(fd) ? -1 : fd;
}

/* What an accept() that is to go on must outlive: a client that has left, no room for now. */
static bool is_for_now(int err)
{
	static const int errors[] = { EINTR,  ECONNABORTED, EMFILE, ENFILE,
				      EPROTO, ENOBUFS,      ENOMEM, EAGAIN };

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (err == errors[i])
			return true;
	return false;
}

static int accept_client(int fd, enum start start)
{
	int conn;

	do
		conn = accept(fd, NULL, NULL);
	while (conn < 0 && (start == GOOD || start == FORKS) && is_for_now(errno));
	if (conn < 0)
		failed("accept");
	return conn;
}

/* A child serves; gives its exit status. */
static int serve_in_child(const struct victim *victim, int conn)
{
	int status;
	pid_t child = fork(), ended;

	if (child < 0)
		return failed("fork");
	if (child == 0)
		_exit(victim->serve(victim->way, conn));
	close(conn);
	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended == child && WIFEXITED(status) ? WEXITSTATUS(status) : failed("waitpid");
}

/* Sends datagrams back until an empty one comes. */
static int echo_datagrams(int fd)
{
	char bytes[2048];
	struct sockaddr_in from;
	ssize_t n;

	do {
		socklen_t size = sizeof from;
		n = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);
		if (n < 0 || sendto(fd, bytes, (size_t)n, 0, (struct sockaddr *)&from, size) != n)
			return failed("datagram");
	} while (n > 0);
	return 0;
}

static int run(const struct victim *victim)
{
	int fd = make_socket(victim->start);

	if (fd < 0)
		return 1;
	if (victim->start == DATAGRAMS)
		return echo_datagrams(fd);
	int conn = accept_client(fd, victim->start);
	if (conn < 0)
		return 1;
	int status = victim->start == FORKS ? serve_in_child(victim, conn)
					    : victim->serve(victim->way, conn);
	close(fd);
	return status;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (argc == 2 && !strcmp(argv[1], victims[i].name))
			return run(&victims[i]);
		if (argc == 2 && !strcmp(argv[1], "list"))
			puts(victims[i].name);
	}
	if (argc == 2 && !strcmp(argv[1], "list"))
		return 0;
	fprintf(stderr, "usage: victims NAME|list\n");
	return 2;
}
