/* probe.c -- whether the sockets of a child can be looked at on this machine. */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"
#include "spy/eye.h"

/* A child that hangs until it is killed, with its standard input open. */
static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	os_die_with_parent();
	for (;;)
		pause();
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

const char *spy_why_no_copies(void)
{
	const char *why = NULL;
	struct spy_eye eye;
	pid_t child = start_child();

	if (child < 0)
		return "cannot fork a process to look at";
	spy_eye_open(&eye, child, false);
	int copy = spy_eye_copy(&eye, STDERR_FILENO);
	if (copy >= 0)
		close(copy);
	if (eye.lacks & SPY_NO_COPIES)
		why = "pidfd_getfd() is refused, or missing (it came with Linux 5.6): in a "
		      "container allow ptrace (--cap-add=SYS_PTRACE)";
	spy_eye_close(&eye);
	end_child(child);
	return why;
}

static void ignore_row(void *context, const struct spy_row *row)
{
	(void)context, (void)row;
}

const char *spy_why_no_diag(void)
{
	struct spy_wanted wanted = { .family = AF_INET,
				     .protocol = IPPROTO_TCP,
				     .states = 1U << SPY_STATE_LISTEN };
	int diag = spy_diag_open();
	bool told = diag >= 0 && spy_diag_each(diag, &wanted, ignore_row, NULL);

	if (diag >= 0)
		close(diag);
	return told ? NULL : "NETLINK_SOCK_DIAG is refused, or this kernel lacks CONFIG_INET_DIAG";
}
