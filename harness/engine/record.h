/* record.h -- what a role left on its half of the board, read: its records, and where it stands.
 * The bytes come from a process that may have gone wrong: nothing of them is trusted. Pure. */
#ifndef SOCKDRILL_RECORD_H
#define SOCKDRILL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "role/board.h"
#include "role/state.h"

enum { LABEL_ROOM = LABEL_MAX + 1, VALUE_ROOM = VALUE_MAX + 1 };

struct record {
	enum record_kind kind;
	char label[LABEL_ROOM];
	char value[VALUE_ROOM];
	int line; /* of the case's source file; 0 when unknown */
};

/* The records of a side: bytes and how many (what did not fit counts as lost). */
struct record_bytes {
	const char *bytes;
	size_t n;
	bool lost;
};

/* Points into the side. */
struct record_bytes side_records(const struct side *side);

/* Where the role says that it stands, as printable text: "at meeting \"ready\"". False, and nothing
 * written, when it says nothing. The role may be writing meanwhile. */
bool side_stood(const struct side *side, char *ret_text, size_t room);

/* Reads the next record of bytes[0..n), beginning at *at, and moves *at behind it. Lines that are
 * no records (a torn write of a killed helper) are passed over and counted in *torn. Returns false
 * at the end. */
bool record_next(const char *bytes, size_t n, size_t *at, struct record *ret_record,
		 unsigned *torn);

#endif
