/* netem.h -- what Linux's netem is asked to do. */
#ifndef SOCKDRILL_NETEM_H
#define SOCKDRILL_NETEM_H

#include <stdint.h>

/* What netem does with the packets that an interface sends; its own names (tc-netem(8)). Shares are
 * of UINT32_MAX, which is all. All zero: every packet passes at once. */
struct netem {
	uint32_t delay_us;
	uint32_t reorder; /* with a delay: of so many packets the last is not delayed */
	uint32_t loss, duplicate, corrupt; /* shares; corrupt: one bit is flipped */
	uint32_t bytes_per_s;              /* 0: no limit of the rate */
	uint32_t limit;                    /* packets that may wait; 0: 1000 */
};
#define NETEM_ALL        UINT32_MAX
#define NETEM_PERCENT(n) ((uint32_t)((uint64_t)UINT32_MAX * (n) / 100))

#endif
