/* linux.c -- the seam to Linux: namespaces, futexes, /proc, and system calls made directly. What it
 * says of its sockets is in linux_sockets.c, because other stacks may run above Linux. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/linux.h"
#include "os/os.h"

/* 32-bit machines have calls of their own for 64-bit time; the struct is the same everywhere. */
struct kernel_time {
	int64_t s, ns;
};
#ifdef SYS_ppoll_time64
#define SYS_PPOLL SYS_ppoll_time64
#define SYS_FUTEX SYS_futex_time64
#else
#define SYS_PPOLL SYS_ppoll
#define SYS_FUTEX SYS_futex
#endif

/* The kernel's signal set: 64 signals, signal n is bit n - 1. */
#define SIGNAL_BIT(n) (UINT64_C(1) << ((n)-1))
static const uint64_t held_signals =
	SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGHUP);

static struct kernel_time time_of_us(int64_t us)
{
	return (struct kernel_time){ us / 1000000, us % 1000000 * 1000 };
}

/* VERSION() of the running kernel; 0 when it does not say. */
static unsigned kernel_version(void)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return VERSION(major, minor);
}

void os_describe_machine(struct os_facts *ret_facts)
{
	struct utsname name;

	memset(ret_facts, 0, sizeof *ret_facts);
	if (!uname(&name))
		snprintf(ret_facts->machine, sizeof ret_facts->machine, "%.31s", name.machine);
#ifdef __GLIBC__
	snprintf(ret_facts->libc, sizeof ret_facts->libc, "glibc %d.%d", __GLIBC__,
		 __GLIBC_MINOR__);
#else
	snprintf(ret_facts->libc, sizeof ret_facts->libc, "musl");
#endif
}

unsigned os_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set))
		return 1;
	int n = CPU_COUNT(&set);
	return n > 0 ? (unsigned)n : 1;
}

int64_t os_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void os_pause_us(unsigned us)
{
	struct kernel_time wait = time_of_us(us);

	syscall(SYS_PPOLL, NULL, 0, &wait, NULL, 0);
}

void os_wait_while(_Atomic uint32_t *word, uint32_t seen, long long timeout_ms)
{
	struct kernel_time wait = time_of_us(timeout_ms * 1000);

	syscall(SYS_FUTEX, word, FUTEX_WAIT, seen, timeout_ms < 0 ? NULL : &wait, NULL, 0);
}

void os_wake_all(_Atomic uint32_t *word)
{
	syscall(SYS_FUTEX, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

ssize_t os_read(int fd, void *bytes, size_t n)
{
	return syscall(SYS_read, fd, bytes, n);
}

ssize_t os_write(int fd, const void *bytes, size_t n)
{
	return syscall(SYS_write, fd, bytes, n);
}

int os_poll(struct pollfd *fds, size_t n, int64_t timeout_us)
{
	struct kernel_time wait = time_of_us(timeout_us);
	uint64_t mask = 0;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
	mask &= ~held_signals;
	return (int)syscall(SYS_PPOLL, fds, n, timeout_us < 0 ? NULL : &wait, &mask, sizeof mask);
}

void os_hold_signals(void)
{
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &held_signals, NULL, sizeof held_signals);
}

void os_close_range(int first, int last)
{
	struct rlimit limit;

	if (first > last)
		return;
#ifdef SYS_close_range
	if (!syscall(SYS_close_range, first, last, 0))
		return;
#endif
	int end = getrlimit(RLIMIT_NOFILE, &limit) ? 1024 : (int)limit.rlim_cur;
	for (int fd = first; fd <= last && fd < end; fd++)
		close(fd);
}

static bool remove_entry(int dirfd, const char *name)
{
	if (!unlinkat(dirfd, name, 0))
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	int below = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0)
		return false;
	bool emptied = os_empty_directory(below);
	close(below);
	return emptied && !unlinkat(dirfd, name, AT_REMOVEDIR);
}

