/* service.c -- services by name and number, in /etc/services and as getaddrinfo() reads them. */
#include "case.h"

/* The port that getaddrinfo() gives a service of the loopback address as text, or its error; -1
 * when entries differ. */
static void saw_port(struct role *me, const char *label, const char *service, int type, int flags)
{
	const struct addrinfo hints = { .ai_family = AF_INET,
					.ai_socktype = type,
					.ai_flags = flags };
	struct addrinfo *list = NULL;
	char text[16];

	int result = getaddrinfo("127.0.0.1", service, &hints, &list);
	if (result) {
		saw_gai(me, label, result);
		return;
	}
	int port = ntohs(((struct sockaddr_in *)list->ai_addr)->sin_port);
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		if (ntohs(((struct sockaddr_in *)a->ai_addr)->sin_port) != port)
			port = -1;
	freeaddrinfo(list);
	snprintf(text, sizeof text, "port %d", port);
	saw_text(me, label, text);
}

static void numbers_only_client(struct role *me)
{
	saw_port(me, "\"http\"", "http", SOCK_STREAM, AI_NUMERICSERV);
	saw_port(me, "\"80\"", "80", SOCK_STREAM, AI_NUMERICSERV);
}

const struct sock_case name_gai_numericserv_rejects_name = {
	.claim = "With AI_NUMERICSERV getaddrinfo() takes no service by name, but fails with "
		 "EAI_NONAME.",
	.source = "POSIX.1-2024 getaddrinfo(), AI_NUMERICSERV",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = numbers_only_client,
	.expect = {
		{ CLIENT, "\"http\"", TEXT("EAI_NONAME") },
		{ CLIENT, "\"80\"", TEXT("port 80") },
	},
};

static void unknown_service_client(struct role *me)
{
	saw_port(me, "of SOCK_STREAM", "nosuchsvc", SOCK_STREAM, 0);
	saw_port(me, "of SOCK_DGRAM", "nosuchsvc", SOCK_DGRAM, 0);
	saw_port(me, "of any type", "nosuchsvc", 0, 0);
}

const struct sock_case name_gai_service_for_socktype = {
	.claim = "A service that nobody knows makes getaddrinfo() fail with EAI_SERVICE.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_SERVICE",
	.standing = SHALL,
	.portable = "Take EAI_NONAME like EAI_SERVICE.",
	.notes = "macOS is said to fail with EAI_NONAME.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = unknown_service_client,
	.expect = {
		{ CLIENT, "of SOCK_STREAM", TEXT("EAI_SERVICE") },
		{ CLIENT, "of SOCK_DGRAM", TEXT("EAI_SERVICE") },
		{ CLIENT, "of any type", TEXT("EAI_SERVICE") },
	},
};

static void wrong_type_client(struct role *me)
{
	if (!getservbyname("tftp", "udp") || getservbyname("tftp", "tcp"))
		unsupported(me, "/etc/services does not have tftp for UDP alone");
	saw_port(me, "tftp of SOCK_DGRAM", "tftp", SOCK_DGRAM, 0);
	saw_port(me, "tftp of SOCK_STREAM", "tftp", SOCK_STREAM, 0);
}

const struct sock_case name_gai_service_wrong_type = {
	.claim = "A service that exists only for another socket type fails with EAI_SERVICE.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_SERVICE",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_SERVICES | NEEDS_RESOLVER,
	.client = wrong_type_client,
	.expect = {
		{ CLIENT, "tftp of SOCK_DGRAM", TEXT("port 69") },
		{ CLIENT, "tftp of SOCK_STREAM", TEXT("EAI_SERVICE") },
	},
};

static void named_service_client(struct role *me)
{
	saw_port(me, "domain of SOCK_DGRAM", "domain", SOCK_DGRAM, 0);
	saw_port(me, "http of SOCK_STREAM", "http", SOCK_STREAM, 0);
}

