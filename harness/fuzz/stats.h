/* stats.h -- figures that fuzzers tell of themselves, read. The text is not trusted. Pure. */
#ifndef SOCKDRILL_STATS_H
#define SOCKDRILL_STATS_H

/* What a figure can be at most: every whole number up to it is a double, and fits unsigned long
 * long. */
#define STAT_MAX 9007199254740992.0

/* One figure of afl-fuzz's file fuzzer_stats, "name   : value", from 0 to STAT_MAX; 0 when it is
 * not there or none. */
double stat_of(const char *text, const char *name);
/* The same as a number of things; what is more than fits is the most. */
unsigned stat_count(const char *text, const char *name);

/* Runs so far, of afl-fuzz's file plot_data: the twelfth figure of its last whole line, from 0 to
 * STAT_MAX; 0 when there is none. It is written every few seconds, fuzzer_stats once a minute. */
double plot_runs(const char *text);

/* Runs so far, of libFuzzer's log: the number behind the last "#" that begins a line. */
unsigned long long runs_told(const char *text);

#endif
