/* binaries.c -- builds what is fuzzed: targets of the project by meson, anybody's function
 * directly. */
#include "fuzz/binaries.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "fuzz/child.h"
#include "fuzz/programs.h"

enum { BUILD_LIMIT_MS = 600000, WORDS_MAX = 64 };

/* One way to build: compiler, words for it, environment. */
struct flavour {
	const char *name; /* its directory below `work` */
	const char *compiler;
	const char *variable; /* "NAME=value"; NULL: none */
	const char *sanitize; /* -fsanitize=... and meson's b_sanitize */
	bool replays;         /* linked with fuzz/replay.c; else with the engine */
};

static const struct flavour flavours[] = {
	{ "afl", "afl-clang-fast", NULL, "address,undefined", false },
	{ "cmplog", "afl-clang-fast", "AFL_LLVM_CMPLOG=1", "undefined", false },
	{ "libfuzzer", "clang", NULL, "address,undefined", false },
	{ "replay", "gcc", NULL, "address,undefined", true },
};

enum { FLAVOUR_AFL, FLAVOUR_CMPLOG, FLAVOUR_LIBFUZZER, FLAVOUR_REPLAY };

/* The first error that a compiler or meson tells of in the log, without what is before its place;
 * new memory, empty when there is none. */
static char *first_error(const char *log)
{
	static const char *const marks[] = { "undefined reference", "error: ", "ERROR: " };
	FILE *file = fopen(log, "re");
	char line[512], *found = NULL;

	while (file && !found && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\r\n")] = '\0';
		for (size_t i = 0; !found && i < sizeof marks / sizeof *marks; i++)
			if (strstr(line, marks[i]))
				found = must_format(": %s", line);
	}
	if (file)
		fclose(file);
	return found ? found : must_copy("");
}

/* Runs a builder with its words in WORK/build.log. */
static bool run_builder(const char *const *argv, const struct flavour *flavour, const char *work,
			char **ret_error)
{
	char *log = must_format("%s/build.log", work);
	char *compiler = must_format("CC=%s", flavour->compiler);
	/* AFL++ 4.04c's own instrumentation (PCGUARD) counts selects with entries of a table that
	 * are not there: sound programs write to wild addresses. Clang's has no such fault. CFLAGS,
	 * LDFLAGS: what the user's shell sets for other builds. */
	const char *variables[] = { compiler, "AFL_QUIET=1", "AFL_LLVM_INSTRUMENT=LLVM-NATIVE",
				    "CFLAGS", "LDFLAGS",     flavour->variable,
				    NULL };
	const struct child_order order = { .argv = argv, .variables = variables, .output = log };

	struct child_end end = child_run(&order, BUILD_LIMIT_MS);
	bool built = end.started && !end.timed_out && !end.status;
	if (!end.started)
		*ret_error = must_format("cannot start %s: %s", argv[0], strerror(end.err));
	else if (!built) {
		char *first = first_error(log);
		*ret_error = must_format("%s could not build it%s: all its words are in %s",
					 argv[0], first, log);
		free(first);
	}
	free(log);
	free(compiler);
	return built;
}

/* Writes the file aside and renames it. */
static bool write_file(const char *path, const char *text, char **ret_error)
{
	char *aside = must_format("%s.part", path);
	FILE *out = fopen(aside, "we");
	bool written = out && fputs(text, out) >= 0;

	if (out && fclose(out))
		written = false;
	written = written && !rename(aside, path);
	if (!written)
		*ret_error = must_format("cannot write %s: %s", path, strerror(errno));
	free(aside);
	return written;
}

/* ---- A target of the project ---- */

/* Which tree a directory was built from stands in its file `source`. */
static bool note_source(const struct fuzz_subject *subject, const char *directory, char **ret_error)
{
	char *path = must_format("%s/source", directory);
	char *source = realpath(subject->source, NULL);
	bool noted = write_file(path, source ? source : "", ret_error);

	free(source);
	free(path);
	return noted;
}

static bool is_of_source(const struct fuzz_subject *subject, const char *directory,
			 char **ret_error)
{
	char *path = must_format("%s/source", directory);
	char *source = realpath(subject->source, NULL);
	char noted[4096] = "";
	FILE *file = fopen(path, "re");

	if (file) {
		noted[fread(noted, 1, sizeof noted - 1, file)] = '\0';
		fclose(file);
	}
	bool same = source && !strcmp(source, noted);
	if (!same)
		*ret_error = must_format("%s was built from another tree, '%s': give another "
					 "--work, or remove it",
					 directory, noted);
	free(source);
	free(path);
	return same;
}

static bool set_up(const struct fuzz_subject *subject, const struct flavour *flavour,
		   const char *directory, const char *work, char **ret_error)
{
	char *sanitize = must_format("-Db_sanitize=%s", flavour->sanitize);
	char *ninja = must_format("%s/build.ninja", directory);
	const char *const argv[] = { "meson",
				     "setup",
				     directory,
				     subject->source,
				     "-Dtests=disabled",
				     "-Dwerror=false", /* style is looked at elsewhere */
				     sanitize,
				     "-Db_lundef=false",
				     flavour->replays ? "-Dfuzz=replay" : "-Dfuzz=engine",
				     NULL };

	bool ready = !access(ninja, F_OK) ? is_of_source(subject, directory, ret_error)
					  : run_builder(argv, flavour, work, ret_error) &&
						    note_source(subject, directory, ret_error);
	free(ninja);
	free(sanitize);
	return ready;
}

