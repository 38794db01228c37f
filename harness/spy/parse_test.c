/* parse_test.c -- texts of /proc and answers of sock_diag, as they are and as they should never
 * be. */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include "os/linux.h"
#include "spy/diag.h"
#include "spy/parse.h"

/* ---- /proc ---- */

Test(spy_parse, stat_with_any_command)
{
	static const struct {
		const char *text, *command;
		char state;
		int parent, group;
		unsigned long long user, system;
	} rows[] = {
		{ "7 (cat) S 5 6 7 8 9 0 1 2 3 4 11 22 0 0", "cat", 'S', 5, 6, 11, 22 },
		{ "7 (a) R 1 (b) R 5 6 7 8 9 0 1 2 3 4 11 22 0", "a) R 1 (b", 'R', 5, 6, 11, 22 },
		{ "7 () Z 0 -1 0 0 -1 0 1 2 3 4 0 0", "", 'Z', 0, -1, 0, 0 },
		{ "7 (sixteen bytes and more) D 5 6 7 8 9 0 1 2 3 4 1 2", "sixteen bytes a", 'D', 5,
		  6, 1, 2 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct spy_stat stat;
		cr_assert(spy_parse_stat(rows[i].text, &stat), "%s", rows[i].text);
		cr_expect_str_eq(stat.command, rows[i].command);
		cr_expect_eq(stat.state, rows[i].state);
		cr_expect_eq(stat.parent, rows[i].parent);
		cr_expect_eq(stat.group, rows[i].group);
		cr_expect_eq(stat.user_ticks, rows[i].user);
		cr_expect_eq(stat.system_ticks, rows[i].system);
	}
	static const char *const wrong[] = {
		"", "7", "7 cat S 5", "7 )cat( S 5 6", "7 (cat)", "7 (cat) ", "7 (cat) S 5 6", ") ("
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct spy_stat stat;
		cr_expect_not(spy_parse_stat(wrong[i], &stat), "%s", wrong[i]);
	}
}

Test(spy_parse, links_of_descriptors)
{
	static const struct {
		const char *link, *kind;
		bool is_socket;
		uint64_t inode;
	} rows[] = {
		{ "socket:[123]", "socket", true, 123 },
		{ "socket:[4294967296]", "socket", true, 4294967296 },
		{ "socket:[]", "socket", false, 0 },
		{ "socket:[-1]", "socket", false, 0 },
		{ "socket:[1", "socket", false, 0 },
		{ "socket:[1]x", "socket", false, 0 },
		{ "/tmp/socket:[1]", "file", false, 0 },
		{ "pipe:[7]", "pipe", false, 0 },
		{ "anon_inode:[eventfd]", "eventfd", false, 0 },
		{ "anon_inode:inotify", "inotify", false, 0 },
		{ "anon_inode:", "", false, 0 },
		{ "longer than its room:[7]", "longer than its", false, 0 },
		{ "", "", false, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t inode = 0;
		char kind[16];
		cr_expect_eq(spy_parse_socket_link(rows[i].link, &inode), rows[i].is_socket, "%s",
			     rows[i].link);
		cr_expect(!rows[i].is_socket || inode == rows[i].inode);
		spy_parse_kind(rows[i].link, kind, sizeof kind);
		cr_expect_str_eq(kind, rows[i].kind);
	}
}

Test(spy_parse, fields)
{
	static const char text[] = "pos:\t0\nflags:\t02004002\nnonvoluntary:\t8\nvoluntary:\t3\n";
	unsigned long long number;

	cr_expect(spy_parse_field(text, "flags", 8, &number) && number == 02004002);
	cr_expect(spy_parse_field(text, "pos", 10, &number) && number == 0);
	cr_expect(spy_parse_field(text, "voluntary", 10, &number) && number == 3, "not its ending");
	cr_expect_not(spy_parse_field(text, "flag", 10, &number), "not its beginning");
	cr_expect_not(spy_parse_field("flags:", "flags", 10, &number), "no number");
	cr_expect_not(spy_parse_field("", "flags", 10, &number));
	cr_expect(spy_parse_ran("1539815 3051609 7\n", &number) && number == 1539815);
	cr_expect_not(spy_parse_ran("", &number));
	cr_expect_not(spy_parse_ran("x 1 2", &number));
}

Test(spy_parse, standing_in_a_call)
{
	struct linux_standing standing;
	char line[128];

	snprintf(line, sizeof line, "%d 0x5 0x7ffe 0x400 0x0 0x0 0x0 0x7ffc 0x7f08\n",
		 (int)SYS_recvfrom);
	cr_assert(linux_parse_standing(line, &standing));
	cr_expect(standing.in_call);
	cr_expect_str_eq(standing.call, "recvfrom");
	cr_expect_eq(standing.wait, WAIT_FD);
	cr_expect_eq(standing.argument[0], 5);
	cr_expect_eq(standing.argument[2], 0x400);
	cr_assert(linux_parse_standing("999999 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8", &standing));
	cr_expect(standing.in_call);
	cr_expect_null(standing.call);
	cr_assert(linux_parse_standing("running\n", &standing));
	cr_expect_not(standing.in_call);
	cr_assert(linux_parse_standing("-1 0x7ffc 0x7f08\n", &standing));
	cr_expect_not(standing.in_call);
	static const char *const wrong[] = {
		"", "\n", "x", "0", "0 0x1 0x2 0x3 0x4 0x5", "walking"
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_not(linux_parse_standing(wrong[i], &standing), "%s", wrong[i]);
}

Test(spy_parse, sets_of_descriptors)
{
	struct spy_thread thread = { 0 };

	spy_take_epoll(
		"pos:\t0\nflags:\t02\n"
		"tfd:       16 events:       19 data:               10  pos:0 ino:13 sdev:8\n"
		"tfd:        4 events: 80000001 data: 4\n"
		"tfd: x events: 1\ntfd: -3 events: 1\ntfd:",
		&thread);
	cr_expect_eq(thread.wait_total, 2);
	cr_expect_eq(thread.wait[0].fd, 16);
	cr_expect_eq(thread.wait[0].events, 0x19);
	cr_expect_eq(thread.wait[1].events, 0x80000001);
	struct pollfd fds[20];
	for (int i = 0; i < 20; i++)
		fds[i] = (struct pollfd){ .fd = i ? i : -1, .events = POLLOUT };
	spy_take_pollfds(fds, 20, 1000, &thread);
	cr_expect_eq(thread.wait_count, SPY_WAITS);
	cr_expect_eq(thread.wait_total, 19 + 980);
	cr_expect_eq(thread.wait[0].fd, 1);
	fd_set in, out;
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(3, &in);
	FD_SET(64, &in);
	FD_SET(64, &out);
	FD_SET(65, &out);
	const unsigned char *const sets[] = { (void *)&in, (void *)&out, NULL };
	spy_take_sets(sets, 16, 65, &thread);
	cr_expect_eq(thread.wait_total, 2, "65 is not asked for");
	cr_expect_eq(thread.wait[0].fd, 3);
	cr_expect_eq(thread.wait[0].events, POLLIN);
	cr_expect_eq(thread.wait[1].fd, 64);
	cr_expect_eq(thread.wait[1].events, POLLIN | POLLOUT);
	spy_take_sets(sets, 8, 5000, &thread);
	cr_expect_eq(thread.wait_total, 1, "no further than the bytes that are there");
}

/* ---- sock_diag ---- */

struct bytes {
	unsigned char at[1024];
	size_t len;
};

static void add(struct bytes *bytes, const void *more, size_t len)
{
	memcpy(bytes->at + bytes->len, more, len);
	bytes->len += len;
	bytes->len = (bytes->len + 3) & ~(size_t)3;
}

static void add_head(struct bytes *bytes, uint16_t type, uint16_t flags, size_t body)
{
	struct nlmsghdr head = { .nlmsg_len = (uint32_t)(sizeof head + body),
				 .nlmsg_type = type,
				 .nlmsg_flags = flags,
				 .nlmsg_seq = 9 };

	add(bytes, &head, sizeof head);
}

static void add_attribute(struct bytes *bytes, uint16_t type, const void *value, size_t len)
{
	struct nlattr head = { .nla_len = (uint16_t)(sizeof head + len), .nla_type = type };

	add(bytes, &head, sizeof head);
	add(bytes, value, len);
}

/* A connection in CLOSE-WAIT with its attributes, and the end of the answer. */
static struct bytes inet_answer(void)
{
	struct inet_diag_msg message = { .idiag_family = AF_INET,
					 .idiag_state = SPY_STATE_CLOSE_WAIT,
					 .idiag_inode = 77,
					 .idiag_rqueue = 5,
					 .idiag_wqueue = 6 };
	struct bytes bytes = { .len = 0 }, attributes = { .len = 0 };
	uint8_t shut = 1;

	message.id.idiag_sport = htons(80);
	message.id.idiag_dport = htons(4000);
	message.id.idiag_src[0] = message.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
	add_attribute(&attributes, INET_DIAG_INFO, "short", 5);
	add_attribute(&attributes, INET_DIAG_SHUTDOWN, &shut, 1);
	add_head(&bytes, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, sizeof message + attributes.len);
	add(&bytes, &message, sizeof message);
	add(&bytes, attributes.at, attributes.len);
	add_head(&bytes, NLMSG_DONE, NLM_F_MULTI, 0);
	return bytes;
}

static struct bytes unix_answer(void)
{
	struct unix_diag_msg message = { .udiag_family = AF_UNIX,
					 .udiag_type = SOCK_STREAM,
					 .udiag_state = SPY_STATE_LISTEN,
					 .udiag_ino = 78 };
	struct unix_diag_rqlen queues = { 2, 3 };
	struct bytes bytes = { .len = 0 }, attributes = { .len = 0 };
	uint32_t peer = 79;

	add_attribute(&attributes, UNIX_DIAG_NAME, "\0name", 5);
	add_attribute(&attributes, UNIX_DIAG_PEER, &peer, sizeof peer);
	add_attribute(&attributes, UNIX_DIAG_RQLEN, &queues, sizeof queues);
	add_head(&bytes, SOCK_DIAG_BY_FAMILY, 0, sizeof message + attributes.len);
	add(&bytes, &message, sizeof message);
	add(&bytes, attributes.at, attributes.len);
	return bytes;
}

struct heard {
	struct spy_row row;
	unsigned count;
};

static void hear(void *context, const struct spy_row *row)
{
	struct heard *heard = context;

	heard->row = *row;
	heard->count++;
}

/* Reads a copy that ends where its memory does, so that sanitizers see what is read beyond. */
static enum spy_answer read_copy(const struct bytes *bytes, size_t len, int protocol,
				 struct heard *ret_heard)
{
	unsigned char *copy = malloc(len ? len : 1);

	cr_assert_not_null(copy);
	memcpy(copy, bytes->at, len);
	*ret_heard = (struct heard){ .count = 0 };
	enum spy_answer answer = spy_read_answer(copy, len, 9, protocol, hear, ret_heard);
	free(copy);
	return answer;
}

Test(spy_parse, answers)
{
	struct bytes bytes = inet_answer();
	struct heard heard;
	char name[128];

	cr_expect_eq(read_copy(&bytes, bytes.len, IPPROTO_TCP, &heard), SPY_DONE);
	cr_assert_eq(heard.count, 1);
	cr_expect_eq(heard.row.inode, 77);
	cr_expect_eq(heard.row.receive_queue, 5);
	cr_expect_eq(heard.row.send_queue, 6);
	cr_expect_eq(heard.row.shut, 1);
	cr_expect_not(heard.row.has_counts, "they are cut off");
	spy_put_name(name, sizeof name, &heard.row.local);
	cr_expect_str_eq(name, "127.0.0.1:80");
	spy_put_name(name, sizeof name, &heard.row.peer);
	cr_expect_str_eq(name, "127.0.0.1:4000");
	bytes = unix_answer();
	cr_expect_eq(read_copy(&bytes, bytes.len, 0, &heard), SPY_DONE);
	cr_assert_eq(heard.count, 1);
	cr_expect_eq(heard.row.inode, 78);
	cr_expect_eq(heard.row.peer_inode, 79);
	cr_expect_eq(heard.row.receive_queue, 2);
	spy_put_name(name, sizeof name, &heard.row.local);
	cr_expect_str_eq(name, "@name");
}

Test(spy_parse, answers_that_say_no)
{
	struct bytes bytes = { .len = 0 };
	struct heard heard;
	int32_t error = -ENOENT;

	add_head(&bytes, NLMSG_ERROR, 0, sizeof error);
	add(&bytes, &error, sizeof error);
	cr_expect_eq(read_copy(&bytes, bytes.len, IPPROTO_TCP, &heard), SPY_FAILED);
	cr_expect_eq(errno, ENOENT);
	bytes = inet_answer();
	cr_expect_eq(read_copy(&bytes, bytes.len, 0, &heard), SPY_FAILED, "another family");
	cr_expect_eq(errno, EPROTO);
	bytes.at[offsetof(struct nlmsghdr, nlmsg_seq)] ^= 1;
	cr_expect_eq(read_copy(&bytes, bytes.len, IPPROTO_TCP, &heard), SPY_DONE);
	cr_expect_eq(heard.count, 0, "that was the answer to something else");
}

/* Wherever an answer is cut, and whatever a byte of it becomes: never beyond it, never for ever. */
Test(spy_parse, answers_cut_and_changed)
{
	const struct bytes answers[] = { inet_answer(), unix_answer() };
	static const int protocols[] = { IPPROTO_TCP, 0 };
	static const unsigned char values[] = { 0, 1, 3, 4, 0x7f, 0x80, 0xff };
	struct heard heard;

	for (size_t i = 0; i < 2; i++) {
		for (size_t len = 0; len < answers[i].len; len++)
			cr_expect(read_copy(&answers[i], len, protocols[i], &heard) != SPY_DONE ||
					  len == 0,
				  "%zu of %zu bytes", len, answers[i].len);
		for (size_t at = 0; at < answers[i].len; at++) {
			struct bytes changed = answers[i];
			for (size_t v = 0; v < sizeof values; v++) {
				changed.at[at] = values[v];
				read_copy(&changed, changed.len, protocols[i], &heard);
				cr_expect_leq(heard.count, 2);
			}
		}
	}
}

Test(spy_parse, names_that_are_none)
{
	struct spy_name name = { .len = 0 };
	char text[16] = "x";

	spy_put_name(text, sizeof text, &name);
	cr_expect_str_eq(text, "");
	name.address.ss_family = AF_UNIX;
	name.len = sizeof name.address.ss_family;
	spy_put_name(text, sizeof text, &name);
	cr_expect_str_eq(text, "", "unnamed");
	memcpy((char *)&name.address + name.len, "/a\nb\0c", 6);
	name.len += 6;
	spy_put_name(text, sizeof text, &name);
	cr_expect_str_eq(text, "/a?b");
	name.len = sizeof name.address;
	memset((char *)&name.address + sizeof name.address.ss_family, 'y',
	       sizeof name.address - sizeof name.address.ss_family);
	spy_put_name(text, sizeof text, &name);
	cr_expect_str_eq(text, "yyyyyyyyyyyyyyy", "no longer than its room");
}
