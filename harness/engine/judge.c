/* judge.c -- expectations and observations make a verdict and the sentence that gives its reason.
 */
#include "engine/judge.h"

#include "engine/want.h"

/* Raises the verdict of a result; the first reason of the highest verdict is kept. Takes reason. */
static void raise_verdict(enum verdict *verdict, char **reason, enum verdict to, char *why)
{
	if (*reason && to <= *verdict) {
		free(why);
		return;
	}
	free(*reason);
	*reason = why;
	*verdict = to;
}

static const struct expect *row_for(const struct sock_case *test, enum family family, enum who who,
				    const char *label)
{
	for (int i = 0; i < EXPECT_MAX && test->expect[i].label; i++) {
		const struct expect *row = &test->expect[i];
		if (row->who == who && row_stands(row, family) && !strcmp(row->label, label))
			return row;
	}
	return NULL;
}

static const struct observation *find(const struct observation *saw, size_t n, enum who who,
				      const char *label)
{
	for (size_t i = 0; i < n; i++)
		if (saw[i].who == who && !strcmp(saw[i].label, label))
			return &saw[i];
	return NULL;
}

/* A feature of one system, looked at on another of which the row says nothing. */
static bool is_others_feature(const struct sock_case *test, const struct expect *row,
			      const struct os_facts *facts)
{
	return row_standing(test, row) == SYSTEM && facts->os != (int)test->system &&
	       !want_special(row, facts);
}

static void judge_one(const struct sock_case *test, const struct expect *row, enum family family,
		      const struct os_facts *facts, struct observation *one)
{
	bool special;
	const struct want *want = want_here(row, family, facts, &special);

	free(one->want);
	one->want = want_text(want);
	one->standing = row_standing(test, row);
	one->judged = want->kind != WANT_ANY;
	one->ok = want_fits(want, one->value);
	one->variant =
		one->ok && special && !want_fits(want_of_family(&row->want, family), one->value);
	if (!one->ok && is_others_feature(test, row, facts))
		one->ok = one->variant = true;
}

/* Why a variant is none of its system's faults; new memory. */
static char *variant_text(const struct sock_case *test, const struct expect *row,
			  const struct os_facts *facts)
{
	if (is_others_feature(test, row, facts))
		return must_format("\"%s\" is as %s has it: other systems differ", row->label,
				   os_name(test->system));
	return must_copy(row->why ? row->why : "");
}

char *failure_text(const struct observation *one)
{
	return must_format("%s saw %s = %s, wanted %s", who_name(one->who), one->label, one->value,
			   one->want);
}

enum verdict judge_observations(const struct sock_case *test, enum family family,
				const struct os_facts *facts, struct observation *saw, size_t n,
				char **ret_reason)
{
	enum verdict verdict = VERDICT_PASS;
	char *reason = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct expect *row = row_for(test, family, saw[i].who, saw[i].label);
		const char *who = who_name(saw[i].who);
		if (find(saw, i, saw[i].who, saw[i].label))
			raise_verdict(&verdict, &reason, VERDICT_BROKEN,
				      must_format("%s recorded \"%s\" twice", who, saw[i].label));
		if (!row) {
			free(saw[i].want);
			saw[i].want = must_copy("");
			saw[i].judged = saw[i].ok = saw[i].variant = false;
			raise_verdict(
				&verdict, &reason, VERDICT_BROKEN,
				must_format("%s recorded \"%s\", which no row of the case expects",
					    who, saw[i].label));
			continue;
		}
		judge_one(test, row, family, facts, &saw[i]);
		if (!saw[i].ok)
			raise_verdict(&verdict, &reason, VERDICT_FAIL, failure_text(&saw[i]));
		else if (saw[i].variant)
			raise_verdict(&verdict, &reason, VERDICT_VARIANT,
				      variant_text(test, row, facts));
	}
	for (int i = 0; i < EXPECT_MAX && test->expect[i].label; i++) {
		const struct expect *row = &test->expect[i];
		if (row_stands(row, family) && !find(saw, n, row->who, row->label))
			raise_verdict(&verdict, &reason, VERDICT_BROKEN,
				      must_format("%s never recorded \"%s\"", who_name(row->who),
						  row->label));
	}
	*ret_reason = reason ? reason : must_copy("");
	return verdict;
}

/* What one side's records say beside observations. */
struct heard {
	char *broken; /* the first RECORD_BROKEN; NULL: none */
	char *skip;
	unsigned torn;
};

static struct heard hear_side(enum who who, const struct record_bytes *records,
			      struct result *result)
{
	struct heard heard = { 0 };
	struct record record;

	for (size_t at = 0; record_next(records->bytes, records->n, &at, &record, &heard.torn);) {
		switch (record.kind) {
		case RECORD_SAW:
			result->saw =
				must_grow(result->saw, result->saw_count + 1, sizeof *result->saw);
			result->saw[result->saw_count++] =
				(struct observation){ .who = who,
						      .label = must_copy(record.label),
						      .value = must_copy(record.value),
						      .want = must_copy(""),
						      .line = record.line };
			break;
		case RECORD_BROKEN:
			if (!heard.broken)
				heard.broken = must_copy(record.value);
			break;
		case RECORD_SKIP:
			if (!heard.skip)
				heard.skip = must_copy(record.value);
			break;
		}
	}
	return heard;
}

