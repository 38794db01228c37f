/* needs.c -- probes of this machine, made in a world like those of the cases. */
#include "engine/needs.h"

#include <grp.h>

#include "os/obstacle.h"
#include "role/probe.h"

/* A reason with what to do about it, and without. */
#define TO_FIX(reason, fix) reason, fix, reason ": " fix
#define AS_IS(reason)       reason, NULL, reason

/* In the order of the bits of enum need. */
static const struct need_text needs[] = {
	{ "root", TO_FIX("needs root, to become another user", "run as root") },
	{ "netns", TO_FIX("needs a private network", "'sockdrill doctor' says why there is none") },
	{ "own-net", TO_FIX("needs a private network to change",
			    "'sockdrill doctor' says why there is none") },
	{ "process", AS_IS("needs roles that are processes") },
	{ "shell", TO_FIX("needs /bin/sh, to have something to exec", "install a shell") },
	{ "proc-net", TO_FIX("needs /proc/net/tcp", "mount /proc") },
	{ "services", TO_FIX("needs /etc/services", "install netbase") },
	{ "hosts",
	  TO_FIX("needs an /etc/hosts that names localhost", "write '127.0.0.1 localhost' there") },
	{ "netem",
	  "needs the netem queueing discipline (CONFIG_NET_SCH_NETEM) in a private network",
	  "modprobe sch_netem, or a kernel that has it",
	  "needs the netem queueing discipline (CONFIG_NET_SCH_NETEM) in a private network" },
	{ "abstract", AS_IS("needs Linux's abstract AF_UNIX names") },
	{ "epoll", AS_IS("needs epoll") },
	{ "descriptors", AS_IS("needs sockets that are file descriptors: dup(), fstat(), pipes") },
	{ "socketpair", AS_IS("needs socketpair()") },
	{ "socket-flags", AS_IS("needs accept4(), SOCK_NONBLOCK and SOCK_CLOEXEC") },
	{ "mmsg", AS_IS("needs sendmmsg() and recvmmsg()") },
	{ "pselect", AS_IS("needs pselect()") },
	{ "sockatmark", AS_IS("needs sockatmark()") },
	{ "resolver", AS_IS("needs getaddrinfo() and its kin") },
	{ "pointer-checks",
	  AS_IS("needs a stack that checks pointers and lengths instead of following them") },
	{ "tcp-info", AS_IS("needs TCP_INFO") },
	{ "dev-null", TO_FIX("needs /dev/null", "mknod -m 666 /dev/null c 1 3") },
};

/* Of user 0, who lacks something all the same: a container's root. */
static const struct need_text lesser_root = {
	"root", TO_FIX("needs all that root may do, to become another user",
		       "'sockdrill doctor' says what is missing")
};

/* Other words where the stack is a library, about which nothing can be done. */
static const struct need_text library_needs[] = {
	{ "root", AS_IS("needs users, of which this stack knows nothing") },
	{ "own-net", AS_IS("needs a network whose settings can be changed") },
	{ "proc-net", AS_IS("needs /proc/net/tcp, which does not list this stack's sockets") },
	{ "netem", AS_IS("needs a network that loses what it is told to") },
};

/* What the stack has unless it says otherwise: os_stack_lacks(). */
enum {
	NEEDS_STACK = NEEDS_EPOLL | NEEDS_DESCRIPTORS | NEEDS_SOCKETPAIR | NEEDS_SOCKET_FLAGS |
		      NEEDS_MMSG | NEEDS_PSELECT | NEEDS_SOCKATMARK | NEEDS_RESOLVER |
		      NEEDS_POINTER_CHECKS | NEEDS_TCP_INFO
};

/* What the probing process reports back through shared memory. */
struct finding {
	bool furnished, has_ipv6, has_unix;
	unsigned has;
	int err;
	char step[64];
};

static bool can_bind(int domain, const struct sockaddr *address, socklen_t len)
{
	int fd = socket(domain, SOCK_STREAM, 0);

	if (fd < 0)
		return false;
	bool bound = !bind(fd, address, len);
	close(fd);
	return bound;
}

static bool file_names(const char *path, const char *word)
{
	char line[512];
	bool named = false;
	FILE *file = fopen(path, "r");

	if (!file)
		return false;
	while (!named && fgets(line, sizeof line, file))
		named = line[0] != '#' && strstr(line, word);
	fclose(file);
	return named;
}

static bool is_device(const char *path)
{
	struct stat info;

	return !stat(path, &info) && S_ISCHR(info.st_mode) && !access(path, R_OK | W_OK);
}

static bool can_become_another_user(void)
{
	return geteuid() == 0 && !setgroups(0, NULL) && !setgid(65534) && !setuid(65534);
}

