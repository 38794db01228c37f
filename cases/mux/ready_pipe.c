/* ready_pipe.c -- what the ends of a pipe and a regular file are ready for. */
#include "cases/mux/ready.h"

enum { READ_END, WRITE_END };

static void quiet_pipe(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	observe(me, ends[READ_END]);
}

const struct sock_case ready_poll_pipe_read_idle = {
	.claim = "The read end of an empty pipe polls nothing while there is a writer.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = quiet_pipe,
	.expect = { POLL_ROWS(CLIENT, "0", "0") },
};

const struct sock_case ready_select_pipe_read_idle = {
	.claim = "select() finds the read end of an empty pipe with a writer not readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = OWN_DIRECTION,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = quiet_pipe,
	.expect = { SELECT_ROWS_WRITE_FAILS(CLIENT, 0, WHY_WRONG_END) },
};

static void saw_pipe(struct role *me, int fd)
{
	char bytes[8];

	saw_bytes(me, "read", bytes, read(fd, bytes, sizeof bytes));
}

static void loaded_pipe(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	must(write(ends[WRITE_END], "hello", 5));
	observe(me, ends[READ_END]);
	saw_pipe(me, ends[READ_END]);
}

const struct sock_case ready_poll_pipe_read_data = {
	.claim = "The read end of a pipe that holds data polls readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = loaded_pipe,
	.expect = {
		POLL_ROWS(CLIENT, "IN", "0"),
		{ CLIENT, "read", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_pipe_read_data = {
	.claim = "select() finds the read end of a pipe that holds data readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = OWN_DIRECTION,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = loaded_pipe,
	.expect = {
		SELECT_ROWS_WRITE_FAILS(CLIENT, 1, WHY_WRONG_END),
		{ CLIENT, "read", TEXT("5:hello") },
	},
};

static void left_pipe(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	must(close(ends[WRITE_END]));
	observe(me, ends[READ_END]);
	saw_pipe(me, ends[READ_END]);
}

const struct sock_case ready_poll_pipe_read_writer_closed = {
	.claim = "The read end of an empty pipe without a writer polls as hung up, unasked; it may "
		 "poll readable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLHUP",
	.standing = SHALL,
	.portable = "Read when POLLIN or POLLHUP is there; read() returning 0 is the end.",
	.notes = "macOS and Solaris are said to report POLLIN with it.",
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = left_pipe,
	.expect = {
		{ CLIENT, "poll", ONE_OF(FLAGS("HUP"), FLAGS("IN|HUP")),
		  .on[OS_LINUX] = FLAGS("HUP"),
		  .why = "POSIX does not say whether the end of a pipe is data" },
		EPOLL_ROW(CLIENT, FLAGS("HUP"))
		{ CLIENT, "poll for nothing", FLAGS("HUP") },
		{ CLIENT, "read", TEXT("0:") },
	},
};

const struct sock_case ready_select_pipe_read_writer_closed = {
	.claim = "select() finds the read end of an empty pipe without a writer readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = OWN_DIRECTION,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = left_pipe,
	.expect = {
		SELECT_ROWS_WRITE_FAILS(CLIENT, 1, WHY_WRONG_END),
		{ CLIENT, "read", TEXT("0:") },
	},
};

static void left_loaded_pipe(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	must(write(ends[WRITE_END], "hello", 5));
	must(close(ends[WRITE_END]));
	observe(me, ends[READ_END]);
	saw_pipe(me, ends[READ_END]);
}

const struct sock_case ready_poll_pipe_read_data_writer_closed = {
	.claim = "The read end of a pipe with data but no writer polls readable and hung up.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLHUP",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = left_loaded_pipe,
	.expect = {
		POLL_ROWS(CLIENT, "IN|HUP", "HUP"),
		{ CLIENT, "read", TEXT("5:hello") },
	},
};

const struct sock_case ready_select_pipe_read_data_writer_closed = {
	.claim = "select() finds the read end of a pipe with data but no writer readable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = OWN_DIRECTION,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = left_loaded_pipe,
	.expect = {
		SELECT_ROWS_WRITE_FAILS(CLIENT, 1, WHY_WRONG_END),
		{ CLIENT, "read", TEXT("5:hello") },
	},
};

static void roomy_pipe(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	observe(me, ends[WRITE_END]);
}

const struct sock_case ready_poll_pipe_write_idle = {
	.claim = "The write end of a pipe with room and a reader polls writable.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = roomy_pipe,
	.expect = { POLL_ROWS(CLIENT, "OUT", "0") },
};

const struct sock_case ready_select_pipe_write_idle = {
	.claim = "select() finds the write end of a pipe with room and a reader writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = OWN_DIRECTION,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = roomy_pipe,
	.expect = { SELECT_ROWS_READ_FAILS(CLIENT, 1, WHY_WRONG_END) },
};

static void full_pipe(struct role *me)
{
	char block[PIPE_BUF] = "";
	int ends[2];

	must(pipe(ends));
	set_nonblocking(ends[WRITE_END]);
	while (write(ends[WRITE_END], block, sizeof block) > 0)
		;
	must_be(errno == EAGAIN);
	observe(me, ends[WRITE_END]);
	saw(me, "write", write(ends[WRITE_END], "x", 1));
}

const struct sock_case ready_poll_pipe_write_full = {
	.claim = "The write end of a full pipe polls nothing.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION",
	.standing = SHALL,
	.portable = USE_POLL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = full_pipe,
	.expect = {
		POLL_ROWS(CLIENT, "0", "0"),
		{ CLIENT, "write", FAILS(EAGAIN) },
	},
};

const struct sock_case ready_select_pipe_write_full = {
	.claim = "select() finds the write end of a full pipe not writable.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.portable = OWN_DIRECTION,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = full_pipe,
	.expect = {
		SELECT_ROWS_READ_FAILS(CLIENT, 0, WHY_WRONG_END),
		{ CLIENT, "write", FAILS(EAGAIN) },
	},
};

static void broken_pipe(struct role *me)
{
	int ends[2];

	must(pipe(ends));
	must(close(ends[READ_END]));
	observe(me, ends[WRITE_END]);
}

const struct sock_case ready_poll_pipe_write_reader_closed = {
	.claim = "The write end of a pipe without a reader polls with POLLERR on Linux, unasked.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION POLLERR; Linux poll(2)",
	.standing = MAY,
	.portable = "Treat POLLERR and POLLHUP of a write end alike.",
	.notes = "macOS and FreeBSD are said to report POLLHUP instead.",
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = broken_pipe,
	.expect = {
		POLL_ROWS_OPEN(CLIENT, "OUT|ERR", "ERR",
			       "POSIX does not say whether the loss of the reader is an error"),
	},
};

const struct sock_case ready_select_pipe_write_reader_closed = {
	.claim = "select() finds the write end of a pipe without a reader writable: write() fails.",
	.source = "POSIX.1-2024 select(), DESCRIPTION",
	.standing = SHALL,
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = broken_pipe,
	.expect = { SELECT_ROWS(CLIENT, 1, 1, 0) },
};

#define WHY_FILE "POSIX: a regular file always selects true, for errors too; Linux has none of it"

static void plain_file(struct role *me)
{
	int fd = must(open("file", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));

	must(unlink("file"));
	observe(me, fd);
}

const struct sock_case ready_poll_file_regular = {
	.claim = "A regular file always polls readable and writable; epoll does not take it.",
	.source = "POSIX.1-2024 poll(), DESCRIPTION; epoll_ctl(2), ERRORS EPERM",
	.standing = SHALL,
	.portable = "Do not poll regular files.",
	.notes = "kqueue is said to report a regular file as ready.",
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_poll,
	.client = plain_file,
	.expect = {
		{ CLIENT, "poll", FLAGS("IN|OUT") },
		EPOLL_ROW(CLIENT, FAILS(EPERM))
		{ CLIENT, "poll for nothing", FLAGS("0") },
	},
};

const struct sock_case ready_select_file_regular = {
	.claim = "select() finds a regular file readable and writable, always; by POSIX "
		 "exceptional too, not on Linux.",
	.source = "POSIX.1-2024 select(), DESCRIPTION (regular files always select true)",
	.standing = SHALL,
	.portable = "Do not pass regular files to select().",
	.families = NO_FAMILY,
	.needs = NEEDS_DESCRIPTORS,
	.row = &by_select,
	.client = plain_file,
	.expect = { SELECT_ROWS_EXCEPT(CLIENT, 1, 1, WHY_FILE) },
};
