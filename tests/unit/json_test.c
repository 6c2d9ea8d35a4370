/*
 * Tests of app/base/json: commas, escapes and the words for nothing; and that
 * what it writes, form reads back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/form.h"
#include "base/json.h"

static struct arena *arena;
static struct json json;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	json_open(&json, arena);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static void
commas_stand_between_and_nowhere_else(void **state)
{
	(void)state;
	json_object(&json, NULL);
	json_list(&json, "rooms");
	json_object(&json, NULL);
	json_int(&json, "id", 1);
	json_word(&json, "name", "东厢");
	json_object_end(&json);
	json_object(&json, NULL);
	json_object_end(&json);
	json_list(&json, NULL);
	json_list_end(&json);
	json_int(&json, NULL, 2);
	json_list_end(&json);
	json_object(&json, "guest");
	json_bool(&json, "adult", true);
	json_object_end(&json);
	json_bool(&json, "paid", false);
	json_null(&json, "note");
	json_object_end(&json);
	assert_string_equal(json.out.at,
	    "{\"rooms\":[{\"id\":1,\"name\":\"东厢\"},{},[],2],\"guest\":{\"adult\":true},\"paid\":false,\"note\":null}");
	assert_int_equal(json.out.length, strlen(json.out.at));
}

static void
nothing_is_null(void **state)
{
	(void)state;
	json_list(&json, NULL);
	json_word(&json, NULL, NULL);
	json_word(&json, NULL, "");
	json_date(&json, NULL, (struct date){DATE_NONE});
	json_date(&json, NULL, date_of(2026, 12, 3));
	json_moment(&json, NULL, (struct moment){MOMENT_NEVER});
	json_moment(&json, NULL, (struct moment){MOMENT_NONE});
	json_moment(&json, NULL, (struct moment){0});
	json_int(&json, NULL, INT64_MIN);
	json_int(&json, NULL, INT64_MAX);
	json_list_end(&json);
	assert_string_equal(json.out.at,
	    "[null,\"\",null,\"2026-12-03\",null,null,\"2000-01-01T08:00:00+08:00\","
	    "-9223372036854775808,9223372036854775807]");
}

static void
escapes(void **state)
{
	(void)state;
	json_object(&json, NULL);
	json_word(&json, "a\"b", "\"\\/\b\f\n\r\t\x01\x1f\x7f 沙😀");
	json_object_end(&json);
	assert_string_equal(json.out.at, "{\"a\\\"b\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f 沙😀\"}");
}

static void
form_reads_back_what_was_written(void **state)
{
	struct form form;
	char every[128];

	(void)state;
	for (int byte = 1; byte < 128; byte++)
		every[byte - 1] = (char)byte;
	every[127] = '\0';
	json_object(&json, NULL);
	json_word(&json, "every", every);
	json_int(&json, "id", INT64_C(9007199254740991));
	json_object_end(&json);
	form_open(&form, arena);
	form_read_json(&form, json.out.at, json.out.length);
	assert_false(form.broken);
	assert_string_equal(form_typed(&form, "every"), every);
	assert_int_equal(form_id(&form, "id"), INT64_C(9007199254740991));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(commas_stand_between_and_nowhere_else, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(nothing_is_null, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(escapes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(form_reads_back_what_was_written, set_up, tear_down),
	};

	return (cmocka_run_group_tests_name("json", tests, NULL, NULL));
}
