/* spy.h -- looks at the sockets of any process without tracing, stopping or slowing it: in which
 * call it hangs and on what, what its sockets are, whether it burns the processor, when it listens.
 * From /proc, copies of its descriptors (pidfd_getfd) and sock_diag (Linux); elsewhere spy_look()
 * fails with ENOSYS, and spy_where() says what os_where() does.
 *
 * What permission forbids is left unknown and named in `lacks`; the rest of a look stands. A copy
 * of a descriptor is held for microseconds: a close() of the process in just these ends its
 * connection that much later.
 */
#ifndef SOCKDRILL_TRACE_SPY_H
#define SOCKDRILL_TRACE_SPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* ---- A look at a process ---- */

/* What could not be looked at. */
enum spy_lack {
	SPY_NO_CALLS = 1 << 0,       /* /proc/PID/syscall */
	SPY_NO_DESCRIPTORS = 1 << 1, /* /proc/PID/fd */
	SPY_NO_COPIES = 1 << 2,      /* pidfd_getfd() */
	SPY_NO_MEMORY = 1 << 3,      /* process_vm_readv() */
	SPY_NO_DIAG = 1 << 4,        /* NETLINK_SOCK_DIAG */
	SPY_OTHER_NETWORK = 1 << 5   /* it has a network of its own, of which sock_diag tells not */
};
/* What is unknown for that reason, as one line; for a single bit. */
const char *spy_lack_text(unsigned lack);

enum { SPY_UNKNOWN = -1, SPY_WAITS = 16, SPY_OPTIONS = 24, SPY_THREADS = 64 };

struct spy_name {
	struct sockaddr_storage address;
	socklen_t len; /* 0: none, or unknown */
};

struct spy_option {
	const char *name; /* "SO_LINGER" */
	char value[24];   /* "1", "5 s", "0.250 s", "eth0" */
};

/* A socket. What is unknown is 0, SPY_UNKNOWN for numbers that may be 0. */
struct spy_socket {
	uint64_t inode;
	int fd, family, type, protocol;
	const char *state; /* of TCP, by its RFC 9293 name; NULL: unknown, or not TCP */
	struct spy_name local, peer;
	long long receive_queue;   /* bytes; of datagrams those of the first */
	long long send_queue;      /* bytes that the peer has not acknowledged or taken */
	int accept_queue, backlog; /* of one that listens */
	int end_unread;            /* the peer's end: 1: not read by the program yet; 0: read */
	int nonblocking, close_on_exec;
	unsigned option_count; /* that differ from the default of such a socket */
	struct spy_option options[SPY_OPTIONS];
	bool has_options; /* options[] is complete */
	bool listening;
	bool peer_closed; /* the peer sends no more, and this side has not closed */
};

/* A descriptor that a thread waits for. */
struct spy_wait {
	int fd;
	unsigned events; /* POLLIN ...; 0: the call says which */
	char kind[16];   /* "socket", "pipe", "eventfd", "file"; "": unknown */
};

struct spy_thread {
	pid_t tid;
	char state; /* R, S, D ... of /proc; 0: unknown */
	bool known; /* the three that follow are */
	bool in_call;
	long number;
	const char *call; /* NULL: none that has a name here */
	unsigned long argument[6];
	int epoll_fd;        /* SPY_UNKNOWN: it is in no call of epoll */
	bool waits;          /* the call concerns descriptors */
	bool several;        /* any number of them: poll(), select(), epoll_wait() */
	bool waits_known;    /* which ones, and all that follows */
	unsigned wait_count; /* how many of them stand in wait[] */
	size_t wait_total;
	struct spy_wait wait[SPY_WAITS];
	char channel[32]; /* the kernel's function that it sleeps in; "": unknown */
	long long turns;  /* how often it has been given a processor; SPY_UNKNOWN */
};

struct spy_process {
	pid_t pid, parent;
	char command[16];
	char state;
	unsigned lacks; /* enum spy_lack */
	size_t thread_count, thread_total;
	struct spy_thread *threads;
	size_t socket_count;
	struct spy_socket *sockets; /* by descriptor */
};

/* Looks at a process. NULL with errno: ESRCH, there is none, or it has ended; EACCES, nothing of it
 * may be seen; ENOSYS. spy_free() takes NULL. */
