/* pair.c -- two roles, forked or threads of one process: spawn, capture, limit, kill, reap. */
#include "engine/pair.h"

#include "engine/threads.h"
#include "os/os.h"
#include "role/effective.h"
#include "role/state.h"
#include "spy/spy.h"
#include "trace/tracer.h"

enum {
	GRACE_MS = 250, /* for the other side, once one has gone wrong */
	CHUNK = 4096,
	REAPED_AT_ONCE = 64,
	SHOW_BYTES = 32 /* of the data of a traced call */
};

/* One pair while it runs. */
struct run {
	struct stage *stage;
	const struct pair_setting *setting;
	const struct capture *capture;
	pid_t pid[WHO_COUNT];   /* of the role's process; 0: not running */
	pid_t both;             /* the one process of roles that are threads; 0: none */
	pid_t group[WHO_COUNT]; /* its process group; 0: never ran */
	int64_t start_us, deadline_us;
	int64_t keeper_queued_us; /* before the pair began; only where it traces */
	struct tracer *tracer;    /* NULL: nothing is traced */
	struct fault_plan *faults;
};

static void *share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

struct stage *stage_create(size_t log_size)
{
	struct stage *stage = share(sizeof *stage);

	if (!stage)
		return NULL;
	stage->board = share(sizeof *stage->board);
	stage->log = log_size ? trace_log_create_shared(log_size) : NULL;
	if (stage->board && (stage->log || !log_size))
		return stage;
	stage_destroy(stage);
	return NULL;
}

void stage_destroy(struct stage *stage)
{
	if (!stage)
		return;
	if (stage->board)
		munmap(stage->board, sizeof *stage->board);
	trace_log_destroy(stage->log);
	munmap(stage, sizeof *stage);
}

struct record_bytes stage_records(const struct stage *stage, enum who who)
{
	return side_records(&stage->board->side[who]);
}

bool capture_open(struct capture *ret_capture)
{
	*ret_capture = (struct capture){ { -1, -1 }, { -1, -1 } };
	for (enum who who = 0; who < WHO_COUNT; who++) {
		int ends[2];
		if (pipe(ends))
			return false;
		ret_capture->from[who] = ends[0];
		ret_capture->to[who] = ends[1];
	}
	return true;
}

void capture_close(struct capture *capture)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		close(capture->from[who]);
		close(capture->to[who]);
	}
}

static void (*role_function(const struct sock_case *test, enum who who))(struct role *)
{
	return who == SERVER ? test->server : test->client;
}

/* Which of its records is disturbed; 0: none. */
static unsigned lies_at(const struct run *run, enum who who)
{
	const struct disturbance *disturbance = &run->setting->disturbance;

	return disturbance->of_record && disturbance->side == (int)who ? disturbance->number : 0;
}

static struct role make_role(const struct run *run, enum who who)
{
	return (struct role){ .board = run->stage->board,
			      .who = who,
			      .family = run->setting->family,
			      .row = run->setting->test->row,
			      .lies_at = lies_at(run, who),
			      .stretch_percent = run->setting->stretch_percent,
			      .slowness = run->setting->slowness };
}

static struct thread_role make_thread_role(const struct run *run, enum who who)
{
	return (struct thread_role){ .role = make_role(run, who),
				     .function = role_function(run->setting->test, who),
				     .output = run->capture ? run->capture->to[who] : -1 };
}

