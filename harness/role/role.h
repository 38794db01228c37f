/* role.h -- the words a role is written in: must, saw, meet, and the sockets of its family.
 *
 * A role is a plain C function that plays one side of a pair. It records and never judges:
 *   must(call)            machinery; -1 ends the role, verdict broken
 *   saw(me, label, value) behaviour; recorded under its label, judged by the case's rows
 *   meet(me, "name")      both roles must reach it
 * No role sleeps: it waits for a state with until(), wait_for() and their kind. Nothing here
 * has a time limit of its own; the runner ends a pair at its limit and says where each side
 * stood. Labels, names and texts are copied; everything is English and short.
 */
#ifndef SOCKDRILL_ROLE_H
#define SOCKDRILL_ROLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/netem.h"
#include "os/sockets.h"
#include "role/board.h"

enum family { INET = 1, INET6 = 2, UNIX = 4, NO_FAMILY = 8 };

/* How long a call must stay blocked before we call it blocked; milliseconds. */
enum { PROOF_MS = 50 };

struct role; /* one side of a running pair; made by engine/pair.c */

/* A socket address of any family with its length, as bind() and connect() take it. */
struct address {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
		struct sockaddr_storage storage;
	};
};

/* ---- Machinery: must() ---- */

/* Evaluates call; gives its value. When that is -1, the role ends as broken with the text of
 * the call, the place and errno by name. */
