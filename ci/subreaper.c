/* subreaper.c -- runs a command and ends whatever it leaves behind: subreaper COMMAND [ARGUMENT...]
 *
 * The command gets a session of its own. Its descendants become children of this process when
 * their parents end, in whatever session they are (prctl PR_SET_CHILD_SUBREAPER), so none gets
 * lost. What is left when the command has ended is named on standard error and ended. SIGHUP unless
 * it is ignored, SIGINT, SIGTERM and the end of the parent end the command: all of it gets SIGTERM,
 * and GRACE_MS later SIGKILL. Ends as the command did, with 128 + N when signal N ended the one or
 * the other, with 126 when it cannot be run. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SETTLE_MS = 500, GRACE_MS = 2000, LOOK_MS = 20, CANNOT_RUN = 126 };

struct process {
	pid_t pid, parent;
	char name[32];
	bool ours; /* it descends from this process */
};

struct processes {
	struct process *list;
	size_t count;
};

/* Reads what /proc tells of one process; false when it is gone, or has ended and waits to be
 * reaped. */
static bool read_process(pid_t pid, struct process *ret)
{
	char path[64], line[512], state = 0;
	long parent = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	size_t got = fread(line, 1, sizeof line - 1, file);
	fclose(file);
	line[got] = '\0';
	/* A name may hold spaces and parentheses. */
	char *name = strchr(line, '('), *end = strrchr(line, ')');
	if (!name || !end || sscanf(end + 1, " %c %ld", &state, &parent) != 2 || state == 'Z' ||
	    state == 'X')
		return false;
	*end = '\0';
	*ret = (struct process){ .pid = pid, .parent = (pid_t)parent };
	snprintf(ret->name, sizeof ret->name, "%s", name + 1);
	return true;
}

/* Marks the descendants of `root`, and returns how many there are. */
static size_t mark_descendants(struct processes *all, pid_t root)
{
	size_t marked = 0, before;

	do {
		before = marked;
		for (struct process *p = all->list; p < all->list + all->count; p++) {
			bool found = !p->ours && p->parent == root;
			for (size_t i = 0; !p->ours && !found && i < all->count; i++)
				found = all->list[i].ours && all->list[i].pid == p->parent;
			p->ours |= found;
			marked += found;
		}
	} while (marked > before);
	return marked;
}

/* All processes below this one that still run; the caller frees ret->list. Returns their number. */
static size_t find_descendants(struct processes *ret)
{
	DIR *proc = opendir("/proc");
	size_t room = 0;

	*ret = (struct processes){ 0 };
	for (struct dirent *entry; proc && (entry = readdir(proc));) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		if (ret->count == room) {
			room = room ? 2 * room : 256;
			struct process *more = realloc(ret->list, room * sizeof *more);
			if (!more)
				break;
			ret->list = more;
		}
		ret->count += read_process((pid_t)atol(entry->d_name), &ret->list[ret->count]);
	}
	if (proc)
		closedir(proc);
	return mark_descendants(ret, getpid());
}

/* Sends a signal to all that descends from this process; returns how many there are. With `named`
 * each is named. */
static size_t signal_descendants(int signal, bool named)
{
	struct processes all;
	size_t found = find_descendants(&all);

	for (size_t i = 0; i < all.count; i++) {
		if (!all.list[i].ours)
			continue;
		if (named)
			fprintf(stderr, "left behind, and ended: process %d (%s)\n",
				(int)all.list[i].pid, all.list[i].name);
		kill(all.list[i].pid, signal);
	}
	free(all.list);
	return found;
}

/* Reaps who has ended; keeps the wait status of `command`. False when there are no children any
 * more. */
static bool reap(pid_t command, int *status)
{
	int ended;
	pid_t pid;

	while ((pid = waitpid(-1, &ended, WNOHANG)) > 0)
		if (pid == command)
			*status = ended;
	return pid == 0 || errno != ECHILD;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* Waits for the end of all children; false when that takes longer. */
static bool await_end(pid_t command, int *status, long limit_ms)
{
	for (long waited = 0; reap(command, status); waited += LOOK_MS) {
		if (waited >= limit_ms)
			return false;
		pause_ms(LOOK_MS);
	}
	return true;
}

/* Ends all descendants: gently, then not. What outlives a command that has ended itself is named.
 */
static void end_descendants(pid_t command, int *status, bool ended_itself)
{
	if (ended_itself && await_end(command, status, SETTLE_MS))
		return;
	signal_descendants(SIGTERM, ended_itself);
	if (await_end(command, status, GRACE_MS))
		return;
	while (reap(command, status)) {
		signal_descendants(SIGKILL, false);
		pause_ms(LOOK_MS);
	}
}

/* In the child: becomes the command. */
static void run(char **argv, const sigset_t *ended_by)
{
	sigprocmask(SIG_UNBLOCK, ended_by, NULL);
	setsid();
	execvp(*argv, argv);
	fprintf(stderr, "subreaper: cannot run %s: %s\n", *argv, strerror(errno));
	_exit(CANNOT_RUN);
}

int main(int argc, char **argv)
{
	pid_t parent = getppid();
	sigset_t awaited;
	int status = -1;

	if (argc < 2) {
		fputs("usage: subreaper COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	sigemptyset(&awaited);
	for (const int *number = (const int[]){ SIGHUP, SIGINT, SIGTERM, SIGCHLD, 0 }; *number;
	     number++)
		sigaddset(&awaited, *number);
	/* A shell has what it runs in the background ignore these. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	pid_t command = getppid() == parent ? fork() : -1;
	if (command == 0)
		run(argv + 1, &awaited);
	if (command < 0) {
		perror("subreaper: cannot fork");
		return CANNOT_RUN;
	}
	int got;
	do {
		got = sigwaitinfo(&awaited, NULL);
		reap(command, &status);
	} while (status == -1 && (got == SIGCHLD || got < 0));
	bool ended_itself = status != -1;
	end_descendants(command, &status, ended_itself);
	if (!ended_itself)
		return 128 + got;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
