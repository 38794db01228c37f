/* cause_test.c -- causes read out of real reports of gcc's and clang's sanitizers, and of rubbish.
 */
#include "fuzz/cause.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the text is said to tell of; NULL: nothing. */
static void expect_cause(const char *text, const char *wanted)
{
	char *cause = cause_of_text(text);

	if (wanted)
		cr_assert_str_eq(cause ? cause : "(nothing)", wanted);
	else
		cr_assert_null(cause, "'%s'", cause);
	free(cause);
}

/* ---- Real reports ---- */

static const char clang_overflow[] =
	"=================================================================\n"
	"==11270==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000037 at pc "
	"0x55672cadd2d5 bp 0x7ffd686910b0 sp 0x7ffd686910a8\n"
	"WRITE of size 1 at 0x602000000037 thread T0\n"
	"    #0 0x55672cadd2d4 in over /home/me/my.c:8:97\n"
	"    #1 0x55672cadd2d4 in parse /home/me/my.c:20:9\n"
	"    #2 0x55672cadd2d4 in LLVMFuzzerTestOneInput /home/me/parse_target.c:9:8\n"
	"    #3 0x55672caddbdb in run_file /home/me/replay.c:60:2\n"
	"    #5 0x55672cadd6c4 in main /home/me/replay.c:107:13\n"
	"    #6 0x7fb08226e249 in __libc_start_call_main "
	"csu/../sysdeps/nptl/libc_start_call_main.h:58:16\n"
	"    #8 0x55672ca1f320 in _start (/home/me/cl+0x21320) (BuildId: 49cd32b0fb51)\n"
	"\n"
	"0x602000000037 is located 3 bytes to the right of 4-byte region\n"
	"allocated by thread T0 here:\n"
	"    #0 0x55672caa216e in __interceptor_malloc (/home/me/cl+0xa416e)\n"
	"    #1 0x55672cadd1d8 in make_room /home/me/my.c:3:57\n";

Test(cause, address_of_clang)
{
	expect_cause(clang_overflow, "heap-buffer-overflow in over (my.c:8) < parse (my.c:20)");
}

Test(cause, undefined_of_gcc)
{
	expect_cause("/home/me/my.c:8:97: runtime error: store to address 0x60200000003f with "
		     "insufficient space for an object of type 'char'\n"
		     "0x602000000034: note: pointer points here\n"
		     "  be be be be 00 00 00 00  00 00 00 00\n"
		     "              ^ \n"
		     "    #0 0x55eb1f04a8bd in over /home/me/my.c:8\n"
		     "    #1 0x55eb1f04a8bd in parse /home/me/my.c:20\n",
		     "undefined behaviour: store to address N with insufficient space for an "
		     "object of type 'char' in over (my.c:8) < parse (my.c:20)");
}

Test(cause, values_do_not_tell_causes_apart)
{
	static const char wanted[] = "undefined behaviour: signed integer overflow: N + N cannot "
				     "be represented in type 'int' in parse (my.c:17)";

	expect_cause("my.c:17:43: runtime error: signed integer overflow: 2147483392 + 510 cannot "
		     "be represented in type 'int'\n    #0 0x55 in parse /home/me/my.c:17:43\n",
		     wanted);
	expect_cause("my.c:17:43: runtime error: signed integer overflow: -2147483648 + -1 cannot "
		     "be represented in type 'int'\n    #0 0x77 in parse /home/me/my.c:17:43\n",
		     wanted);
}

Test(cause, leak_of_clang)
{
	expect_cause("=================================================================\n"
		     "==14728==ERROR: LeakSanitizer: detected memory leaks\n"
		     "\n"
		     "Direct leak of 121 byte(s) in 1 object(s) allocated from:\n"
		     "    #0 0x561bf34ba16e in __interceptor_malloc (/home/me/cl+0xa416e)\n"
		     "    #1 0x561bf34f50fe in parse /home/me/my.c:15:40\n"
		     "    #2 0x561bf34f50fe in LLVMFuzzerTestOneInput /home/me/t.c:9:8\n",
		     "detected memory leaks in parse (my.c:15)");
}

