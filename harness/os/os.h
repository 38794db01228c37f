/* os.h -- the seam to the operating system: everything the harness asks of it beyond C11 and the
 * socket calls that are under test.
 *
 * linux.c and the other files of that name implement it for Linux, posix.c for systems of which
 * only POSIX is known; lwip.c takes the place of what asks of sockets where lwIP is under test.
 * names.c is common. The machinery's own waiting, reading and writing go through here and not
 * through the C library's poll(), read() and write(), so that a C library with a broken socket
 * layer (or a preloaded one that breaks it) changes what cases see, not how they are judged.
 */
#ifndef SOCKDRILL_OS_H
#define SOCKDRILL_OS_H

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "os/netem.h"
#include "os/system.h"

/* ---- names.c: names of numbers ---- */

/* "ECONNRESET"; for a number without a name NULL. */
const char *os_errno_name(int err);
/* The number of an errno name; -1 when there is none. */
int os_errno_number(const char *name);
/* "SIGPIPE"; for others NULL. */
const char *os_signal_name(int signo);
/* "EAI_NONAME"; for others NULL. */
const char *os_gai_name(int result);

/* ---- What runs here ---- */

struct os_facts {
	int os;           /* enum os, OS_COUNT when it has no rows of its own */
	unsigned version; /* VERSION(major, minor) of its release */
	char sysname[32]; /* uname() */
	char release[64];
	char machine[32];
	char libc[32]; /* "glibc 2.36", "musl", or "" */
};

/* The stack under test and the machine. */
void os_describe(struct os_facts *ret_facts);
/* Machine and libc alone, all else empty; for the os_describe() of a stack that is a library. */
void os_describe_machine(struct os_facts *ret_facts);
unsigned os_cpus(void);

/* ---- The socket stack under test ---- */

/* Whether it is a library: then it lives in one process, the two roles of a pair are threads of
 * that, and nothing that the system knows of sockets holds for it. */
bool os_stack_is_library(void);
/* Starts such a library in this process, with nothing but loopback addresses; 0 or -1 with errno.
 * Once in a process, and before any of its calls. Elsewhere there is nothing to start. */
int os_start_stack(void);
/* The bits of enum need that the stack cannot meet on any machine. */
unsigned os_stack_lacks(void);

/* The call of such a library in which a thread is; "": in none. Its descriptor is left out,
 * because the two threads draw their numbers from one lot, which falls out differently every time.
 * It is text and no pointer: whoever looks at it is in another process.
 */
struct os_call {
	char name[16];
};

/* From now on the calling thread's calls are noted there. */
void os_note_calls(struct os_call *call);

/* ---- Time and waiting ---- */

int64_t os_now_us(void); /* monotonic */
void os_pause_us(unsigned us);
/* Sleeps while *word == seen, at most timeout_ms (< 0: for ever); may wake early. */
void os_wait_while(_Atomic uint32_t *word, uint32_t seen, long long timeout_ms);
void os_wake_all(_Atomic uint32_t *word);

/* ---- Files of the machinery; like the calls of the same name ---- */

ssize_t os_read(int fd, void *bytes, size_t n);
ssize_t os_write(int fd, const void *bytes, size_t n);
/* ppoll(); timeout_us < 0: for ever. While it waits, SIGCHLD and the signals that end a run
 * (SIGINT, SIGTERM, SIGHUP) are let through; EINTR says that one came. */
int os_poll(struct pollfd *fds, size_t n, int64_t timeout_us);
/* Blocks the signals that os_poll lets through. */
void os_hold_signals(void);
/* Closes every descriptor from first to last; nothing when last comes before first. */
void os_close_range(int first, int last);
/* Removes everything below the working directory; false when something stayed. */
bool os_empty_directory(int dirfd);

/* ---- Processes ---- */

/* The process dies when the one that forked it does. */
void os_die_with_parent(void);
/* Orphaned descendants become children of this process. */
void os_adopt_orphans(void);
/* Kills every process that this one could leave behind: all of the PID namespace when this is
 * its first process, else children and adopted orphans, again and again until none is left.
 * Reaps them; gives how many were still alive. */
unsigned os_kill_rest(bool own_pid_namespace);
/* Where a process, or a thread, stands, as text: "in accept(fd 3)", "running", or "" when unknown.
 */
