/* cause_test.c -- causes read out of real reports, and of rubbish. */
#include "fuzz/cause.h"

#include <criterion/criterion.h>
