/* servent.c -- getservbyname() and getservbyport(), the older way to /etc/services. */
#include "case.h"

/* "NAME PORT PROTOCOL", or "none". */
static void saw_entry(struct role *me, const char *label, const struct servent *entry)
{
	char text[80] = "none";

	if (entry)
		snprintf(text, sizeof text, "%.30s %d %.30s", entry->s_name,
			 ntohs((uint16_t)entry->s_port), entry->s_proto);
	saw_text(me, label, text);
}

static void service_client(struct role *me)
{
	saw_entry(me, "domain, udp", getservbyname("domain", "udp"));
	saw_entry(me, "domain, tcp", getservbyname("domain", "tcp"));
	saw_entry(me, "nosuchsvc, udp", getservbyname("nosuchsvc", "udp"));
	saw_entry(me, "domain, nosuchproto", getservbyname("domain", "nosuchproto"));
}

const struct sock_case name_getservbyname_basic = {
	.claim = "getservbyname() gives a service's port in network order, or NULL when there is "
		 "none.",
	.source = "POSIX.1-2024 endservent(), DESCRIPTION, getservbyname()",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_SERVICES | NEEDS_RESOLVER,
	.client = service_client,
	.expect = {
		{ CLIENT, "domain, udp", TEXT("domain 53 udp") },
		{ CLIENT, "domain, tcp", TEXT("domain 53 tcp") },
		{ CLIENT, "nosuchsvc, udp", TEXT("none") },
		{ CLIENT, "domain, nosuchproto", TEXT("none") },
	},
};

static void any_protocol_client(struct role *me)
{
	saw_entry(me, "domain, NULL", getservbyname("domain", NULL));
	saw_entry(me, "nosuchsvc, NULL", getservbyname("nosuchsvc", NULL));
}

const struct sock_case name_getservbyname_null_proto = {
	.claim = "getservbyname() without a protocol gives an entry of any protocol.",
	.source = "POSIX.1-2024 endservent(), DESCRIPTION, getservbyname() with a null proto",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_SERVICES | NEEDS_RESOLVER,
	.client = any_protocol_client,
	.expect = {
		{ CLIENT, "domain, NULL", ONE_OF(TEXT("domain 53 tcp"), TEXT("domain 53 udp")) },
		{ CLIENT, "nosuchsvc, NULL", TEXT("none") },
	},
};

static void alias_client(struct role *me)
{
	saw_entry(me, "www, tcp", getservbyname("www", "tcp"));
}

const struct sock_case name_getservbyname_alias = {
	.claim = "On Linux getservbyname() finds a service by its alias too.",
	.source = "getservbyname(3) and services(5): POSIX.1-2024 endservent(), DESCRIPTION, "
		 "compares s_name alone",
	.standing = SYSTEM,
	.portable = "Rely on the port, not on s_name.",
	.families = NO_FAMILY,
	.needs = NEEDS_SERVICES | NEEDS_RESOLVER,
	.client = alias_client,
	.expect = {
		{ CLIENT, "www, tcp", TEXT("http 80 tcp"),
		  .on[OS_LINUX] = ONE_OF(TEXT("http 80 tcp"), TEXT("www 80 tcp")),
		  .why = "The C library decides: glibc gives the official name, musl what was "
			 "asked."},
	},
};

static void port_client(struct role *me)
{
	enum { PORT = 53, SWAPPED = PORT << 8 };

	saw_entry(me, "htons(53), udp", getservbyport(htons(PORT), "udp"));
	saw_entry(me, "htons(53), tcp", getservbyport(htons(PORT), "tcp"));
	saw_entry(me, "53 in the wrong order", getservbyport(htons(SWAPPED), "udp"));
}

const struct sock_case name_getservbyport = {
	.claim = "getservbyport() wants the port in network order and gives the service's name.",
	.source = "POSIX.1-2024 endservent(), DESCRIPTION, getservbyport()",
	.standing = SHALL,
	.portable = "Write htons(53): on most machines a plain 53 asks for another port.",
	.families = NO_FAMILY,
	.needs = NEEDS_SERVICES | NEEDS_RESOLVER,
	.client = port_client,
	.expect = {
		{ CLIENT, "htons(53), udp", TEXT("domain 53 udp") },
		{ CLIENT, "htons(53), tcp", TEXT("domain 53 tcp") },
		{ CLIENT, "53 in the wrong order", TEXT("none") },
	},
};
