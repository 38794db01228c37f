/* netem.c -- a network that loses everything, made by Linux's netem queueing discipline. */
#include "case.h"

enum { LOST = 10, QUIET_MS = 200 };

static void deserted_server(struct role *me)
{
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[8];

	saw_bytes(me, "recv before", bytes, recv(fd, bytes, sizeof bytes, 0));
	meet(me, "received");
	meet(me, "all are sent");
	set_timeout(fd, SO_RCVTIMEO, QUIET_MS);
	saw(me, "recv", recv(fd, bytes, sizeof bytes, 0));
	meet(me, "nothing came");
}

static void wasting_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	int taken = 0;

	must(send(fd, "before", 6, 0));
	meet(me, "received");
	set_loss(me, "lo", UINT32_MAX);
	for (int i = 0; i < LOST; i++)
		taken += send(fd, "lost", 4, 0) == 4;
	saw(me, "sends that took all", taken);
	meet(me, "all are sent");
	meet(me, "nothing came");
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

const struct sock_case loss_netem_loss_all = {
	.claim = "When the network loses every datagram, send() succeeds all the same and no error "
		 "follows.",
	.source = "RFC 768: delivery is not guaranteed; tc-netem(8), loss",
	.portable = "Only a time-out of your own shows that nothing arrives.",
	.notes = "Not yet measured: the kernels at hand have no netem.",
	.families = INET,
	.needs = NEEDS_NETEM | NEEDS_OWN_NET,
	.waits_ms = QUIET_MS,
	.server = deserted_server,
	.client = wasting_client,
	.expect = {
		{ SERVER, "recv before", TEXT("6:before") },
		{ SERVER, "recv", FAILS(EAGAIN) },
		{ CLIENT, "sends that took all", EQ(LOST) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};
