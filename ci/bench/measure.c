/* measure.c -- runs a command and prints what it cost: wall ms, CPU ms (descendants included), peak
 * KiB.
 *
 * Usage: measure [--status N] COMMAND [ARGUMENT...]. The command's output is dropped. Status: 0
 * when the command ended with N, 0 unless it is given; otherwise 1, and it says how the command
 * ended. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double ms_of(struct timeval t)
{
	return (double)t.tv_sec * 1000 + (double)t.tv_usec / 1000;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status, expected = 0;

	if (argc > 2 && !strcmp(argv[1], "--status")) {
		expected = atoi(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc < 2)
		return 2;
	double start = now_ms();
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("measure: cannot run a command");
		return 1;
	}
	double wall = now_ms() - start;
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("%.2f %.2f %ld\n", wall, ms_of(usage.ru_utime) + ms_of(usage.ru_stime),
	       usage.ru_maxrss);
	if (WIFEXITED(status) && WEXITSTATUS(status) == expected)
		return 0;
	if (WIFEXITED(status))
		fprintf(stderr, "measure: status %d, wanted %d:", WEXITSTATUS(status), expected);
	else
		fprintf(stderr, "measure: signal %d:", WTERMSIG(status));
	for (char **word = argv + 1; *word && word < argv + 9; word++)
		fprintf(stderr, " %s", *word);
	fprintf(stderr, ": run it to see why\n");
	return 1;
}
