/* ladder.c -- makes the ladder of a trace: which events are shown, in which rows and columns. */
#include "ladder/ladder.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/result.h"
#include "ladder/descriptors.h"
#include "ladder/names.h"
#include "role/board.h"

static const size_t NOWHERE = SIZE_MAX;

enum {
	ROUND_MAX = 40,         /* calls of a round */
	ROUNDS_KEPT = 2,        /* shown of those that repeat */
	ROUNDS_FOLDED = 3,      /* more are folded */
	NEAR_US = 2000,         /* as far as what was sent and taken may be apart in one row */
	BLOCKED_WRITE_US = 1000 /* a write that takes longer has waited */
};

/* A ladder while it is made. */
struct making {
	struct ladder *ladder;
	const struct trace_event *events;
	size_t count;
	size_t *column_of; /* by process; NOWHERE: it has none */
	struct process_names names;
	size_t *points; /* events in order; those that are folded are NOWHERE */
	size_t point_count;
	unsigned *rounds; /* by point: how many rounds were folded in front of it */
	size_t *row_of;   /* by event: the row of its effect */
	struct flow flow;
	size_t *source_of; /* by event: the last one from which an arrow comes; NOWHERE: none */
	size_t *last_row;  /* by column: the last with a cell; NOWHERE: none */
};

static size_t *make_indices(size_t n)
{
	size_t *indices = must_alloc(n, sizeof *indices);

	memset(indices, 0xff, n * sizeof *indices);
	return indices;
}

/* ---- Which events are shown ---- */

/* Descriptors that are no sockets are no part of it, unless the program meant one. */
static bool is_about_sockets(const struct trace_event *event)
{
	switch (trace_call_kind(event->call)) {
	case MAKES:
	case ACCEPTS:
	case WAITS:
		return true;
	case ENDS: /* TRACE_END tells it */
	case DENIED:
		return false;
	default:
		return event->socket || event->new_socket || event->result == -EBADF ||
		       event->result == -ENOTSOCK;
	}
}

static bool is_shown(const struct trace_event *event)
{
	switch (event->what) {
	case TRACE_CALL:
		return is_about_sockets(event);
	case TRACE_BEGIN:
		return event->parent;
	case TRACE_SIGNAL:
		return event->result != SIGCHLD; /* TRACE_END tells it */
	default:
		return true;
	}
}

/* ---- Columns ---- */

/* Clients stand on the left, servers on the right; the rest by their order. */
static int rank_of(int side)
{
	return side == CLIENT ? 0 : side == SERVER ? 1 : 2;
}

static int compare_columns(const void *a, const void *b)
{
	const struct ladder_column *x = a, *y = b;
	int order = rank_of(x->side) - rank_of(y->side);

	return order ? order : (int)x->process - (int)y->process;
}

static bool has_column(const struct making *m, unsigned process)
{
	for (size_t i = 0; i < m->ladder->column_count; i++)
		if (m->ladder->columns[i].process == process)
			return true;
	return false;
}

static void add_column(struct making *m, const struct trace_event *event)
{
	struct ladder *ladder = m->ladder;

	if (event->what != TRACE_CALL || !is_shown(event) || has_column(m, event->process))
		return;
	if (ladder->column_count == LADDER_COLUMNS_MAX) {
		/* Counted once each: the array tells who was seen. */
		ladder->left_out += m->column_of[event->process] == NOWHERE;
		m->column_of[event->process] = 0;
		return;
	}
	ladder->columns =
		must_grow(ladder->columns, ladder->column_count + 1, sizeof *ladder->columns);
	ladder->columns[ladder->column_count++] = (struct ladder_column){
		.name = must_copy(m->names.of[event->process]),
		.process = event->process,
		.side = event->side,
	};
}

static void make_columns(struct making *m)
{
	struct ladder *ladder = m->ladder;

	m->column_of = make_indices(m->names.count);
	for (size_t i = 0; i < m->count; i++)
		add_column(m, &m->events[i]);
	if (ladder->column_count)
		qsort(ladder->columns, ladder->column_count, sizeof *ladder->columns,
		      compare_columns);
	memset(m->column_of, 0xff, m->names.count * sizeof *m->column_of);
	for (size_t i = 0; i < ladder->column_count; i++)
		m->column_of[ladder->columns[i].process] = i;
}

static size_t column_of(const struct making *m, size_t event)
{
	return m->column_of[m->events[event].process];
}

/* ---- Rounds that repeat ---- */

