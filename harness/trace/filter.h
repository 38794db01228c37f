/* filter.h -- the seccomp filter that stops a program at the calls that are told, and at no other.
 */
#ifndef SOCKDRILL_TRACE_FILTER_H
#define SOCKDRILL_TRACE_FILTER_H

#include <stdbool.h>

/* Puts the filter on the calling process, for good and for all that it starts: without a tracer the
 * calls fail with ENOSYS from now on. Set-user-ID programs no longer gain privileges. False with
 * errno. */
bool filter_install(void);

#endif
