/* test_stderr.c -- for unit tests: captures standard error in a file without a name. */
#include "test_stderr.h"

#include <criterion/criterion.h>
#include <unistd.h>

#include "engine/result.h"

struct captured_stderr capture_stderr(void)
{
	struct captured_stderr captured = { tmpfile(), dup(STDERR_FILENO) };

	cr_assert(captured.file && captured.before >= 0);
	fflush(stderr);
	cr_assert_eq(dup2(fileno(captured.file), STDERR_FILENO), STDERR_FILENO);
	return captured;
}

char *release_stderr(struct captured_stderr *captured)
{
	fflush(stderr);
	dup2(captured->before, STDERR_FILENO);
	close(captured->before);
	long length = fseek(captured->file, 0, SEEK_END) ? -1 : ftell(captured->file);
	cr_assert_geq(length, 0);
	rewind(captured->file);
	char *text = must_alloc((size_t)length + 1, 1);
	text[fread(text, 1, (size_t)length, captured->file)] = '\0';
	fclose(captured->file);
	return text;
}
