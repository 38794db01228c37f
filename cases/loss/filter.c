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

enum { BATCH = 100, BATCHES = 10, COUNT = BATCH * BATCHES, CHANGING = 80 };

/* Reads what is there of a batch, whose datagrams are numbered from 0 to BATCH - 1, and counts in
 * came[] which of them came; gives how many of the batch were read in all. */
static unsigned read_batch(int fd, struct numbered *seen, unsigned came[static BATCH])
{
	unsigned char bytes[sizeof(int)];

	while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) == sizeof bytes) {
		unsigned number = number_in(bytes, sizeof bytes);
		must_be(number < BATCH);
		note_number(seen, number);
		came[number]++;
	}
	return seen->read;
}

/* How many of the payloads came at times, and at other times did not. */
static unsigned changing(const unsigned came[static BATCH])
{
	unsigned n = 0;

	for (unsigned i = 0; i < BATCH; i++)
		n += came[i] > 0 && came[i] < BATCHES;
	return n;
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
	unsigned came[BATCH] = { 0 }, read = 0, fell = 0;
	int fd = bind_on(me, SOCK_DGRAM);

	saw(me, "SO_ATTACH_FILTER",
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &lottery, sizeof lottery));
	meet(me, "filtering");
	/* In batches, so that the receive buffer never fills. */
	for (unsigned sent = BATCH; sent <= COUNT; sent += BATCH) {
		struct numbered seen = numbered_from(0);
		must_be(recv_number(me) == sent);
		until (me, "the batch is read or dropped",
		       read + read_batch(fd, &seen, came) + dropped_by(me, fd) >= sent) {
		}
		read += seen.read;
		fell += seen.fell;
		send_number(me, sent);
	}
	/* The numbers are others each time; of a fair lottery the first lies so within six
	 * deviations, and the second, of which 97 are to be expected, within ten. */
	saw(me, "600 to 800 are read", read >= 600 && read <= 800);
	saw(me, "what is lost changes with the same payload", changing(came) >= CHANGING);
	saw(me, "in the order sent", fell == 0);
}

static void numbering_client(struct role *me)
{
	int fd = connect_type(me, SOCK_DGRAM);
	int taken = 0;

	meet(me, "filtering");
	for (int sent = BATCH; sent <= COUNT; sent += BATCH) {
		taken += (int)send_numbered(fd, 0, BATCH, sizeof(int));
		send_number(me, sent);
		must_be(recv_number(me) == sent);
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
		{ SERVER, "what is lost changes with the same payload", EQ(1) },
		{ SERVER, "in the order sent", EQ(1) },
		{ CLIENT, "sends that took all", EQ(COUNT) },
	},
};
