/* cause.h -- what went wrong, read out of what a sanitizer, an assertion or a property wrote. */
#ifndef SOCKDRILL_CAUSE_H
#define SOCKDRILL_CAUSE_H

/* The class of what went wrong and up to three frames of the subject that tell where:
 * "heap-buffer-overflow in parse (frame.c:88) < parse_all (frame.c:120)". Equal for all runs of the
 * same bug: numbers and addresses in the class are N. NULL when the text tells of nothing wrong.
 * Pure; new memory. The text is not trusted: what is given is one line of printable ASCII. */
char *cause_of_text(const char *text);

#endif
