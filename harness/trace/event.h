/* event.h -- what a traced program did, one event after the other: told by the tracer, read by
 * logs, life lines, the ladder, faults and reports. Data only. */
#ifndef SOCKDRILL_TRACE_EVENT_H
#define SOCKDRILL_TRACE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The calls that are told: CALL_socket, CALL_accept4 ... */
enum trace_call {
#define CALL(name, kind) CALL_##name,
#include "trace/calls.def"
#undef CALL
	CALL_COUNT
};

/* What a call does to descriptors and data. */
enum trace_kind {
	MAKES,    /* new sockets */
	ACCEPTS,  /* a new socket from a listening one */
	CONTROLS, /* anything else that concerns one descriptor */
	READS,    /* moves data from a socket to the program */
	WRITES,   /* moves data from the program to a socket */
	WAITS,    /* for readiness of several descriptors */
	COPIES,   /* a descriptor */
	CLOSES,   /* one descriptor or a range */
	DENIED,   /* answered with ENOSYS, so that programs use calls that can be followed */
	ENDS      /* the process */
};

/* "recvfrom"; and back: CALL_COUNT when there is none. */
const char *trace_call_name(enum trace_call call);
enum trace_call trace_call_of(const char *name);
enum trace_kind trace_call_kind(enum trace_call call);
/* Whether it gives data through a pointer, which FAULT_FLIP can change. */
bool trace_flips(enum trace_call call);

enum trace_what {
	TRACE_CALL,    /* a call has returned, or (unfinished) never did */
	TRACE_BEGIN,   /* a process is followed from now on: started, forked, or (`arguments` is its
			  command line) attached */
	TRACE_PROGRAM, /* it executes another program: `arguments` is its command line */
	TRACE_SIGNAL,  /* a signal was delivered: `result` is its number */
	TRACE_END      /* it has ended: `result` is its wait status */
};

/* "call", "begin", "program", "signal", "end"; and back: -1 when there is none. */
const char *trace_what_name(enum trace_what what);
int trace_what_of(const char *name);

enum { SIDE_NONE = -1 };

/* Texts are never NULL ("" stands for none) and live as long as who gives the event says. */
struct trace_event {
	enum trace_what what;
	int64_t start_us; /* of the call's entry; CLOCK_MONOTONIC, since tracing began */
	int64_t took_us;  /* until it returned */
	bool unfinished;  /* the process ended, or tracing did, while it was in the call */
	int side;         /* of a pair: enum who; else SIDE_NONE. Children have their parent's */
	unsigned process; /* 1, 2 ... in order of appearance */
	unsigned parent;  /* TRACE_BEGIN: the process that forked it; 0: none that is followed */
	pid_t pid, tid;

	/* TRACE_CALL */
	enum trace_call call;
	unsigned number;         /* of the call on its side, over all its processes: 1, 2 ... */
	const char *arguments;   /* decoded, as in C: `4, "hello", 5, MSG_NOSIGNAL` */
	long long result;        /* what it returned; -errno when it failed */
	const char *result_text; /* decoded: "3", "-1 EAGAIN", "1 (fd 4 IN|HUP)" */
	int fd;                  /* the descriptor it is about; -1: none or several */
	unsigned socket;         /* 1, 2 ...: the socket behind fd, the same for its copies in all
				    processes; 0: fd is no socket */
	int new_fd;              /* that it returned; of socketpair the first; -1: none */
	unsigned new_socket;
	int new_fd2; /* the second of socketpair; -1: none */
	unsigned new_socket2;
	int type;   /* of the socket (of the new one, if there is): SOCK_STREAM ...; 0: unknown */
	int family; /* likewise: AF_INET ...; 0: unknown */
	unsigned connection; /* ordinal of the connection in its process, by accept() or connect():
				1, 2 ...; 0: none */
	const char *local;   /* name of the socket (of the new one), as far as known:
				"127.0.0.1:80", "[::1]:80", "/path", "@abstract" */
	const char *peer;    /* name of its peer, or of the one this message went to or came from */
	const unsigned char *bytes; /* the first of those that moved */
	size_t shown;               /* how many bytes[] are there */
	long long moved;            /* how many moved; 0 at the end of file, too */
	bool peek;                  /* they stay in the queue (MSG_PEEK) */
	const char *fault; /* what was disturbed: "cut to 1 byte", "EINTR instead of the call" */
};

#endif
