/* embed.c -- build tool: writes the text of files as initialisers of struct source, for a C file to
 * include between its braces.
 * Usage: embed OUT PREFIX FILE...  PREFIX is cut from the front of the paths. */
#include <stdio.h>
#include <string.h>

static int put_text(FILE *out, FILE *in)
{
	int c;

	fputs("\t\"", out);
	while ((c = getc(in)) != EOF) {
		if (c == '\n')
			fputs("\\n\"\n\t\"", out);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\t')
			fputs("\\t", out);
		else if (c == '?')
			fputs("\\?", out);
		else
			putc(c, out);
	}
	fputs("\"", out);
	return ferror(in);
}

int main(int argc, char **argv)
{
	FILE *out = argc > 3 ? fopen(argv[1], "w") : NULL;

	if (!out)
		return 1;
	for (int i = 3; i < argc; i++) {
		size_t cut = strncmp(argv[i], argv[2], strlen(argv[2])) ? 0 : strlen(argv[2]);
		FILE *in = fopen(argv[i], "r");
		if (!in)
			return 1;
		fprintf(out, "{ \"%s\",\n", argv[i] + cut + strspn(argv[i] + cut, "/"));
		int failed = put_text(out, in);
		fputs(" },\n", out);
		if (fclose(in) || failed)
			return 1;
	}
	return ferror(out) | fclose(out) ? 1 : 0;
}
