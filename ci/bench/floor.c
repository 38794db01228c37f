/* floor.c -- what a pair of processes costs bare: the yardstick of the runner's speed.
 *
 * Usage: floor PAIRS IN_FLIGHT. Every pair lives behind the same walls as a case of sockdrill: a
 * pooled network namespace, a PID, IPC and mount namespace of its own and an 8 MiB tmpfs. Two
 * forked roles meet through a socketpair and exchange one byte each way over TCP. Nothing is
 * recorded, captured, limited or judged. Needs root. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NETWORKS = 8 };

static void check(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

static void serve(int peer)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	char byte;

	check(bind(listener, (struct sockaddr *)&address, len), "bind");
	check(listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&address, &len), "getsockname");
	check(write(peer, &address, sizeof address), "write");
	int conn = accept(listener, NULL, NULL);
	check(read(conn, &byte, 1), "read");
	check(write(conn, &byte, 1), "write");
	close(conn);
}

static void call(int peer)
{
	struct sockaddr_in address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char byte = 1;

	check(read(peer, &address, sizeof address), "read");
	check(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
	check(write(fd, &byte, 1), "write");
	check(read(fd, &byte, 1), "read");
	close(fd);
}

static void run_pair(void)
{
	void (*const roles[2])(int) = { serve, call };
	pid_t pids[2];
	int peers[2];

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, peers), "socketpair");
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			roles[i](peers[i]);
			_exit(0);
		}
	}
	close(peers[0]);
	close(peers[1]);
	for (int i = 0; i < 2; i++)
		waitpid(pids[i], NULL, 0);
}

static int make_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	check(unshare(CLONE_NEWNET), "unshare");
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	check(ioctl(fd, SIOCSIFFLAGS, &lo), "lo up");
	close(fd);
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

static void live_behind_walls(int network)
{
	check(setns(network, CLONE_NEWNET), "setns");
	check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private");
	check(mount("floor", "/mnt", "tmpfs", 0, "size=8m"), "mount");
	check(chdir("/mnt"), "chdir");
	run_pair();
}

int main(int argc, char **argv)
{
	int pairs = argc > 1 ? atoi(argv[1]) : 500, in_flight = argc > 2 ? atoi(argv[2]) : 4;
	int networks[NETWORKS];
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	for (int i = 0; i < NETWORKS; i++)
		networks[i] = make_network();
	check(setns(home, CLONE_NEWNET), "setns");
	for (int started = 0, live = 0; started < pairs || live;) {
		if (started == pairs || live == in_flight) {
			wait(NULL);
			live--;
			continue;
		}
		long pid = syscall(SYS_clone, SIGCHLD | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNS,
				   0, 0, 0, 0);
		check(pid, "clone");
		if (pid == 0) {
			live_behind_walls(networks[started % NETWORKS]);
			_exit(0);
		}
		started++;
		live++;
	}
	return 0;
}
