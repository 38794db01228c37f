/* aside.c -- writes files beside their place and renames them. */
#include "engine/aside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/result.h"

static void forget(struct aside *aside)
{
	int err = errno;

	if (aside->part)
		unlink(aside->part);
	free(aside->part);
	free(aside->path);
	memset(aside, 0, sizeof *aside);
	errno = err;
}

/* ---- One file by two names ---- */

static bool is_null_device(const struct stat *info)
{
	struct stat null;

	return S_ISCHR(info->st_mode) && !stat("/dev/null", &null) && info->st_rdev == null.st_rdev;
}

static bool find(const char *path, struct stat *ret_info)
{
	return !(strcmp(path, "-") != 0 ? stat(path, ret_info) : fstat(STDOUT_FILENO, ret_info));
}

/* The real path of what is not there yet; new memory. NULL: its directory is not there either. */
static char *real_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? must_format("%.*s", (int)(slash - path) + 1, path) : must_copy(".");
	char *real = realpath(parent, NULL), *whole = NULL;

	if (real)
		whole = must_format("%s/%s", real, slash ? slash + 1 : path);
	free(real);
	free(parent);
	return whole;
}

bool aside_is_same(const char *a, const char *b)
{
	struct stat one, other;
	bool is_there = find(a, &one), other_is = find(b, &other);

	if (is_there && other_is)
		return one.st_dev == other.st_dev && one.st_ino == other.st_ino &&
		       !is_null_device(&one);
	if (is_there || other_is)
		return false;
	char *x = real_path(a), *y = real_path(b);
	bool same = x && y && !strcmp(x, y);
	free(x);
	free(y);
	return same;
}

/* ---- Writing ---- */

bool aside_open(struct aside *aside, const char *path, bool grows)
{
	struct stat info;

	memset(aside, 0, sizeof *aside);
	if (!strcmp(path, "-")) {
		aside->out = stdout;
		return true;
	}
	bool plain = stat(path, &info) || S_ISREG(info.st_mode);
	aside->path = must_copy(path);
	if (plain && !grows)
		aside->part = must_format("%s.%ld.part", path, (long)getpid());
	aside->out = fopen(aside->part ? aside->part : path, "we");
	if (aside->out)
		return true;
	/* There is no such file yet; what has its name is not ours to remove. */
	free(aside->part);
	aside->part = NULL;
	forget(aside);
	return false;
}

/* errno of closing, 0 for success. */
static int close_out(struct aside *aside)
{
	errno = 0;
	/* A write that failed long ago may have left no errno. */
	int err = fflush(aside->out) || ferror(aside->out) ? (errno ? errno : EIO) : 0;

	if (aside->path && fclose(aside->out) && !err)
		err = errno;
	return err;
}

bool aside_close(struct aside *aside)
{
	int err = close_out(aside);

	if (!err && aside->part && rename(aside->part, aside->path))
		err = errno;
	if (!err) {
		free(aside->part);
		aside->part = NULL;
	}
	forget(aside);
	errno = err;
	return !err;
}

void aside_abandon(struct aside *aside)
{
	if (aside->out)
		close_out(aside);
	forget(aside);
}
