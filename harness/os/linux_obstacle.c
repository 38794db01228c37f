/* linux_obstacle.c -- what Linux, or a container on it, has in the way: seccomp filters, limits and
 * switches under /proc/sys, missing capabilities, an AppArmor profile, a missing /proc.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/obstacle.h"
#include "os/os.h"

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* ---- Settings and state, as /proc has them ---- */

/* The beginning of a file, without its last newline; false when it cannot be read. */
static bool read_text(const char *path, char *ret_text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	ssize_t n = os_read(fd, ret_text, size - 1);
	close(fd);
	ret_text[n > 0 ? n : 0] = '\0';
	ret_text[strcspn(ret_text, "\n")] = '\0';
	return n >= 0;
}

/* A number under /proc/sys; -1 where this kernel has no such setting. */
static long long read_setting(const char *name)
{
	char path[128], text[32];

	snprintf(path, sizeof path, "/proc/sys/%s", name);
	return read_text(path, text, sizeof text) ? strtoll(text, NULL, 10) : -1;
}

/* The number behind a name in /proc/self/status; -1 when it is not there. */
static long long read_status(const char *name)
{
	char line[256];
	long long number = -1;
	size_t n = strlen(name);
	FILE *status = fopen("/proc/self/status", "re");

	while (status && number < 0 && fgets(line, sizeof line, status))
		if (!strncmp(line, name, n) && line[n] == ':')
			number = strtoll(line + n + 1, NULL, 10);
	if (status)
		fclose(status);
	return number;
}

static bool has_capability(unsigned capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return !syscall(SYS_capget, &header, sets) &&
	       sets[capability / 32].effective >> capability % 32 & 1U;
}

/* Whether the user namespace that this process is in knows the user. */
static bool is_mapped(unsigned user)
{
	unsigned inside, outside, count;
	bool mapped = false;
	FILE *map = fopen("/proc/self/uid_map", "re");

	if (!map)
		return true;
	while (!mapped && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3)
		mapped = user >= inside && user - inside < count;
	fclose(map);
	return mapped;
}

/* Whether the root directory is no mount: that of a chroot. */
static bool is_in_chroot(void)
{
	char line[4096], where[256];
	bool has_root = false;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	if (!mounts)
		return false;
	while (!has_root && fgets(line, sizeof line, mounts))
		has_root = sscanf(line, "%*u %*u %*s %*s %255s", where) == 1 && !strcmp(where, "/");
	fclose(mounts);
	return !has_root;
}

/* ---- Calls that do nothing, unless a seccomp filter sees them first ---- */

static bool is_refusal(int err)
{
	return err == EPERM || err == EACCES || err == ENOSYS;
}

static bool filter_has_unshare(void)
{
	return unshare(0) && is_refusal(errno);
}

/* The kernel itself says EINVAL to these two flags together, whoever asks. A kernel that says
 * nothing makes a child, which ends. */
static bool filter_has_clone(void)
{
	unsigned long flags = CLONE_NEWUSER | CLONE_FS | SIGCHLD;
#ifdef __s390x__
	long pid = syscall(SYS_clone, 0, flags, 0, 0, 0);
#else
	long pid = syscall(SYS_clone, flags, 0, 0, 0, 0);
#endif

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return pid < 0 && is_refusal(errno);
}

/* There is no such process: ESRCH. */
static bool filter_has_ptrace(void)
{
	return syscall(SYS_ptrace, PTRACE_CONT, INT_MAX, 0, 0) && is_refusal(errno);
}

/* There is no such descriptor: EBADF. */
static bool filter_has_pidfd_getfd(void)
{
	return syscall(SYS_pidfd_getfd, -1, -1, 0) && (errno == EPERM || errno == EACCES);
}

/* ---- Sentences ---- */

/* Adds to one of the texts of an obstacle, as far as it has room. */
static void add(char text[OS_OBSTACLE_SIZE], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(char text[OS_OBSTACLE_SIZE], const char *format, ...)
{
	size_t n = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + n, OS_OBSTACLE_SIZE - n, format, args);
	va_end(args);
}

