/* forbid.h -- for tests: a process without the calls that look into others, as in a container that
 * forbids ptrace. */
#ifndef SOCKDRILL_TRACE_FORBID_H
#define SOCKDRILL_TRACE_FORBID_H

#include <stdbool.h>

/* From now on ptrace(), pidfd_getfd() and process_vm_readv() fail with EPERM, in this process and
 * all that come of it; with `diag_too` so does socket(AF_NETLINK). False with errno. */
bool forbid_looking(bool diag_too);

#endif