void os_where(pid_t pid, char *ret_text, size_t room);
/* The calling thread, as os_where() takes it. */
pid_t os_thread(void);
/* Gives the calling thread a copy of the process's descriptors for itself alone, which are closed
 * when it ends; 0, or -1 with errno where threads must share them. */
int os_own_descriptors(void);
/* CPU time of a process and of its descendants that still run, all threads added. */
struct os_cpu_time {
	int64_t ran_us;    /* on a processor */
	int64_t queued_us; /* ready to run, waiting for a processor */
};
/* False, all zero, where the system does not tell, and of more than 16 processes: those of a fork
 * bomb wait for each other, and to look at them all would take its time. */
bool os_cpu_time(pid_t pid, struct os_cpu_time *ret_sum);
/* The wall time of a fork, an exit and a wait, in microseconds, the least of some; 0: no process
 * could be made. */
int64_t os_fork_cost_us(void);
/* Limits of this process and its children: no core files, 64 MiB a file, and as many processes as
 * `processes` where the system can count those of this world alone. */
void os_limit_world(unsigned processes, bool own_user_namespace);
/* Gives up all privileges; 0 or -1 with errno. */
int os_drop_privileges(void);

/* ---- Worlds ---- */

/* Which of the walls around a world stand. */
struct os_walls {
	bool user, net, mount, pid, ipc;
};

/* Forks a process behind the walls; like fork(). With walls->user it becomes user 0 there. */
pid_t os_fork_behind(const struct os_walls *walls);
/* To be called first in that process: raises the walls that need no new process (all if walls->pid
 * is not set), maps the user, makes the mounts private, puts an own /proc in place and the loopback
 * interface up. 0, or -1 with errno and *ret_step naming what failed. */
int os_furnish(const struct os_walls *walls, uid_t uid, gid_t gid, const char **ret_step);
/* Covers a directory that this process does not need with an empty file system of 8 MiB and enters
 * it; 0 or -1 with errno. Needs walls->mount. */
int os_enter_private_directory(void);
/* For a debugger: raises the walls, of which pid is not set, around this process itself, furnished
 * and with a private directory; 0 or -1 with errno. */
int os_enter_walls(const struct os_walls *walls);
/* Leaves the network and joins a new one, with loopback up; 0 or -1 with errno. */
int os_new_network(void);
int os_set_link(const char *interface, bool up);
int os_set_mtu(const char *interface, int mtu);
/* Puts netem in front of what an interface sends, in place of one that was there before. 0, or -1
 * with errno when there is no netem. */
int os_set_netem(const char *interface, const struct netem *netem);

/* ---- Packets ---- */

struct os_packet {
	int64_t time_ns; /* since 1970 */
	size_t length;   /* of the whole packet, its link-layer header (Ethernet's) included */
};

/* Opens a tap: from now on it keeps every packet that arrives on the loopback interface of this
 * process's network, each once, in `room` bytes of the kernel's memory or as many as this user may
 * have. -1 with errno: ENOSYS where there are no taps, ETIME when no packet came with its time. */
int os_tap_open(size_t room);
/* Takes the oldest packet that the tap keeps, copied as far as `room` reaches; false when there is
 * none. */
bool os_tap_take(int tap, void *bytes, size_t room, struct os_packet *ret_packet);
/* How many packets it could not keep, since it was asked last. */
unsigned os_tap_lost(int tap);
/* Takes -1. The kernel lets who closes a tap wait for some milliseconds: a thread of this process
 * does that. */
void os_tap_close(int tap);

/* ---- Looking at a socket ---- */

/* The RFC 9293 name of the TCP state, NULL when it cannot be known. */
const char *os_tcp_state(int fd);
/* What epoll reports of fd at once: epoll_wait()'s count and bits, or -1 with errno; ENOSYS where
 * there is no epoll. */
int os_epoll_now(int fd, int events, int *ret_events);
/* Resets a connection where SO_LINGER and close() would not; false: they do, nothing was done. */
bool os_reset(int fd);
/* Bytes sent and not yet acknowledged; -1 with errno. */
int os_unacknowledged(int fd);
/* Datagrams that the socket has dropped so far; -1 with errno. */
long long os_dropped(int fd);

#endif