/* Whether two events are the same step of a round: what is sent and how much may differ. */
static bool is_same_step(const struct trace_event *a, const struct trace_event *b)
{
	if (a->what != b->what || a->process != b->process)
		return false;
	return a->what == TRACE_CALL
		       ? a->call == b->call && a->fd == b->fd &&
				 (a->result < 0 ? a->result == b->result : b->result >= 0) &&
				 (a->result == 0) == (b->result == 0) && !strcmp(a->fault, b->fault)
		       : a->what != TRACE_END && a->result == b->result;
}

/* Whether both stretches of n points have the same steps in each column: columns may interleave
 * differently. */
static bool is_same_round(const struct making *m, size_t a, size_t b, size_t n)
{
	for (size_t column = 0; column < m->ladder->column_count; column++) {
		size_t i = a, j = b;
		for (;; i++, j++) {
			while (i < a + n && column_of(m, m->points[i]) != column)
				i++;
			while (j < b + n && column_of(m, m->points[j]) != column)
				j++;
			if (i == a + n || j == b + n)
				break;
			if (!is_same_step(&m->events[m->points[i]], &m->events[m->points[j]]))
				return false;
		}
		if ((i == a + n) != (j == b + n))
			return false;
	}
	return true;
}

/* How often the n points from `at` on come one behind the other. */
static size_t count_rounds(const struct making *m, size_t at, size_t n)
{
	size_t rounds = 1;

	while (at + (rounds + 1) * n <= m->point_count && is_same_round(m, at, at + rounds * n, n))
		rounds++;
	return rounds;
}

/* The length of the round that covers the most from `at` on; 0: none comes often enough. */
static size_t find_round(const struct making *m, size_t at, size_t *ret_rounds)
{
	size_t best = 0, covered = 0;

	for (size_t n = 1;
	     n <= ROUND_MAX && at + n * (ROUNDS_KEPT + ROUNDS_FOLDED) <= m->point_count; n++) {
		size_t rounds = count_rounds(m, at, n);
		if (rounds < ROUNDS_KEPT + ROUNDS_FOLDED || rounds * n <= covered)
			continue;
		best = n;
		covered = rounds * n;
		*ret_rounds = rounds;
	}
	return best;
}

static void fold_rounds(struct making *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->point_count;) {
		size_t rounds = 1, n = find_round(m, i, &rounds), shown = n ? ROUNDS_KEPT * n : 1;
		memmove(&m->points[kept], &m->points[i], shown * sizeof *m->points);
		kept += shown;
		if (n)
			m->rounds[kept] = (unsigned)(rounds - ROUNDS_KEPT);
		i += n ? rounds * n : 1;
	}
	m->point_count = kept;
}

/* What a process does before it has to do with sockets -- shells run many programs -- is told by
 * its column's name alone. */
static bool is_prelude(const struct making *m, bool *has_called, size_t index)
{
	const struct trace_event *event = &m->events[index];

	if (event->what == TRACE_CALL)
		has_called[column_of(m, index)] = true;
	return (event->what == TRACE_PROGRAM || event->what == TRACE_SIGNAL) &&
	       !has_called[column_of(m, index)];
}

static void make_points(struct making *m)
{
	size_t *order = trace_event_order(m->events, m->count);
	bool has_called[LADDER_COLUMNS_MAX] = { false };

	m->points = must_alloc(m->count, sizeof *m->points);
	m->rounds = must_alloc(m->count + 1, sizeof *m->rounds);
	for (size_t i = 0; i < m->count; i++)
		if (is_shown(&m->events[order[i]]) && column_of(m, order[i]) != NOWHERE &&
		    !is_prelude(m, has_called, order[i]))
			m->points[m->point_count++] = order[i];
	free(order);
	fold_rounds(m);
}

/* ---- Rows ---- */

static struct ladder_row *add_row(struct ladder *ladder, int64_t at_us)
{
	if (!(ladder->row_count & (ladder->row_count - 1)))
		ladder->rows =
			must_grow(ladder->rows, ladder->row_count ? ladder->row_count * 2 : 1,
				  sizeof *ladder->rows);
	struct ladder_row *row = &ladder->rows[ladder->row_count++];
	*row = (struct ladder_row){ .at_us = at_us };
	return row;
}

static int64_t end_of(const struct trace_event *event)
{
	return event->start_us + event->took_us;
}

