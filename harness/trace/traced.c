/* traced.c -- does one thing that is hard to follow: traced NAME. Each prints what it saw, and ends
 * with 0 when that was right whoever looked on. For trace_test.py alone. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int pair[2];

static void make_pair(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		abort();
}

static int waited(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* ---- A descriptor that goes to another process in a message ---- */

/* sendmmsg() puts another message before it. */
static void put_right(int fd, bool as_second)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof fd)];
	} control = { 0 };
	struct iovec part = { (char[]){ "r" }, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof fd),
				    .cmsg_level = SOL_SOCKET,
				    .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	struct mmsghdr both[] = { { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } },
				  { .msg_hdr = message } };
	if (as_second ? sendmmsg(pair[0], both, 2, 0) != 2 : sendmsg(pair[0], &message, 0) != 1)
		abort();
}

static int get_right(void)
{
	char byte;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };
	int fd;

	const struct cmsghdr *header =
		recvmsg(pair[1], &message, 0) == 1 ? CMSG_FIRSTHDR(&message) : NULL;
	if (!header)
		abort();
	memcpy(&fd, CMSG_DATA(header), sizeof fd);
	return fd;
}

static int pass_right(bool as_second)
{
	char byte;

	make_pair();
	pid_t pid = fork();
	if (!pid) {
		if (as_second && recv(pair[1], &byte, 1, 0) != 1)
			abort();
		int fd = get_right();
		_exit(send(fd, "x", 1, MSG_NOSIGNAL) != -1 || errno != EPIPE);
	}
	close(pair[1]);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &(int){ 0 }, &(socklen_t){ sizeof(int) }))
		abort();
	put_right(fd, as_second);
	close(fd);
	return waited(pid);
}

static int do_rights(void)
{
	return pass_right(false);
}

static int do_many_rights(void)
{
	return pass_right(true);
}

/* ---- Calls that signals interrupt ---- */

static void on_signal(int signo)
{
	(void)signo;
}

static void handle(int signo, int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(signo, &action, NULL);
}

/* Waits until the process sleeps in a call: in a stop of its tracer it is in another state. */
static void await_sleep(pid_t pid)
{
	char path[40], line[512];

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	for (;;) {
		FILE *file = fopen(path, "r");
		if (!file || !fgets(line, sizeof line, file))
			abort();
		fclose(file);
		if (strrchr(line, ')')[2] == 'S')
			return;
		poll(NULL, 0, 1);
	}
}

/* Waits until it says that its next call is the one to be disturbed, and is in it. */
static void await_call(pid_t pid)
{
	char byte;

	if (read(pair[1], &byte, 1) != 1)
		abort();
	await_sleep(pid);
}

static void stop_and_continue(pid_t pid)
{
	int status;

	kill(pid, SIGSTOP);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		abort();
	kill(pid, SIGCONT);
	if (waitpid(pid, &status, WCONTINUED) != pid || !WIFCONTINUED(status))
		abort();
}

static void say_ready(void)
{
	if (write(pair[0], "r", 1) != 1)
		abort();
}

static int be_restarted(void)
{
	char bytes[8];

	handle(SIGUSR1, SA_RESTART);
	handle(SIGUSR2, 0);
	say_ready();
	ssize_t first = read(pair[0], bytes, sizeof bytes);
	say_ready();
	ssize_t second = read(pair[0], bytes, sizeof bytes);
	return first != 1 || second != -1 || errno != EINTR;
}

static int do_restart(void)
{
	make_pair();
	pid_t pid = fork();
	if (!pid)
		_exit(be_restarted());
	await_call(pid);
	kill(pid, SIGUSR1);
	await_sleep(pid);
	stop_and_continue(pid);
	await_sleep(pid);
	if (write(pair[1], "x", 1) != 1)
		return 1;
	await_call(pid);
	kill(pid, SIGUSR2);
	return waited(pid);
}

static int do_stopped_poll(void)
{
	make_pair();
	pid_t pid = fork();
	if (!pid) {
		struct pollfd wanted = { .fd = pair[0], .events = POLLIN };
		say_ready();
		_exit(poll(&wanted, 1, 60000) != 1);
	}
	await_call(pid);
	stop_and_continue(pid);
	await_sleep(pid);
	return write(pair[1], "x", 1) != 1 || waited(pid);
}

