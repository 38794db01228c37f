/* line.c -- adds the numbers of each line that it gets, and answers with a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "victim.h"

enum { ROOM = 4096, ANSWER = 32 };

/* The sum of the numbers up to the end of the text, as a line; gives its length. */
static size_t answer(const char *text, char *ret_line)
{
	long sum = 0;
	char *end;

	for (long value = strtol(text, &end, 10); end != text; value = strtol(text, &end, 10)) {
		sum += value;
		text = end;
	}
	return (size_t)snprintf(ret_line, ANSWER, "%ld\n", sum);
}

/* Answers each whole line, and keeps what is behind the last one; gives how much. */
static ssize_t answer_lines(const struct way *way, int conn, char *text, size_t n)
{
	char line[ANSWER], *newline;
	char *at = text;

	while ((newline = memchr(at, '\n', n - (size_t)(at - text)))) {
		*newline = '\0';
		if (!send_all(way, conn, line, answer(at, line)))
			return -1;
		at = newline + 1;
	}
	n -= (size_t)(at - text);
	memmove(text, at, n);
	return (ssize_t)n;
}

int line_good(const struct way *way, int conn)
{
	char text[ROOM];
	ssize_t n, kept = 0;

	while ((n = receive_some(way, conn, text + kept, sizeof text - (size_t)kept)) > 0) {
		kept = answer_lines(way, conn, text, (size_t)(kept + n));
		if (kept < 0)
			return failed("send");
	}
	return n < 0 ? failed("recv") : 0;
}

int line_naive(const struct way *way, int conn)
{
	char text[ROOM], line[ANSWER];
	ssize_t n;

	while ((n = way->get(conn, text, sizeof text - 1)) > 0) {
		text[n] = '\0';
		way->put(conn, line, answer(text, line));
	}
	return n < 0 ? failed("recv") : 0;
}
