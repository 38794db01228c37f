/* effect.c -- what a call has done to descriptors and sockets. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "trace/address.h"
#include "trace/follow.h"
#include "trace/memory.h"

enum { TYPE_MASK = 15, CONTROL_MAX = 4096 };

/* ---- At entry ---- */

/* A number is free again before close() has returned: another thread may have it already. */
static void close_range_now(struct thread *thread, const uint64_t *args)
{
	if (args[2] & CLOSE_RANGE_UNSHARE)
		thread_own_table(thread);
	if (!(args[2] & CLOSE_RANGE_CLOEXEC))
		table_drop_range(thread->table, (unsigned)args[0], (unsigned)args[1]);
}

/* Also of descriptors that are no sockets: what epoll gives back tells of all. */
static void note_tag(struct thread *thread, const uint64_t *args)
{
	struct file *epoll = table_get(thread->table, thread->tid, (int)args[0]);
	uint64_t tag;

	if (epoll->kind == FILE_EPOLL && (int)args[1] != EPOLL_CTL_DEL && (int)args[2] >= 0 &&
	    decode_epoll_tag(thread->tid, args[3], &tag))
		map_put(&epoll->tags, tag, (void *)((intptr_t)(int)args[2] + 1));
}

void effect_at_entry(struct thread *thread, enum trace_call call, const struct call_entry *entry)
{
	switch (call) {
	case CALL_close:
		table_drop(thread->table, (int)entry->args[0]);
		break;
	case CALL_close_range:
		close_range_now(thread, entry->args);
		break;
	case CALL_epoll_ctl:
		note_tag(thread, entry->args);
		break;
	default:
		break;
	}
}

/* ---- New sockets ---- */

static void made(struct thread *thread, struct effect *effect, int index, int fd)
{
	struct file *file = table_get(thread->table, thread->tid, fd);

	if (file->kind != FILE_SOCKET)
		return;
	effect->new_fd[index] = fd;
	effect->made[index] = file;
}

static void describe(struct file *file, int family, int type)
{
	if (!file)
		return;
	file->family = family;
	file->type = type;
	file->looked = true;
}

static void socket_made(struct thread *thread, const struct call *call, int fd,
			struct effect *effect)
{
	made(thread, effect, 0, fd);
	describe(effect->made[0], (int)call->entry.args[0], (int)call->entry.args[1] & TYPE_MASK);
}

static void pair_made(struct thread *thread, const struct call *call, struct effect *effect)
{
	int pair[2];

	if (!memory_get(thread->tid, call->entry.args[3], pair, sizeof pair))
		return;
	for (int i = 0; i < 2; i++) {
		made(thread, effect, i, pair[i]);
		describe(effect->made[i], (int)call->entry.args[0],
			 (int)call->entry.args[1] & TYPE_MASK);
	}
}

static void accepted(struct thread *thread, const struct call *call, int fd, struct effect *effect)
{
	made(thread, effect, 0, fd);
	struct file *file = effect->made[0];
	if (!file)
		return;
	if (call->file) {
		file->family = call->file->family;
		file->type = call->file->type;
	}
	file->connection = ++thread->process->connections;
	file_look(file, thread->process->pid, fd);
}

/* ---- Sockets that are there ---- */

static void renamed(struct thread *thread, const struct call *call)
{
	file_look(call->file, thread->process->pid, call->fd);
}

static void connected(struct thread *thread, const struct call *call)
{
	struct file *file = call->file;
	union socket_name name = { 0 };
	uint64_t length = call->entry.args[2];
	struct text text = { 0 };

	if (!file->connection && (file->type == SOCK_STREAM || file->type == SOCK_SEQPACKET))
		file->connection = ++thread->process->connections;
	file_set_peer(file, NULL);
	renamed(thread, call);
	/* Not there yet, but where it goes is known. */
	if (!file->peer && length <= sizeof name.storage &&
	    memory_get(thread->tid, call->entry.args[1], &name, length)) {
		address_put_name(&text, &name, length);
		file_set_peer(file, text.at);
	}
}

