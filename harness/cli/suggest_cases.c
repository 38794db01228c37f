/* suggest_cases.c -- what a glob that no case matches was meant to be: a part of names, a name with
 * slips, the words of a name in another order, or a name with a family that it has not.
 */
#include "cli/suggest_cases.h"

#include <ctype.h>

#include "cli/suggest.h"
#include "engine/plan.h"
#include "engine/result.h"

enum { WORD_SIZE = 128, PARTS_MAX = 16, SHORTEST_PART = 3 };

/* The words of a name, which are joined by underscores. */
struct parts {
	char words[PARTS_MAX][WORD_SIZE];
	size_t count;
};

static void split(const char *name, struct parts *ret_parts)
{
	ret_parts->count = 0;
	while (*name && ret_parts->count < PARTS_MAX) {
		size_t n = strcspn(name, "_");
		if (n && n < WORD_SIZE)
			snprintf(ret_parts->words[ret_parts->count++], WORD_SIZE, "%.*s", (int)n,
				 name);
		name += n + (name[n] == '_');
	}
}

/* Cases that the glob matches, in any family that they have; their families. */
static size_t count_matches(const struct registry *registry, const char *glob,
			    unsigned *ret_families)
{
	size_t count = 0;

	*ret_families = 0;
	for (size_t i = 0; i < registry->count; i++) {
		const struct entry *entry = &registry->entries[i];
		bool matches = false;
		for (unsigned family = INET; family <= NO_FAMILY; family <<= 1)
			matches |= entry->test->families & family &&
				   glob_fits(glob, entry->name, family);
		if (!matches)
			continue;
		count++;
		*ret_families |= entry->test->families;
	}
	return count;
}

/* What the user wrote as names are written, without stars around it; false when it has more that
 * only a glob has. */
static bool read_literal(const char *pattern, char ret_literal[WORD_SIZE])
{
	size_t n = 0;

	pattern += strspn(pattern, "*");
	for (; pattern[n] && n < WORD_SIZE - 1; n++)
		ret_literal[n] = pattern[n] == '-' || pattern[n] == ' '
					 ? '_'
					 : (char)tolower((unsigned char)pattern[n]);
	while (n && ret_literal[n - 1] == '*')
		n--;
	ret_literal[n] = '\0';
	return n && !strpbrk(ret_literal, "*?[\\");
}

/* A part of names: of one, that name; of several, a glob for all. */
static bool suggest_part(const struct registry *registry, const char *literal, char *ret_glob)
{
	const char *name = NULL;
	size_t beginning = 0, holding = 0;

	if (strlen(literal) < SHORTEST_PART)
		return false;
	for (size_t i = 0; i < registry->count; i++) {
		const char *at = strstr(registry->entries[i].name, literal);
		if (!at)
			continue;
		name = registry->entries[i].name;
		holding++;
		beginning += at == name;
	}
	if (holding == 1)
		snprintf(ret_glob, WORD_SIZE, "%s", name);
	else if (holding)
		snprintf(ret_glob, WORD_SIZE, "%s%.120s*", beginning == holding ? "" : "*",
			 literal);
	return holding > 0;
}

static bool suggest_name(const struct registry *registry, const char *literal, char *ret_glob)
{
	const char **names = must_alloc(registry->count, sizeof *names);

	for (size_t i = 0; i < registry->count; i++)
		names[i] = registry->entries[i].name;
	const char *found = suggest_word(literal, names, registry->count);
	free(names);
	if (found)
		snprintf(ret_glob, WORD_SIZE, "%s", found);
	return found != NULL;
}

/* How well the words of `wanted` are found in a name: two points for each that is there, one for
 * each that is nearly; 0 when that is too little to say that it was meant. Short words are in many
 * names, and near to many. */
static unsigned score_parts(const struct parts *wanted, const struct parts *there)
{
	const char *words[PARTS_MAX];
	unsigned found = 0, points = 0;

	for (size_t i = 0; i < there->count; i++)
		words[i] = there->words[i];
	for (size_t i = 0; i < wanted->count; i++) {
		const char *word = wanted->words[i];
		const char *near = suggest_word(word, words, there->count);
		bool same = near && !strcmp(near, word);
		if (!near || strlen(word) < (same ? SHORTEST_PART : SHORTEST_PART + 1))
			continue;
		found++;
		points += same ? 2 : 1;
	}
	return found >= 2 && 2 * found > wanted->count ? points : 0;
}

