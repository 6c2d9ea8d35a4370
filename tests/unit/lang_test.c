/*
 * Tests of app/base/lang, over a small table of texts of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/lang.h"

enum { BRACES, CANCEL, EMPTY, GUEST, NIGHTS };

const struct text text_table[] = {
    {"braces", {{"{ {a {} {a}{a} } {b", NULL}, {"{{a}}", NULL}}},
    {"cancel.free", {{"{until}前免费取消", NULL}, {"Free until {until}", NULL}}},
    {"empty", {{NULL, NULL}, {"", NULL}}},
    {"guest", {{"{name},您好", NULL}, {"Dear {name}", NULL}}},
    {"nights", {{"{n}晚 {total}", NULL}, {"{n} night {total}", "{n} nights {total}"}}},
};
const size_t text_count = sizeof(text_table) / sizeof(text_table[0]);

static struct arena *arena;
static struct buffer out;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	buffer_open(&out, arena, 8);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

/* What was said since the last time. */
static const char *
said(void)
{
	const char *text = arena_copy(arena, out.at, out.length);

	out.length = 0;
	out.at[0] = '\0';
	return (text);
}

static const char *
fen(int64_t amount)
{
	lang_fen(&out, LANG_ZH, amount);
	return (said());
}

static const char *
day(enum lang lang, struct date date, struct date today)
{
	lang_date(&out, lang, date, today);
	return (said());
}

static const char *
moment(enum lang lang, struct moment at, struct date today)
{
	lang_moment(&out, lang, at, today);
	return (said());
}

static struct moment
local(int year, int month, int date, int minute)
{
	return ((struct moment){((int64_t)date_of(year, month, date).day * 1440 + minute - 480) * 60000000});
}

static void
keys_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < text_count; i++)
		assert_int_equal(lang_find(text_table[i].key), (int)i);
	assert_int_equal(lang_find(""), -1);
	assert_int_equal(lang_find("cancel"), -1);
	assert_int_equal(lang_find("cancel.free2"), -1);
	assert_int_equal(lang_find("zzz"), -1);
	assert_int_equal(lang_find(NULL), -1);
}

static void
places_are_filled(void **state)
{
	const struct said name[] = {{"name", SAID_WORD, "<王>{name}", 0}};
	const struct said nobody[] = {{"name", SAID_WORD, NULL, 0}};
	const struct said longer[] = {{"names", SAID_WORD, "x", 0}, {"nam", SAID_WORD, "y", 0}};

	(void)state;
	lang_say(&out, LANG_ZH, GUEST, name, 1);
	assert_string_equal(said(), "<王>{name},您好"); /* not escaped, and not filled twice */
	lang_say(&out, LANG_EN, GUEST, nobody, 1);
	assert_string_equal(said(), "Dear ");
	lang_say(&out, LANG_EN, GUEST, NULL, 0);
	assert_string_equal(said(), "Dear {name}");
	lang_say(&out, LANG_EN, GUEST, longer, 2);
	assert_string_equal(said(), "Dear {name}");
}

static void
odd_braces_stay(void **state)
{
	const struct said a[] = {{"a", SAID_INT, NULL, 5}};

	(void)state;
	lang_say(&out, LANG_ZH, BRACES, a, 1);
	assert_string_equal(said(), "{ {a {} 55 } {b");
	lang_say(&out, LANG_EN, BRACES, a, 1);
	assert_string_equal(said(), "{5}");
}

static void
a_text_that_is_not_there_says_nothing(void **state)
{
	(void)state;
	lang_say(&out, LANG_ZH, -1, NULL, 0);
	lang_say(&out, LANG_ZH, (int)text_count, NULL, 0);
	lang_say(&out, LANG_ZH, EMPTY, NULL, 0);
	lang_say(&out, LANG_EN, EMPTY, NULL, 0);
	assert_string_equal(said(), "");
}

