/* control.c -- control messages that recvmsg() gave, whatever their headers claim. */
#include "role/role.h"

bool next_control(const struct msghdr *message, size_t *at, struct control_message *ret_one)
{
	const size_t data = CMSG_LEN(0), room = message->msg_controllen;
	const char *control = message->msg_control;
	struct cmsghdr header;

	/* There is nothing to look at, or not all of a header: a message that was cut. */
	if (!control || *at > room || room - *at < data)
		return false;
	memcpy(&header, control + *at, sizeof header);
	const size_t size = header.cmsg_len;
	if (size < data || size > room - *at)
		return false;
	*ret_one = (struct control_message){ .level = header.cmsg_level,
					     .type = header.cmsg_type,
					     .data = control + *at + data,
					     .size = size - data };
	/* The last may go without what would align the next. */
	const size_t space = CMSG_SPACE(size - data);
	*at = space < room - *at ? *at + space : room;
	return true;
}

bool only_control(const struct msghdr *message, int level, int type, void *data, size_t size)
{
	struct control_message one, more;
	size_t at = 0;

	if (!next_control(message, &at, &one) || one.level != level || one.type != type ||
	    one.size != size || next_control(message, &at, &more))
		return false;
	memcpy(data, one.data, size);
	return true;
}
