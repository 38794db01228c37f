/* world.c -- the keeper of a world: raises the walls, runs pairs in it, leaves nothing behind. */
#include "engine/world.h"

#include "os/os.h"
#include "role/effective.h"

enum {
	ORDERS_FD = 3, /* the keeper's only descriptors beside stdio */
	DONE_FD = 4,
	WORLD_PROCESSES = 256, /* how many processes a world may hold */
	CLOSE_LOOK_US = 20000,
	CLOSE_LOOKS = 150 /* at a keeper that is to end, before it is killed */
};

struct keeper {
	const struct world_setting *setting;
	struct stage *stage;
	struct capture capture;
	struct packets *packets; /* NULL: they are not taken */
	int tap;                 /* of the network; -1: none */
	uint32_t slot;
	int directory;        /* the world's own */
	bool first_in_pids;   /* this process is the first of its PID namespace */
	bool network_spoiled; /* the last pair changed it */
};

static void ignore(int signo)
{
	(void)signo;
}

static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	for (int signo = 1; signo < 32; signo++)
		sigaction(signo, &action, NULL);
	action.sa_handler = ignore; /* so that it interrupts os_poll() */
	sigaction(SIGCHLD, &action, NULL);
	action.sa_handler =
		SIG_IGN; /* the reader of completions may be gone; there is still to clean up */
	sigaction(SIGPIPE, &action, NULL);
	os_hold_signals();
}

/* Leaves the keeper only its two descriptors and stdio. What the scheduler had open goes first:
 * there may be no number left. */
static void move_descriptors(int orders, int done)
{
	int low = orders < done ? orders : done;
	int high = orders < done ? done : orders;

	os_close_range(STDERR_FILENO + 1, low - 1);
	os_close_range(low + 1, high - 1);
	os_close_range(high + 1, INT_MAX);
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
	if (done == ORDERS_FD)
		done = dup(done);
	dup2(orders, ORDERS_FD);
	dup2(done, DONE_FD);
	os_close_range(DONE_FD + 1, INT_MAX);
}

static bool trouble(struct keeper *keeper, const char *step)
{
	snprintf(keeper->stage->ending.trouble, sizeof keeper->stage->ending.trouble,
		 "cannot %s: %s", step, strerror(errno));
	return false;
}

/* Each network has its own tap: to open one for each pair would take longer than most pairs. */
static bool open_tap(struct keeper *keeper)
{
	if (!keeper->packets)
		return true;
	os_tap_close(keeper->tap);
	keeper->tap = os_tap_open(PACKETS_TAP);
	return keeper->tap >= 0 || trouble(keeper, "open a packet socket");
}

/* Without a private mount the world gets a real directory, which its keeper removes. */
static bool make_directory(struct keeper *keeper)
{
	const char *base = getenv("TMPDIR");

	snprintf(keeper->stage->directory, sizeof keeper->stage->directory,
		 "%.120s/sockdrill.XXXXXX", base && *base ? base : "/tmp");
	if (mkdtemp(keeper->stage->directory))
		return true;
	keeper->stage->directory[0] = '\0';
	return trouble(keeper, "make a directory: set TMPDIR to a writable one");
}

static bool enter_directory(struct keeper *keeper)
{
	const struct world_setting *setting = keeper->setting;

	if (!setting->keep_in && setting->walls->mount) {
		if (os_enter_private_directory())
			return trouble(keeper, "mount a private directory");
	} else {
		if (!setting->keep_in && !make_directory(keeper))
			return false;
		if (chdir(setting->keep_in ? setting->keep_in : keeper->stage->directory))
			return trouble(keeper, "enter the world's directory");
	}
	keeper->directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return keeper->directory >= 0 || trouble(keeper, "open the world's directory");
}

static bool furnish(struct keeper *keeper, uid_t uid, gid_t gid)
{
	const struct os_walls *walls = keeper->setting->walls;
	const char *step;

	if (os_furnish(walls, uid, gid, &step))
		return trouble(keeper, step);
	if (!open_tap(keeper))
		return false;
	os_limit_world(WORLD_PROCESSES, walls->user);
	umask(022);
	if (!capture_open(&keeper->capture))
		return trouble(keeper, "make a pipe");
	return enter_directory(keeper);
}

