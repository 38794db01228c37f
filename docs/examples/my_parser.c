/* my_parser.c -- takes one header line, "Name: value", apart; for `sockdrill fuzz parser`, which
 * finds its bug. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NAME_MAX_LEN  16
#define VALUE_MAX_LEN 64

struct header {
	char name[NAME_MAX_LEN + 1];
	char value[VALUE_MAX_LEN + 1];
};

/* The length of the text without the blanks at its end. The bug: a text of blanks alone has no
 * other end. */
static size_t trimmed_length(const char *text, size_t len)
{
	while (text[len - 1] == ' ')
		len--;
	return len;
}

static bool split(const char *line, size_t len, struct header *ret_header)
{
	const char *colon = memchr(line, ':', len);
	if (!colon)
		return false;
	size_t name_len = (size_t)(colon - line), value_len = len - name_len - 1;
	if (name_len == 0 || name_len > NAME_MAX_LEN || value_len == 0 || value_len > VALUE_MAX_LEN)
		return false;

	memcpy(ret_header->name, line, name_len);
	ret_header->name[name_len] = '\0';
	value_len = trimmed_length(colon + 1, value_len);
	memcpy(ret_header->value, colon + 1, value_len);
	ret_header->value[value_len] = '\0';
	return true;
}

/* Returns the length of the value, -1 when the bytes are no header line. */
int parse_header(const uint8_t *bytes, size_t len)
{
	struct header header;

	return split((const char *)bytes, len, &header) ? (int)strlen(header.value) : -1;
}
