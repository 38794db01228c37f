/* cmd_spy.c -- sockdrill spy: where a running process hangs, and what its sockets are. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/spy_json.h"
#include "os/os.h"
#include "reports/report.h"

enum { OVER_US = 200000 }; /* between the two looks */

static void put_thread(const struct spy_process *before, const struct spy_process *process,
		       const struct spy_thread *thread)
{
	const struct spy_thread *then = spy_thread_before(before, thread->tid);
	char text[1024];

	spy_put_thread(text, sizeof text, process, thread, SPY_FULL);
	printf("  thread %d %s", (int)thread->tid, *text ? text : "in an unknown call");
	if (then && spy_stayed(then, thread))
		printf(", and has not moved");
	putchar('\n');
}

static void put_socket(const struct spy_socket *socket)
{
	char text[512];
	const char *comma = ";";

	spy_put_socket(text, sizeof text, socket, SPY_FULL);
	printf("  fd %-3d %s", socket->fd, text);
	if (socket->nonblocking == 1) {
		printf("%s O_NONBLOCK", comma);
		comma = ",";
	}
	for (unsigned i = 0; i < socket->option_count; i++) {
		printf("%s %s %s", comma, socket->options[i].name, socket->options[i].value);
		comma = ",";
	}
	putchar('\n');
}

static void put_leaks(const struct spy_process *process)
{
	size_t leaks = 0;

	for (size_t i = 0; i < process->socket_count; i++)
		leaks += spy_leaks(&process->sockets[i]);
	if (!leaks)
		return;
	printf("leaks: %zu whose peer has closed, and which stay open: fd", leaks);
	for (size_t i = 0; i < process->socket_count; i++)
		if (spy_leaks(&process->sockets[i]))
			printf(" %d", process->sockets[i].fd);
	putchar('\n');
}

static void put_load(const struct spy_load *load)
{
	printf("processor: %.0f %% of one in %.1f s", load->percent, (double)load->over_us / 1e6);
	if (load->spinner)
		printf("; thread %d spins: it never waited", (int)load->spinner);
	putchar('\n');
}

static void put_process(const struct spy_process *before, const struct spy_process *process,
			const struct spy_load *load)
{
	printf("process %d ", (int)process->pid);
	put_plain(stdout, process->command, sizeof process->command);
	printf(", %zu thread%s, %zu socket%s\n", process->thread_total,
	       process->thread_total == 1 ? "" : "s", process->socket_count,
	       process->socket_count == 1 ? "" : "s");
	for (size_t i = 0; i < process->thread_count; i++)
		put_thread(before, process, &process->threads[i]);
	for (size_t i = 0; i < process->socket_count; i++)
		put_socket(&process->sockets[i]);
	put_leaks(process);
	put_load(load);
	for (unsigned bit = 1; bit && bit <= process->lacks; bit <<= 1)
		if (process->lacks & bit)
			printf("unknown: %s\n", spy_lack_text(bit));
}

/* Says why a process cannot be looked at. */
static int refuse(long long pid, int err)
{
	switch (err) {
	case ESRCH:
		return usage_error(&command_spy, "there is no process %lld, or it has ended", pid);
	case EACCES:
		return usage_error(&command_spy,
				   "process %lld does not let you look at it: run as its user or "
				   "as root",
				   pid);
	case ENOSYS:
		return harness_error(&command_spy, "this build cannot look at processes: only that "
						   "of Linux can");
	default:
		return harness_error(&command_spy, "cannot look at process %lld: %s", pid,
				     strerror(err));
	}
}

/* Looks twice, and prints the second look. */
static int look(pid_t pid, bool json)
{
	struct spy_cpu begin, end;
	struct spy_process *process = NULL;
	struct spy_process *before = spy_look(pid);

	if (!before)
		return refuse(pid, errno);
	if (spy_read_cpu(pid, &begin)) {
		/* The time that is measured; nothing is waited for. */
		os_pause_us(OVER_US);
		process = spy_read_cpu(pid, &end) ? spy_look(pid) : NULL;
	}
	int err = errno;
	if (process) {
		struct spy_load load = spy_load_between(&begin, &end);
		(json ? put_spy_json : put_process)(before, process, &load);
	}
	spy_free(before);
	bool looked = process != NULL;
	spy_free(process);
	return looked ? finish_output(&command_spy, STATUS_EXPECTED) : refuse(pid, err);
}

/* Says why the operands are not one process ID: what pidof printed often is none, or several. */
static int refuse_operands(int count, char **operands)
{
	if (count != 1 || strchr(operands[0], ' '))
		return usage_error(&command_spy, "give one process ID%s",
				   count ? ", not several" : "");
	if (!*operands[0])
		return usage_error(&command_spy,
				   "the process ID is empty: is the program running?");
	return usage_error(&command_spy, "'%s' is no process ID, which is a number from 1 to %d",
			   operands[0], INT_MAX);
}

struct spy_options {
	bool json;
};

/* clang-format off */
static const struct option_row option_rows[] = {
	{ "json", 0, NULL, "one JSON document; what is unknown is null",
	  OPTION_SWITCH(FIELD(struct spy_options, json)) },
	{ 0 },
};
/* clang-format on */

static int run(int argc, char **argv)
{
	struct spy_options options = { 0 };
	long long pid;

	int first = options_read(&command_spy, argc, argv, &options);
	if (first < 0)
		return STATUS_USAGE;
	if (argc - first != 1 || !parse_number(argv[first], 1, INT_MAX, &pid))
		return refuse_operands(argc - first, argv + first);
	return look((pid_t)pid, options.json);
}

const struct command command_spy = {
	.name = "spy",
	.usage = "PID",
	.summary = "print where a process hangs, and its sockets",
	.about = "Neither traces nor stops it; takes 0.2 s, to see what moves. Sockets: names,\n"
		 "TCP state, queues, and the options that are not as usual.\n",
	.options = option_rows,
	.help = "example: sockdrill spy \"$(pidof my_server)\"\n",
	.run = run,
};
