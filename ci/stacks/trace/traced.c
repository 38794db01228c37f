/* traced.c -- a small program for the tracer to follow: each part makes calls of one kind and says
 * what came of them. It is linked statically and uses nothing of the harness.
 * usage: traced PART      ends with 0 when all data arrived as it was sent
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char message[] = "0123456789abcdefghijklmnopqrstuvwxyz";
enum { MESSAGE = sizeof message - 1, THREADS = 4, ROUNDS = 25 };

/* Says what a call gave: its value or its error. */
static void tell(const char *call, long value)
{
	if (value < 0)
		printf("%s = -1 %s\n", call, strerrorname_np(errno));
	else
		printf("%s = %ld\n", call, value);
}

/* Ends the program when it cannot be what it is for. */
static void need(bool so, const char *what)
{
	if (so)
		return;
	printf("traced: cannot %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(2);
}

static void make_pair(int type, int ends[2])
{
	need(!socketpair(AF_UNIX, type, 0, ends), "make a pair");
}

/* ---- Echo: programs that can live with short transfers and interruptions ---- */

static bool send_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, data, n, MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0)
			data += sent, n -= (size_t)sent;
	}
	return true;
}

/* Until the end of file; gives how many came, -1 on errors. */
static ssize_t receive_all(int fd, char *data, size_t room)
{
	size_t got = 0;

	for (;;) {
		struct iovec parts[2] = { { data + got, (room - got) / 2 },
					  { data + got + (room - got) / 2,
					    room - got - (room - got) / 2 } };
		ssize_t n = readv(fd, parts, 2);
		if (n == 0)
			return (ssize_t)got;
		if (n < 0 && errno != EINTR)
			return -1;
		got += n > 0 ? (size_t)n : 0;
	}
}

static void echo_client(const struct sockaddr_in *to)
{
	char back[2 * MESSAGE];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(fd >= 0 && !connect(fd, (const struct sockaddr *)to, sizeof *to), "connect");
	need(send_all(fd, message, MESSAGE), "send");
	need(!shutdown(fd, SHUT_WR), "shut down");
	ssize_t n = receive_all(fd, back, sizeof back);
	need(n == MESSAGE && !memcmp(back, message, MESSAGE), "get what was sent");
	close(fd);
	_exit(0);
}

static void echo_serve(int listener)
{
	char data[2 * MESSAGE];
	int fd;

	do
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (fd < 0 && (errno == EINTR || errno == EMFILE || errno == ECONNABORTED));
	need(fd >= 0, "accept");
	ssize_t n = receive_all(fd, data, sizeof data), done = 0;
	need(n >= 0, "receive");
	while (done < n) {
		struct iovec parts[2] = { { data + done, 1 }, { data + done + 1, 0 } };
		parts[1].iov_len = (size_t)(n - done - 1);
		ssize_t sent = writev(fd, parts, 2);
		need(sent >= 0 || errno == EINTR, "write");
		done += sent > 0 ? sent : 0;
	}
	close(fd);
}

static void part_echo(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t length = sizeof name;
	int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1, status;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	need(!setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "set an option");
	need(!bind(listener, (struct sockaddr *)&name, sizeof name), "bind");
	need(!listen(listener, 5), "listen");
	need(!getsockname(listener, (struct sockaddr *)&name, &length), "learn its name");
	pid_t pid = fork();
	if (pid == 0)
		echo_client(&name);
	echo_serve(listener);
	need(waitpid(pid, &status, 0) == pid && status == 0, "have a client that is content");
	close(listener);
	puts("echo: all is right");
}

/* ---- Once: each call is made one time, and what it gave is said ---- */

static void send_message(const char *call, ssize_t n, const char *data)
{
	if (n < 0)
		tell(call, n);
	else
		printf("%s = %zd %.*s\n", call, n, (int)n, data);
}

