/* sets_test.c -- a set holds what was put into it, and only the same set is the same. */
#include <criterion/criterion.h>

#include "role/role.h"

Test(sets, a_set_of_one_holds_that_one)
{
	fd_set set = set_of(70);
	int held = 0;

	for (int fd = 0; fd < FD_SETSIZE; fd++)
		held += FD_ISSET(fd, &set) != 0;
	cr_expect(FD_ISSET(70, &set));
	cr_expect_eq(held, 1);
}

Test(sets, sets_are_the_same_bit_by_bit)
{
	fd_set one = set_of(0), other = one, last = set_of(FD_SETSIZE - 1), none;

	FD_ZERO(&none);
	cr_expect(same_set(&one, &other));
	cr_expect_not(same_set(&one, &last));
	cr_expect_not(same_set(&none, &last));
	FD_SET(FD_SETSIZE - 1, &other);
	cr_expect_not(same_set(&one, &other));
	FD_CLR(FD_SETSIZE - 1, &other);
	cr_expect(same_set(&one, &other));
}
