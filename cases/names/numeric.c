/* numeric.c -- getaddrinfo() of hosts that need no looking up: none at all, and addresses. */
#include "case.h"

static const char *type_name(int type)
{
	return type == SOCK_STREAM ? "stream" : type == SOCK_DGRAM ? "dgram" : "other";
}

/* Records the answer as "HOST PORT TYPE, ..." in its order, or the error. */
static void saw_answer(struct role *me, const char *label, const char *host, const char *service,
		       const struct addrinfo *hints)
{
	struct addrinfo *list = NULL;
	char text[400] = "", name[INET6_ADDRSTRLEN];
	size_t n = 0;

	int result = getaddrinfo(host, service, hints, &list);
	if (result) {
		saw_gai(me, label, result);
		return;
	}
	for (const struct addrinfo *a = list; a && n < sizeof text; a = a->ai_next) {
		struct address address = { .len = a->ai_addrlen };
		must_be(a->ai_addrlen <= sizeof address.storage);
		memcpy(&address.storage, a->ai_addr, a->ai_addrlen);
		bool v6 = a->ai_family == AF_INET6;
		inet_ntop(a->ai_family,
			  v6 ? (void *)&address.in6.sin6_addr : (void *)&address.in.sin_addr, name,
			  sizeof name);
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %d %s", n ? ", " : "", name,
				      port_of(&address), type_name(a->ai_socktype));
	}
	freeaddrinfo(list);
	saw_text(me, label, text);
}

static void nothing_client(struct role *me)
{
	const struct addrinfo passive = { .ai_flags = AI_PASSIVE };

	saw_answer(me, "without hints", NULL, NULL, NULL);
	saw_answer(me, "with AI_PASSIVE", NULL, NULL, &passive);
}

const struct sock_case name_gai_both_null = {
	.claim = "getaddrinfo() of neither a host nor a service fails with EAI_NONAME.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_NONAME",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = nothing_client,
	.expect = {
		{ CLIENT, "without hints", TEXT("EAI_NONAME") },
		{ CLIENT, "with AI_PASSIVE", TEXT("EAI_NONAME") },
	},
};

/* No host, of the row's address family, for connect() and for bind(). */
static void no_host_client(struct role *me)
{
	const int *family = row_of(me);
	struct addrinfo hints = { .ai_family = *family, .ai_socktype = SOCK_DGRAM };

	saw_answer(me, "to connect", NULL, "80", &hints);
	hints.ai_flags = AI_PASSIVE;
	saw_answer(me, "to bind", NULL, "80", &hints);
}

static const int v4 = AF_INET, v6 = AF_INET6, either = AF_UNSPEC;

const struct sock_case name_gai_null_host_loopback = {
	.claim = "Without a host getaddrinfo() gives the loopback address, with AI_PASSIVE the "
		 "wildcard.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, AI_PASSIVE",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.row = &v4,
	.client = no_host_client,
	.expect = {
		{ CLIENT, "to connect", TEXT("127.0.0.1 80 dgram") },
		{ CLIENT, "to bind", TEXT("0.0.0.0 80 dgram") },
	},
};

const struct sock_case name_gai_null_host_v6 = {
	.claim = "Without a host getaddrinfo() gives ::1 for AF_INET6, with AI_PASSIVE ::.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, AI_PASSIVE",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.row = &v6,
	.client = no_host_client,
	.expect = {
		{ CLIENT, "to connect", TEXT("::1 80 dgram") },
		{ CLIENT, "to bind", TEXT(":: 80 dgram") },
	},
};

const struct sock_case name_gai_null_host_unspec_order = {
	.claim = "Without a host and a family getaddrinfo() gives both families, in an order of "
		 "its own.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, AF_UNSPEC; RFC 6724, section 6, for "
		 "the order",
	.standing = SHALL,
	.portable = "A server binds every address of the list, with IPV6_V6ONLY, not just the "
		    "first.",
	.notes = "Where IPv6 works, glibc and musl give ::1 before 127.0.0.1, but 0.0.0.0 before "
		 "::. FreeBSD and macOS are said to give :: first.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.row = &either,
	.client = no_host_client,
	.expect = {
		{ CLIENT, "to connect", ONE_OF(TEXT("::1 80 dgram, 127.0.0.1 80 dgram"),
					       TEXT("127.0.0.1 80 dgram, ::1 80 dgram")) },
		{ CLIENT, "to bind", ONE_OF(TEXT("0.0.0.0 80 dgram, :: 80 dgram"),
					    TEXT(":: 80 dgram, 0.0.0.0 80 dgram")) },
	},
};

static void numeric_client(struct role *me)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST };

	saw_answer(me, "127.0.0.1", "127.0.0.1", "7", &hints);
	saw_answer(me, "::1", "::1", "7", &hints);
}

const struct sock_case name_gai_numeric_v4 = {
	.claim = "getaddrinfo() of an address as text gives this address alone, of its own family.",
	.source = "POSIX.1-2024 getaddrinfo(), AI_NUMERICHOST",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = numeric_client,
	.expect = {
		{ CLIENT, "127.0.0.1", TEXT("127.0.0.1 7 dgram") },
		{ CLIENT, "::1", TEXT("::1 7 dgram") },
	},
};

static void names_refused_client(struct role *me)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST };

	saw_answer(me, "localhost", "localhost", "7", &hints);
	saw_answer(me, "empty", "", "7", &hints);
}

