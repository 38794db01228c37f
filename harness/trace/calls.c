/* calls.c -- names and kinds of the calls that are told. */
#include <string.h>

#include "trace/event.h"

static const struct {
	const char *name;
	enum trace_kind kind;
} calls[CALL_COUNT] = {
#define CALL(name, kind) [CALL_##name] = { #name, kind },
#include "trace/calls.def"
#undef CALL
};

const char *trace_call_name(enum trace_call call)
{
	return calls[call].name;
}

enum trace_call trace_call_of(const char *name)
{
	for (enum trace_call call = 0; call < CALL_COUNT; call++)
		if (!strcmp(calls[call].name, name))
			return call;
	return CALL_COUNT;
}

enum trace_kind trace_call_kind(enum trace_call call)
{
	return calls[call].kind;
}

bool trace_flips(enum trace_call call)
{
	switch (call) {
	case CALL_accept:
	case CALL_accept4:
	case CALL_getsockname:
	case CALL_getpeername:
	case CALL_getsockopt:
	case CALL_ioctl:
		return true;
	default:
		return calls[call].kind == READS || calls[call].kind == WAITS;
	}
}

static const char *const whats[] = {
	[TRACE_CALL] = "call",     [TRACE_BEGIN] = "begin", [TRACE_PROGRAM] = "program",
	[TRACE_SIGNAL] = "signal", [TRACE_END] = "end",
};

enum { WHATS = sizeof whats / sizeof *whats };

const char *trace_what_name(enum trace_what what)
{
	return whats[what];
}

int trace_what_of(const char *name)
{
	for (int what = 0; what < WHATS; what++)
		if (!strcmp(whats[what], name))
			return what;
	return -1;
}
