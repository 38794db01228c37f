/* thousands.h -- long numbers for people. */
#ifndef SOCKDRILL_THOUSANDS_H
#define SOCKDRILL_THOUSANDS_H

enum { THOUSANDS_ROOM = 32 };

/* A number with commas between its thousands, in `room`, which is returned. */
char *thousands(unsigned long long number, char room[THOUSANDS_ROOM]);

#endif
