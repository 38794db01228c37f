/* progress_test.c -- the line of progress, as wide as it may be. */
#include "cli/progress.h"

#include <criterion/criterion.h>

static const struct {
	struct progress_figures figures;
	unsigned width;
	const char *text;
} rows[] = {
	{ { 0, 10, 0, 0 }, 60, "[..............................] 0/10, 0 s" },
	{ { 5, 10, 0, 2 }, 60, "[###############...............] 5/10, 2 s" },
	{ { 10, 10, 0, 59 }, 60, "[##############################] 10/10, 59 s" },
	{ { 0, 0, 0, 0 }, 60, "[##############################] 0/0, 0 s" },
	{ { 812, 1360, 3, 12 },
	  60,
	  "[#################............] 812/1360, 3 unexpected, 12 s" },
	{ { 812, 1360, 3, 12 }, 39, "[####....] 812/1360, 3 unexpected, 12 s" },
	{ { 812, 1360, 3, 12 }, 30, "812/1360, 3 unexpected, 12 s" },
	{ { 812, 1360, 3, 12 }, 19, "812/1360 3 bad 12 s" },
	{ { 812, 1360, 3, 725 }, 19, "812/1360 3 bad" },
	{ { 812, 1360, 0, 725 }, 19, "812/1360, 12:05" },
	{ { 1360, 1360, 1360, 60 }, 19, "1360/1360 1360 bad" },
	{ { 1360, 1360, 1360, 60 }, 10, "1360" },
	{ { 1360, 1360, 1360, 60 }, 3, "136" },
	{ { 1360, 1360, 1360, 60 }, 0, "" },
};

Test(progress, text)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[256];
		progress_text(&rows[i].figures, rows[i].width, text, sizeof text);
		cr_expect_str_eq(text, rows[i].text, "%u: %s", rows[i].width, text);
	}
}

Test(progress, is_never_too_wide)
{
	static const struct progress_figures figures[] = {
		{ 0, 1, 0, 0 },
		{ 999999, 1000000, 123456, 359999 },
		{ SIZE_MAX, SIZE_MAX, UINT32_MAX, UINT32_MAX },
	};

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		for (unsigned width = 0; width < 300; width++) {
			char text[400];
			progress_text(&figures[i], width, text, sizeof text);
			cr_expect_leq(strlen(text), width, "%s", text);
		}
}

/* What is no terminal gets nothing. */
Test(progress, file)
{
	FILE *file = tmpfile();
	struct progress progress;

	progress_begin(&progress, file);
	progress_draw(&progress, 1, 2, 0);
	progress_clear(&progress);
	cr_expect_eq(fseek(file, 0, SEEK_END), 0);
	cr_expect_eq(ftell(file), 0);
	fclose(file);
}
