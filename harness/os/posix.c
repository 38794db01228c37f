/* posix.c -- the seam to a system of which no more is known than POSIX: no walls, no /proc. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/os.h"

/* How often a waiter looks at shared memory, for want of a futex. */
enum { LOOK_EVERY_US = 500 };

static int refuse(void)
{
	errno = ENOSYS;
	return -1;
}

void os_describe(struct os_facts *ret_facts)
{
	static const struct {
		const char *sysname;
		enum os os;
	} systems[] = {
		{ "Linux", OS_LINUX },     { "FreeBSD", OS_FREEBSD }, { "NetBSD", OS_NETBSD },
		{ "OpenBSD", OS_OPENBSD }, { "Darwin", OS_MACOS },
	};
	struct utsname name;
	unsigned major = 0, minor = 0;

	memset(ret_facts, 0, sizeof *ret_facts);
	ret_facts->os = OS_COUNT;
	if (uname(&name) < 0)
		return;
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
		if (!strcmp(systems[i].sysname, name.sysname))
			ret_facts->os = (int)systems[i].os;
	if (sscanf(name.release, "%u.%u", &major, &minor) == 2)
		ret_facts->version = VERSION(major, minor);
	snprintf(ret_facts->sysname, sizeof ret_facts->sysname, "%.31s", name.sysname);
	snprintf(ret_facts->release, sizeof ret_facts->release, "%.63s", name.release);
	snprintf(ret_facts->machine, sizeof ret_facts->machine, "%.31s", name.machine);
}

unsigned os_cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (unsigned)n : 1;
}

int64_t os_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct timespec time_of_us(int64_t us)
{
	return (struct timespec){ .tv_sec = (time_t)(us / 1000000),
				  .tv_nsec = (long)(us % 1000000 * 1000) };
}

void os_pause_us(unsigned us)
{
	struct timespec wait = time_of_us(us);

	pselect(0, NULL, NULL, NULL, &wait, NULL);
}

void os_wait_while(_Atomic uint32_t *word, uint32_t seen, long long timeout_ms)
{
	int64_t deadline = os_now_us() + timeout_ms * 1000;

	while (atomic_load(word) == seen && (timeout_ms < 0 || os_now_us() < deadline))
		os_pause_us(LOOK_EVERY_US);
}

void os_wake_all(_Atomic uint32_t *word)
{
	(void)word;
}

ssize_t os_read(int fd, void *bytes, size_t n)
{
	return read(fd, bytes, n);
}

ssize_t os_write(int fd, const void *bytes, size_t n)
{
	return write(fd, bytes, n);
}

static void held_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

/* pselect(), because it is the one wait of POSIX.1-2008 that changes the signal mask atomically. */
int os_poll(struct pollfd *fds, size_t n, int64_t timeout_us)
{
	struct timespec wait = time_of_us(timeout_us < 0 ? 0 : timeout_us);
	sigset_t mask;
	fd_set readable;
	int last = -1;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, SIGCHLD);
	sigdelset(&mask, SIGINT);
	sigdelset(&mask, SIGTERM);
	sigdelset(&mask, SIGHUP);
	FD_ZERO(&readable);
	for (size_t i = 0; i < n; i++) {
		fds[i].revents = 0;
		if (fds[i].fd < 0 || fds[i].fd >= FD_SETSIZE)
			continue;
		FD_SET(fds[i].fd, &readable);
		last = fds[i].fd > last ? fds[i].fd : last;
	}
	int ready = pselect(last + 1, &readable, NULL, NULL, timeout_us < 0 ? NULL : &wait, &mask);
	for (size_t i = 0; ready > 0 && i < n; i++) {
		if (fds[i].fd < 0 || !FD_ISSET(fds[i].fd, &readable))
			continue;
		/* The order pipe is watched for its end only: nothing is written there meanwhile.
		 */
		fds[i].revents = fds[i].events ? POLLIN : POLLHUP;
	}
	return ready;
}