static void part_once(void)
{
	char data[32];
	int ends[2];
	struct iovec out[2] = { { "one", 3 }, { "two", 3 } },
		     in[2] = { { data, 2 }, { data + 2, 4 } };
	struct msghdr sent = { .msg_iov = out, .msg_iovlen = 2 },
		      got = { .msg_iov = in, .msg_iovlen = 2 };
	struct pollfd ready;

	make_pair(SOCK_STREAM, ends);
	tell("write", write(ends[0], "hello", 5));
	send_message("read", read(ends[1], data, 5), data);
	send_message("rest of read", recv(ends[1], data, 5, MSG_DONTWAIT), data);
	tell("send", send(ends[0], "hello", 5, MSG_NOSIGNAL));
	send_message("recv", recv(ends[1], data, 5, 0), data);
	send_message("rest of recv", recv(ends[1], data, 5, MSG_DONTWAIT), data);
	tell("writev", writev(ends[0], out, 2));
	send_message("readv", readv(ends[1], in, 2), data);
	send_message("rest of readv", recv(ends[1], data, 6, MSG_DONTWAIT), data);
	tell("sendmsg", sendmsg(ends[0], &sent, 0));
	send_message("recvmsg", recvmsg(ends[1], &got, 0), data);
	send_message("rest of recvmsg", recv(ends[1], data, 6, MSG_DONTWAIT), data);
	ready = (struct pollfd){ .fd = ends[0], .events = POLLOUT };
	tell("poll", poll(&ready, 1, 1000));
	close(ends[0]);
	send_message("recv at the end", recv(ends[1], data, 5, 0), data);
	close(ends[1]);
}

/* Both refuse by themselves, each with an error of its own. */
static void part_refused(void)
{
	struct sockaddr_in nobody = { .sin_family = AF_INET, .sin_port = htons(1) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char byte;

	nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	tell("recv", recv(fd, &byte, 1, 0));
	tell("connect", connect(fd, (struct sockaddr *)&nobody, sizeof nobody));
	tell("accept", accept(fd, NULL, NULL));
	close(fd);
	tell("recv of nothing", recv(fd, &byte, 1, 0));
}

/* ---- Messages and descriptors ---- */

static void send_descriptor(int over, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec part = { "fd", 2 };
	struct msghdr header = { .msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof control };

	memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	tell("sendmsg", sendmsg(over, &header, 0));
}

static int receive_descriptor(int over)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char data[2];
	struct iovec part = { data, 2 };
	struct msghdr header = { .msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof control };
	int fd;

	send_message("recvmsg", recvmsg(over, &header, 0), data);
	memcpy(&fd, CMSG_DATA(&control.head), sizeof fd);
	return fd;
}

static void part_messages(void)
{
	int ends[2], inner[2];
	char data[4][8];
	struct iovec parts[4] = { { "a", 1 }, { "bc", 2 }, { data[0], 8 }, { data[1], 8 } };
	struct mmsghdr several[4] = { 0 };

	make_pair(SOCK_DGRAM, ends);
	make_pair(SOCK_STREAM, inner);
	send_descriptor(ends[0], inner[0]);
	int passed = receive_descriptor(ends[1]);
	tell("write to what was passed", write(passed, "passed", 6));
	tell("read", read(inner[1], data, 6));
	for (int i = 0; i < 4; i++)
		several[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	tell("sendmmsg", sendmmsg(ends[0], several, 2, 0));
	tell("recvmmsg", recvmmsg(ends[1], several + 2, 2, 0, NULL));
	tell("their lengths", several[2].msg_len * 10 + several[3].msg_len);
	int copy = dup(ends[0]), other = dup3(ends[1], 40, O_CLOEXEC),
	    third = fcntl(copy, F_DUPFD, 50);
	tell("send by a copy", send(third, "copy", 4, 0));
	send_message("recv by a copy", recv(other, data[0], 8, 0), data[0]);
	for (int i = 0; i < 2; i++) {
		close(ends[i]);
		close(inner[i]);
	}
	close(passed);
	close(copy);
	close(other);
	close(third);
}

/* ---- Waiting ---- */

static void part_waits(void)
{
	int ends[2], many = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = 7 };
	struct timespec soon = { .tv_nsec = 1000000 };
	struct timeval now = { 0 };
	fd_set set;

	make_pair(SOCK_STREAM, ends);
	struct pollfd both[2] = { { ends[0], POLLIN | POLLOUT, 0 }, { ends[1], POLLIN, 0 } };
	tell("epoll_ctl", epoll_ctl(many, EPOLL_CTL_ADD, ends[1], &event));
	tell("epoll_wait", epoll_wait(many, &event, 1, 0));
	tell("poll", poll(both, 2, 10));
	tell("ppoll", ppoll(both + 1, 1, &soon, NULL));
	tell("write", write(ends[0], "x", 1));
	tell("epoll_wait", epoll_wait(many, &event, 1, -1));
	tell("its data", event.data.fd);
	tell("poll", poll(both, 2, -1));
	FD_ZERO(&set);
	FD_SET(ends[1], &set);
	tell("select", select(ends[1] + 1, &set, NULL, NULL, &now));
	FD_SET(ends[0], &set);
	tell("pselect", pselect(ends[1] + 1, &set, NULL, NULL, &soon, NULL));
	close(ends[0]);
	close(ends[1]);
	close(many);
}

