/* linux_tap.c -- packets of the loopback interface, by a packet socket.
 *
 * The packets wait in the socket's receive queue, where they share their data with the stack's own.
 * A ring would have to be as large as the longest case, in every world, from the start, and making
 * and closing one takes the kernel three times as long. The socket sees packets as they arrive: of
 * those that are sent it is told nothing, so each comes once. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "os/os.h"

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

enum {
	STAMPING = 65, /* SO_TIMESTAMPING_NEW, since Linux 5.1: 64-bit times on all machines */
	TRIAL_ROOM = 60,
	TRIAL_PATIENCE_MS = 2000,
	TRIAL_PAUSE_US = 200,
	CLOSER_STACK = 64 << 10
};

/* What comes with a packet: when it was received, and two times that are not asked for. */
struct stamps {
	struct {
		int64_t s, ns;
	} at[3];
};

static bool set_option(int tap, int level, int option, int value)
{
	return !syscall(SYS_setsockopt, tap, level, option, &value, sizeof value);
}

/* The stamp among what came with a packet; 0 when there is none. */
static int64_t stamp_of(struct msghdr *message)
{
	struct stamps stamps;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != STAMPING ||
		    c->cmsg_len < CMSG_LEN(sizeof stamps))
			continue;
		memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
		return stamps.at[0].s * 1000000000 + stamps.at[0].ns;
	}
	return 0;
}

bool os_tap_take(int tap, void *bytes, size_t room, struct os_packet *ret_packet)
{
	_Alignas(struct cmsghdr) char control[256];
	struct iovec part = { .iov_base = bytes, .iov_len = room };
	struct msghdr message;
	long n;

	do {
		memset(&message, 0, sizeof message);
		message.msg_iov = &part;
		message.msg_iovlen = 1;
		message.msg_control = control;
		message.msg_controllen = sizeof control;
		n = syscall(SYS_recvmsg, tap, &message, MSG_DONTWAIT | MSG_TRUNC);
		/* A case may have taken the interface down meanwhile, which is told once. */
	} while (n < 0 && errno == ENETDOWN);
	if (n < 0)
		return false;
	*ret_packet = (struct os_packet){ .time_ns = stamp_of(&message), .length = (size_t)n };
	return true;
}

unsigned os_tap_lost(int tap)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof stats;

	if (syscall(SYS_getsockopt, tap, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		return 0;
	return stats.tp_drops;
}

static void *close_slowly(void *tap)
{
	syscall(SYS_close, (int)(intptr_t)tap);
	return NULL;
}

void os_tap_close(int tap)
{
	pthread_attr_t detached;
	pthread_t closer;

	if (tap < 0)
		return;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&detached, CLOSER_STACK);
	if (pthread_create(&closer, &detached, close_slowly, (void *)(intptr_t)tap))
		close_slowly((void *)(intptr_t)tap);
	pthread_attr_destroy(&detached);
}

static struct sockaddr_ll loopback(unsigned short protocol)
{
	return (struct sockaddr_ll){ .sll_family = AF_PACKET,
				     .sll_protocol = htons(protocol),
				     .sll_ifindex = (int)if_nametoindex("lo"),
				     .sll_halen = ETH_ALEN };
}

/* Sends itself a packet of which no stack knows the protocol; true when it came with its time. */
static bool try_out(int tap)
{
	const struct ethhdr trial = { .h_proto = htons(ETH_P_802_EX1) };
	const struct sockaddr_ll to = loopback(ETH_P_802_EX1);
	unsigned char frame[TRIAL_ROOM] = { 0 };
	struct os_packet packet;
	bool stamped = false;

	memcpy(frame, &trial, sizeof trial);
	if (syscall(SYS_sendto, tap, frame, sizeof frame, 0, &to, (socklen_t)sizeof to) < 0)
		return false;
	while (os_tap_take(tap, frame, sizeof frame, &packet))
		stamped = packet.time_ns != 0;
	return stamped;
}

/* The kernel stamps packets on request only, and begins with it some time after the first one. */
static bool await_stamps(int tap)
{
	int64_t deadline = os_now_us() + (int64_t)TRIAL_PATIENCE_MS * 1000;

	while (!try_out(tap)) {
		if (os_now_us() > deadline) {
			errno = ETIME;
			return false;
		}
		os_pause_us(TRIAL_PAUSE_US);
	}
	return true;
}

/* Only who is root outside may have more room than the system's limit, which others get. The kernel
 * doubles the number. */
static bool set_up(int tap, size_t room)
{
	const struct sockaddr_ll all = loopback(ETH_P_ALL);

	if (!set_option(tap, SOL_SOCKET, SO_RCVBUFFORCE, (int)(room / 2)) &&
	    !set_option(tap, SOL_SOCKET, SO_RCVBUF, (int)(room / 2)))
		return false;
	return set_option(tap, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) &&
	       set_option(tap, SOL_SOCKET, STAMPING,
			  SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE) &&
	       !syscall(SYS_bind, tap, &all, (socklen_t)sizeof all) && await_stamps(tap);
}

int os_tap_open(size_t room)
{
	/* Without a protocol it receives nothing until it is bound. */
	long tap = syscall(SYS_socket, AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (tap < 0)
		return -1;
	if (set_up((int)tap, room)) {
		os_tap_lost((int)tap);
		return (int)tap;
	}
	int err = errno;
	syscall(SYS_close, (int)tap);
	errno = err;
	return -1;
}
