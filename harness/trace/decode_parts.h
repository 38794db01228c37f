/* decode_parts.h -- what arguments point to, as text; used by decode.c. */
#ifndef SOCKDRILL_TRACE_DECODE_PARTS_H
#define SOCKDRILL_TRACE_DECODE_PARTS_H

#include "trace/decode.h"

/* "{AF_INET, 127.0.0.1:80}", the pointer when it cannot be read. */
void parts_put_address(struct decode *d, struct text *to, uint64_t at, uint32_t length);
/* "127.0.0.1:80", or nothing. */
void parts_put_name(struct decode *d, struct text *to, uint64_t at, uint32_t length);
/* The name in the message of recvmsg() or sendmsg(), or nothing. */
void parts_put_message_name(struct decode *d, struct text *to);

/* `[{"ab", 2}, {"c", 1}]`. */
void parts_put_vector(struct decode *d, struct text *to, uint64_t at, uint64_t count);
/* `{[{"ab", 2}], name {AF_INET, 127.0.0.1:80}, control [SCM_RIGHTS 5 6], MSG_TRUNC}`. */
void parts_put_message(struct decode *d, struct text *to, uint64_t at);
/* `[{[{"ab", 2}], length 2}, ...]` of recvmmsg() and sendmmsg(); the pointer when none moved. */
void parts_put_messages(struct decode *d, struct text *to, uint64_t at, uint64_t count);

/* "SO_REUSEADDR" of its level. */
void parts_put_option(struct text *to, int level, int option);
/* The value of an option: "[1]", "{1, 0}", quoted bytes. */
void parts_put_value(struct decode *d, struct text *to, uint64_t at, uint32_t length);

/* "[{4, IN}, {5, IN|OUT}]". */
void parts_put_polled(struct decode *d, struct text *to, uint64_t at, uint64_t count);
/* "[3 4]"; NULL. */
void parts_put_set(struct decode *d, struct text *to, uint64_t at, int limit);
/* A timeval (unit 1000000) or timespec (1000000000): "1.5 s"; NULL. */
void parts_put_time(struct decode *d, struct text *to, uint64_t at, long long unit);
/* "{IN|ET, 0x5}". */
void parts_put_epoll_event(struct decode *d, struct text *to, uint64_t at);
/* The result of a wait: "1 (fd 4 IN|HUP)". */
void parts_put_ready(struct decode *d, struct text *to);

#endif
