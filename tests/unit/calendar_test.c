/*
 * Tests of app/base/calendar: whatever the length of a text, its lines end in CRLF, fold at 75 bytes, and unfold to what went in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"

static char *
file_with(struct arena *arena, const char *words)
{
	struct calendar_event event = {.uid = "AB12@shawang",
	    .made = {INT64_C(1782000000) * 1000000},
	    .from = date_of(2026, 12, 3),
	    .to = date_of(2026, 12, 5),
	    .summary = "House",
	    .place = "Lane 1",
	    .words = words};

	return (calendar_file(arena, &event));
}

/* Takes the folds out, in place; false when a line is too long or ends otherwise. */
static bool
unfolds(char *text)
{
	char *from = text, *to = text;
	size_t line = 0;

	for (; *from != '\0'; from++) {
		if (*from == '\n')
			return (false);
		if (*from == '\r') {
			if (from[1] != '\n' || line > 75)
				return (false);
			line = 0;
			if (from[2] == ' ') {
				from += 2;
				line = 1;
				continue;
			}
			*to++ = *from++;
			*to++ = *from;
			continue;
		}
		line++;
		*to++ = *from;
	}
	*to = '\0';
	return (true);
}

static void
every_length(void **state)
{
	(void)state;
	for (int wide = 0; wide < 2; wide++)
		for (size_t length = 1; length < 160; length++) {
			struct arena *arena = arena_new();
			char words[512] = "", wanted[640], *text;

			for (size_t i = 0, at = 0; i < length; i++)
				at += (size_t)snprintf(words + at, sizeof(words) - at, "%s", wide ? "村" : "a");
			text = file_with(arena, words);
			assert_true(unfolds(text));
			(void)snprintf(wanted, sizeof(wanted), "\r\nDESCRIPTION:%s\r\n", words);
			assert_non_null(strstr(text, wanted));
			arena_free(arena);
		}
}

static void
says_days_and_state(void **state)
{
	struct arena *arena = arena_new();
	char *text = file_with(arena, "one, two; three\nfour");

	(void)state;
	assert_true(unfolds(text));
	assert_non_null(strstr(text, "\r\nDTSTART;VALUE=DATE:20261203\r\n"));
	assert_non_null(strstr(text, "\r\nDTEND;VALUE=DATE:20261205\r\n"));
	assert_non_null(strstr(text, "\r\nDESCRIPTION:one\\, two\\; three\\nfour\r\n"));
	assert_non_null(strstr(text, "\r\nSTATUS:CONFIRMED\r\n"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_length), cmocka_unit_test(says_days_and_state)};

	return (cmocka_run_group_tests_name("calendar", tests, NULL, NULL));
}
