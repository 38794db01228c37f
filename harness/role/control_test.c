/* control_test.c -- control messages are found, and what is cut or lies about its size is not. */
#include <criterion/criterion.h>

#include "role/role.h"

/* A buffer with two messages, an int and three bytes. */
struct two {
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(3)];
	struct msghdr message;
};

static struct cmsghdr *header_at(struct two *two, size_t at)
{
	return (struct cmsghdr *)(void *)(two->room + at);
}

static void fill(struct two *two)
{
	int number = 7;

	memset(two, 0, sizeof *two);
	two->message.msg_control = two->room;
	two->message.msg_controllen = sizeof two->room;
	*header_at(two, 0) = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof number),
					       .cmsg_level = SOL_SOCKET,
					       .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(header_at(two, 0)), &number, sizeof number);
	*header_at(two, CMSG_SPACE(sizeof number)) = (struct cmsghdr){ .cmsg_len = CMSG_LEN(3),
								       .cmsg_level = IPPROTO_IP,
								       .cmsg_type = IP_TTL };
	memcpy(CMSG_DATA(header_at(two, CMSG_SPACE(sizeof number))), "abc", 3);
}

static unsigned count(const struct two *two)
{
	struct control_message one;
	unsigned n = 0;

	for (size_t at = 0; next_control(&two->message, &at, &one);)
		n++;
	return n;
}

Test(control, messages_one_behind_the_other)
{
	struct control_message one;
	struct two two;
	size_t at = 0;

	fill(&two);
	cr_assert(next_control(&two.message, &at, &one));
	cr_expect(one.level == SOL_SOCKET && one.type == SCM_RIGHTS && one.size == sizeof(int));
	cr_assert(next_control(&two.message, &at, &one));
	cr_expect(one.level == IPPROTO_IP && one.type == IP_TTL && one.size == 3);
	cr_expect_arr_eq(one.data, "abc", 3);
	cr_expect_not(next_control(&two.message, &at, &one));
}

Test(control, the_last_may_go_without_padding)
{
	struct two two;

	fill(&two);
	two.message.msg_controllen = CMSG_SPACE(sizeof(int)) + CMSG_LEN(3);
	cr_expect_eq(count(&two), 2);
	two.message.msg_controllen--;
	cr_expect_eq(count(&two), 1);
	two.message.msg_controllen = CMSG_LEN(0) - 1;
	cr_expect_eq(count(&two), 0);
	two.message.msg_control = NULL;
	cr_expect_eq(count(&two), 0);
}

Test(control, a_header_that_lies_ends_it)
{
	static const size_t lies[] = {
		0, 1, CMSG_LEN(0) - 1, SIZE_MAX, SIZE_MAX - 3, SIZE_MAX / 2
	};

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct two two;
		fill(&two);
		header_at(&two, 0)->cmsg_len = lies[i];
		cr_expect_eq(count(&two), 0, "%zu", lies[i]);
		fill(&two);
		header_at(&two, CMSG_SPACE(sizeof(int)))->cmsg_len = lies[i];
		cr_expect_eq(count(&two), 1, "%zu", lies[i]);
	}
}

Test(control, the_only_one)
{
	struct two two;
	int number = 0;

	fill(&two);
	cr_expect_not(only_control(&two.message, SOL_SOCKET, SCM_RIGHTS, &number, sizeof number));
	two.message.msg_controllen = CMSG_SPACE(sizeof number);
	cr_expect_not(only_control(&two.message, SOL_SOCKET, SCM_RIGHTS, &number, 3));
	cr_expect_not(only_control(&two.message, IPPROTO_IP, SCM_RIGHTS, &number, sizeof number));
	cr_expect_not(only_control(&two.message, SOL_SOCKET, 99, &number, sizeof number));
	cr_expect_eq(number, 0);
	cr_expect(only_control(&two.message, SOL_SOCKET, SCM_RIGHTS, &number, sizeof number));
	cr_expect_eq(number, 7);
}