/* The words of a name, some of them, in any order. Of names with the same, the shortest. */
static bool suggest_parts(const struct registry *registry, const char *literal, char *ret_glob)
{
	struct parts wanted, there;
	unsigned best = 0;
	size_t fewest = 0;

	split(literal, &wanted);
	for (size_t i = 0; i < registry->count; i++) {
		split(registry->entries[i].name, &there);
		unsigned points = score_parts(&wanted, &there);
		if (!points || points < best || (points == best && there.count >= fewest))
			continue;
		best = points;
		fewest = there.count;
		snprintf(ret_glob, WORD_SIZE, "%s", registry->entries[i].name);
	}
	return best > 0;
}

/* One word, with slips, that names have. */
static bool suggest_near_part(const struct registry *registry, const char *literal, char *ret_glob)
{
	struct parts there;
	char nearest[WORD_SIZE] = "";

	if (strchr(literal, '_'))
		return false;
	for (size_t i = 0; i < registry->count; i++) {
		split(registry->entries[i].name, &there);
		/* What was near so far stays, unless another is nearer. */
		const char *words[PARTS_MAX + 1] = { nearest };
		for (size_t p = 0; p < there.count; p++)
			words[p + 1] = there.words[p];
		const char *near = suggest_word(literal, words, there.count + 1);
		if (near && near != nearest)
			snprintf(nearest, sizeof nearest, "%s", near);
	}
	return *nearest && suggest_part(registry, nearest, ret_glob);
}

static bool suggest_pattern(const struct registry *registry, const char *pattern, char *ret_glob)
{
	char literal[WORD_SIZE];

	return read_literal(pattern, literal) && (suggest_part(registry, literal, ret_glob) ||
						  suggest_name(registry, literal, ret_glob) ||
						  suggest_parts(registry, literal, ret_glob) ||
						  suggest_near_part(registry, literal, ret_glob));
}

void suggest_cases(const struct registry *registry, const char *glob,
		   struct case_suggestion *ret_suggestion)
{
	const char *slash = strrchr(glob, '/');
	char pattern[WORD_SIZE], found[WORD_SIZE];
	unsigned families;

	memset(ret_suggestion, 0, sizeof *ret_suggestion);
	snprintf(pattern, sizeof pattern, "%.*s", slash ? (int)(slash - glob) : (int)strlen(glob),
		 glob);
	if (slash && count_matches(registry, pattern, &ret_suggestion->families))
		return;
	if (!suggest_pattern(registry, pattern, found))
		return;
	/* With the family that was asked for, if what is suggested has it. */
	snprintf(ret_suggestion->glob, sizeof ret_suggestion->glob, "%s%.20s", found,
		 slash ? slash : "");
	ret_suggestion->cases = count_matches(registry, ret_suggestion->glob, &families);
	if (ret_suggestion->cases)
		return;
	snprintf(ret_suggestion->glob, sizeof ret_suggestion->glob, "%s", found);
	ret_suggestion->cases = count_matches(registry, found, &families);
}

/* "inet, inet6 and unix" */
static void join_families(unsigned families, char *ret_text, size_t size)
{
	size_t n = 0;

	*ret_text = '\0';
	for (unsigned family = INET; family <= NO_FAMILY && n < size; family <<= 1) {
		if (!(families & family))
			continue;
		families &= ~family;
		n += (size_t)snprintf(ret_text + n, size - n, "%s%s",
				      !n         ? ""
				      : families ? ", "
						 : " and ",
				      family_name(family));
	}
}

char *no_case_matches(const struct registry *registry, const char *glob)
{
	struct case_suggestion suggestion;
	char families[64];

	suggest_cases(registry, glob, &suggestion);
	if (suggestion.families) {
		join_families(suggestion.families, families, sizeof families);
		return must_format("no case matches '%s': %.*s is there for %s", glob,
				   (int)(strrchr(glob, '/') - glob), glob, families);
	}
	if (suggestion.cases && strchr(suggestion.glob, '*'))
		return must_format("no case matches '%s': did you mean '%s' (%zu case%s)?", glob,
				   suggestion.glob, suggestion.cases,
				   suggestion.cases == 1 ? "" : "s");
	if (suggestion.cases)
		return must_format("no case matches '%s': did you mean '%s'?", glob,
				   suggestion.glob);
	return must_format("no case matches '%s': 'sockdrill list' names them all", glob);
}

int refuse_glob(const struct command *command, const char *glob)
{
	char *text = no_case_matches(&all_cases, glob);

	usage_error(command, "%s", text);
	free(text);
	return STATUS_NOTHING;
}
