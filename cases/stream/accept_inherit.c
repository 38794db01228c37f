/* accept_inherit.c -- which options of the listener a connection has from its birth. */
#include "case.h"

/* An option that the listener is given, and how its value is written down. */
struct inherited {
	int level, name;
	enum { FLAG, NUMBER, SIZE, SECONDS } kind;
	int value;
};

static void set_on(int fd, const struct inherited *option)
{
	const struct linger lasting = { .l_onoff = 1, .l_linger = option->value };

	if (option->kind == SECONDS)
		must(setsockopt(fd, option->level, option->name, &lasting, sizeof lasting));
	else
		set_option(fd, option->level, option->name, option->value);
}

static void saw_linger(struct role *me, const char *label, int fd)
{
	struct linger linger = { 0 };
	socklen_t len = sizeof linger;
	char text[32];

	must(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len));
	snprintf(text, sizeof text, "%s, %d s", linger.l_onoff ? "on" : "off", linger.l_linger);
	saw_text(me, label, text);
}

/* Sizes are told in parts of what was set: systems add to them, each in its own way. */
static void saw_option(struct role *me, const char *label, int fd, const struct inherited *option)
{
	char text[32];

	if (option->kind == SECONDS) {
		saw_linger(me, label, fd);
		return;
	}
	int got = get_option(fd, option->level, option->name);
	if (option->kind == FLAG)
		snprintf(text, sizeof text, "%s", got ? "on" : "off");
	else if (option->kind == SIZE)
		snprintf(text, sizeof text, "%d%%", (int)(100LL * got / option->value));
	else
		snprintf(text, sizeof text, "%d", got);
	saw_text(me, label, text);
}

static void bequeathing_server(struct role *me)
{
	const struct inherited *option = row_of(me);
	struct address at = loopback(me);
	int listener = open_socket(me, SOCK_STREAM);

	saw_option(me, "new socket", listener, option);
	set_on(listener, option);
	saw_option(me, "listener", listener, option);
	must(bind(listener, &at.any, at.len));
	must(listen(listener, 1));
	at = name_of(listener);
	send_address(me, &at);
	int conn = must(accept(listener, NULL, NULL));
	saw_option(me, "connection", conn, option);
	meet(me, "accepted");
}

static void any_client(struct role *me)
{
	connect_to_peer(me);
	meet(me, "accepted");
}

static const char set_again[] = "Set the option on every connection; rely on no inheritance.";
static const char copied[] = "Linux makes a connection's socket as a copy of the listener.";

const struct sock_case accept_inherit_nodelay = {
	.claim = "On Linux a connection has the TCP_NODELAY that its listener had.",
	.source = "no standard says it: POSIX.1-2024 accept(), DESCRIPTION is silent; tcp(7), "
		  "TCP_NODELAY",
	.standing = MAY,
	.portable = set_again,
	.notes = "FreeBSD and macOS are said to inherit it too.",
	.families = INET | INET6,
	.row = &(const struct inherited){ IPPROTO_TCP, TCP_NODELAY, FLAG, 1 },
	.server = bequeathing_server,
	.client = any_client,
	.expect = {
		{ SERVER, "new socket", TEXT("off") },
		{ SERVER, "listener", TEXT("on") },
		{ SERVER, "connection", ONE_OF(TEXT("on"), TEXT("off")),
		  .on[OS_LINUX] = TEXT("on"),
		  .why = copied },
	},
};

const struct sock_case accept_inherit_keepalive = {
	.claim = "On Linux a connection has the SO_KEEPALIVE that its listener had.",
	.source = "no standard says it: POSIX.1-2024 accept(), DESCRIPTION is silent; socket(7), "
		  "SO_KEEPALIVE",
	.standing = MAY,
	.portable = set_again,
	.notes = "The BSDs and Windows are said to inherit it too.",
	.families = INET | INET6,
	.row = &(const struct inherited){ SOL_SOCKET, SO_KEEPALIVE, FLAG, 1 },
	.server = bequeathing_server,
	.client = any_client,
	.expect = {
		{ SERVER, "new socket", TEXT("off"), .standing = SHALL },
		{ SERVER, "listener", TEXT("on"), .standing = SHALL },
		{ SERVER, "connection", ONE_OF(TEXT("on"), TEXT("off")),
		  .on[OS_LINUX] = TEXT("on"),
		  .why = copied },
	},
};

const struct sock_case accept_inherit_linger = {
	.claim = "On Linux a connection has the SO_LINGER that its listener had, with its time.",
	.source = "no standard says it: POSIX.1-2024 accept(), DESCRIPTION is silent; socket(7), "
		  "SO_LINGER",
	.standing = MAY,
	.portable = set_again,
	.notes = "The BSDs and Windows are said to inherit it too.",
	.families = INET | INET6,
	.row = &(const struct inherited){ SOL_SOCKET, SO_LINGER, SECONDS, 5 },
	.server = bequeathing_server,
	.client = any_client,
	.expect = {
		{ SERVER, "new socket", ANY, .on[OS_LINUX] = TEXT("off, 0 s"),
		  .why = "Linux starts the time at 0." },
		{ SERVER, "listener", ANY, .on[OS_LINUX] = TEXT("on, 5 s"),
		  .why = "Linux reads back what was set." },
		{ SERVER, "connection", ANY,
		  .on[OS_LINUX] = TEXT("on, 5 s"),
		  .why = copied },
	},
};

const struct sock_case accept_inherit_rcvbuf = {
	.claim = "On Linux a connection has the SO_RCVBUF that its listener had before listen().",
	.source = "no standard says it; socket(7), SO_RCVBUF; tcp(7), \"set on the listening "
		  "socket\"",
	.standing = MAY,
	.portable = "Set SO_RCVBUF before listen(): later is too late for the window.",
	.notes = "FreeBSD and macOS are said to inherit it too, and not to double it.",
	.families = INET | INET6,
	.row = &(const struct inherited){ SOL_SOCKET, SO_RCVBUF, SIZE, 8192 },
	.server = bequeathing_server,
	.client = any_client,
	.expect = {
		{ SERVER, "new socket", ANY },
		{ SERVER, "listener", ANY,
		  .on[OS_LINUX] = TEXT("200%"),
		  .why = "Linux doubles the size, for its own bookkeeping." },
		{ SERVER, "connection", ANY,
		  .on[OS_LINUX] = TEXT("200%"),
		  .why = copied },
	},
};

const struct sock_case accept_inherit_tos = {
	.claim = "On Linux a connection has the IP_TOS that its listener had.",
	.source = "no standard says it; ip(7), IP_TOS",
	.standing = MAY,
	.portable = set_again,
	.families = INET,
	.row = &(const struct inherited){ IPPROTO_IP, IP_TOS, NUMBER, 0x10 },
	.server = bequeathing_server,
	.client = any_client,
	.expect = {
		{ SERVER, "new socket", EQ(0) },
		{ SERVER, "listener", EQ(0x10) },
		{ SERVER, "connection", ANY,
		  .on[OS_LINUX] = EQ(0x10),
		  .why = copied },
	},
};