struct spy_process *spy_look(pid_t pid);
void spy_free(struct spy_process *process);

/* The socket behind a descriptor; NULL when that is none. It belongs to the process. */
const struct spy_socket *spy_socket_of(const struct spy_process *process, int fd);
/* True when a thread has hung in one and the same call all the time between two looks. */
bool spy_stayed(const struct spy_thread *before, const struct spy_thread *after);
/* True for a connection that the peer has closed, and whose end the program has read (as far as
 * that is known), but which it keeps open: with every client there is one more. */
bool spy_leaks(const struct spy_socket *socket);

/* ---- As text ---- */

/* With numbers of ports and addresses, for people; or without what differs from run to run: then
 * names are left out, and long queues rounded, so that texts of two runs can be compared. */
enum spy_detail { SPY_FULL, SPY_STEADY };

/* "127.0.0.1:80", "[::1]:80", "/path", "@abstract", "" for none. */
void spy_put_name(char *ret_text, size_t room, const struct spy_name *name);
/* "stream 127.0.0.1:40112 to 127.0.0.1:80, CLOSE-WAIT, receive queue empty" */
void spy_put_socket(char *ret_text, size_t room, const struct spy_socket *socket,
		    enum spy_detail detail);
/* "in recvfrom(fd 4: stream to its peer, ESTABLISHED, receive queue empty)", "running"; "" when
 * that is unknown. */
void spy_put_thread(char *ret_text, size_t room, const struct spy_process *process,
		    const struct spy_thread *thread, enum spy_detail detail);
/* Where a process or a thread stands, in steady words; looks at what it hangs on only. */
void spy_where(pid_t tid, char *ret_text, size_t room);

/* ---- The processor ---- */

/* What a process and its threads have used so far. */
struct spy_cpu {
	int64_t at_us;
	long long user_us, system_us; /* all threads, those that have ended too */
	size_t thread_count;
	struct spy_burn {
		pid_t tid;
		char state;
		long long ran_us;  /* on a processor; SPY_UNKNOWN */
		long long yielded; /* how often it went to sleep by itself; SPY_UNKNOWN */
	} threads[SPY_THREADS];
};
/* False with errno: ESRCH, it has ended. */
bool spy_read_cpu(pid_t pid, struct spy_cpu *ret_cpu);

struct spy_load {
	int64_t over_us;
	double percent; /* of one processor; 200: two */
	long long user_us, system_us;
	pid_t spinner; /* a thread that never slept and always wanted to run; 0: none */
};
/* What happened between two readings of one process, at least 50 ms apart: shorter tells nothing
 * about spinning. */
struct spy_load spy_load_between(const struct spy_cpu *before, const struct spy_cpu *after);

/* ---- Waiting for a state ---- */

enum spy_awaited {
	SPY_CAME,
	SPY_LATE,  /* not within the time */
	SPY_ENDED, /* the process has ended, or the connection is gone */
	SPY_CANNOT /* with errno: sock_diag or /proc/PID/fd is not to be had; EXDEV: another network
		    */
};

struct spy_listener {
	pid_t pid;                /* the process that listens: the one asked for, or a child */
	struct spy_socket socket; /* without options; fd is that of this process */
	bool taken;               /* SPY_LATE: somebody else has the port */
};
/* Waits until a process, or one that descends from it or is in its process group, listens on a
 * port (IPPROTO_TCP), or has it bound (IPPROTO_UDP). Makes no connection: the inodes of sock_diag
 * are looked for in their descriptors. Port 0: any. Ends at once when the process does. */
enum spy_awaited spy_await_listener(pid_t pid, int protocol, uint16_t port, int64_t timeout_us,
				    struct spy_listener *ret_listener);

/* Waits until the other end of a TCP connection of this network has taken all that was written to
 * fd, and its program has read it. *ret_left: the bytes that it has not read (SPY_UNKNOWN: some are
 * under way still). fd stays as it is. */
enum spy_awaited spy_await_read(int fd, int64_t timeout_us, long long *ret_left);

/* Why there are no copies of a child's descriptors, or no sock_diag, as one line with what to do;
 * NULL: there are. Tries it on a process of its own. */
const char *spy_why_no_copies(void);
const char *spy_why_no_diag(void);

#endif
