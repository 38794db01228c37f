/* linux_entries.c -- the entries of a directory, read with system calls directly and without memory
 * of the heap. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/linux.h"

/* As getdents64() gives it. */
struct kernel_entry {
	uint64_t inode;
	int64_t offset;
	unsigned short len;
	unsigned char type;
	char name[];
};

void linux_begin_entries(int dirfd, struct linux_entries *ret_entries)
{
	ret_entries->dirfd = dirfd;
	ret_entries->err = 0;
	ret_entries->len = 0;
	ret_entries->at = 0;
	lseek(dirfd, 0, SEEK_SET);
}

const char *linux_next_entry(struct linux_entries *entries)
{
	for (;;) {
		if (entries->at >= entries->len) {
			entries->at = 0;
			entries->len = syscall(SYS_getdents64, entries->dirfd, entries->block,
					       sizeof entries->block);
			if (entries->len < 0)
				entries->err = errno;
			if (entries->len <= 0)
				return NULL;
		}
		const struct kernel_entry *e = (const void *)(entries->block + entries->at);
		entries->at += e->len;
		if (strcmp(e->name, ".") != 0 && strcmp(e->name, "..") != 0)
			return e->name;
	}
}
