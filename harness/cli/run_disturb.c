/* run_disturb.c -- what became of disturbed cases, told; survivors need a reason. */
#include "cli/run_disturb.h"

#include "engine/disturb.h"
#include "os/os.h"
#include "source.h"

/* One text: lines of "GLOB TAB reason", and comments behind #. */
static const struct source known_survivors[] = {
#include "harness/cli/undisturbed.h"
};

/* A line of that text. */
struct survivor {
	char glob[96];
	const char *reason;
	size_t reason_len;
	bool used;
};

struct telling {
	struct survivor *survivors;
	size_t survivor_count;
	unsigned of[PROOF_COUNT];
	unsigned unknown; /* that survive without a reason */
	unsigned long long tries;
	int verbosity;
};

static void read_survivors(struct telling *t)
{
	for (const char *line = known_survivors[0].text; *line;) {
		size_t n = strcspn(line, "\n");
		const char *tab = memchr(line, '\t', n);
		if (*line != '#' && tab) {
			t->survivors = must_grow(t->survivors, t->survivor_count + 1,
						 sizeof *t->survivors);
			struct survivor *one = &t->survivors[t->survivor_count++];
			*one = (struct survivor){ .reason = tab + 1,
						  .reason_len = (size_t)(line + n - tab - 1) };
			snprintf(one->glob, sizeof one->glob, "%.*s", (int)(tab - line), line);
		}
		line += n + (line[n] == '\n');
	}
}

static struct survivor *find_survivor(const struct telling *t, const struct disturbed *d)
{
	for (size_t i = 0; i < t->survivor_count; i++)
		if (glob_fits(t->survivors[i].glob, d->entry->name, d->family))
			return &t->survivors[i];
	return NULL;
}

/* No disturbed call made it fail: that needs a reason. */
static void tell_undisturbed(struct telling *t, const struct disturbed *d)
{
	struct survivor *known = find_survivor(t, d);

	if (known)
		known->used = true;
	else
		t->unknown++;
	if (known && t->verbosity < 1)
		return;
	printf("%s  %s/%s  %u calls, %u disturbances%s%s%s\n",
	       d->proof == PROOF_SURVIVES ? "survives" : "records ", d->entry->name,
	       family_name(d->family), d->calls, d->tried, d->cut ? ", more were not tried" : "",
	       *d->how ? ": " : "", d->how);
	if (known)
		printf("    known: %.*s\n", (int)known->reason_len, known->reason);
}

static void tell_case(void *context, const struct disturbed *d)
{
	static const char *const words[PROOF_COUNT] = {
		[PROOF_FAILS] = "fails",
		[PROOF_BREAKS] = "breaks",
	};
	struct telling *t = context;

	t->of[d->proof]++;
	t->tries += d->tried;
	if (d->proof == PROOF_SURVIVES || d->proof == PROOF_RECORDS)
		tell_undisturbed(t, d);
	else if (d->proof == PROOF_NOT_RUN && (t->verbosity > 0 || d->verdict != VERDICT_SKIP))
		printf("not run   %s/%s  %s\n", d->entry->name, family_name(d->family), d->how);
	else if (t->verbosity > 0)
		printf("%-8s  %s/%s  %u calls, disturbance %u: %s\n", words[d->proof],
		       d->entry->name, family_name(d->family), d->calls, d->tried, d->how);
	fflush(stdout);
}

static unsigned report_unused(const struct telling *t)
{
	unsigned unused = 0;

	for (size_t i = 0; i < t->survivor_count; i++) {
		if (t->survivors[i].used)
			continue;
		unused++;
		printf("unused    %s in %s: it fails when disturbed, or is no case: remove the "
		       "line\n",
		       t->survivors[i].glob, known_survivors[0].path);
	}
	return unused;
}

static int conclude(const struct telling *t, bool whole, double seconds)
{
	const unsigned run = t->of[PROOF_FAILS] + t->of[PROOF_BREAKS] + t->of[PROOF_RECORDS] +
			     t->of[PROOF_SURVIVES];
	unsigned unused = whole ? report_unused(t) : 0;

	printf("%u case instance%s disturbed %llu time%s in %.1f s: %u fail, %u only break or time "
	       "out, %u only fail when a recorded value is another, %u survive (%.1f %%)\n",
	       run, run == 1 ? "" : "s", t->tries, t->tries == 1 ? "" : "s", seconds,
	       t->of[PROOF_FAILS], t->of[PROOF_BREAKS], t->of[PROOF_RECORDS], t->of[PROOF_SURVIVES],
	       run ? 100.0 * t->of[PROOF_SURVIVES] / run : 0.0);
	if (t->unknown)
		printf("%u have no reason in %s, why no disturbed call makes them fail\n",
		       t->unknown, known_survivors[0].path);
	if (t->of[PROOF_NOT_RUN])
		printf("%u not run\n", t->of[PROOF_NOT_RUN]);
	if (t->unknown || unused)
		return STATUS_UNEXPECTED;
	return run ? STATUS_EXPECTED : STATUS_SKIPPED;
}

int run_disturb(const struct plan *plan, const struct schedule_setting *setting, int verbosity,
		bool whole, struct run_outcome *ret_outcome)
{
	struct telling t = { .verbosity = verbosity };
	int64_t start = os_now_us();
	int status = STATUS_EXPECTED;

	read_survivors(&t);
	disturb_run(plan, setting, tell_case, &t, ret_outcome);
	if (ret_outcome->end == RUN_DONE)
		status = conclude(&t, whole, (double)(os_now_us() - start) / 1e6);
	free(t.survivors);
	return status;
}