static void
one_and_many(void **state)
{
	struct said args[] = {{"n", SAID_INT, NULL, 1}, {"total", SAID_FEN, NULL, 128000}};

	(void)state;
	lang_say(&out, LANG_EN, NIGHTS, args, 2);
	assert_string_equal(said(), "1 night ¥1,280");
	args[0].number = 2;
	lang_say(&out, LANG_EN, NIGHTS, args, 2);
	assert_string_equal(said(), "2 nights ¥1,280");
	args[0].number = 0;
	lang_say(&out, LANG_EN, NIGHTS, args, 2);
	assert_string_equal(said(), "0 nights ¥1,280");
	lang_say(&out, LANG_ZH, NIGHTS, args, 2);
	assert_string_equal(said(), "0晚 ¥1,280");
	/* Only a number chooses. */
	args[0] = (struct said){"n", SAID_WORD, "3", 3};
	lang_say(&out, LANG_EN, NIGHTS, args, 2);
	assert_string_equal(said(), "3 night ¥1,280");
}

static void
every_kind_of_argument(void **state)
{
	struct said until[] = {{"until", SAID_DATE, NULL, date_of(2026, 12, 3).day}};
	struct date today = date_of(2026, 11, 1);

	(void)state;
	lang_say(&out, LANG_ZH, CANCEL, until, 1);
	assert_string_equal(said(), "2026年12月3日 周四前免费取消");
	lang_say_today(&out, LANG_ZH, CANCEL, until, 1, today);
	assert_string_equal(said(), "12月3日 周四前免费取消");
	until[0] = (struct said){"until", SAID_MOMENT, NULL, local(2026, 12, 1, 1080).us};
	lang_say_today(&out, LANG_EN, CANCEL, until, 1, today);
	assert_string_equal(said(), "Free until Tue 1 Dec, 18:00");
	until[0] = (struct said){"until", SAID_CLOCK, NULL, 840};
	lang_say(&out, LANG_EN, CANCEL, until, 1);
	assert_string_equal(said(), "Free until 14:00");
	until[0] = (struct said){"until", SAID_DATE, NULL, INT64_C(1) << 40};
	lang_say(&out, LANG_EN, CANCEL, until, 1);
	assert_string_equal(said(), "Free until ");
	until[0] = (struct said){"until", SAID_CLOCK, NULL, INT64_MAX};
	lang_say(&out, LANG_EN, CANCEL, until, 1);
	assert_string_equal(said(), "Free until ");
}

static void
money(void **state)
{
	(void)state;
	assert_string_equal(fen(128000), "¥1,280");
	assert_string_equal(fen(128050), "¥1,280.50");
	assert_string_equal(fen(-500), "-¥5");
	assert_string_equal(fen(0), "¥0");
	assert_string_equal(fen(5), "¥0.05");
	assert_string_equal(fen(-5), "-¥0.05");
	assert_string_equal(fen(99900), "¥999");
	assert_string_equal(fen(100000), "¥1,000");
	assert_string_equal(fen(100000000), "¥1,000,000");
	assert_string_equal(fen(INT64_MAX), "¥92,233,720,368,547,758.07");
	assert_string_equal(fen(INT64_MIN), "-¥92,233,720,368,547,758.08");
	lang_fen(&out, LANG_EN, 128000);
	assert_string_equal(said(), "¥1,280");
}

static void
days_as_people_say_them(void **state)
{
	struct date today = date_of(2026, 11, 30), none = {DATE_NONE}, next = date_of(2027, 1, 2);

	(void)state;
	assert_string_equal(day(LANG_ZH, date_of(2026, 12, 3), today), "12月3日 周四");
	assert_string_equal(day(LANG_EN, date_of(2026, 12, 3), today), "Thu 3 Dec");
	assert_string_equal(day(LANG_ZH, next, today), "2027年1月2日 周六");
	assert_string_equal(day(LANG_EN, next, today), "Sat 2 Jan 2027");
	assert_string_equal(day(LANG_ZH, date_of(2025, 12, 28), today), "2025年12月28日 周日");
	assert_string_equal(day(LANG_ZH, date_of(2026, 12, 3), none), "2026年12月3日 周四");
	assert_string_equal(day(LANG_EN, date_of(2026, 11, 30), none), "Mon 30 Nov 2026");
	assert_string_equal(day(LANG_ZH, none, today), "");
}

