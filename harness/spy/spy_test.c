/* spy_test.c -- the spy looks at real processes: hanging, spinning, leaking, listening, reading. */
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"
#include "spy/spy.h"
#include "trace/forbid.h"

enum { PATIENCE_US = 5000000, SHORT_US = 20000 };

/* Sockets of a test, made before it forks, so that both sides know their numbers. */
struct scene {
	int listener, full; /* one that listens, and one whose queue is full */
	int near, far;      /* the ends of a connection: the child's and the test's */
	int pair[2], epoll, late;
	uint16_t port;
};

static struct sockaddr_in any_port(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int listen_on(int backlog, struct sockaddr_in *ret_name)
{
	socklen_t len = sizeof *ret_name;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*ret_name = any_port();
	cr_assert_eq(bind(fd, (void *)ret_name, len), 0);
	cr_assert_eq(listen(fd, backlog), 0);
	cr_assert_eq(getsockname(fd, (void *)ret_name, &len), 0);
	return fd;
}

static int call(const struct sockaddr_in *name)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_eq(connect(fd, (const void *)name, sizeof *name), 0);
	return fd;
}

static struct scene make_scene(void)
{
	struct sockaddr_in name;
	struct scene scene;

	scene.full = listen_on(0, &name);
	call(&name);
	scene.listener = listen_on(2, &name);
	scene.port = ntohs(name.sin_port);
	scene.far = call(&name);
	scene.near = accept(scene.listener, NULL, NULL);
	scene.late = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, scene.pair), 0);
	scene.epoll = epoll_create1(0);
	return scene;
}

static pid_t start(void (*child)(const struct scene *scene), const struct scene *scene)
{
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid)
		return pid;
	os_die_with_parent();
	child(scene);
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void hang(const struct scene *scene)
{
	(void)scene;
	for (;;)
		pause();
}

/* ---- In which call it hangs ---- */

static void hang_in_accept(const struct scene *scene)
{
	accept(scene->listener, NULL, NULL);
}

static void hang_in_recv(const struct scene *scene)
{
	char byte;

	recv(scene->near, &byte, 1, 0);
}

static void hang_in_connect(const struct scene *scene)
{
	struct sockaddr_in name;
	socklen_t len = sizeof name;

	getsockname(scene->full, (void *)&name, &len);
	connect(scene->late, (void *)&name, sizeof name);
}

static void hang_in_poll(const struct scene *scene)
{
	struct pollfd fds[] = { { .fd = scene->near, .events = POLLIN },
				{ .fd = -1, .events = POLLIN },
				{ .fd = scene->listener, .events = POLLIN | POLLPRI } };

	poll(fds, 3, -1);
}

static void hang_in_select(const struct scene *scene)
{
	fd_set in, out;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(scene->near, &in);
	FD_SET(scene->pair[0], &in);
	select(FD_SETSIZE, &in, &out, NULL, NULL);
}

static void hang_in_epoll(const struct scene *scene)
{
	struct epoll_event event = { .events = EPOLLIN };

	epoll_ctl(scene->epoll, EPOLL_CTL_ADD, scene->listener, &event);
	epoll_wait(scene->epoll, &event, 1, -1);
}

static void hang_in_send(const struct scene *scene)
{
	static char bytes[1 << 16];

	for (;;)
		(void)!write(scene->near, bytes, sizeof bytes);
}

/* Looks until the first thread's text begins and goes on as it should; the last text otherwise. */
static bool await_text(pid_t pid, enum spy_detail detail, const char *begin, const char *rest,
		       char *ret_text, size_t room)
{
	int64_t end_us = os_now_us() + PATIENCE_US;
	bool fits = false;

	while (!fits && os_now_us() < end_us) {
		struct spy_process *process = spy_look(pid);
		cr_assert_not_null(process, "cannot look: %s", strerror(errno));
		cr_expect_eq(process->lacks, 0);
		spy_put_thread(ret_text, room, process, &process->threads[0], detail);
		const char *open = strchr(ret_text, '(');
		fits = open && !strncmp(ret_text, begin, strlen(begin)) && !strcmp(open, rest);
		spy_free(process);
		os_pause_us(1000);
	}
	return fits;
}

