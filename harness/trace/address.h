/* address.h -- names of sockets as text. */
#ifndef SOCKDRILL_TRACE_ADDRESS_H
#define SOCKDRILL_TRACE_ADDRESS_H

#include <sys/socket.h>

#include "trace/text.h"

/* Any socket address, with room for the zero byte that some programs do not write. */
union socket_name {
	struct sockaddr plain;
	struct sockaddr_storage storage;
	unsigned char bytes[sizeof(struct sockaddr_storage) + 1];
};

/* "127.0.0.1:80", "[::1]:80", "/path", "@abstract"; nothing for a socket without a name and for
 * families of which nothing is known. Bytes that do not print are escaped. */
void address_put_name(struct text *text, const union socket_name *address, size_t length);
/* "{AF_INET, 127.0.0.1:80}", "{AF_UNIX}", "{AF_UNSPEC}", "{17 bytes of AF_PACKET}". */
void address_put(struct text *text, const union socket_name *address, size_t length);

#endif
