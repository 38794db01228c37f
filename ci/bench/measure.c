/* measure.c -- runs a command and prints what it cost: wall ms, CPU ms (descendants included), peak
 * KiB.
 *
 * Usage: measure COMMAND [ARGUMENT...]. The command's output is dropped. Status: the command's. */
#include <fcntl.h>
#include <stdio.h>
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
	int status;
	double start = now_ms();

	if (argc < 2)
		return 2;
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	double wall = now_ms() - start;
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("%.2f %.2f %ld\n", wall, ms_of(usage.ru_utime) + ms_of(usage.ru_stime),
	       usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
