/* filter.c -- loss made on purpose and without privileges, by a socket filter of the receiver. */
#include "case.h"

enum { PAYLOAD_AT = 8, KEEP = 0xffff }; /* a UDP socket's filter sees the UDP header first */

enum { MARKED = 20 };

static void choosing_server(struct role *me)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, PAYLOAD_AT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, KEEP),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog odd_ones = { sizeof code / sizeof *code, code };
	int fd = bind_on(me, SOCK_DGRAM);
	char bytes[MARKED];
	int n = 0;

	saw(me, "SO_ATTACH_FILTER",
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &odd_ones, sizeof odd_ones));
	meet(me, "filtering");
	meet(me, "all are sent");
	until (me, "all are read or dropped", n + dropped_by(me, fd) >= MARKED)
		while (n < MARKED && recv(fd, bytes + n, 1, MSG_DONTWAIT) == 1)
			n++;
	saw_bytes(me, "datagrams read", bytes, n);
	saw(me, "datagrams dropped", dropped_by(me, fd));
}

static void marking_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	int taken = 0;

	meet(me, "filtering");
	for (int i = 0; i < MARKED; i++) {
		const char mark = (char)('a' + i);
		taken += send(fd, &mark, 1, 0) == 1;
	}
	saw(me, "sends that took all", taken);
	saw_errno(me, "SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	meet(me, "all are sent");
}

const struct sock_case loss_bpf_payload_selected_drop = {
	.claim = "A socket filter on a byte of the payload drops exactly the datagrams it marks.",
	.source = "socket(7), SO_ATTACH_FILTER; Linux kernel documentation, networking/filter",
	.standing = SYSTEM,
	.portable = "Linux only; elsewhere lose them in a relay of your own.",
	.families = INET | INET6,
	.server = choosing_server,
	.client = marking_client,
	.expect = {
		{ SERVER, "SO_ATTACH_FILTER", EQ(0) },
		{ SERVER, "datagrams read", TEXT("10:acegikmoqs") },
		{ SERVER, "datagrams dropped", EQ(MARKED / 2) },
		{ CLIENT, "sends that took all", EQ(MARKED) },
		{ CLIENT, "SO_ERROR", TEXT("0") },
	},
};

enum { BATCH = 100, BATCHES = 10, COUNT = BATCH * BATCHES };

/* What a reader has seen of numbered datagrams. */
struct tally {
	int read, last;
	bool rising;
};

static unsigned read_more(int fd, struct tally *tally)
{
	int number;

	while (recv(fd, &number, sizeof number, MSG_DONTWAIT) == sizeof number) {
		tally->rising = tally->rising && number > tally->last;
		tally->last = number;
		tally->read++;
	}
	return (unsigned)tally->read;
}

static void unlucky_server(struct role *me)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(SKF_AD_OFF + SKF_AD_RANDOM)),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 10),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 3, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, KEEP),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog lottery = { sizeof code / sizeof *code, code };
	struct tally tally = { .last = -1, .rising = true };
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "SO_ATTACH_FILTER",
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &lottery, sizeof lottery));
	meet(me, "filtering");
	/* In batches, so that the receive buffer never fills. */
	for (unsigned sent = BATCH; sent <= COUNT; sent += BATCH) {
		must_be(recv_number(me) == sent);
		until (me, "the batch is read or dropped",
		       read_more(fd, &tally) + dropped_by(me, fd) >= sent) {
		}
		send_number(me, sent);
	}
	/* The number is another each time; of a fair lottery it lies so within six deviations. */
	saw(me, "600 to 800 are read", tally.read >= 600 && tally.read <= 800);
	saw(me, "in the order sent", tally.rising);
}

static void numbering_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	int taken = 0;

	meet(me, "filtering");
	for (int i = 0; i < COUNT; i++) {
		taken += send(fd, &i, sizeof i, 0) == sizeof i;
		if ((i + 1) % BATCH == 0) {
			send_number(me, i + 1);
			must_be(recv_number(me) == i + 1);
		}
	}
	saw(me, "sends that took all", taken);
}

const struct sock_case loss_bpf_random_drop = {
	.claim = "A socket filter can lose three datagrams of ten at random, whatever they carry, "
		 "unknown to their sender.",
	.source = "socket(7), SO_ATTACH_FILTER; Linux kernel documentation, networking/filter, "
		  "rand",
	.standing = SYSTEM,
	.portable = "Linux only; elsewhere lose them in a relay of your own.",
	.families = INET | INET6,
	.server = unlucky_server,
	.client = numbering_client,
	.expect = {
		{ SERVER, "SO_ATTACH_FILTER", EQ(0) },
		{ SERVER, "600 to 800 are read", EQ(1) },
		{ SERVER, "in the order sent", EQ(1) },
		{ CLIENT, "sends that took all", EQ(COUNT) },
	},
};
