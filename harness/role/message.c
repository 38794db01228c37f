/* message.c -- messages with their parts in one place, made for sendmsg() or recvmsg(). */
#include "role/role.h"

/* Points the header at the parts; nothing is in them yet. */
static void clear(struct whole_message *m)
{
	memset(m, 0, sizeof *m);
	m->part.iov_base = m->bytes;
	m->header.msg_iov = &m->part;
	m->header.msg_iovlen = 1;
}

void empty_message(struct whole_message *m, size_t bytes, size_t control)
{
	must_be(bytes <= sizeof m->bytes && control <= sizeof m->control);
	clear(m);
	m->part.iov_len = bytes;
	m->header.msg_control = control ? m->control : NULL;
	m->header.msg_controllen = control;
}

void fill_message(struct whole_message *m, const void *bytes, size_t n)
{
	must_be(n <= sizeof m->bytes);
	clear(m);
	memcpy(m->bytes, bytes, n);
	m->part.iov_len = n;
}

void attach_control(struct whole_message *m, int level, int type, const void *data, size_t size)
{
	const size_t at = m->header.msg_controllen;

	must_be(size <= sizeof m->control && CMSG_SPACE(size) <= sizeof m->control - at);
	struct cmsghdr header = { .cmsg_level = level, .cmsg_type = type };
	header.cmsg_len = CMSG_LEN(size);
	memcpy(m->control + at, &header, sizeof header);
	memcpy(m->control + at + CMSG_LEN(0), data, size);
	m->header.msg_control = m->control;
	m->header.msg_controllen = at + CMSG_SPACE(size);
}
