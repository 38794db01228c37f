/* socket.c -- sockets of the instance's family, and the addresses at which roles find each other.
 */
#include "os/os.h"
#include "role/role.h"
#include "role/state.h"

enum family family_of(struct role *me)
{
	return me->family;
}

const void *row_of(struct role *me)
{
	return me->row;
}

int domain_of(struct role *me)
{
	switch (me->family) {
	case INET6:
		return AF_INET6;
	case UNIX:
		return AF_UNIX;
	case INET:
	case NO_FAMILY:
		break;
	}
	return AF_INET;
}

int open_socket(struct role *me, int type)
{
	return must(socket(domain_of(me), type, 0));
}

struct address wildcard(struct role *me)
{
	struct address a = { 0 };

	must_be(me->family != UNIX);
	if (me->family == INET6) {
		a.len = sizeof a.in6;
		a.in6.sin6_family = AF_INET6;
	} else {
		a.len = sizeof a.in;
		a.in.sin_family = AF_INET;
	}
	return a;
}

static struct address unix_path(struct role *me)
{
	struct address a = { .len = sizeof a.un };

	a.un.sun_family = AF_UNIX;
	snprintf(a.un.sun_path, sizeof a.un.sun_path, "%s%u",
		 me->who == SERVER ? "server" : "client", ++me->paths);
	return a;
}

struct address loopback(struct role *me)
{
	if (me->family == UNIX)
		return unix_path(me);
	struct address a = wildcard(me);
	if (me->family == INET6)
		a.in6.sin6_addr = in6addr_loopback;
	else
		a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

struct address unassigned_address(struct role *me)
{
	struct address a = wildcard(me);

	if (me->family == INET6)
		must_be(inet_pton(AF_INET6, "2001:db8::1", &a.in6.sin6_addr) == 1);
	else
		must_be(inet_pton(AF_INET, "192.0.2.1", &a.in.sin_addr) == 1);
	return a;
}

struct address name_of(int fd)
{
	struct address a = { .len = sizeof a.storage };

	must(getsockname(fd, &a.any, &a.len));
	return a;
}

struct address peer_name_of(int fd)
{
	struct address a = { .len = sizeof a.storage };

	must(getpeername(fd, &a.any, &a.len));
	return a;
}

int port_of(const struct address *address)
{
	switch (address->any.sa_family) {
	case AF_INET:
		return ntohs(address->in.sin_port);
	case AF_INET6:
		return ntohs(address->in6.sin6_port);
	default:
		return -1;
	}
}

void set_port(struct address *address, int port)
{
	if (address->any.sa_family == AF_INET)
		address->in.sin_port = htons((uint16_t)port);
	else if (address->any.sa_family == AF_INET6)
		address->in6.sin6_port = htons((uint16_t)port);
}

bool same_address(const struct address *a, const struct address *b)
{
	if (a->any.sa_family != b->any.sa_family)
		return false;
	switch (a->any.sa_family) {
	case AF_INET:
		return a->in.sin_port == b->in.sin_port &&
		       a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	case AF_INET6:
		return a->in6.sin6_port == b->in6.sin6_port &&
		       !memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof a->in6.sin6_addr);
	default:
		return !strcmp(a->un.sun_path, b->un.sun_path);
	}
}

struct address unused_address(struct role *me)
{
	struct address a = loopback(me);

	if (me->family == UNIX)
		return a;
	int holder = open_socket(me, SOCK_STREAM);
	must(bind(holder, &a.any, a.len));
	return name_of(holder);
}

/* A socket bound to every address of both families, where there is IPv6. */
static int bind_everywhere(int type, int port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET6, type, 0), off = 0;

	if (fd >= 0 && !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) &&
	    !bind(fd, (struct sockaddr *)&v6, sizeof v6))
		return fd;
	bool taken = fd >= 0 && errno == EADDRINUSE;
	if (fd >= 0)
		close(fd);
	if (taken)
		return -1;
	fd = must(socket(AF_INET, type, 0));
	if (!bind(fd, (struct sockaddr *)&v4, sizeof v4))
		return fd;
	close(fd);
	return -1;
}

int free_port(struct role *me)
{
	enum { TRIES = 100 };

	for (int i = 0; i < TRIES; i++) {
		int tcp = must(bind_everywhere(SOCK_STREAM, 0));
		struct address name = name_of(tcp);
		int udp = bind_everywhere(SOCK_DGRAM, port_of(&name));
		close(tcp);
		if (udp == -1)
			continue;
		close(udp);
		return port_of(&name);
	}
	unsupported(me, "no port is free of TCP and UDP and of both families");
}

void send_address(struct role *me, const struct address *address)
{
	send_message(me, address, offsetof(struct address, any) + address->len);
}

struct address next_address(struct role *me)
{
	struct address a = { 0 };

	recv_message(me, &a, sizeof a);
	me->peer = a;
	me->knows_peer = true;
	return a;
}

struct address peer_address(struct role *me)
{
	return me->knows_peer ? me->peer : next_address(me);
}

static int bound(struct role *me, int type)
{
	int fd = open_socket(me, type);
	struct address a = loopback(me);

	must(bind(fd, &a.any, a.len));
	return fd;
}

/* What bind() was given for AF_UNIX and getsockname() gives back are the same path. */
static void tell_name(struct role *me, int fd)
{
	struct address a = name_of(fd);

	send_address(me, &a);
}

int bind_on(struct role *me, int type)
{
	int fd = bound(me, type);

	tell_name(me, fd);
	return fd;
}

int listen_on_type(struct role *me, int type, int backlog)
{
	int fd = bound(me, type);

	must(listen(fd, backlog));
	tell_name(me, fd);
	return fd;
}

int listen_on(struct role *me, int backlog)
{
	return listen_on_type(me, SOCK_STREAM, backlog);
}

int accept_peer(struct role *me)
{
	return must(accept(listen_on(me, 1), NULL, NULL));
}

int connect_type(struct role *me, int type)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, type);

	must(connect(fd, &to.any, to.len));
	return fd;
}

int connect_to_peer(struct role *me)
{
	return connect_type(me, SOCK_STREAM);
}

int start_connect(struct role *me)
{
	struct address to = peer_address(me);
	int fd = open_socket(me, SOCK_STREAM);

	set_nonblocking(fd);
	if (connect(fd, &to.any, to.len) == -1)
		must_be(errno == EINPROGRESS || errno == EAGAIN);
	return fd;
}

void connected_pair(struct role *me, int type, int fd[2])
{
	int one = bound(me, type);
	struct address name = name_of(one);

	if ((type & ~(O_NONBLOCK | O_CLOEXEC)) == SOCK_DGRAM) {
		fd[0] = bound(me, type);
		struct address other = name_of(fd[0]);
		must(connect(fd[0], &name.any, name.len));
		must(connect(one, &other.any, other.len));
		fd[1] = one;
		return;
	}
	must(listen(one, 1));
	fd[0] = open_socket(me, type);
	must(connect(fd[0], &name.any, name.len));
	fd[1] = must(accept(one, NULL, NULL));
	must(close(one));
}

void close_with_reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (!os_reset(fd))
		must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
	must(close(fd));
}
