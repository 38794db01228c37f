/* linux_netem.c -- asks the kernel for the netem queueing discipline, by rtnetlink. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/os.h"

enum { TICK_NS = 64 }; /* the unit of times in struct tc_netem_qopt */

struct request {
	struct nlmsghdr header;
	struct tcmsg tc;
	_Alignas(struct rtattr) char attributes[128];
};

/* Appends an attribute of n bytes; gives it, so that its length can grow. */
static struct rtattr *append(struct request *ask, unsigned short type, const void *data, size_t n)
{
	struct rtattr *attribute = (void *)((char *)ask + NLMSG_ALIGN(ask->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(n);
	memcpy(RTA_DATA(attribute), data, n);
	ask->header.nlmsg_len =
		NLMSG_ALIGN(ask->header.nlmsg_len) + (uint32_t)RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static void append_options(struct request *ask, const struct netem *netem)
{
	const struct tc_netem_qopt basic = {
		.latency = (uint32_t)((uint64_t)netem->delay_us * 1000 / TICK_NS),
		.limit = netem->limit ? netem->limit : 1000,
		.loss = netem->loss,
		.gap = netem->reorder,
		.duplicate = netem->duplicate,
	};
	const struct tc_netem_corrupt corrupt = { .probability = netem->corrupt };
	const struct tc_netem_rate rate = { .rate = netem->bytes_per_s };
	struct rtattr *options = append(ask, TCA_OPTIONS, &basic, sizeof basic);

	append(ask, TCA_NETEM_CORRUPT, &corrupt, sizeof corrupt);
	append(ask, TCA_NETEM_RATE, &rate, sizeof rate);
	options->rta_len = (unsigned short)((char *)ask + ask->header.nlmsg_len - (char *)options);
}

/* Sends the request; 0, or -1 with the errno that the kernel answers. */
static int carry_out(const struct request *ask)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -1;
	memset(&answer, 0, sizeof answer);
	bool answered =
		os_write(fd, ask, ask->header.nlmsg_len) == (ssize_t)ask->header.nlmsg_len &&
		os_read(fd, &answer, sizeof answer) > 0;
	close(fd);
	errno = answered ? -answer.error.error : EIO;
	return answered && answer.error.error == 0 ? 0 : -1;
}

int os_set_netem(const char *interface, const struct netem *netem)
{
	struct request ask = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof ask.tc),
			    .nlmsg_type = RTM_NEWQDISC,
			    .nlmsg_flags =
				    NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE },
		.tc = { .tcm_ifindex = (int)if_nametoindex(interface), .tcm_parent = TC_H_ROOT },
	};

	append(&ask, TCA_KIND, "netem", sizeof "netem");
	append_options(&ask, netem);
	return carry_out(&ask);
}
