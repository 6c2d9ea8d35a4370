/*
 * Fuzzing of multipart bodies: the first line of the input is the content
 * type, the rest the body; without a first line of that kind the boundary is
 * "b". A value that comes out must stand in the body byte for byte.
 */
#define _GNU_SOURCE 1 /* memmem */

#include "form_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *body = (const char *)data, *type = "multipart/form-data; boundary=b";
	const char *line = size > 0 ? memchr(body, '\n', size) : NULL;
	struct form form;

	if (line != NULL && body[0] == 'm') {
		type = arena_copy(arena, body, (size_t)(line - body));
		size -= (size_t)(line + 1 - body);
		body = line + 1;
	}
	form_open(&form, arena);
	form_read_multipart(&form, type, body, size);
	for (const struct form_field *field = form.first; field != NULL; field = field->next)
		MUST(field->length == 0 || memmem(body, size, field->value, field->length) != NULL);
	check_form(&form, arena);
	arena_free(arena);
	return (0);
}