static void look_around(const struct os_walls *walls, struct finding *finding)
{
	struct sockaddr_un abstract = { .sun_family = AF_UNIX };

	memcpy(abstract.sun_path, "\0sockdrill-probe", 16);
	finding->has |= NEEDS_PROCESS | NEEDS_STACK;
	finding->has_ipv6 = stack_has_ipv6();
	finding->has_unix = stack_has_unix();
	if (walls->net || os_stack_is_library())
		finding->has |= NEEDS_NETNS | NEEDS_OWN_NET;
	if (!access("/bin/sh", X_OK))
		finding->has |= NEEDS_SHELL;
	if (!access("/proc/net/tcp", R_OK))
		finding->has |= NEEDS_PROC_NET;
	if (file_names("/etc/services", "http"))
		finding->has |= NEEDS_SERVICES;
	if (file_names("/etc/hosts", "localhost"))
		finding->has |= NEEDS_HOSTS;
	if (is_device("/dev/null"))
		finding->has |= NEEDS_DEV_NULL;
	if (walls->net && !os_set_netem("lo", &(struct netem){ 0 }))
		finding->has |= NEEDS_NETEM;
	if (can_bind(AF_UNIX, (struct sockaddr *)&abstract,
		     offsetof(struct sockaddr_un, sun_path) + 16))
		finding->has |= NEEDS_ABSTRACT;
	if (!walls->user && can_become_another_user())
		finding->has |= NEEDS_ROOT;
	finding->has &= ~os_stack_lacks();
}

static void probe_inside(const struct os_walls *walls, uid_t uid, gid_t gid,
			 struct finding *finding)
{
	const char *step = "";

	finding->furnished = !os_furnish(walls, uid, gid, &step);
	if (finding->furnished && walls->mount) {
		step = "mount a private directory";
		finding->furnished = !os_enter_private_directory();
	}
	if (finding->furnished) {
		step = "start the socket stack";
		finding->furnished = !os_start_stack();
	}
	finding->err = errno;
	snprintf(finding->step, sizeof finding->step, "%s", step);
	if (finding->furnished)
		look_around(walls, finding);
}

/* Probes behind these walls; false when no process could be made there. */
static bool probe_behind(const struct os_walls *walls, struct finding *ret_finding)
{
	struct finding *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uid_t uid = geteuid();
	gid_t gid = getegid();

	*ret_finding = (struct finding){ .err = errno, .step = "get memory" };
	if (shared == MAP_FAILED)
		return false;
	pid_t pid = os_fork_behind(walls);
	if (pid == 0) {
		probe_inside(walls, uid, gid, shared);
		_exit(0);
	}
	if (pid < 0)
		snprintf(shared->step, sizeof shared->step, "make namespaces"), shared->err = errno;
	else
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	*ret_finding = *shared;
	munmap(shared, sizeof *shared);
	return ret_finding->furnished;
}

/* All walls, or those that the system has: gVisor lacks mount namespaces, and under qemu-user no
 * process can be the first of its PIDs. Without a user namespace where this user may raise them,
 * else with one: root of a container is often no more than a user. */
static bool probe_isolation(struct os_walls *ret_walls, struct finding *ret_finding)
{
	static const struct os_walls systems[] = {
		{ .net = true, .ipc = true, .mount = true, .pid = true },
		{ .net = true, .ipc = true, .pid = true },
		{ .net = true, .ipc = true, .mount = true },
	};
	const bool user_is_root = geteuid() == 0;

	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		*ret_walls = systems[i];
		if (user_is_root && probe_behind(ret_walls, ret_finding))
			return true;
		ret_walls->user = true;
		if (probe_behind(ret_walls, ret_finding))
			return true;
	}
	return false;
}

static void explain(const struct finding *finding, struct abilities *ret_abilities)
{
	struct os_obstacle obstacle;

	os_find_obstacle(finding->step, finding->err, &obstacle);
	snprintf(ret_abilities->why_not, sizeof ret_abilities->why_not, "cannot %s: %s",
		 finding->step, obstacle.reason);
	snprintf(ret_abilities->fix, sizeof ret_abilities->fix, "%s", obstacle.fix);
}

bool abilities_probe(enum isolation isolation, struct abilities *ret_abilities)
{
	const struct os_walls none = { 0 };
	struct finding finding = { 0 };

	memset(ret_abilities, 0, sizeof *ret_abilities);
	if (isolation != ISOLATION_NONE)
		ret_abilities->isolated = probe_isolation(&ret_abilities->walls, &finding);
	if (isolation == ISOLATION_NONE)
		snprintf(ret_abilities->why_not, sizeof ret_abilities->why_not, "not asked for");
	else if (!ret_abilities->isolated)
		explain(&finding, ret_abilities);
	if (isolation == ISOLATION_NETNS && !ret_abilities->isolated)
		return false;
	if (!ret_abilities->isolated) {
		ret_abilities->walls = none;
		probe_behind(&none, &finding);
	}
	ret_abilities->threads = os_stack_is_library();
	ret_abilities->has_ipv6 = finding.has_ipv6;
	ret_abilities->has_unix = finding.has_unix;
	ret_abilities->has = finding.has;
	return true;
}

const struct need_text *need_text(unsigned index)
{
	if (index >= NEEDS_COUNT)
		return NULL;
	for (size_t i = 0;
	     os_stack_is_library() && i < sizeof library_needs / sizeof *library_needs; i++)
		if (!strcmp(library_needs[i].name, needs[index].name))
			return &library_needs[i];
	return 1U << index == NEEDS_ROOT && geteuid() == 0 ? &lesser_root : &needs[index];
}

const char *needs_unmet(const struct abilities *abilities, const struct sock_case *test,
			enum family family)
{
	unsigned missing = test->needs & ~abilities->has;

	if (family == INET6 && !abilities->has_ipv6)
		return "needs IPv6: no socket can be bound to ::1 here";
	if (family == UNIX && !abilities->has_unix)
		return "needs AF_UNIX sockets";
	for (unsigned i = 0; i < NEEDS_COUNT; i++)
		if (missing & 1U << i)
			return need_text(i)->skip;
	return NULL;
}
