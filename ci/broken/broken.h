/* broken.h -- what the broken socket layers share: which fault is on, and the functions behind
 * ours.
 *
 * The layers are preloaded in front of the C library. The environment variable BROKEN names one
 * fault of broken.def; every function does what the C library does but for that fault. */
#ifndef SOCKDRILL_BROKEN_H
#define SOCKDRILL_BROKEN_H

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

enum fault {
	NONE,
#define BROKEN(id) FAULT_##id,
#include "broken.def"
#undef BROKEN
};

/* Whether this fault is the one that is on. */
bool has_fault(enum fault fault);

/* Whether fd is a socket of this type; keeps errno. */
bool is_type(int fd, int type);

/* The function of that name of the C library. */
#define REAL(name) ((__typeof__(&name))real_function(#name))

static inline void *real_function(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Of broken_stream1.c, in place of the C library's. */
int stream1_bind(int fd, const struct sockaddr *address, socklen_t len);
int stream1_connect(int fd, const struct sockaddr *to, socklen_t len);
int stream1_accept(int fd, struct sockaddr *address, socklen_t *len);
ssize_t stream1_recv(int fd, void *bytes, size_t n, int flags);

#endif
