/* cmd_report.c -- sockdrill report: any report from a results file, judged anew or as it stands. */
#include <errno.h>
#include <signal.h>

#include "cli/cli.h"
#include "cli/consumer.h"
#include "cli/options.h"
#include "reports/read.h"
#include "reports/rejudge.h"

struct replay {
	const char *name; /* of the file */
	bool judges;
	struct run_facts facts; /* of all its runs */
	unsigned runs;
	struct os_facts os;
	struct consumer consumer;
};

/* ---- First it is read for what stands at the head of reports ---- */

static void note_run(void *context, const struct run_facts *facts)
{
	struct replay *r = context;

	if (r->runs++)
		run_facts_merge(&r->facts, facts);
	else
		r->facts = *facts;
}

/* ---- Then for its results ---- */

static void begin(void *context, const struct run_facts *facts)
{
	struct replay *r = context;

	system_of_run(facts, &r->os);
}

static void take_result(void *context, struct result *result)
{
	struct replay *r = context;

	if (r->judges)
		judge_anew(result, &r->os);
	consumer_take(&r->consumer, result, true);
}

static void end(void *context, const struct counts *counts)
{
	struct replay *r = context;

	counts_add_end(&r->consumer.counts, counts);
}

/* ---- Files ---- */

/* What can be read once only, such as a pipe, in a file that can be read again. NULL: errno says
 * why. */
static FILE *copy_stream(FILE *in)
{
	FILE *copy = tmpfile();
	char bytes[1 << 16];

	for (size_t n; copy && (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		fwrite(bytes, 1, n, copy);
	if (copy && !ferror(in) && !fflush(copy) && !ferror(copy))
		return copy;
	if (copy)
		fclose(copy);
	return NULL;
}

static FILE *open_results(const char *path)
{
	FILE *file = strcmp(path, "-") != 0 ? fopen(path, "re") : stdin;

	if (!file || !fseek(file, 0, SEEK_SET))
		return file;
	FILE *copy = copy_stream(file);
	if (file != stdin)
		fclose(file);
	if (copy)
		rewind(copy);
	return copy;
}

static void tell_of_other_version(const struct replay *r)
{
	char version[sizeof r->facts.tool];

	snprintf(version, sizeof version, "sockdrill %s", SOCKDRILL_VERSION);
	if (r->judges && strcmp(r->facts.tool, version) != 0)
		fprintf(stderr,
			"sockdrill report: %s is of %s: its values are judged again by what %s "
			"expects; --as-recorded keeps its verdicts\n",
			r->name, *r->facts.tool ? r->facts.tool : "an unknown version", version);
}

static int refuse(char *error)
{
	usage_error(&command_report, "%s", error);
	free(error);
	return STATUS_USAGE;
}

/* Reads the whole file before any report is touched. */
static int replay(struct replay *r, FILE *file, const struct consumer_setting *setting)
{
	const struct results_sink first = { .begin = note_run, .context = r };
	const struct results_sink second = { begin, take_result, end, r };
	char *error;

	if (!results_read_stream(file, r->name, &first, &error))
		return refuse(error);
	int status = consumer_open(&r->consumer, setting);
	if (status)
		return status;
	tell_of_other_version(r);
	r->consumer.counts.end.cause = END_COMPLETE;
	consumer_begin(&r->consumer, &r->facts);
	rewind(file);
	if (!results_read_stream(file, r->name, &second, &error))
		return refuse(error);
	char *cut = report_cut_text(&r->consumer.counts);
	if (cut)
		fprintf(stderr, "sockdrill report: %s: %s\n", r->name, cut);
	free(cut);
	return consumer_end(&r->consumer);
}

static int replay_path(struct replay *r, const char *path, const struct consumer_setting *setting)
{
	FILE *file = open_results(path);

	r->name = strcmp(path, "-") != 0 ? path : "standard input";
	if (!file)
		return refuse(
			must_format("cannot read results file %s: %s", r->name, strerror(errno)));
	int status = replay(r, file, setting);
	consumer_abandon(&r->consumer);
	if (file != stdin)
		fclose(file);
	return status;
}

/* What the command line asks for. */
struct report_options {
	const char *from;
	const char *specs[REPORTS_MAX];
	size_t spec_count;
	bool as_recorded;
	int verbosity;
	enum color color;
};

#define IN(member) FIELD(struct report_options, member)
/* clang-format off */
static const struct option_row option_rows[] = {
	{ "from", 0, "FILE", "what 'run --report jsonl:FILE' wrote; - is standard input",
	  OPTION_TEXT(IN(from)) },
	{ "report", 0, "FORMAT[:FILE]", "%s; may be repeated",
	  OPTION_LIST(struct report_options, specs, spec_count), .allowed_list = format_names },
	{ "as-recorded", 0, NULL, "keep the recorded verdicts; otherwise the recorded values are "
	  "judged by this program's expectations",
	  OPTION_SWITCH(IN(as_recorded)) },
	{ "color", 0, NULL, "NO_COLOR is honoured",
	  OPTION_WORD(IN(color), color_words) },
	{ "verbose", 'v', NULL, "every case; twice: every observation",
	  OPTION_COUNTER(IN(verbosity)) },
	{ 0 },
};
/* clang-format on */
#undef IN

static int run(int argc, char **argv)
{
	struct report_options options = { 0 };
	/* A closed standard output is an error to report, not a death. */
	const bool ignored_pipe = signal(SIGPIPE, SIG_IGN) == SIG_IGN;

	int first = options_read(&command_report, argc, argv, &options);
	if (first < 0)
		return STATUS_USAGE;
	if (!options.from || first != argc)
		return usage_error(&command_report, "give --from FILE and no further argument");
	const struct consumer_setting setting = {
		.command = &command_report,
		.specs = options.specs,
		.spec_count = options.spec_count,
		.verbosity = options.verbosity,
		.color = options.color,
		.ignored_pipe = ignored_pipe,
	};
	struct replay r = { .judges = !options.as_recorded };
	int status = consumer_check(&setting);
	if (!status)
		status = replay_path(&r, options.from, &setting);
	return status == 128 + SIGPIPE ? die_of_signal(SIGPIPE) : status;
}

const struct command command_report = {
	.name = "report",
	.usage = "--from FILE",
	.summary = "make any report from a results file, without running a case",
	.options = option_rows,
	.help = "status: as of run; 1 also when the run is incomplete\n"
		"example: sockdrill report --from run.jsonl --report junit:run.xml\n",
	.run = run,
};
