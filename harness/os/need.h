/* need.h -- what a machine and its stack may lack. */
#ifndef SOCKDRILL_NEED_H
#define SOCKDRILL_NEED_H

/* What a case cannot do without. Probed once by engine/needs.c; unmet: skip, with the reason. */
enum need {
	NEEDS_ROOT = 1 << 0,     /* the superuser of the machine: another user ID can be taken */
	NEEDS_NETNS = 1 << 1,    /* a private network: free ports, CAP_NET_ADMIN over it */
	NEEDS_OWN_NET = 1 << 2,  /* changes it (sysctl, lo down, routes, TIME_WAIT): a new one */
	NEEDS_PROCESS = 1 << 3,  /* roles that are processes: fork, signals, exec, rlimits */
	NEEDS_SHELL = 1 << 4,    /* /bin/sh, to have something to exec */
	NEEDS_PROC_NET = 1 << 5, /* Linux's /proc/net */
	NEEDS_SERVICES = 1 << 6, /* /etc/services */
	NEEDS_HOSTS = 1 << 7,    /* /etc/hosts that names localhost */
	NEEDS_NETEM = 1 << 8,    /* the netem queueing discipline */
	NEEDS_ABSTRACT = 1 << 9, /* Linux's abstract AF_UNIX names */
	NEEDS_EPOLL = 1 << 10,   /* epoll */
	NEEDS_DESCRIPTORS = 1 << 11,  /* sockets that are file descriptors: dup(), fstat(), pipes */
	NEEDS_SOCKETPAIR = 1 << 12,   /* socketpair() */
	NEEDS_SOCKET_FLAGS = 1 << 13, /* accept4(), SOCK_NONBLOCK and SOCK_CLOEXEC */
	NEEDS_MMSG = 1 << 14,         /* sendmmsg() and recvmmsg() */
	NEEDS_PSELECT = 1 << 15,      /* pselect() */
	NEEDS_SOCKATMARK = 1 << 16,   /* sockatmark(): TCP's urgent data has a mark */
	NEEDS_RESOLVER = 1 << 17,     /* getaddrinfo() and its kin */
	NEEDS_POINTER_CHECKS =
		1 << 18,          /* a wrong address or length is an error, and does not kill */
	NEEDS_TCP_INFO = 1 << 19, /* TCP_INFO */
	NEEDS_DEV_NULL = 1 << 20, /* /dev/null, as a descriptor that is no socket */
	NEEDS_COUNT = 21
};

#endif