const struct sock_case name_gai_numerichost_rejects_name = {
	.claim = "With AI_NUMERICHOST getaddrinfo() looks up no name, not even localhost: "
		 "EAI_NONAME.",
	.source = "POSIX.1-2024 getaddrinfo(), AI_NUMERICHOST",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = names_refused_client,
	.expect = {
		{ CLIENT, "localhost", TEXT("EAI_NONAME") },
		{ CLIENT, "empty", TEXT("EAI_NONAME") },
	},
};

static void classic_client(struct role *me)
{
	const struct addrinfo hints = { .ai_family = AF_INET,
					.ai_socktype = SOCK_DGRAM,
					.ai_flags = AI_NUMERICHOST };

	saw_answer(me, "127.1", "127.1", "7", &hints);
	saw_answer(me, "0x7f.1", "0x7f.1", "7", &hints);
	saw_answer(me, "0177.0.0.1", "0177.0.0.1", "7", &hints);
	saw_answer(me, "2130706433", "2130706433", "7", &hints);
}

const struct sock_case name_gai_classic_numeric_forms = {
	.claim = "getaddrinfo() reads the old forms of an IPv4 address: short, octal, hexadecimal, "
		 "one number.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, nodename, and inet_addr()",
	.standing = SHALL,
	.portable = "Use inet_pton() where only four decimal numbers are to pass.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = classic_client,
	.expect = {
		{ CLIENT, "127.1", TEXT("127.0.0.1 7 dgram") },
		{ CLIENT, "0x7f.1", TEXT("127.0.0.1 7 dgram") },
		{ CLIENT, "0177.0.0.1", TEXT("127.0.0.1 7 dgram") },
		{ CLIENT, "2130706433", TEXT("127.0.0.1 7 dgram") },
	},
};

static void mismatching_client(struct role *me)
{
	struct addrinfo hints = { .ai_family = AF_INET6, .ai_flags = AI_NUMERICHOST };

	saw_answer(me, "127.0.0.1 of AF_INET6", "127.0.0.1", "7", &hints);
	hints.ai_family = AF_INET;
	saw_answer(me, "::1 of AF_INET", "::1", "7", &hints);
}

const struct sock_case name_gai_family_mismatch_numeric = {
	.claim = "getaddrinfo() of an address of another family than the one asked for fails with "
		 "EAI_NONAME, or on Linux by an older rule with EAI_ADDRFAMILY.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_NONAME; getaddrinfo(3), EAI_ADDRFAMILY",
	.standing = SHALL,
	.portable = "Take every error but EAI_AGAIN for no such address.",
	.notes = "BSD systems and macOS are said to fail with EAI_NONAME, musl since 1.2.4 with "
		 "EAI_NODATA.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = mismatching_client,
	.expect = {
		{ CLIENT, "127.0.0.1 of AF_INET6", TEXT("EAI_NONAME"),
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_ADDRFAMILY"), TEXT("EAI_NONAME")),
		  .why = "The C library decides: glibc EAI_ADDRFAMILY, musl EAI_NONAME."},
		{ CLIENT, "::1 of AF_INET", TEXT("EAI_NONAME"),
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_ADDRFAMILY"), TEXT("EAI_NONAME")),
		  .why = "The C library decides: glibc EAI_ADDRFAMILY, musl EAI_NONAME."},
	},
};

static void mapping_client(struct role *me)
{
	struct addrinfo hints = { .ai_family = AF_INET6,
				  .ai_socktype = SOCK_DGRAM,
				  .ai_flags = AI_V4MAPPED | AI_NUMERICHOST };

	saw_answer(me, "127.0.0.1", "127.0.0.1", "7", &hints);
	saw_answer(me, "::1", "::1", "7", &hints);
}

const struct sock_case name_gai_v4mapped = {
	.claim = "With AI_V4MAPPED getaddrinfo() gives an IPv4 address as a mapped one of "
		 "AF_INET6.",
	.source = "POSIX.1-2024 getaddrinfo(), AI_V4MAPPED",
	.standing = SHALL,
	.portable = "OpenBSD knows no mapped addresses: use a socket for each family.",
	.notes = "OpenBSD and old FreeBSD are said to fail with EAI_BADFLAGS.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = mapping_client,
	.expect = {
		{ CLIENT, "127.0.0.1", TEXT("::ffff:127.0.0.1 7 dgram") },
		{ CLIENT, "::1", TEXT("::1 7 dgram") },
	},
};

static void configured_client(struct role *me)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG };
	const struct sockaddr_in6 here = { .sin6_family = AF_INET6,
					   .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&here, sizeof here))
		unsupported(me, "no socket can be bound to ::1 here");
	saw_answer(me, "127.0.0.1", "127.0.0.1", "7", &hints);
	saw_answer(me, "::1", "::1", "7", &hints);
}

const struct sock_case name_gai_addrconfig_numeric_ok = {
	.claim = "AI_ADDRCONFIG may suppress loopback addresses, but Linux suppresses none that "
		 "is given as text.",
	.source = "RFC 3493, section 6.1, does not count loopback as configured; POSIX.1-2024 "
		 "getaddrinfo(), DESCRIPTION, AI_ADDRCONFIG, is silent of it",
	.standing = MAY,
	.portable = "Leave AI_ADDRCONFIG out for loopback names: some systems do not count lo.",
	.notes = "Old glibc and Windows are said to fail for names where only loopback is "
		 "configured.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = configured_client,
	.expect = {
		{ CLIENT, "127.0.0.1", ANY, .on[OS_LINUX] = TEXT("127.0.0.1 7 dgram"),
		  .why = "glibc and musl suppress no address that is given as text." },
		{ CLIENT, "::1", ANY, .on[OS_LINUX] = TEXT("::1 7 dgram"),
		  .why = "glibc and musl suppress no address that is given as text." },
	},
};