void os_hold_signals(void)
{
	sigset_t set;

	held_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void os_close_range(int first, int last)
{
	struct rlimit limit;
	int end = getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > 65536 ? 65536
									     : (int)limit.rlim_cur;

	for (int fd = first; fd <= last && fd < end; fd++)
		close(fd);
}

static bool remove_entry(int dirfd, const char *name)
{
	if (!unlinkat(dirfd, name, 0))
		return true;
	int below = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0)
		return false;
	bool emptied = os_empty_directory(below);
	close(below);
	return emptied && !unlinkat(dirfd, name, AT_REMOVEDIR);
}

bool os_empty_directory(int dirfd)
{
	int copy = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	bool emptied = true;

	if (!directory)
		return false;
	for (struct dirent *e; (e = readdir(directory));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			emptied = remove_entry(dirfd, e->d_name) && emptied;
	closedir(directory);
	return emptied;
}

void os_die_with_parent(void)
{
}

void os_adopt_orphans(void)
{
}

unsigned os_kill_rest(bool own_pid_namespace)
{
	unsigned alive = 0;
	int status;

	(void)own_pid_namespace;
	while (waitpid(-1, &status, WNOHANG) > 0)
		alive += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	return alive;
}

void os_where(pid_t pid, char *ret_text, size_t room)
{
	(void)pid;
	if (room)
		ret_text[0] = '\0';
}

bool os_cpu_time(pid_t pid, struct os_cpu_time *ret_sum)
{
	(void)pid;
	*ret_sum = (struct os_cpu_time){ 0 };
	return false;
}

/* Without it the machine counts as usual. */
int64_t os_fork_cost_us(void)
{
	return 0;
}

pid_t os_thread(void)
{
	return getpid();
}

int os_own_descriptors(void)
{
	return refuse();
}

static void lower_limit(int resource, rlim_t value)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit))
		return;
	limit.rlim_cur = limit.rlim_max < value ? limit.rlim_max : value;
	setrlimit(resource, &limit);
}

void os_limit_world(unsigned processes, bool own_user_namespace)
{
	(void)processes;
	(void)own_user_namespace;
	lower_limit(RLIMIT_CORE, 0);
	lower_limit(RLIMIT_FSIZE, 64 << 20);
	lower_limit(RLIMIT_NOFILE, 1024);
}

int os_drop_privileges(void)
{
	if (geteuid() != 0)
		return 0;
	return setgid(65534) || setuid(65534) ? -1 : 0;
}

pid_t os_fork_behind(const struct os_walls *walls)
{
	if (walls->user || walls->net || walls->mount || walls->pid || walls->ipc)
		return refuse();
	return fork();
}

int os_furnish(const struct os_walls *walls, uid_t uid, gid_t gid, const char **ret_step)
{
	(void)walls;
	(void)uid;
	(void)gid;
	*ret_step = "";
	return 0;
}

int os_enter_private_directory(void)
{
	return refuse();
}

int os_enter_walls(const struct os_walls *walls)
{
	(void)walls;
	return 0;
}

int os_new_network(void)
{
	return refuse();
}

int os_set_link(const char *interface, bool up)
{
	(void)interface;
	(void)up;
	return refuse();
}

int os_set_mtu(const char *interface, int mtu)
{
	(void)interface;
	(void)mtu;
	return refuse();
}

int os_set_netem(const char *interface, const struct netem *netem)
{
	(void)interface;
	(void)netem;
	return refuse();
}

int os_tap_open(size_t room)
{
	(void)room;
	return refuse();
}

bool os_tap_take(int tap, void *bytes, size_t room, struct os_packet *ret_packet)
{
	(void)tap;
	(void)bytes;
	(void)room;
	(void)ret_packet;
	return false;
}

unsigned os_tap_lost(int tap)
{
	(void)tap;
	return 0;
}

void os_tap_close(int tap)
{
	(void)tap;
}

const char *os_tcp_state(int fd)
{
	(void)fd;
	return NULL;
}

int os_unacknowledged(int fd)
{
	(void)fd;
	return refuse();
}

long long os_dropped(int fd)
{
	(void)fd;
	return refuse();
}
