/* registers.c -- the call in which a thread is stopped, as the kernel tells it on every machine. */
#include "trace/registers.h"

#include <string.h>
#include <sys/ptrace.h>

#include <linux/ptrace.h>

enum stop_place registers_read(pid_t tid, struct call_entry *ret_entry, int64_t *ret_result)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0)
		return STOP_ELSEWHERE;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		*ret_result = info.exit.rval;
		return STOP_EXIT;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY && info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return STOP_ELSEWHERE;
	/* entry and seccomp begin alike. */
	ret_entry->number = info.entry.nr;
	ret_entry->ip = info.instruction_pointer;
	ret_entry->sp = info.stack_pointer;
	for (int i = 0; i < CALL_ARGS; i++)
		ret_entry->args[i] = info.entry.args[i];
	return STOP_ENTRY;
}
