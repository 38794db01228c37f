/* child.c -- starting, awaiting and ending other programs. */
#include "fuzz/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/os.h"

static void awaited_signals(sigset_t *ret_set)
{
	sigemptyset(ret_set);
	sigaddset(ret_set, SIGCHLD);
	sigaddset(ret_set, SIGINT);
	sigaddset(ret_set, SIGTERM);
	sigaddset(ret_set, SIGHUP);
}

void children_begin(void)
{
	sigset_t set;

	awaited_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* A SIGCHLD that is ignored would never come, and its child never be reaped. */
	signal(SIGCHLD, SIG_DFL);
}

static bool redirect(const char *path, int flags, int to)
{
	int fd = open(path ? path : "/dev/null", flags | O_CLOEXEC, 0666);

	return fd >= 0 && dup2(fd, to) == to;
}

static void set_variables(const char *const *variables)
{
	for (; variables && *variables; variables++) {
		if (strchr(*variables, '='))
			putenv((char *)*variables);
		else
			unsetenv(*variables);
	}
}

/* In the child: becomes the program, or tells errno by the pipe. */
static _Noreturn void become(const struct child_order *order, int trouble)
{
	sigset_t none;

	setpgid(0, 0);
	os_die_with_parent();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	set_variables(order->variables);
	if (redirect(order->input, O_RDONLY, STDIN_FILENO) &&
	    redirect(order->output, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO) &&
	    dup2(STDOUT_FILENO, STDERR_FILENO) == STDERR_FILENO &&
	    (!order->directory || !chdir(order->directory)))
		execvp(order->argv[0], (char *const *)order->argv);
	int err = errno;
	if (write(trouble, &err, sizeof err) != sizeof err)
		_exit(126);
	_exit(127);
}

pid_t child_start(const struct child_order *order)
{
	int trouble[2], err;

	if (pipe2(trouble, O_CLOEXEC))
		return -1;
	pid_t pid = fork();
	if (!pid)
		become(order, trouble[1]);
	err = errno;
	close(trouble[1]);
	/* Nothing comes, and the end does, when the program runs. */
	if (pid > 0 && read(trouble[0], &err, sizeof err) == sizeof err) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(trouble[0]);
	errno = err;
	return pid;
}

static long long now_ms(void)
{
	return os_now_us() / 1000;
}

pid_t children_wait(long long timeout_ms, int *ret_status, int *ret_signal)
{
	const long long end = now_ms() + timeout_ms;
	sigset_t set;

	awaited_signals(&set);
	for (;;) {
		pid_t pid = waitpid(-1, ret_status, WNOHANG);
		if (pid > 0)
			return pid;
		long long left = end - now_ms();
		struct timespec wait = { .tv_sec = (time_t)(left / 1000),
					 .tv_nsec = (long)(left % 1000 * 1000000) };
		int signo = left > 0 ? sigtimedwait(&set, NULL, &wait) : -1;
		if (signo > 0 && signo != SIGCHLD) {
			*ret_signal = signo;
			return -1;
		}
		if (signo < 0 && now_ms() >= end)
			return 0;
	}
}

/* Whether the child has ended within the time; signals to stop wait meanwhile. */
static bool ends_within(pid_t pid, long long ms, int *ret_status)
{
	const long long end = now_ms() + ms;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (waitpid(pid, ret_status, WNOHANG) != pid) {
		long long left = end - now_ms();
		if (left <= 0)
			return false;
		struct timespec wait = { .tv_sec = (time_t)(left / 1000),
					 .tv_nsec = (long)(left % 1000 * 1000000) };
		sigtimedwait(&set, NULL, &wait);
	}
	return true;
}

void child_stop(pid_t pid)
{
	int status;

	kill(-pid, SIGTERM);
	if (ends_within(pid, 2000, &status)) {
		kill(-pid, SIGKILL);
		return;
	}
	kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);
}

int stop_pending(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
		if (sigismember(&pending, stops[i]))
			return stops[i];
	return 0;
}

/* Ends a group whose time is over. Its leader may have something to say about that. */
static void end_late(pid_t pid, int late_signal, int *ret_status)
{
	enum { LAST_WORDS_MS = 3000 };

	if (late_signal) {
		kill(-pid, late_signal);
		if (ends_within(pid, LAST_WORDS_MS, ret_status)) {
			kill(-pid, SIGKILL);
			return;
		}
	}
	kill(-pid, SIGKILL);
	waitpid(pid, ret_status, 0);
}

struct child_end child_run(const struct child_order *order, long long limit_ms)
{
	enum { LOOK_MS = 200 };
	const long long begin = now_ms();
	struct child_end end = { 0 };

	pid_t pid = child_start(order);
	if (pid < 0) {
		end.err = errno;
		return end;
	}
	end.started = true;
	while (!ends_within(pid, limit_ms > 0 && limit_ms < LOOK_MS ? limit_ms : LOOK_MS,
			    &end.status)) {
		end.stopped = stop_pending() != 0;
		end.timed_out = !end.stopped && limit_ms > 0 && now_ms() - begin >= limit_ms;
		if (!end.stopped && !end.timed_out)
			continue;
		end_late(pid, end.stopped ? 0 : order->late_signal, &end.status);
		return end;
	}
	kill(-pid, SIGKILL); /* what it left behind */
	return end;
}
