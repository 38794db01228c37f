/* trace_end.c -- the end of sockdrill trace. */
#include "cli/trace_end.h"

#include <errno.h>

#include "ladder/ladder.h"
#include "ladder/lives.h"
#include "reports/page/ladder_svg.h"

static void put_ladder(FILE *out, const struct trace_event *events, size_t count,
		       const struct trace_end *end)
{
	const struct ladder_look look = { .width = end->width,
					  .boxes = ladder_may_use_boxes(),
					  .color = end->color };
	struct ladder ladder;

	ladder_make(events, count, LADDER_ROWS, &ladder);
	ladder_put_text(out, &ladder, &look);
	ladder_finish(&ladder);
}

void trace_end_put(FILE *out, const struct trace_log *log, const struct trace_end *end)
{
	size_t count;
	const struct trace_event *events = trace_log_events(log, &count);
	struct lives lives;

	if (end->ladder)
		put_ladder(out, events, count, end);
	lives_make(events, count, &lives);
	if (end->only_findings)
		lives_put_findings(out, &lives);
	else
		lives_put(out, &lives);
	lives_finish(&lives);
	if (trace_log_lost(log))
		fprintf(out, "%zu calls are not in this: they were too many\n",
			trace_log_lost(log));
}

bool trace_end_put_svg(FILE *out, const struct trace_log *log)
{
	struct ladder ladder;
	size_t count;
	const struct trace_event *events = trace_log_events(log, &count);

	ladder_make(events, count, LADDER_ROWS, &ladder);
	put_ladder_svg_file(out, &ladder);
	bool drawn = ladder.column_count > 0;
	ladder_finish(&ladder);
	return drawn;
}