/* What worlds need of root, and beyond that the roles that become other users. */
static const struct {
	unsigned number;
	const char *name;
} capabilities[] = {
	{ CAP_SYS_ADMIN, "SYS_ADMIN" },
	{ CAP_NET_ADMIN, "NET_ADMIN" },
	{ CAP_SETUID, "SETUID" },
	{ CAP_SETGID, "SETGID" },
};

enum { OF_WORLDS = 2, NOBODY = 65534, CAPABILITIES = sizeof capabilities / sizeof *capabilities };

/* Adds those of the first `count` capabilities that are missing, each behind `prefix` and with
 * `separator` between them; returns how many. */
static unsigned add_missing(char text[OS_OBSTACLE_SIZE], size_t count, const char *prefix,
			    const char *separator)
{
	unsigned missing = 0;

	for (size_t i = 0; i < count; i++)
		if (!has_capability(capabilities[i].number))
			add(text, "%s%s%s", missing++ ? separator : "", prefix,
			    capabilities[i].name);
	return missing;
}

/* ---- What is in the way of namespaces ---- */

/* What was tried. */
struct attempt {
	const char *step;
	int err;
};

static bool was_forbidden(const struct attempt *attempt)
{
	return attempt->err == EPERM || attempt->err == EACCES;
}

static bool find_no_proc(const struct attempt *attempt, struct os_obstacle *o)
{
	return !strcmp(attempt->step, "map the user") && os_find_proc_obstacle(o);
}

static bool find_filter(const struct attempt *attempt, struct os_obstacle *o)
{
	static const struct {
		const char *name;
		bool (*is_filtered)(void);
	} calls[] = {
		{ "unshare()", filter_has_unshare },
		{ "clone() of namespaces", filter_has_clone },
	};
	const char *before = "a seccomp filter forbids ";

	(void)attempt;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (!calls[i].is_filtered())
			continue;
		add(o->reason, "%s%s", before, calls[i].name);
		before = " and ";
	}
	add(o->fix, "%s", *o->reason ? "docker run --security-opt seccomp=unconfined" : "");
	return *o->reason;
}

/* Limits of a user namespace count for those within it, too: the one that is reached may be one
 * that cannot be read here. */
static bool find_limit(const struct attempt *attempt, struct os_obstacle *o)
{
	static const char *const kinds[] = { "user", "net", "pid", "mnt", "ipc" };
	char name[64];

	if (attempt->err != ENOSPC && attempt->err != EUSERS)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		snprintf(name, sizeof name, "user/max_%s_namespaces", kinds[i]);
		if (read_setting(name))
			continue;
		add(o->reason, "user.max_%s_namespaces is 0", kinds[i]);
		add(o->fix, "sysctl -w user.max_%s_namespaces=10000", kinds[i]);
		return true;
	}
	add(o->reason, "a limit of namespaces is reached: 32 within each other, or as many as "
		       "/proc/sys/user has here or outside of this container");
	add(o->fix, "end what holds them");
	return true;
}

static bool find_no_kernel_support(const struct attempt *attempt, struct os_obstacle *o)
{
	static const struct {
		const char *path, *name, *option;
	} kinds[] = {
		{ "/proc/self/ns/user", "user", "USER_NS" },
		{ "/proc/self/ns/net", "network", "NET_NS" },
	};

	(void)attempt;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (access("/proc/self/ns", F_OK) || !access(kinds[i].path, F_OK))
			continue;
		add(o->reason, "this kernel has no %s namespaces", kinds[i].name);
		add(o->fix, "a kernel with CONFIG_%s", kinds[i].option);
		return true;
	}
	return false;
}

