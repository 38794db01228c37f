/* source.h -- the text of a file that is built into the program (see embed.c). */
#ifndef SOCKDRILL_SOURCE_H
#define SOCKDRILL_SOURCE_H

struct source {
	const char *path; /* in the project */
	const char *text;
};

#endif
