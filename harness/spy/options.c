/* options.c -- which options of a socket are not as a fresh socket has them. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "spy/eye.h"

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif
/* Of SO_BUF_LOCK: the program has set the size, else the kernel chooses. */
enum { LOCKED_SEND = 1, LOCKED_RECEIVE = 2 };

enum shape { NUMBER, LINGER, TIME, TEXT, SEND_SIZE, RECEIVE_SIZE };
/* Which sockets have an option, of which it says something. */
enum applies {
	ALL = 0,
	TCP = 1 << 0,
	INET4 = 1 << 1,
	INET_6 = 1 << 2,
	LOCAL = 1 << 3,
	GRAM4 = 1 << 4, /* datagrams: an accepted stream has its own ideas of multicast */
	GRAM6 = 1 << 5,
	ANY6 = 1 << 6 /* bound to ::, since others are of IPv6 alone anyway */
};

static const struct {
	const char *name;
	int level, option;
	enum shape shape;
	unsigned applies;
} options[] = {
#define OPTION(level, option, shape, applies)                                                      \
	{                                                                                          \
#option, level, option, shape, applies                                             \
	}
	OPTION(SOL_SOCKET, SO_REUSEADDR, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_REUSEPORT, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_KEEPALIVE, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_BROADCAST, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_DONTROUTE, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_OOBINLINE, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_LINGER, LINGER, ALL),
	OPTION(SOL_SOCKET, SO_RCVTIMEO, TIME, ALL),
	OPTION(SOL_SOCKET, SO_SNDTIMEO, TIME, ALL),
	OPTION(SOL_SOCKET, SO_RCVBUF, RECEIVE_SIZE, ALL),
	OPTION(SOL_SOCKET, SO_SNDBUF, SEND_SIZE, ALL),
	OPTION(SOL_SOCKET, SO_RCVLOWAT, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_PRIORITY, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_BINDTODEVICE, TEXT, INET4 | INET_6),
	OPTION(SOL_SOCKET, SO_TIMESTAMP, NUMBER, ALL),
	OPTION(SOL_SOCKET, SO_PASSCRED, NUMBER, LOCAL),
	OPTION(IPPROTO_TCP, TCP_NODELAY, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_CORK, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_KEEPIDLE, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_KEEPINTVL, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_KEEPCNT, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT, NUMBER, TCP),
	OPTION(IPPROTO_TCP, TCP_SYNCNT, NUMBER, TCP),
	OPTION(IPPROTO_IP, IP_TTL, NUMBER, INET4),
	OPTION(IPPROTO_IP, IP_TOS, NUMBER, INET4),
	OPTION(IPPROTO_IP, IP_RECVERR, NUMBER, INET4),
	OPTION(IPPROTO_IP, IP_PKTINFO, NUMBER, INET4),
	OPTION(IPPROTO_IP, IP_MULTICAST_TTL, NUMBER, GRAM4),
	OPTION(IPPROTO_IP, IP_MULTICAST_LOOP, NUMBER, GRAM4),
	OPTION(IPPROTO_IPV6, IPV6_V6ONLY, NUMBER, ANY6),
	OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS, NUMBER, INET_6),
	OPTION(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, NUMBER, GRAM6),
	OPTION(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, NUMBER, GRAM6),
#undef OPTION
};

/* The value as text; false when the socket has no such option, or nobody has set it. */
static bool read_value(int fd, size_t index, char *ret_text, size_t room)
{
	int level = options[index].level, option = options[index].option, number = 0;
	struct linger linger = { 0 };
	struct timeval time = { 0 };

	switch (options[index].shape) {
	case LINGER:
		if (!spy_option(fd, level, option, &linger, sizeof linger))
			return false;
		snprintf(ret_text, room, linger.l_onoff ? "%d s" : "off", linger.l_linger);
		return true;
	case TIME:
		if (!spy_option(fd, level, option, &time, sizeof time))
			return false;
		snprintf(ret_text, room, "%lld.%03d s", (long long)time.tv_sec,
			 (int)(time.tv_usec / 1000));
		return true;
	case TEXT:
		ret_text[0] = '\0';
		/* Of a socket that is bound to no device the kernel sets no byte. */
		(void)spy_option(fd, level, option, ret_text, (socklen_t)room);
		ret_text[room - 1] = '\0';
		return true;
	case SEND_SIZE:
	case RECEIVE_SIZE:
		if (!spy_option(fd, SOL_SOCKET, SO_BUF_LOCK, &number, sizeof number))
			return false;
		number &= options[index].shape == SEND_SIZE ? LOCKED_SEND : LOCKED_RECEIVE;
		if (!number)
			return false;
		break;
	case NUMBER:
		break;
	}
	if (!spy_option(fd, level, option, &number, sizeof number))
		return false;
	snprintf(ret_text, room, "%d", number);
	return true;
}

/* A socket like this one as socket() makes it here; -1 when there is none. */
static int fresh_socket(struct spy_eye *eye, const struct spy_socket *socket)
{
	static const struct {
		int family, type;
	} kinds[] = {
		{ AF_INET, SOCK_STREAM },    { AF_INET, SOCK_DGRAM },  { AF_INET6, SOCK_STREAM },
		{ AF_INET6, SOCK_DGRAM },    { AF_UNIX, SOCK_STREAM }, { AF_UNIX, SOCK_DGRAM },
		{ AF_UNIX, SOCK_SEQPACKET },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].family != socket->family || kinds[i].type != socket->type)
			continue;
		if (eye->fresh[i] < 0)
			eye->fresh[i] = (int)syscall(SYS_socket, kinds[i].family,
						     kinds[i].type | SOCK_CLOEXEC, 0);
		return eye->fresh[i];
	}
	return -1;
}

static unsigned kinds_of(const struct spy_socket *socket)
{
	struct sockaddr_in6 in6;
	unsigned kinds = ALL;

	memcpy(&in6, &socket->local.address, sizeof in6);
	switch (socket->family) {
	case AF_INET:
		kinds = INET4 | (socket->type == SOCK_DGRAM ? GRAM4 : ALL);
		break;
	case AF_INET6:
		kinds = INET_6 | (socket->type == SOCK_DGRAM ? GRAM6 : ALL);
		kinds |= IN6_IS_ADDR_UNSPECIFIED(&in6.sin6_addr) ? ANY6 : ALL;
		break;
	case AF_UNIX:
		return LOCAL;
	default:
		break;
	}
	return kinds | (socket->protocol == IPPROTO_TCP ? TCP : ALL);
}

void spy_take_options(struct spy_eye *eye, int copy, struct spy_socket *socket)
{
	int fresh = fresh_socket(eye, socket);
	unsigned kinds = kinds_of(socket);

	socket->has_options = fresh >= 0;
	for (size_t i = 0; fresh >= 0 && i < sizeof options / sizeof *options; i++) {
		struct spy_option *option = &socket->options[socket->option_count];
		char usual[sizeof option->value] = "";
		if (options[i].applies && !(options[i].applies & kinds))
			continue;
		if (socket->option_count == SPY_OPTIONS) {
			socket->has_options = false;
			return;
		}
		if (!read_value(copy, i, option->value, sizeof option->value))
			continue;
		(void)read_value(fresh, i, usual, sizeof usual);
		if (!strcmp(option->value, usual))
			continue;
		option->name = options[i].name;
		socket->option_count++;
	}
}
