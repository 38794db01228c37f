/* stats_test.c -- figures are found by their whole name, and bounded. */
#include "fuzz/stats.h"

#include <criterion/criterion.h>
#include <limits.h>

Test(stats, figures_by_name)
{
	static const char text[] = "execs_done        : 50123\n"
				   "execs_per_sec     : 12345.67\n"
				   "stability         : 99.50%\n";

	cr_expect_eq(stat_of(text, "execs_done"), 50123);
	cr_expect_float_eq(stat_of(text, "execs_per_sec"), 12345.67, 1e-9);
	cr_expect_float_eq(stat_of(text, "stability"), 99.5, 1e-9);
	cr_expect_eq(stat_of(text, "execs"), 0);
	cr_expect_eq(stat_of(text, "saved_crashes"), 0);
	cr_expect_eq(stat_of("execs_done", "execs_done"), 0);
	cr_expect_eq(stat_of("execs_done\n: 7", "execs_done"), 0);
	cr_expect_eq(stat_of("", "execs_done"), 0);
}

Test(stats, no_figure_is_more_than_fits)
{
	cr_expect_eq(stat_of("x : 1e300", "x"), STAT_MAX);
	cr_expect_eq(stat_of("x : inf", "x"), STAT_MAX);
	cr_expect_eq(stat_of("x : nan", "x"), 0);
	cr_expect_eq(stat_of("x : -1", "x"), 0);
	cr_expect_eq(stat_count("x : 4294967296", "x"), UINT_MAX);
	cr_expect_eq(stat_count("x : 4294967294", "x"), 4294967294U);
	cr_expect_eq(stat_count("x : 3", "x"), 3);
}

Test(stats, last_number_of_runs)
{
	cr_expect_eq(runs_told("#1\tINITED\n#20\tNEW\n"), 20);
	cr_expect_eq(runs_told("x #3\n    #0 0x123 in f\n"), 0);
	cr_expect_eq(runs_told("#99999999999999999999"), ULLONG_MAX);
	cr_expect_eq(runs_told(""), 0);
}

Test(stats, runs_of_the_last_whole_line)
{
	static const char head[] = "# relative_time, cycles_done, cur_item, corpus_count\n";
	static const char text[] = "# relative_time, cycles_done, cur_item, corpus_count\n"
				   "5, 0, 1, 2, 3, 4, 1%, 0, 0, 5, 100.5, 700, 8\n"
				   "10, 0, 1, 2, 3, 4, 1%, 0, 0, 5, 100.5, 1400, 8\n"
				   "15, 0, 1, 2, 3, 4, 1%, 0, 0, 5, 100.5, 21";

	cr_expect_eq(plot_runs(text), 1400);
	cr_expect_eq(plot_runs(head), 0);
	cr_expect_eq(plot_runs("1, 2, 3\n"), 0);
	cr_expect_eq(plot_runs(",,,,,,,,,,,-7\n"), 0);
	cr_expect_eq(plot_runs(",,,,,,,,,,,1e300\n"), STAT_MAX);
	cr_expect_eq(plot_runs(""), 0);
}
