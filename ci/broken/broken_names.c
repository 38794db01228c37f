/* broken_names.c -- faults of the calls that make, name and connect sockets, and of the resolver.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "broken.h"

int socket(int domain, int type, int protocol)
{
	if (has_fault(FAULT_cloexec_ignored))
		type &= ~SOCK_CLOEXEC;
	if (has_fault(FAULT_nonblock_flag_ignored))
		type &= ~SOCK_NONBLOCK;
	return REAL(socket)(domain, type, protocol);
}

int bind(int fd, const struct sockaddr *address, socklen_t len)
{
	if (has_fault(FAULT_unix_path_too_long_cut) && len > sizeof(struct sockaddr_un))
		len = sizeof(struct sockaddr_un);
	return stream1_bind(fd, address, len);
}

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	int result = stream1_connect(fd, to, len);

	if (has_fault(FAULT_refused_is_timeout) && result == -1 && errno == ECONNREFUSED)
		errno = ETIMEDOUT;
	if (has_fault(FAULT_isconn_is_success) && result == -1 && errno == EISCONN)
		return 0;
	if (has_fault(FAULT_connected_at_once) && result == -1 && errno == EINPROGRESS)
		return 0;
	return result;
}

static bool is_listening(int fd)
{
	int is = 0;
	socklen_t len = sizeof is;

	return !REAL(getsockopt)(fd, SOL_SOCKET, SO_ACCEPTCONN, &is, &len) && is;
}

int listen(int fd, int backlog)
{
	if (has_fault(FAULT_listening_again_fails) && is_listening(fd)) {
		errno = EINVAL;
		return -1;
	}
	return REAL(listen)(fd, has_fault(FAULT_backlog_plus_one) ? backlog + 1 : backlog);
}

int accept(int fd, struct sockaddr *address, socklen_t *len)
{
	socklen_t room = len ? *len : 0;
	int conn = stream1_accept(fd, address, len);

	if (conn < 0)
		return conn;
	if (has_fault(FAULT_accept_address_zero) && address && len && *len > 4)
		memset((char *)address + 2, 0, 2);
	if (has_fault(FAULT_accept_inherits_nonblock))
		fcntl(conn, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	if (has_fault(FAULT_accept_length_kept) && len)
		*len = room;
	return conn;
}

int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	return REAL(accept4)(fd, address, len, has_fault(FAULT_accept4_flags_ignored) ? 0 : flags);
}

int getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
	socklen_t room = len ? *len : 0;
	int result = REAL(getsockname)(fd, address, len);

	if (!result && has_fault(FAULT_sockname_any) && address->sa_family == AF_INET)
		((struct sockaddr_in *)address)->sin_addr.s_addr = INADDR_ANY;
	if (!result && has_fault(FAULT_sockname_length_kept) && room < sizeof(struct sockaddr_in))
		*len = room;
	return result;
}

int getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
	if (has_fault(FAULT_peer_name_is_own))
		return REAL(getsockname)(fd, address, len);
	return REAL(getpeername)(fd, address, len);
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
		struct addrinfo **list)
{
	struct addrinfo changed;

	if (refuses_hints(hints))
		return EAI_SOCKTYPE;
	if (hints && has_fault(FAULT_gai_numerichost_ignored)) {
		changed = *hints;
		changed.ai_flags &= ~AI_NUMERICHOST;
		hints = &changed;
	}
	int result = REAL(getaddrinfo)(host, service, hints, list);
	if (!result)
		change_scopes(*list);
	return has_fault(FAULT_gai_noname_is_fail) && result == EAI_NONAME ? EAI_FAIL : result;
}

int inet_pton(int family, const char *text, void *address)
{
	int result = REAL(inet_pton)(family, text, address);

	return has_fault(FAULT_pton_takes_all) && result == 0 ? 1 : result;
}
