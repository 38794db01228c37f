/* lwipopts.h -- lwIP as a program on it would like it: all of the socket interface, loopback alone.
 *
 * What is not set here is lwIP's own default (src/include/lwip/opt.h). The socket headers are the C
 * library's, as in Debian's package of lwIP, so that cases need not be compiled differently.
 */
#ifndef SOCKDRILL_LWIPOPTS_H
#define SOCKDRILL_LWIPOPTS_H

/* It has a TCP_MSS of its own, which must not come after ours. */
#include <netinet/tcp.h>
#undef TCP_MSS

#define NO_SYS                                0
#define LWIP_COMPAT_SOCKETS                   0
#define LWIP_SOCKET_EXTERNAL_HEADERS          1
#define LWIP_SOCKET_EXTERNAL_HEADER_SOCKETS_H "posix/sockets.h"
#define LWIP_SOCKET_EXTERNAL_HEADER_INET_H    "posix/inet.h"
#define LWIP_SOCKET_SELECT                    1
#define LWIP_SOCKET_POLL                      1
/* Numbers 0 to 2 are the standard streams of every program. */
#define LWIP_SOCKET_OFFSET 3
#define MEMP_NUM_NETCONN   256

/* Memory as the C library gives it. */
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_USE_POOLS   0
#define MEM_ALIGNMENT   8

/* One loopback interface, 127.0.0.1 and ::1; it carries multicast, too. */
#define LWIP_NETIF_LOOPBACK     1
#define LWIP_HAVE_LOOPIF        1
#define LWIP_LOOPIF_MULTICAST   1
#define LWIP_LOOPBACK_MAX_PBUFS 0
#define LWIP_ARP                0
#define LWIP_ETHERNET           0
#define LWIP_NETIF_API          1

#define LWIP_IPV4                 1
#define LWIP_IPV6                 1
#define LWIP_ICMP                 1
#define LWIP_ICMP6                1
#define LWIP_IGMP                 1
#define LWIP_IPV6_MLD             1
#define LWIP_MULTICAST_TX_OPTIONS 1
#define LWIP_RAW                  1
#define LWIP_UDPLITE              1
#define LWIP_DNS                  0
#define LWIP_STATS                0

#define LWIP_SO_SNDTIMEO        1
#define LWIP_SO_RCVTIMEO        1
#define LWIP_SO_RCVBUF          1
#define LWIP_SO_LINGER          1
#define LWIP_TCP_KEEPALIVE      1
#define LWIP_NETBUF_RECVINFO    1
#define LWIP_FIONREAD_LINUXMODE 1
#define SO_REUSE                1
#define SO_REUSE_RXTOALL        1
#define IP_SOF_BROADCAST        1
#define IP_SOF_BROADCAST_RECV   1

#define TCP_LISTEN_BACKLOG 1
#define TCP_MSS            1460
#define TCP_WND            65535
#define TCP_SND_BUF        65535
#define TCP_SND_QUEUELEN   180
#define MEMP_NUM_TCP_SEG   512

/* Queues that hold what the cases send without reading. */
#define TCPIP_MBOX_SIZE           256
#define DEFAULT_TCP_RECVMBOX_SIZE 64
#define DEFAULT_UDP_RECVMBOX_SIZE 64
#define DEFAULT_RAW_RECVMBOX_SIZE 64
#define DEFAULT_ACCEPTMBOX_SIZE   64

/* A socket belongs to one thread at a time, as lwIP has it by default: what it has for two
 * (LWIP_NETCONN_FULLDUPLEX) it calls alpha, and closing a listener at which a connection waits
 * aborts then. */
#define LWIP_NETCONN_FULLDUPLEX 0

#define LWIP_TCPIP_CORE_LOCKING 1
void sys_check_core_locking(void);
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking()
void sys_mark_tcpip_thread(void);
#define LWIP_MARK_TCPIP_THREAD() sys_mark_tcpip_thread()
void sys_lock_tcpip_core(void);
#define LOCK_TCPIP_CORE() sys_lock_tcpip_core()
void sys_unlock_tcpip_core(void);
#define UNLOCK_TCPIP_CORE() sys_unlock_tcpip_core()

/* A wrong argument makes a call fail; it does not end the program. */
#define LWIP_NOASSERT_ON_ERROR 1

#endif