static bool find_switch(const struct attempt *attempt, struct os_obstacle *o)
{
	static const struct {
		const char *path, *name;
		int closed, open;
	} switches[] = {
		{ "kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone", 0, 1 },
		{ "kernel/apparmor_restrict_unprivileged_userns",
		  "kernel.apparmor_restrict_unprivileged_userns", 1, 0 },
	};

	for (size_t i = 0; was_forbidden(attempt) && i < sizeof switches / sizeof *switches; i++) {
		if (read_setting(switches[i].path) != switches[i].closed)
			continue;
		add(o->reason, "%s is %d", switches[i].name, switches[i].closed);
		add(o->fix, "sysctl -w %s=%d", switches[i].name, switches[i].open);
		return true;
	}
	return false;
}

static bool find_unmapped_user(const struct attempt *attempt, struct os_obstacle *o)
{
	if (!was_forbidden(attempt) || is_mapped(geteuid()))
		return false;
	add(o->reason, "the user namespace that this is in maps no user %u", (unsigned)geteuid());
	add(o->fix, "map the user: unshare --user --map-root-user");
	return true;
}

static bool find_chroot(const struct attempt *attempt, struct os_obstacle *o)
{
	if (!was_forbidden(attempt) || !is_in_chroot())
		return false;
	add(o->reason, "in a chroot no user namespace can be made");
	add(o->fix, "run it outside of the chroot");
	return true;
}

/* AppArmor's profiles are "docker-default (enforce)", SELinux' contexts hold colons. */
static bool find_profile(const struct attempt *attempt, struct os_obstacle *o)
{
	char profile[128];

	if (!was_forbidden(attempt) ||
	    !read_text("/proc/self/attr/current", profile, sizeof profile))
		return false;
	if (strstr(profile, "(enforce)")) {
		add(o->reason, "the AppArmor profile %.*s forbids it", (int)strcspn(profile, " "),
		    profile);
		add(o->fix, "docker run --security-opt apparmor=unconfined");
		return true;
	}
	if (!strchr(profile, ':') || strstr(profile, "unconfined"))
		return false;
	add(o->reason, "SELinux forbids it to %s", profile);
	add(o->fix, "docker run --security-opt label=disable");
	return true;
}

/* Since Linux 5.12 who maps user 0 must have been able to give files capabilities. */
static bool find_unmappable_root(const struct attempt *attempt, struct os_obstacle *o)
{
	if (strcmp(attempt->step, "map the user") != 0 || !was_forbidden(attempt) || geteuid() ||
	    has_capability(CAP_SETFCAP))
		return false;
	add(o->reason, "root lacks CAP_SETFCAP, without which it cannot map user 0");
	add(o->fix, "run as another user, or docker run --cap-add SETFCAP");
	return true;
}

/* In the order in which one hides the next. */
static const struct {
	bool (*find)(const struct attempt *attempt, struct os_obstacle *obstacle);
	bool root_has_none; /* it is none for root */
} finders[] = {
	{ find_no_proc, true },           { find_filter, false }, { find_limit, true },
	{ find_no_kernel_support, true }, { find_switch, true },  { find_unmapped_user, false },
	{ find_unmappable_root, false },  { find_chroot, true },  { find_profile, false },
};

/* What root could do instead, if it had its capabilities. */
static void add_capabilities(struct os_obstacle *o)
{
	char names[OS_OBSTACLE_SIZE] = "", options[OS_OBSTACLE_SIZE] = "";
	const unsigned missing = add_missing(names, OF_WORLDS, "CAP_", ", ");

	if (!missing)
		return;
	add_missing(options, OF_WORLDS, "--cap-add ", " ");
	add(o->reason, "; %s %s missing", names, missing == 1 ? "is" : "are");
	add(o->fix, "%s%s%s", *o->fix ? ", or " : "", strstr(o->fix, "docker") ? "" : "docker run ",
	    options);
}

