/*
 * Dates and moments: the arithmetic of the Gregorian calendar. How people say
 * a date is lang's business, what day it is today the database's.
 */
#include <string.h>

#include "date.h"

#define DAYS_400_YEARS 146097
#define DAYS_CENTURY 36524 /* the fourth has one more */
#define DAYS_4_YEARS 1461 /* the last of a century has one fewer */
#define DAYS_YEAR 365
#define DAYS_TO_MARCH 60 /* from 2000-01-01 to 2000-03-01 */
#define SATURDAY 5 /* of 2000-01-01 */
#define SECONDS_EAST (8 * 3600) /* Asia/Shanghai */

static int64_t
floor_divide(int64_t number, int64_t by)
{
	return (number / by - (number % by < 0 ? 1 : 0));
}

static bool
leap(int year)
{
	return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static int
days_of_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return (days[month - 1] + (month == 2 && leap(year) ? 1 : 0));
}

/* Years are counted from March here, so that the leap day is the last of its year and shifts no month. */
static struct civil
reckon(struct date date)
{
	struct civil civil = {0};
	int64_t since, cycle;
	int rest, century, four, year, month;

	since = (int64_t)date.day - DAYS_TO_MARCH;
	cycle = floor_divide(since, DAYS_400_YEARS);
	rest = (int)(since - cycle * DAYS_400_YEARS);
	century = rest / DAYS_CENTURY;
	if (century > 3)
		century = 3;
	rest -= century * DAYS_CENTURY;
	four = rest / DAYS_4_YEARS;
	rest -= four * DAYS_4_YEARS;
	year = rest / DAYS_YEAR;
	if (year > 3)
		year = 3;
	rest -= year * DAYS_YEAR;
	/* Five months from March or August have 153 days: 31 30 31 30 31. */
	month = (5 * rest + 2) / 153;
	civil.day = rest - (153 * month + 2) / 5 + 1;
	civil.month = month < 10 ? month + 3 : month - 9;
	civil.year = (int)(2000 + 400 * cycle + 100 * century + 4 * four + year + (month < 10 ? 0 : 1));
	civil.weekday = (int)((int64_t)date.day + SATURDAY - 7 * floor_divide((int64_t)date.day + SATURDAY, 7));
	return (civil);
}

/* A page says the same few hundred days a thousand times over: the last ones reckoned are kept. */
#define DAYS_KEPT 1024

struct civil
date_civil(struct date date)
{
	static _Thread_local struct {
		struct date day;
		struct civil civil;
	} kept[DAYS_KEPT];
	size_t at = (uint32_t)date.day % DAYS_KEPT;

	if (date.day == DATE_NONE)
		return ((struct civil){0});
	/* Empty at first: as if it were the day 0 everywhere, which only place 0 may hold. */
	if (kept[at].day.day != date.day || kept[at].civil.month == 0) {
		kept[at].day = date;
		kept[at].civil = reckon(date);
	}
	return (kept[at].civil);
}

struct date
date_of(int year, int month, int day)
{
	const struct date none = {DATE_NONE};
	int64_t from_march, days;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
		return (none);
	from_march = (int64_t)year - 2000 - (month < 3 ? 1 : 0);
	month = month < 3 ? month + 9 : month - 3;
	days = from_march * DAYS_YEAR + floor_divide(from_march, 4) - floor_divide(from_march, 100) +
	    floor_divide(from_march, 400);
	days += (153 * month + 2) / 5 + day - 1 + DAYS_TO_MARCH;
	return ((struct date){(int32_t)days});
}

struct date
date_add(struct date date, int days)
{
	int64_t sum = (int64_t)date.day + days;

	if (date.day == DATE_NONE || sum > INT32_MAX || sum <= INT32_MIN)
		return ((struct date){DATE_NONE});
	return ((struct date){(int32_t)sum});
}

int
date_gap(struct date from, struct date to)
{
	int64_t gap = (int64_t)to.day - from.day;

	if (from.day == DATE_NONE || to.day == DATE_NONE)
		return (0);
	return (gap > INT32_MAX ? INT32_MAX : gap < INT32_MIN ? INT32_MIN : (int)gap);
}

/* Two digits, or -1. */
static int
two(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return (-1);
	return ((text[0] - '0') * 10 + text[1] - '0');
}

bool
date_read(const char *text, struct date *date)
{
	int century, year, month, day;

	if (text == NULL || strlen(text) != DATE_TEXT - 1 || text[4] != '-' || text[7] != '-')
		return (false);
	century = two(text);
	year = two(text + 2);
	month = two(text + 5);
	day = two(text + 8);
	if ((century != 20 && century != 21) || year < 0 || month < 0 || day < 0)
		return (false);
	*date = date_of(century * 100 + year, month, day);
	return (date->day != DATE_NONE);
}

/* Exactly `width` digits of a number that has no more than them. */
static char *
digits(char *at, int number, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		at[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return (at + width);
}

static char *
write_day(char *at, const struct civil *civil)
{
	at = digits(at, civil->year, 4);
	*at++ = '-';
	at = digits(at, civil->month, 2);
	*at++ = '-';
	return (digits(at, civil->day, 2));
}

void
date_write(struct date date, char out[DATE_TEXT])
{
	struct civil civil = date_civil(date);

	if (date.day != DATE_NONE && civil.year >= 1 && civil.year <= 9999)
		out = write_day(out, &civil);
	*out = '\0';
}

static bool
moment_real(struct moment moment)
{
	return (moment.us != MOMENT_NEVER && moment.us != MOMENT_NONE);
}

struct civil
moment_civil(struct moment moment)
{
	struct civil civil = {0};
	int64_t seconds, day;

	if (!moment_real(moment))
		return (civil);
	seconds = floor_divide(moment.us, 1000000) + SECONDS_EAST;
	day = floor_divide(seconds, 86400);
	civil = date_civil((struct date){(int32_t)day});
	seconds -= day * 86400;
	civil.minute = (int)(seconds / 60);
	civil.second = (int)(seconds % 60);
	return (civil);
}

struct date
moment_date(struct moment moment)
{
	if (!moment_real(moment))
		return ((struct date){DATE_NONE});
	return ((struct date){(int32_t)floor_divide(floor_divide(moment.us, 1000000) + SECONDS_EAST, 86400)});
}

void
moment_write(struct moment moment, char out[MOMENT_TEXT])
{
	struct civil civil = moment_civil(moment);

	if (moment_real(moment) && civil.year >= 1 && civil.year <= 9999) {
		out = write_day(out, &civil);
		*out++ = 'T';
		out = digits(out, civil.minute / 60, 2);
		*out++ = ':';
		out = digits(out, civil.minute % 60, 2);
		*out++ = ':';
		out = digits(out, civil.second, 2);
		memcpy(out, "+08:00", 6);
		out += 6;
	}
	*out = '\0';
}
