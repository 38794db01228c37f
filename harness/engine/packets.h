/* packets.h -- the packets of one pair: taken from the tap of its world, in memory that its keeper
 * and the scheduler share, and from there written to a file.
 *
 * They come to the scheduler in memory and not as files, because it is there that results are held
 * against a baseline: of a hundred pairs whose packets nobody wants no file is made. Roles are dead
 * before the first packet is put there, so they cannot change what is told of them.
 *
 * What is there: all that arrived on the loopback interface from the pair's beginning until its
 * last process was reaped. Linux delivers there before the call that sends returns, and a process
 * that ends sends its FIN or RST before it can be reaped; so of what the roles did nothing is
 * missing. Not there are packets that were still to come: what the stack sends on its own later
 * (delayed ACKs, retransmissions), what netem still holds, and what a flood left to a kernel
 * thread. Such a straggler of one pair may be among the packets of the next in that network.
 */
#ifndef SOCKDRILL_PACKETS_H
#define SOCKDRILL_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	PACKETS_ROOM = 2 << 20,         /* bytes of one pair's packets; what comes then is lost */
	PACKETS_TAP = 2 * PACKETS_ROOM, /* the kernel needs up to as much more to keep them */
};

struct packets;

/* New shared memory, which grows with what lies in it; NULL with errno. packets_destroy takes NULL.
 */
struct packets *packets_create(void);
void packets_destroy(struct packets *packets);

/* In the keeper, before a pair: forgets what the tap has kept. With packets NULL there is no tap
 * and nothing happens, in packets_take() neither. */
void packets_drop(struct packets *packets, int tap);
/* In the keeper, after the pair: takes what the tap has kept, in place of what was there before. */
void packets_take(struct packets *packets, int tap);

size_t packets_count(const struct packets *packets);
/* How many more there were for which there was no room. */
size_t packets_lost(const struct packets *packets);

/* Writes them as a pcapng file whose comment is `name`, from a system described so. Errors stay in
 * the stream. */
void packets_write(const struct packets *packets, const char *name, const char *system, FILE *out);

#endif