void os_find_obstacle(const char *step, int err, struct os_obstacle *ret_obstacle)
{
	const struct attempt attempt = { step, err };
	bool root_has_none = false;

	memset(ret_obstacle, 0, sizeof *ret_obstacle);
	for (size_t i = 0; i < sizeof finders / sizeof *finders && !*ret_obstacle->reason; i++)
		if (finders[i].find(&attempt, ret_obstacle))
			root_has_none = finders[i].root_has_none;
	if (!*ret_obstacle->reason) {
		add(ret_obstacle->reason, "%s", strerror(err));
		root_has_none = was_forbidden(&attempt);
	}
	if (geteuid() == 0)
		add_capabilities(ret_obstacle);
	else if (root_has_none)
		add(ret_obstacle->fix, "%srun as root", *ret_obstacle->fix ? ", or " : "");
}

/* ---- What is in the way of looking into processes ---- */

bool os_find_proc_obstacle(struct os_obstacle *ret_obstacle)
{
	memset(ret_obstacle, 0, sizeof *ret_obstacle);
	if (!access("/proc/self/status", R_OK))
		return false;
	add(ret_obstacle->reason, "/proc is not mounted");
	add(ret_obstacle->fix, "mount -t proc proc /proc");
	return true;
}

static bool find_yama(struct os_obstacle *o)
{
	long long scope = read_setting("kernel/yama/ptrace_scope");

	if (scope < 2 || (scope == 2 && has_capability(CAP_SYS_PTRACE)))
		return false;
	add(o->reason, "kernel.yama.ptrace_scope is %lld", scope);
	if (scope == 2)
		add(o->fix, "sysctl -w kernel.yama.ptrace_scope=1, or %s",
		    geteuid() ? "run as root" : "docker run --cap-add SYS_PTRACE");
	else
		add(o->fix, "set it to 1 and boot: it cannot be lowered before");
	return true;
}

static bool find_ptrace_filter(const char *call, bool is_filtered, struct os_obstacle *o)
{
	if (!is_filtered)
		return false;
	add(o->reason, "a seccomp filter forbids %s", call);
	add(o->fix, "docker run --cap-add SYS_PTRACE, or --security-opt seccomp=unconfined");
	return true;
}

bool os_find_trace_obstacle(struct os_obstacle *ret_obstacle)
{
	memset(ret_obstacle, 0, sizeof *ret_obstacle);
	if (find_ptrace_filter("ptrace()", filter_has_ptrace(), ret_obstacle) ||
	    find_yama(ret_obstacle))
		return true;
	long long tracer = read_status("TracerPid");
	if (tracer <= 0)
		return false;
	add(ret_obstacle->reason, "process %lld traces this program, and what it starts", tracer);
	add(ret_obstacle->fix, "run it without strace -f or the like");
	return true;
}

bool os_find_copy_obstacle(struct os_obstacle *ret_obstacle)
{
	memset(ret_obstacle, 0, sizeof *ret_obstacle);
	if (find_ptrace_filter("pidfd_getfd()", filter_has_pidfd_getfd(), ret_obstacle) ||
	    find_yama(ret_obstacle))
		return true;
	if (!syscall(SYS_pidfd_getfd, -1, -1, 0) || errno != ENOSYS)
		return false;
	add(ret_obstacle->reason, "this kernel has no pidfd_getfd()");
	add(ret_obstacle->fix, "Linux 5.6 or later");
	return true;
}

bool os_find_root_obstacle(struct os_obstacle *ret_obstacle)
{
	memset(ret_obstacle, 0, sizeof *ret_obstacle);
	if (geteuid() != 0)
		return false;
	const unsigned missing = add_missing(ret_obstacle->reason, CAPABILITIES, "CAP_", ", ");
	if (missing) {
		add(ret_obstacle->reason, " %s missing", missing == 1 ? "is" : "are");
		add(ret_obstacle->fix, "docker run ");
		add_missing(ret_obstacle->fix, CAPABILITIES, "--cap-add ", " ");
		return true;
	}
	if (is_mapped(NOBODY))
		return false;
	add(ret_obstacle->reason, "the user namespace that this is in maps no user %u", NOBODY);
	add(ret_obstacle->fix, "run as root of the machine");
	return true;
}