/* ---- Threads ---- */

static void *answer(void *fd)
{
	char byte;

	for (int i = 0; i < ROUNDS; i++)
		need(recv(*(int *)fd, &byte, 1, 0) == 1 && byte == 'a' + i &&
			     send(*(int *)fd, &byte, 1, 0) == 1,
		     "answer");
	return NULL;
}

static void part_threads(void)
{
	int ends[THREADS][2];
	pthread_t thread[THREADS];
	char byte;

	for (int i = 0; i < THREADS; i++) {
		make_pair(SOCK_STREAM, ends[i]);
		need(!pthread_create(&thread[i], NULL, answer, &ends[i][1]), "start a thread");
	}
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < THREADS; i++) {
			byte = (char)('a' + round);
			need(send(ends[i][0], &byte, 1, 0) == 1, "send");
			need(recv(ends[i][0], &byte, 1, 0) == 1 && byte == 'a' + round, "receive");
		}
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	puts("threads: all is right");
}

/* ---- Signals: calls that are interrupted, and those that are made again ---- */

/* A handler finds the socket it writes to here. */
static int handler_fd = -1;

static void on_signal(int signal)
{
	int saved = errno;

	(void)signal;
	if (handler_fd >= 0 && write(handler_fd, "again", 5) != 5)
		_exit(3);
	errno = saved;
}

static void set_alarm(int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };
	struct itimerval once = { .it_value.tv_usec = 20000 };

	need(!sigaction(SIGALRM, &action, NULL) && !setitimer(ITIMER_REAL, &once, NULL),
	     "set an alarm");
}

static void part_signals(void)
{
	char data[8];
	int ends[2];
	struct pollfd ready;

	make_pair(SOCK_STREAM, ends);
	ready = (struct pollfd){ .fd = ends[1], .events = POLLIN };
	set_alarm(0);
	tell("recv, interrupted", recv(ends[1], data, 5, 0));
	set_alarm(SA_RESTART);
	tell("poll, interrupted", poll(&ready, 1, -1));
	handler_fd = ends[0];
	set_alarm(SA_RESTART);
	send_message("recv, made again", recv(ends[1], data, 5, 0), data);
	set_alarm(SA_RESTART);
	send_message("read, made again", read(ends[1], data, 5), data);
	close(ends[0]);
	close(ends[1]);
}

/* What is there when somebody begins to follow it: a call in which it waits for SIGUSR1. */
static void part_linger(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	char data[8];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	handler_fd = ends[0];
	need(!sigaction(SIGUSR1, &action, NULL), "set a handler");
	send_message("recv", recv(ends[1], data, 5, 0), data);
	tell("send", send(ends[0], "x", 1, 0));
	close(ends[0]);
	close(ends[1]);
}

/* Waits until a process sleeps. */
static void until_asleep(pid_t pid)
{
	char path[40], line[200], state = '?';

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	while (state != 'S') {
		FILE *file = fopen(path, "re");
		need(file && fgets(line, sizeof line, file), "look at its child");
		fclose(file);
		state = strrchr(line, ')')[2];
		need(state != 'Z', "find its child alive");
		sched_yield();
	}
}

static void stop_and_go(pid_t pid)
{
	int status;

	until_asleep(pid);
	need(!kill(pid, SIGSTOP) && waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status),
	     "stop its child");
	need(!kill(pid, SIGCONT), "let its child go on");
	until_asleep(pid);
}

/* A stop interrupts, and nobody notices: recv() is made again, poll() goes on by restart_syscall().
 */
