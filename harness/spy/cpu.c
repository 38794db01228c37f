/* cpu.c -- reads how much of the processor a process and its threads have used. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "spy/eye.h"

static void read_thread(void *context, int tid)
{
	struct spy_cpu *cpu = context;
	unsigned long long ns, voluntary;
	struct spy_stat stat;
	char text[4096];

	if (cpu->thread_count == SPY_THREADS || !spy_read_stat(tid, &stat))
		return;
	struct spy_burn *burn = &cpu->threads[cpu->thread_count++];
	*burn = (struct spy_burn){ tid, stat.state, SPY_UNKNOWN, SPY_UNKNOWN };
	if (spy_read_text(text, sizeof text, "/proc/%d/schedstat", tid) && spy_parse_ran(text, &ns))
		burn->ran_us = (long long)(ns / 1000);
	if (spy_read_text(text, sizeof text, "/proc/%d/status", tid) &&
	    spy_parse_field(text, "voluntary_ctxt_switches", 10, &voluntary))
		burn->yielded = (long long)voluntary;
}

bool spy_read_cpu(pid_t pid, struct spy_cpu *ret_cpu)
{
	long long tick_us = 1000000 / sysconf(_SC_CLK_TCK);
	struct spy_stat stat;
	char path[64];

	memset(ret_cpu, 0, sizeof *ret_cpu);
	if (!spy_read_stat(pid, &stat))
		return false;
	errno = ESRCH;
	if (stat.state == 'Z' || stat.state == 'X')
		return false;
	ret_cpu->at_us = os_now_us();
	ret_cpu->user_us = (long long)stat.user_ticks * tick_us;
	ret_cpu->system_us = (long long)stat.system_ticks * tick_us;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	return spy_each_number(path, read_thread, ret_cpu);
}
