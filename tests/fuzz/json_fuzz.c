/*
 * Fuzzing of JSON, in and out: any bytes as a document; a document that is
 * taken must have as many values as json-c counts in it, and what the writer
 * makes of them must be read back the same.
 */
/* json-c has types named as two functions of our writer; in this file they go by other names. */
#define json_object json_c_object
#define json_bool json_c_bool
#include <json-c/json_object.h>
#include <json-c/json_object_iterator.h>
#include <json-c/json_tokener.h>
#undef json_object
#undef json_bool

#include "base/json.h"
#include "form_fuzz.h"

static size_t
values_of(struct json_c_object *node)
{
	size_t count = 0;

	if (json_object_is_type(node, json_type_object)) {
		struct json_object_iterator at = json_object_iter_begin(node), end = json_object_iter_end(node);

		for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
			count += values_of(json_object_iter_peek_value(&at));
	} else if (json_object_is_type(node, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(node); i++)
			count += values_of(json_object_array_get_idx(node, i));
	} else {
		count = 1;
	}
	return (count);
}

static char *
written_again(const struct form *form, struct arena *arena, size_t *length)
{
	struct json json;

	json_open(&json, arena);
	json_object(&json, NULL);
	json_list(&json, "v");
	for (const struct form_field *field = form->first; field != NULL; field = field->next)
		json_word(&json, NULL, field->value);
	json_list_end(&json);
	json_object_end(&json);
	*length = json.out.length;
	return (json.out.at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct form form, again;
	const struct form_field *other;
	size_t length;
	char *text;

	form_open(&form, arena);
	form_read_json(&form, (const char *)data, size);
	MUST(form.broken == (form.fault != NULL));
	if (!form.broken) {
		struct json_c_object *document = json_tokener_parse(arena_copy(arena, (const char *)data, size));

		MUST(document != NULL && values_of(document) == form.count);
		json_object_put(document);
	}
	text = written_again(&form, arena, &length);
	form_open(&again, arena);
	form_read_json(&again, text, length);
	MUST(!again.broken);
	other = again.first;
	for (const struct form_field *field = form.first; field != NULL; field = field->next, other = other->next)
		MUST(other != NULL && strcmp(field->value, other->value) == 0);
	MUST(other == NULL);
	check_form(&form, arena);
	arena_free(arena);
	return (0);
}
