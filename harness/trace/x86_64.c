/* x86_64.c -- the registers of a call on x86_64. */
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include "trace/registers.h"

static bool get(pid_t tid, struct user_regs_struct *ret_regs)
{
	return !ptrace(PTRACE_GETREGS, tid, NULL, ret_regs);
}

static bool set(pid_t tid, struct user_regs_struct *regs)
{
	return !ptrace(PTRACE_SETREGS, tid, NULL, regs);
}

bool registers_call(pid_t tid, struct call_entry *ret_entry)
{
	struct user_regs_struct regs;

	if (!get(tid, &regs))
		return false;
	*ret_entry = (struct call_entry){
		.number = regs.orig_rax,
		.args = { regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9 },
		.ip = regs.rip,
		.sp = regs.rsp,
	};
	return true;
}

bool registers_set_argument(pid_t tid, unsigned index, uint64_t value)
{
	struct user_regs_struct regs;

	if (!get(tid, &regs))
		return false;
	switch (index) {
	case 0:
		regs.rdi = value;
		break;
	case 1:
		regs.rsi = value;
		break;
	case 2:
		regs.rdx = value;
		break;
	case 3:
		regs.r10 = value;
		break;
	case 4:
		regs.r8 = value;
		break;
	default:
		regs.r9 = value;
		break;
	}
	return set(tid, &regs);
}

bool registers_skip(pid_t tid)
{
	struct user_regs_struct regs;

	if (!get(tid, &regs))
		return false;
	regs.orig_rax = (unsigned long long)-1;
	return set(tid, &regs);
}

bool registers_set_result(pid_t tid, int64_t result)
{
	struct user_regs_struct regs;

	if (!get(tid, &regs))
		return false;
	regs.rax = (unsigned long long)result;
	return set(tid, &regs);
}

bool registers_resumes(pid_t tid, uint64_t *ret_ip, uint64_t *ret_sp, int64_t *ret_result)
{
	struct user_regs_struct regs;

	if (!get(tid, &regs))
		return false;
	*ret_ip = regs.rip;
	*ret_sp = regs.rsp;
	*ret_result = (int64_t)regs.rax;
	return true;
}