bool os_empty_directory(int dirfd)
{
	struct linux_entries entries;
	bool gone = true;
	bool removed = true;

	/* A walk may miss what moves because others go: the last one finds nothing. */
	while (gone && removed) {
		removed = false;
		linux_begin_entries(dirfd, &entries);
		for (const char *name; (name = linux_next_entry(&entries));) {
			gone = remove_entry(dirfd, name) && gone;
			removed = true;
		}
	}
	return gone;
}

void os_die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void os_adopt_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Sends SIGKILL to every child of this process; needs CONFIG_PROC_CHILDREN. */
static void kill_children(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)syscall(SYS_gettid));
	FILE *children = fopen(path, "re");
	if (!children)
		return;
	for (int pid; fscanf(children, "%d", &pid) == 1;)
		kill(pid, SIGKILL);
	fclose(children);
}

unsigned os_kill_rest(bool own_pid_namespace)
{
	unsigned alive = 0;

	for (;;) {
		int status;
		if (own_pid_namespace && kill(-1, SIGKILL) && errno == ESRCH)
			return alive;
		if (!own_pid_namespace)
			kill_children();
		pid_t pid = waitpid(-1, &status, 0);
		if (pid < 0 && errno == ECHILD)
			return alive;
		/* The tracer of this process has gone, but what its last tracees forked is traced,
		 * too, and stops on its way out. */
		if (pid > 0 && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, NULL);
		if (pid > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
			alive++;
	}
}

pid_t os_thread(void)
{
	return (pid_t)syscall(SYS_gettid);
}

int os_own_descriptors(void)
{
	return unshare(CLONE_FILES);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0)
		return false;
	bool written = os_write(fd, text, len) == (ssize_t)len;
	int err = errno;
	close(fd);
	errno = err;
	return written;
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
	char text[16];

	lower_limit(RLIMIT_CORE, 0);
	lower_limit(RLIMIT_FSIZE, 64 << 20);
	lower_limit(RLIMIT_NOFILE, 1024);
	unsigned kernel = kernel_version();

	/* Since Linux 5.14 a user namespace counts for itself; before, the whole user counts. */
	if (own_user_namespace && kernel >= VERSION(5, 14))
		lower_limit(RLIMIT_NPROC, processes);
	/* Since Linux 6.14 each PID namespace has its own; before, the write is refused in a user
	 * namespace, and as root it would change the machine, so the release decides. */
	snprintf(text, sizeof text, "%u", processes + 300); /* 300: never given out twice */
	if (getpid() == 1 && kernel >= VERSION(6, 14))
		write_file("/proc/sys/kernel/pid_max", text);
}

int os_drop_privileges(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return (int)syscall(SYS_capset, &header, none);
}

static unsigned long wall_flags(const struct os_walls *walls)
{
	unsigned long flags = 0;

	flags |= walls->user ? CLONE_NEWUSER : 0;
	flags |= walls->net ? CLONE_NEWNET : 0;
	flags |= walls->mount ? CLONE_NEWNS : 0;
	flags |= walls->pid ? CLONE_NEWPID : 0;
	flags |= walls->ipc ? CLONE_NEWIPC : 0;
	return flags;
}

pid_t os_fork_behind(const struct os_walls *walls)
{
	unsigned long flags = wall_flags(walls);

	/* What needs no new process is made by os_furnish(): qemu-user clones no namespaces. */
	if (!walls->pid)
		return fork();
	flags |= SIGCHLD;
#ifdef __s390x__
	return (pid_t)syscall(SYS_clone, 0, flags, 0, 0, 0);
#else
	return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
#endif
}

