/* lwip.c -- lwIP as the socket stack under test: starting it, and how its sockets are looked at. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* lwIP says its largest count of parts by the same name, and more. */
#undef IOV_MAX
#include <lwip/api.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/priv/sockets_priv.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>

#include "os/need.h"
#include "os/os.h"

static int refuse(void)
{
	errno = ENOSYS;
	return -1;
}

void os_describe(struct os_facts *ret_facts)
{
	os_describe_machine(ret_facts);
	ret_facts->os = OS_LWIP;
	ret_facts->version = VERSION(LWIP_VERSION_MAJOR, LWIP_VERSION_MINOR);
	snprintf(ret_facts->sysname, sizeof ret_facts->sysname, "lwIP");
	snprintf(ret_facts->release, sizeof ret_facts->release, "%s", LWIP_VERSION_STRING);
}

bool os_stack_is_library(void)
{
	return true;
}

static void started(void *semaphore)
{
	sys_sem_signal(semaphore);
}

/* lwIP's own loopback interface has 127.0.0.1 and ::1 from the start, and says that it carries
 * multicast; of IPv6 only its user can say so. */
static void let_multicast_v6(void)
{
	struct netif *interface;

	LOCK_TCPIP_CORE();
	NETIF_FOREACH(interface)
	netif_set_flags(interface, NETIF_FLAG_MLD6);
	UNLOCK_TCPIP_CORE();
}

int os_start_stack(void)
{
	sys_sem_t ready;

	if (sys_sem_new(&ready, 0) != ERR_OK) {
		errno = ENOMEM;
		return -1;
	}
	tcpip_init(started, &ready);
	sys_arch_sem_wait(&ready, 0);
	sys_sem_free(&ready);
	let_multicast_v6();
	return 0;
}

unsigned os_stack_lacks(void)
{
	return NEEDS_ROOT | NEEDS_OWN_NET | NEEDS_PROCESS | NEEDS_PROC_NET | NEEDS_NETEM |
	       NEEDS_ABSTRACT | NEEDS_EPOLL | NEEDS_DESCRIPTORS | NEEDS_SOCKETPAIR |
	       NEEDS_SOCKET_FLAGS | NEEDS_MMSG | NEEDS_PSELECT | NEEDS_SOCKATMARK | NEEDS_RESOLVER |
	       NEEDS_POINTER_CHECKS | NEEDS_TCP_INFO;
}

/* The TCP connection behind a descriptor, for a look at it with the core locked; NULL when it is no
 * TCP socket or no longer has one. */
static struct tcp_pcb *connection_of(int fd)
{
	struct lwip_sock *sock = lwip_socket_dbg_get_socket(fd);

	if (!sock || !sock->conn || NETCONNTYPE_GROUP(netconn_type(sock->conn)) != NETCONN_TCP)
		return NULL;
	return sock->conn->pcb.tcp;
}

/* A connection that was reset has no control block, but the error that nobody has asked for yet. */
static bool was_reset(int fd)
{
	struct lwip_sock *sock = lwip_socket_dbg_get_socket(fd);

	return sock && sock->conn && !sock->conn->pcb.tcp && sock->conn->pending_err != ERR_OK;
}

const char *os_tcp_state(int fd)
{
	static const char *const states[] = {
		[CLOSED] = "CLOSED",           [LISTEN] = "LISTEN",
		[SYN_SENT] = "SYN-SENT",       [SYN_RCVD] = "SYN-RECEIVED",
		[ESTABLISHED] = "ESTABLISHED", [FIN_WAIT_1] = "FIN-WAIT-1",
		[FIN_WAIT_2] = "FIN-WAIT-2",   [CLOSE_WAIT] = "CLOSE-WAIT",
		[CLOSING] = "CLOSING",         [LAST_ACK] = "LAST-ACK",
		[TIME_WAIT] = "TIME-WAIT",
	};
	const char *state = NULL;

	LOCK_TCPIP_CORE();
	const struct tcp_pcb *pcb = connection_of(fd);
	if (pcb && pcb->state < sizeof states / sizeof *states)
		state = states[pcb->state];
	else if (was_reset(fd))
		state = states[CLOSED];
	UNLOCK_TCPIP_CORE();
	return state;
}

/* With SO_LINGER and no time lwIP resets only when there are data that were not acknowledged. */
bool os_reset(int fd)
{
	LOCK_TCPIP_CORE();
	struct tcp_pcb *pcb = connection_of(fd);
	bool resets = pcb && pcb->state != LISTEN && pcb->state != CLOSED;
	if (resets)
		tcp_abort(pcb);
	UNLOCK_TCPIP_CORE();
	return resets;
}

int os_unacknowledged(int fd)
{
	LOCK_TCPIP_CORE();
	const struct tcp_pcb *pcb = connection_of(fd);
	int bytes = pcb ? (int)(pcb->snd_lbb - pcb->lastack) : 0;
	UNLOCK_TCPIP_CORE();
	return bytes;
}

long long os_dropped(int fd)
{
	(void)fd;
	return refuse();
}

int os_epoll_now(int fd, int events, int *ret_events)
{
	(void)fd;
	(void)events;
	(void)ret_events;
	return refuse();
}
