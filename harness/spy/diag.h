/* diag.h -- asks the kernel's sock_diag for the sockets of this network, and reads its answers.
 */
#ifndef SOCKDRILL_TRACE_SPY_DIAG_H
#define SOCKDRILL_TRACE_SPY_DIAG_H

#include "spy/spy.h"

/* One socket, as sock_diag tells it. */
struct spy_row {
	int family, type, protocol;
	uint64_t inode; /* 0: the program has closed it */
	unsigned
		state; /* the kernel's number of a TCP state; of others 1 connected, 10 listening */
	struct spy_name local, peer;
	long long receive_queue, send_queue; /* of a listening one: accept queue and backlog */
	unsigned shut;                       /* 1: no more is received, 2: sent */
	bool has_counts;                     /* TCP: bytes so far, repeated ones left out */
	uint64_t received, sent;
	bool has_peer;       /* AF_UNIX: it was connected, */
	uint64_t peer_inode; /* to this one; 0: which has no descriptor: closed, or not accepted yet
			      */
};

enum {
	SPY_STATE_CONNECTED = 1,
	SPY_STATE_CLOSED = 7,
	SPY_STATE_CLOSE_WAIT = 8,
	SPY_STATE_LISTEN = 10
};

/* Takes a row, which lives until it returns. */
typedef void spy_row_sink(void *context, const struct spy_row *row);

enum spy_answer {
	SPY_MORE,  /* all of it was read, there is more to come */
	SPY_DONE,  /* the answer is complete */
	SPY_FAILED /* the kernel said no, or this is no answer: errno */
};
/* Reads a piece of an answer to the request `sequence` about a protocol (0: AF_UNIX). The bytes may
 * be any, at any address. */
enum spy_answer spy_read_answer(const void *bytes, size_t len, uint32_t sequence, int protocol,
				spy_row_sink *sink, void *context);

/* A descriptor for requests, close-on-exec; -1 with errno. */
int spy_diag_open(void);
/* The TCP socket with exactly these two names; false with errno, ENOENT: none. */
bool spy_diag_tcp(int diag, const struct spy_name *local, const struct spy_name *peer,
		  struct spy_row *ret_row);
/* The AF_UNIX socket of an inode; false with errno. */
bool spy_diag_unix(int diag, uint64_t inode, struct spy_row *ret_row);

/* Which sockets are asked for. */
struct spy_wanted {
	int family, protocol; /* AF_INET or AF_INET6 */
	unsigned states;      /* a bit for each number */
	uint16_t port;        /* local; 0: any */
};
/* Gives every such socket to the sink; false with errno. */
bool spy_diag_each(int diag, const struct spy_wanted *wanted, spy_row_sink *sink, void *context);

#endif
