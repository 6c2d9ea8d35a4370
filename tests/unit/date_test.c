/*
 * Tests of app/base/date: every day of two centuries against a calendar that
 * is counted up day by day, and moments at the edges of days and of time.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)

static const char *
written(struct date date)
{
	static char text[DATE_TEXT];

	memset(text, 'x', sizeof(text));
	date_write(date, text);
	return (text);
}

static const char *
instant(int64_t us)
{
	static char text[MOMENT_TEXT];

	memset(text, 'x', sizeof(text));
	moment_write((struct moment){us}, text);
	return (text);
}

static void
every_day_of_two_centuries(void **state)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int32_t count = 0;
	int weekday = 5;

	(void)state;
	for (int year = 2000; year < 2200; year++) {
		for (int month = 1; month <= 12; month++) {
			int last = lengths[month - 1] +
			    (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0) ? 1 : 0);

			for (int day = 1; day <= last; day++, count++, weekday = (weekday + 1) % 7) {
				struct civil civil = date_civil((struct date){count});
				struct date back = {DATE_NONE};
				char text[32];

				assert_int_equal(civil.year, year);
				assert_int_equal(civil.month, month);
				assert_int_equal(civil.day, day);
				assert_int_equal(civil.weekday, weekday);
				assert_int_equal(civil.minute, 0);
				assert_int_equal(date_of(year, month, day).day, count);
				snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
				assert_string_equal(written((struct date){count}), text);
				assert_true(date_read(text, &back));
				assert_int_equal(back.day, count);
			}
			assert_int_equal(date_of(year, month, last + 1).day, DATE_NONE);
		}
	}
	assert_int_equal(count, 73049);
}

static void
known_days(void **state)
{
	(void)state;
	assert_int_equal(date_of(2000, 1, 1).day, 0);
	assert_int_equal(date_of(1970, 1, 1).day, -10957);
	assert_int_equal(date_of(1999, 12, 31).day, -1);
	assert_int_equal(date_civil(date_of(2026, 12, 3)).weekday, 3);
	assert_int_equal(date_civil(date_of(1900, 3, 1)).weekday, 3);
	assert_string_equal(written(date_of(1900, 2, 28)), "1900-02-28");
	assert_int_equal(date_of(1900, 2, 29).day, DATE_NONE);
	assert_int_equal(date_of(0, 1, 1).day, DATE_NONE);
	assert_int_equal(date_of(2026, 13, 1).day, DATE_NONE);
	assert_int_equal(date_of(2026, 0, 1).day, DATE_NONE);
	assert_int_equal(date_of(2026, 1, 0).day, DATE_NONE);
	assert_string_equal(written(date_of(1, 1, 1)), "0001-01-01");
	assert_string_equal(written(date_of(9999, 12, 31)), "9999-12-31");
}

static void
reads_only_days_that_exist(void **state)
{
	static const char *const good[] = {"2000-01-01", "2199-12-31", "2000-02-29", "2028-02-29", "2026-02-28"};
	static const char *const bad[] = {
	    "2026-02-30",
	    "2026-02-29",
	    "2100-02-29",
	    "2026-04-31",
	    "2026-13-01",
	    "2026-00-10",
	    "2026-01-00",
	    "2026-01-32",
	    "1999-12-31",
	    "2200-01-01",
	    "0000-00-00",
	    "9999-12-31",
	    "",
	    "2026-1-1",
	    "2026-01-1",
	    "2026-01-011",
	    " 2026-01-01",
	    "2026-01-01 ",
	    "2026/01/01",
	    "20260101",
	    "+026-01-01",
	    "2026--1-01",
	    "2026-01--1",
	    "2026-+1-01",
	    "2026- 1-01",
	    "2O26-01-01",
	    "2026-01-01T00:00",
	    "26-01-01",
	    "2026-01:01",
	    "\357\274\222026-01-01",
	    "----------",
	};
	struct date date;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(date_read(good[i], &date));
		assert_string_equal(written(date), good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (date_read(bad[i], &date))
			fail_msg("read %s", bad[i]);
	assert_false(date_read(NULL, &date));
}

static void
nights_are_counted_by_the_calendar(void **state)
{
	struct date eve = date_of(2026, 12, 31), none = {DATE_NONE};

	(void)state;
	assert_int_equal(date_gap(eve, date_of(2027, 1, 2)), 2);
	assert_int_equal(date_gap(date_of(2027, 1, 2), eve), -2);
	assert_int_equal(date_gap(eve, eve), 0);
	assert_int_equal(date_gap(date_of(2028, 2, 28), date_of(2028, 3, 1)), 2);
	assert_string_equal(written(date_add(eve, 1)), "2027-01-01");
	assert_string_equal(written(date_add(date_of(2028, 3, 1), -1)), "2028-02-29");
	assert_int_equal(date_add(none, 1).day, DATE_NONE);
	assert_int_equal(date_gap(none, eve), 0);
	assert_int_equal(date_gap(eve, none), 0);
}

static void
no_number_breaks_the_calendar(void **state)
{
	static const int32_t days[] = {
	    INT32_MAX,
	    INT32_MAX - 1,
	    INT32_MIN + 1,
	    -730486,
	    -730485,
	    -730119,
	    2921939,
	    2921940,
	};
	struct date far = {INT32_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct civil civil = date_civil((struct date){days[i]});

		assert_in_range(civil.month, 1, 12);
		assert_in_range(civil.day, 1, 31);
		assert_in_range(civil.weekday, 0, 6);
		assert_true(strlen(written((struct date){days[i]})) < DATE_TEXT);
	}
	assert_string_equal(written((struct date){DATE_NONE}), "");
	assert_string_equal(written(far), "");
	assert_string_equal(written((struct date){2921940}), ""); /* 10000-01-01 */
	assert_int_equal(date_civil((struct date){DATE_NONE}).month, 0);
	assert_int_equal(date_add(far, 1).day, DATE_NONE);
	assert_int_equal(date_add((struct date){INT32_MIN + 1}, -1).day, DATE_NONE);
	assert_int_equal(date_add((struct date){0}, INT_MIN).day, DATE_NONE);
	assert_int_equal(date_gap((struct date){INT32_MIN + 1}, far), INT_MAX);
	assert_int_equal(date_gap(far, (struct date){INT32_MIN + 1}), INT_MIN);
}