/* Whether it may have waited, so that it matters when it began and when it returned. */
static bool may_wait(const struct trace_event *event)
{
	if (event->what != TRACE_CALL)
		return false;
	if (trace_call_kind(event->call) == WRITES)
		return event->took_us >= BLOCKED_WRITE_US || event->unfinished;
	return trace_event_takes(event) || event->call == CALL_connect || event->unfinished;
}

/* Whether another side's point lies within the call at points[at]: before it when it takes, behind
 * it else. */
static bool is_parted(const struct making *m, size_t at)
{
	const struct trace_event *event = &m->events[m->points[at]];
	bool takes = trace_event_takes(event);

	if (!may_wait(event))
		return false;
	for (size_t i = at; takes ? i-- > 0 : ++i < m->point_count;) {
		int64_t other = trace_event_at(&m->events[m->points[i]]);
		if (takes ? other <= event->start_us : other >= end_of(event))
			return false;
		if (column_of(m, m->points[i]) != column_of(m, m->points[at]))
			return true;
	}
	return false;
}

/* A cell on its way to a row. */
struct item {
	int64_t at_us;
	size_t order; /* of what happens at once */
	struct ladder_cell cell;
	bool is_point;
	unsigned rounds; /* folded in front of it */
};

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static struct item *make_items(const struct making *m, size_t *ret_count)
{
	struct item *items = must_alloc(m->point_count * 2, sizeof *items);
	size_t n = 0;

	for (size_t i = 0; i < m->point_count; i++) {
		const struct trace_event *event = &m->events[m->points[i]];
		bool parted = is_parted(m, i), takes = trace_event_takes(event);
		struct ladder_cell cell = { m->points[i], column_of(m, m->points[i]),
					    !parted ? CELL_WHOLE
					    : takes ? CELL_REST
						    : CELL_BEGIN };
		items[n++] =
			(struct item){ trace_event_at(event), 2 * i + 1, cell, true, m->rounds[i] };
		if (!parted || event->unfinished)
			continue;
		cell.phase = takes ? CELL_BEGIN : CELL_REST;
		items[n++] = (struct item){ takes ? event->start_us : end_of(event), 2 * i, cell,
					    false, 0 };
	}
	qsort(items, n, sizeof *items, compare_items);
	*ret_count = n;
	return items;
}

/* The row of what came from the other side, when this can stand beside it: nothing of this side is
 * in it or below. NULL: there is none. */
static struct ladder_row *row_beside(const struct making *m, const struct item *item)
{
	size_t source = m->source_of[item->cell.event];
	size_t row = source == NOWHERE ? NOWHERE : m->row_of[source];
	size_t last = m->last_row[item->cell.column];
	struct ladder *ladder = m->ladder;

	if (!item->is_point || ladder->column_count != 2 || row == NOWHERE ||
	    (last != NOWHERE && last >= row) || ladder->rows[row].cell_count != 1)
		return NULL;
	if (row + 1 < ladder->row_count && item->at_us - ladder->rows[row].at_us > NEAR_US)
		return NULL;
	return &ladder->rows[row];
}

/* The row in which the call began, when nothing came in between after all: then it is whole. */
static bool has_joined(const struct making *m, const struct item *item)
{
	struct ladder *ladder = m->ladder;
	struct ladder_row *row = ladder->row_count ? &ladder->rows[ladder->row_count - 1] : NULL;

	if (item->cell.phase != CELL_REST || !row || row->cell_count != 1 ||
	    row->cells[0].event != item->cell.event)
		return false;
	row->cells[0].phase = CELL_WHOLE;
	return true;
}

/* Nothing is put above the note any more. */
static void note_rounds(struct making *m, const struct item *item)
{
	add_row(m->ladder, item->at_us)->rounds = item->rounds;
	for (size_t i = 0; i < m->ladder->column_count; i++)
		m->last_row[i] = m->ladder->row_count - 1;
}

static void place_item(struct making *m, const struct item *item)
{
	struct ladder *ladder = m->ladder;
	struct ladder_row *row;

	if (item->rounds)
		note_rounds(m, item);
	row = row_beside(m, item);
	if (!row && has_joined(m, item)) {
		m->row_of[item->cell.event] = ladder->row_count - 1;
		return;
	}
	if (!row)
		row = add_row(ladder, item->at_us);
	row->cells[row->cell_count++] = item->cell;
	m->last_row[item->cell.column] = (size_t)(row - ladder->rows);
	if (item->is_point)
		m->row_of[item->cell.event] = (size_t)(row - ladder->rows);
}

