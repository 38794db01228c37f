/* cause.c -- reads the reports of sanitizers, assertions and properties. */
#include "fuzz/cause.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { CLASS_MAX = 160, FRAMES = 3, LINE_ROOM = 1024 };

/* Bytes of the number at `at`: decimal with its sign, or hexadecimal; 0: none is there. */
static size_t number_length(const char *at)
{
	static const char digits[] = "0123456789", hexadecimal[] = "0123456789abcdefABCDEF";
	size_t sign = *at == '-';

	if (!strncmp(at, "0x", 2) && isxdigit((unsigned char)at[2]))
		return 2 + strspn(at + 2, hexadecimal);
	size_t n = strspn(at + sign, digits);
	return n ? sign + n : 0;
}

/* The first n bytes with every number as N, for they differ from run to run; new memory. */
static char *without_numbers(const char *at, size_t n)
{
	const char *end = at + n;
	char *words = must_alloc(CLASS_MAX + 1, 1);

	for (size_t to = 0; at < end && to < CLASS_MAX; to++) {
		size_t number = number_length(at);
		words[to] = *at;
		if (number)
			words[to] = 'N';
		at += number ? number : 1;
	}
	return words;
}

/* What stands behind `mark`, up to `end` or the end of the line; new memory, NULL without it. */
static char *words_behind(const char *text, const char *mark, const char *end)
{
	const char *at = strstr(text, mark);

	if (!at)
		return NULL;
	at += strlen(mark);
	size_t n = strcspn(at, "\r\n");
	const char *stop = strstr(at, end);
	if (stop && (size_t)(stop - at) < n)
		n = (size_t)(stop - at);
	return without_numbers(at, n);
}

static char *class_of(const char *text)
{
	/* An abort() is also told by the address sanitizer: what led to it says more. */
	static const struct {
		const char *mark, *end, *name;
	} marks[] = {
		{ "this property does not hold: ", "\n", "property broken: " },
		{ ": Assertion `", "' failed", "assertion fails: " },
		{ "runtime error: ", "\n", "undefined behaviour: " },
		{ "ERROR: AddressSanitizer: ", " on ", "" },
		{ "ERROR: LeakSanitizer: ", "\n", "" },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		char *words = words_behind(text, marks[i].mark, marks[i].end);
		if (!words)
			continue;
		char *class = must_format("%s%s", marks[i].name, *words ? words : "without words");
		free(words);
		return class;
	}
	return NULL;
}

/* Functions that lead to the end of any program, and what calls the subject. */
static bool is_machinery(const char *function, const char *file)
{
	static const char *const names[] = { "abort",           "raise",
					     "gsignal",         "pthread_kill",
					     "property_broken", "LLVMFuzzerTestOneInput" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(function, names[i]))
			return true;
	return !strncmp(function, "__", 2) || !strncmp(file, "replay.c:", 9);
}

/* A stack's line of the subject: "#1 0x55 in parse ../harness/protocol/frame.c:88:3"; new memory,
 * NULL for any other line. */
static char *frame_of(const char *line)
{
	char text[LINE_ROOM], function[128], place[512];

	line += strspn(line, " ");
	if (*line != '#')
		return NULL;
	/* sscanf() looks for the end of all that it is given. */
	snprintf(text, sizeof text, "%.*s", (int)strcspn(line, "\n"), line);
	if (sscanf(text, "#%*u 0x%*x in %127s %511[^\n]", function, place) != 2)
		return NULL;
	const char *slash = strrchr(place, '/');
	const char *file = slash ? slash + 1 : place;
	const char *colon = strstr(file, ".c:");
	if (!colon)
		colon = strstr(file, ".h:");
	if (!colon || is_machinery(function, file))
		return NULL;
	colon += 2;
	size_t n = (size_t)(colon - file) + 1 + strspn(colon + 1, "0123456789");
	return must_format("%s (%.*s)", function, (int)n, file);
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : NULL;
}

static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f)
			*text = '?';
}

char *cause_of_text(const char *text)
{
	char *cause = class_of(text);
	unsigned frames = 0;

	if (!cause)
		return NULL;
	for (const char *line = text; line && frames < FRAMES; line = next_line(line)) {
		/* The stack that follows the first is of the memory's owner, not of the cause. */
		if (frames && (*line == '\n' || !*line))
			break;
		char *frame = frame_of(line);
		if (!frame)
			continue;
		size_t n = strlen(cause), same = strlen(frame);
		if (frames && n >= same && !strcmp(cause + n - same, frame)) {
			free(frame); /* it calls itself */
			continue;
		}
		char *longer = must_format("%s %s %s", cause, frames ? "<" : "in", frame);
		free(cause);
		free(frame);
		cause = longer;
		frames++;
	}
	make_printable(cause);
	return cause;
}