/* What has no name gets one with its first message. */
static void sent(struct thread *thread, const struct call *call)
{
	const char *local = file_local(call->file);
	size_t n = strlen(local);

	if (call->file->type == SOCK_DGRAM &&
	    (!call->file->local || (n > 1 && local[n - 1] == '0' && local[n - 2] == ':')))
		renamed(thread, call);
}

/* A control message that holds descriptors, at the front of what is left. */
static void pass_rights(struct thread *thread, const unsigned char *bytes, size_t n)
{
	for (size_t at = 0; at + sizeof(int) <= n; at += sizeof(int)) {
		int fd;
		memcpy(&fd, bytes + at, sizeof fd);
		struct file *file = table_get(thread->table, thread->tid, fd);
		if (file->kind == FILE_SOCKET)
			file->passed = true;
	}
}

/* What the message at that address has passed. */
static void passed_by(struct thread *thread, uint64_t address)
{
	struct message message;
	unsigned char bytes[CONTROL_MAX];

	if (!memory_get(thread->tid, address, &message, sizeof message))
		return;
	size_t n = message.control_length < CONTROL_MAX ? message.control_length : CONTROL_MAX;
	n = memory_read(thread->tid, message.control, bytes, n);
	struct control header;
	for (size_t at = 0; decode_control(bytes, n, &at, &header);)
		if (header.level == SOL_SOCKET && header.type == SCM_RIGHTS)
			pass_rights(thread, header.bytes, header.length);
}

static void passed(struct thread *thread, const struct call *call, int64_t result)
{
	uint64_t address = call->entry.args[1];

	if (call->file->family != AF_UNIX)
		return;
	if (call->call == CALL_sendmsg)
		passed_by(thread, address);
	else if (call->call == CALL_sendmmsg)
		for (int64_t i = 0; i < result; i++)
			passed_by(thread, address + (uint64_t)i * sizeof(struct message_of_many));
}

/* ---- Copies ---- */

static void copied(struct thread *thread, const struct call *call, int fd, struct effect *effect)
{
	/* What was there before is closed, and never was what it is now. */
	if (fd == call->fd)
		return;
	table_drop(thread->table, fd);
	if (!file_is_followed(call->file))
		return;
	table_set(thread->table, fd, call->file);
	if (call->file->kind != FILE_SOCKET)
		return;
	effect->new_fd[0] = fd;
	effect->made[0] = call->file;
}

static bool is_copying_fcntl(const struct call *call)
{
	int command = (int)call->entry.args[1];

	return call->call == CALL_fcntl && (command == F_DUPFD || command == F_DUPFD_CLOEXEC);
}

static void effect_on_socket(struct thread *thread, const struct call *call, int64_t result)
{
	if (!call->file || call->file->kind != FILE_SOCKET)
		return;
	if (call->call == CALL_connect && (result >= 0 || result == -EINPROGRESS))
		connected(thread, call);
	else if (result < 0)
		return;
	else if (call->call == CALL_bind || (call->call == CALL_listen && !call->file->local))
		renamed(thread, call);
	else if (trace_call_kind(call->call) == WRITES) {
		sent(thread, call);
		passed(thread, call, result);
	}
}

struct effect effect_of(struct thread *thread, const struct call *call, int64_t result)
{
	struct effect effect = { .new_fd = { -1, -1 } };

	effect_on_socket(thread, call, result);
	if (result < 0)
		return effect;
	if (call->call == CALL_socket)
		socket_made(thread, call, (int)result, &effect);
	else if (call->call == CALL_epoll_create || call->call == CALL_epoll_create1)
		table_get(thread->table, thread->tid, (int)result); /* its end is told, too */
	else if (call->call == CALL_socketpair)
		pair_made(thread, call, &effect);
	else if (trace_call_kind(call->call) == ACCEPTS)
		accepted(thread, call, (int)result, &effect);
	else if (trace_call_kind(call->call) == COPIES || is_copying_fcntl(call))
		copied(thread, call, (int)result, &effect);
	return effect;
}
