/* cmd_report.c -- sockdrill report: any report from a results file, judged anew or as it stands. */
#include <getopt.h>

#include "cli/cli.h"
#include "engine/plan.h"
#include "engine/registry.h"
#include "ladder/ladder.h"
#include "reports/read.h"
#include "reports/rejudge.h"
#include "reports/report.h"

/* Feeding reports from a file. */
struct retelling {
	struct report reports[8];
	size_t count;
	struct run_facts facts;
	struct os_facts os;
	struct counts counts, total;
	bool judges, begun, output_failed;
};

static void begin(void *context, const struct run_facts *facts)
{
	struct retelling *r = context;

	r->facts = *facts;
	system_of_run(facts, &r->os);
	for (size_t i = 0; i < r->count && !r->begun; i++)
		report_begin(&r->reports[i], facts);
	r->begun = true;
}

static void retell_result(void *context, struct result *result)
{
	struct retelling *r = context;

	if (r->judges)
		judge_anew(result, &r->os);
	counts_add(&r->total, result);
	for (size_t i = 0; i < r->count; i++)
		r->output_failed |= !report_result(&r->reports[i], result);
}

static void end(void *context, const struct counts *counts)
{
	struct retelling *r = context;

	counts_add_end(&r->total, counts);
}

static int end_reports(struct retelling *r, int status)
{
	char *error;

	for (size_t i = 0; i < r->count; i++) {
		if (report_end(&r->reports[i], &r->facts, &r->total, &error))
			continue;
		status = harness_error(&command_report, "%s", error);
		free(error);
	}
	return status;
}

static int open_report(struct retelling *r, const char *spec, int verbosity)
{
	struct report *report = &r->reports[r->count];
	const char *no_color = getenv("NO_COLOR");
	char *error;

	if (!report_open(report, spec, &error)) {
		usage_error(&command_report, "%s", error);
		free(error);
		return STATUS_USAGE;
	}
	report->color = (!no_color || !*no_color) && isatty(fileno(report->out));
	report->boxes = ladder_may_use_boxes();
	report->width = terminal_width(STDOUT_FILENO);
	report->verbosity = verbosity;
	report->rerun = program_name;
	r->count++;
	return STATUS_EXPECTED;
}

static int retell(struct retelling *r, const char *from)
{
	const struct results_sink sink = { begin, retell_result, end, r };
	char *error;

	if (!results_read(from, &sink, &error)) {
		usage_error(&command_report, "%s", error);
		free(error);
		for (size_t i = 0; i < r->count; i++)
			report_abandon(&r->reports[i]);
		return STATUS_USAGE;
	}
	char *cut = report_cut_text(&r->total);
	int status = r->total.unexpected || cut ? STATUS_UNEXPECTED : STATUS_EXPECTED;
	if (cut)
		fprintf(stderr, "sockdrill report: %s: %s\n", from, cut);
	free(cut);
	status = end_reports(r, status);
	return r->output_failed && status != STATUS_HARNESS ? STATUS_HARNESS : status;
}

static int run(int argc, char **argv)
{
	static const struct option long_options[] = { { "from", required_argument, NULL, 'f' },
						      { "report", required_argument, NULL, 'r' },
						      { "as-recorded", no_argument, NULL, 'a' },
						      { "verbose", no_argument, NULL, 'v' },
						      { 0 } };
	struct retelling r = { .judges = true, .total.end.cause = END_COMPLETE };
	const char *specs[8], *from = NULL;
	size_t spec_count = 0;
	int opt, status = STATUS_EXPECTED, verbosity = 0;

	signal(SIGPIPE, SIG_IGN);
	opterr = 0;
	optind = 1;
	while ((opt = getopt_long(argc, argv, ":v", long_options, NULL)) != -1) {
		if (opt == 'f')
			from = optarg;
		else if (opt == 'r' && spec_count < sizeof specs / sizeof *specs)
			specs[spec_count++] = optarg;
		else if (opt == 'a')
			r.judges = false;
		else if (opt == 'v')
			verbosity++;
		else
			return usage_error(&command_report,
					   "cannot use '%s': see 'sockdrill report --help'",
					   argv[optind - 1]);
	}
	if (!from || optind != argc)
		return usage_error(&command_report, "give --from FILE and no further argument");
	if (!spec_count)
		specs[spec_count++] = "pretty";
	for (size_t i = 0; i < spec_count && !status; i++)
		status = open_report(&r, specs[i], verbosity);
	return status ? status : retell(&r, from);
}

const struct command command_report = {
	.name = "report",
	.usage = "--from FILE",
	.summary = "make any report from a results file, without running a case",
	.help = "  --from FILE               a file that 'run --report jsonl:FILE' wrote\n"
		"  --report FORMAT[:FILE]    pretty (the default), tap, junit, ctrf, github, "
		"markdown,\n"
		"                            jsonl, html; may be repeated\n"
		"  --as-recorded             keep the recorded verdicts; otherwise the recorded "
		"values\n"
		"                            are judged by this program's expectations\n"
		"  -v                        every case; twice: every observation\n"
		"\n"
		"status: as of run; 1 also when the run is incomplete\n"
		"example: sockdrill report --from run.jsonl --report junit:run.xml\n",
	.run = run,
};
