/*
 * Fuzzing of app/base/form: any bytes as a query string, and every reader over
 * what came of them. form_fuzz.h holds what must be true of every form.
 */
#include "form_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct form form;

	form_open(&form, arena);
	form_read_query(&form, (const char *)data, size);
	check_form(&form, arena);
	arena_free(arena);
	return (0);
}
