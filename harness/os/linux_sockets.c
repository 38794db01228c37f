/* linux_sockets.c -- Linux as the socket stack under test: which one it is, and how its sockets are
 * looked at. */
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "os/linux.h"
#include "os/os.h"

void os_describe(struct os_facts *ret_facts)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	os_describe_machine(ret_facts);
	if (uname(&name))
		return;
	if (sscanf(name.release, "%u.%u", &major, &minor) == 2)
		ret_facts->version = VERSION(major, minor);
	ret_facts->os = OS_LINUX;
	snprintf(ret_facts->sysname, sizeof ret_facts->sysname, "%.31s", name.sysname);
	snprintf(ret_facts->release, sizeof ret_facts->release, "%.63s", name.release);
}

const char *linux_tcp_state(unsigned number)
{
	static const char *const states[] = {
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_SYN_SENT] = "SYN-SENT",
		[TCP_SYN_RECV] = "SYN-RECEIVED",
		[TCP_FIN_WAIT1] = "FIN-WAIT-1",
		[TCP_FIN_WAIT2] = "FIN-WAIT-2",
		[TCP_TIME_WAIT] = "TIME-WAIT",
		[TCP_CLOSE] = "CLOSED",
		[TCP_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCP_LAST_ACK] = "LAST-ACK",
		[TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};

	return number < sizeof states / sizeof *states ? states[number] : NULL;
}

const char *os_tcp_state(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return NULL;
	return linux_tcp_state(info.tcpi_state);
}

int os_unacknowledged(int fd)
{
	int bytes;

	return ioctl(fd, SIOCOUTQ, &bytes) ? -1 : bytes;
}

long long os_dropped(int fd)
{
	enum { OPTION = 55, DROPS = 8 }; /* SO_MEMINFO, SK_MEMINFO_DROPS */
	uint32_t info[DROPS + 1] = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(fd, SOL_SOCKET, OPTION, info, &len))
		return -1;
	if (len == sizeof info)
		return info[DROPS];
	errno = ENOPROTOOPT; /* qemu-user takes every option for an int */
	return -1;
}
