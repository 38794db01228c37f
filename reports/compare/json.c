/* json.c -- a comparison for programs: one JSON document.
 *
 * {
 *   "schema": 1, "tool": "sockdrill 0.1.0",
 *   "systems": [ { "name", "title", "path", "tool", "stack", "stack_version", "date", "sysname",
 *                  "release", "machine", "libc", "isolation",
 *                  "verdicts": { "pass": N, ... },          all of them
 *                  "classes": { "conforms": N, ... },       all of them
 *                  "common", "differs", "allowed", "documented", "new", "violates": numbers,
 *                  against the first system, as in its "headline" } ],
 *   "rows": [ { "case", "family", "area", "section": "new", "documented", "allowed",
 *               "among others" or "alike",
 *               "claim", "source", "portable": of a case that this program knows,
 *               "outcomes": [ { "kind": a verdict; pass for everything that ran to its end,
 *                               "systems": [indices of systems],
 *                               "saw": [ { "role", "label", "value", "want" (of a portable
 *                                          program), "judged", "ok", "differs" } ] } ],
 *               "cells": [ one per system: null when its file has no such result, else
 *                          { "class", "verdict", "outcome": index, "differs", "new", "ms",
 *                            "reason" and "known" (why a baseline expects it), if any } ] } ],
 *   "distances": [ { "systems": [a, b], "common", "equal" } ],  every pair once
 *   "new": number of rows with a new difference
 * }
 * Rows are sorted by case, then family; unanimous ones are left out unless asked for. Keys may be
 * added, not changed, within a schema.
 */
#include <stdlib.h>

#include "reports/compare/view.h"
#include "reports/report.h"

/* A member of an object that is not its first. */
static void put_key(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\"%s\":", key);
	put_json(out, text);
}

static void put_number(FILE *out, const char *key, unsigned number)
{
	fprintf(out, ",\"%s\":%u", key, number);
}

static void put_bool(FILE *out, const char *key, bool value)
{
	fprintf(out, ",\"%s\":%s", key, value ? "true" : "false");
}

static void put_counts(FILE *out, const struct system *system)
{
	fputs(",\"verdicts\":{", out);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		fprintf(out, "%s\"%s\":%u", v ? "," : "", verdict_name(v), system->counts.of[v]);
	fputs("},\"classes\":{", out);
	for (enum likeness like = 0; like < LIKE_COUNT; like++)
		fprintf(out, "%s\"%s\":%u", like ? "," : "", likeness_name(like),
			system->like[like]);
	fputc('}', out);
	put_number(out, "common", system->common);
	put_number(out, "differs", system->differs);
	put_number(out, "allowed", system->allowed);
	put_number(out, "documented", system->documented);
	put_number(out, "new", system->new_ones);
	put_number(out, "violates", system->violates);
}

static void put_system(FILE *out, const struct comparison *comparison, size_t index)
{
	const struct system *system = &comparison->systems[index];
	const struct run_facts *facts = &system->facts;

	fputs("{\"name\":", out);
	put_json(out, system->name);
	put_key(out, "title", system->title);
	put_key(out, "path", system->path);
	put_key(out, "tool", facts->tool);
	put_key(out, "stack", facts->stack);
	put_key(out, "stack_version", facts->stack_version);
	put_key(out, "date", facts->date);
	put_key(out, "sysname", facts->sysname);
	put_key(out, "release", facts->release);
	put_key(out, "machine", facts->machine);
	put_key(out, "libc", facts->libc);
	put_key(out, "isolation", facts->isolation);
	put_counts(out, system);
	if (index) {
		char *headline = comparison_headline(comparison, index);
		put_key(out, "headline", headline);
		free(headline);
	}
	fputc('}', out);
}

static void put_observation(FILE *out, const struct compare_row *row, const struct observation *one)
{
	fprintf(out, "{\"role\":\"%s\"", who_name(one->who));
	put_key(out, "label", one->label);
	put_key(out, "value", one->value);
	put_key(out, "want", one->want);
	put_bool(out, "judged", one->judged);
	put_bool(out, "ok", one->ok);
	put_bool(out, "differs", row_label_differs(row, one->who, one->label));
	fputc('}', out);
}