Test(spy, tells_the_call_and_the_socket)
{
	struct scene scene = make_scene();
	char recv_text[160], select_text[256], poll_text[256], epoll_text[160], connect_text[80],
		accept_text[80], pair_text[80], text[512];

	snprintf(accept_text, sizeof accept_text, "(fd %d: listening stream, accept queue 0 of 2)",
		 scene.listener);
	snprintf(recv_text, sizeof recv_text,
		 "(fd %d: stream to its peer, ESTABLISHED, receive queue empty)", scene.near);
	snprintf(connect_text, sizeof connect_text, "(fd %d: stream, SYN-SENT)", scene.late);
	snprintf(poll_text, sizeof poll_text,
		 "(fd %d IN: stream to its peer, ESTABLISHED, receive queue empty; fd %d IN|PRI: "
		 "listening stream, accept queue 0 of 2)",
		 scene.near, scene.listener);
	snprintf(pair_text, sizeof pair_text, "unix stream to its peer, receive queue empty");
	snprintf(select_text, sizeof select_text,
		 "(fd %d IN: stream to its peer, ESTABLISHED, receive queue empty; fd %d IN: %s)",
		 scene.near, scene.pair[0], pair_text);
	snprintf(epoll_text, sizeof epoll_text,
		 "(fd %d of fd %d IN: listening stream, accept queue 0 of 2)", scene.epoll,
		 scene.listener);
	const struct {
		void (*child)(const struct scene *scene);
		const char *begin, *rest;
	} rows[] = {
		{ hang_in_accept, "in accept", accept_text },
		{ hang_in_recv, "in recv", recv_text },
		{ hang_in_connect, "in connect", connect_text },
		{ hang_in_poll, "in p", poll_text },
		{ hang_in_select, "in ", select_text },
		{ hang_in_epoll, "in epoll_", epoll_text },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		pid_t pid = start(rows[i].child, &scene);
		cr_expect(
			await_text(pid, SPY_STEADY, rows[i].begin, rows[i].rest, text, sizeof text),
			"\"%s\" is not \"%s...%s\"", text, rows[i].begin, rows[i].rest);
		char where[512];
		spy_where(pid, where, sizeof where);
		cr_expect_str_eq(where, text);
		end(pid);
	}
}

Test(spy, names_both_ends_and_rounds_long_queues)
{
	struct scene scene = make_scene();
	struct sockaddr_in name;
	socklen_t len = sizeof name;
	char text[256], wanted[256];
	pid_t pid = start(hang_in_recv, &scene);

	getsockname(scene.far, (void *)&name, &len);
	snprintf(wanted, sizeof wanted,
		 "(fd %d: stream 127.0.0.1:%u to 127.0.0.1:%u, ESTABLISHED, receive queue empty)",
		 scene.near, scene.port, ntohs(name.sin_port));
	cr_expect(await_text(pid, SPY_FULL, "in recv", wanted, text, sizeof text), "%s", text);
	end(pid);
	pid = start(hang_in_send, &scene);
	int64_t end_us = os_now_us() + PATIENCE_US;
	do {
		os_pause_us(1000);
		spy_where(pid, text, sizeof text);
	} while (!strstr(text, ", send queue over ") && os_now_us() < end_us);
	cr_expect(strstr(text, "ESTABLISHED, receive queue empty, send queue over "), "%s", text);
	end(pid);
}

