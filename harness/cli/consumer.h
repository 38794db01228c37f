/* consumer.h -- what becomes of results, whether a run has them or a file of one: they are counted,
 * every report gets them, and they set the exit status. So `run` and `report` of its results file
 * say the same. */
#ifndef SOCKDRILL_CONSUMER_H
#define SOCKDRILL_CONSUMER_H

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/run_options.h"
#include "reports/report.h"

/* Which reports the user wants. Nothing is owned. */
struct consumer_setting {
	const struct command *command; /* of which errors are */
	const char *const *specs;      /* FORMAT or FORMAT:FILE; none: pretty */
	size_t spec_count;
	int verbosity;
	enum color color;
	bool ignored_pipe; /* SIGPIPE was ignored before this program ran; it is now */
};

/* Zeroed before consumer_open(). */
struct consumer {
	const struct command *command;
	struct run_facts facts;
	struct counts counts;
	struct report reports[REPORTS_MAX];
	size_t report_count;
	bool ignored_pipe;
	bool output_failed; /* something could not be written */
};

/* Whether the reports can be asked for so: STATUS_USAGE, with an error line printed, when a spec is
 * no spec or two reports would go to one file. No file is touched. */
int consumer_check(const struct consumer_setting *setting);
/* Checks, and opens the reports. Returns STATUS_EXPECTED, STATUS_USAGE, or STATUS_HARNESS, with an
 * error line printed, when a file cannot be written. */
int consumer_open(struct consumer *consumer, const struct consumer_setting *setting);
/* Begins all reports. */
void consumer_begin(struct consumer *consumer, const struct run_facts *facts);
/* Counts a result whose .expected is set, and reports it if it is to be shown. */
void consumer_take(struct consumer *consumer, const struct result *result, bool shown);
/* Whether a report on standard output has no reader any more. */
bool consumer_is_unread(const struct consumer *consumer);
/* Ends all reports by the counts, whose .ms and .end are set by now. Returns the status that the
 * results come to; STATUS_HARNESS with error lines printed when something could not be written; 128
 * + SIGPIPE when that is for want of a reader, as end_for_closed_pipe() has it: the program is to
 * die of the signal. */
int consumer_end(struct consumer *consumer);
/* Closes what is open without ending it. Takes a zeroed consumer, and one that has ended. */
void consumer_abandon(struct consumer *consumer);

#endif
