/* diag.c -- requests to sock_diag. Made with system calls directly, like all that the machinery
 * does itself: a C library under test may say what it likes. */
#include "spy/diag.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/os.h"

enum { ANSWER_ROOM = 32768 };

struct inet_request {
	struct nlmsghdr head;
	struct inet_diag_req_v2 body;
};

struct unix_request {
	struct nlmsghdr head;
	struct unix_diag_req body;
};

int spy_diag_open(void)
{
	/* The kernel answers before write() returns: what must be waited for will never come. */
	return (int)syscall(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    NETLINK_SOCK_DIAG);
}

/* Sends a request and hands on what is answered; false with errno. A request's sequence number
 * tells its answer from what an earlier one has left. */
static bool ask(int diag, struct nlmsghdr *request, int protocol, spy_row_sink *sink, void *context)
{
	_Alignas(struct nlmsghdr) unsigned char answer[ANSWER_ROOM];
	enum spy_answer state = SPY_MORE;

	request->nlmsg_seq = (uint32_t)os_now_us();
	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->nlmsg_flags |= NLM_F_REQUEST;
	/* Without an address what is written goes to the kernel. */
	if (os_write(diag, request, request->nlmsg_len) < 0)
		return false;
	while (state == SPY_MORE) {
		ssize_t n = os_read(diag, answer, sizeof answer);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		state = spy_read_answer(answer, (size_t)n, request->nlmsg_seq, protocol, sink,
					context);
	}
	return state == SPY_DONE;
}

/* The last row of an answer. */
struct kept {
	struct spy_row row;
	bool is_there;
};

static void keep(void *context, const struct spy_row *row)
{
	*(struct kept *)context = (struct kept){ *row, true };
}

static bool give_kept(const struct kept *kept, struct spy_row *ret_row)
{
	if (!kept->is_there) {
		errno = ENOENT;
		return false;
	}
	*ret_row = kept->row;
	return true;
}

static struct inet_request inet_request(int family, int protocol, unsigned states)
{
	return (struct inet_request){
		.head.nlmsg_len = sizeof(struct inet_request),
		.body = { .sdiag_family = (uint8_t)family,
			  .sdiag_protocol = (uint8_t)protocol,
			  .idiag_states = states,
			  .id.idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE } },
	};
}

/* Takes the address and port of a name apart; false for other families. */
static bool fill_end(const struct spy_name *name, uint32_t *ret_address, uint16_t *ret_port)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	switch (name->address.ss_family) {
	case AF_INET:
		memcpy(&in, &name->address, sizeof in);
		memcpy(ret_address, &in.sin_addr, sizeof in.sin_addr);
		*ret_port = in.sin_port;
		return true;
	case AF_INET6:
		memcpy(&in6, &name->address, sizeof in6);
		memcpy(ret_address, &in6.sin6_addr, sizeof in6.sin6_addr);
		*ret_port = in6.sin6_port;
		return true;
	default:
		return false;
	}
}

bool spy_diag_tcp(int diag, const struct spy_name *local, const struct spy_name *peer,
		  struct spy_row *ret_row)
{
	struct inet_request request = inet_request(local->address.ss_family, IPPROTO_TCP, ~0U);
	struct inet_diag_sockid *id = &request.body.id;
	struct kept kept = { .is_there = false };

	errno = EAFNOSUPPORT;
	if (!fill_end(local, id->idiag_src, &id->idiag_sport) ||
	    !fill_end(peer, id->idiag_dst, &id->idiag_dport))
		return false;
	request.body.idiag_ext = 1 << (INET_DIAG_INFO - 1);
	if (!ask(diag, &request.head, IPPROTO_TCP, keep, &kept))
		return false;
	/* Where there is no such connection the kernel names who listens there. */
	if (kept.is_there && !kept.row.peer.len)
		kept.is_there = false;
	return give_kept(&kept, ret_row);
}

bool spy_diag_unix(int diag, uint64_t inode, struct spy_row *ret_row)
{
	struct unix_request request = {
		.head.nlmsg_len = sizeof request,
		.body = { .sdiag_family = AF_UNIX,
			  .udiag_states = ~0U,
			  .udiag_ino = (uint32_t)inode,
			  .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN,
			  .udiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE } },
	};
	struct kept kept = { .is_there = false };

	return ask(diag, &request.head, 0, keep, &kept) && give_kept(&kept, ret_row);
}

bool spy_diag_each(int diag, const struct spy_wanted *wanted, spy_row_sink *sink, void *context)
{
	struct inet_request request =
		inet_request(wanted->family, wanted->protocol, wanted->states);

	request.head.nlmsg_flags = NLM_F_DUMP;
	request.body.id.idiag_sport = htons(wanted->port);
	return ask(diag, &request.head, wanted->protocol, sink, context);
}
