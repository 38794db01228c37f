/* board.c -- the shared page of a pair: clearing it, waiting for a change. */
#include "board.h"

#include <string.h>

#include "os/os.h"

static void side_clear(struct side *side)
{
	/* All of it: what a role says it has used is not to be relied on. */
	memset(side, 0, sizeof *side);
}

void board_clear(struct board *board)
{
	side_clear(&board->side[SERVER]);
	side_clear(&board->side[CLIENT]);
}

void board_announce(struct board *board)
{
	atomic_fetch_add(&board->changes, 1);
	os_wake_all(&board->changes);
}

void board_wait(struct board *board, uint32_t seen, long long timeout_ms)
{
	os_wait_while(&board->changes, seen, timeout_ms);
}
