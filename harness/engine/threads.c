/* threads.c -- the process whose threads are the roles of a pair. */
#include "engine/threads.h"

#include "os/os.h"

/* Standard output and error of its own, and no other descriptor, like a role that is a process.
 * Where threads must share descriptors, what both write is taken for the server's. */
static bool take_descriptors(const struct thread_role *mine)
{
	if (mine->output < 0 || os_own_descriptors())
		return false;
	dup2(mine->output, STDOUT_FILENO);
	dup2(mine->output, STDERR_FILENO);
	os_close_range(STDERR_FILENO + 1, INT_MAX);
	return true;
}

/* Runs the role until it returns or ends itself. Its descriptors are closed before it counts as
 * ended, as those of a process are. */
static void *play(void *argument)
{
	struct thread_role *mine = argument;
	struct side *side = my_side(&mine->role);
	bool own_descriptors = take_descriptors(mine);
	jmp_buf home;

	side->thread = os_thread();
	os_note_calls(&side->call);
	role_begin(&mine->role);
	mine->role.home = &home;
	if (!setjmp(home)) {
		mine->function(&mine->role);
		atomic_store(&side->finished, 1);
	}
	if (own_descriptors)
		os_close_range(STDERR_FILENO + 1, INT_MAX);
	atomic_store(&side->ended, 1);
	if (mine->output >= 0)
		kill(getppid(), SIGCHLD);
	return NULL;
}

static _Noreturn void give_up(const char *step)
{
	dprintf(STDERR_FILENO, "cannot %s: %s\n", step, strerror(errno));
	_exit(ROLE_BROKE_OFF);
}

/* Leaves nothing open but the standard descriptors and the two for output. */
static void close_others(const struct thread_role roles[WHO_COUNT])
{
	int one = roles[SERVER].output, other = roles[CLIENT].output;
	int low = one < other ? one : other;
	int high = one < other ? other : one;

	if (low < 0)
		return;
	dup2(one, STDOUT_FILENO);
	dup2(one, STDERR_FILENO);
	os_close_range(STDERR_FILENO + 1, low - 1);
	os_close_range(low + 1, high - 1);
	os_close_range(high + 1, INT_MAX);
}

static bool start(pthread_t *thread, struct thread_role *role)
{
	errno = pthread_create(thread, NULL, play, role);
	return errno == 0;
}

_Noreturn void threads_live(struct thread_role roles[WHO_COUNT])
{
	pthread_t thread[WHO_COUNT] = { 0 };

	close_others(roles);
	/* What one thread prints must not wait in a buffer until the other flushes it. */
	setvbuf(stdout, NULL, _IONBF, 0);
	if (os_start_stack())
		give_up("start the socket stack");
	for (enum who who = 0; who < WHO_COUNT; who++)
		if (roles[who].function && !start(&thread[who], &roles[who]))
			give_up("start a thread");
	for (enum who who = 0; who < WHO_COUNT; who++)
		if (roles[who].function)
			pthread_join(thread[who], NULL);
	_exit(ROLE_ENDED);
}

bool threads_run_here(struct thread_role roles[WHO_COUNT], enum who here)
{
	enum who other = here == SERVER ? CLIENT : SERVER;
	pthread_t thread = { 0 };

	if (os_start_stack())
		return false;
	if (roles[other].function && !start(&thread, &roles[other]))
		return false;
	if (roles[here].function)
		play(&roles[here]);
	if (roles[other].function)
		pthread_join(thread, NULL);
	return true;
}
