/* none.c -- systems and machines where nothing can be traced. */
#include <errno.h>
#include <stddef.h>

#include "trace/tracer.h"

struct tracer *tracer_create(const struct tracer_setting *setting)
{
	(void)setting;
	errno = ENOSYS;
	return NULL;
}

void tracer_destroy(struct tracer *tracer)
{
	(void)tracer;
}

const char *tracer_why_not(void)
{
	return "this build cannot trace: Linux on x86_64 and aarch64 can";
}

bool trace_gate_open(struct trace_gate *ret_gate)
{
	(void)ret_gate;
	errno = ENOSYS;
	return false;
}

bool tracer_consent(struct trace_gate *gate)
{
	(void)gate;
	errno = ENOSYS;
	return false;
}

bool tracer_follow(struct tracer *tracer, struct trace_gate *gate, pid_t pid, int side)
{
	(void)tracer, (void)gate, (void)pid, (void)side;
	errno = ENOSYS;
	return false;
}

bool tracer_attach(struct tracer *tracer, pid_t pid)
{
	(void)tracer, (void)pid;
	errno = ENOSYS;
	return false;
}

enum tracer_took tracer_take(struct tracer *tracer, pid_t tid, int status)
{
	(void)tracer, (void)tid, (void)status;
	return TRACER_FOREIGN;
}

pid_t tracer_wait(int *ret_status)
{
	(void)ret_status;
	errno = ENOSYS;
	return -1;
}

bool tracer_pin(void)
{
	errno = ENOSYS;
	return false;
}
