/* schedule.c -- lanes of tasks, slots of worlds, and the loop between them. */
#include "engine/schedule.h"

#include "base/random.h"
#include "engine/judge.h"
#include "engine/world.h"
#include "os/os.h"
#include "role/effective.h"

enum {
	WAITING_MIN = 4,
	WAITING_MAX = 96, /* worlds cost about 1.5 ms of CPU and 0.2 MiB each */
	QUICK_PER_CPU = 2,
	STRAY_AFTER_US = 100000, /* a quick pair that takes longer waits for something */
	LOOK_EVERY_US = 1000000, /* at keepers that say nothing */
	STRAYS_MAX = 64,
	LOG_SIZE = 4 << 20, /* bytes of address space for the calls of a traced pair */
	BACKSTOP_US =
		10000000 /* a keeper that has not answered this long after its limit is dead */
};

struct task {
	size_t instance;
	unsigned repetition;
	unsigned waits_ms; /* of its case */
};

/* STRAY holds no tasks: it counts quick pairs that turned out to wait, as they do when what they
 * show is broken. They must not hold up the others. */
enum lane_name { WAITING, QUICK, TIMED, STRAY, LANE_COUNT };

struct lane {
	struct task *tasks;
	size_t next, count, room;
	unsigned running, most;
};

struct slot {
	struct world world;
	bool busy, unusable;
	enum lane_name lane;
	struct task task;
	int64_t started_us;
	int64_t overdue_us; /* looked at since its pair should have ended; at most a look at a time
			     */
};

struct schedule {
	const struct plan *plan;
	const struct schedule_setting *setting;
	landed_fn landed;
	void *context;
	struct run_outcome *outcome;
	struct world_setting world_setting;
	struct lane lanes[LANE_COUNT];
	struct slot *slots;
	size_t slot_count;
	unsigned running;
	unsigned slowness; /* of this machine: role/effective.h */
	int64_t looked_us; /* at keepers, last */
	int done[2];       /* the pipe of completions */
	bool stop;
};

/* Set by the handler; a handler has no argument of ours. */
static volatile sig_atomic_t ending_signal;

static void note_signal(int signo)
{
	if (signo != SIGCHLD)
		ending_signal = signo;
}