/* What every new process of a pair does first. */
static void leave_keeper(const struct run *run)
{
	sigset_t none;

	setpgid(0, 0);
	if (!run->setting->own_pid_namespace)
		os_die_with_parent();
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The keeper's own memory is not for roles. */
static void forget_stage(const struct run *run)
{
	trace_log_destroy(run->stage->log);
	munmap(run->stage, sizeof *run->stage);
}

/* The life of a role's process. */
static _Noreturn void be_role(const struct run *run, enum who who, struct trace_gate *gate)
{
	struct role me = make_role(run, who);

	leave_keeper(run);
	if (run->tracer && !tracer_consent(gate))
		_exit(ROLE_BROKE_OFF);
	if (run->capture) {
		dup2(run->capture->to[who], STDOUT_FILENO);
		dup2(run->capture->to[who], STDERR_FILENO);
	}
	os_close_range(STDERR_FILENO + 1, INT_MAX);
	forget_stage(run);
	role_begin(&me);
	role_function(run->setting->test, who)(&me);
	atomic_store(&my_side(&me)->finished, 1);
	_exit(ROLE_ENDED);
}

/* The life of the process of two roles that are threads. */
static _Noreturn void be_both(const struct run *run)
{
	struct thread_role roles[WHO_COUNT];

	for (enum who who = 0; who < WHO_COUNT; who++)
		roles[who] = make_thread_role(run, who);
	leave_keeper(run);
	forget_stage(run);
	threads_live(roles);
}

/* The scheduler sees it, too, to know a pair that takes its time from a keeper that hangs. */
static void set_deadline(struct run *run, int64_t us)
{
	run->deadline_us = us;
	atomic_store(&run->stage->until_us, us);
}

static void note_trouble(struct run *run, const char *what)
{
	snprintf(run->stage->ending.trouble, sizeof run->stage->ending.trouble, "cannot %s: %s",
		 what, strerror(errno));
}

static void say_gone(struct run *run, enum who who)
{
	atomic_store(&run->stage->board->side[who].gone, 1);
	board_announce(run->stage->board);
}

/* Takes note of the process of a role, or that there is none. */
static void note_start(struct run *run, enum who who, pid_t pid)
{
	struct role_ending *ending = &run->stage->ending.role[who];

	ending->present = pid > 0;
	if (pid < 0) {
		note_trouble(run, "fork a role");
		set_deadline(run, 0);
	}
	if (!ending->present) {
		say_gone(run, who);
		return;
	}
	run->pid[who] = pid;
	run->group[who] = pid;
}

static void spawn(struct run *run, enum who who)
{
	struct trace_gate gate;

	if (!role_function(run->setting->test, who)) {
		note_start(run, who, 0);
		return;
	}
	if (run->tracer && !trace_gate_open(&gate)) {
		note_start(run, who, -1);
		return;
	}
	pid_t pid = fork();
	if (pid == 0)
		be_role(run, who, &gate);
	note_start(run, who, pid);
	if (run->tracer && pid > 0 && !tracer_follow(run->tracer, &gate, pid, (int)who))
		note_trouble(run, "trace a role");
}

static void spawn_both(struct run *run)
{
	pid_t pid = fork();

	if (pid == 0)
		be_both(run);
	run->both = pid > 0 ? pid : 0;
	for (enum who who = 0; who < WHO_COUNT; who++)
		note_start(run, who, role_function(run->setting->test, who) ? pid : 0);
}

static void note_end(struct run *run, enum who who, int status)
{
	struct ending *ending = &run->stage->ending;

	run->pid[who] = 0;
	ending->role[who].status = status;
	ending->role[who].finished = atomic_load(&run->stage->board->side[who].finished) != 0;
	if (ending->first_bad < 0 && !ending->role[who].finished) {
		int64_t grace = os_now_us() + GRACE_MS * 1000;
		ending->first_bad = (int)who;
		if (run->deadline_us > grace)
			set_deadline(run, grace);
	}
	say_gone(run, who);
}

/* Takes note of roles that are threads and have ended: as if each had been a process. */
static void note_threads(struct run *run)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		const struct side *side = &run->stage->board->side[who];
		if (run->both && run->pid[who] && atomic_load(&side->ended))
			note_end(run, who, atomic_load(&side->finished) ? 0 : ROLE_BROKE_OFF << 8);
	}
}

static bool has_both(const struct run *run)
{
	const struct role_ending *role = run->stage->ending.role;

	return role[SERVER].present && role[CLIENT].present;
}

/* Takes the wait status of a role, or of both: then neither had ended by itself. */
static void note_reaped(struct run *run, pid_t pid, int status)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (run->pid[who] != pid)
			continue;
		run->stage->ending.role[who].both = pid == run->both && has_both(run);
		note_end(run, who, status);
	}
	if (pid == run->both)
		run->both = 0;
}

/* Takes what has ended, and what has stopped for its tracer. A pair may make stops without end:
 * true says that there is more. */
static bool reap(struct run *run)
{
	int status, taken = 0;

	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		if (!run->tracer || tracer_take(run->tracer, pid, status) != TRACER_STOP) {
			note_threads(run);
			note_reaped(run, pid, status);
		}
		if (++taken == REAPED_AT_ONCE)
			return true;
	}
	note_threads(run);
	return false;
}

static bool is_running(const struct run *run)
{
	return run->pid[SERVER] || run->pid[CLIENT] || run->both;
}

/* Reads what a role wrote; keeps the beginning. */
static void take_output(struct run *run, enum who who)
{
	struct role_ending *ending = &run->stage->ending.role[who];
	char chunk[CHUNK];

	ssize_t n = os_read(run->capture->from[who], chunk, sizeof chunk);
	if (n <= 0)
		return;
	size_t room = OUTPUT_ROOM - ending->output_len;
	size_t kept = (size_t)n < room ? (size_t)n : room;
	memcpy(ending->output + ending->output_len, chunk, kept);
	ending->output_len += (uint32_t)kept;
	ending->output_total += (uint64_t)n;
}

