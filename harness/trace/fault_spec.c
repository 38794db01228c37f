/* fault_spec.c -- reads faults as people write them, as FAULT_HELP tells. */
#include "trace/fault_spec.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "os/os.h"

#define BIT(call)   (UINT64_C(1) << CALL_##call)
#define BITS(a, b)  (BIT(a) | BIT(b))
#define KIND(which) (UINT64_C(1) << (which))
_Static_assert(CALL_COUNT <= 64, "a set of calls is 64 bits");

/* What C libraries make of their functions differs: a name means all of it. */
static const struct {
	const char *name;
	uint64_t calls;
} functions[] = {
	{ "recv", BIT(recvfrom) },
	{ "send", BIT(sendto) },
	{ "accept", BITS(accept, accept4) },
	{ "poll", BITS(poll, ppoll) },
	{ "select", BITS(select, pselect6) },
	{ "pselect", BIT(pselect6) },
	{ "epoll_wait", BITS(epoll_wait, epoll_pwait) | BIT(epoll_pwait2) },
	{ "epoll_pwait", BITS(epoll_pwait, epoll_pwait2) },
	{ "epoll_create", BITS(epoll_create, epoll_create1) },
	{ "dup2", BITS(dup2, dup3) },
};

static const struct {
	const char *name;
	uint64_t kinds;
	uint64_t calls;
} groups[] = {
	{ "read", KIND(READS), 0 },
	{ "write", KIND(WRITES), 0 },
	{ "wait", KIND(WAITS), 0 },
	{ "any", KIND(READS) | KIND(WRITES) | KIND(WAITS) | KIND(ACCEPTS), BIT(connect) },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Neither what ends a process nor what is answered by the tracer itself can be disturbed. */
static bool can_fail(enum trace_call call)
{
	enum trace_kind kind = trace_call_kind(call);

	return kind != ENDS && kind != DENIED;
}

static uint64_t calls_of_kinds(uint64_t kinds)
{
	uint64_t calls = 0;

	for (enum trace_call call = 0; call < CALL_COUNT; call++)
		if (kinds & KIND(trace_call_kind(call)))
			calls |= UINT64_C(1) << call;
	return calls;
}

/* The calls that a name means; 0: none. */
static uint64_t calls_named(const char *name)
{
	for (size_t i = 0; i < COUNT(groups); i++)
		if (!strcmp(groups[i].name, name))
			return calls_of_kinds(groups[i].kinds) | groups[i].calls;
	for (size_t i = 0; i < COUNT(functions); i++)
		if (!strcmp(functions[i].name, name))
			return functions[i].calls;
	enum trace_call call = trace_call_of(name);
	return call < CALL_COUNT && can_fail(call) ? UINT64_C(1) << call : 0;
}

/* "read, write, wait, any, recv, ... dup3": each name once; new memory. */
static char *all_names(void)
{
	char *names = must_copy("");

	for (size_t i = 0; i < COUNT(groups) + COUNT(functions) + CALL_COUNT; i++) {
		size_t function = i - COUNT(groups), call = function - COUNT(functions);
		const char *name = i < COUNT(groups)             ? groups[i].name
				   : function < COUNT(functions) ? functions[function].name
								 : trace_call_name((int)call);
		bool again = i >= COUNT(groups) + COUNT(functions) &&
			     (!can_fail((int)call) || calls_named(name) != UINT64_C(1) << call);
		if (again)
			continue;
		char *longer = must_format("%s%s%s", names, *names ? ", " : "", name);
		free(names);
		names = longer;
	}
	return names;
}

/* A fault while it is read: a copy cut into its parts; those that are missing are NULL. */
struct spec {
	const char *text;
	char *what, *action, *amount, *when, *connection;
	char *error;
};

/* Gives false, with the error that begins with the fault and its part, in printable characters. */
static bool refuse(struct spec *spec, const char *part, const char *why)
{
	enum { SHOWN = 60 };

	spec->error = must_format("fault %.*s: \"%.*s\" %s", SHOWN, spec->text, SHOWN, part, why);
	for (char *at = spec->error; *at; at++)
		if (!isprint((unsigned char)*at))
			*at = '?';
	return false;
}

/* A decimal number from 1 to `most` at *at, which moves behind it. False: none is there. */
static bool take_number(const char **at, uint64_t most, uint64_t *ret_value)
{
	uint64_t value = 0;
	const char *digit = *at;

	for (; *digit >= '0' && *digit <= '9'; digit++) {
		value = value * 10 + (uint64_t)(*digit - '0');
		if (value > most)
			return false;
	}
	if (digit == *at || !value)
		return false;
	*at = digit;
	*ret_value = value;
	return true;
}

/* The whole text is such a number. */
static bool is_number(const char *text, uint64_t most, uint64_t *ret_value)
{
	return take_number(&text, most, ret_value) && !*text;
}

static bool read_what(struct spec *spec, struct fault_rule *rule)
{
	rule->calls = calls_named(spec->what);
	if (rule->calls)
		return true;
	char *names = all_names();
	char *why = must_format("is no call that can be disturbed; possible: %s", names);
	refuse(spec, spec->what, why);
	free(why);
	free(names);
	return false;
}

static bool read_short(struct spec *spec, struct fault_rule *rule)
{
	uint64_t bytes = 1;

	if (!(rule->calls & calls_of_kinds(KIND(READS) | KIND(WRITES))))
		return refuse(spec, spec->what,
			      "moves no bytes that could be cut; use an error or delay:MS");
	if (spec->amount && !is_number(spec->amount, INT_MAX, &bytes))
		return refuse(spec, spec->amount, "is no number of bytes from 1 on, as in short:3");
	rule->action = (struct fault_action){ .kind = FAULT_CUT, .amount = (long long)bytes };
	return true;
}

static bool read_delay(struct spec *spec, struct fault_rule *rule)
{
	enum { MOST_MS = 60000 };
	uint64_t ms;

	if (!spec->amount || !is_number(spec->amount, MOST_MS, &ms))
		return refuse(spec, spec->amount ? spec->amount : spec->action,
			      "needs milliseconds from 1 to 60000, as in delay:20");
	rule->action = (struct fault_action){ .kind = FAULT_DELAY, .amount = (long long)ms * 1000 };
	return true;
}

static bool read_retry(struct spec *spec, struct fault_rule *rule)
{
	int err = spec->amount ? os_errno_number(spec->amount) : -1;

	if (err < 0)
		return refuse(spec, spec->amount ? spec->amount : spec->action,
			      "needs the name of an error, as in retry:EINTR");
	rule->retry = true;
	rule->action = (struct fault_action){ .kind = FAULT_FAIL, .err = err };
	return true;
}

static bool read_error(struct spec *spec, struct fault_rule *rule)
{
	int err = os_errno_number(spec->action);

	if (err < 0)
		return refuse(spec, spec->action,
			      "is no action; possible: short[:BYTES], delay:MS, retry:ERRNO, or "
			      "ERRNO: the name of an error such as EINTR");
	if (spec->amount)
		return refuse(spec, spec->amount, "is too much: an error takes no amount");
	rule->action = (struct fault_action){ .kind = FAULT_FAIL, .err = err };
	rule->last = 1;
	return true;
}

static bool read_action(struct spec *spec, struct fault_rule *rule)
{
	static const struct {
		const char *name;
		bool (*read)(struct spec *spec, struct fault_rule *rule);
	} actions[] = { { "short", read_short }, { "delay", read_delay }, { "retry", read_retry } };

	for (size_t i = 0; i < COUNT(actions); i++)
		if (!strcmp(actions[i].name, spec->action))
			return actions[i].read(spec, rule);
	return read_error(spec, rule);
}

/* "10%", "0.5%": at most three digits behind the point. */
static bool read_chance(const char *at, unsigned *ret_chance)
{
	uint64_t chance = 0, unit = FAULT_CERTAIN / 100;

	for (; *at >= '0' && *at <= '9' && chance <= FAULT_CERTAIN; at++)
		chance = chance * 10 + unit * (uint64_t)(*at - '0');
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9' && unit; at++) {
			unit /= 10;
			chance += unit * (uint64_t)(*at - '0');
		}
	*ret_chance = (unsigned)chance;
	return !strcmp(at, "%") && chance && chance <= FAULT_CERTAIN;
}