#define must(call)                                                                                 \
	_Generic((call), long long                                                                 \
		 : must_wide, long                                                                 \
		 : must_long, default                                                              \
		 : must_int)((call), #call, __FILE__, __LINE__)
int must_int(int got, const char *call, const char *file, int line);
long must_long(long got, const char *call, const char *file, int line);
long long must_wide(long long got, const char *call, const char *file, int line);

/* Ends the role as broken unless the condition holds: a situation the case had to arrange. */
#define must_be(condition) ((condition) ? (void)0 : must_not_go_on(#condition, __FILE__, __LINE__))
_Noreturn void must_not_go_on(const char *condition, const char *file, int line);

/* Ends the role as skipped: this system lacks what the case is about. The reason is shown. */
_Noreturn void unsupported(struct role *me, const char *reason);
/* Whether a system says with this errno that it does not know a call, an option or a request. */
bool is_unknown(int err);

/* setsockopt() and getsockopt() of an int, as machinery. An option that this system does not
 * know (ENOPROTOOPT) ends the role as skipped, by the name that is written in the call; with
 * try_option by `what`, and so does one that it does not support (EOPNOTSUPP). */
#define set_option(fd, level, name, value) set_option_of((fd), (level), (name), (value), #name)
#define get_option(fd, level, name)        get_option_of((fd), (level), (name), #name)
void set_option_of(int fd, int level, int name, int value, const char *word);
int get_option_of(int fd, int level, int name, const char *word);
void try_option(struct role *me, int fd, int level, int name, int value, const char *what);
/* getsockopt() of an int, skipping as try_option does. */
int try_get_option(struct role *me, int fd, int level, int name, const char *what);
/* The same of an option that is more than an int; *len as getsockopt() takes and gives it. */
#define get_option_bytes(fd, level, name, value, len)                                              \
	get_option_bytes_of((fd), (level), (name), (value), (len), #name)
void get_option_bytes_of(int fd, int level, int name, void *value, socklen_t *len,
			 const char *word);
/* Ends the role as skipped unless the system knows the option. */
#define needs_option(fd, level, name) ((void)get_option((fd), (level), (name)))
/* What TCP_INFO holds from byte `at` on; skips where the system tells less. */
void take_tcp_info(struct role *me, int fd, size_t at, void *field, size_t size);
/* getsockopt() of an int as behaviour: the value, or -1 with errno. For saw(). */
long long ask_option(int fd, int level, int name);
void set_nonblocking(int fd);
void set_timeout(int fd, int name, long long ms); /* SO_RCVTIMEO or SO_SNDTIMEO */

/* ---- Behaviour: saw() ---- */

/* Record one observation. A label may be recorded once per role; helpers of a role share its
 * labels. saw: the number and, when it is -1, errno by name: "0", "-1 ECONNRESET"; gives
 * the value. saw_value: a number that may well be -1 without an errno. */
#define saw(me, label, value) saw_at((me), (label), (value), __LINE__)
long long saw_at(struct role *me, const char *label, long long value, int line);
#define saw_value(me, label, value) saw_value_at((me), (label), (value), __LINE__)
void saw_value_at(struct role *me, const char *label, long long value, int line);
/* An errno value that came as data (SO_ERROR): "0" or "ECONNREFUSED". */
#define saw_errno(me, label, err) saw_errno_at((me), (label), (err), __LINE__)
void saw_errno_at(struct role *me, const char *label, int err, int line);
/* poll() bits: "IN|PRI|OUT|ERR|HUP|NVAL|RDHUP" in this order, "0" for none. */
#define saw_flags(me, label, revents) saw_flags_at((me), (label), (revents), __LINE__)
void saw_flags_at(struct role *me, const char *label, int revents, int line);
/* What epoll_wait() reports of fd at once when it is asked for `events` (poll() bits; epoll's are
 * the same): as saw_flags; "no epoll" on a system without it. */
#define saw_epoll(me, label, fd, events) saw_epoll_at((me), (label), (fd), (events), __LINE__)
void saw_epoll_at(struct role *me, const char *label, int fd, int events, int line);
/* recvmsg() msg_flags: "EOR|TRUNC|CTRUNC|OOB|ERRQUEUE" in this order, "0" for none; Linux's
 * MSG_CMSG_CLOEXEC is not shown. */
#define saw_msg_flags(me, label, flags) saw_msg_flags_at((me), (label), (flags), __LINE__)
void saw_msg_flags_at(struct role *me, const char *label, int flags, int line);
/* What a receiving call gave: "3:abc", "0:", or "-1 EAGAIN"; bytes that do not print as \xNN.
 * Of more than 48 bytes the first 32 and an FNV-1a hash of all: "5000:abc...#1f2e3d4c". */
#define saw_bytes(me, label, bytes, n) saw_bytes_at((me), (label), (bytes), (n), __LINE__)
void saw_bytes_at(struct role *me, const char *label, const void *bytes, long long n, int line);
/* All that a stream brings until it ends, as saw_bytes; or the error that ended it. Of more than
 * 4 KiB the first 4 KiB. */
#define saw_to_end(me, label, fd) saw_to_end_at((me), (label), (fd), __LINE__)
void saw_to_end_at(struct role *me, const char *label, int fd, int line);
#define saw_text(me, label, text) saw_text_at((me), (label), (text), __LINE__)
void saw_text_at(struct role *me, const char *label, const char *text, int line);
/* The host part of an address: "127.0.0.1", "::1", "path NAME", "abstract", "unnamed". */
#define saw_host(me, label, address) saw_host_at((me), (label), (address), __LINE__)
void saw_host_at(struct role *me, const char *label, const struct address *address, int line);
/* The TCP state of fd by its RFC 9293 name: "ESTABLISHED", "CLOSE-WAIT"; skips elsewhere. */
#define saw_state(me, label, fd) saw_state_at((me), (label), (fd), __LINE__)
void saw_state_at(struct role *me, const char *label, int fd, int line);
/* A result of getaddrinfo() or getnameinfo() by name: "0", "EAI_NONAME". */
#define saw_gai(me, label, result) saw_gai_at((me), (label), (result), __LINE__)
void saw_gai_at(struct role *me, const char *label, int result, int line);
/* Time since start_ms, judged here because it differs every time: "on time" when it is from
 * at_least to at_most ms (the latter stretched by --timeout-multiplier), else "early (80% of it)"
 * or "late (610 ms)", of which
 * two digits are given. */
#define saw_time(me, label, start_ms, at_least, at_most)                                           \
	saw_time_at((me), (label), (start_ms), (at_least), (at_most), __LINE__)
void saw_time_at(struct role *me, const char *label, long long start_ms, long long at_least,
		 long long at_most, int line);
/* How a process ended, from a wait status: "exit 0", "SIGPIPE". */
#define saw_end(me, label, status) saw_end_at((me), (label), (status), __LINE__)
void saw_end_at(struct role *me, const char *label, int status, int line);

/* ---- Control messages ---- */

/* One, as recvmsg() gave it; the data lies in the message's buffer, aligned for nothing. */
struct control_message {
	int level, type;
	const void *data;
	size_t size; /* of the data */
};
/* The next control message from *at on, which begins with 0. False: there is no further one, or
 * what is there claims to be larger than what came. Nothing the headers say is trusted. */
bool next_control(const struct msghdr *message, size_t *at, struct control_message *ret_one);
/* Copies the data of the only control message; false when there is none, or more, or it is of
 * another level, type or size. */
bool only_control(const struct msghdr *message, int level, int type, void *data, size_t size);

/* ---- Messages with their parts ---- */

/* A message for sendmsg() or recvmsg(), of &m.header, that holds its own bytes and control
 * messages. It points into itself: made where it stays, passed by pointer. */
struct whole_message {
	char bytes[64];
	_Alignas(struct cmsghdr) char control[256];
	struct iovec part; /* one buffer: bytes */
	struct msghdr header;
};
/* Empties it for recvmsg(): room for so many bytes and so much control (CMSG_SPACE() of what is
 * expected; 0: no buffer at all), without an address. More than it has ends the role as broken. */
void empty_message(struct whole_message *m, size_t bytes, size_t control);
/* Empties it for sendmsg() and puts a copy of n bytes in. */
void fill_message(struct whole_message *m, const void *bytes, size_t n);
/* Adds a control message with a copy of `size` bytes of data to what fill_message() has made. */
void attach_control(struct whole_message *m, int level, int type, const void *data, size_t size);

/* ---- The other role ---- */

/* Waits until the other role reaches its meeting of the same name. */
void meet(struct role *me, const char *name);
/* 1 when the other role reached no further meeting and sent no message for `ms`, else 0. With a
 * meeting before and after a call in the other role this shows that the call blocks:
 * saw(me, "recv stays blocked", peer_silent_for(me, PROOF_MS)). */
int peer_silent_for(struct role *me, long long ms);
/* Messages between the roles, which pass by no socket: a number, or up to MESSAGE_MAX bytes, in
 * order. A role may send MESSAGES_MAX ahead. */
void send_number(struct role *me, long long number);
long long recv_number(struct role *me);
void send_message(struct role *me, const void *bytes, size_t n);
size_t recv_message(struct role *me, void *bytes, size_t room);
/* The process of the other role. */
pid_t peer_pid(struct role *me);
/* Sends it the signal every few ms until it reaches its next meeting or sends a message, so that
 * the signal cannot come too early. The receiver counts with count_signals(). */
void interrupt_peer(struct role *me, int signo);

/* ---- Sockets of the instance's family ---- */

enum family family_of(struct role *me);
int domain_of(struct role *me);             /* AF_INET, AF_INET6 or AF_UNIX */
const void *row_of(struct role *me);        /* the case's .row */
int open_socket(struct role *me, int type); /* socket(domain, type, 0); type may carry flags */
/* The loopback address with port 0; for AF_UNIX a path in the working directory that no other
 * call gave. */
struct address loopback(struct role *me);
struct address wildcard(struct role *me); /* INADDR_ANY or in6addr_any with port 0 */
/* An address that is set aside for documentation, hence nobody's own, with port 0. */
struct address unassigned_address(struct role *me);
struct address name_of(int fd);                   /* getsockname() */
struct address peer_name_of(int fd);              /* getpeername() */
int port_of(const struct address *address);       /* host order; -1 for AF_UNIX */
void set_port(struct address *address, int port); /* no-op for AF_UNIX */
bool same_address(const struct address *a, const struct address *b);
/* An address of the family at which nobody listens: the port is held by an own bound socket (or
 * the path does not exist), so that nobody else can take it meanwhile. */
struct address unused_address(struct role *me);

/* A port at which nothing is bound, of TCP and UDP, of either family and any address, nor lingers
 * in TIME-WAIT: for cases in which a bind() to a chosen port must succeed. In the host's own
 * network another process may take it meanwhile. */
int free_port(struct role *me);

/* Bound to loopback(); the address is sent to the other role. */
int bind_on(struct role *me, int type);
/* bind_on(SOCK_STREAM) and listen(backlog). */
int listen_on(struct role *me, int backlog);
int listen_on_type(struct role *me, int type, int backlog);
/* listen_on(1) and accept(): the connection. The listener stays open. */
int accept_peer(struct role *me);
void send_address(struct role *me, const struct address *address);
/* The address that the other role sent; waits for the first, then gives the same again until
 * another is awaited with next_address(). */
struct address peer_address(struct role *me);
struct address next_address(struct role *me);
/* A new socket connected to peer_address(). connect_type is for datagrams and seqpacket. */
int connect_to_peer(struct role *me);
int connect_type(struct role *me, int type);
/* The same without blocking: EINPROGRESS (and AF_UNIX's EAGAIN) are not failures; the socket stays
 * non-blocking. */
int start_connect(struct role *me);
/* Two connected sockets in this role, for cases with one side: fd[0] connected, fd[1] accepted
 * (stream), or two sockets connected to each other (datagram). */
void connected_pair(struct role *me, int type, int fd[2]);
/* Ends a connection by a reset: SO_LINGER with time 0, then close(); machinery, so on a stack that
 * then does not reset by the stack's own means. A peer that is still in
 * connect() fails there; meet first. */
void close_with_reset(int fd);

/* ---- Sockets in a state that many cases need ---- */

/* A stream that is in none of select()'s sets: it has nothing to read and cannot take more. */
int stuck_stream(void);
/* A datagram socket that holds the datagram "x". */
int loaded_socket(struct role *me);
/* The number of a descriptor that was just closed. NEEDS_PROCESS, where another thread may open a
 * descriptor meanwhile. */
int closed_descriptor(struct role *me);

/* ---- Peers that only stay, send or close ---- */

/* What a role does that has no part of its own in a case: takes the connection, sends `text` or
 * closes it at once, and stays until the meeting `until`. */
void accept_and_stay(struct role *me, const char *until);
void accept_and_send(struct role *me, const char *text, const char *until);
void accept_and_close(struct role *me, const char *until);
/* The same of a socket that is only bound: bind_on(), then the meeting. */
void bind_and_stay(struct role *me, int type, const char *until);

/* ---- The sets of select() ---- */

/* A set that holds fd alone; fd is below FD_SETSIZE. */
fd_set set_of(int fd);
/* Whether the same descriptors are in both, up to FD_SETSIZE. */
bool same_set(const fd_set *a, const fd_set *b);
/* Looks at fd in all three sets, without waiting. Records what select() gives as "select", and 1 or
 * 0 as "readable", "writable" and "exceptional"; "count and bits disagree" for a number of
 * descriptors that the sets do not hold. */
#define saw_select(me, fd) saw_select_at((me), (fd), __LINE__)
void saw_select_at(struct role *me, int fd, int line);

/* ---- Waiting for a state ---- */

/* Runs its (empty) body until the condition holds, looking about every 0.2 ms; `what` is
 * shown if the time limit comes first:  until(me, "queue is full", n == 3) {} */
#define until(me, what, condition)                                                                 \
	for (waits_for((me), (what)); !(condition) || goes_on_waiting(me); pause_briefly(me))
void waits_for(struct role *me, const char *what);
bool goes_on_waiting(struct role *me); /* false: it has what it waited for */
void pause_briefly(struct role *me);
/* Waits until poll() reports any of `events` (or ERR, HUP, NVAL); gives the bits. */
int wait_for(struct role *me, int fd, int events);
/* Waits until at least n bytes can be read without blocking (FIONREAD). */
void wait_queued(struct role *me, int fd, int n);
/* Waits until the peer has acknowledged all that was sent (SIOCOUTQ is 0); skips elsewhere. */
void wait_acknowledged(struct role *me, int fd);
/* How many datagrams the socket has dropped so far; skips where the system does not tell. */
long long dropped_by(struct role *me, int fd);
/* Waits for a TCP state by name, as saw_state() writes it. */
void wait_state(struct role *me, int fd, const char *state);
/* Waits until both ends have closed, this one first: TIME-WAIT, for which Linux says CLOSED while
 * the descriptor is open. */
void wait_time_wait(struct role *me, int fd);
/* poll() with timeout 0: the bits now. */
int poll_now(int fd, int events);
long long now_ms(void); /* monotonic */

/* ---- Bytes ---- */

/* Sends all n bytes, receives exactly n: machinery, looping over short counts. */
void send_all(int fd, const void *bytes, size_t n);
void recv_all(int fd, void *bytes, size_t n);
/* Sends without blocking until EAGAIN, and until no more room is made; gives the number of bytes
 * taken. fd stays as it was. */
long long fill_up(int fd);
/* Receives and drops without blocking until EAGAIN, end or error; gives the number of bytes. */
long long drain(int fd);

/* ---- Numbered datagrams, and floods of them ---- */

/* What was read of datagrams that were numbered upwards. */
struct numbered {
	unsigned first;    /* the number the row begins with */
	unsigned read;     /* datagrams */
	unsigned in_a_row; /* of these, how many at the beginning were first, first + 1 and so on */
	unsigned fell;     /* how many had no higher number than the one before */
	unsigned last;     /* the number of the latest */
};
/* Nothing is read yet; the row would begin with first. */
struct numbered numbered_from(unsigned first);
void note_number(struct numbered *seen, unsigned number);
/* A number as the first bytes of n, lowest first; of less than four the number's low bytes. The
 * others are 0. */
void number_bytes(unsigned char *bytes, size_t n, unsigned number);
unsigned number_in(const unsigned char *bytes, size_t n);
/* Sends n datagrams of size bytes, 1 to 2048, numbered from first; gives how many send() took
 * whole. What is received is counted before more than 200 are on their way: all networks of a
 * machine share one queue. */
unsigned send_numbered(int fd, unsigned first, unsigned n, size_t size);
/* Reads what is there without waiting; gives how many were read in all. */
unsigned read_numbered(int fd, struct numbered *seen);
/* Reads until, of `sent` datagrams, each is read or dropped_by() this socket. Skips where the
 * system does not tell what it dropped. */
void read_flood(struct role *me, int fd, unsigned sent, struct numbered *seen);

/* An address that may be neither read nor written. */
void *no_access(void);

/* ---- A payload that shows where it was damaged ---- */

/* The byte at a position: the same in every run, and unlike those of other positions. Two payloads
 * of one case begin at different positions, far from each other. */
unsigned char payload_byte(size_t at);
/* The n bytes from position `at` on. */
void fill_payload(void *bytes, size_t at, size_t n);
/* The index of the first of n bytes that is not the one of its position; n where all are right. */
size_t first_wrong_byte(const void *bytes, size_t at, size_t n);
/* What has come of a payload that begins at position `begins`. */
struct arrived {
	size_t begins;
	size_t bytes;
	size_t in_place; /* how many of them, from the first on, are right */
};
/* Takes the next n bytes into account. */
void check_arrived(struct arrived *arrived, const void *bytes, size_t n);
/* Receives up to `most` bytes more, or to the end of the stream, and checks them. Gives what the
 * last recv() gave: 0 at the end, -1 with errno for an error, more where all `most` have come. */
ssize_t receive_payload(int fd, size_t most, struct arrived *arrived);

/* ---- More processes, signals, rights (NEEDS_PROCESS) ---- */

/* Runs fn(me, arg) in a child of this role; its result (0 to 99) is the exit status. The child may
 * use must, saw and until, but neither meet nor messages. */
pid_t helper(struct role *me, int (*fn)(struct role *me, void *arg), void *arg);
int helper_status(struct role *me, pid_t pid); /* waits for it; the wait status */
/* Counts deliveries of a signal from now on; sa_flags as in sigaction(). */
void count_signals(int signo, int sa_flags);
int signals_seen(int signo);
/* Gives up all privileges of this process for good: capabilities where there are such, else root.
 */
void drop_privileges(struct role *me);

/* ---- The private network (NEEDS_OWN_NET) ---- */

/* Writes value to /proc/sys/NAME; must. */
void set_sysctl(struct role *me, const char *name, const char *value);
long long get_sysctl(struct role *me, const char *name); /* its first number */
void set_link(struct role *me, const char *interface, bool up);
void set_mtu(struct role *me, const char *interface, int mtu);
/* From now on the interface does so; what waits in it keeps its time. NEEDS_NETEM. */
void set_netem(struct role *me, const char *interface, struct netem netem);

#endif
