/* thousands.c -- long numbers for people. */
#include "reports/thousands.h"

#include <stdio.h>

char *thousands(unsigned long long number, char room[THOUSANDS_ROOM])
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu", number), at = 0;

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			room[at++] = ',';
		room[at++] = digits[i];
	}
	room[at] = '\0';
	return room;
}
