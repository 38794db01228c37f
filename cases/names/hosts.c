/* hosts.c -- host names, in /etc/hosts alone, and the older gethostbyname(). */
#include "case.h"

/* glibc's: from where a database is read from now on. Other libraries do not have it. */
extern int __nss_configure_lookup(const char *database, const char *sources) __attribute__((weak));

/* From now on names are sought in files only, where that can be had. */
static bool seek_in_files_only(void)
{
	return __nss_configure_lookup && !__nss_configure_lookup("hosts", "files");
}

/* For names that no file has: other libraries would go on to ask the network. */
static void stay_off_the_network(struct role *me)
{
	if (!seek_in_files_only())
		unsupported(me, "this C library cannot be kept from asking the network");
}

/* Records "only loopback" when 127.0.0.1 is among the host's IPv4 addresses and all are of 127/8;
 * else the first that is not, or the error. */
static void saw_loopback_host(struct role *me, const char *label, const char *host)
{
	const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;
	char text[INET_ADDRSTRLEN] = "no 127.0.0.1";

	int result = getaddrinfo(host, "7", &hints, &list);
	if (result) {
		saw_gai(me, label, result);
		return;
	}
	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		const struct in_addr *in = &((const struct sockaddr_in *)a->ai_addr)->sin_addr;
		if (ntohl(in->s_addr) == INADDR_LOOPBACK)
			snprintf(text, sizeof text, "only loopback");
		if (ntohl(in->s_addr) >> 24 == 127)
			continue;
		inet_ntop(AF_INET, in, text, sizeof text);
		break;
	}
	freeaddrinfo(list);
	saw_text(me, label, text);
}

static void local_client(struct role *me)
{
	(void)seek_in_files_only();
	saw_loopback_host(me, "localhost", "localhost");
}

const struct sock_case name_gai_localhost_v4 = {
	.claim = "The name localhost is 127.0.0.1, by /etc/hosts.",
	.source = "RFC 6761, section 6.3; hosts(5)",
	.standing = SHALL,
	.portable = "Use getaddrinfo() without a host instead, which needs no file.",
	.families = NO_FAMILY,
	.needs = NEEDS_HOSTS | NEEDS_RESOLVER,
	.client = local_client,
	.expect = {
		{ CLIENT, "localhost", TEXT("only loopback") },
	},
};

static void shouting_client(struct role *me)
{
	stay_off_the_network(me);
	saw_loopback_host(me, "LOCALHOST", "LOCALHOST");
	saw_loopback_host(me, "LocalHost", "LocalHost");
}

const struct sock_case name_gai_case_insensitive = {
	.claim = "Upper and lower case are the same in a host name.",
	.source = "RFC 4343, section 3; hosts(5)",
	.standing = SHALL,
	.portable = "Write names of /etc/hosts as they stand there.",
	.notes = "musl compares /etc/hosts by case and then asks the network.",
	.families = NO_FAMILY,
	.needs = NEEDS_HOSTS | NEEDS_RESOLVER,
	.client = shouting_client,
	.expect = {
		{ CLIENT, "LOCALHOST", TEXT("only loopback") },
		{ CLIENT, "LocalHost", TEXT("only loopback") },
	},
};

/* A question to the network has no place for such a label, so none is asked. */
static void overlong_client(struct role *me)
{
	char host[80] = "";

	memset(host, 'a', 64);
	strcat(host, ".invalid");
	saw_loopback_host(me, "label of 64 letters", host);
}

const struct sock_case name_gai_overlong_label = {
	.claim = "A host name with a label of more than 63 bytes fails; there is no way to ask for "
		 "it.",
	.source = "RFC 1035, section 2.3.4; RFC 6761, section 6.4, for .invalid",
	.standing = SHALL,
	.portable = "Take any error but EAI_AGAIN for a name that does not exist.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = overlong_client,
	.expect = {
		{ CLIENT, "label of 64 letters", ONE_OF(TEXT("EAI_NONAME"), TEXT("EAI_FAIL")) },
	},
};

static void empty_host_client(struct role *me)
{
	(void)seek_in_files_only();
	saw_loopback_host(me, "empty", "");
}

