/* guest_init.c -- the first process of a guest kernel: runs a command and gives the host what came.
 *
 * Below /media it finds modules/ and command, a line for each word, and leaves out/: run.jsonl,
 * which the command may write, run.txt, what it said, and, last, status: without it the guest broke
 * down. It is linked statically.
 * usage: init SHARE|- PORT|-    (further words are the kernel's)
 *   SHARE   directory of the host that hostfs mounts at /media; -: /media is filled already
 *   PORT    the files of out/ are sent to this serial port (0: ttyS0) and the two behind it, in the
 *           order above; -: they stay where they are
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

enum { MOST_WORDS = 40 };

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

/* Becomes the command that the host gave. */
static _Noreturn void become_command(void)
{
	static char lines[MOST_WORDS][256];
	char *words[MOST_WORDS + 1] = { "/media/command" };
	int shown = open(SHOWN, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	FILE *command = fopen("/media/command", "re");

	for (int i = 0; command && i < MOST_WORDS && fgets(lines[i], sizeof *lines, command); i++) {
		lines[i][strcspn(lines[i], "\n")] = '\0';
		words[i] = lines[i];
	}
	dup2(shown, STDOUT_FILENO);
	dup2(shown, STDERR_FILENO);
	close(shown);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	execv(words[0], words);
	complain("run", words[0]);
	_exit(99);
}

/* Runs the command, reaping whatever ends meanwhile; gives its exit status. */
static int run(void)
{
	pid_t pid = fork(), ended;
	int status = 0;

	if (pid == 0)
		become_command();
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
static void send_file(const char *path, int number)
{
	char block[4096], port[32];
	struct termios raw;

	snprintf(port, sizeof port, "/dev/ttyS%d", number);
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
		fprintf(stderr, "usage, as the first process: init SHARE|- PORT|-\n");
		return 2;
	}
	mount_all(argv[1]);
	load_modules();
	set_loopback_up();
	mkdir("/media/out", 0755);
	write_status(run());
	if (strcmp(argv[2], "-") != 0) {
		int port = atoi(argv[2]);
		if (!access(RESULTS, F_OK))
			send_file(RESULTS, port);
		send_file(SHOWN, port + 1);
		send_file(STATUS, port + 2);
	}
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
