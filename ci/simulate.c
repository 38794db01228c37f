/* simulate.c -- runs a command as on a machine that lacks something or is slow, to test what CI
 * makes of it. usage: simulate [--without 32-bit|namespaces|ptrace]... [--slow-fork MS] COMMAND
 * [ARGUMENT...]
 *
 * 32-bit: the kernel runs no 32-bit programs: execve() of one fails with ENOEXEC. namespaces: none
 * can be made, EPERM. ptrace: no process can look into another, EPERM. --slow-fork: whatever makes
 * a process costs so many milliseconds of processor time more; threads do not. It holds for all
 * that the command starts, static programs too: a seccomp filter, with a supervisor
 * (SECCOMP_RET_USER_NOTIF) for what the numbers of a call do not tell. Linux 5.19 on x86_64 or
 * aarch64. Ends as the command does, 128 + N by signal N, 2 usage, 3 when it cannot. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SUPERVISORS = 64, CODE_MAX = 64 };

#define ALL_NAMESPACES                                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)

struct machine {
	bool no_32_bit, no_namespaces, no_ptrace, slow_forks;
	long slow_fork_ms; /* 0: forks are counted only */
};

struct supervisor {
	int listener;
	struct machine machine;
	atomic_ulong forks;
};

struct code {
	struct sock_filter list[CODE_MAX];
	unsigned short length;
};

static void put(struct code *code, unsigned operation, unsigned value, unsigned yes, unsigned no)
{
	code->list[code->length++] =
		(struct sock_filter){ (uint16_t)operation, (uint8_t)yes, (uint8_t)no, value };
}

/* A call of this number gets that answer. */
static void put_answer(struct code *code, long number, unsigned answer)
{
	put(code, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1);
	put(code, BPF_RET | BPF_K, answer, 0, 0);
}

/* A call of this number that has one of these flags in its first argument gets that answer, others
 * are allowed. */
static void put_answer_to_flags(struct code *code, long number, unsigned flags, unsigned answer)
{
	put(code, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 4);
	put(code, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args), 0, 0);
	put(code, BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1);
	put(code, BPF_RET | BPF_K, answer, 0, 0);
	put(code, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
}

