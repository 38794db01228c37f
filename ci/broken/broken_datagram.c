/* broken_datagram.c -- faults of datagrams, of their control messages and losses, and of names. */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

#include "broken.h"

/* ---- Names ---- */

/* Writes :: for the only zero group of an address that has no longer run. */
static void shorten_single_zero(char *text)
{
	char *zero = strstr(text, ":0:");

	if (zero && !strstr(text, "::"))
		memmove(zero + 1, zero + 2, strlen(zero + 1));
}

const char *inet_ntop(int family, const void *address, char *text, socklen_t room)
{
	const char *result = REAL(inet_ntop)(family, address, text, room);

	if (result && family == AF_INET6 && has_fault(FAULT_ntop_single_zero_shortened))
		shorten_single_zero(text);
	return result;
}

bool refuses_hints(const struct addrinfo *hints)
{
	return hints && hints->ai_socktype && hints->ai_protocol &&
	       has_fault(FAULT_gai_type_and_protocol_refused);
}

/* Whatever the zone, it is that of the first interface. */
void change_scopes(struct addrinfo *list)
{
	if (!has_fault(FAULT_gai_scope_always_one))
		return;
	for (; list; list = list->ai_next)
		if (list->ai_family == AF_INET6 &&
		    ((struct sockaddr_in6 *)list->ai_addr)->sin6_scope_id)
			((struct sockaddr_in6 *)list->ai_addr)->sin6_scope_id = 1;
}

/* ---- Options ---- */

/* A filter that should draw lots looks at the first byte of the payload instead. */
const void *broken_filter(const void *value, socklen_t len, struct sock_fprog *changed,
			  struct sock_filter *code)
{
	enum { PAYLOAD_AT = 8, CODE_MAX = 16 };

	if (len != sizeof *changed || !has_fault(FAULT_filter_random_is_payload))
		return value;
	memcpy(changed, value, sizeof *changed);
	if (changed->len > CODE_MAX)
		return value;
	memcpy(code, changed->filter, changed->len * sizeof *code);
	changed->filter = code;
	for (unsigned i = 0; i < changed->len; i++)
		if (code[i].code == (BPF_LD | BPF_W | BPF_ABS) &&
		    code[i].k == (unsigned)(SKF_AD_OFF + SKF_AD_RANDOM)) {
			code[i].code = BPF_LD | BPF_B | BPF_ABS;
			code[i].k = PAYLOAD_AT;
		}
	return changed;
}

/* ---- Sending ---- */

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (!has_fault(FAULT_sent_hop_limit_ignored) || !message)
		return REAL(sendmsg)(fd, message, flags);
	struct msghdr bare = *message;
	const struct cmsghdr *header = CMSG_FIRSTHDR(message);
	if (header && header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_HOPLIMIT) {
		bare.msg_control = NULL;
		bare.msg_controllen = 0;
	}
	return REAL(sendmsg)(fd, &bare, flags);
}

static bool is_group(const struct sockaddr *to)
{
	return to && to->sa_family == AF_INET &&
	       IN_MULTICAST(ntohl(((const struct sockaddr_in *)to)->sin_addr.s_addr));
}

void before_sendto(int fd, const struct sockaddr *to)
{
	int ttl = 0;
	socklen_t len = sizeof ttl;

	if (has_fault(FAULT_multicast_default_ttl_untrue) && is_group(to) &&
	    !REAL(getsockopt)(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, &len) && ttl == 1) {
		ttl = 32;
		REAL(setsockopt)(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
	}
}

/* A broadcast that is refused goes out all the same. */
void after_sendto(int fd, ssize_t sent, const void *bytes, size_t n, const struct sockaddr *to,
		  socklen_t len)
{
	int on = 1, err = errno;

	if (sent != -1 || err != EACCES || !has_fault(FAULT_refused_broadcast_sent))
		return;
	REAL(setsockopt)(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	REAL(sendto)(fd, bytes, n, 0, to, len);
	on = 0;
	REAL(setsockopt)(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	errno = err;
}

/* ---- Receiving ---- */

/* The time stamp is that of reading, not that of arrival. */
void stamp_reading(struct msghdr *message)
{
	struct timeval now;

	if (!has_fault(FAULT_timestamp_of_reading))
		return;
	gettimeofday(&now, NULL);
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header))
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SO_TIMESTAMP)
			memcpy(CMSG_DATA(header), &now, sizeof now);
}