static void
moments_as_people_say_them(void **state)
{
	struct date today = date_of(2026, 11, 30);

	(void)state;
	assert_string_equal(moment(LANG_ZH, local(2026, 12, 1, 1080), today), "12月1日 周二 18:00");
	assert_string_equal(moment(LANG_EN, local(2026, 12, 1, 1080), today), "Tue 1 Dec, 18:00");
	assert_string_equal(moment(LANG_ZH, local(2027, 1, 1, 0), today), "2027年1月1日 周五 00:00");
	assert_string_equal(moment(LANG_EN, local(2027, 1, 1, 5), today), "Fri 1 Jan 2027, 00:05");
	/* Still last year in Greenwich, but not in the village. */
	assert_string_equal(moment(LANG_ZH, local(2026, 1, 1, 60), today), "1月1日 周四 01:00");
	assert_string_equal(moment(LANG_ZH, (struct moment){MOMENT_NEVER}, today), "");
	assert_string_equal(moment(LANG_EN, (struct moment){MOMENT_NONE}, today), "");
}

static void
clocks(void **state)
{
	static const struct {
		int minute;
		const char *text;
	} cases[] = {
	    {0, "00:00"},
	    {9, "00:09"},
	    {545, "09:05"},
	    {600, "10:00"},
	    {840, "14:00"},
	    {1439, "23:59"},
	    {1440, "24:00"},
	    {-1, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lang_clock(&out, cases[i].minute);
		assert_string_equal(said(), cases[i].text);
	}
}

static void
languages_are_chosen_by_weight(void **state)
{
	static const struct {
		const char *accept;
		enum lang lang;
	} cases[] = {
	    {NULL, LANG_ZH},
	    {"", LANG_ZH},
	    {"en", LANG_EN},
	    {"zh", LANG_ZH},
	    {"en-US,en;q=0.9", LANG_EN},
	    {"zh-CN,zh;q=0.9,en;q=0.8", LANG_ZH},
	    {"en;q=0.8,zh;q=0.9", LANG_ZH},
	    {"zh;q=0.8, en ; q=0.9", LANG_EN},
	    {"en,zh", LANG_EN},
	    {"zh,en", LANG_ZH},
	    {"fr", LANG_ZH},
	    {"fr,de;q=0.9,en;q=0.1", LANG_EN},
	    {"*", LANG_ZH},
	    {"en;q=0", LANG_ZH},
	    {"EN-gb", LANG_EN},
	    {"ZH-hant-TW;q=0.5,EN;q=0.4", LANG_ZH},
	    {"eng", LANG_ZH},
	    {"enough,zh;q=0.1", LANG_ZH},
	    {"en;q=1.001", LANG_ZH},
	    {"en;q=2", LANG_ZH},
	    {"en;q=", LANG_ZH},
	    {"en;q=abc,zh;q=0.1", LANG_ZH},
	    {"en;q=0.001", LANG_EN},
	    {"en;q=0.0001", LANG_ZH},
	    {"en;q=1.000", LANG_EN},
	    {",,;;,=,en", LANG_EN},
	    {"zh;q=0.5,en;q=0.55", LANG_EN},
	    {"en;", LANG_ZH},
	    {"zh;q=0,en;q=0.1", LANG_EN},
	    {";q=1,zh;q=0.2", LANG_ZH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (lang_choose(cases[i].accept) != cases[i].lang)
			fail_msg("chose wrongly for: %s", cases[i].accept);
	assert_string_equal(lang_tag(LANG_ZH), "zh-CN");
	assert_string_equal(lang_tag(LANG_EN), "en");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(keys_are_found, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(places_are_filled, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(odd_braces_stay, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_text_that_is_not_there_says_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(one_and_many, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_kind_of_argument, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(money, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(days_as_people_say_them, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(moments_as_people_say_them, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(clocks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(languages_are_chosen_by_weight, set_up, tear_down),
	};

	return (cmocka_run_group_tests_name("lang", tests, NULL, NULL));
}
