/* memory.h -- the memory of a traced process. */
#ifndef SOCKDRILL_TRACE_MEMORY_H
#define SOCKDRILL_TRACE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Copies up to n bytes from address; how many could be read: fewer where its memory ends. */
size_t memory_read(pid_t tid, uint64_t address, void *bytes, size_t n);
/* The same, all or nothing. */
bool memory_get(pid_t tid, uint64_t address, void *bytes, size_t n);
/* Writes n bytes, also where the program itself may not write. False with errno. */
bool memory_put(pid_t tid, uint64_t address, const void *bytes, size_t n);

#endif
