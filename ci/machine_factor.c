/* machine_factor.c -- how slow this machine is at what CI does most: the median time of a fork with
 * the wait for its end, and the factor by which that is slower than usual. Prints "MS FACTOR", such
 * as "0.12 1.0".
 *
 * A usual machine takes 0.1 to 0.2 ms, and some more while other programs keep it busy; so less
 * than 0.3 ms count as usual: factor 1.0. From there on the factor is the time through 0.1 ms: 7 ms
 * are factor 70.0. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 101 };

static const double USUAL_MS = 0.1, NOISE = 3.0;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The time of one fork, _exit and wait; negative when it cannot be done. */
static double fork_ms(void)
{
	double start = now_ms();
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		return -1;
	return now_ms() - start;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

int main(void)
{
	double times[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		times[i] = fork_ms();
		if (times[i] < 0) {
			perror("machine_factor: cannot fork");
			return 3;
		}
	}
	qsort(times, ROUNDS, sizeof *times, by_value);
	double median = times[ROUNDS / 2], factor = median / USUAL_MS;
	printf("%.2f %.1f\n", median, factor < NOISE ? 1.0 : factor);
	return 0;
}