static const char gcc_abort[] =
	"AddressSanitizer:DEADLYSIGNAL\n"
	"=================================================================\n"
	"==15066==ERROR: AddressSanitizer: ABRT on unknown address 0x000000003ada (pc 0x7f bp "
	"0x7f)\n"
	"    #0 0x7fa0840a8eec in __pthread_kill_implementation nptl/pthread_kill.c:44\n"
	"    #1 0x7fa084059fb1 in __GI_raise ../sysdeps/posix/raise.c:26\n"
	"    #2 0x7fa084044471 in abort stdlib/abort.c:79\n"
	"    #3 0x560ceab59700 in property_broken ../harness/protocol/property.h:17\n"
	"    #5 0x560ceab59704 in check_written ../fuzz/targets/line.c:30\n"
	"    #6 0x560ceab59704 in LLVMFuzzerTestOneInput ../fuzz/targets/line.c:50\n";

Test(cause, what_led_to_an_abort)
{
	char text[2048];

	expect_cause(gcc_abort, "ABRT in check_written (line.c:30)");
	snprintf(text, sizeof text,
		 "../fuzz/targets/line.c:30: this property does not hold: size == 12\n%s",
		 gcc_abort);
	expect_cause(text, "property broken: size == N in check_written (line.c:30)");
	snprintf(text, sizeof text, "my: my.c:13: parse: Assertion `d[1] != 'x'' failed.\n%s",
		 gcc_abort);
	expect_cause(text, "assertion fails: d[N] != 'x' in check_written (line.c:30)");
}

Test(cause, three_frames_and_no_more)
{
	expect_cause("ERROR: AddressSanitizer: SEGV on unknown address 0x0\n"
		     "    #0 0x1 in a a.c:1\n    #1 0x1 in b b.h:22:3\n    #2 0x1 in c x/c.c:3\n"
		     "    #3 0x1 in d d.c:4\n",
		     "SEGV in a (a.c:1) < b (b.h:22) < c (c.c:3)");
}

Test(cause, function_that_calls_itself)
{
	expect_cause("ERROR: AddressSanitizer: stack-overflow on address 0x7ffd3bb308e0\n"
		     "    #0 0x1 in deep my.c:7\n    #1 0x1 in deep my.c:7\n"
		     "    #2 0x1 in deep my.c:7\n    #3 0x1 in parse my.c:16\n",
		     "stack-overflow in deep (my.c:7) < parse (my.c:16)");
}

/* ---- Texts that tell of nothing, and rubbish ---- */

Test(cause, nothing_wrong)
{
	expect_cause("", NULL);
	expect_cause("replay: 3 inputs\n", NULL);
	expect_cause("    #0 0x1 in parse my.c:7\n", NULL);
}

Test(cause, one_line_of_printable_ascii)
{
	expect_cause("x: runtime error: a\x1b[2J\xc3\xa4\tb\rc\n    #0 0x1 in f\x07g my\x80.c:7\n",
		     "undefined behaviour: a?[NJ??"
		     "?b in f?g (my?.c:7)");
}

Test(cause, frames_that_are_none)
{
	expect_cause("runtime error: x\n#\n#0\n#0 0x\n    #1 0x5 in\n    #2 0x5 in f\n"
		     "    #3 0x5 in f (nofile)\n    #99999999999999999999 0x5 in g my.c:\n",
		     "undefined behaviour: x in g (my.c:)");
}

Test(cause, of_bounded_length)
{
	enum { LONG = 50000 };
	char *text = malloc(LONG + 1);

	cr_assert_not_null(text);
	memset(text, 'x', LONG);
	text[LONG] = '\0';
	memcpy(text, "ERROR: AddressSanitizer: ", 25);
	char *cause = cause_of_text(text);
	cr_assert_eq(strlen(cause), 160);
	free(cause);
	memcpy(text, "runtime error: y\n    #0 0x1 in ", 31);
	memcpy(text + LONG - 5, ".c:12", 5);
	cause = cause_of_text(text);
	cr_assert_lt(strlen(cause), 1000);
	free(cause);
	free(text);
}

Test(cause, a_mark_without_words)
{
	char *cause = cause_of_text("ERROR: LeakSanitizer: ");

	cr_assert_str_eq(cause, "without words");
	free(cause);
}