static void make_rows(struct making *m)
{
	size_t count;
	struct item *items = make_items(m, &count);

	m->last_row = make_indices(m->ladder->column_count);
	m->source_of = make_indices(m->count);
	m->row_of = make_indices(m->count);
	for (size_t i = 0; i < m->flow.count; i++)
		if (m->flow.arrows[i].fate == ARROW_CAME)
			m->source_of[m->flow.arrows[i].to] = m->flow.arrows[i].from;
	for (size_t i = 0; i < count; i++)
		place_item(m, &items[i]);
	if (m->rounds[m->point_count])
		add_row(m->ladder, 0)->rounds = m->rounds[m->point_count];
	free(items);
}

/* Leaves out rows in the middle, with a note in their place. */
static void cut_rows(struct making *m, size_t rows_max)
{
	struct ladder *ladder = m->ladder;

	if (ladder->row_count <= rows_max)
		return;
	size_t head = rows_max * 2 / 3, tail = rows_max - head;
	size_t from = head, to = ladder->row_count - tail;
	ladder->rows[from] = (struct ladder_row){ .at_us = ladder->rows[from].at_us,
						  .rows = (unsigned)(to - from) };
	memmove(&ladder->rows[from + 1], &ladder->rows[to], tail * sizeof *ladder->rows);
	ladder->row_count = from + 1 + tail;
	for (size_t i = 0; i < m->count; i++) {
		size_t row = m->row_of[i];
		if (row == NOWHERE || row < from)
			continue;
		m->row_of[i] = row < to ? NOWHERE : row - to + from + 1;
	}
}

/* Marks the rows between where calls began and where they returned. */
static void mark_waits(struct ladder *ladder)
{
	bool *waits = must_alloc(ladder->column_count, sizeof *waits);

	for (size_t i = 0; i < ladder->row_count; i++) {
		struct ladder_row *row = &ladder->rows[i];
		for (unsigned c = 0; c < row->cell_count; c++)
			waits[row->cells[c].column] = false;
		/* Behind a gap nobody knows. */
		if (row->rows)
			memset(waits, 0, ladder->column_count * sizeof *waits);
		row->waits = must_alloc(ladder->column_count, sizeof *waits);
		memcpy(row->waits, waits, ladder->column_count * sizeof *waits);
		for (unsigned c = 0; c < row->cell_count; c++)
			waits[row->cells[c].column] = row->cells[c].phase == CELL_BEGIN;
	}
	free(waits);
}

static void make_arrows(struct making *m)
{
	struct ladder *ladder = m->ladder;

	ladder->arrows = must_alloc(m->flow.count, sizeof *ladder->arrows);
	for (size_t i = 0; i < m->flow.count; i++) {
		const struct arrow *arrow = &m->flow.arrows[i];
		struct ladder_arrow one = { .arrow = *arrow };
		bool came = arrow->fate == ARROW_CAME;
		if (m->row_of[arrow->from] == NOWHERE || (came && m->row_of[arrow->to] == NOWHERE))
			continue;
		one.from_row = m->row_of[arrow->from];
		one.from_column = column_of(m, arrow->from);
		one.to_row = came ? m->row_of[arrow->to] : one.from_row;
		one.to_column = came ? column_of(m, arrow->to) : one.from_column;
		ladder->arrows[ladder->arrow_count++] = one;
	}
}

void ladder_make(const struct trace_event *events, size_t count, size_t rows_max,
		 struct ladder *ret_ladder)
{
	struct making m = { .ladder = ret_ladder, .events = events, .count = count };

	*ret_ladder = (struct ladder){ .events = events };
	flow_make(events, count, &m.flow);
	process_names_make(events, count, &m.names);
	make_columns(&m);
	make_points(&m);
	make_rows(&m);
	cut_rows(&m, rows_max);
	mark_waits(ret_ladder);
	make_arrows(&m);
	flow_finish(&m.flow);
	process_names_finish(&m.names);
	free(m.column_of);
	free(m.points);
	free(m.rounds);
	free(m.row_of);
	free(m.source_of);
	free(m.last_row);
}

void ladder_finish(struct ladder *ladder)
{
	for (size_t i = 0; i < ladder->column_count; i++)
		free(ladder->columns[i].name);
	for (size_t i = 0; i < ladder->row_count; i++)
		free(ladder->rows[i].waits);
	free(ladder->columns);
	free(ladder->rows);
	free(ladder->arrows);
	memset(ladder, 0, sizeof *ladder);
}
