/* answer.c -- reads the answers of sock_diag, byte for byte and never beyond their end. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "spy/diag.h"

/* What has not been read yet. */
struct rest {
	const unsigned char *at;
	size_t len;
};

/* Takes `size` bytes and what fills them up to four; false when they are not there. The last may
 * come without its filling. */
static bool take(struct rest *rest, size_t size, struct rest *ret_part)
{
	size_t filled = (size + 3) & ~(size_t)3;

	if (size > rest->len)
		return false;
	*ret_part = (struct rest){ rest->at, size };
	filled = filled < rest->len ? filled : rest->len;
	rest->at += filled;
	rest->len -= filled;
	return true;
}

/* Copies a structure off the front; its attributes follow. */
static bool take_struct(struct rest *rest, void *ret_struct, size_t size)
{
	struct rest part;

	if (!take(rest, size, &part))
		return false;
	memcpy(ret_struct, part.at, size);
	return true;
}

static bool take_attribute(struct rest *rest, unsigned *ret_type, struct rest *ret_value)
{
	struct nlattr head;

	if (rest->len < sizeof head)
		return false;
	memcpy(&head, rest->at, sizeof head);
	if (head.nla_len < sizeof head || !take(rest, head.nla_len, ret_value))
		return false;
	ret_value->at += sizeof head;
	ret_value->len -= sizeof head;
	*ret_type = head.nla_type & NLA_TYPE_MASK;
	return true;
}

static void set_name(struct spy_name *name, int family, const uint32_t *address, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = port };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = port };

	memcpy(&in.sin_addr, address, sizeof in.sin_addr);
	memcpy(&in6.sin6_addr, address, sizeof in6.sin6_addr);
	name->len = family == AF_INET ? sizeof in : sizeof in6;
	memcpy(&name->address, family == AF_INET ? (const void *)&in : (const void *)&in6,
	       name->len);
}

/* How much has moved; kernels before 4.19 do not tell. */
static void take_tcp_info(const struct rest *value, struct spy_row *row)
{
	struct tcp_info info;

	row->has_counts = value->len >= offsetof(struct tcp_info, tcpi_dsack_dups);
	if (!row->has_counts)
		return;
	memcpy(&info, value->at, value->len < sizeof info ? value->len : sizeof info);
	row->received = info.tcpi_bytes_received;
	row->sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans;
}

static bool read_inet(struct rest *rest, int protocol, struct spy_row *row)
{
	struct inet_diag_msg message;
	struct rest value;
	unsigned type;

	if (!take_struct(rest, &message, sizeof message) ||
	    (message.idiag_family != AF_INET && message.idiag_family != AF_INET6))
		return false;
	row->family = message.idiag_family;
	row->protocol = protocol;
	row->type = protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	row->inode = message.idiag_inode;
	row->state = message.idiag_state;
	row->receive_queue = message.idiag_rqueue;
	row->send_queue = message.idiag_wqueue;
	set_name(&row->local, row->family, message.id.idiag_src, message.id.idiag_sport);
	if (message.id.idiag_dport)
		set_name(&row->peer, row->family, message.id.idiag_dst, message.id.idiag_dport);
	while (take_attribute(rest, &type, &value)) {
		if (type == INET_DIAG_INFO && protocol == IPPROTO_TCP)
			take_tcp_info(&value, row);
		if (type == INET_DIAG_SHUTDOWN && value.len >= 1)
			row->shut = value.at[0];
	}
	return true;
}

static void take_queues(const struct rest *value, struct spy_row *row)
{
	struct unix_diag_rqlen queues;

	if (value->len < sizeof queues)
		return;
	memcpy(&queues, value->at, sizeof queues);
	row->receive_queue = queues.udiag_rqueue;
	row->send_queue = queues.udiag_wqueue;
}

static void take_unix_name(const struct rest *value, struct spy_row *row)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (!value->len || value->len > sizeof un.sun_path)
		return;
	memcpy(un.sun_path, value->at, value->len);
	row->local.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + value->len);
	memcpy(&row->local.address, &un, row->local.len);
}

static bool read_unix(struct rest *rest, struct spy_row *row)
{
	struct unix_diag_msg message;
	struct rest value;
	uint32_t inode;
	unsigned type;

	if (!take_struct(rest, &message, sizeof message) || message.udiag_family != AF_UNIX)
		return false;
	row->family = AF_UNIX;
	row->type = message.udiag_type;
	row->inode = message.udiag_ino;
	row->state = message.udiag_state;
	row->receive_queue = row->send_queue = SPY_UNKNOWN;
	while (take_attribute(rest, &type, &value)) {
		if (type == UNIX_DIAG_RQLEN)
			take_queues(&value, row);
		if (type == UNIX_DIAG_NAME)
			take_unix_name(&value, row);
		if (type == UNIX_DIAG_SHUTDOWN && value.len >= 1)
			row->shut = value.at[0];
		if (type == UNIX_DIAG_PEER && value.len >= sizeof inode) {
			memcpy(&inode, value.at, sizeof inode);
			row->peer_inode = inode;
			row->has_peer = true;
		}
	}
	return true;
}

static enum spy_answer fail(int err)
{
	errno = err;
	return SPY_FAILED;
}

/* An error of 0 is a confirmation. */
static enum spy_answer read_error(struct rest *rest)
{
	struct nlmsgerr error;

	if (rest->len < sizeof error.error)
		return fail(EPROTO);
	memcpy(&error.error, rest->at, sizeof error.error);
	return error.error ? fail(error.error < 0 ? -error.error : EPROTO) : SPY_DONE;
}

/* One message; SPY_MORE: there may be another. */
static enum spy_answer read_message(const struct nlmsghdr *head, struct rest *body, int protocol,
				    spy_row_sink *sink, void *context)
{
	struct spy_row row = { 0 };

	if (head->nlmsg_type == NLMSG_DONE)
		return SPY_DONE;
	if (head->nlmsg_type == NLMSG_ERROR)
		return read_error(body);
	if (head->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return SPY_MORE;
	if (!(protocol ? read_inet(body, protocol, &row) : read_unix(body, &row)))
		return fail(EPROTO);
	sink(context, &row);
	return head->nlmsg_flags & NLM_F_MULTI ? SPY_MORE : SPY_DONE;
}

enum spy_answer spy_read_answer(const void *bytes, size_t len, uint32_t sequence, int protocol,
				spy_row_sink *sink, void *context)
{
	struct rest rest = { bytes, len };
	enum spy_answer answer = SPY_MORE;

	while (answer == SPY_MORE && rest.len) {
		struct nlmsghdr head;
		struct rest body;
		if (rest.len < sizeof head)
			return fail(EPROTO);
		memcpy(&head, rest.at, sizeof head);
		if (head.nlmsg_len < sizeof head || !take(&rest, head.nlmsg_len, &body))
			return fail(EPROTO);
		body.at += sizeof head;
		body.len -= sizeof head;
		if (head.nlmsg_seq == sequence)
			answer = read_message(&head, &body, protocol, sink, context);
	}
	return answer;
}
