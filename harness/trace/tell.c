/* tell.c -- makes events and gives them to who wants them. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/os.h"
#include "trace/follow.h"

static struct trace_event event_of(const struct tracer *tracer, const struct process *process,
				   pid_t tid, enum trace_what what)
{
	return (struct trace_event){
		.what = what,
		.start_us = tracer_now(tracer, os_now_us()),
		.side = process->side,
		.process = process->number,
		.pid = process->pid,
		.tid = tid,
		.fd = -1,
		.new_fd = -1,
		.new_fd2 = -1,
		.arguments = "",
		.result_text = "",
		.local = "",
		.peer = "",
		.fault = "",
	};
}

static void tell(struct tracer *tracer, const struct trace_event *event)
{
	tracer->setting.sink(tracer->setting.context, event);
}

/* ---- Calls ---- */

void tell_prepare(struct tracer *tracer, struct thread *thread, const struct call *call,
		  struct decode *d)
{
	*d = (struct decode){
		.tid = thread->tid,
		.call = call->call,
		.args = call->entry.args,
		.table = thread->table,
		.file = call->file,
		.room = call->room,
		.show_bytes = tracer->setting.show_bytes,
		.bytes = tracer->bytes,
	};
}

static bool peeks(const struct call *call)
{
	switch (call->call) {
	case CALL_recvfrom:
	case CALL_recvmmsg:
		return call->entry.args[3] & MSG_PEEK;
	case CALL_recvmsg:
		return call->entry.args[2] & MSG_PEEK;
	default:
		return false;
	}
}

static void put_socket(struct trace_event *event, const struct file *file)
{
	event->type = file->type;
	event->family = file->family;
	event->connection = file->connection;
	event->local = file_local(file);
	event->peer = file_peer(file);
}

static void put_effect(struct trace_event *event, const struct effect *effect)
{
	if (!effect || !effect->made[0])
		return;
	event->new_fd = effect->new_fd[0];
	event->new_socket = effect->made[0]->number;
	put_socket(event, effect->made[0]);
	if (!effect->made[1])
		return;
	event->new_fd2 = effect->new_fd[1];
	event->new_socket2 = effect->made[1]->number;
}

static void put_texts(struct tracer *tracer, struct decode *d, struct call *call,
		      struct trace_event *event)
{
	text_clear(&tracer->arguments);
	text_clear(&tracer->result);
	text_clear(&tracer->peer);
	text_clear(&tracer->fault);
	if (!call->has_arguments)
		decode_arguments(d, &tracer->arguments);
	decode_result(d, &tracer->result);
	decode_peer(d, &tracer->peer);
	event->arguments = text_get(call->has_arguments ? &call->arguments : &tracer->arguments);
	if (tracer->peer.length)
		event->peer = text_get(&tracer->peer);
	if (!call->fault_done)
		return;
	apply_put(&tracer->fault, call);
	event->fault = text_get(&tracer->fault);
}

void tell_call(struct tracer *tracer, struct thread *thread, struct call *call, bool returned,
	       int64_t kernel_result, int64_t seen_result, const struct effect *effect)
{
	struct trace_event event = event_of(tracer, thread->process, thread->tid, TRACE_CALL);
	struct decode d;

	event.took_us = event.start_us - call->start_us;
	event.start_us = call->start_us;
	event.unfinished = !returned;
	event.call = call->call;
	event.number = call->number;
	event.fd = call->fd;
	if (call->file && call->file->kind == FILE_SOCKET) {
		event.socket = call->file->number;
		put_socket(&event, call->file);
	}
	put_effect(&event, effect);
	tell_prepare(tracer, thread, call, &d);
	d.returned = returned;
	/* The data are those that moved, whatever the program is told. */
	d.result = kernel_result;
	decode_data(&d);
	put_texts(tracer, &d, call, &event);
	if (seen_result != kernel_result) {
		text_clear(&tracer->result);
		decode_number(&tracer->result, seen_result);
	}
	event.result = seen_result;
	event.result_text = text_get(&tracer->result);
	event.bytes = tracer->bytes;
	event.moved = d.moved;
	event.shown = d.moved < (long long)d.shown ? (size_t)d.moved : d.shown;
	event.peek = peeks(call);
	tell(tracer, &event);
}

/* ---- The rest ---- */

/* The words of the command line, each with a zero byte at its end, with blanks between them. */
static void put_words(struct text *to, const char *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i])
			text_put_escaped(to, (const unsigned char *)words + i, 1);
		else if (i + 1 < n)
			text_putc(to, ' ');
}

/* The command line of a process; it lives until the next event. */
static const char *command_line(struct tracer *tracer, pid_t pid)
{
	char path[40], words[4096];

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : os_read(fd, words, sizeof words);
	if (fd >= 0)
		close(fd);
	text_clear(&tracer->arguments);
	put_words(&tracer->arguments, words, n > 0 ? (size_t)n : 0);
	return text_get(&tracer->arguments);
}

void tell_begin(struct tracer *tracer, const struct process *process, unsigned parent)
{
	struct trace_event event = event_of(tracer, process, process->pid, TRACE_BEGIN);

	event.parent = parent;
	/* Of others it is told when they execute it, or is their parent's. */
	if (process->is_attached && !parent)
		event.arguments = command_line(tracer, process->pid);
	tell(tracer, &event);
}

void tell_program(struct tracer *tracer, const struct thread *thread)
{
	struct trace_event event = event_of(tracer, thread->process, thread->tid, TRACE_PROGRAM);

	event.arguments = command_line(tracer, thread->process->pid);
	tell(tracer, &event);
}

void tell_signal(struct tracer *tracer, const struct thread *thread, int signal)
{
	struct trace_event event = event_of(tracer, thread->process, thread->tid, TRACE_SIGNAL);
	const char *name = os_signal_name(signal);

	event.result = signal;
	event.arguments = name ? name : "";
	tell(tracer, &event);
}

void tell_end(struct tracer *tracer, const struct process *process, int status)
{
	struct trace_event event = event_of(tracer, process, process->pid, TRACE_END);

	event.result = status;
	tell(tracer, &event);
}
