/* control_messages.c -- fuzzes what recvmsg() gives beside the data: the input is the control
 * buffer as a peer, or a broken stack, could have left it.
 */
#include "protocol/property.h"
#include "role/role.h"

enum { INPUT_MAX = 1 << 12 };

GUARD_FOR_TARGET(INPUT_MAX)

/* The messages that were read, one behind the other as a system lays them; the number of bytes. */
static size_t write_again(const struct msghdr *message, char *to)
{
	struct control_message one;
	size_t n = 0;

	for (size_t at = 0; next_control(message, &at, &one);) {
		struct cmsghdr header = { .cmsg_len = CMSG_LEN(one.size),
					  .cmsg_level = one.level,
					  .cmsg_type = one.type };
		memset(to + n, 0, CMSG_SPACE(one.size));
		memcpy(to + n, &header, sizeof header);
		memcpy(to + n + CMSG_LEN(0), one.data, one.size);
		n += CMSG_SPACE(one.size);
	}
	return n;
}

/* Every message lies within the buffer, behind the one before. */
static void check_read(const struct msghdr *message)
{
	const char *begin = message->msg_control, *end = begin + message->msg_controllen;
	const char *last = begin;
	struct control_message one;
	size_t count = 0;

	for (size_t at = 0, before = 0; next_control(message, &at, &one); before = at, count++) {
		const char *data = one.data;
		property(at > before && at <= message->msg_controllen);
		property(data >= last + CMSG_LEN(0) && one.size <= (size_t)(end - data));
		last = data + one.size;
	}
	property(count <= message->msg_controllen / CMSG_LEN(0));
}

/* What was read is a buffer that reads the same, also by the C library, which trusts it. */
static void check_written(const struct msghdr *message)
{
	static _Alignas(struct cmsghdr) char room[2 * INPUT_MAX];
	struct msghdr written = { .msg_control = room };
	struct control_message one, again;
	size_t at = 0, behind = 0;

	written.msg_controllen = write_again(message, room);
	struct cmsghdr *header = CMSG_FIRSTHDR(&written);
	while (next_control(message, &at, &one)) {
		property(next_control(&written, &behind, &again));
		property(again.level == one.level && again.type == one.type);
		property(again.size == one.size && !memcmp(again.data, one.data, one.size));
		property(header && header->cmsg_len == CMSG_LEN(one.size));
		property(again.data == (void *)CMSG_DATA(header));
		header = CMSG_NXTHDR(&written, header);
	}
	property(!header && !next_control(&written, &behind, &again));
}

/* The one message is found by what it is, and by nothing else. */
static void check_only(const struct msghdr *message)
{
	struct control_message one, more;
	char data[INPUT_MAX];
	size_t at = 0;
	bool any = next_control(message, &at, &one);
	bool only = any && !next_control(message, &at, &more);

	if (!any) {
		property(!only_control(message, SOL_SOCKET, SCM_RIGHTS, data, sizeof(int)));
		return;
	}
	property(only_control(message, one.level, one.type, data, one.size) == only);
	property(!only || !memcmp(data, one.data, one.size));
	property(!only_control(message, one.level, one.type, data, one.size + 1));
	property(!only_control(message, one.level, one.type ^ 1, data, one.size));
	property(!only_control(message, one.level ^ 1, one.type, data, one.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;
	struct msghdr message = { .msg_control = guard_copy(&guard, data, size),
				  .msg_controllen = size };

	check_read(&message);
	check_written(&message);
	check_only(&message);
	struct control_message none;
	message.msg_control = NULL;
	property(!next_control(&message, &(size_t){ 0 }, &none));
	return 0;
}