static char *build_target(const struct fuzz_subject *subject, const struct flavour *flavour,
			  const char *work, char **ret_error)
{
	char *directory = must_format("%s/%s", work, flavour->name);
	char *program = must_format("fuzz/fuzz_%s", subject->name);
	char *path = must_format("%s/%s", directory, program);
	const char *const argv[] = { "ninja", "-C", directory, program, NULL };

	if (!set_up(subject, flavour, directory, work, ret_error) ||
	    !run_builder(argv, flavour, work, ret_error)) {
		free(path);
		path = NULL;
	}
	free(program);
	free(directory);
	return path;
}

/* ---- Anybody's function ---- */

/* The file that makes a target of the function. It includes the other, so that the function may be
 * static and have any result; a main() of its own is renamed. */
static char *write_wrapper(const struct fuzz_subject *subject, const char *work, char **ret_error)
{
	char *path = must_format("%s/%s_target.c", work, subject->name);
	char *whole = realpath(subject->file, NULL);

	if (!whole) {
		*ret_error = must_format("cannot read %s: %s", subject->file, strerror(errno));
		free(path);
		return NULL;
	}
	if (strpbrk(whole, "\"\\\n")) {
		*ret_error = must_format("C cannot include '%s': rename it", whole);
		free(whole);
		free(path);
		return NULL;
	}
	char *text = must_format("#include <stddef.h>\n#include <stdint.h>\n"
				 "#define main main_of_the_file\n#include \"%s\"\n#undef main\n"
				 "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n"
				 "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n"
				 "{\n\t(void)%s(data, size);\n\treturn 0;\n}\n",
				 whole, subject->name);
	bool written = write_file(path, text, ret_error);
	free(text);
	free(whole);
	if (!written) {
		free(path);
		path = NULL;
	}
	return path;
}

/* Splits the user's words at blanks, in place; those that fit behind argv[n]. */
static int add_words(const char **argv, int n, char *words)
{
	for (char *word = strtok(words, " \t"); word && n < WORDS_MAX - 1;
	     word = strtok(NULL, " \t"))
		argv[n++] = word;
	return n;
}

static char *build_function(const struct fuzz_subject *subject, const struct flavour *flavour,
			    const char *wrapper, const char *work, char **ret_error)
{
	char *path = must_format("%s/%s.%s", work, subject->name, flavour->name);
	char *sanitize = must_format("-fsanitize=%s%s", flavour->sanitize,
				     flavour->replays ? "" : ",fuzzer");
	char *replay = must_format("%s/replay.c", work);
	char *words = must_copy(subject->flags ? subject->flags : "");
	const char *argv[WORDS_MAX] = { flavour->compiler,
					"-O1",
					"-g",
					"-fno-omit-frame-pointer",
					sanitize,
					"-fno-sanitize-recover=undefined",
					wrapper };
	int n = 7;

	if (flavour->replays)
		argv[n++] = replay;
	n = add_words(argv, n, words);
	argv[n++] = "-o";
	argv[n++] = path;
	bool built = (!flavour->replays || write_file(replay, subject->replay, ret_error)) &&
		     run_builder(argv, flavour, work, ret_error);
	free(words);
	free(replay);
	free(sanitize);
	if (!built) {
		free(path);
		path = NULL;
	}
	return path;
}

/* ---- Either ---- */

static bool check_programs(const struct fuzz_subject *subject, const struct flavour *flavour,
			   char **ret_error)
{
	static const struct {
		const char *program, *package;
	} packages[] = { { "afl-clang-fast", "afl++" },
			 { "clang", "clang libclang-rt-14-dev" },
			 { "gcc", "gcc" },
			 { "meson", "meson" },
			 { "ninja", "ninja-build" } };

	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
		const char *program = packages[i].program;
		bool builder = !strcmp(program, "meson") || !strcmp(program, "ninja");
		if (builder ? subject->file != NULL : strcmp(program, flavour->compiler) != 0)
			continue;
		if (program_exists(program))
			continue;
		*ret_error = must_format("%s is missing: install Debian's %s", program,
					 packages[i].package);
		return false;
	}
	return true;
}

static char *build_flavour(const struct fuzz_subject *subject, int index, const char *wrapper,
			   const char *work, char **ret_error)
{
	const struct flavour *flavour = &flavours[index];

	if (subject->file)
		return build_function(subject, flavour, wrapper, work, ret_error);
	return build_target(subject, flavour, work, ret_error);
}

bool fuzz_build(const struct fuzz_subject *subject, enum fuzz_engine engine, bool with_cmplog,
		const char *work, struct fuzz_binaries *ret_binaries, char **ret_error)
{
	struct fuzz_binaries built = { 0 };
	int fuzzer = engine == ENGINE_AFL ? FLAVOUR_AFL : FLAVOUR_LIBFUZZER;
	char *wrapper = NULL;

	if (!check_programs(subject, &flavours[FLAVOUR_REPLAY], ret_error) ||
	    !check_programs(subject, &flavours[fuzzer], ret_error))
		return false;
	if (subject->file && !(wrapper = write_wrapper(subject, work, ret_error)))
		return false;
	built.replay = build_flavour(subject, FLAVOUR_REPLAY, wrapper, work, ret_error);
	if (built.replay)
		built.fuzzer = build_flavour(subject, fuzzer, wrapper, work, ret_error);
	if (built.fuzzer && with_cmplog)
		built.cmplog = build_flavour(subject, FLAVOUR_CMPLOG, wrapper, work, ret_error);
	free(wrapper);
	if (built.fuzzer && (built.cmplog || !with_cmplog)) {
		*ret_binaries = built;
		return true;
	}
	fuzz_binaries_finish(&built);
	return false;
}

void fuzz_binaries_finish(struct fuzz_binaries *binaries)
{
	free(binaries->fuzzer);
	free(binaries->cmplog);
	free(binaries->replay);
	memset(binaries, 0, sizeof *binaries);
}
