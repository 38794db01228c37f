/* progress.c -- the line of progress, fitted to the terminal: one that is wider would scroll. */
#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "os/os.h"

enum { EVERY_US = 50000, LINE_SIZE = 128 };

void progress_begin(struct progress *progress, FILE *out)
{
	const char *kind = getenv("TERM");
	bool draws = out && isatty(fileno(out)) && (!kind || strcmp(kind, "dumb") != 0);

	*progress = (struct progress){ .terminal = draws ? out : NULL, .start_us = os_now_us() };
}

/* The columns of the terminal as it is now, whatever the environment says: its user may resize it.
 */
static unsigned columns_now(FILE *terminal)
{
	struct winsize size;

	if (!ioctl(fileno(terminal), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return terminal_width(fileno(terminal));
}

/* "59 s", "1:00". */
static void put_time(unsigned seconds, char *ret_text, size_t size)
{
	if (seconds < 60)
		snprintf(ret_text, size, "%u s", seconds);
	else
		snprintf(ret_text, size, "%u:%02u", seconds / 60, seconds % 60);
}

/* "[####....] " of `width` characters. */
static void put_bar(const struct progress_figures *f, unsigned width, char *ret_text)
{
	unsigned inside = width - 3;
	unsigned filled = f->planned ? (unsigned)(f->done * inside / f->planned) : inside;

	*ret_text++ = '[';
	for (unsigned i = 0; i < inside; i++)
		*ret_text++ = i < filled ? '#' : '.';
	strcpy(ret_text, "] ");
}

void progress_text(const struct progress_figures *figures, unsigned width, char *ret_text,
		   size_t size)
{
	enum { BAR_LEAST = 8, BAR_MOST = 33, FORMS = 4 };
	const struct progress_figures f = *figures;
	char forms[FORMS][LINE_SIZE], bar[BAR_MOST + 1] = "", time[16];
	char bad[2][32] = { "", "" };
	unsigned form = 0;

	put_time(f.seconds, time, sizeof time);
	if (f.unexpected) {
		snprintf(bad[0], sizeof bad[0], ", %u unexpected", f.unexpected);
		snprintf(bad[1], sizeof bad[1], " %u bad", f.unexpected);
	}
	/* The first that fits. */
	snprintf(forms[0], LINE_SIZE, "%zu/%zu%s, %s", f.done, f.planned, bad[0], time);
	snprintf(forms[1], LINE_SIZE, "%zu/%zu%s %s", f.done, f.planned, bad[1], time);
	snprintf(forms[2], LINE_SIZE, "%zu/%zu%s", f.done, f.planned, bad[1]);
	snprintf(forms[3], LINE_SIZE, "%zu", f.done);
	while (form + 1 < FORMS && strlen(forms[form]) > width)
		form++;
	size_t left = width > strlen(forms[form]) ? width - strlen(forms[form]) : 0;
	if (left >= BAR_LEAST)
		put_bar(&f, left < BAR_MOST ? (unsigned)left : BAR_MOST, bar);
	snprintf(ret_text, size, "%s%.*s", bar, (int)width, forms[form]);
}

void progress_draw(struct progress *progress, size_t done, size_t planned, unsigned unexpected)
{
	int64_t now = os_now_us();
	char text[LINE_SIZE + 64];

	if (!progress->terminal || now - progress->drawn_us < EVERY_US)
		return;
	progress->drawn_us = now;
	const struct progress_figures figures = {
		.done = done,
		.planned = planned,
		.unexpected = unexpected,
		.seconds = (unsigned)((now - progress->start_us) / 1000000),
	};
	/* Some terminals go on to the next line when the last column is filled. */
	progress_text(&figures, columns_now(progress->terminal) - 1, text, sizeof text);
	fprintf(progress->terminal, "\r%s\033[K", text);
	fflush(progress->terminal);
}

void progress_clear(const struct progress *progress)
{
	if (progress->terminal)
		fputs("\r\033[K", progress->terminal);
}