/* Waits for one thing to happen; false when the scheduler has gone. */
static bool wait_once(struct run *run, int64_t timeout_us)
{
	struct pollfd fds[] = {
		{ .fd = run->setting->stop_fd },
		{ .fd = run->capture->from[SERVER], .events = POLLIN },
		{ .fd = run->capture->from[CLIENT], .events = POLLIN },
	};

	if (os_poll(fds, sizeof fds / sizeof *fds, timeout_us) <= 0)
		return true;
	for (enum who who = 0; who < WHO_COUNT; who++)
		if (fds[1 + who].revents & POLLIN)
			take_output(run, who);
	return !(fds[0].revents & (POLLHUP | POLLERR));
}

static void note_where(struct run *run, enum who who)
{
	const struct side *side = &run->stage->board->side[who];
	char *stood = run->stage->ending.role[who].stood;

	if (!side_stood(side, stood, STOOD_ROOM))
		spy_where(run->both ? side->thread : run->pid[who], stood, STOOD_ROOM);
}

/* Waits until all that was killed has been reaped. A traced process is not before all its threads
 * are, so whatever comes is taken. */
static void await_ends(struct run *run)
{
	while (is_running(run)) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);
		if (pid < 0 && errno != EINTR)
			break;
		if (pid < 0 ||
		    (run->tracer && tracer_take(run->tracer, pid, status) == TRACER_STOP))
			continue;
		for (enum who who = 0; who < WHO_COUNT; who++)
			if (run->pid[who] == pid)
				run->pid[who] = 0;
		if (run->both == pid)
			run->both = 0;
	}
	run->pid[SERVER] = run->pid[CLIENT] = run->both = 0;
}

static void kill_group(pid_t pid)
{
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
}

static void kill_roles(struct run *run)
{
	uint32_t used[WHO_COUNT];

	/* All are looked at before the first is killed: its death would move the other. */
	for (enum who who = 0; who < WHO_COUNT; who++) {
		used[who] = atomic_load(&run->stage->board->side[who].used);
		if (run->pid[who])
			note_where(run, who);
	}
	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!run->pid[who])
			continue;
		run->stage->ending.role[who].killed = true;
		kill_group(run->pid[who]);
	}
	if (run->both)
		kill_group(run->both);
	await_ends(run);
	/* What a role saw of the other's death is no observation of the case. */
	for (enum who who = 0; who < WHO_COUNT; who++)
		atomic_store(&run->stage->board->side[who].used, used[who]);
}

/* Kills what the roles forked and left. Without a PID namespace their groups come first: where
 * there is no way to find orphans that is all that can be done. */
static unsigned kill_rest(const struct run *run)
{
	for (enum who who = 0; who < WHO_COUNT && !run->setting->own_pid_namespace; who++)
		if (run->group[who])
			kill(-run->group[who], SIGKILL);
	return os_kill_rest(run->setting->own_pid_namespace);
}

/* What was written and not yet read; nobody writes any more. */
static void take_last_output(struct run *run)
{
	for (enum who who = 0; who < WHO_COUNT; who++) {
		struct pollfd one = { .fd = run->capture->from[who], .events = POLLIN };
		while (os_poll(&one, 1, 0) > 0 && (one.revents & POLLIN))
			take_output(run, who);
	}
}

static void begin(struct run *run)
{
	struct ending *ending = &run->stage->ending;

	board_clear(run->stage->board);
	for (enum who who = 0; who < WHO_COUNT; who++)
		memset(&ending->role[who], 0, offsetof(struct role_ending, output));
	ending->first_bad = -1;
	ending->timed_out = false;
	ending->limit_ms = run->setting->limit_ms;
	ending->took_us = 0;
	ending->left_behind = 0;
	ending->trouble[0] = '\0';
	run->start_us = os_now_us();
	set_deadline(run, run->start_us + (int64_t)run->setting->limit_ms * 1000);
}

static void begin_tracing(struct run *run)
{
	struct trace_log *log = run->stage->log;
	const struct disturbance *disturbance = &run->setting->disturbance;

	if (!log)
		return;
	trace_log_clear(log);
	if (disturbance->number && !disturbance->of_record)
		run->faults = fault_plan_single(disturbance->side, disturbance->number,
						disturbance->action);
	const struct tracer_setting setting = { .show_bytes = SHOW_BYTES,
						.faults = run->faults,
						.sink = trace_log_event,
						.context = log };
	run->tracer = tracer_create(&setting);
	if (!run->tracer)
		note_trouble(run, "trace the pair");
	struct os_cpu_time keeper;
	os_cpu_time(getpid(), &keeper);
	run->keeper_queued_us = keeper.queued_us;
}