/* ---- Threads ---- */

static void *execute(void *self)
{
	execl(self, self, "leave", (char *)NULL);
	return NULL;
}

/* Another thread than the first executes a program, with a socket that stays and one that does not.
 */
static int do_exec(char *self)
{
	pthread_t thread;
	int closed = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	make_pair();
	if (closed != 3 || pthread_create(&thread, NULL, execute, self))
		return 1;
	pthread_join(thread, NULL);
	return 1;
}

static int do_leave(void)
{
	return send(4, "abc", 3, 0) != 3 || close(3) != -1 || write(5, "d", 1) != 1;
}

/* The child, which has its parent's memory until then, closes its copy and executes a program that
 * uses the other end. */
static int do_spawn(char *self)
{
	char bytes[4], word[] = "speak", *words[] = { self, word, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	make_pair();
	if (posix_spawn_file_actions_init(&actions) ||
	    posix_spawn_file_actions_addclose(&actions, pair[0]) ||
	    posix_spawn(&pid, self, &actions, NULL, words, NULL))
		return 1;
	posix_spawn_file_actions_destroy(&actions);
	return waited(pid) || recv(pair[0], bytes, sizeof bytes, 0) != 3;
}

static int do_speak(void)
{
	return send(4, "abc", 3, 0) != 3;
}

/* Closes the first end and makes another socket in its place; as its own, when `unshares`. */
static void *replace(void *unshares)
{
	enum { NOT_POSSIBLE = 1 }; /* no flag of unshare(): all of it fails */

	if (unshare(unshares ? CLONE_FILES : CLONE_FILES | NOT_POSSIBLE) != (unshares ? 0 : -1) ||
	    close(pair[0]) || socket(AF_INET, SOCK_STREAM, 0) != pair[0])
		abort();
	return NULL;
}

static int replace_in_thread(bool unshares)
{
	pthread_t thread;

	make_pair();
	if (pthread_create(&thread, NULL, replace, unshares ? pair : NULL) ||
	    pthread_join(thread, NULL))
		return 1;
	return send(pair[0], "x", 1, MSG_NOSIGNAL) != (unshares ? 1 : -1);
}

static int do_unshare(void)
{
	return replace_in_thread(true);
}

static int do_failed_unshare(void)
{
	return replace_in_thread(false);
}

enum { THREADS = 8, CROWD = 64, ROUNDS = 25 };

static void *talk(void *unused)
{
	int ends[2];
	char bytes[16];

	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		struct iovec parts[] = { { (char[]){ "ab" }, 2 }, { (char[]){ "cde" }, 3 } };
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || writev(ends[0], parts, 2) != 5 ||
		    read(ends[1], bytes, sizeof bytes) != 5 || memcmp(bytes, "abcde", 5) != 0)
			abort();
		close(ends[0]);
		close(ends[1]);
	}
	return NULL;
}

static int talk_in(int count)
{
	pthread_t threads[CROWD];

	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, talk, NULL))
			return 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static int do_threads(void)
{
	return talk_in(THREADS);
}

static int do_crowd(void)
{
	return talk_in(CROWD);
}

/* ---- Waiting, copies and mistakes ---- */

static int do_waits(void)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = 0x123456789 };
	struct timeval time = { .tv_sec = 1, .tv_usec = 500000 };
	fd_set set;

	make_pair();
	int epoll = epoll_create1(0), copy = dup(pair[0]);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, copy, &event) || send(pair[1], "x", 1, 0) != 1 ||
	    epoll_wait(epoll, &event, 1, 1000) != 1)
		return 1;
	struct pollfd wanted = { .fd = pair[0], .events = POLLIN | POLLOUT };
	FD_ZERO(&set);
	FD_SET(pair[0], &set);
	if (poll(&wanted, 1, 1000) != 1 || select(pair[0] + 1, &set, NULL, NULL, &time) != 1)
		return 1;
	close(copy);
	close(copy);
	return send(copy, "y", 1, 0) != -1;
}

