/* peer.c -- the other role: meetings, messages, proof that it is blocked, signals to it. */
#include "os/os.h"
#include "role/role.h"
#include "role/state.h"

static const char *const side_names[] = { [SERVER] = "server", [CLIENT] = "client" };

static const char *peer_word(const struct role *me)
{
	return side_names[me->who == SERVER ? CLIENT : SERVER];
}

/* Waits until *counter of the other side is at least `want`; false when that side is gone and
 * never will be. */
static bool await(struct role *me, const _Atomic uint32_t *counter, uint32_t want)
{
	for (;;) {
		uint32_t seen = atomic_load(&me->board->changes);
		if (atomic_load(counter) >= want)
			return true;
		if (atomic_load(&peer_side(me)->gone))
			return atomic_load(counter) >= want;
		board_wait(me->board, seen, -1);
	}
}

void meet(struct role *me, const char *name)
{
	struct side *mine = my_side(me);
	struct side *theirs = peer_side(me);
	uint32_t turn = atomic_load(&mine->arrivals);
	const char *their_name = theirs->meeting[turn % 2];

	/* Two names, because the other side may already be on its way to the next meeting, but
	 * cannot pass that one before this side has come to it. */
	snprintf(mine->meeting[turn % 2], NAME_MAX_LEN, "%s", name);
	note_state(me, ROLE_AT_MEETING, name);
	atomic_store(&mine->arrivals, turn + 1);
	board_announce(me->board);
	if (!await(me, &theirs->arrivals, turn + 1))
		role_broke(me, 0, "waited at meeting \"%s\", but the %s had ended", name,
			   peer_word(me));
	if (strncmp(their_name, name, NAME_MAX_LEN - 1) != 0)
		role_broke(me, 0, "came to meeting \"%s\" while the %s came to \"%.63s\"", name,
			   peer_word(me), their_name);
	note_state(me, ROLE_RUNNING, NULL);
}

/* Counts everything by which a role shows that it has gone on. */
static uint32_t signs_of(const struct side *side)
{
	return atomic_load(&side->arrivals) + atomic_load(&side->sent) + atomic_load(&side->gone);
}

/* How many signs of the other side this one has answered: meetings it has also come to, messages it
 * has taken. */
static uint32_t answered(const struct role *me)
{
	return atomic_load(&my_side(me)->arrivals) + atomic_load(&my_side(me)->taken);
}

int peer_silent_for(struct role *me, long long ms)
{
	long long deadline = now_ms() + ms;

	for (long long left = ms; left > 0; left = deadline - now_ms()) {
		uint32_t seen = atomic_load(&me->board->changes);
		if (signs_of(peer_side(me)) > answered(me))
			return 0;
		board_wait(me->board, seen, left);
	}
	return signs_of(peer_side(me)) <= answered(me);
}

void send_message(struct role *me, const void *bytes, size_t n)
{
	struct side *mine = my_side(me);
	uint32_t turn = atomic_load(&mine->sent);

	must_be(n <= MESSAGE_MAX);
	note_state(me, ROLE_WAITING, "the other side reads messages");
	if (turn >= MESSAGES_MAX && !await(me, &peer_side(me)->taken, turn - MESSAGES_MAX + 1))
		role_broke(me, 0, "has a message for the %s, which had ended", peer_word(me));
	note_state(me, ROLE_RUNNING, NULL);
	mine->messages[turn % MESSAGES_MAX].len = (uint32_t)n;
	memcpy(mine->messages[turn % MESSAGES_MAX].bytes, bytes, n);
	atomic_store(&mine->sent, turn + 1);
	board_announce(me->board);
}

size_t recv_message(struct role *me, void *bytes, size_t room)
{
	struct side *mine = my_side(me);
	struct side *theirs = peer_side(me);
	uint32_t turn = atomic_load(&mine->taken);

	note_state(me, ROLE_WAITING, "a message of the other side");
	if (!await(me, &theirs->sent, turn + 1))
		role_broke(me, 0, "waited for a message, but the %s had ended", peer_word(me));
	note_state(me, ROLE_RUNNING, NULL);
	const struct role_message *message = &theirs->messages[turn % MESSAGES_MAX];
	size_t n = message->len;
	must_be(n <= room && n <= MESSAGE_MAX);
	memcpy(bytes, message->bytes, n);
	atomic_store(&mine->taken, turn + 1);
	board_announce(me->board);
	return n;
}

void send_number(struct role *me, long long number)
{
	send_message(me, &number, sizeof number);
}

long long recv_number(struct role *me)
{
	long long number = 0;

	must_be(recv_message(me, &number, sizeof number) == sizeof number);
	return number;
}

pid_t peer_pid(struct role *me)
{
	until (me, "the other role has started", peer_side(me)->pid != 0) {
	}
	return peer_side(me)->pid;
}

void interrupt_peer(struct role *me, int signo)
{
	enum { EVERY_MS = 5 };
	pid_t pid = peer_pid(me);

	do
		must(kill(pid, signo));
	while (peer_silent_for(me, EVERY_MS));
}
