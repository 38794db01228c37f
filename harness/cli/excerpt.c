/* excerpt.c -- cuts a C file into top-level chunks and picks those that a definition needs. */
#include "cli/excerpt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/result.h"

/* A definition with the comment above it. */
struct chunk {
	const char *start, *code, *end; /* code: behind the comment */
	bool wanted;
};

struct chunks {
	struct chunk *at;
	size_t count;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t word_length(const char *c)
{
	size_t n = 0;

	while (is_word(c[n]))
		n++;
	return n;
}

/* The end of the comment at c, or c itself when there is none. */
static const char *skip_comment(const char *c)
{
	if (c[0] != '/' || c[1] != '*')
		return c;
	const char *close = strstr(c + 2, "*/");
	return close ? close + 2 : c + strlen(c);
}

static const char *skip_quoted(const char *c)
{
	char quote = *c++;

	while (*c && *c != quote)
		c += *c == '\\' && c[1] ? 2 : 1;
	return *c ? c + 1 : c;
}

static const char *end_of_line(const char *c)
{
	const char *newline = strchr(c, '\n');

	return newline ? newline + 1 : c + strlen(c);
}

/* The end of the definition that starts at c. */
static const char *end_of_definition(const char *c)
{
	int depth = 0;

	if (*c == '#') {
		while (end_of_line(c) - c >= 2 && end_of_line(c)[-2] == '\\')
			c = end_of_line(c);
		return end_of_line(c);
	}
	while (*c) {
		const char *after = skip_comment(c);
		if (after != c) {
			c = after;
			continue;
		}
		if (*c == '"' || *c == '\'') {
			c = skip_quoted(c);
			continue;
		}
		depth += *c == '{' || *c == '(';
		depth -= *c == '}' || *c == ')';
		/* A function ends with its brace, everything else with a semicolon. */
		bool ends = depth == 0 && (*c == ';' || (*c == '}' && c[1] == '\n'));
		c++;
		if (ends)
			return end_of_line(c);
	}
	return c;
}

static struct chunks cut(const char *text)
{
	struct chunks chunks = { 0 };

	while (*text) {
		const char *code = text + strspn(text, " \t\n");
		const char *start = code;
		while (skip_comment(code) != code) {
			code = skip_comment(code);
			/* A comment of its own, such as a file's first line, belongs to nothing. */
			if (!strncmp(code, "\n\n", 2) || !strncmp(code, "\n#include", 9))
				start = code + strspn(code, "\n");
			code += strspn(code, " \t\n");
		}
		if (!*code)
			break;
		chunks.at = must_grow(chunks.at, chunks.count + 1, sizeof *chunks.at);
		text = end_of_definition(code);
		chunks.at[chunks.count++] =
			(struct chunk){ start < code ? start : code, code, text, false };
	}
	return chunks;
}

/* Whether the word stands in [from, to) outside of comments and strings. */
static bool uses(const char *from, const char *to, const char *word, size_t n)
{
	while (from < to) {
		if (*from == '"' || *from == '\'') {
			from = skip_quoted(from);
		} else if (skip_comment(from) != from) {
			from = skip_comment(from);
		} else if (is_word(*from)) {
			size_t length = word_length(from);
			if (length == n && !memcmp(from, word, n))
				return true;
			from += length;
		} else {
			from++;
		}
	}
	return false;
}

static bool is_keyword(const char *word, size_t n)
{
	return (n == 4 && !memcmp(word, "enum", n)) || (n == 5 && !memcmp(word, "union", n)) ||
	       (n == 6 && !memcmp(word, "struct", n));
}

/* Whether a word outside of all braces is what is defined, by what follows: not a type. */
static bool is_defined_name(const char *word, size_t n)
{
	const char *next = word + n + strspn(word + n, " \t\n");

	return *next && strchr("([=;{,", *next) && strncmp(next, "(*", 2) != 0 &&
	       !is_keyword(word, n);
}

/* Whether [from, to) uses a name that the chunk defines: of a macro, function, object or type, or a
 * constant of an enum. */
static bool defines_something_used(const struct chunk *chunk, const char *from, const char *to)
{
	const char *c = chunk->code;
	bool is_enum = false;
	char before = '\0'; /* what stands before c, blanks apart */
	int depth = 0;

	if (*c == '#') {
		c += strcspn(c, " \n");
		c += strspn(c, " ");
		return uses(from, to, c, word_length(c));
	}
	while (c < chunk->end) {
		size_t n = word_length(c);
		if (skip_comment(c) != c) {
			c = skip_comment(c);
			continue;
		}
		bool names = depth ? is_enum && depth == 1 && (before == '{' || before == ',')
				   : is_defined_name(c, n);
		if (n && names && uses(from, to, c, n))
			return true;
		is_enum |= !depth && n == 4 && !memcmp(c, "enum", n);
		/* Behind these stands nothing more that is defined; "(*" begins a pointer's name.
		 */
		if (!depth && (*c == '=' || *c == ';' || (*c == '(' && c[1] != '*')))
			return false;
		depth += *c == '{' || *c == '[';
		depth -= *c == '}' || *c == ']';
		before = isspace((unsigned char)*c) ? before : *c;
		c += n ? n : 1;
	}
	return false;
}

static void want_chunk(struct chunks *chunks, size_t index)
{
	const struct chunk *user = &chunks->at[index];

	chunks->at[index].wanted = true;
	for (size_t i = 0; i < chunks->count; i++) {
		struct chunk *chunk = &chunks->at[i];
		if (chunk->wanted || !strncmp(chunk->code, "#include", 8) ||
		    strstr(chunk->code, "const struct sock_case ") == chunk->code)
			continue;
		if (defines_something_used(chunk, user->code, user->end))
			want_chunk(chunks, i);
	}
}

/* The index of the descriptor `name`, or count. */
static size_t find(const struct chunks *chunks, const char *name)
{
	static const char opening[] = "const struct sock_case ";
	size_t n = strlen(name);

	for (size_t i = 0; i < chunks->count; i++) {
		const char *code = chunks->at[i].code;
		if (!strncmp(code, opening, sizeof opening - 1) &&
		    !strncmp(code + sizeof opening - 1, name, n) &&
		    !is_word(code[sizeof opening - 1 + n]))
			return i;
	}
	return chunks->count;
}

bool excerpt_defines(const char *text, const char *name)
{
	struct chunks chunks = cut(text);
	bool found = find(&chunks, name) < chunks.count;

	free(chunks.at);
	return found;
}

void excerpt_put(FILE *out, const char *text, const char *name)
{
	struct chunks chunks = cut(text);
	size_t index = find(&chunks, name);
	const char *gap = "";

	if (index < chunks.count)
		want_chunk(&chunks, index);
	for (size_t i = 0; i < chunks.count; i++) {
		if (!chunks.at[i].wanted)
			continue;
		fprintf(out, "%s%.*s", gap, (int)(chunks.at[i].end - chunks.at[i].start),
			chunks.at[i].start);
		gap = "\n";
	}
	free(chunks.at);
}