/* Beyond what select() and a program's usual limit know. */
static int do_high(void)
{
	enum { HIGH = 3000 };
	struct rlimit limit;
	char byte;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 1;
	limit.rlim_cur = HIGH + 1;
	make_pair();
	if (setrlimit(RLIMIT_NOFILE, &limit) || dup2(pair[0], HIGH) != HIGH || close(pair[0]))
		return 1;
	struct pollfd wanted = { .fd = HIGH, .events = POLLIN };
	return send(pair[1], "x", 1, 0) != 1 || poll(&wanted, 1, 1000) != 1 ||
	       recv(HIGH, &byte, 1, 0) != 1 || close(HIGH) || recv(HIGH, &byte, 1, 0) != -1;
}

/* Instances of epoll end in all the ways that descriptors do. */
static int do_epolls(void)
{
	int first = epoll_create1(0), second = epoll_create1(0), third = epoll_create1(0);
	int copy = fcntl(first, F_DUPFD_CLOEXEC, 0);

	return third < 0 || copy < 0 || close(first) || dup2(0, second) != second ||
	       close_range((unsigned)third, (unsigned)third, 0) || close(copy) || close(second);
}

/* ---- What is right, though calls fail ---- */

/* An address of this machine at which nobody listens; its socket keeps it for us. */
static int reserve(struct sockaddr_in *ret_name)
{
	socklen_t size = sizeof *ret_name;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*ret_name = (struct sockaddr_in){ .sin_family = AF_INET,
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (bind(fd, (struct sockaddr *)ret_name, size) ||
	    getsockname(fd, (struct sockaddr *)ret_name, &size))
		abort();
	return fd;
}

static void await(int fd, short events)
{
	struct pollfd wanted = { .fd = fd, .events = events };

	if (poll(&wanted, 1, -1) != 1)
		abort();
}

/* Begins to connect, and waits for what comes of it. */
static void connect_later(int fd, const struct sockaddr_in *name)
{
	int err;

	if (connect(fd, (const struct sockaddr *)name, sizeof *name) && errno != EINPROGRESS)
		abort();
	await(fd, POLLOUT);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &(socklen_t){ sizeof err }) || err)
		abort();
}

static int accept_patiently(int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) < 0) {
		if (errno != EAGAIN)
			abort();
		await(listener, POLLIN);
	}
	return fd;
}

static int do_patient(void)
{
	struct sockaddr_in name;
	char byte;
	int listener = reserve(&name), first = socket(AF_INET, SOCK_STREAM, 0);

	signal(SIGPIPE, SIG_IGN);
	if (!connect(first, (struct sockaddr *)&name, sizeof name) || close(first) ||
	    fcntl(listener, F_SETFL, O_NONBLOCK) || listen(listener, 1) ||
	    accept(listener, NULL, NULL) != -1 || errno != EAGAIN)
		return 1;
	int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect_later(client, &name);
	int served = accept_patiently(listener);
	if (recv(served, &byte, 1, 0) != -1 || errno != EAGAIN || send(client, "x", 1, 0) != 1)
		return 1;
	await(served, POLLIN);
	if (recv(served, &byte, 1, 0) != 1 || shutdown(client, SHUT_WR) || close(listener))
		return 1;
	return send(client, "y", 1, 0) != -1 || errno != EPIPE || close(client) || close(served);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} things[] = {
		{ "rights", do_rights },
		{ "restart", do_restart },
		{ "poll", do_stopped_poll },
		{ "leave", do_leave },
		{ "threads", do_threads },
		{ "waits", do_waits },
		{ "speak", do_speak },
		{ "crowd", do_crowd },
		{ "high", do_high },
		{ "epolls", do_epolls },
		{ "unshare", do_unshare },
		{ "patient", do_patient },
		{ "many-rights", do_many_rights },
		{ "failed-unshare", do_failed_unshare },
	};

	if (argc != 2)
		return 2;
	if (!strcmp(argv[1], "exec"))
		return do_exec(argv[0]);
	if (!strcmp(argv[1], "spawn"))
		return do_spawn(argv[0]);
	for (size_t i = 0; i < sizeof things / sizeof *things; i++)
		if (!strcmp(argv[1], things[i].name))
			return things[i].run();
	return 2;
}
