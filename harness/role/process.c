/* process.c -- more processes in a role, signals, privileges, and the private network's settings.
 */
#include "os/os.h"
#include "role/role.h"
#include "role/state.h"

enum { SIGNALS_MAX = 65 };

/* A handler has no argument of ours, so the count of this process must be static. */
static volatile sig_atomic_t counts[SIGNALS_MAX];

pid_t helper(struct role *me, int (*fn)(struct role *me, void *arg), void *arg)
{
	pid_t pid = must(fork());

	if (pid > 0)
		return pid;
	me->home = NULL;
	os_die_with_parent();
	_exit(fn(me, arg));
}

int helper_status(struct role *me, pid_t pid)
{
	int status;

	note_state(me, ROLE_WAITING, "its helper ends");
	while (waitpid(pid, &status, 0) == -1)
		must_be(errno == EINTR);
	note_state(me, ROLE_RUNNING, NULL);
	return status;
}

static void count(int signo)
{
	counts[signo]++;
}

void count_signals(int signo, int sa_flags)
{
	struct sigaction action = { .sa_flags = sa_flags };

	must_be(signo > 0 && signo < SIGNALS_MAX);
	counts[signo] = 0;
	action.sa_handler = count;
	sigemptyset(&action.sa_mask);
	must(sigaction(signo, &action, NULL));
}

int signals_seen(int signo)
{
	return counts[signo];
}

void drop_privileges(struct role *me)
{
	(void)me;
	must(os_drop_privileges());
}

/* By standard I/O, since read() and close() may be those of a stack under test. */
static FILE *open_sysctl(const char *name, const char *mode)
{
	char path[160];

	snprintf(path, sizeof path, "/proc/sys/%s", name);
	return fopen(path, mode);
}

void set_sysctl(struct role *me, const char *name, const char *value)
{
	/* Not "w", which would make one that there is not. */
	FILE *setting = open_sysctl(name, "r+e");

	if (!setting && errno == ENOENT)
		unsupported(me, "this kernel lacks a setting the case changes");
	must(setting ? 0 : -1);
	must(fputs(value, setting) == EOF ? -1 : 0);
	must(fclose(setting));
}

long long get_sysctl(struct role *me, const char *name)
{
	char text[64] = "";
	FILE *setting = open_sysctl(name, "re");

	if (!setting && errno == ENOENT)
		unsupported(me, "this kernel lacks a setting the case reads");
	must(setting ? 0 : -1);
	must(fgets(text, sizeof text, setting) ? 0 : -1);
	must(fclose(setting));
	return strtoll(text, NULL, 10);
}

void set_link(struct role *me, const char *interface, bool up)
{
	int result = os_set_link(interface, up);

	if (result == -1 && is_unknown(errno))
		unsupported(me, "this system cannot set an interface up or down");
	must(result);
}

void set_mtu(struct role *me, const char *interface, int mtu)
{
	int result = os_set_mtu(interface, mtu);

	if (result == -1 && is_unknown(errno))
		unsupported(me, "this system cannot set an interface's MTU");
	must(result);
}

void set_netem(struct role *me, const char *interface, struct netem netem)
{
	(void)me;
	must(os_set_netem(interface, &netem));
}