/* "3", "3..", "3..5". */
static bool read_range(const char *at, struct fault_rule *rule)
{
	if (!take_number(&at, UINT_MAX, &rule->first))
		return false;
	rule->last = rule->first;
	if (!*at)
		return true;
	rule->last = UINT64_MAX;
	if (strncmp(at, "..", 2) != 0)
		return false;
	at += 2;
	return !*at || (is_number(at, UINT_MAX, &rule->last) && rule->last >= rule->first);
}

static bool read_when(struct spec *spec, struct fault_rule *rule)
{
	static const char every[] = "every";
	const char *at = spec->when;

	if (!at || read_range(at, rule))
		return true;
	rule->last = UINT64_MAX;
	rule->first = 1;
	if (!strncmp(at, every, strlen(every))) {
		at += strlen(every);
		at += strspn(at, " ");
		if (is_number(at, UINT_MAX, &rule->step)) {
			rule->first = rule->step;
			return true;
		}
	} else if (read_chance(at, &rule->chance)) {
		return true;
	}
	return refuse(spec, spec->when, "says not when; possible: 3, 3.., 3..5, every3, 10%");
}

static bool read_connection(struct spec *spec, struct fault_rule *rule)
{
	uint64_t without = calls_of_kinds(KIND(ACCEPTS) | KIND(MAKES) | KIND(WAITS));
	uint64_t number;

	if (!spec->connection)
		return true;
	if (!is_number(spec->connection, UINT_MAX, &number))
		return refuse(spec, spec->connection, "is no connection: they are 1, 2 ...");
	if (!(rule->calls & ~without))
		return refuse(spec, spec->what,
			      "belongs to no connection: leave out what begins with #, or use "
			      "@WHEN");
	rule->connection = (unsigned)number;
	return true;
}

/* Cuts what is behind the first `mark` off the text; NULL when it has none. */
static char *cut_at(char *text, char mark)
{
	char *at = text ? strchr(text, mark) : NULL;

	if (at)
		*at++ = '\0';
	return at;
}

bool fault_spec_parse(const char *text, struct fault_rule *ret_rule, char **ret_error)
{
	char *copy = must_copy(text);
	struct spec spec = { .text = text, .what = copy };
	struct fault_rule rule = {
		.first = 1, .last = UINT64_MAX, .step = 1, .chance = FAULT_CERTAIN
	};

	spec.action = cut_at(spec.what, '=');
	spec.connection = cut_at(spec.action, '#');
	spec.when = cut_at(spec.action, '@');
	spec.amount = cut_at(spec.action, ':');
	bool good = spec.action ? read_what(&spec, &rule) && read_action(&spec, &rule) &&
					  read_when(&spec, &rule) && read_connection(&spec, &rule)
				: refuse(&spec, text, "is no fault: WHAT=ACTION, as in recv=short");
	free(copy);
	if (good)
		*ret_rule = rule;
	else
		*ret_error = spec.error;
	return good;
}