static void
moments_are_said_in_shanghai(void **state)
{
	struct civil civil = moment_civil((struct moment){0});

	(void)state;
	assert_int_equal(civil.year, 2000);
	assert_int_equal(civil.minute, 8 * 60);
	assert_int_equal(civil.weekday, 5);
	assert_string_equal(instant(0), "2000-01-01T08:00:00+08:00");
	/* The day begins at 16:00 of the day before in Greenwich. */
	assert_string_equal(instant(16 * HOUR - 1), "2000-01-01T23:59:59+08:00");
	assert_int_equal(moment_date((struct moment){16 * HOUR - 1}).day, 0);
	assert_string_equal(instant(16 * HOUR), "2000-01-02T00:00:00+08:00");
	assert_int_equal(moment_date((struct moment){16 * HOUR}).day, 1);
	/* Before 2000 time still runs forward. */
	assert_string_equal(instant(-1), "2000-01-01T07:59:59+08:00");
	assert_string_equal(instant(-8 * HOUR - 1), "1999-12-31T23:59:59+08:00");
	assert_int_equal(moment_date((struct moment){-8 * HOUR - 1}).day, -1);
	assert_int_equal(moment_date((struct moment){-8 * HOUR}).day, 0);
	assert_string_equal(
	    instant(DAY * date_of(2026, 12, 1).day + 10 * HOUR + 61 * SECOND), "2026-12-01T18:01:01+08:00");
	civil = moment_civil((struct moment){61 * SECOND});
	assert_int_equal(civil.minute, 8 * 60 + 1);
	assert_int_equal(civil.second, 1);
}

static void
never_and_none_are_no_moments(void **state)
{
	static const int64_t edges[] = {MOMENT_NEVER - 1, MOMENT_NONE + 1};

	(void)state;
	assert_string_equal(instant(MOMENT_NEVER), "");
	assert_string_equal(instant(MOMENT_NONE), "");
	assert_int_equal(moment_date((struct moment){MOMENT_NEVER}).day, DATE_NONE);
	assert_int_equal(moment_date((struct moment){MOMENT_NONE}).day, DATE_NONE);
	assert_int_equal(moment_civil((struct moment){MOMENT_NEVER}).year, 0);
	assert_int_equal(moment_civil((struct moment){MOMENT_NONE}).year, 0);
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		struct civil civil = moment_civil((struct moment){edges[i]});

		assert_in_range(civil.month, 1, 12);
		assert_in_range(civil.minute, 0, 1439);
		assert_string_equal(instant(edges[i]), "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_day_of_two_centuries),
	    cmocka_unit_test(known_days),
	    cmocka_unit_test(reads_only_days_that_exist),
	    cmocka_unit_test(nights_are_counted_by_the_calendar),
	    cmocka_unit_test(no_number_breaks_the_calendar),
	    cmocka_unit_test(moments_are_said_in_shanghai),
	    cmocka_unit_test(never_and_none_are_no_moments),
	};

	return (cmocka_run_group_tests_name("date", tests, NULL, NULL));
}
