/* aarch64.c -- the registers of a call on 64-bit ARM. */
#include <elf.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include <asm/ptrace.h>

#include "trace/registers.h"

static bool get(pid_t tid, struct user_pt_regs *ret_regs)
{
	struct iovec place = { ret_regs, sizeof *ret_regs };

	return !ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &place);
}

static bool set(pid_t tid, struct user_pt_regs *regs)
{
	struct iovec place = { regs, sizeof *regs };

	return !ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &place);
}

bool registers_call(pid_t tid, struct call_entry *ret_entry)
{
	struct user_pt_regs regs;

	if (!get(tid, &regs))
		return false;
	*ret_entry = (struct call_entry){ .number = regs.regs[8], .ip = regs.pc, .sp = regs.sp };
	for (int i = 0; i < CALL_ARGS; i++)
		ret_entry->args[i] = regs.regs[i];
	return true;
}

bool registers_set_argument(pid_t tid, unsigned index, uint64_t value)
{
	struct user_pt_regs regs;

	if (!get(tid, &regs))
		return false;
	regs.regs[index] = value;
	return set(tid, &regs);
}

/* Register 8 is only the program's: the number that counts is in a set of its own. */
bool registers_skip(pid_t tid)
{
	int none = -1;
	struct iovec place = { &none, sizeof none };

	return !ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &place);
}

bool registers_set_result(pid_t tid, int64_t result)
{
	return registers_set_argument(tid, 0, (uint64_t)result);
}

bool registers_resumes(pid_t tid, uint64_t *ret_ip, uint64_t *ret_sp, int64_t *ret_result)
{
	struct user_pt_regs regs;

	if (!get(tid, &regs))
		return false;
	*ret_ip = regs.pc;
	*ret_sp = regs.sp;
	*ret_result = (int64_t)regs.regs[0];
	return true;
}
