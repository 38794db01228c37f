/* place_cases.c -- build tool: writes where every case is defined, as macros for registry.c:
 * #define PLACE_name "path", line
 * Usage: place_cases OUT PREFIX FILE...  PREFIX is cut from the front of the paths. */
#include <stdio.h>
#include <string.h>

static const char opening[] = "const struct sock_case ";

static int put_places(FILE *out, FILE *in, const char *path)
{
	char text[4096];
	int line = 1;

	while (fgets(text, sizeof text, in)) {
		const char *name = text + sizeof opening - 1;
		if (!strncmp(text, opening, sizeof opening - 1))
			fprintf(out, "#define PLACE_%.*s \"%s\", %d\n", (int)strcspn(name, " ="),
				name, path, line);
		line += strchr(text, '\n') != NULL;
	}
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
		int failed = put_places(out, in, argv[i] + cut + strspn(argv[i] + cut, "/"));
		if (fclose(in) || failed)
			return 1;
	}
	return ferror(out) | fclose(out) ? 1 : 0;
}