Test(spy, tells_whether_a_thread_has_moved)
{
	struct scene scene = make_scene();
	pid_t pid = start(hang_in_recv, &scene);
	char text[256], rest[128];

	snprintf(rest, sizeof rest, "(fd %d: stream to its peer, ESTABLISHED, receive queue empty)",
		 scene.near);
	cr_assert(await_text(pid, SPY_STEADY, "in recv", rest, text, sizeof text), "%s", text);
	struct spy_process *before = spy_look(pid), *after = spy_look(pid);
	cr_assert(before && after);
	cr_expect(spy_stayed(&before->threads[0], &after->threads[0]));
	spy_free(after);
	/* Stopped and let go on it is in the same call again, but has run. */
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, NULL, WCONTINUED);
	cr_assert(await_text(pid, SPY_STEADY, "in recv", rest, text, sizeof text), "%s", text);
	after = spy_look(pid);
	cr_expect_not(spy_stayed(&before->threads[0], &after->threads[0]));
	spy_free(before);
	spy_free(after);
	end(pid);
}

/* ---- Its sockets ---- */

static const char *option_of(const struct spy_socket *socket, const char *name)
{
	for (unsigned i = 0; i < socket->option_count; i++)
		if (!strcmp(socket->options[i].name, name))
			return socket->options[i].value;
	return "as usual";
}