static void part_stopped(void)
{
	char data[8];
	int ends[2], status;

	make_pair(SOCK_STREAM, ends);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		struct pollfd ready = { .fd = ends[1], .events = POLLIN };
		send_message("recv, stopped", recv(ends[1], data, 5, 0), data);
		tell("poll, stopped", poll(&ready, 1, 60000));
		fflush(stdout);
		_exit(0);
	}
	stop_and_go(pid);
	need(send(ends[0], "first", 5, 0) == 5, "send");
	/* The child takes of it before it sleeps the next time: else its poll() finds it at once.
	 */
	for (int left = 5; left == 5; sched_yield())
		need(!ioctl(ends[1], FIONREAD, &left), "ask what is left");
	stop_and_go(pid);
	need(send(ends[0], "second", 6, 0) == 6, "send");
	need(waitpid(pid, &status, 0) == pid && status == 0, "have a child that is content");
	close(ends[0]);
	close(ends[1]);
}

/* ---- Programs ---- */

static void part_exec(void)
{
	int ends[2], status;

	make_pair(SOCK_STREAM, ends);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/proc/self/exe", "traced", "once", (char *)NULL);
		_exit(4);
	}
	need(waitpid(pid, &status, 0) == pid && status == 0, "have a child that is content");
	tell("send", send(ends[0], "x", 1, 0));
	close(ends[0]);
	close(ends[1]);
}

/* ---- Registers: a call changes the one with its result, and no other ---- */

#ifdef __aarch64__
enum { SCRATCH = 12 };

/* A call by hand: gives its result and says which registers it changed. */
static long call_by_hand(long number, const long args[6], unsigned *ret_changed)
{
	register long x0 __asm__("x0") = args[0], x1 __asm__("x1") = args[1];
	register long x2 __asm__("x2") = args[2], x3 __asm__("x3") = args[3];
	register long x4 __asm__("x4") = args[4], x5 __asm__("x5") = args[5];
	register long x6 __asm__("x6") = 0x6666, x7 __asm__("x7") = 0x7777;
	register long x8 __asm__("x8") = number, x9 __asm__("x9") = 0x9999;

	__asm__ volatile("svc 0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6),
			   "+r"(x7), "+r"(x8), "+r"(x9)
			 :
			 : "memory", "cc");
	*ret_changed = (x1 != args[1]) << 1 | (x2 != args[2]) << 2 | (x3 != args[3]) << 3 |
		       (x4 != args[4]) << 4 | (x5 != args[5]) << 5 | (x6 != 0x6666) << 6 |
		       (x7 != 0x7777) << 7 | (x8 != number) << 8 | (x9 != 0x9999) << 9;
	return x0;
}
#else
static long call_by_hand(long number, const long args[6], unsigned *ret_changed)
{
	long result = number, rdi = args[0], rsi = args[1], rdx = args[2];
	register long r10 __asm__("r10") = args[3], r8 __asm__("r8") = args[4];
	register long r9 __asm__("r9") = args[5];

	__asm__ volatile("syscall"
			 : "+a"(result), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10), "+r"(r8),
			   "+r"(r9)
			 :
			 : "rcx", "r11", "memory", "cc");
	*ret_changed = (unsigned)(rdi != args[0]) | (rsi != args[1]) << 1 | (rdx != args[2]) << 2 |
		       (r10 != args[3]) << 3 | (r8 != args[4]) << 4 | (r9 != args[5]) << 5;
	return result;
}
#endif

static void part_registers(void)
{
	char data[8];
	int ends[2];
	unsigned changed;

	make_pair(SOCK_STREAM, ends);
	const long sent[6] = { ends[0], (long)"hello", 5, MSG_NOSIGNAL, 0, 0 };
	const long got[6] = { ends[1], (long)data, 5, MSG_DONTWAIT, 0, 0 };
	for (int i = 0; i < 2; i++) {
		printf("sendto = %ld", call_by_hand(SYS_sendto, sent, &changed));
		printf(", changed %#x\n", changed);
		printf("recvfrom = %ld", call_by_hand(SYS_recvfrom, got, &changed));
		printf(", changed %#x\n", changed);
	}
	close(ends[0]);
	close(ends[1]);
}

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "echo", part_echo },         { "once", part_once },           { "refused", part_refused },
	{ "messages", part_messages }, { "waits", part_waits },         { "threads", part_threads },
	{ "signals", part_signals },   { "stopped", part_stopped },     { "linger", part_linger },
	{ "exec", part_exec },         { "registers", part_registers },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (argc == 2 && !strcmp(argv[1], parts[i].name)) {
			parts[i].run();
			return fflush(stdout) ? 1 : 0;
		}
	fprintf(stderr,
		"usage: traced PART: echo, once, refused, messages, waits, threads, signals, "
		"linger, stopped, exec, registers\n");
	return 2;
}
