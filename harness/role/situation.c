/* situation.c -- sockets in a state that many cases need, and peers that only stay, send or close.
 */
#include "role/role.h"

int stuck_stream(void)
{
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	must_be(fill_up(pair[0]) > 0);
	return pair[0];
}

int loaded_socket(struct role *me)
{
	int pair[2];

	connected_pair(me, SOCK_DGRAM, pair);
	send_all(pair[1], "x", 1);
	wait_queued(me, pair[0], 1);
	return pair[0];
}

int closed_descriptor(struct role *me)
{
	int fd = open_socket(me, SOCK_DGRAM);

	must(close(fd));
	return fd;
}

void accept_and_stay(struct role *me, const char *until)
{
	accept_peer(me);
	meet(me, until);
}

void accept_and_send(struct role *me, const char *text, const char *until)
{
	send_all(accept_peer(me), text, strlen(text));
	meet(me, until);
}

void accept_and_close(struct role *me, const char *until)
{
	must(close(accept_peer(me)));
	meet(me, until);
}

void bind_and_stay(struct role *me, int type, const char *until)
{
	bind_on(me, type);
	meet(me, until);
}
