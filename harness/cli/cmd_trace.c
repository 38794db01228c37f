/* cmd_trace.c -- sockdrill trace: the socket calls of any program, and faults in them. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/trace_end.h"
#include "engine/aside.h"
#include "trace/fault.h"
#include "trace/print.h"
#include "trace/tracer.h"

/* Statuses of commands that cannot be run, as shells have them. */
enum { STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127, STATUS_SIGNAL = 128 };

enum { FAULTS_MAX = 64, SHOW_MAX = 1 << 20, FLUSH_US = 100000, FLUSH_SIZE = 1 << 15 };

/* Events kept for the end; memory is taken as it is used. */
enum { LOG_SIZE = 256 << 20 };

struct trace_options {
	const char *output; /* NULL: standard error */
	const char *svg;    /* NULL: none */
	bool json, quiet, pins, ladder;
	size_t show;
	const char *faults[FAULTS_MAX];
	size_t fault_count;
	uint64_t seed;
	pid_t pid; /* 0: none, a command is given */
	char **command;
};

#define IN(member) FIELD(struct trace_options, member)
/* clang-format off */
static const struct option_row option_rows[] = {
	{ "output", 'o', "FILE", "write the log there instead",
	  OPTION_TEXT(IN(output)) },
	{ "json", 0, NULL, "as JSON Lines; harness/trace/print.h tells the keys",
	  OPTION_SWITCH(IN(json)) },
	{ "show", 0, "BYTES", "of the data of each call (32)",
	  OPTION_NUMBER(IN(show), 0, SHOW_MAX), .allowed = "bytes" },
	{ "fault", 0, "FAULT", "a fault in some calls; see below",
	  OPTION_LIST(struct trace_options, faults, fault_count) },
	{ "seed", 0, "N", "another choice of the calls that fail by chance (1)",
	  OPTION_NUMBER(IN(seed), 0, LLONG_MAX), .allowed = "a seed" },
	{ "pid", 0, "PID", "follow a process that runs already, until it ends or ^C",
	  OPTION_NUMBER(IN(pid), 1, INT_MAX), .allowed = "a process ID" },
	{ "pin", 0, NULL, "keep all to one processor: faster, but nothing runs at once",
	  OPTION_SWITCH(IN(pins)) },
	{ "ladder", 0, NULL, "instead of the log, at the end: who sent what to whom",
	  OPTION_SWITCH(IN(ladder)) },
	{ "svg", 0, "FILE", "that as a picture, too",
	  OPTION_TEXT(IN(svg)) },
	{ "quiet", 'q', NULL, "only the calls with a fault",
	  OPTION_SWITCH(IN(quiet)) },
	{ 0 },
};
/* clang-format on */
#undef IN

/* ---- The command line ---- */

static int take_operands(int argc, char **argv, struct trace_options *o)
{
	if (o->pid && argc)
		return usage_error(&command_trace, "give --pid or a command, not both");
	if (o->ladder && o->json)
		return usage_error(&command_trace, "--ladder does not go with --json: "
						   "use one, or --svg FILE beside --json");
	if (!o->pid && !argc)
		return usage_error(&command_trace, "give a command, or a process with --pid");
	o->command = argv;
	return STATUS_EXPECTED;
}

static int parse_options(int argc, char **argv, struct trace_options *o)
{
	int first = options_read(&command_trace, argc, argv, o);

	return first < 0 ? STATUS_USAGE : take_operands(argc - first, argv + first, o);
}

/* ---- Signals ---- */

/* A handler has nothing else to go by. */
static volatile sig_atomic_t command_pid; /* 0: none, or it has ended */
static volatile sig_atomic_t ends;        /* tracing is to end */

/* What comes from the terminal the command gets itself. */
static void on_end(int signo, siginfo_t *info, void *context)
{
	(void)context;
	if (!command_pid)
		ends = 1;
	else if (info->si_code == SI_USER || info->si_code == SI_QUEUE)
		kill((pid_t)command_pid, signo);
}

static void on_alarm(int signo)
{
	(void)signo; /* it interrupts a wait, so that the log is flushed */
}

