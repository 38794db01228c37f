/* without_ptrace.c -- runs a command that may not look into other processes: without_ptrace COMMAND
 * [ARGUMENT...]; 99: it cannot. */
#include <stdio.h>
#include <unistd.h>

#include "trace/forbid.h"

int main(int argc, char **argv)
{
	if (argc < 2 || !forbid_looking(false)) {
		perror("without_ptrace: cannot forbid ptrace");
		return 99;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 99;
}
