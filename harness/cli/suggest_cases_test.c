/* suggest_cases_test.c -- what is suggested for globs that no case matches. */
#include "cli/suggest_cases.h"

#include <criterion/criterion.h>

#include "engine/result.h"

static const struct sock_case all = { .families = INET | INET6 | UNIX };
static const struct sock_case tcp = { .families = INET | INET6 };
static const struct sock_case alone = { .families = NO_FAMILY };

static const struct entry entries[] = {
	{ "accept_eintr", &all },
	{ "accept_of_reset_connection", &tcp },
	{ "getaddrinfo_empty_host", &alone },
	{ "listen_backlog_clamped", &all },
	{ "listen_backlog_overflow_dropped", &tcp },
	{ "listen_twice", &all },
	{ "recv_zero_on_orderly_close", &all },
	{ "send_backlog", &tcp },
};
static const struct registry registry = { entries, sizeof entries / sizeof *entries };

#define NAMES_ALL "'sockdrill list' names them all"

static const struct {
	const char *glob, *rest; /* of the line: behind "no case matches 'GLOB': " */
} rows[] = {
	/* A part of names. */
	{ "backlog", "did you mean '*backlog*' (3 cases)?" },
	{ "backlog*", "did you mean '*backlog*' (3 cases)?" },
	{ "listen", "did you mean 'listen*' (3 cases)?" },
	{ "listen_back", "did you mean 'listen_back*' (2 cases)?" },
	{ "listen-back", "did you mean 'listen_back*' (2 cases)?" },
	{ "EINTR", "did you mean 'accept_eintr'?" },
	{ "orderly", "did you mean 'recv_zero_on_orderly_close'?" },
	{ "recv_zero", "did you mean 'recv_zero_on_orderly_close'?" },
	/* A name with slips. */
	{ "accept_einrt", "did you mean 'accept_eintr'?" },
	{ "recv_zero_on_orderly_clsoe", "did you mean 'recv_zero_on_orderly_close'?" },
	{ "Recv-Zero-On-Orderly-Close", "did you mean 'recv_zero_on_orderly_close'?" },
	{ "*recv_zero_on_ordrely_close*", "did you mean 'recv_zero_on_orderly_close'?" },
	/* Words of a name. */
	{ "recv_orderly_close", "did you mean 'recv_zero_on_orderly_close'?" },
	{ "overflow_backlog", "did you mean 'listen_backlog_overflow_dropped'?" },
	{ "overflw_of_backlog", "did you mean 'listen_backlog_overflow_dropped'?" },
	{ "backlgo", "did you mean '*backlog*' (3 cases)?" },
	{ "overflows", "did you mean 'listen_backlog_overflow_dropped'?" },
	/* With a family. */
	{ "accept_eintr/inet5", "accept_eintr is there for inet, inet6 and unix" },
	{ "send_backlog/unix", "send_backlog is there for inet and inet6" },
	{ "getaddrinfo_*/inet", "getaddrinfo_* is there for any" },
	{ "listen_*/", "listen_* is there for inet, inet6 and unix" },
	{ "accept_eintt/unix", "did you mean 'accept_eintr/unix'?" },
	{ "backlog/unix", "did you mean '*backlog*/unix' (1 case)?" },
	{ "backlog/inet", "did you mean '*backlog*/inet' (3 cases)?" },
	{ "sendbacklog/unix", "did you mean 'send_backlog'?" },
	{ "accept_eintt/ipx", "did you mean 'accept_eintr'?" },
	/* Nothing is near. */
	{ "frobnicate", NAMES_ALL },
	{ "frobnicate_the_thing", NAMES_ALL },
	{ "close_on_listener", NAMES_ALL },
	{ "ac", NAMES_ALL },
	{ "*x*y*", NAMES_ALL },
	{ "acc?pt_nothing", NAMES_ALL },
	{ "**", NAMES_ALL },
	{ "/inet", NAMES_ALL },
	{ "_", NAMES_ALL },
};

Test(suggest_cases, lines)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *line = no_case_matches(&registry, rows[i].glob);
		char *wanted = must_format("no case matches '%s': %s", rows[i].glob, rows[i].rest);
		cr_expect_str_eq(line, wanted, "%s", line);
		free(wanted);
		free(line);
	}
}

/* A glob longer than any name is compared without harm. */
Test(suggest_cases, long_globs)
{
	char glob[1000];

	for (size_t length = 100; length < sizeof glob; length += 7) {
		memset(glob, length % 2 ? 'a' : '_', length);
		glob[length / 2] = '_';
		glob[length - 5] = '/';
		glob[length] = '\0';
		char *line = no_case_matches(&registry, glob);
		cr_expect_not_null(strstr(line, NAMES_ALL), "%s", line);
		free(line);
	}
}

/* Each case's name with its first letters swapped is that case, or another as near. */
Test(suggest_cases, of_all_cases)
{
	for (size_t i = 0; i < all_cases.count; i++) {
		char *slip = must_copy(all_cases.entries[i].name);
		struct case_suggestion suggestion;
		slip[0] = all_cases.entries[i].name[1];
		slip[1] = all_cases.entries[i].name[0];
		if (slip[0] != slip[1]) {
			suggest_cases(&all_cases, slip, &suggestion);
			cr_expect_str_eq(suggestion.glob, all_cases.entries[i].name, "%s: %s", slip,
					 suggestion.glob);
		}
		free(slip);
	}
}
