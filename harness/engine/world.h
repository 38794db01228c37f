/* world.h -- a world: the private surroundings of pairs, kept by a process of its own.
 *
 * Processes: the scheduler forks one keeper per world. The keeper raises the walls (on Linux: user
 * if not root, network, mount, PID and IPC namespace, loopback up, a private directory), then runs
 * pairs one after the other as the scheduler orders. A world in which a pair ended cleanly is
 * used again, with a new network if the pair declared that it changes it; after a time-out, a
 * crash or a process left behind it is thrown away. Orders come through a pipe, completions go
 * through one pipe that all keepers share; what happened lies in the stage, which is shared memory.
 * When the order pipe hangs up, the scheduler is gone: the keeper kills and removes everything and
 * ends. Where PID namespaces stand, the kernel does the same when the keeper dies.
 */
#ifndef SOCKDRILL_WORLD_H
#define SOCKDRILL_WORLD_H

#include "engine/needs.h"
#include "engine/packets.h"
#include "engine/pair.h"

struct order {
	const struct sock_case *test; /* the keeper is a fork: it has the same pointers */
	enum family family;
	uint32_t limit_ms;
	struct disturbance disturbance;
	char name[96]; /* of the directory that --keep leaves */
};

/* What a keeper says when it has carried out an order. */
struct completion {
	uint32_t slot;
	uint32_t reusable; /* the world is as it was */
	uint32_t unusable; /* the world could not be made; stage->ending.trouble says why */
};

struct world_setting {
	const struct os_walls *walls;
	bool threads;    /* the roles of a pair are threads of one process */
	size_t log_size; /* of the calls of each pair; 0: they are not traced */
	bool tapped;     /* the packets of each pair are taken */
	unsigned stretch_percent;
	unsigned slowness;   /* of this machine: role/effective.h */
	const char *keep_in; /* --keep: each pair leaves its directory there; else NULL */
	int done_fd;         /* completions are written here */
};

struct world {
	pid_t keeper; /* 0: none */
	int orders;   /* write end; -1: dismissed */
	struct stage *stage;
	struct packets *packets; /* of the last pair; NULL: none are taken */
};

/* Forks a keeper for `slot`. False with errno when it cannot. */
bool world_open(struct world *world, const struct world_setting *setting, uint32_t slot);
bool world_order(struct world *world, const struct order *order);
/* Tells the keeper to end, which it does while others are told. Takes a world without a keeper. */
void world_dismiss(struct world *world);
/* Ends the world and all that is in it, and reaps the keeper. Takes a world without a keeper. */
void world_close(struct world *world);

/* Removes what a keeper left that was killed and has been reaped. */
void world_bury(struct world *world);

/* Runs one pair with `here` in the foreground of this process, in a world without a PID namespace.
 */
bool world_run_here(const struct abilities *abilities, const struct order *order, enum who here,
		    struct stage *stage);

#endif