static void handle_signals(void)
{
	static const int passed[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_sigaction = on_end, .sa_flags = SA_SIGINFO };
	struct sigaction alarm = { .sa_handler = on_alarm };
	struct sigaction before;

	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		/* What is ignored, as nohup does, stays so. */
		if (!sigaction(passed[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(passed[i], &action, NULL);
	sigaction(SIGALRM, &alarm, NULL);
}

/* ---- The log ---- */

struct output {
	struct aside aside; /* .out is NULL: standard error */
	struct aside svg;   /* .out is NULL: no picture */
	bool json, quiet, ladder;
	bool draws;            /* a ladder as text or as a picture */
	struct trace_log *log; /* for the end */
	struct text lines;     /* not yet written; while there are any, an alarm is set */
};

static FILE *stream_of(const struct output *output)
{
	return output->aside.out ? output->aside.out : stderr;
}

static void set_alarm(long us)
{
	struct itimerval timer = { { 0, us }, { 0, us } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

/* Errors stay in the stream. */
static void write_lines(struct output *output)
{
	if (!output->lines.length)
		return;
	if (output->aside.out)
		set_alarm(0);
	fwrite(output->lines.at, 1, output->lines.length, stream_of(output));
	fflush(stream_of(output));
	text_clear(&output->lines);
}

/* Lives ask for no data: it is kept for ladders only, as memory costs more than the rest. */
static void keep_event(struct output *output, const struct trace_event *event)
{
	struct trace_event bare = *event;

	bare.arguments = "";
	bare.shown = 0;
	trace_log_event(output->log, event->moved > 0 && !output->draws ? &bare : event);
}

static void put_event(void *context, const struct trace_event *event)
{
	struct output *output = context;

	keep_event(output, event);
	if (output->ladder || (output->quiet && !*event->fault))
		return;
	bool is_first = !output->lines.length;
	if (output->json)
		trace_put_json(&output->lines, event);
	else
		trace_put_text(&output->lines, event);
	/* Standard error is where the command may write, too. */
	if (!output->aside.out || output->lines.length >= FLUSH_SIZE)
		write_lines(output);
	else if (is_first)
		set_alarm(FLUSH_US);
}

/* Programs that read JSON make their own of it. */
static void put_end(struct output *output)
{
	const struct trace_end end = {
		.ladder = output->ladder,
		.only_findings = output->quiet,
		.width = terminal_width(fileno(stream_of(output))),
		.color = output->ladder && isatty(fileno(stream_of(output))) && !getenv("NO_COLOR"),
	};

	if (!output->json)
		trace_end_put(stream_of(output), output->log, &end);
}

static int cannot_write(const char *path)
{
	return harness_error(&command_trace, "cannot write %s: %s", path, strerror(errno));
}

/* Before the program runs: what cannot be written is said at once. */
static int open_output(const struct trace_options *o, struct output *output)
{
	if (o->svg && !aside_open(&output->svg, o->svg, false))
		return cannot_write(o->svg);
	if (!o->output || aside_open(&output->aside, o->output, true))
		return STATUS_EXPECTED;
	int status = cannot_write(o->output);
	if (output->svg.out)
		aside_abandon(&output->svg);
	return status;
}

static int close_output(struct output *output, const char *path)
{
	bool failed;

	if (output->aside.out)
		failed = !aside_close(&output->aside);
	else
		failed = ferror(stderr);
	if (failed)
		return cannot_write(path ? path : "to standard error");
	return STATUS_EXPECTED;
}

/* ---- Running ---- */

static void execute(struct trace_gate *gate, char **command)
{
	if (!tracer_consent(gate)) {
		harness_error(&command_trace, "cannot trace: %s; 'sockdrill doctor' says more",
			      strerror(errno));
		_exit(STATUS_HARNESS);
	}
	execvp(*command, command);
	int err = errno;
	harness_error(&command_trace, "cannot run %s: %s", *command, strerror(err));
	_exit(err == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* Starts the command; its process, or -1 with errno. */
static pid_t start_command(struct tracer *tracer, char **command)
{
	struct trace_gate gate;

	if (!trace_gate_open(&gate))
		return -1;
	fflush(NULL);
	pid_t pid = fork();
	if (pid < 0)
		return -1;
	if (!pid)
		execute(&gate, command);
	command_pid = pid;
	/* When it fails, the child tells why and ends. */
	tracer_follow(tracer, &gate, pid, SIDE_NONE);
	return pid;
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Follows until nothing is left or the user has enough; the status of `pid`. */
static int follow(struct tracer *tracer, struct output *output, pid_t pid)
{
	int status, end = STATUS_EXPECTED;

	while (!ends) {
		pid_t tid = tracer_wait(&status);
		if (tid < 0 && errno == EINTR) {
			write_lines(output);
			continue;
		}
		if (tid < 0)
			break;
		enum tracer_took took = tracer_take(tracer, tid, status);
		bool has_ended =
			took == TRACER_ENDED || (took == TRACER_FOREIGN && !WIFSTOPPED(status));
		if (has_ended && tid == pid) {
			end = status_of(status);
			command_pid = 0;
		}
	}
	return end;
}

static int trace(struct tracer *tracer, const struct trace_options *o, struct output *output)
{
	if (o->pid) {
		if (!tracer_attach(tracer, o->pid))
			return harness_error(&command_trace, "cannot follow process %d: %s",
					     (int)o->pid, strerror(errno));
		follow(tracer, output, 0);
		return STATUS_EXPECTED;
	}
	pid_t pid = start_command(tracer, o->command);
	if (pid < 0)
		return harness_error(&command_trace, "cannot start a process: %s", strerror(errno));
	return follow(tracer, output, pid);
}

static void tell_unused_faults(const struct trace_options *o, const struct fault_plan *plan)
{
	for (size_t i = 0; i < o->fault_count; i++)
		if (!fault_plan_hits(plan, i))
			fprintf(stderr, "sockdrill trace: --fault %s fitted no call\n",
				o->faults[i]);
}

/* False with errno: it could not be written. */
static bool put_picture(const struct trace_options *o, struct output *output)
{
	if (trace_end_put_svg(output->svg.out, output->log))
		return aside_close(&output->svg);
	aside_abandon(&output->svg);
	fprintf(stderr, "sockdrill trace: no socket was used: %s is not written\n", o->svg);
	return true;
}

static int run_traced(const struct trace_options *o, struct output *output,
		      struct fault_plan *faults)
{
	struct tracer_setting setting = {
		.show_bytes = o->show,
		.faults = faults,
		.sink = put_event,
		.context = output,
	};
	struct tracer *tracer = tracer_create(&setting);

	if (!tracer)
		return harness_error(&command_trace, "cannot trace: %s",
				     tracer_why_not() ? tracer_why_not() : strerror(errno));
	handle_signals();
	if (o->pins && !tracer_pin())
		harness_error(&command_trace, "cannot pin: %s", strerror(errno));
	int status = trace(tracer, o, output);
	tracer_destroy(tracer);
	write_lines(output);
	put_end(output);
	int written = close_output(output, o->output);
	if (output->svg.out && !put_picture(o, output))
		written = cannot_write(o->svg);
	if (faults)
		tell_unused_faults(o, faults);
	return written == STATUS_EXPECTED ? status : written;
}

static int run(int argc, char **argv)
{
	struct trace_options o = { .show = 32, .seed = 1, .command = argv };
	struct output output = { 0 };
	struct fault_plan *faults = NULL;
	char *error = NULL;
	int status = parse_options(argc, argv, &o);

	if (status != STATUS_EXPECTED)
		return status;
	output.json = o.json;
	output.quiet = o.quiet;
	output.ladder = o.ladder;
	output.draws = o.ladder || o.svg;
	if (o.fault_count) {
		faults = fault_plan_create(o.faults, o.fault_count, o.seed, &error);
		if (!faults) {
			status = usage_error(&command_trace, "%s", error);
			free(error);
			return status;
		}
	}
	output.log = trace_log_create(LOG_SIZE);
	if (!output.log)
		status = harness_error(&command_trace, "cannot keep a log: %s", strerror(errno));
	else
		status = open_output(&o, &output);
	if (status == STATUS_EXPECTED)
		status = run_traced(&o, &output, faults);
	/* What was not reached. */
	if (output.svg.out)
		aside_abandon(&output.svg);
	text_finish(&output.lines);
	trace_log_destroy(output.log);
	fault_plan_destroy(faults);
	return status;
}

const struct command command_trace = {
	.name = "trace",
	.usage = "[OPTION...] [--] COMMAND [ARGUMENT...]",
	.summary = "show the socket calls of any program and its children, with faults",
	.about = "The log goes to standard error, a line per call:\n"
		 "  SECONDS PROCESS CALL(ARGUMENTS) = RESULT <DURATION> [FAULT]\n",
	.options = option_rows,
	.help = "At the end stand the calls on each socket, and what was wrong: sockets never\n"
		"closed, failures ignored, reads after the end of file, bad closes.\n"
		"Status: the command's, 128 + N when signal N ended it, 127 when there is no such\n"
		"command, 126 when it cannot be executed.\n"
		"\n" FAULT_HELP "\n"
		"example: sockdrill trace ./server 8080\n"
		"example: sockdrill trace --fault read=short@every3 -- ./server 8080\n",
	.operands_last = true,
	.run = run,
};
