/* hardened.c -- for tests: runs a program as hardened containers and kernels do.
 * usage: hardened MODE PROGRAM [ARGUMENT...]
 *
 *	docker      the calls that Docker's own seccomp filter refuses without CAP_SYS_ADMIN and
 *	            CAP_SYS_PTRACE
 *	no-userns   no user namespace, as kernel.unprivileged_userns_clone=0 has it
 *	no-trace    no process is traced, as kernel.yama.ptrace_scope=3 has it
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif

/* The lower half of an argument. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n) + 4)
#else
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#endif
/* Which argument of clone() its flags are. */
#ifdef __s390x__
#define CLONE_FLAGS ARGUMENT(1)
#else
#define CLONE_FLAGS ARGUMENT(0)
#endif

/* clang-format off */
#define LOAD(at)            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define LOAD_CALL           LOAD(offsetof(struct seccomp_data, nr))
#define RETURN(what)        BPF_STMT(BPF_RET | BPF_K, (what))
#define ALLOW               RETURN(SECCOMP_RET_ALLOW)
#define REFUSE(err)         RETURN(SECCOMP_RET_ERRNO | (err))
/* Skips `n` instructions unless it is so. */
#define UNLESS_CALL(nr, n)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, (n))
#define UNLESS_BITS(m, n)   BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (m), 0, (n))
#define IF_BITS(m, n)       BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (m), (n), 0)
#define UNLESS_VALUE(v, n)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v), 0, (n))

enum {
	ANY_NAMESPACE = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC |
			CLONE_NEWUTS | CLONE_NEWCGROUP
};

static const struct sock_filter docker[] = {
	LOAD_CALL,
	UNLESS_CALL(SYS_unshare, 1), REFUSE(EPERM),
	UNLESS_CALL(SYS_setns, 1), REFUSE(EPERM),
	UNLESS_CALL(SYS_mount, 1), REFUSE(EPERM),
	UNLESS_CALL(SYS_pidfd_getfd, 1), REFUSE(EPERM),
	UNLESS_CALL(SYS_clone3, 1), REFUSE(ENOSYS),
	UNLESS_CALL(SYS_clone, 3), LOAD(CLONE_FLAGS), UNLESS_BITS(ANY_NAMESPACE, 1), REFUSE(EPERM),
	ALLOW,
};

/* The kernel looks at what contradicts itself before it asks who may. */
static const struct sock_filter no_userns[] = {
	LOAD_CALL,
	UNLESS_CALL(SYS_unshare, 3), LOAD(ARGUMENT(0)), UNLESS_BITS(CLONE_NEWUSER, 6), REFUSE(EPERM),
	UNLESS_CALL(SYS_clone, 4), LOAD(CLONE_FLAGS), UNLESS_BITS(CLONE_NEWUSER, 2),
	IF_BITS(CLONE_FS, 1), REFUSE(EPERM),
	ALLOW,
};

static const struct sock_filter no_trace[] = {
	LOAD_CALL,
	UNLESS_CALL(SYS_ptrace, 3), LOAD(ARGUMENT(0)), UNLESS_VALUE(PTRACE_SEIZE, 1), REFUSE(EPERM),
	ALLOW,
};

/* clang-format on */
#define MODE(name, code)                                                                           \
	{                                                                                          \
		name,                                                                              \
		{                                                                                  \
			sizeof(code) / sizeof *(code), (struct sock_filter *)(code)                \
		}                                                                                  \
	}

static const struct {
	const char *name;
	struct sock_fprog program;
} modes[] = {
	MODE("docker", docker),
	MODE("no-userns", no_userns),
	MODE("no-trace", no_trace),
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof modes / sizeof *modes; i++) {
		if (strcmp(argv[1], modes[i].name) != 0)
			continue;
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &modes[i].program)) {
			perror("hardened: cannot filter");
			return 77;
		}
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		return 127;
	}
	fputs("usage: hardened docker|no-userns|no-trace PROGRAM [ARGUMENT...]\n", stderr);
	return 2;
}
