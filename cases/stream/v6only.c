/* v6only.c -- the option IPV6_V6ONLY: its default, when it can be set, and on which sockets. */
#include "case.h"

static int set_v6only(int fd, int value)
{
	return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, sizeof value);
}

/* Linux's administrator may choose another default. */
static bool default_was_changed(void)
{
	FILE *file = fopen("/proc/sys/net/ipv6/bindv6only", "re");
	bool changed = false;

	if (file) {
		changed = fgetc(file) == '1';
		fclose(file);
	}
	return changed;
}

static void default_server(struct role *me)
{
	struct address any = wildcard(me);
	int fd = open_socket(me, SOCK_STREAM);

	if (default_was_changed())
		unsupported(me, "net.ipv6.bindv6only is set here");
	saw(me, "fresh", ask_option(fd, IPPROTO_IPV6, IPV6_V6ONLY));
	must(bind(fd, &any.any, any.len));
	must(listen(fd, 1));
	any = name_of(fd);
	send_number(me, port_of(&any));
	set_nonblocking(fd);
	if (recv_number(me) == 0)
		wait_for(me, fd, POLLIN);
	saw(me, "accepted", accept(fd, NULL, NULL) >= 0);
}

static void ipv4_client(struct role *me)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)recv_number(me)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = must(socket(AF_INET, SOCK_STREAM, 0));

	send_number(me,
		    saw(me, "connect over IPv4", connect(fd, (struct sockaddr *)&to, sizeof to)));
}

const struct sock_case v6only_default = {
	.claim = "IPV6_V6ONLY is off by default: a listener at :: serves IPv4 too.",
	.source = "RFC 3493, section 5.3 (the option is off by default); ipv6(7), IPV6_V6ONLY",
	.standing = SHALL,
	.portable = "Set IPV6_V6ONLY, on or off, before every bind() to ::.",
	.notes = "FreeBSD, NetBSD, OpenBSD and Windows are said to have it on by default.",
	.families = INET6,
	.server = default_server,
	.client = ipv4_client,
	.expect = {
		{ SERVER, "fresh", EQ(0) },
		{ CLIENT, "connect over IPv4", EQ(0) },
		{ SERVER, "accepted", EQ(1) },
	},
};

static void late_server(struct role *me)
{
	struct address any = wildcard(me); /* Linux turns the option on for any other */
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "on before bind", set_v6only(fd, 1));
	saw(me, "value before bind", ask_option(fd, IPPROTO_IPV6, IPV6_V6ONLY));
	saw(me, "off before bind", set_v6only(fd, 0));
	must(bind(fd, &any.any, any.len));
	saw(me, "on after bind", set_v6only(fd, 1));
	saw(me, "value after bind", ask_option(fd, IPPROTO_IPV6, IPV6_V6ONLY));
}

const struct sock_case v6only_set_after_bind_einval = {
	.claim = "IPV6_V6ONLY can be set before bind(); afterwards it may be too late, as on "
		 "Linux.",
	.source = "RFC 3493, section 5.3 (silent on when); ipv6(7), IPV6_V6ONLY",
	.standing = MAY,
	.portable = "Set IPV6_V6ONLY before bind().",
	.families = INET6,
	.server = late_server,
	.expect = {
		{ SERVER, "on before bind", EQ(0), .standing = SHALL },
		{ SERVER, "value before bind", AT_LEAST(1), .on[OS_LINUX] = EQ(1),
		  .why = "a set option is non-zero; Linux gives 1" },
		{ SERVER, "off before bind", EQ(0), .standing = SHALL },
		{ SERVER, "on after bind", ANY, .on[OS_LINUX] = FAILS(EINVAL),
		  .why = "Linux does not change what a bound port is kept for" },
		{ SERVER, "value after bind", ANY, .on[OS_LINUX] = EQ(0),
		  .why = "Linux does not change what a bound port is kept for" },
	},
};

static void specific_server(struct role *me)
{
	struct address here = loopback(me), any = wildcard(me);
	int specific = open_socket(me, SOCK_STREAM), general = open_socket(me, SOCK_STREAM);

	must(set_v6only(specific, 0));
	must(set_v6only(general, 0));
	must(bind(specific, &here.any, here.len));
	must(bind(general, &any.any, any.len));
	saw(me, "bound to ::1", ask_option(specific, IPPROTO_IPV6, IPV6_V6ONLY));
	saw(me, "bound to ::", ask_option(general, IPPROTO_IPV6, IPV6_V6ONLY));
}

const struct sock_case v6only_on_after_specific_bind = {
	.claim = "bind() to :: leaves IPV6_V6ONLY as it was; Linux sets it when the address is "
		 "another.",
	.source = "RFC 3493, section 5.3 (silent on bind()); Linux net/ipv6/af_inet6.c",
	.standing = MAY,
	.portable = "Read IPV6_V6ONLY of sockets at :: only: at others it means nothing.",
	.families = INET6,
	.server = specific_server,
	.expect = {
		{ SERVER, "bound to ::1", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "no IPv4 call can reach it, and Linux says so" },
		{ SERVER, "bound to ::", EQ(0) },
	},
};

static void ipv4_only_server(struct role *me)
{
	int fd = open_socket(me, SOCK_STREAM);

	saw(me, "setsockopt on", set_v6only(fd, 1));
	saw(me, "setsockopt off", set_v6only(fd, 0));
	saw(me, "getsockopt", ask_option(fd, IPPROTO_IPV6, IPV6_V6ONLY));
}

const struct sock_case v6only_on_v4_socket = {
	.claim = "An AF_INET socket does not know IPV6_V6ONLY: ENOPROTOOPT.",
	.source = "POSIX.1-2024 setsockopt() and getsockopt(), ERRORS ENOPROTOOPT",
	.standing = SHALL,
	.portable = "Set IPPROTO_IPV6 options on AF_INET6 sockets only.",
	.notes = "FreeBSD is said to give EINVAL.",
	.families = INET,
	.server = ipv4_only_server,
	.expect = {
		{ SERVER, "setsockopt on", FAILS(ENOPROTOOPT) },
		{ SERVER, "setsockopt off", FAILS(ENOPROTOOPT) },
		{ SERVER, "getsockopt", FAILS(ENOPROTOOPT), .on[OS_LINUX] = FAILS(EOPNOTSUPP),
		  .why = "Linux's getsockopt() finds the level itself unsupported" },
	},
};
