/* interface.c -- addresses with a zone, names of sockets in numbers, and the loopback interface. */
#include <ifaddrs.h>

#include "case.h"

/* The loopback interface's name here, or "". */
static const char *loopback_interface(void)
{
	return if_nametoindex("lo") ? "lo" : if_nametoindex("lo0") ? "lo0" : "";
}

/* Records the error and the zone of the first address of host%zone. */
static unsigned saw_zoned(struct role *me, const char *label, const char *zone)
{
	const struct addrinfo hints = { .ai_family = AF_INET6,
					.ai_socktype = SOCK_DGRAM,
					.ai_flags = AI_NUMERICHOST };
	struct addrinfo *list = NULL;
	char host[64];
	unsigned index = 0;

	snprintf(host, sizeof host, "fe80::1%%%s", zone);
	int result = getaddrinfo(host, "7", &hints, &list);
	saw_gai(me, label, result);
	if (result)
		return 0;
	index = ((struct sockaddr_in6 *)list->ai_addr)->sin6_scope_id;
	freeaddrinfo(list);
	return index;
}

static void zoned_client(struct role *me)
{
	unsigned lo = if_nametoindex(loopback_interface());
	char number[16];

	must_be(lo > 0);
	snprintf(number, sizeof number, "%u", lo);
	saw(me, "zone is the interface's index",
	    saw_zoned(me, "interface by name", loopback_interface()) == lo);
	saw(me, "zone is the number", saw_zoned(me, "interface by number", number) == lo);
	saw(me, "zone is that number", saw_zoned(me, "number of no interface", "4242") == 4242);
}

const struct sock_case name_gai_v6_scope = {
	.claim = "getaddrinfo() turns the zone after % into sin6_scope_id, by name or number.",
	.source = "RFC 4007, section 11; RFC 3493, section 6.1",
	.standing = SHALL,
	.portable = "Write the zone as the name or number of an interface that exists.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = zoned_client,
	.expect = {
		{ CLIENT, "interface by name", TEXT("0") },
		{ CLIENT, "zone is the interface's index", EQ(1) },
		{ CLIENT, "interface by number", TEXT("0") },
		{ CLIENT, "zone is the number", EQ(1) },
		{ CLIENT, "number of no interface", ANY, .on[OS_LINUX] = TEXT("0"),
		  .why = "glibc and musl do not look whether there is one.", .standing = MAY },
		{ CLIENT, "zone is that number", ANY, .on[OS_LINUX] = EQ(1),
		  .why = "glibc and musl do not look whether there is one.", .standing = MAY },
	},
};

static void lost_zone_client(struct role *me)
{
	saw_zoned(me, "unknown interface", "nosuch");
}

const struct sock_case name_gai_bad_scope = {
	.claim = "getaddrinfo() of an address with a zone that does not exist fails with "
		 "EAI_NONAME.",
	.source = "RFC 4007, section 11; POSIX.1-2024 getaddrinfo(), ERRORS EAI_NONAME",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = lost_zone_client,
	.expect = {
		{ CLIENT, "unknown interface", TEXT("EAI_NONAME") },
	},
};

static void saw_numbers(struct role *me, const char *host_label, const char *service_label,
			const struct sockaddr *address, socklen_t len)
{
	char host[NI_MAXHOST] = "", service[NI_MAXSERV] = "";

	must_be(!getnameinfo(address, len, host, sizeof host, service, sizeof service,
			     NI_NUMERICHOST | NI_NUMERICSERV));
	saw_text(me, host_label, host);
	saw_text(me, service_label, service);
}

static void numbers_client(struct role *me)
{
	const struct sockaddr_in in = { .sin_family = AF_INET,
					.sin_port = htons(7),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
					  .sin6_port = htons(65535),
					  .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	saw_numbers(me, "IPv4 host", "its port", (const struct sockaddr *)&in, sizeof in);
	saw_numbers(me, "IPv6 host", "its port too", (const struct sockaddr *)&in6, sizeof in6);
}

const struct sock_case name_gni_numeric = {
	.claim = "getnameinfo() with NI_NUMERICHOST and NI_NUMERICSERV writes the address in "
		 "numbers.",
	.source = "POSIX.1-2024 getnameinfo(), NI_NUMERICHOST and NI_NUMERICSERV",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = numbers_client,
	.expect = {
		{ CLIENT, "IPv4 host", TEXT("127.0.0.1") },
		{ CLIENT, "its port", TEXT("7") },
		{ CLIENT, "IPv6 host", TEXT("::1") },
		{ CLIENT, "its port too", TEXT("65535") },
	},
};

static void saw_listed(struct role *me, const struct ifaddrs *entry)
{
	char mask[INET_ADDRSTRLEN] = "none";

	saw(me, "IFF_LOOPBACK is set", (entry->ifa_flags & IFF_LOOPBACK) != 0);
	saw(me, "IFF_UP is set", (entry->ifa_flags & IFF_UP) != 0);
	saw_text(me, "name", entry->ifa_name);
	if (entry->ifa_netmask)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)entry->ifa_netmask)->sin_addr,
			  mask, sizeof mask);
	saw_text(me, "netmask", mask);
}

static void listing_client(struct role *me)
{
	struct ifaddrs *list = NULL;
	const struct ifaddrs *found = NULL;

	saw(me, "getifaddrs", getifaddrs(&list));
	for (const struct ifaddrs *entry = list; entry && !found; entry = entry->ifa_next) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)entry->ifa_addr;
		if (in && in->sin_family == AF_INET &&
		    ntohl(in->sin_addr.s_addr) == INADDR_LOOPBACK)
			found = entry;
	}
	saw(me, "127.0.0.1 is listed", found != NULL);
	must_be(found);
	saw_listed(me, found);
	freeifaddrs(list);
}

const struct sock_case name_getifaddrs_lo = {
	.claim = "getifaddrs() lists the loopback interface with 127.0.0.1 and its netmask.",
	.source = "getifaddrs(3), DESCRIPTION; no part of POSIX, Issue 8",
	.standing = SYSTEM,
	.portable = "Look for IFF_LOOPBACK, not for the name lo.",
	.notes = "BSD systems call it lo0.",
	.families = NO_FAMILY,
	.needs = NEEDS_RESOLVER,
	.client = listing_client,
	.expect = {
		{ CLIENT, "getifaddrs", EQ(0) },
		{ CLIENT, "127.0.0.1 is listed", EQ(1) },
		{ CLIENT, "IFF_LOOPBACK is set", EQ(1) },
		{ CLIENT, "IFF_UP is set", EQ(1) },
		{ CLIENT, "name", ANY, .on[OS_LINUX] = TEXT("lo"),
		  .why = "Linux makes it under this name."},
		{ CLIENT, "netmask", TEXT("255.0.0.0") },
	},
};
