/* hints.c -- what getaddrinfo() makes of its hints, and how its list is given back. */
#include "case.h"

static const char *type_name(int type)
{
	switch (type) {
	case SOCK_STREAM:
		return "stream";
	case SOCK_DGRAM:
		return "dgram";
	case SOCK_RAW:
		return "raw";
	case SOCK_SEQPACKET:
		return "seqpacket";
	default:
		return "unknown";
	}
}

/* Records the socket types of the entries for 127.0.0.1 in their order, or the error. */
static void saw_types(struct role *me, const char *label, const char *service,
		      const struct addrinfo *hints)
{
	struct addrinfo *list = NULL;
	char text[200] = "";
	size_t n = 0;

	int result = getaddrinfo("127.0.0.1", service, hints, &list);
	if (result) {
		saw_gai(me, label, result);
		return;
	}
	for (const struct addrinfo *a = list; a && n < sizeof text; a = a->ai_next)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "",
				      type_name(a->ai_socktype));
	freeaddrinfo(list);
	saw_text(me, label, text);
}

static void strange_family_client(struct role *me)
{
	saw_types(me, "family 99", "7", &(struct addrinfo){ .ai_family = 99 });
	saw_types(me, "AF_UNIX", "7", &(struct addrinfo){ .ai_family = AF_UNIX });
}

const struct sock_case name_gai_bad_family = {
	.claim = "getaddrinfo() of a family that it does not know fails with EAI_FAMILY.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_FAMILY",
	.standing = SHALL,
	.portable = "Ask for AF_INET, AF_INET6 or AF_UNSPEC.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = strange_family_client,
	.expect = {
		{ CLIENT, "family 99", TEXT("EAI_FAMILY") },
		{ CLIENT, "AF_UNIX", ANY, .on[OS_LINUX] = TEXT("EAI_FAMILY"),
		  .why = "glibc and musl know internet families alone.", .standing = MAY },
	},
};

static void strange_type_client(struct role *me)
{
	const struct addrinfo hints = { .ai_socktype = 99 };

	saw_types(me, "with a service", "7", &hints);
	saw_types(me, "without a service", NULL, &hints);
}

const struct sock_case name_gai_bad_socktype = {
	.claim = "A socket type that does not exist makes getaddrinfo() fail with EAI_SOCKTYPE, "
		 "though on Linux not with every C library.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_SOCKTYPE",
	.standing = SHALL,
	.portable = "Ask for SOCK_STREAM or SOCK_DGRAM; the error for others differs.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = strange_type_client,
	.expect = {
		{ CLIENT, "with a service", TEXT("EAI_SOCKTYPE"),
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_SOCKTYPE"), TEXT("EAI_SERVICE")),
		  .why = "The C library decides: glibc EAI_SOCKTYPE, musl EAI_SERVICE."},
		{ CLIENT, "without a service", TEXT("EAI_SOCKTYPE"),
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_SOCKTYPE"), TEXT("unknown")),
		  .why = "The C library decides: glibc EAI_SOCKTYPE; musl gives the type back."},
	},
};

static void strange_flags_client(struct role *me)
{
	enum { NO_SUCH_FLAG = 0x20000000 };
	struct addrinfo hints = { .ai_flags = NO_SUCH_FLAG, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;

	saw_types(me, "unknown flag", "7", &hints);
	hints.ai_flags = AI_CANONNAME;
	int result = getaddrinfo(NULL, "7", &hints, &list);
	saw_gai(me, "AI_CANONNAME without a host", result);
	if (!result)
		freeaddrinfo(list);
}

const struct sock_case name_gai_bad_flags = {
	.claim = "A flag that does not exist makes getaddrinfo() fail with EAI_BADFLAGS.",
	.source = "POSIX.1-2024 getaddrinfo(), ERRORS EAI_BADFLAGS",
	.standing = SHALL,
	.portable = "Ask for AI_CANONNAME only with a host.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = strange_flags_client,
	.expect = {
		{ CLIENT, "unknown flag", TEXT("EAI_BADFLAGS") },
		{ CLIENT, "AI_CANONNAME without a host", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_BADFLAGS"), TEXT("0")),
		  .why = "The C library decides: glibc refuses it, musl ignores the flag.",
		  .standing = MAY },
	},
};

static void any_type_client(struct role *me)
{
	saw_types(me, "any type", "7", NULL);
}

const struct sock_case name_gai_all_socktypes = {
	.claim = "Without a socket type getaddrinfo() may give one address several times, once "
		 "for each type it knows.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, ai_socktype",
	.standing = MAY,
	.portable = "Ask for the type you want, else you meet the same address several times.",
	.notes = "FreeBSD is said to add SCTP; macOS to put SOCK_DGRAM first.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = any_type_client,
	.expect = {
		{ CLIENT, "any type", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("stream, dgram, raw"), TEXT("stream, dgram")),
		  .why = "The C library decides: glibc adds SOCK_RAW, musl does not."},
	},
};

