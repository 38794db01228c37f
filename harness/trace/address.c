/* address.c -- names of sockets as text. */
#include "trace/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "trace/constants.h"

static void put_port(struct text *text, in_port_t port)
{
	text_putc(text, ':');
	text_put_number(text, ntohs(port));
}

static void put_inet(struct text *text, const struct sockaddr_in *name)
{
	char host[INET_ADDRSTRLEN];

	text_put(text, inet_ntop(AF_INET, &name->sin_addr, host, sizeof host));
	put_port(text, name->sin_port);
}

static void put_inet6(struct text *text, const struct sockaddr_in6 *name)
{
	char host[INET6_ADDRSTRLEN];

	text_putc(text, '[');
	text_put(text, inet_ntop(AF_INET6, &name->sin6_addr, host, sizeof host));
	if (name->sin6_scope_id) {
		text_putc(text, '%');
		text_put_number(text, name->sin6_scope_id);
	}
	text_putc(text, ']');
	put_port(text, name->sin6_port);
}

static void put_unix(struct text *text, const char *path, size_t length)
{
	if (!length)
		return;
	if (*path) {
		text_put_escaped(text, (const unsigned char *)path, strnlen(path, length));
		return;
	}
	text_putc(text, '@');
	text_put_escaped(text, (const unsigned char *)path + 1, length - 1);
}

static bool is_whole(const union socket_name *address, size_t length, sa_family_t family,
		     size_t size)
{
	return length >= size && address->plain.sa_family == family;
}

void address_put_name(struct text *text, const union socket_name *address, size_t length)
{
	enum { PATH = offsetof(struct sockaddr_un, sun_path) };

	if (length > sizeof *address)
		length = sizeof *address;
	if (is_whole(address, length, AF_INET, sizeof(struct sockaddr_in)))
		put_inet(text, (const struct sockaddr_in *)address);
	/* Without the scope, as the oldest programs pass it, it is one, too. */
	else if (is_whole(address, length, AF_INET6, offsetof(struct sockaddr_in6, sin6_scope_id)))
		put_inet6(text, (const struct sockaddr_in6 *)address);
	else if (is_whole(address, length, AF_UNIX, PATH))
		put_unix(text, (const char *)address->bytes + PATH, length - PATH);
}

void address_put(struct text *text, const union socket_name *address, size_t length)
{
	size_t before;

	text_putc(text, '{');
	if (length >= sizeof address->plain.sa_family) {
		constant_put(text, DOMAINS, address->plain.sa_family);
		before = text->length;
		text_put(text, ", ");
		address_put_name(text, address, length);
		if (text->length == before + 2) { /* none: the comma goes, too */
			text->length = before;
			text->at[before] = 0;
		}
	}
	text_putc(text, '}');
}