Test(spy, tells_options_that_are_not_as_usual)
{
	struct scene scene = make_scene();
	struct linger linger = { 1, 5 };
	struct timeval time = { 3, 0 };
	int one = 1, small = 8192, gram = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	setsockopt(scene.near, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	setsockopt(scene.near, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
	setsockopt(scene.near, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	setsockopt(scene.near, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(scene.listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(gram, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
	setsockopt(gram, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	pid_t pid = start(hang, &scene);
	struct spy_process *process = spy_look(pid);
	cr_assert_not_null(process);
	const struct {
		int fd;
		const char *name, *value;
	} rows[] = {
		{ scene.near, "SO_LINGER", "5 s" },
		{ scene.near, "SO_RCVTIMEO", "3.000 s" },
		{ scene.near, "SO_SNDTIMEO", "as usual" },
		{ scene.near, "SO_SNDBUF", "16384" }, /* Linux doubles it */
		{ scene.near, "SO_RCVBUF", "as usual" },
		{ scene.near, "TCP_NODELAY", "1" },
		{ scene.near, "SO_REUSEADDR", "as usual" },
		{ scene.listener, "SO_REUSEADDR", "1" },
		{ scene.listener, "SO_LINGER", "as usual" },
		{ gram, "SO_BROADCAST", "1" },
		{ gram, "SO_KEEPALIVE", "1" },
		{ gram, "TCP_NODELAY", "as usual" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct spy_socket *socket = spy_socket_of(process, rows[i].fd);
		cr_assert_not_null(socket);
		cr_expect(socket->has_options);
		cr_expect_str_eq(option_of(socket, rows[i].name), rows[i].value, "%s of fd %d: %s",
				 rows[i].name, rows[i].fd, option_of(socket, rows[i].name));
	}
	cr_expect_eq(spy_socket_of(process, scene.far)->option_count, 0);
	cr_expect_eq(spy_socket_of(process, gram)->nonblocking, 1);
	cr_expect_eq(spy_socket_of(process, scene.near)->nonblocking, 0);
	cr_expect_null(spy_socket_of(process, scene.epoll), "no socket");
	spy_free(process);
	end(pid);
}

Test(spy, counts_accept_queues)
{
	struct sockaddr_in name;
	struct scene scene = make_scene();
	socklen_t len = sizeof name;

	getsockname(scene.listener, (void *)&name, &len);
	call(&name);
	call(&name);
	pid_t pid = start(hang, &scene);
	struct spy_process *process = spy_look(pid);
	cr_assert_not_null(process);
	const struct spy_socket *listener = spy_socket_of(process, scene.listener);
	cr_expect(listener->listening);
	cr_expect_str_eq(listener->state, "LISTEN");
	cr_expect_eq(listener->accept_queue, 2);
	cr_expect_eq(listener->backlog, 2);
	spy_free(process);
	end(pid);
}

static void read_end_and_hang(const struct scene *scene)
{
	char byte;

	close(scene->far);
	close(scene->pair[1]);
	while (recv(scene->near, &byte, 1, 0) > 0)
		;
	hang(scene);
}

static void hang_without_far(const struct scene *scene)
{
	close(scene->far);
	close(scene->pair[1]);
	hang(scene);
}

/* Looks until a socket has the end of its peer, read or not; gives what is seen last. */
static struct spy_socket await_closed(pid_t pid, int fd, int end_unread)
{
	int64_t end_us = os_now_us() + PATIENCE_US;
	struct spy_socket socket = { 0 };

	do {
		struct spy_process *process = spy_look(pid);
		cr_assert_not_null(process);
		socket = *spy_socket_of(process, fd);
		spy_free(process);
		os_pause_us(1000);
	} while (!(socket.peer_closed && socket.end_unread == end_unread) && os_now_us() < end_us);
	return socket;
}

Test(spy, finds_what_stays_open_after_its_end)
{
	struct scene scene = make_scene();
	pid_t pid = start(read_end_and_hang, &scene);
	struct spy_process *process = spy_look(pid);

	cr_assert_not_null(process);
	cr_expect_not(spy_leaks(spy_socket_of(process, scene.near)), "its peer is there");
	spy_free(process);
	close(scene.far);
	close(scene.pair[1]);
	struct spy_socket socket = await_closed(pid, scene.near, 0);
	cr_expect(spy_leaks(&socket));
	cr_expect_str_eq(socket.state, "CLOSE-WAIT");
	socket = await_closed(pid, scene.pair[0], SPY_UNKNOWN);
	cr_expect(spy_leaks(&socket), "AF_UNIX");
	end(pid);
}

Test(spy, does_not_call_a_leak_what_is_to_be_read)
{
	struct scene scene = make_scene();
	pid_t pid = start(hang_without_far, &scene);

	cr_assert_eq(write(scene.far, "abc", 3), 3);
	close(scene.far);
	struct spy_socket socket = await_closed(pid, scene.near, 1);
	cr_expect(socket.peer_closed);
	cr_expect_eq(socket.end_unread, 1);
	cr_expect_eq(socket.receive_queue, 3);
	cr_expect_not(spy_leaks(&socket));
	end(pid);
}

/* ---- Who cannot be looked at, and who may not look ---- */

Test(spy, says_who_is_gone)
{
	struct scene scene = make_scene();
	struct spy_cpu cpu;
	pid_t pid = start(hang, &scene);
	siginfo_t info;

	kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	for (int i = 0; i < 2; i++) { /* a zombie, then nothing */
		cr_expect_null(spy_look(pid));
		cr_expect_eq(errno, ESRCH, "%s", strerror(errno));
		cr_expect_not(spy_read_cpu(pid, &cpu));
		cr_expect_eq(errno, ESRCH);
		waitpid(pid, NULL, WNOHANG);
	}
	char where[64] = "x";
	spy_where(pid, where, sizeof where);
	cr_expect_str_eq(where, "");
}

/* What somebody sees who may not look closely: 0, or the line that is not so. */
static int look_dimly(pid_t pid, const struct scene *scene, bool diag_too)
{
#define SEE(condition)                                                                             \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return __LINE__ % 250 + 1;                                                 \
	} while (0)
	unsigned lacks = SPY_NO_COPIES | SPY_NO_MEMORY | (diag_too ? SPY_NO_DIAG : 0);
	struct spy_process *process;
	char text[128];

	SEE(forbid_looking(diag_too));
	process = spy_look(pid);
	SEE(process && process->lacks == lacks);
	const struct spy_socket *near = spy_socket_of(process, scene->near);
	SEE(near && !near->has_options && near->inode && near->nonblocking == 0);
	SEE(diag_too ? !near->state : !strcmp(near->state, "ESTABLISHED"));
	SEE(near->receive_queue == (diag_too ? SPY_UNKNOWN : 3));
	const struct spy_socket *listener = spy_socket_of(process, scene->listener);
	SEE(listener->backlog == (diag_too ? SPY_UNKNOWN : 2));
	SEE(diag_too || spy_socket_of(process, scene->pair[0])->family == AF_UNIX);
	spy_put_thread(text, sizeof text, process, &process->threads[0], SPY_STEADY);
	SEE(!strcmp(text, "in poll()") || !strcmp(text, "in ppoll()") ||
	    !strcmp(text, "in ppoll_time64()"));
	SEE(spy_why_no_copies() && !spy_why_no_diag() == !diag_too);
	spy_free(process);
	return 0;
#undef SEE
}

static void poll_nothing_much(const struct scene *scene)
{
	struct pollfd one = { .fd = scene->listener, .events = POLLIN };

	poll(&one, 1, -1);
}

Test(spy, sees_what_is_not_forbidden)
{
	struct scene scene = make_scene();
	pid_t pid = start(poll_nothing_much, &scene);
	char text[256], rest[128];

	snprintf(rest, sizeof rest, "(fd %d IN: listening stream, accept queue 0 of 2)",
		 scene.listener);
	cr_assert(await_text(pid, SPY_STEADY, "in p", rest, text, sizeof text), "%s", text);
	cr_assert_eq(write(scene.far, "abc", 3), 3);
	cr_expect_null(spy_why_no_copies());
	cr_expect_null(spy_why_no_diag());
	for (int diag_too = 0; diag_too < 2; diag_too++) {
		int status = 0;
		pid_t looker = fork();
		if (looker == 0)
			_exit(look_dimly(pid, &scene, diag_too));
		waitpid(looker, &status, 0);
		cr_expect_eq(status, 0, "line %d", WEXITSTATUS(status) - 1);
	}
	end(pid);
}

/* ---- The processor ---- */

static void spin(const struct scene *scene)
{
	for (;;)
		recv(scene->near, NULL, 0, MSG_DONTWAIT);
}

Test(spy, knows_who_spins)
{
	struct scene scene = make_scene();
	pid_t spinning = start(spin, &scene), hanging = start(hang, &scene);
	int64_t end_us = os_now_us() + PATIENCE_US;
	struct spy_cpu before[2], after[2];
	struct spy_load spin_load, hang_load;

	/* On a busy machine neither may have come to what it does when they are first looked at. */
	do {
		cr_assert(spy_read_cpu(spinning, &before[0]) && spy_read_cpu(hanging, &before[1]));
		os_pause_us(100000); /* the time that is measured */
		cr_assert(spy_read_cpu(spinning, &after[0]) && spy_read_cpu(hanging, &after[1]));
		spin_load = spy_load_between(&before[0], &after[0]);
		hang_load = spy_load_between(&before[1], &after[1]);
	} while ((!spin_load.spinner || hang_load.percent >= 1) && os_now_us() < end_us);
	cr_expect_eq(spin_load.spinner, spinning);
	cr_expect_gt(spin_load.percent, 0);
	cr_expect_eq(hang_load.spinner, 0);
	cr_expect_lt(hang_load.percent, 1);
	end(spinning);
	end(hanging);
}

/* ---- Waiting ---- */

/* Says that it has closed what it was born with, and listens when its peer says so. */
static void listen_when_told(const struct scene *scene)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(scene->port) };
	char byte;

	close(scene->listener);
	close(scene->far);
	name.sin_addr.s_addr = htonl(INADDR_ANY);
	(void)!write(scene->pair[0], "c", 1);
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (recv(scene->near, &byte, 1, 0) == 1 && !bind(fd, (void *)&name, sizeof name) &&
	    !listen(fd, 7))
		hang(scene);
}

static void fork_one_that_listens(const struct scene *scene)
{
	close(scene->listener);
	pid_t pid = fork();

	if (pid == 0) {
		os_die_with_parent();
		listen_when_told(scene);
		_exit(0);
	}
	hang(scene);
}

Test(spy, waits_until_a_child_listens)
{
	void (*const children[])(const struct scene *) = { listen_when_told,
							   fork_one_that_listens };

	for (size_t i = 0; i < 2; i++) {
		struct scene scene = make_scene();
		struct spy_listener listener;
		int one = 1;
		/* The connection keeps the port, too. */
		setsockopt(scene.near, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		pid_t pid = start(children[i], &scene);
		char closed;
		cr_assert_eq(read(scene.pair[1], &closed, 1), 1);
		cr_expect_eq(spy_await_listener(pid, IPPROTO_TCP, scene.port, SHORT_US, &listener),
			     SPY_LATE);
		cr_expect(listener.taken, "by this process");
		close(scene.listener);
		cr_assert_eq(write(scene.far, "x", 1), 1);
		cr_assert_eq(
			spy_await_listener(pid, IPPROTO_TCP, scene.port, PATIENCE_US, &listener),
			SPY_CAME, "%s", strerror(errno));
		cr_expect(i ? listener.pid != pid : listener.pid == pid);
		struct spy_process *process = spy_look(listener.pid);
		cr_assert_not_null(process);
		const struct spy_socket *socket = spy_socket_of(process, listener.socket.fd);
		cr_expect(socket && socket->listening);
		cr_expect(socket && socket->inode == listener.socket.inode);
		spy_free(process);
		cr_expect_eq(listener.socket.backlog, 7);
		cr_expect_eq(listener.socket.accept_queue, 0, "no connection is made");
		end(pid);
	}
}

static void bind_datagrams(const struct scene *scene)
{
	struct sockaddr_in name = any_port();

	name.sin_port = htons(scene->port);
	bind(socket(AF_INET, SOCK_DGRAM, 0), (void *)&name, sizeof name);
	hang(scene);
}

Test(spy, waits_until_datagrams_can_come)
{
	struct scene scene = make_scene();
	struct spy_listener listener;
	pid_t pid = start(bind_datagrams, &scene);

	cr_expect_eq(spy_await_listener(pid, IPPROTO_UDP, scene.port, PATIENCE_US, &listener),
		     SPY_CAME);
	cr_expect_eq(listener.pid, pid);
	end(pid);
}

static void read_one_and_end(const struct scene *scene)
{
	char byte;

	(void)!read(scene->near, &byte, 1);
}

Test(spy, does_not_wait_for_who_has_ended)
{
	struct scene scene = make_scene();
	struct spy_listener listener;
	pid_t pid = start(read_one_and_end, &scene);
	int64_t start_us = os_now_us();

	close(scene.listener);
	cr_assert_eq(write(scene.far, "x", 1), 1);
	cr_expect_eq(spy_await_listener(pid, IPPROTO_TCP, 1, 10 * PATIENCE_US, &listener),
		     SPY_ENDED);
	cr_expect_not(listener.taken);
	cr_expect_lt(os_now_us() - start_us, 5 * PATIENCE_US);
	waitpid(pid, NULL, 0);
}

static void read_three_and_hang(const struct scene *scene)
{
	char byte;

	close(scene->far);
	for (int i = 0; i < 3; i++)
		(void)!recv(scene->near, &byte, 1, 0);
	hang(scene);
}

Test(spy, waits_until_all_is_read)
{
	struct scene scene = make_scene();
	long long left;
	pid_t pid = start(read_three_and_hang, &scene);

	close(scene.near);
	cr_expect_eq(spy_await_read(scene.far, PATIENCE_US, &left), SPY_CAME, "nothing was sent");
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(write(scene.far, "x", 1), 1);
		cr_expect_eq(spy_await_read(scene.far, PATIENCE_US, &left), SPY_CAME);
		cr_expect_eq(left, 0);
	}
	cr_assert_eq(write(scene.far, "12345", 5), 5);
	cr_expect_eq(spy_await_read(scene.far, SHORT_US, &left), SPY_LATE);
	cr_expect_eq(left, 5);
	end(pid);
	cr_expect_eq(spy_await_read(scene.far, PATIENCE_US, &left), SPY_ENDED, "it was reset");
}