static void put_outcome(FILE *out, const struct comparison *comparison,
			const struct compare_row *row, unsigned index)
{
	const struct outcome *outcome = &row->outcomes[index];
	const char *comma = "";

	fprintf(out, "{\"kind\":\"%s\",\"systems\":[", verdict_name(outcome->kind));
	for (size_t i = 0; i < comparison->system_count; i++) {
		const struct cell *cell = &row->cells[i];
		if (cell->likeness == LIKE_ABSENT || cell->outcome != index)
			continue;
		fprintf(out, "%s%zu", comma, i);
		comma = ",";
	}
	fputs("],\"saw\":[", out);
	for (size_t i = 0; i < outcome->saw_count; i++) {
		fputs(i ? "," : "", out);
		put_observation(out, row, &outcome->saw[i]);
	}
	fputs("]}", out);
}

static void put_cell(FILE *out, const struct cell *cell)
{
	if (cell->likeness == LIKE_ABSENT) {
		fputs("null", out);
		return;
	}
	fprintf(out, "{\"class\":\"%s\",\"verdict\":\"%s\",\"outcome\":%u",
		likeness_name(cell->likeness), verdict_name(cell->verdict), cell->outcome);
	put_bool(out, "differs", cell->differs);
	put_bool(out, "new", cell->is_new);
	fprintf(out, ",\"ms\":%.1f", cell->ms);
	if (*cell->reason)
		put_key(out, "reason", cell->reason);
	if (cell->known)
		put_key(out, "known", cell->known);
	fputc('}', out);
}

static void put_row(FILE *out, const struct comparison *comparison, const struct compare_row *row)
{
	fputs("{\"case\":", out);
	put_json(out, row->name);
	put_key(out, "family", family_name(row->family));
	char *area = must_format("%.*s", area_length(row->name), row->name);
	put_key(out, "area", area);
	free(area);
	put_key(out, "section", section_name(row_section(comparison, row)));
	if (row->test) {
		put_key(out, "claim", row->test->claim);
		put_key(out, "source", row->test->source);
		if (row->test->portable)
			put_key(out, "portable", row->test->portable);
	}
	fputs(",\"outcomes\":[", out);
	for (unsigned i = 0; i < row->outcome_count; i++) {
		fputs(i ? "," : "", out);
		put_outcome(out, comparison, row, i);
	}
	fputs("],\"cells\":[", out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		fputs(i ? "," : "", out);
		put_cell(out, &row->cells[i]);
	}
	fputs("]}", out);
}

static void put_distances(FILE *out, const struct comparison *comparison)
{
	const char *comma = "\n";

	for (size_t a = 0; a < comparison->system_count; a++) {
		for (size_t b = a + 1; b < comparison->system_count; b++) {
			unsigned common, equal;
			comparison_distance(comparison, a, b, &common, &equal);
			fprintf(out, "%s{\"systems\":[%zu,%zu],\"common\":%u,\"equal\":%u}", comma,
				a, b, common, equal);
			comma = ",\n";
		}
	}
}

void compare_put_json(const struct comparison *comparison, const struct compare_options *options,
		      FILE *out)
{
	const char *comma = "\n";
	unsigned new_rows = 0;

	fputs("{\"schema\":1,\"tool\":\"sockdrill " SOCKDRILL_VERSION "\",\"systems\":[", out);
	for (size_t i = 0; i < comparison->system_count; i++) {
		fputs(i ? ",\n" : "\n", out);
		put_system(out, comparison, i);
	}
	fputs("\n],\"rows\":[", out);
	for (size_t i = 0; i < comparison->row_count; i++) {
		const struct compare_row *row = comparison->rows[i];
		new_rows += row_section(comparison, row) == SECTION_NEW;
		if (!options->all && row_is_unanimous(row))
			continue;
		fputs(comma, out);
		comma = ",\n";
		put_row(out, comparison, row);
	}
	fputs("\n],\"distances\":[", out);
	put_distances(out, comparison);
	fprintf(out, "\n],\"new\":%u}\n", new_rows);
}
