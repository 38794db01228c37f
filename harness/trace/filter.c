/* filter.c -- the seccomp filter: looks for the number of a call among those that are told, by
 * halves, since every call of the program goes through it. */
#include "trace/filter.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "trace/numbers.h"

/* A number of x86_64 with this bit is one of x32, a dialect with its own structures. */
#define X32_BIT 0x40000000U

#ifdef __aarch64__
#define OWN_ARCH AUDIT_ARCH_AARCH64
#else
#define OWN_ARCH AUDIT_ARCH_X86_64
#endif

/* As many as a search by halves of all calls can need, and the frame around it. */
enum { PROGRAM_MAX = 4 * CALL_ALL + 8 };

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short length;
};

static void put(struct program *p, unsigned code, unsigned value, unsigned yes, unsigned no)
{
	p->code[p->length++] =
		(struct sock_filter){ (uint16_t)code, (uint8_t)yes, (uint8_t)no, value };
}

static void put_load(struct program *p, size_t offset)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void put_return(struct program *p, unsigned action)
{
	put(p, BPF_RET | BPF_K, action, 0, 0);
}

static unsigned action_of(int number)
{
	unsigned call = call_of_number((uint64_t)number);

	if (call < CALL_COUNT && trace_call_kind(call) == DENIED)
		return SECCOMP_RET_ERRNO | ENOSYS;
	return SECCOMP_RET_TRACE;
}

/* The search among numbers[0..count), in rising order. */
static void put_search(struct program *p, const int *numbers, size_t count)
{
	if (count == 1) {
		put(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)*numbers, 0, 1);
		put_return(p, action_of(*numbers));
		put_return(p, SECCOMP_RET_ALLOW);
		return;
	}
	size_t half = count / 2, jump = p->length;
	put(p, BPF_JMP | BPF_JGE | BPF_K, (unsigned)numbers[half], 0, 0);
	put_search(p, numbers, half);
	p->code[jump].jt = (uint8_t)(p->length - jump - 1);
	put_search(p, numbers + half, count - half);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void build(struct program *p)
{
	int numbers[CALL_ALL];
	size_t count = 0;

	for (unsigned call = 0; call < CALL_ALL; call++)
		if (call_number(call) != NO_NUMBER)
			numbers[count++] = call_number(call);
	qsort(numbers, count, sizeof *numbers, by_number);
	*p = (struct program){ .length = 0 };
	put_load(p, offsetof(struct seccomp_data, arch));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0);
	put_return(p, SECCOMP_RET_ERRNO | ENOSYS);
	put_load(p, offsetof(struct seccomp_data, nr));
	put(p, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	put_return(p, SECCOMP_RET_ERRNO | ENOSYS);
	put_search(p, numbers, count);
}

bool filter_install(void)
{
	struct program program;

	build(&program);
	struct sock_fprog prog = { program.length, program.code };
	/* The flag: without it older kernels make all of the program slower, to guard it against
	 * itself. */
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
			&prog);
}
