/* pingpong.c -- what a tracer costs: 64 bytes to an echo server that runs under it, and back, all
 * on one processor.
 *
 * Usage: pingpong SLICES [WRAPPER [ARGUMENT...]]. Prints us per round, of the middle one of so many
 * slices of a few rounds: what else runs on the machine falls into the slower ones. A round is two
 * calls of the server. The server is this program, started as WRAPPER ... pingpong --serve FD. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, WARM_UP = 200, SLICE = 20, SLICES_MAX = 10000, WORDS_MAX = 32 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int serve(int fd)
{
	char bytes[SIZE];

	for (ssize_t n; (n = recv(fd, bytes, sizeof bytes, MSG_WAITALL)) > 0;)
		if (send(fd, bytes, (size_t)n, 0) != n)
			return 1;
	return 0;
}

static void pin(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET((size_t)(cpu < 0 ? 0 : cpu), &set);
	if (sched_setaffinity(0, sizeof set, &set))
		fail("sched_setaffinity");
}

/* The two ends of a connection over loopback. */
static void connect_pair(int *ret_here, int *ret_there)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof name;
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

	*ret_here = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&name, length) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&name, &length) ||
	    connect(*ret_here, (struct sockaddr *)&name, length))
		fail("connect");
	*ret_there = accept(listener, NULL, NULL);
	if (*ret_there < 0 || setsockopt(*ret_here, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) ||
	    setsockopt(*ret_there, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one))
		fail("accept");
	close(listener);
}

static pid_t start(char *self, int fd, int other, int count, char **wrapper)
{
	char *words[WORDS_MAX + 4], number[16];
	int n = 0;
	pid_t pid = fork();

	if (pid)
		return pid;
	close(other);
	snprintf(number, sizeof number, "%d", fd);
	for (; n < count && n < WORDS_MAX; n++)
		words[n] = wrapper[n];
	words[n++] = self;
	words[n++] = (char[]){ "--serve" };
	words[n++] = number;
	words[n] = NULL;
	execvp(words[0], words);
	fail(words[0]);
	return -1;
}

static void play(int fd, long rounds)
{
	char bytes[SIZE] = { 0 };

	for (long i = 0; i < rounds; i++)
		if (send(fd, bytes, SIZE, 0) != SIZE || recv(fd, bytes, SIZE, MSG_WAITALL) != SIZE)
			fail("no answer: the server, or what it runs under, has ended");
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The middle one of the slices, in us per round. */
static double measure(int fd, long slices)
{
	static double took[SLICES_MAX];

	play(fd, WARM_UP);
	for (long i = 0; i < slices; i++) {
		double start_us = now_us();
		play(fd, SLICE);
		took[i] = (now_us() - start_us) / SLICE;
	}
	qsort(took, (size_t)slices, sizeof *took, by_size);
	return took[slices / 2];
}

int main(int argc, char **argv)
{
	int here, there, status;

	if (argc == 3 && !strcmp(argv[1], "--serve"))
		return serve((int)strtol(argv[2], NULL, 10));
	long slices = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	if (slices <= 0 || slices > SLICES_MAX)
		return 2;
	pin();
	connect_pair(&here, &there);
	pid_t pid = start(argv[0], there, here, argc - 2, argv + 2);
	close(there);
	printf("%.2f\n", measure(here, slices));
	close(here);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	if (status == 0)
		return 0;
	fprintf(stderr, "pingpong: '%s' ended with wait status 0x%x\n",
		argc > 2 ? argv[2] : argv[0], (unsigned)status);
	return 1;
}
