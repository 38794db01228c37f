/* registers.h -- what a stopped thread asks of the kernel, and how to change it. Reading a call is
 * the same on every machine; registers.c does it. Writing is x86_64.c and aarch64.c. */
#ifndef SOCKDRILL_TRACE_REGISTERS_H
#define SOCKDRILL_TRACE_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CALL_ARGS = 6 };

/* A thread at the entry of a call. */
struct call_entry {
	uint64_t number;
	uint64_t args[CALL_ARGS];
	uint64_t ip, sp; /* behind the instruction that calls, and the stack there */
};

enum stop_place { STOP_ELSEWHERE, STOP_ENTRY, STOP_EXIT };

/* Where a thread in a stop of a call is. At an entry it fills *ret_entry, at an exit *ret_result
 * with what the kernel is going to return. STOP_ELSEWHERE, too, when the thread is gone. */
enum stop_place registers_read(pid_t tid, struct call_entry *ret_entry, int64_t *ret_result);

/* ---- The machine's ---- */

/* Reads the call in which a thread is at a stop that is none of a call (fork and the like).
 * False with errno. */
bool registers_call(pid_t tid, struct call_entry *ret_entry);
/* At an entry: another value for one argument. At the exit: the value that was there, since
 * compilers take it that calls keep it. False with errno. */
bool registers_set_argument(pid_t tid, unsigned index, uint64_t value);
/* At an entry: the call is not made; its exit stop comes all the same. False with errno. */
bool registers_skip(pid_t tid);
/* At the exit: another result. False with errno. */
bool registers_set_result(pid_t tid, int64_t result);
/* At the exit of rt_sigreturn(): where the program goes on, and the value that a call in which it
 * was interrupted returns. False with errno. */
bool registers_resumes(pid_t tid, uint64_t *ret_ip, uint64_t *ret_sp, int64_t *ret_result);
/* How long the instruction is that calls: a call that is made again starts that much before ip. */
enum {
#ifdef __aarch64__
	CALL_INSTRUCTION = 4
#else
	CALL_INSTRUCTION = 2
#endif
};

#endif
