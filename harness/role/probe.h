/* probe.h -- which families the stack under test has, found by trying. */
#ifndef SOCKDRILL_PROBE_H
#define SOCKDRILL_PROBE_H

#include <stdbool.h>

bool stack_has_ipv6(void); /* a socket can be bound to ::1 */
bool stack_has_unix(void);

#endif
