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

/* Faults of broken_stream2.c. True: the call is done, with this result; false: it is to be made as
 * ever. sends_wrongly() has set errno. */
bool receives_wrongly(int fd, void *bytes, size_t n, int flags, ssize_t *ret_got);
bool sends_wrongly(int fd, size_t n, int flags);
/* Faults of broken_datagram.c in functions of other files. */
struct addrinfo;
struct sock_filter;
struct sock_fprog;
bool refuses_hints(const struct addrinfo *hints); /* getaddrinfo() is to say EAI_SOCKTYPE */
void change_scopes(struct addrinfo *list);
/* What SO_ATTACH_FILTER is given instead of value; changed and code[16] are room for it. */
const void *broken_filter(const void *value, socklen_t len, struct sock_fprog *changed,
			  struct sock_filter *code);
void before_sendto(int fd, const struct sockaddr *to);
void after_sendto(int fd, ssize_t sent, const void *bytes, size_t n, const struct sockaddr *to,
		  socklen_t len); /* keeps errno */
void stamp_reading(struct msghdr *message);

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
