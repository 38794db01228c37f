/* netem.c -- a network that loses everything, made by Linux's netem queueing discipline. */
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "case.h"

/* Asks the kernel by netlink; -1 with errno when it refuses. */
static int ask_kernel(const void *request, size_t n)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512]; /* the request, which the kernel repeats */
	} answer = { { 0 } };
	int fd = must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));

	must(send(fd, request, n, 0));
	must(recv(fd, &answer, sizeof answer, 0));
	must(close(fd));
	must_be(answer.header.nlmsg_type == NLMSG_ERROR);
	errno = -answer.error.error;
	return answer.error.error ? -1 : 0;
}

/* Puts netem in front of an interface: it loses this share of what is sent, UINT32_MAX for all. */
static void lose_by_netem(const char *interface, uint32_t share)
{
	struct {
		struct nlmsghdr header;
		struct tcmsg tc;
		struct rtattr kind;
		char name[8];
		struct rtattr options;
		struct tc_netem_qopt netem;
	} request = {
		.header = { .nlmsg_len = sizeof request,
			    .nlmsg_type = RTM_NEWQDISC,
			    .nlmsg_flags =
				    NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE },
		.tc = { .tcm_ifindex = (int)if_nametoindex(interface), .tcm_parent = TC_H_ROOT },
		.kind = { .rta_len = RTA_LENGTH(sizeof "netem"), .rta_type = TCA_KIND },
		.name = "netem",
		.options = { .rta_len = RTA_LENGTH(sizeof request.netem), .rta_type = TCA_OPTIONS },
		.netem = { .limit = 1000, .loss = share },
	};

	must(ask_kernel(&request, sizeof request));
}

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
	lose_by_netem("lo", UINT32_MAX);
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