/* Removes the world's real directory, if it has one. */
static void remove_directory(struct stage *stage)
{
	int directory = stage->directory[0]
				? open(stage->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				: -1;

	if (directory < 0)
		return;
	os_empty_directory(directory);
	close(directory);
	if (!rmdir(stage->directory))
		stage->directory[0] = '\0';
}

static void complete(struct keeper *keeper, bool reusable, bool unusable)
{
	struct completion done = { .slot = keeper->slot,
				   .reusable = reusable,
				   .unusable = unusable };

	(void)!os_write(DONE_FD, &done, sizeof done);
}

static bool ended_cleanly(const struct ending *ending)
{
	return !ending->timed_out && ending->first_bad < 0 && !ending->left_behind &&
	       !ending->trouble[0];
}

/* With --keep every pair has a directory of its own name. */
static void enter_named(const struct keeper *keeper, const struct order *order)
{
	if (keeper->setting->keep_in && !mkdirat(keeper->directory, order->name, 0700))
		(void)!chdir(order->name);
}

static void leave_named(const struct keeper *keeper, const struct order *order)
{
	if (!keeper->setting->keep_in)
		return;
	(void)!fchdir(keeper->directory);
	unlinkat(keeper->directory, order->name, AT_REMOVEDIR); /* only if empty */
}

/* A pair that changes its network gets a new one, and so does the pair that comes after it. */
static bool renew_network(struct keeper *keeper, bool own_net)
{
	bool renew = own_net || keeper->network_spoiled;

	keeper->network_spoiled = own_net;
	if (!renew)
		return true;
	return os_new_network() ? trouble(keeper, "make a network") : open_tap(keeper);
}

/* Carries out one order; true when the world can take another. */
static bool carry_out(struct keeper *keeper, const struct order *order)
{
	const struct pair_setting setting = { .test = order->test,
					      .family = order->family,
					      .limit_ms = order->limit_ms,
					      .stretch_percent = keeper->setting->stretch_percent,
					      .slowness = keeper->setting->slowness,
					      .own_pid_namespace = keeper->first_in_pids,
					      .threads = keeper->setting->threads,
					      .disturbance = order->disturbance,
					      .stop_fd = ORDERS_FD };

	if (!renew_network(keeper, order->test->needs & NEEDS_OWN_NET)) {
		complete(keeper, false, true);
		return false;
	}
	enter_named(keeper, order);
	packets_drop(keeper->packets, keeper->tap);
	bool wanted = pair_run(keeper->stage, &setting, &keeper->capture);
	packets_take(keeper->packets, keeper->tap);
	leave_named(keeper, order);
	bool emptied = keeper->setting->keep_in || os_empty_directory(keeper->directory);
	bool reusable = wanted && emptied && ended_cleanly(&keeper->stage->ending);
	complete(keeper, reusable, false);
	return reusable;
}

static _Noreturn void keep_world(struct keeper *keeper, uid_t uid, gid_t gid)
{
	struct order order;
	const struct os_walls *walls = keeper->setting->walls;

	keeper->first_in_pids = walls->pid;
	setsid();
	/* Without a PID namespace it must outlive the scheduler, to clean up. */
	if (walls->pid)
		os_die_with_parent();
	else
		os_adopt_orphans();
	reset_signals();
	bool usable = furnish(keeper, uid, gid);
	while (os_read(ORDERS_FD, &order, sizeof order) == (ssize_t)sizeof order) {
		if (!usable)
			complete(keeper, false, true);
		else if (carry_out(keeper, &order))
			continue;
		break;
	}
	if (!chdir("/"))
		remove_directory(keeper->stage);
	_exit(0);
}

bool world_open(struct world *world, const struct world_setting *setting, uint32_t slot)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int orders[2];

	if (!world->stage)
		world->stage = stage_create(setting->log_size);
	if (setting->tapped && !world->packets)
		world->packets = packets_create();
	if (!world->stage || (setting->tapped && !world->packets))
		return false;
	if (pipe(orders))
		return false;
	pid_t pid = os_fork_behind(setting->walls);
	if (pid == 0) {
		struct keeper keeper = { .setting = setting,
					 .stage = world->stage,
					 .packets = world->packets,
					 .tap = -1,
					 .slot = slot };
		move_descriptors(orders[0], setting->done_fd);
		keep_world(&keeper, uid, gid);
	}
	int err = errno;
	close(orders[0]);
	if (pid < 0) {
		close(orders[1]);
		errno = err;
		return false;
	}
	fcntl(orders[1], F_SETFD, FD_CLOEXEC);
	world->keeper = pid;
	world->orders = orders[1];
	return true;
}

bool world_order(struct world *world, const struct order *order)
{
	return os_write(world->orders, order, sizeof *order) == (ssize_t)sizeof *order;
}

/* Waits for the keeper, which cleans up; kills it when that takes too many looks: they count, not
 * the time, in which on a busy machine neither may have run. */
static void await_keeper(pid_t keeper)
{
	for (int looks = 0;; looks++) {
		pid_t got = waitpid(keeper, NULL, WNOHANG);
		if (got == keeper || (got < 0 && errno != EINTR))
			return;
		if (looks > CLOSE_LOOKS)
			kill(keeper, SIGKILL);
		os_poll(NULL, 0, CLOSE_LOOK_US); /* SIGCHLD ends it at once */
	}
}

void world_dismiss(struct world *world)
{
	if (!world->keeper || world->orders < 0)
		return;
	close(world->orders);
	world->orders = -1;
}

void world_close(struct world *world)
{
	if (!world->keeper)
		return;
	world_dismiss(world);
	await_keeper(world->keeper);
	world_bury(world);
}

void world_bury(struct world *world)
{
	remove_directory(world->stage); /* a keeper that was killed could not */
	world->keeper = 0;
}

bool world_run_here(const struct abilities *abilities, const struct order *order, enum who here,
		    struct stage *stage)
{
	struct os_walls walls = abilities->walls;
	const struct pair_setting setting = { .test = order->test,
					      .family = order->family,
					      .stretch_percent = 100,
					      .slowness = SLOWNESS_USUAL,
					      .threads = abilities->threads };

	walls.pid = false; /* this process cannot become the first of a PID namespace */
	if (os_enter_walls(&walls))
		return false;
	pair_run_here(stage, &setting, here);
	return true;
}
