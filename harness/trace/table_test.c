/* table_test.c -- descriptors of this process, and numbers in the map, as the tracer keeps them. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "trace/table.h"

static struct registry registry;
static struct table *table;

static void set_up(void)
{
	registry_start(&registry);
	table = table_create(&registry);
}

static void tear_down(void)
{
	table_release(table);
	registry_finish(&registry);
}

TestSuite(table, .init = set_up, .fini = tear_down);

static struct file *get(int fd)
{
	return table_get(table, getpid(), fd);
}

Test(table, copies_are_one_socket)
{
	int a = socket(AF_INET, SOCK_STREAM, 0), b = dup(a), c = socket(AF_INET, SOCK_STREAM, 0);

	cr_expect_eq(get(a)->kind, FILE_SOCKET);
	cr_expect_eq(get(a), get(b));
	cr_expect_eq(get(a)->number, 1U);
	cr_expect_eq(get(c)->number, 2U);
}

Test(table, what_is_no_socket)
{
	int file = open("/dev/null", O_RDONLY);

	cr_expect_eq(get(file)->kind, FILE_OTHER);
	cr_expect_eq(get(-1)->kind, FILE_OTHER);
	cr_expect_eq(get(1000)->kind, FILE_OTHER);
	cr_expect_null(table_known(table, 1000), "what is not open is looked at again");
}

Test(table, a_closed_socket_is_remembered)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	get(fd);
	close(fd);
	table_drop(table, fd);
	cr_expect_eq(get(fd)->kind, FILE_CLOSED);
	cr_expect_eq(open("/dev/null", O_RDONLY), fd);
	cr_expect_eq(get(fd)->kind, FILE_OTHER, "until the number is somebody else's");
}

Test(table, a_fork_has_a_copy)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct file *file = get(fd);
	struct table *copy = table_copy(table);

	table_drop(table, fd);
	cr_expect_eq(table_known(copy, fd), file);
	cr_expect_eq(table_followed(copy, 0, 100), 1U);
	cr_expect_eq(table_followed(table, 0, 100), 0U);
	table_release(copy);
}

Test(table, threads_share)
{
	cr_expect(!table_is_shared(table));
	struct table *same = table_share(table);
	cr_expect_eq(same, table);
	cr_expect(table_is_shared(table));
	table_release(same);
	cr_expect(!table_is_shared(table));
}

Test(table, ranges)
{
	int fds[2];

	cr_assert(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	get(fds[0]);
	get(fds[1]);
	table_drop_range(table, (unsigned)fds[1], ~0U);
	cr_expect_eq(table_known(table, fds[0])->kind, FILE_SOCKET);
	cr_expect_eq(table_known(table, fds[1])->kind, FILE_CLOSED);
}

Test(table, exec_forgets_what_was_closed)
{
	int stays = socket(AF_INET, SOCK_STREAM, 0), goes = socket(AF_INET, SOCK_STREAM, 0);

	get(stays);
	get(goes);
	close(goes);
	table_exec(table, getpid());
	cr_expect_eq(table_known(table, stays)->kind, FILE_SOCKET);
	cr_expect_neq(get(goes)->kind, FILE_SOCKET);
}

Test(table, what_was_passed_comes_out_again)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	unsigned number = get(fd)->number;

	get(fd)->passed = true;
	table_drop(table, fd);
	cr_expect_eq(get(fd)->number, number);
}

Test(table, names)
{
	int fds[2];

	cr_assert(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	struct file *file = get(fds[0]);
	file_look(file, getpid(), fds[0]);
	cr_expect_eq(file->type, SOCK_SEQPACKET);
	cr_expect_eq(file->family, AF_UNIX);
	cr_expect_str_eq(file_local(file), "");
}

Test(map, keeps_what_is_put)
{
	static char values[3000];
	struct map map = { 0 };
	size_t at = 0, count = 0;

	for (unsigned i = 0; i < sizeof values; i++)
		cr_assert_null(map_put(&map, (uint64_t)i * i, &values[i]));
	for (unsigned i = 0; i < sizeof values; i += 3)
		cr_assert_eq(map_take(&map, (uint64_t)i * i), &values[i]);
	for (unsigned i = 0; i < sizeof values; i++)
		cr_assert_eq(map_get(&map, (uint64_t)i * i), i % 3 ? &values[i] : NULL, "%u", i);
	while (map_next(&map, &at, NULL))
		count++;
	cr_expect_eq(count, map.count);
	cr_expect_eq(count, 2000U);
	cr_expect_eq(map_put(&map, 1, &values[0]), &values[1]);
	map_finish(&map);
	cr_expect_null(map_get(&map, 1));
	cr_expect_null(map_take(&map, 1));
}