const struct sock_case name_gai_empty_host = {
	.claim = "An empty host name may be no name; on Linux it fails with EAI_NONAME.",
	.source = "no standard says it: POSIX.1-2024 getaddrinfo(), DESCRIPTION, is silent of an "
		 "empty nodename; measured on Linux",
	.standing = MAY,
	.portable = "Pass NULL, not an empty text, for no host.",
	.notes = "Windows is said to give the machine's own addresses.",
	.families = NO_FAMILY,
	.needs = NEEDS_HOSTS | NEEDS_RESOLVER, /* without one glibc fails otherwise */
	.client = empty_host_client,
	.expect = {
		{ CLIENT, "empty", ANY, .on[OS_LINUX] = TEXT("EAI_NONAME"),
		  .why = "glibc and musl both fail so."},
	},
};

static void saw_name(struct role *me, const char *label, const char *name_label, in_addr_t host,
		     int flags)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_addr.s_addr = htonl(host) };
	char name[NI_MAXHOST] = "";

	saw_gai(me, label,
		getnameinfo((const struct sockaddr *)&address, sizeof address, name, sizeof name,
			    NULL, 0, flags));
	saw_text(me, name_label, name);
}

static void nameless_client(struct role *me)
{
	enum { DOCUMENTATION_HOST = 0xcb00714d }; /* 203.0.113.77, RFC 5737 */
	char name[NI_MAXHOST] = "";
	const struct sockaddr_in loopback_host = { .sin_family = AF_INET,
						   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	stay_off_the_network(me);
	saw_name(me, "no name required", "is written", DOCUMENTATION_HOST, 0);
	saw_name(me, "name required", "then is written", DOCUMENTATION_HOST, NI_NAMEREQD);
	saw_gai(me, "name of 127.0.0.1 required",
		getnameinfo((const struct sockaddr *)&loopback_host, sizeof loopback_host, name,
			    sizeof name, NULL, 0, NI_NAMEREQD));
}

const struct sock_case name_gni_namereqd = {
	.claim = "getnameinfo() of an address without a name writes it in numbers, or with "
		 "NI_NAMEREQD fails.",
	.source = "POSIX.1-2024 getnameinfo(), DESCRIPTION, NI_NAMEREQD",
	.standing = SHALL,
	.portable = "Take EAI_AGAIN too: the network may have to be asked.",
	.families = NO_FAMILY,
	.needs = NEEDS_HOSTS | NEEDS_RESOLVER,
	.client = nameless_client,
	.expect = {
		{ CLIENT, "no name required", TEXT("0") },
		{ CLIENT, "is written", TEXT("203.0.113.77") },
		{ CLIENT, "name required", TEXT("EAI_NONAME") },
		{ CLIENT, "then is written", TEXT("") },
		{ CLIENT, "name of 127.0.0.1 required", TEXT("0") },
	},
};

static void old_client(struct role *me)
{
	const struct hostent *entry = gethostbyname("127.0.0.1");

	must_be(entry);
	saw_text(me, "h_name", entry->h_name);
	saw(me, "h_addrtype is AF_INET", entry->h_addrtype == AF_INET);
	saw_bytes(me, "first address", entry->h_addr_list[0], entry->h_length);
	saw(me, "it is the only one", !entry->h_addr_list[1]);
}

const struct sock_case name_gethostbyname_numeric = {
	.claim = "gethostbyname() of an address as text gives this address, and the text for its "
		 "name.",
	.source = "gethostbyname(3), DESCRIPTION; no longer in POSIX, since Issue 7",
	.standing = SYSTEM,
	.portable = "Use getaddrinfo().",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = old_client,
	.expect = {
		{ CLIENT, "h_name", TEXT("127.0.0.1") },
		{ CLIENT, "h_addrtype is AF_INET", EQ(1) },
		{ CLIENT, "first address", TEXT("4:\\x7f\\x00\\x00\\x01") },
		{ CLIENT, "it is the only one", EQ(1) },
	},
};

static void old_v6_client(struct role *me)
{
	h_errno = 0;
	const struct hostent *entry = gethostbyname("::1");
	int why = h_errno;

	saw(me, "found", entry != NULL);
	saw_text(me, "h_errno",
		 why == HOST_NOT_FOUND ? "HOST_NOT_FOUND"
		 : why == NO_DATA      ? "NO_DATA"
				       : "another");
}

const struct sock_case name_gethostbyname_v6_literal_fails = {
	.claim = "gethostbyname() knows IPv4 only: an IPv6 address as text is not found.",
	.source = "gethostbyname(3), DESCRIPTION",
	.standing = SYSTEM,
	.portable = "Use getaddrinfo().",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = old_v6_client,
	.expect = {
		{ CLIENT, "found", EQ(0) },
		{ CLIENT, "h_errno", TEXT("HOST_NOT_FOUND") },
	},
};