static void one_protocol_client(struct role *me)
{
	saw_types(me, "IPPROTO_UDP", "7", &(struct addrinfo){ .ai_protocol = IPPROTO_UDP });
	saw_types(me, "IPPROTO_TCP", "7", &(struct addrinfo){ .ai_protocol = IPPROTO_TCP });
}

const struct sock_case name_gai_proto_filter = {
	.claim = "With a protocol getaddrinfo() gives only entries of its socket type.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, ai_protocol",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = one_protocol_client,
	.expect = {
		{ CLIENT, "IPPROTO_UDP", TEXT("dgram") },
		{ CLIENT, "IPPROTO_TCP", TEXT("stream") },
	},
};

static void conflicting_client(struct role *me)
{
	saw_types(me, "SOCK_STREAM and IPPROTO_UDP", "7",
		  &(struct addrinfo){ .ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_UDP });
	saw_types(me, "SOCK_DGRAM and IPPROTO_TCP", "7",
		  &(struct addrinfo){ .ai_socktype = SOCK_DGRAM, .ai_protocol = IPPROTO_TCP });
	saw_types(me, "SOCK_STREAM and IPPROTO_TCP", "7",
		  &(struct addrinfo){ .ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP });
	saw_types(me, "SOCK_DGRAM and IPPROTO_UDP", "7",
		  &(struct addrinfo){ .ai_socktype = SOCK_DGRAM, .ai_protocol = IPPROTO_UDP });
}

const struct sock_case name_gai_type_proto_conflict = {
	.claim = "A socket type and a protocol that do not fit may make getaddrinfo() fail, as "
		 "they do on Linux.",
	.source = "no standard says it: POSIX.1-2024 getaddrinfo(), ERRORS, has no error for it; "
		 "measured on Linux",
	.standing = MAY,
	.portable = "Give the type and leave the protocol 0.",
	.notes = "FreeBSD is said to fail with EAI_BADHINTS or EAI_PROTOCOL.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = conflicting_client,
	.expect = {
		{ CLIENT, "SOCK_STREAM and IPPROTO_UDP", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_SOCKTYPE"), TEXT("EAI_SERVICE")),
		  .why = "The C library decides: glibc EAI_SOCKTYPE, musl EAI_SERVICE."},
		{ CLIENT, "SOCK_DGRAM and IPPROTO_TCP", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("EAI_SOCKTYPE"), TEXT("EAI_SERVICE")),
		  .why = "The C library decides: glibc EAI_SOCKTYPE, musl EAI_SERVICE."},
		{ CLIENT, "SOCK_STREAM and IPPROTO_TCP", TEXT("stream"), .standing = SHALL },
		{ CLIENT, "SOCK_DGRAM and IPPROTO_UDP", TEXT("dgram"), .standing = SHALL },
	},
};

/* Records ai_canonname of the first entry for 127.0.0.1, "none" for NULL. */
static void saw_canonical(struct role *me, const char *label, int flags)
{
	const struct addrinfo hints = { .ai_flags = flags };
	struct addrinfo *list = NULL;

	must_be(!getaddrinfo("127.0.0.1", "7", &hints, &list));
	saw_text(me, label, list->ai_canonname ? list->ai_canonname : "none");
	freeaddrinfo(list);
}

static void canonical_client(struct role *me)
{
	saw_canonical(me, "with AI_CANONNAME", AI_CANONNAME);
}

const struct sock_case name_gai_canonname_numeric = {
	.claim = "AI_CANONNAME of an address as text gives this text, in the first entry.",
	.source = "POSIX.1-2024 getaddrinfo(), DESCRIPTION, AI_CANONNAME: without a canonical "
		 "name it is nodename",
	.standing = SHALL,
	.portable = "Read ai_canonname of the first entry only.",
	.notes = "glibc leaves it NULL in later entries, musl sets it in all.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = canonical_client,
	.expect = {
		{ CLIENT, "with AI_CANONNAME", TEXT("127.0.0.1") },
	},
};