/* Gives how many processes the roles had left. */
static unsigned end_tracing(struct run *run)
{
	unsigned killed = tracer_destroy(run->tracer);

	fault_plan_destroy(run->faults);
	return killed;
}

static void add_time(struct os_cpu_time *sum, struct os_cpu_time more)
{
	sum->ran_us += more.ran_us;
	sum->queued_us += more.queued_us;
}

/* What the pair's processes have used and waited for. A tracer's waiting holds its tracees up. */
static struct os_cpu_time time_spent(const struct run *run)
{
	struct os_cpu_time sum = { 0 }, one;

	if (run->tracer) {
		/* The keeper's descendants are the pair. */
		os_cpu_time(getpid(), &sum);
		sum.queued_us -= run->keeper_queued_us;
		return sum;
	}
	for (enum who who = 0; who < WHO_COUNT; who++)
		if (run->pid[who] && !run->both && os_cpu_time(run->pid[who], &one))
			add_time(&sum, one);
	if (run->both && os_cpu_time(run->both, &one))
		add_time(&sum, one);
	return sum;
}

/* At the deadline: puts it off by what of the limit the pair could not use. False: the pair has
 * had its time. */
static bool put_off_deadline(struct run *run)
{
	const int64_t limit_us = (int64_t)run->setting->limit_ms * 1000;
	int64_t now = os_now_us();

	if (run->stage->ending.first_bad >= 0 || run->stage->ending.trouble[0])
		return false;
	int64_t had = effective_us(now - run->start_us, time_spent(run), run->setting->slowness);
	if (had >= limit_us)
		return false;
	set_deadline(run, now + limit_us - had);
	return true;
}

bool pair_run(struct stage *stage, const struct pair_setting *setting,
	      const struct capture *capture)
{
	struct run run = { .stage = stage, .setting = setting, .capture = capture };
	bool wanted = true, more = false;

	begin(&run);
	begin_tracing(&run);
	if (setting->threads) {
		spawn_both(&run);
	} else {
		spawn(&run, SERVER);
		spawn(&run, CLIENT);
	}
	while (is_running(&run) && wanted) {
		int64_t left_us = run.deadline_us - os_now_us();
		/* What has ended by now has ended in time, however late this process runs. */
		wanted = wait_once(&run, more || left_us < 0 ? 0 : left_us);
		more = reap(&run);
		if (left_us <= 0 && is_running(&run) && !put_off_deadline(&run))
			break;
	}
	stage->ending.took_us = os_now_us() - run.start_us;
	stage->ending.timed_out = is_running(&run) && wanted && stage->ending.first_bad < 0 &&
				  !stage->ending.trouble[0];
	if (is_running(&run))
		kill_roles(&run);
	stage->ending.left_behind = end_tracing(&run);
	stage->ending.left_behind += kill_rest(&run);
	if (stage->ending.timed_out || stage->ending.first_bad >= 0)
		stage->ending.left_behind = 0; /* its helpers had no chance */
	take_last_output(&run);
	return wanted;
}

static void run_threads_here(struct run *run, enum who here)
{
	struct thread_role roles[WHO_COUNT];

	for (enum who who = 0; who < WHO_COUNT; who++)
		roles[who] = make_thread_role(run, who);
	if (!threads_run_here(roles, here))
		note_trouble(run, "start the socket stack");
	for (enum who who = 0; who < WHO_COUNT; who++) {
		run->stage->ending.role[who].present = roles[who].function != NULL;
		if (roles[who].function)
			note_end(run, who, 0);
	}
}

void pair_run_here(struct stage *stage, const struct pair_setting *setting, enum who here)
{
	struct run run = { .stage = stage, .setting = setting };
	enum who other = here == SERVER ? CLIENT : SERVER;
	struct role me = make_role(&run, here);
	jmp_buf home;
	int status = 0;

	begin(&run);
	if (setting->threads) {
		run_threads_here(&run, here);
		return;
	}
	spawn(&run, other);
	stage->ending.role[here].present = role_function(setting->test, here) != NULL;
	me.home = &home;
	if (stage->ending.role[here].present && !setjmp(home)) {
		role_begin(&me);
		role_function(setting->test, here)(&me);
		stage->ending.role[here].finished = true;
	}
	say_gone(&run, here);
	if (run.pid[other]) {
		while (waitpid(run.pid[other], &status, 0) < 0 && errno == EINTR)
			;
		note_end(&run, other, status);
	}
	stage->ending.took_us = os_now_us() - run.start_us;
}
