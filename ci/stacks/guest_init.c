/* guest_init.c -- the first process of a guest kernel: runs the cases and gives the host what came.
 *
 * Below /media it finds sockdrill, modules/ and options, a line for each option of `sockdrill run`,
 * and leaves out/: run.jsonl, run.txt and, last, status: without it the guest broke down. It is
 * linked statically.
 * usage: init SHARE|- ports|-    (further words are the kernel's)
 *   SHARE   directory of the host that hostfs mounts at /media; -: /media is filled already
 *   ports   the files of out/ are sent to the serial ports 1 to 3, in the order above
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define RESULTS "/media/out/run.jsonl"
#define SHOWN   "/media/out/run.txt"
#define STATUS  "/media/out/status"

static void complain(const char *step, const char *what)
{
	fprintf(stderr, "init: cannot %s %s: %s\n", step, what, strerror(errno));
}

static void mount_all(const char *share)
{
	static const char *const kinds[][2] = { { "proc", "/proc" },
						{ "sysfs", "/sys" },
						{ "devtmpfs", "/dev" },
						{ "tmpfs", "/tmp" } };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (mount(kinds[i][0], kinds[i][1], kinds[i][0], 0, NULL) && errno != EBUSY)
			complain("mount", kinds[i][1]);
	if (strcmp(share, "-") != 0 && mount("hostfs", "/media", "hostfs", 0, share))
		complain("mount", share);
}

/* Loads every file of /media/modules in the order of their names. */
static void load_modules(void)
{
	struct dirent **files;
	int n = scandir("/media/modules", &files, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char path[300];
		snprintf(path, sizeof path, "/media/modules/%s", files[i]->d_name);
		int fd = files[i]->d_name[0] == '.' ? -1 : open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && syscall(SYS_finit_module, fd, "", 0))
			complain("load", path);
		if (fd >= 0)
			close(fd);
	}
}

static void set_loopback_up(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (ioctl(fd, SIOCSIFFLAGS, &lo))
		complain("set up", "lo");
	close(fd);
}

/* Becomes `sockdrill run` with the options that the host gave. */
static _Noreturn void become_run(void)
{
	static char lines[24][256];
	char *words[40] = { "sockdrill", "run",    "--color",  "never",
			    "--report",  "pretty", "--report", "jsonl:" RESULTS };
	size_t n = 8;
	int shown = open(SHOWN, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	FILE *options = fopen("/media/options", "re");

	for (int i = 0; options && i < 24 && fgets(lines[i], sizeof *lines, options); i++) {
		lines[i][strcspn(lines[i], "\n")] = '\0';
		words[n++] = lines[i];
	}
	dup2(shown, STDOUT_FILENO);
	dup2(shown, STDERR_FILENO);
	close(shown);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	execv("/media/sockdrill", words);
	complain("run", "/media/sockdrill");
	_exit(99);
}

/* Runs the cases, reaping whatever ends meanwhile; gives the run's exit status. */
static int run(void)
{
	pid_t pid = fork(), ended;
	int status = 0;

	if (pid == 0)
		become_run();
	do
		ended = wait(&status);
	while (ended != pid && (ended > 0 || errno == EINTR));
	return ended == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static void write_status(int status)
{
	FILE *file = fopen(STATUS, "w");

	if (!file || fprintf(file, "%d\n", status) < 0 || fclose(file))
		complain("write", STATUS);
}

/* Sends a file through a serial port as it is, and waits until all has gone. */
static void send_file(const char *path, const char *port)
{
	char block[4096];
	struct termios raw;
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int to = open(port, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (from < 0 || to < 0 || tcgetattr(to, &raw)) {
		complain("send by", port);
		return;
	}
	raw.c_oflag &= ~(tcflag_t)OPOST;
	tcsetattr(to, TCSANOW, &raw);
	for (ssize_t n; (n = read(from, block, sizeof block)) > 0;)
		if (write(to, block, (size_t)n) != n)
			complain("send by", port);
	tcdrain(to);
}

int main(int argc, char **argv)
{
	if (argc < 3 || getpid() != 1) {
		fprintf(stderr, "usage, as the first process: init SHARE|- ports|-\n");
		return 2;
	}
	mount_all(argv[1]);
	load_modules();
	set_loopback_up();
	mkdir("/media/out", 0755);
	write_status(run());
	if (!strcmp(argv[2], "ports")) {
		send_file(RESULTS, "/dev/ttyS1");
		send_file(SHOWN, "/dev/ttyS2");
		send_file(STATUS, "/dev/ttyS3");
	}
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
