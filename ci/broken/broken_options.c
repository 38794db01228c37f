/* broken_options.c -- faults of socket options and requests. */
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "broken.h"

/* Options that a fault ignores. */
static const struct {
	enum fault fault;
	int level, name;
} ignored[] = {
	{ FAULT_cork_ignored, IPPROTO_TCP, TCP_CORK },
	{ FAULT_keepalive_ignored, SOL_SOCKET, SO_KEEPALIVE },
	{ FAULT_linger_ignored, SOL_SOCKET, SO_LINGER },
	{ FAULT_nodelay_ignored, IPPROTO_TCP, TCP_NODELAY },
	{ FAULT_oobinline_ignored, SOL_SOCKET, SO_OOBINLINE },
	{ FAULT_passcred_ignored, SOL_SOCKET, SO_PASSCRED },
	{ FAULT_rcvlowat_ignored, SOL_SOCKET, SO_RCVLOWAT },
	{ FAULT_rcvtimeo_ignored, SOL_SOCKET, SO_RCVTIMEO },
	{ FAULT_reuseaddr_ignored, SOL_SOCKET, SO_REUSEADDR },
	{ FAULT_reuseport_ignored, SOL_SOCKET, SO_REUSEPORT },
	{ FAULT_v6only_ignored, IPPROTO_IPV6, IPV6_V6ONLY },
};

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		if (ignored[i].level == level && ignored[i].name == name &&
		    has_fault(ignored[i].fault))
			return 0;
	struct sock_fprog filter;
	struct sock_filter code[16];
	if (level == SOL_SOCKET && name == SO_ATTACH_FILTER)
		value = broken_filter(value, len, &filter, code);
	int result = REAL(setsockopt)(fd, level, name, value, len);
	if (has_fault(FAULT_unknown_option_accepted) && result == -1 && errno == ENOPROTOOPT)
		return 0;
	return result;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	static int last_error;
	int result = REAL(getsockopt)(fd, level, name, value, len);

	if (result || level != SOL_SOCKET)
		return result;
	if (name == SO_ERROR && has_fault(FAULT_so_error_lost))
		*(int *)value = 0;
	if (name == SO_ERROR && has_fault(FAULT_so_error_stays))
		*(int *)value = last_error = *(int *)value ? *(int *)value : last_error;
	if (name == SO_TYPE && has_fault(FAULT_so_type_wrong))
		*(int *)value = SOCK_RAW;
	if (name == SO_BROADCAST && has_fault(FAULT_broadcast_always_allowed))
		*(int *)value = 1;
	return result;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	void *argument = va_arg(args, void *);
	va_end(args);
	int result = REAL(ioctl)(fd, request, argument);
	if (!result && request == FIONREAD && has_fault(FAULT_fionread_plus_one))
		++*(int *)argument;
	return result;
}
