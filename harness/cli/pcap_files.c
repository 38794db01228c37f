/* pcap_files.c -- names, writes and removes the files of packets. */
#include "cli/pcap_files.h"

#include <sys/stat.h>

#include "engine/packets.h"
#include "engine/scribe.h"
#include "os/os.h"

/* The files of one instance. */
struct kept {
	unsigned landed; /* repetitions so far */
	char **paths;
	size_t count;
};

struct pcap_files {
	struct pcap_setting setting;
	char *directory;
	bool is_new; /* made by us, under a name of our own */
	char system[160];
	struct kept *kept;
	struct scribe scribe;
	unsigned files, cut, silent;
};

/* ---- Before the run ---- */

static bool make_directory(struct pcap_files *files, char **ret_error)
{
	const char *base = getenv("TMPDIR"), *given = files->setting.directory;

	if (given) {
		files->directory = must_copy(given);
		if (!mkdir(given, 0777) || (errno == EEXIST && !access(given, W_OK | X_OK)))
			return true;
		*ret_error = must_format("cannot use %s for packets: %s: give a directory that can "
					 "be written, in one that exists",
					 given, strerror(errno));
		return false;
	}
	files->directory = must_format("%s/sockdrill.XXXXXX", base && *base ? base : "/tmp");
	files->is_new = mkdtemp(files->directory) != NULL;
	if (!files->is_new)
		*ret_error = must_format("cannot make %s: %s: give --pcap-dir", files->directory,
					 strerror(errno));
	return files->is_new;
}

struct pcap_files *pcap_files_create(const struct pcap_setting *setting, char **ret_error)
{
	struct pcap_files *files = must_alloc(1, sizeof *files);

	files->setting = *setting;
	files->kept = must_alloc(setting->instances, sizeof *files->kept);
	snprintf(files->system, sizeof files->system, "%s %s %s", setting->os->sysname,
		 setting->os->release, setting->os->machine);
	if (make_directory(files, ret_error)) {
		if (scribe_start(&files->scribe))
			return files;
		*ret_error = must_format("cannot fork: %s", strerror(errno));
	}
	pcap_files_destroy(files);
	return NULL;
}

static void forget(struct kept *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		free(kept->paths[i]);
	free(kept->paths);
	memset(kept, 0, sizeof *kept);
}

void pcap_files_restart(struct pcap_files *files)
{
	for (size_t i = 0; i < files->setting.instances; i++)
		forget(&files->kept[i]);
	files->files = files->cut = files->silent = 0;
}

bool pcap_files_finish(struct pcap_files *files, char **ret_error)
{
	char *error;

	bool written = scribe_end(&files->scribe, &error);
	if (files->is_new)
		rmdir(files->directory); /* only if empty */
	if (written)
		return true;
	*ret_error = must_format("%s: free some space, or give another --pcap-dir", error);
	free(error);
	return false;
}

void pcap_files_destroy(struct pcap_files *files)
{
	char *error;

	if (!files)
		return;
	if (!scribe_end(&files->scribe, &error))
		free(error);
	pcap_files_restart(files);
	if (files->is_new)
		rmdir(files->directory); /* only if empty */
	free(files->directory);
	free(files->kept);
	free(files);
}

/* What a process behind these walls finds out: errno, or 0. */
static int try_tap(const struct os_walls *walls)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	const char *step;
	int status;

	pid_t pid = os_fork_behind(walls);
	if (pid < 0)
		return errno;
	if (pid == 0) {
		bool possible = !os_furnish(walls, uid, gid, &step) && os_tap_open(4096) >= 0;
		_exit(possible ? 0 : errno);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

bool pcap_files_possible(const struct abilities *abilities, char **ret_error)
{
	*ret_error = NULL;
	if (abilities->threads) {
		*ret_error = must_copy("no packets can be captured of this stack, which is a "
				       "library: leave out --pcap");
		return false;
	}
	if (!abilities->walls.net) {
		*ret_error = must_format("no packets can be captured without a private network "
					 "(%s): %s%sleave out --pcap",
					 abilities->why_not, abilities->fix,
					 *abilities->fix ? ", or " : "");
		return false;
	}
	int err = try_tap(&abilities->walls);
	if (err)
		*ret_error = must_format("no packets can be captured here: cannot open a packet "
					 "socket: %s: it takes CAP_NET_RAW and Linux 5.1 or later; "
					 "else leave out --pcap",
					 strerror(err));
	return !err;
}

/* ---- As results land ---- */

static char *path_of(const struct pcap_files *files, const struct kept *kept,
		     const struct result *result)
{
	if (files->setting.numbered)
		return must_format("%s/%s.%s.%u.pcapng", files->directory, result->name,
				   family_name(result->family), kept->landed);
	return must_format("%s/%s.%s.pcapng", files->directory, result->name,
			   family_name(result->family));
}

/* False with errno. */
static bool order_file(struct pcap_files *files, const char *path, const struct packets *packets,
		       const struct result *result)
{
	char *name = must_format("%s/%s", result->name, family_name(result->family));
	char *bytes = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&bytes, &n);

	bool ordered = out != NULL;
	if (ordered) {
		packets_write(packets, name, files->system, out);
		ordered = !fclose(out) && scribe_write(&files->scribe, path, bytes, n);
	}
	int err = errno;
	free(bytes);
	free(name);
	errno = err;
	return ordered;
}

static void note_file(struct pcap_files *files, struct kept *kept, char *path)
{
	kept->paths = must_grow(kept->paths, kept->count + 1, sizeof *kept->paths);
	kept->paths[kept->count++] = path;
	files->files++;
}

static bool say_gone(char **ret_error)
{
	*ret_error = must_format("cannot hand over packets to be written: %s: free some memory "
				 "and run again",
				 strerror(errno));
	return false;
}

bool pcap_files_land(struct pcap_files *files, size_t instance, bool expected,
		     struct result *result, char **ret_error)
{
	const struct packets *packets = result->packets;
	struct kept *kept = &files->kept[instance];
	bool wanted = packets && (files->setting.all || !expected);

	kept->landed++;
	char *path = path_of(files, kept, result);
	files->silent += wanted && !packets_count(packets);
	if (!wanted || !packets_count(packets)) {
		/* What an earlier run left under this name is not of this one. */
		bool removed = files->is_new || scribe_remove(&files->scribe, path);
		free(path);
		return removed || say_gone(ret_error);
	}
	if (!order_file(files, path, packets, result)) {
		free(path);
		return say_gone(ret_error);
	}
	files->cut += packets_lost(packets) > 0;
	result->pcap = must_copy(path);
	note_file(files, kept, path);
	return true;
}

void pcap_files_settle(struct pcap_files *files, size_t instance, struct result *result)
{
	struct kept *kept = &files->kept[instance];

	if (!result->expected || files->setting.all) {
		if (!result->pcap && kept->count)
			result->pcap = must_copy(kept->paths[0]);
		return;
	}
	for (size_t i = 0; i < kept->count; i++)
		scribe_remove(&files->scribe, kept->paths[i]);
	files->files -= (unsigned)kept->count;
	forget(kept);
	free(result->pcap);
	result->pcap = NULL;
}

void pcap_files_tell(const struct pcap_files *files, FILE *out)
{
	const char *of = files->setting.all ? "" : " that were not as expected";

	fprintf(out, "sockdrill run: kept the packets of %u pairs%s", files->files, of);
	if (files->files)
		fprintf(out, " in %s", files->directory);
	if (files->silent)
		fprintf(out, "; %u sent none", files->silent);
	if (files->cut)
		fprintf(out, "; %u are cut, for want of room", files->cut);
	fputc('\n', out);
}