const struct sock_case name_gai_service_name_port = {
	.claim = "getaddrinfo() gives the port of a service that /etc/services names.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, servname",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_SERVICES | NEEDS_RESOLVER,
	.client = named_service_client,
	.expect = {
		{ CLIENT, "domain of SOCK_DGRAM", TEXT("port 53") },
		{ CLIENT, "http of SOCK_STREAM", TEXT("port 80") },
	},
};

static void huge_port_client(struct role *me)
{
	saw_port(me, "\"65535\"", "65535", SOCK_DGRAM, 0);
	saw_port(me, "\"65536\"", "65536", SOCK_DGRAM, 0);
	saw_port(me, "\"70000\"", "70000", SOCK_DGRAM, 0);
}

const struct sock_case name_gai_port_overflow = {
	.claim = "getaddrinfo() may take a port beyond 65535 without complaint and cut it to 16 "
		 "bits.",
	.source = "no standard says it: POSIX.1-2024 getaddrinfo(), DESCRIPTION, servname, has no "
		 "range",
	.standing = MAY,
	.portable = "Check that a port is at most 65535 before you ask.",
	.notes = "macOS and FreeBSD are said to fail with EAI_SERVICE or EAI_NONAME.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = huge_port_client,
	.expect = {
		{ CLIENT, "\"65535\"", TEXT("port 65535") },
		{ CLIENT, "\"65536\"", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("port 0"), TEXT("EAI_SERVICE")),
		  .why = "The C library decides: glibc cuts the number, musl refuses it."},
		{ CLIENT, "\"70000\"", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("port 4464"), TEXT("EAI_SERVICE")),
		  .why = "The C library decides: glibc cuts the number, musl refuses it."},
	},
};

static void negative_port_client(struct role *me)
{
	saw_port(me, "\"-1\"", "-1", SOCK_DGRAM, 0);
}

const struct sock_case name_gai_negative_port = {
	.claim = "getaddrinfo() takes no negative port.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_SERVICE: a decimal port has no sign",
	.standing = SHALL,
	.notes = "Some systems are said to take it and cut it to 16 bits.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = negative_port_client,
	.expect = {
		{ CLIENT, "\"-1\"", TEXT("EAI_SERVICE") },
	},
};

static void empty_service_client(struct role *me)
{
	saw_port(me, "\"\"", "", SOCK_DGRAM, 0);
}

const struct sock_case name_gai_empty_service = {
	.claim = "getaddrinfo() may take an empty service for port 0 or refuse it.",
	.source = "no standard says it: POSIX.1-2024 getaddrinfo(), DESCRIPTION, is silent of an "
		 "empty servname",
	.standing = MAY,
	.portable = "Pass NULL, not an empty text, for no service.",
	.notes = "macOS is said to fail with EAI_NONAME.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = empty_service_client,
	.expect = {
		{ CLIENT, "\"\"", ANY, .on[OS_LINUX] = ONE_OF(TEXT("port 0"), TEXT("EAI_SERVICE")),
		  .why = "The C library decides: glibc takes it for 0, musl refuses it."},
	},
};

static void no_service_client(struct role *me)
{
	saw_port(me, "of one type", NULL, SOCK_DGRAM, 0);
	saw_port(me, "of any type", NULL, 0, 0);
}

const struct sock_case name_gai_null_service = {
	.claim = "Without a service getaddrinfo() may leave any port in its entries; Linux leaves "
		 "0.",
	.source = "no standard says it: POSIX.1-2024 getaddrinfo(), DESCRIPTION, promises "
		 "network-level addresses; by getaddrinfo(3) the port is not initialized",
	.standing = MAY,
	.portable = "Set the port yourself when you ask for no service.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = no_service_client,
	.expect = {
		{ CLIENT, "of one type", ANY, .on[OS_LINUX] = TEXT("port 0"),
		  .why = "glibc and musl leave 0." },
		{ CLIENT, "of any type", ANY, .on[OS_LINUX] = TEXT("port 0"),
		  .why = "glibc and musl leave 0." },
	},
};
