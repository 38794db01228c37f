/* ladder_test.c -- ladders of traces made by hand, as they are drawn, against golden files. */
#include "ladder/ladder.h"

#include <criterion/criterion.h>

#include "ladder/test_stories.h"
#include "test_files.h"

TestSuite(ladder, .init = make_test_directory, .fini = remove_test_directory);

/* The ladder of a story as text; new memory. */
static char *draw(const struct story *story, const struct ladder_look *look, size_t rows_max)
{
	struct ladder ladder;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	cr_assert_not_null(out);
	ladder_make(story->events, story->count, rows_max, &ladder);
	ladder_put_text(out, &ladder, look);
	cr_assert_eq(fclose(out), 0);
	ladder_finish(&ladder);
	return text;
}

static void expect_drawn(const char *golden, const struct story *story, struct ladder_look look)
{
	char *text = draw(story, &look, LADDER_ROWS);

	for (char *line = text; *line; line += strcspn(line, "\n") + 1) {
		char *copy = must_format("%.*s", (int)strcspn(line, "\n"), line);
		if (!look.color)
			cr_expect_leq(ladder_length(copy), look.width, "%s", copy);
		free(copy);
	}
	expect_golden(golden, text);
	free(text);
}

static void expect_echo(const char *golden, unsigned width)
{
	struct story story = { 0 };

	add_echo(&story);
	expect_drawn(golden, &story, (struct ladder_look){ .width = width });
	story_finish(&story);
}

Test(ladder, narrow)
{
	expect_echo("ladder-60.txt", 60);
}

Test(ladder, usual)
{
	expect_echo("ladder-80.txt", 80);
}

Test(ladder, wide)
{
	expect_echo("ladder-120.txt", 120);
}

static void expect_rounds(const char *golden, struct ladder_look look)
{
	struct story story = { 0 };

	add_rounds(&story, 50);
	expect_drawn(golden, &story, look);
	story_finish(&story);
}

Test(ladder, boxes)
{
	expect_rounds("ladder-boxes.txt",
		      (struct ladder_look){ .width = 80, .boxes = true, .prefix = "    " });
}

Test(ladder, color)
{
	expect_rounds("ladder-color.txt", (struct ladder_look){ .width = 80, .color = true });
}

Test(ladder, lanes)
{
	struct story story = { 0 };

	add_forked(&story);
	expect_drawn("ladder-lanes.txt", &story, (struct ladder_look){ .width = 80 });
	story_finish(&story);
}

Test(ladder, alone)
{
	struct story story = { 0 };

	add_alone(&story);
	expect_drawn("ladder-alone.txt", &story, (struct ladder_look){ .width = 80 });
	story_finish(&story);
}

/* Either of two sends to itself; what it sends is drawn beside it. */
Test(ladder, both_to_themselves)
{
	struct story story = { 0 };

	add_alone(&story);
	act(&story, SIDE_NONE, 2);
	add_event(&story, TRACE_PROGRAM)->arguments = "./other";
	add_pair(&story, 3, "AF_UNIX, SOCK_STREAM, 0, [3, 4]");
	add_data(&story, CALL_write, 3, 3, "3, \"abc\", 3", "3", "abc");
	add_data(&story, CALL_read, 4, 4, "4, \"abc\", 4", "3", "abc");
	expect_drawn("ladder-themselves.txt", &story, (struct ladder_look){ .width = 80 });
	story_finish(&story);
}

Test(ladder, lost_datagrams)
{
	struct story story = { 0 };

	add_lossy(&story);
	expect_drawn("ladder-lost.txt", &story, (struct ladder_look){ .width = 80 });
	story_finish(&story);
}

Test(ladder, nothing)
{
	struct story story = { 0 };
	char *text = draw(&story, &(struct ladder_look){ .width = 80 }, LADDER_ROWS);

	cr_expect_str_eq(text, "");
	free(text);
}

Test(ladder, long_ones_are_cut_in_the_middle)
{
	struct story story = { 0 };
	struct ladder ladder;

	act(&story, SIDE_NONE, 1);
	/* Steps that differ are not folded. */
	for (int i = 0; i < 900; i++)
		add_call(&story, CALL_fcntl, 3 + i, (unsigned)i + 1, "3, F_GETFL", "2");
	ladder_make(story.events, story.count, 90, &ladder);
	cr_expect_eq(ladder.row_count, 91);
	cr_expect_eq(ladder.rows[60].rows, 900 - 90);
	cr_expect_eq(ladder.rows[60].cell_count, 0);
	cr_expect_eq(ladder.rows[59].cells[0].event, 59);
	cr_expect_eq(ladder.rows[61].cells[0].event, 870);
	ladder_finish(&ladder);
	story_finish(&story);
}

Test(ladder, more_processes_than_columns)
{
	struct story story = { 0 };
	char *text;

	for (unsigned i = 1; i <= LADDER_COLUMNS_MAX + 3; i++) {
		act(&story, SIDE_NONE, i);
		add_socket(&story, CALL_socket, -1, 0, "AF_INET, SOCK_STREAM, 0", 3, i);
		add_call(&story, CALL_close, 3, i, "3", "0");
	}
	text = draw(&story, &(struct ladder_look){ .width = 80 }, LADDER_ROWS);
	cr_expect_not_null(strstr(text, "\n... 3 more processes are not shown ...\n"), "%s", text);
	free(text);
	story_finish(&story);
}

/* Two that are ended by another error, or by less, are no rounds of the others. */
Test(ladder, only_what_is_alike_is_folded)
{
	struct story story = { 0 };
	char *text;

	act(&story, SIDE_NONE, 1);
	for (int i = 0; i < 20; i++)
		add_data(&story, CALL_read, 3, 1, "3, \"x\", 1", "1", "x");
	fails(add_data(&story, CALL_read, 3, 1, "3, 0x1, 1", "-1 EAGAIN", ""), EAGAIN);
	add_data(&story, CALL_read, 3, 1, "3, \"\", 1", "0", "");
	text = draw(&story, &(struct ladder_look){ .width = 80 }, LADDER_ROWS);
	cr_expect_not_null(strstr(text, "... 18 more rounds like this ..."), "%s", text);
	cr_expect_not_null(strstr(text, "= -1 EAGAIN\n"), "%s", text);
	cr_expect_not_null(strstr(text, "= 0\n"), "%s", text);
	free(text);
	story_finish(&story);
}
