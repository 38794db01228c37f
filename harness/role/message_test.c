/* message_test.c -- messages are made with the room asked for, and what is attached is found. */
#include <criterion/criterion.h>

#include "role/role.h"

Test(message, room_for_bytes_and_control)
{
	struct whole_message m;

	memset(&m, 0x5a, sizeof m);
	empty_message(&m, 3, 20);
	cr_expect(m.header.msg_iov == &m.part && m.header.msg_iovlen == 1);
	cr_expect(m.part.iov_base == m.bytes && m.part.iov_len == 3);
	cr_expect(m.header.msg_control == m.control && m.header.msg_controllen == 20);
	cr_expect(m.header.msg_name == NULL && m.header.msg_flags == 0 && m.bytes[0] == 0);
}

Test(message, without_room_there_is_no_control_buffer)
{
	struct whole_message m;

	empty_message(&m, sizeof m.bytes, 0);
	cr_expect(m.header.msg_control == NULL && m.header.msg_controllen == 0);
}

Test(message, attached_messages_come_in_order)
{
	struct control_message one;
	struct whole_message m;
	const int fds[] = { 3, 4 };
	size_t at = 0;

	fill_message(&m, "abc", 3);
	cr_expect(m.part.iov_len == 3 && !memcmp(m.bytes, "abc", 3));
	cr_expect_not(next_control(&m.header, &at, &one));
	attach_control(&m, SOL_SOCKET, SCM_RIGHTS, fds, sizeof fds);
	attach_control(&m, IPPROTO_IP, IP_TTL, "x", 1);
	cr_expect_eq(m.header.msg_controllen, CMSG_SPACE(sizeof fds) + CMSG_SPACE(1));
	cr_assert(next_control(&m.header, &at, &one));
	cr_expect(one.level == SOL_SOCKET && one.type == SCM_RIGHTS && one.size == sizeof fds);
	cr_expect_arr_eq(one.data, fds, sizeof fds);
	cr_assert(next_control(&m.header, &at, &one));
	cr_expect(one.level == IPPROTO_IP && one.type == IP_TTL && one.size == 1);
	cr_expect_not(next_control(&m.header, &at, &one));
}

Test(message, the_kernel_takes_and_gives_it)
{
	struct whole_message sent, got;
	int pair[2], ends[2], fd = -1;

	cr_assert(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair) && !pipe(ends));
	fill_message(&sent, "abc", 3);
	attach_control(&sent, SOL_SOCKET, SCM_RIGHTS, &ends[1], sizeof ends[1]);
	cr_assert_eq(sendmsg(pair[0], &sent.header, 0), 3);
	empty_message(&got, sizeof got.bytes, sizeof got.control);
	cr_assert_eq(recvmsg(pair[1], &got.header, 0), 3);
	cr_expect_arr_eq(got.bytes, "abc", 3);
	cr_assert(only_control(&got.header, SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd));
	cr_expect(fd > ends[1]);
}

/* A role that asks for more than there is ends as broken; without a role the process ends. */
Test(message, more_than_its_room_is_refused, .exit_code = 98)
{
	struct whole_message m;

	fill_message(&m, "a", 1);
	attach_control(&m, SOL_SOCKET, SCM_RIGHTS, &m, sizeof m.control);
}
