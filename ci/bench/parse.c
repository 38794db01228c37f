/* parse.c -- bytes per second of the http and frame parsers, over many different messages in
 * memory.
 *
 * Usage: parse. Prints a line per figure: name value unit. Status 1: a message was not understood.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/frame.h"
#include "protocol/http.h"

enum { ROOM = 16 << 20, PAYLOAD = 16, PASSES = 5 };

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Requests as browsers send them, each with a target of its own; how many bytes. */
static size_t fill_requests(uint8_t *bytes, size_t room)
{
	char text[1024];
	size_t used = 0;

	for (unsigned n = 0;; n++) {
		int len = snprintf(text, sizeof text,
				   "GET /articles/%u?page=%u HTTP/1.1\r\n"
				   "Host: www.example.org\r\n"
				   "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0)\r\n"
				   "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n"
				   "Accept-Language: en-GB,en;q=0.5\r\n"
				   "Accept-Encoding: gzip, deflate, br\r\n"
				   "Connection: keep-alive\r\n"
				   "Cookie: session=%08x; theme=light\r\n"
				   "\r\n",
				   n, n % 7, n * 2654435761U);
		if (used + (size_t)len > room)
			return used;
		memcpy(bytes + used, text, (size_t)len);
		used += (size_t)len;
	}
}

static size_t parse_requests(const uint8_t *bytes, size_t len)
{
	struct http_head head;
	size_t at = 0;

	while (at < len) {
		struct parse got =
			http_parse_request(bytes + at, len - at, &http_default_limits, &head);
		if (got.status != PARSE_DONE)
			break;
		at += got.used;
	}
	return at;
}

static const struct frame_rules rules = { FRAME_4, .max = 4096 };

static size_t fill_frames(uint8_t *bytes, size_t room)
{
	uint8_t payload[PAYLOAD] = { 0 };
	size_t used = 0;

	while (room - used >= PAYLOAD + 4) {
		payload[0]++;
		used += frame_encode(&rules, (struct slice){ payload, 1 + payload[0] % PAYLOAD },
				     bytes + used, room - used);
	}
	return used;
}

static size_t parse_frames(const uint8_t *bytes, size_t len)
{
	struct slice rest = { bytes, len };
	struct frame frame;

	while (frame_next(&rules, &rest, &frame).status == PARSE_DONE)
		;
	return len - rest.len;
}

static int measure(const char *name, uint8_t *bytes, size_t (*fill)(uint8_t *, size_t),
		   size_t (*parse)(const uint8_t *, size_t))
{
	size_t len = fill(bytes, ROOM);
	double best = 0;

	for (int pass = 0; pass < PASSES; pass++) {
		double start = now_s();
		if (parse(bytes, len) != len) {
			fprintf(stderr, "parse: %s: a message was not understood\n", name);
			return 1;
		}
		double speed = (double)len / 1e6 / (now_s() - start);
		best = speed > best ? speed : best;
	}
	printf("%s %.3f MB/s\n", name, best);
	return 0;
}

int main(void)
{
	uint8_t *bytes = malloc(ROOM);

	if (!bytes)
		return 1;
	int status = measure("http_requests_parsed", bytes, fill_requests, parse_requests) |
		     measure("small_frames_parsed", bytes, fill_frames, parse_frames);
	free(bytes);
	return status;
}
