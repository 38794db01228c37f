/* uml_start.c -- starts a user-mode Linux kernel so that it runs on processors with AMX, too.
 *
 * Linux 6.1 as a program has room for 2,696 bytes of extended processor state. With AMX there are
 * more, PTRACE_SETREGSET refuses so short a set (EFAULT), and every guest process dies. Here
 * PTRACE_GETREGSET says that it is not implemented: then the kernel takes the calls for the old,
 * short state instead. So upper halves of AVX registers are not kept in the guest over signals;
 * the static runner uses none.
 * usage: uml_start KERNEL ARGUMENT...
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field)           BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (n))

/* Answers PTRACE_GETREGSET with ENOSYS, in this process and all it starts; 0 or -1 with errno. */
static int hide_extended_state(void)
{
	struct sock_filter program[] = {
		LOAD(nr),
		SKIP_UNLESS(SYS_ptrace, 3),
		LOAD(args[0]), /* its low half: this machine is little-endian */
		SKIP_UNLESS(PTRACE_GETREGSET, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { sizeof program / sizeof *program, program };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: uml_start KERNEL ARGUMENT...\n");
		return 2;
	}
	if (hide_extended_state()) {
		fprintf(stderr, "uml_start: cannot set a seccomp filter: %s\n", strerror(errno));
		return 3;
	}
	execvp(argv[1], argv + 1);
	fprintf(stderr, "uml_start: cannot run %s: %s\n", argv[1], strerror(errno));
	return 3;
}