static void catch_signals(void)
{
	static const int ends_run[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = note_signal }, old;

	ending_signal = 0;
	os_hold_signals();
	sigaction(SIGCHLD, &action, NULL);
	for (size_t i = 0; i < sizeof ends_run / sizeof *ends_run; i++)
		if (!sigaction(ends_run[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(ends_run[i], &action, NULL);
}

/* ---- Lanes ---- */

static const struct sock_case *test_of(const struct schedule *s, size_t instance)
{
	return s->plan->instances[instance].entry->test;
}

static enum lane_name lane_of(const struct sock_case *test)
{
	if (test->timed)
		return TIMED;
	return test->waits_ms ? WAITING : QUICK;
}

static void lane_add(struct lane *lane, struct task task)
{
	if (lane->count == lane->room) {
		lane->room = lane->room ? lane->room * 2 : 64;
		lane->tasks = must_grow(lane->tasks, lane->room, sizeof *lane->tasks);
	}
	lane->tasks[lane->count++] = task;
}

static void lane_shuffle(struct lane *lane, uint64_t *state)
{
	for (size_t i = lane->count; i > 1; i--) {
		size_t other = (size_t)(next_random(state) % i);
		struct task task = lane->tasks[i - 1];
		lane->tasks[i - 1] = lane->tasks[other];
		lane->tasks[other] = task;
	}
}

static int longer_wait_first(const void *a, const void *b)
{
	const struct task *one = a, *other = b;

	return (one->waits_ms < other->waits_ms) - (one->waits_ms > other->waits_ms);
}

/* So many waiting pairs at once that all of them take about as long as the longest of them. */
static unsigned waiting_at_once(const struct schedule *s)
{
	const struct lane *lane = &s->lanes[WAITING];
	unsigned long long sum = 0, longest = 1;

	for (size_t i = 0; i < lane->count; i++) {
		unsigned waits = lane->tasks[i].waits_ms;
		sum += waits;
		longest = waits > longest ? waits : longest;
	}
	unsigned long long want = 2 * sum / longest + WAITING_MIN;
	return want > WAITING_MAX ? WAITING_MAX : (unsigned)want;
}

static void fill_lanes(struct schedule *s)
{
	uint64_t state = s->setting->shuffle;

	for (unsigned repetition = 0; repetition < s->setting->repeat; repetition++)
		for (size_t i = 0; i < s->plan->count; i++)
			lane_add(&s->lanes[lane_of(test_of(s, i))],
				 (struct task){ i, repetition, test_of(s, i)->waits_ms });
	if (state)
		for (int lane = 0; lane < LANE_COUNT; lane++)
			lane_shuffle(&s->lanes[lane], &state);
	else if (s->lanes[WAITING].count)
		qsort(s->lanes[WAITING].tasks, s->lanes[WAITING].count, sizeof(struct task),
		      longer_wait_first);
	s->lanes[WAITING].most = waiting_at_once(s);
	s->lanes[QUICK].most = QUICK_PER_CPU * os_cpus();
	s->lanes[TIMED].most = os_cpus();
}

static bool lane_is_empty(const struct lane *lane)
{
	return lane->next == lane->count;
}

static bool lane_may_start(const struct schedule *s, enum lane_name name)
{
	const struct lane *lane = &s->lanes[name];

	if (lane_is_empty(lane) || lane->running >= lane->most)
		return false;
	if (s->setting->jobs && s->running >= s->setting->jobs)
		return false;
	if (name != TIMED)
		return true;
	return lane_is_empty(&s->lanes[WAITING]) && lane_is_empty(&s->lanes[QUICK]) &&
	       !s->lanes[QUICK].running && !s->lanes[STRAY].running;
}

/* ---- Results ---- */

static void land(struct schedule *s, const struct task *task, struct result *result)
{
	const struct instance *instance = &s->plan->instances[task->instance];

	result->name = instance->entry->name;
	result->test = instance->entry->test;
	result->family = instance->family;
	switch (s->landed(s->context, task->instance, result)) {
	case RUN_AGAIN:
		/* The result may have been taken, and be empty now. */
		lane_add(&s->lanes[lane_of(instance->entry->test)], *task);
		break;
	case STOP_RUN:
		s->stop = true;
		s->outcome->end = RUN_STOPPED;
		break;
	case GO_ON:
		break;
	}
	result_finish(result);
}

static void land_unrun(struct schedule *s, const struct task *task, enum verdict verdict,
		       const char *reason)
{
	struct result result = { .verdict = verdict, .reason = must_copy(reason) };

	for (enum who who = 0; who < WHO_COUNT; who++) {
		result.stood[who] = must_copy("");
		result.output[who] = must_copy("");
	}
	land(s, task, &result);
}

static void free_slot(struct schedule *s, struct slot *slot)
{
	slot->busy = false;
	s->running--;
	s->lanes[slot->lane].running--;
}

static void fail_run(struct schedule *s, const char *trouble)
{
	s->stop = true;
	s->outcome->end = RUN_FAILED;
	snprintf(s->outcome->trouble, sizeof s->outcome->trouble, "%s", trouble);
}

/* A world that could not be made, for want of memory or namespaces: fewer at once, then. */
static void give_up_slot(struct schedule *s, struct slot *slot, const char *trouble)
{
	slot->unusable = true;
	lane_add(&s->lanes[slot->lane], slot->task);
	free_slot(s, slot);
	if (!s->running)
		fail_run(s, trouble);
}

static void judge_slot(struct schedule *s, struct slot *slot)
{
	struct stage *stage = slot->world.stage;
	const struct record_bytes records[WHO_COUNT] = {
		[SERVER] = stage_records(stage, SERVER),
		[CLIENT] = stage_records(stage, CLIENT),
	};
	struct result result = { 0 };

	judge(test_of(s, slot->task.instance), s->plan->instances[slot->task.instance].family,
	      s->setting->facts, &stage->ending, records, &result);
	result.calls = stage->log ? trace_log_copy(stage->log) : NULL;
	result.packets = slot->world.packets;
	free_slot(s, slot);
	land(s, &slot->task, &result);
}

static void take_completion(struct schedule *s, const struct completion *done)
{
	struct slot *slot = &s->slots[done->slot];

	if (!slot->busy)
		return;
	if (done->unusable) {
		world_close(&slot->world);
		give_up_slot(s, slot, slot->world.stage->ending.trouble);
		return;
	}
	judge_slot(s, slot);
	if (!done->reusable)
		world_close(&slot->world);
}

static void take_completions(struct schedule *s)
{
	struct completion done[64];

	for (;;) {
		ssize_t n = os_read(s->done[0], done, sizeof done);
		if (n <= 0)
			return;
		for (size_t i = 0; i < (size_t)n / sizeof *done; i++)
			if (done[i].slot < s->slot_count)
				take_completion(s, &done[i]);
	}
}

static void bury(struct schedule *s, struct slot *slot, const char *reason)
{
	free_slot(s, slot);
	land_unrun(s, &slot->task, VERDICT_BROKEN, reason);
}

/* Whether the keeper has had its time to answer. That this process itself did not run, because the
 * machine was busy or stopped, is no fault of the keeper: each look counts for so long at the most.
 */
static bool is_overdue(struct slot *slot, int64_t now, int64_t since_last_look)
{
	if (now < atomic_load(&slot->world.stage->until_us))
		slot->overdue_us = 0;
	else
		slot->overdue_us +=
			since_last_look < LOOK_EVERY_US ? since_last_look : LOOK_EVERY_US;
	return slot->overdue_us > BACKSTOP_US;
}

/* Notices keepers that died or hang; neither ever answers. */
static void check_keepers(struct schedule *s)
{
	int64_t now = os_now_us(), since_last_look = now - s->looked_us;

	s->looked_us = now;

	for (size_t i = 0; i < s->slot_count; i++) {
		struct slot *slot = &s->slots[i];
		if (!slot->busy)
			continue;
		bool dead = waitpid(slot->world.keeper, NULL, WNOHANG) == slot->world.keeper;
		if (dead)
			take_completions(s); /* its last words came before its death */
		if (dead && slot->busy) {
			world_dismiss(&slot->world);
			world_bury(&slot->world);
			bury(s, slot, "the keeper of its world was killed");
		} else if (slot->busy && is_overdue(slot, now, since_last_look)) {
			kill(slot->world.keeper, SIGKILL);
			world_close(&slot->world);
			bury(s, slot, "its world did not answer and was killed");
		}
	}
}

/* ---- Starting ---- */

static struct slot *find_slot(struct schedule *s)
{
	struct slot *empty = NULL;

	for (size_t i = 0; i < s->slot_count; i++) {
		struct slot *slot = &s->slots[i];
		if (slot->busy || slot->unusable)
			continue;
		if (slot->world.keeper)
			return slot;
		if (!empty)
			empty = slot;
	}
	return empty;
}

static uint32_t limit_of(const struct schedule *s, const struct sock_case *test)
{
	uint64_t ms = s->setting->timeout_ms + 2ULL * test->waits_ms;

	ms = ms * s->setting->stretch_percent / 100;
	return ms > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)ms;
}

static void give_order(struct schedule *s, struct slot *slot)
{
	const struct instance *instance = &s->plan->instances[slot->task.instance];
	struct order order = { .test = instance->entry->test,
			       .family = instance->family,
			       .limit_ms = limit_of(s, instance->entry->test) };

	snprintf(order.name, sizeof order.name, "%.70s.%s.%u", instance->entry->name,
		 family_name(instance->family), slot->task.repetition);
	if (s->setting->adjust)
		s->setting->adjust(s->context, slot->task.instance, &order);
	slot->started_us = os_now_us();
	slot->overdue_us = 0;
	if (!slot->world.keeper &&
	    !world_open(&slot->world, &s->world_setting, (uint32_t)(slot - s->slots))) {
		char *trouble = must_format("cannot make a world: %s", strerror(errno));
		give_up_slot(s, slot, trouble);
		free(trouble);
		return;
	}
	/* Until the pair begins, which says it anew. */
	atomic_store(&slot->world.stage->until_us,
		     slot->started_us + (int64_t)order.limit_ms * 1000);
	if (!world_order(&slot->world, &order)) {
		world_close(&slot->world);
		bury(s, slot, "the keeper of its world was killed");
	}
}

static void start_task(struct schedule *s, enum lane_name name, struct slot *slot)
{
	slot->lane = name;
	slot->task = s->lanes[name].tasks[s->lanes[name].next++];
	slot->busy = true;
	s->running++;
	s->lanes[name].running++;
	give_order(s, slot);
}

static void start_all(struct schedule *s)
{
	for (enum lane_name name = 0; name < LANE_COUNT; name++) {
		while (!s->stop && lane_may_start(s, name)) {
			struct lane *lane = &s->lanes[name];
			const struct task task = lane->tasks[lane->next];
			const struct instance *instance = &s->plan->instances[task.instance];
			const char *unmet = needs_unmet(s->setting->abilities,
							instance->entry->test, instance->family);
			if (unmet) {
				lane->next++;
				land_unrun(s, &task, VERDICT_SKIP, unmet);
				continue;
			}
			struct slot *slot = find_slot(s);
			if (!slot)
				return;
			start_task(s, name, slot);
		}
	}
}

static bool is_done(const struct schedule *s)
{
	if (s->running)
		return false;
	for (int lane = 0; lane < LANE_COUNT; lane++)
		if (!lane_is_empty(&s->lanes[lane]))
			return false;
	return true;
}

static int64_t stray_after_us(const struct schedule *s)
{
	return (int64_t)STRAY_AFTER_US * s->slowness / SLOWNESS_USUAL;
}

static void sort_out_strays(struct schedule *s)
{
	int64_t now = os_now_us();

	for (size_t i = 0; i < s->slot_count && s->lanes[STRAY].running < STRAYS_MAX; i++) {
		struct slot *slot = &s->slots[i];
		if (!slot->busy || slot->lane != QUICK ||
		    now - slot->started_us < stray_after_us(s))
			continue;
		slot->lane = STRAY;
		s->lanes[QUICK].running--;
		s->lanes[STRAY].running++;
	}
}

static void wait_for_news(struct schedule *s)
{
	struct pollfd one = { .fd = s->done[0], .events = POLLIN };

	os_poll(&one, 1, s->lanes[QUICK].running ? stray_after_us(s) : LOOK_EVERY_US);
	sort_out_strays(s);
	if (ending_signal) {
		s->stop = true;
		s->outcome->end = RUN_INTERRUPTED;
		s->outcome->signo = ending_signal;
		return;
	}
	take_completions(s);
	if (!(one.revents & POLLIN))
		check_keepers(s);
}

static bool prepare(struct schedule *s)
{
	fill_lanes(s);
	s->slowness = measure_slowness();
	s->looked_us = os_now_us();
	s->slot_count =
		s->lanes[WAITING].most + s->lanes[QUICK].most + s->lanes[TIMED].most + STRAYS_MAX;
	if (s->setting->jobs && s->setting->jobs < s->slot_count)
		s->slot_count = s->setting->jobs;
	s->slots = must_alloc(s->slot_count, sizeof *s->slots);
	if (pipe(s->done))
		return false;
	fcntl(s->done[0], F_SETFD, FD_CLOEXEC);
	fcntl(s->done[1], F_SETFD, FD_CLOEXEC);
	fcntl(s->done[0], F_SETFL, O_NONBLOCK);
	s->world_setting = (struct world_setting){ .walls = &s->setting->abilities->walls,
						   .threads = s->setting->abilities->threads,
						   .log_size = s->setting->traced ? LOG_SIZE : 0,
						   .tapped = s->setting->tapped,
						   .stretch_percent = s->setting->stretch_percent,
						   .slowness = s->slowness,
						   .keep_in = s->setting->keep_in,
						   .done_fd = s->done[1] };
	return true;
}

static void clean_up(struct schedule *s)
{
	/* First tell all, then wait for each. */
	for (size_t i = 0; i < s->slot_count; i++)
		if (s->slots[i].world.keeper && s->slots[i].busy && s->world_setting.walls->pid)
			kill(s->slots[i].world.keeper, SIGKILL);
	for (size_t i = 0; i < s->slot_count; i++)
		world_dismiss(&s->slots[i].world);
	for (size_t i = 0; i < s->slot_count; i++) {
		world_close(&s->slots[i].world);
		stage_destroy(s->slots[i].world.stage);
		packets_destroy(s->slots[i].world.packets);
	}
	close(s->done[0]);
	close(s->done[1]);
	free(s->slots);
	for (int lane = 0; lane < LANE_COUNT; lane++)
		free(s->lanes[lane].tasks);
}

void schedule_run(const struct plan *plan, const struct schedule_setting *setting, landed_fn landed,
		  void *context, struct run_outcome *ret_outcome)
{
	struct schedule s = { .plan = plan,
			      .setting = setting,
			      .landed = landed,
			      .context = context,
			      .outcome = ret_outcome,
			      .done = { -1, -1 } };

	*ret_outcome = (struct run_outcome){ .end = RUN_DONE };
	catch_signals();
	if (!prepare(&s))
		fail_run(&s, "cannot make a pipe");
	while (!s.stop) {
		start_all(&s);
		if (is_done(&s) || s.stop)
			break;
		wait_for_news(&s);
	}
	clean_up(&s);
}
