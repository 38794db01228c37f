/* table.c -- which descriptor of which process is which socket: by inode, of which every socket has
 * one of its own. */
#include "trace/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

struct table {
	unsigned holders;
	struct registry *registry;
	struct map files; /* by descriptor */
};

void registry_start(struct registry *registry)
{
	*registry = (struct registry){ 0 };
	registry->other = (struct file){ .kind = FILE_OTHER, .registry = registry };
	registry->closed = (struct file){ .kind = FILE_CLOSED, .registry = registry };
}

static void file_destroy(struct file *file)
{
	free(file->local);
	free(file->peer);
	map_finish(&file->tags);
	free(file);
}

void registry_finish(struct registry *registry)
{
	size_t at = 0;

	/* Those which were passed, and never came out. */
	for (struct file *file; (file = map_next(&registry->by_inode, &at, NULL)) != NULL;)
		file_destroy(file);
	map_finish(&registry->by_inode);
}

/* Those that stand for all of their kind are nobody's. */
bool file_is_followed(const struct file *file)
{
	return file && (file->kind == FILE_SOCKET || file->kind == FILE_EPOLL);
}

struct file *file_hold(struct file *file)
{
	file->holders++;
	return file;
}

void file_release(struct file *file)
{
	if (!file || --file->holders || !file_is_followed(file) || file->passed)
		return;
	if (file->kind == FILE_SOCKET)
		map_take(&file->registry->by_inode, file->inode);
	file_destroy(file);
}

const char *file_local(const struct file *file)
{
	return file->local ? file->local : "";
}

const char *file_peer(const struct file *file)
{
	return file->peer ? file->peer : "";
}

void file_set_peer(struct file *file, char *peer)
{
	free(file->peer);
	file->peer = peer;
}

void file_set_local(struct file *file, char *local)
{
	free(file->local);
	file->local = local;
}

static struct file *make_file(struct registry *registry, enum file_kind kind, uint64_t inode)
{
	struct file *file = must_alloc(1, sizeof *file);

	file->kind = kind;
	file->registry = registry;
	file->inode = inode;
	if (kind == FILE_SOCKET) {
		file->number = ++registry->sockets;
		map_put(&registry->by_inode, inode, file);
	}
	return file;
}

struct table *table_create(struct registry *registry)
{
	struct table *table = must_alloc(1, sizeof *table);

	table->holders = 1;
	table->registry = registry;
	return table;
}

struct table *table_share(struct table *table)
{
	table->holders++;
	return table;
}

struct table *table_copy(const struct table *table)
{
	struct table *copy = table_create(table->registry);
	size_t at = 0;
	uint64_t fd;

	for (struct file *file; (file = map_next(&table->files, &at, &fd)) != NULL;)
		map_put(&copy->files, fd, file_hold(file));
	return copy;
}

bool table_is_shared(const struct table *table)
{
	return table->holders > 1;
}

void table_release(struct table *table)
{
	size_t at = 0;

	if (!table || --table->holders)
		return;
	for (struct file *file; (file = map_next(&table->files, &at, NULL)) != NULL;)
		file_release(file);
	map_finish(&table->files);
	free(table);
}

/* What the system says that fd is: "socket:[12345]", "anon_inode:[eventpoll]"; false: not open. */
static bool read_link(pid_t tid, int fd, char *ret_text, size_t room)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)tid, fd);
	ssize_t n = readlink(path, ret_text, room - 1);
	if (n < 0)
		return false;
	ret_text[n] = 0;
	return true;
}

static bool read_inode(const char *link, uint64_t *ret_inode)
{
	char *end;

	if (strncmp(link, "socket:[", 8) != 0)
		return false;
	*ret_inode = strtoull(link + 8, &end, 10);
	return *end == ']';
}

static struct file *learn(struct table *table, pid_t tid, int fd)
{
	char link[64];
	uint64_t inode;

	if (!read_link(tid, fd, link, sizeof link))
		return NULL;
	if (read_inode(link, &inode)) {
		struct file *known = map_get(&table->registry->by_inode, inode);
		return known ? known : make_file(table->registry, FILE_SOCKET, inode);
	}
	if (!strcmp(link, "anon_inode:[eventpoll]"))
		return make_file(table->registry, FILE_EPOLL, 0);
	return &table->registry->other;
}

struct file *table_known(const struct table *table, int fd)
{
	return fd < 0 ? NULL : map_get(&table->files, (unsigned)fd);
}

struct file *table_get(struct table *table, pid_t tid, int fd)
{
	struct file *known = table_known(table, fd);

	if (fd < 0 || (known && known->kind != FILE_CLOSED))
		return known ? known : &table->registry->other;
	struct file *file = learn(table, tid, fd);
	if (!file)
		return known ? known : &table->registry->other;
	table_set(table, fd, file);
	return file;
}

void table_set(struct table *table, int fd, struct file *file)
{
	file_hold(file);
	file_release(map_put(&table->files, (unsigned)fd, file));
}

void table_drop(struct table *table, int fd)
{
	struct file *file = fd < 0 ? NULL : map_take(&table->files, (unsigned)fd);

	if (!file)
		return;
	if (file_is_followed(file) || file->kind == FILE_CLOSED)
		table_set(table, fd, &table->registry->closed);
	file_release(file);
}

unsigned table_followed(const struct table *table, unsigned first, unsigned last)
{
	size_t at = 0;
	unsigned followed = 0;
	uint64_t fd;

	for (struct file *file; (file = map_next(&table->files, &at, &fd)) != NULL;)
		followed += fd >= first && fd <= last && file_is_followed(file);
	return followed;
}

/* Drops those of first ... last for which `goes` says so. */
static void drop_if(struct table *table, unsigned first, unsigned last,
		    bool (*goes)(const struct file *, pid_t tid, int fd), pid_t tid)
{
	int *found = must_alloc(table->files.count + 1, sizeof *found);
	size_t at = 0, count = 0;
	uint64_t fd;

	for (struct file *file; (file = map_next(&table->files, &at, &fd)) != NULL;)
		if (fd >= first && fd <= last && goes(file, tid, (int)fd))
			found[count++] = (int)fd;
	while (count)
		table_drop(table, found[--count]);
	free(found);
}

static bool goes_always(const struct file *file, pid_t tid, int fd)
{
	(void)file, (void)tid, (void)fd;
	return true;
}

/* What is no socket is looked at again when it is used. */
static bool is_gone(const struct file *file, pid_t tid, int fd)
{
	char link[64];
	uint64_t inode;

	return !file_is_followed(file) || !read_link(tid, fd, link, sizeof link) ||
	       (file->kind == FILE_SOCKET && !(read_inode(link, &inode) && inode == file->inode)) ||
	       (file->kind == FILE_EPOLL && strcmp(link, "anon_inode:[eventpoll]") != 0);
}

void table_drop_range(struct table *table, unsigned first, unsigned last)
{
	drop_if(table, first, last, goes_always, 0);
}

void table_exec(struct table *table, pid_t tid)
{
	drop_if(table, 0, UINT32_MAX, is_gone, tid);
}