static void uncanonical_client(struct role *me)
{
	saw_canonical(me, "without AI_CANONNAME", 0);
}

const struct sock_case name_gai_canonname_null_without_flag = {
	.claim = "Without AI_CANONNAME ai_canonname may be NULL, or on some systems a name nobody "
		 "asked for.",
	.source = "no standard says it: POSIX.1-2024 getaddrinfo(), DESCRIPTION, speaks of "
		 "ai_canonname with AI_CANONNAME alone",
	.standing = MAY,
	.portable = "Do not read ai_canonname when you did not ask for it.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = uncanonical_client,
	.expect = {
		{ CLIENT, "without AI_CANONNAME", ANY,
		  .on[OS_LINUX] = ONE_OF(TEXT("none"), TEXT("127.0.0.1")),
		  .why = "The C library decides: glibc leaves NULL, musl sets it all the same."},
	},
};

static void freeing_client(struct role *me)
{
	const struct addrinfo wrong = { .ai_family = 99 };
	struct addrinfo untouched, *list = &untouched;

	saw_gai(me, "of a wrong family", getaddrinfo("127.0.0.1", "7", &wrong, &list));
	saw(me, "list after the error is as before", list == &untouched);
	must_be(!getaddrinfo("127.0.0.1", "7", NULL, &list));
	struct addrinfo *rest = list->ai_next;
	must_be(rest);
	list->ai_next = NULL;
	freeaddrinfo(rest);
	saw(me, "first entry's port after the rest is freed",
	    ntohs(((struct sockaddr_in *)list->ai_addr)->sin_port));
	freeaddrinfo(list);
	saw_types(me, "and asked anew", "7", &(struct addrinfo){ .ai_socktype = SOCK_DGRAM });
}

const struct sock_case name_gai_freeaddrinfo_sublist = {
	.claim = "freeaddrinfo() frees a part of a list as well as a whole one.",
	.source = "POSIX.1-2024 freeaddrinfo(), DESCRIPTION: arbitrary sublists are supported",
	.standing = SHALL,
	.portable = "After an error do not free the list: it may be anything.",
	.notes = "Neither glibc nor musl touches the result on an error.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = freeing_client,
	.expect = {
		{ CLIENT, "of a wrong family", TEXT("EAI_FAMILY") },
		{ CLIENT, "list after the error is as before", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "glibc and musl set it only on success.", .standing = MAY },
		{ CLIENT, "first entry's port after the rest is freed", EQ(7) },
		{ CLIENT, "and asked anew", TEXT("dgram") },
	},
};

enum { NO_SUCH_CODE = 12345 };

/* gai_strerror() says more of this code than that it does not know it. */
static bool has_words(int code)
{
	const char *text = gai_strerror(code);
	char words[128];

	if (!text || !*text)
		return false;
	snprintf(words, sizeof words, "%s", text); /* the next call may overwrite it */
	return strcmp(words, gai_strerror(NO_SUCH_CODE)) != 0;
}

static void wording_client(struct role *me)
{
	static const int codes[] = { EAI_AGAIN,  EAI_BADFLAGS, EAI_FAIL,     EAI_FAMILY, EAI_MEMORY,
				     EAI_NONAME, EAI_SERVICE,  EAI_SOCKTYPE, EAI_SYSTEM };
	const char *unknown = gai_strerror(NO_SUCH_CODE);
	int worded = 0;

	saw(me, "an unknown code has a text", unknown && *unknown);
	must_be(unknown);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		worded += has_words(codes[i]);
	saw(me, "codes with a text of their own", worded);
	saw(me, "EAI_OVERFLOW has one", has_words(EAI_OVERFLOW));
}

const struct sock_case name_gai_strerror = {
	.claim = "gai_strerror() has words for each EAI_ code, though glibc on Linux not for "
		 "EAI_OVERFLOW, and for codes that do not exist.",
	.source = "POSIX.1-2024 gai_strerror(), DESCRIPTION",
	.standing = SHALL,
	.portable = "Have words of your own for EAI_OVERFLOW.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = wording_client,
	.expect = {
		{ CLIENT, "an unknown code has a text", EQ(1) },
		{ CLIENT, "codes with a text of their own", EQ(9) },
		{ CLIENT, "EAI_OVERFLOW has one", EQ(1), .on[OS_LINUX] = BETWEEN(0, 1),
		  .why = "The C library decides: musl has one, glibc 2.36 does not."},
	},
};