static void put_slow_forks(struct code *code)
{
#ifdef SYS_fork
	put_answer(code, SYS_fork, SECCOMP_RET_USER_NOTIF);
	put_answer(code, SYS_vfork, SECCOMP_RET_USER_NOTIF);
#endif
	/* Threads are as quick as ever. */
	put(code, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
	put(code, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args), 0, 0);
	put(code, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1);
	put(code, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	put(code, BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
}

static void build(struct code *code, const struct machine *machine)
{
	code->length = 0;
	put(code, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	/* Its flags are in memory; who gets this error calls clone(). */
	if (machine->no_namespaces || machine->slow_forks)
		put_answer(code, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	if (machine->no_namespaces) {
		put_answer_to_flags(code, SYS_unshare, ALL_NAMESPACES, SECCOMP_RET_ERRNO | EPERM);
		put_answer_to_flags(code, SYS_clone, ALL_NAMESPACES, SECCOMP_RET_ERRNO | EPERM);
	}
	if (machine->no_ptrace) {
		put_answer(code, SYS_ptrace, SECCOMP_RET_ERRNO | EPERM);
		put_answer(code, SYS_process_vm_readv, SECCOMP_RET_ERRNO | EPERM);
		put_answer(code, SYS_pidfd_getfd, SECCOMP_RET_ERRNO | EPERM);
	}
	if (machine->no_32_bit) {
		put_answer(code, SYS_execve, SECCOMP_RET_USER_NOTIF);
		put_answer(code, SYS_execveat, SECCOMP_RET_USER_NOTIF);
	}
	if (machine->slow_forks)
		put_slow_forks(code);
	put(code, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

/* Copies a text of another process; false when it cannot be read. */
static bool read_text(pid_t pid, uint64_t address, char *to, size_t room)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	int memory = open(path, O_RDONLY | O_CLOEXEC);
	if (memory < 0)
		return false;
	ssize_t got = pread(memory, to, room - 1, (off_t)address);
	close(memory);
	if (got < 0)
		return false;
	to[got] = '\0';
	return true;
}

/* Whether the file, as that process sees it, is a 32-bit program. */
static bool is_32_bit(pid_t pid, uint64_t address)
{
	char name[PATH_MAX], path[PATH_MAX + 64], head[EI_CLASS + 1] = { 0 };

	if (!read_text(pid, address, name, sizeof name))
		return false;
	snprintf(path, sizeof path, "/proc/%d/%s/%s", (int)pid, *name == '/' ? "root" : "cwd",
		 name);
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0)
		return false;
	ssize_t got = read(file, head, sizeof head);
	close(file);
	return got == sizeof head && !memcmp(head, ELFMAG, SELFMAG) && head[EI_CLASS] == ELFCLASS32;
}

/* Takes processor time, as a slow kernel does. */
static void burn(long ms)
{
	struct timespec now;
	long long end = 0;

	do {
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
		long long at = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
		if (!end)
			end = at + ms * 1000;
		else if (at >= end)
			break;
	} while (true);
}

static void *supervise(void *context)
{
	struct supervisor *me = context;

	for (;;) {
		struct seccomp_notif call = { 0 };
		if (ioctl(me->listener, SECCOMP_IOCTL_NOTIF_RECV, &call)) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			return NULL;
		}
		int number = call.data.nr;
		struct seccomp_notif_resp answer = { .id = call.id,
						     .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
		bool runs = number == SYS_execve || number == SYS_execveat;
		if (!runs) {
			burn(me->machine.slow_fork_ms);
			me->forks++;
		} else if (is_32_bit((pid_t)call.pid, call.data.args[number == SYS_execveat])) {
			answer = (struct seccomp_notif_resp){ .id = call.id, .error = -ENOEXEC };
		}
		ioctl(me->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

/* Passes a descriptor; with `fd` negative it takes and returns one, -1 when none comes. */
static int pass_descriptor(int link, int fd)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };

	if (fd < 0) {
		if (recvmsg(link, &message, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&message))
			return -1;
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
		return fd;
	}
	control.head = (struct cmsghdr){ CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	return sendmsg(link, &message, 0) == 1 ? 0 : -1;
}

/* In the child: from now on the machine is such a one; then it becomes the command. */
static void run(const struct machine *machine, int link, char **argv)
{
	struct code code;

	build(&code, machine);
	struct sock_fprog program = { code.length, code.list };
	/* An ordinary user may filter only what gains no privileges. */
	if (geteuid() != 0)
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				    SECCOMP_FILTER_FLAG_NEW_LISTENER |
					    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
				    &program);
	if (listener < 0 || pass_descriptor(link, listener)) {
		perror("simulate: cannot filter calls");
		_exit(3);
	}
	close(listener);
	close(link);
	execvp(*argv, argv);
	fprintf(stderr, "simulate: cannot run %s: %s\n", *argv, strerror(errno));
	_exit(3);
}

/* Reads the options; returns the command, NULL when they are wrong. */
static char **read_options(char **argv, struct machine *machine)
{
	for (; *argv && !strncmp(*argv, "--", 2); argv += 2) {
		if (!argv[1])
			return NULL;
		if (!strcmp(*argv, "--slow-fork")) {
			char *end;
			machine->slow_forks = true;
			machine->slow_fork_ms = strtol(argv[1], &end, 10);
			if (*end || machine->slow_fork_ms < 0)
				return NULL;
		} else if (strcmp(*argv, "--without")) {
			return NULL;
		} else if (!strcmp(argv[1], "32-bit")) {
			machine->no_32_bit = true;
		} else if (!strcmp(argv[1], "namespaces")) {
			machine->no_namespaces = true;
		} else if (!strcmp(argv[1], "ptrace")) {
			machine->no_ptrace = true;
		} else {
			return NULL;
		}
	}
	return *argv ? argv : NULL;
}

int main(int argc, char **argv)
{
	struct supervisor supervisor = { 0 };
	int link[2], status;

	(void)argc;
	char **command = read_options(argv + 1, &supervisor.machine);
	if (!command) {
		fputs("usage: simulate [--without 32-bit|namespaces|ptrace]... [--slow-fork MS] "
		      "COMMAND...\n",
		      stderr);
		return 2;
	}
	pid_t pid = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link) ? -1 : fork();
	if (pid == 0)
		run(&supervisor.machine, link[1], command);
	close(link[1]);
	if (pid < 0 || (supervisor.listener = pass_descriptor(link[0], -1)) < 0)
		return 3;
	for (int i = 0; i < SUPERVISORS; i++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, supervise, &supervisor)) {
			perror("simulate: cannot make a thread");
			return 3;
		}
	}
	/* The command decides when a signal of the terminal ends it. */
	signal(SIGINT, SIG_IGN);
	while (waitpid(pid, &status, 0) < 0)
		;
	if (supervisor.machine.slow_forks)
		fprintf(stderr, "simulate: %lu forks, %ld ms slower each\n", supervisor.forks,
			supervisor.machine.slow_fork_ms);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