static int interface_request(unsigned long request, struct ifreq *ifr, const char *interface)
{
	long fd = syscall(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	snprintf(ifr->ifr_name, sizeof ifr->ifr_name, "%s", interface);
	long result = syscall(SYS_ioctl, (int)fd, request, ifr);
	int err = errno;
	syscall(SYS_close, (int)fd);
	errno = err;
	return (int)result;
}

int os_set_link(const char *interface, bool up)
{
	struct ifreq ifr = { .ifr_flags = up ? IFF_UP : 0 };

	if (!interface_request(SIOCSIFFLAGS, &ifr, interface))
		return 0;
	int err = errno;
	if (!interface_request(SIOCGIFFLAGS, &ifr, interface) && !(ifr.ifr_flags & IFF_UP) == !up)
		return 0; /* gVisor cannot change it, and need not */
	errno = err;
	return -1;
}

int os_set_mtu(const char *interface, int mtu)
{
	struct ifreq ifr = { .ifr_mtu = mtu };

	return interface_request(SIOCSIFMTU, &ifr, interface);
}

static bool map_user(uid_t uid, gid_t gid)
{
	char text[32];

	write_file("/proc/self/setgroups", "deny");
	snprintf(text, sizeof text, "0 %u 1", (unsigned)gid);
	if (!write_file("/proc/self/gid_map", text))
		return false;
	snprintf(text, sizeof text, "0 %u 1", (unsigned)uid);
	return write_file("/proc/self/uid_map", text);
}

/* Whether anything that is mounted here would be mounted elsewhere, too. */
static bool shares_mounts(void)
{
	char line[1024];
	bool shares = false;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	if (!mounts)
		return true;
	while (!shares && fgets(line, sizeof line, mounts))
		shares = strstr(line, " shared:") != NULL;
	fclose(mounts);
	return shares;
}

/* The root of a chroot is no mount, of which that could be asked; then it has to be so already. A
 * kernel that names no mount namespace has none, whatever it answered to CLONE_NEWNS (gVisor). */
static bool make_mounts_private(void)
{
	if (!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return true;
	int err = errno;
	bool is_private = err == EINVAL && !access("/proc/self/ns/mnt", F_OK) && !shares_mounts();
	errno = err;
	return is_private;
}

int os_furnish(const struct os_walls *walls, uid_t uid, gid_t gid, const char **ret_step)
{
	unsigned long flags = wall_flags(walls);

	*ret_step = "make namespaces";
	if (!walls->pid && flags && unshare((int)flags))
		return -1;
	*ret_step = "map the user";
	if (walls->user && !map_user(uid, gid))
		return -1;
	*ret_step = "make mounts private";
	if (walls->mount && !make_mounts_private())
		return -1;
	/* Without it only a time-out's text is poorer; some containers refuse it. */
	if (walls->mount && walls->pid)
		(void)mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	*ret_step = "set the loopback interface up";
	if (walls->net && os_set_link("lo", true))
		return -1;
	return 0;
}

/* True when path lies in directory, so that covering the directory would hide it. */
static bool lies_in(const char *path, const char *directory)
{
	size_t n = strlen(directory);

	return !strncmp(path, directory, n) && (path[n] == '/' || path[n] == '\0');
}

int os_enter_private_directory(void)
{
	static const char *const places_to_cover[] = { "/mnt", "/media", "/srv", "/opt", "/tmp" };
	char here[PATH_MAX] = "", self[PATH_MAX] = "";
	struct stat info;

	if (!getcwd(here, sizeof here))
		here[0] = '\0';
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = '\0';
	for (size_t i = 0; i < sizeof places_to_cover / sizeof *places_to_cover; i++) {
		const char *place = places_to_cover[i];
		if (lies_in(here, place) || lies_in(self, place) || stat(place, &info) ||
		    !S_ISDIR(info.st_mode))
			continue;
		if (mount("sockdrill", place, "tmpfs", MS_NOSUID | MS_NODEV,
			  "size=8m,nr_inodes=4k,mode=700"))
			return -1;
		return chdir(place);
	}
	errno = ENOENT;
	return -1;
}

int os_enter_walls(const struct os_walls *walls)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	const char *step;

	if (os_furnish(walls, uid, gid, &step))
		return -1;
	return walls->mount ? os_enter_private_directory() : 0;
}

int os_new_network(void)
{
	if (unshare(CLONE_NEWNET))
		return -1;
	return os_set_link("lo", true);
}
