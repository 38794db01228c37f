/* broken_data.c -- faults of the calls that move data. */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "broken.h"

/* What every call may do wrong to its error. */
static ssize_t failed(ssize_t n)
{
	if (n != -1)
		return n;
	if (has_fault(FAULT_timeout_is_etimedout) && errno == EAGAIN)
		errno = ETIMEDOUT;
	else if (has_fault(FAULT_interrupted_is_eagain) && errno == EINTR)
		errno = EAGAIN;
	else if (has_fault(FAULT_bad_descriptor_is_einval) && errno == EBADF)
		errno = EINVAL;
	else if (has_fault(FAULT_fault_is_einval) && errno == EFAULT)
		errno = EINVAL;
	else if (has_fault(FAULT_not_connected_is_epipe) && errno == ENOTCONN)
		errno = EPIPE;
	else if (has_fault(FAULT_epipe_is_reset) && errno == EPIPE)
		errno = ECONNRESET;
	return -1;
}

static ssize_t received(int fd, void *bytes, size_t room, ssize_t n)
{
	bool ended = n == 0 && room && is_type(fd, SOCK_STREAM);

	if (ended && has_fault(FAULT_eof_is_eagain))
		errno = EAGAIN, n = -1;
	else if (ended && has_fault(FAULT_eof_is_reset))
		errno = ECONNRESET, n = -1;
	else if (has_fault(FAULT_reset_is_eof) && n == -1 && errno == ECONNRESET)
		n = 0;
	if (has_fault(FAULT_byte_flipped) && n > 0)
		((char *)bytes)[n - 1] ^= 0x20;
	if (has_fault(FAULT_late_byte_flipped) && n > 1000)
		((char *)bytes)[n / 2] ^= 0x01;
	return has_fault(FAULT_recv_count_short) && n > 1 ? n - 1 : failed(n);
}

static int receiving_flags(int flags)
{
	if (has_fault(FAULT_peek_ignored))
		flags &= ~MSG_PEEK;
	if (has_fault(FAULT_waitall_ignored))
		flags &= ~MSG_WAITALL;
	if (has_fault(FAULT_dontwait_ignored))
		flags &= ~MSG_DONTWAIT;
	return flags;
}

/* Whether a call that a signal interrupted is made once more. */
static bool restarts(ssize_t n)
{
	return n == -1 && errno == EINTR && has_fault(FAULT_restarted_after_signal);
}

ssize_t recv(int fd, void *bytes, size_t n, int flags)
{
	ssize_t got;

	if (receives_wrongly(fd, bytes, n, flags, &got))
		return got;
	do
		got = stream1_recv(fd, bytes, n, receiving_flags(flags));
	while (restarts(got));
	return received(fd, bytes, n, got);
}

ssize_t recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *len)
{
	ssize_t got = REAL(recvfrom)(fd, bytes, n, receiving_flags(flags), from, len);

	if (got >= 0 && from && len && *len > 4 && has_fault(FAULT_datagram_source_port_zero))
		memset((char *)from + 2, 0, 2);
	return received(fd, bytes, n, got);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	size_t room = message ? message->msg_controllen : 0;
	ssize_t got = REAL(recvmsg)(fd, message, receiving_flags(flags));

	if (got < 0)
		return failed(got);
	stamp_reading(message);
	if (has_fault(FAULT_datagram_trunc_flag_lost))
		message->msg_flags &= ~MSG_TRUNC;
	if (has_fault(FAULT_msg_controllen_kept) && !message->msg_controllen)
		message->msg_controllen = room;
	return got;
}

ssize_t read(int fd, void *bytes, size_t n)
{
	ssize_t got;

	do
		got = REAL(read)(fd, bytes, n);
	while (restarts(got));
	if (is_type(fd, SOCK_STREAM) || is_type(fd, SOCK_DGRAM))
		return received(fd, bytes, n, got);
	return got;
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
	return REAL(readv)(fd, parts, has_fault(FAULT_readv_first_only) && count > 1 ? 1 : count);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	return REAL(writev)(fd, parts,
			    has_fault(FAULT_writev_last_lost) && count > 1 ? count - 1 : count);
}

static ssize_t sent(ssize_t n)
{
	return has_fault(FAULT_send_count_short) && n > 1 ? n - 1 : failed(n);
}

/* True when this datagram is to be lost: every third. */
static bool loses(int fd)
{
	static int turn;

	return has_fault(FAULT_datagram_lost) && is_type(fd, SOCK_DGRAM) && ++turn % 3 == 0;
}

static bool doubles(int fd)
{
	return has_fault(FAULT_datagram_doubled) && is_type(fd, SOCK_DGRAM);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
	if (has_fault(FAULT_nosignal_ignored))
		flags &= ~MSG_NOSIGNAL;
	if (has_fault(FAULT_oob_ignored))
		flags &= ~MSG_OOB;
	if (sends_wrongly(fd, n, flags))
		return -1;
	if (loses(fd))
		return (ssize_t)n;
	if (doubles(fd))
		REAL(send)(fd, bytes, n, flags);
	return sent(REAL(send)(fd, bytes, n, flags));
}

ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to,
	       socklen_t len)
{
	if (loses(fd))
		return (ssize_t)n;
	if (doubles(fd))
		REAL(sendto)(fd, bytes, n, flags, to, len);
	before_sendto(fd, to);
	ssize_t taken = REAL(sendto)(fd, bytes, n, flags, to, len);
	after_sendto(fd, taken, bytes, n, to, len);
	return sent(taken);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t n)
{
	ssize_t moved = REAL(sendfile)(to, from, offset, n);

	return has_fault(FAULT_sendfile_short) && moved > 1 ? moved - 1 : moved;
}

int shutdown(int fd, int how)
{
	if (has_fault(FAULT_shutdown_ignored))
		return 0;
	if (has_fault(FAULT_shutdown_rd_ignored) && how == SHUT_RD)
		return 0;
	if (has_fault(FAULT_shutdown_wr_is_rdwr) && how == SHUT_WR)
		how = SHUT_RDWR;
	return (int)failed(REAL(shutdown)(fd, how));
}
