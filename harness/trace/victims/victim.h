/* victim.h -- small servers that faults are tried on: each serves one client on a port of the
 * system's choice, which it tells on stdout, and ends with 0 when all went well. */
#ifndef SOCKDRILL_TRACE_VICTIM_H
#define SOCKDRILL_TRACE_VICTIM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One call that receives at most n bytes, and one that sends them. Both as recv() and send(). */
struct way {
	ssize_t (*get)(int fd, char *bytes, size_t n);
	ssize_t (*put)(int fd, const char *bytes, size_t n);
};

extern const struct way way_plain, way_vector, way_message, way_file, way_whole;

/* They go on after EINTR and with what is missing. receive_all gives less than n at the end only;
 * -1 with errno. */
ssize_t receive_some(const struct way *way, int fd, char *bytes, size_t n);
ssize_t receive_all(const struct way *way, int fd, char *bytes, size_t n);
bool send_all(const struct way *way, int fd, const char *bytes, size_t n);

/* Says on stderr what failed, and why; gives 1, the exit status. */
int failed(const char *what);

/* Serve one connection; give the exit status. Naive ones take what one call gave for all there is,
 * and an error for the end. */
typedef int serve_function(const struct way *way, int conn);
serve_function echo_good, echo_naive, line_good, line_naive, struct_good, struct_naive;

#endif