static const char *signal_words(int signo)
{
	const char *name = os_signal_name(signo);

	return name ? name : "an unnamed signal";
}

/* How the role ended, in words; new memory. */
static char *stood_text(const struct role_ending *role)
{
	if (!role->present)
		return must_copy("");
	if (role->killed)
		return must_copy(role->stood[0] ? role->stood : "running");
	if (WIFSIGNALED(role->status))
		return must_format("died of %s", signal_words(WTERMSIG(role->status)));
	if (role->finished)
		return must_copy("finished");
	return must_format("exited with status %d", WEXITSTATUS(role->status));
}

/* Why a side counts as broken; new memory, or NULL when it does not. */
static char *side_broken(enum who who, const struct role_ending *role, const struct heard *heard,
			 const struct record_bytes *records)
{
	const char *name = role->both ? "the process of both roles" : who_name(who);

	if (!role->present)
		return NULL;
	if (heard->broken)
		return must_format("%s: %s", who_name(who), heard->broken);
	if (!role->killed && WIFSIGNALED(role->status))
		return must_format("%s died of %s", name, signal_words(WTERMSIG(role->status)));
	if (!role->killed && !role->finished && !heard->skip)
		return must_format("%s exited early, with status %d", name,
				   WEXITSTATUS(role->status));
	if (records->lost)
		return must_format("%s recorded more than fits", name);
	if (heard->torn)
		return must_format("%s wrote %u unreadable records", name, heard->torn);
	return NULL;
}

static char *timeout_text(const struct ending *ending)
{
	char *text = must_format("after %u ms:", (unsigned)ending->limit_ms);
	const char *comma = "";

	for (enum who who = 0; who < WHO_COUNT; who++) {
		if (!ending->role[who].present)
			continue;
		char *stood = stood_text(&ending->role[who]);
		char *longer = must_format("%s%s %s %s", text, comma, who_name(who), stood);
		free(stood);
		free(text);
		text = longer;
		comma = ",";
	}
	return text;
}

/* How far a pair came that was broken off is chance: a skip tells its reason and no more. */
static void forget_course(struct result *result)
{
	for (size_t i = 0; i < result->saw_count; i++) {
		free(result->saw[i].label);
		free(result->saw[i].value);
		free(result->saw[i].want);
	}
	result->saw_count = 0;
	for (enum who who = 0; who < WHO_COUNT; who++)
		result->stood[who][0] = result->output[who][0] = '\0';
}

void judge(const struct sock_case *test, enum family family, const struct os_facts *facts,
	   const struct ending *ending, const struct record_bytes records[WHO_COUNT],
	   struct result *ret_result)
{
	struct heard heard[WHO_COUNT];
	enum verdict verdict = VERDICT_PASS;
	char *reason = NULL;
	const char *skip = NULL;

	ret_result->test = test;
	ret_result->ms = (double)ending->took_us / 1000;
	for (enum who who = 0; who < WHO_COUNT; who++) {
		const struct role_ending *role = &ending->role[who];
		heard[who] = hear_side(who, &records[who], ret_result);
		ret_result->stood[who] = stood_text(role);
		ret_result->output[who] = must_format("%.*s", (int)role->output_len, role->output);
		skip = skip ? skip : heard[who].skip;
	}
	if (ending->timed_out)
		raise_verdict(&verdict, &reason, VERDICT_TIMEOUT, timeout_text(ending));
	if (ending->trouble[0])
		raise_verdict(&verdict, &reason, VERDICT_BROKEN, must_copy(ending->trouble));
	/* The side that went wrong first is the cause; the other's complaint is a consequence. */
	for (int turn = 0; turn < WHO_COUNT; turn++) {
		enum who who = (ending->first_bad == CLIENT) != turn ? CLIENT : SERVER;
		char *why = side_broken(who, &ending->role[who], &heard[who], &records[who]);
		if (why && !skip)
			raise_verdict(&verdict, &reason, VERDICT_BROKEN, why);
		else
			free(why);
	}
	if (ending->left_behind)
		raise_verdict(&verdict, &reason, VERDICT_BROKEN,
			      must_format("%u process%s outlived the roles", ending->left_behind,
					  ending->left_behind == 1 ? "" : "es"));
	if (skip && !reason)
		raise_verdict(&verdict, &reason, VERDICT_SKIP, must_copy(skip));
	char *told;
	enum verdict of_rows = judge_observations(test, family, facts, ret_result->saw,
						  ret_result->saw_count, &told);
	/* Rows missing because a role stopped early are not the news. */
	if (reason)
		free(told);
	else
		raise_verdict(&verdict, &reason, of_rows, told);
	ret_result->verdict = verdict;
	ret_result->reason = reason;
	if (verdict == VERDICT_SKIP)
		forget_course(ret_result);
	for (enum who who = 0; who < WHO_COUNT; who++) {
		free(heard[who].broken);
		free(heard[who].skip);
	}
}
