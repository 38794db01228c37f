/* ladder_svg.h -- ladders of calls as SVG. */
#ifndef SOCKDRILL_LADDER_SVG_H
#define SOCKDRILL_LADDER_SVG_H

#include <stdio.h>

#include "ladder/ladder.h"

/* Draws it as a part of an HTML page, whose frame has the style; nothing of an empty ladder. */
void put_ladder_svg(FILE *out, const struct ladder *ladder);
/* Draws it as a file of its own. */
void put_ladder_svg_file(FILE *out, const struct ladder *ladder);

#endif
