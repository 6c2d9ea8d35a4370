/*
 * Dates and moments, without a clock and without the machine's time zone.
 *
 * A night is a calendar date, never milliseconds. Both types count from
 * 2000-01-01 like PostgreSQL's binary format, so a value read from the
 * database is used as it is. Local time is Asia/Shanghai: UTC+8, without summer
 * time since 1991.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date {
	int32_t	day;		/* days since 2000-01-01; DATE_NONE: no date */
};
struct moment {
	int64_t	us;		/* microseconds since 2000-01-01T00:00Z; MOMENT_NEVER: infinity */
};
struct civil {
	int	year, month, day;
	int	weekday;	/* 0 Monday … 6 Sunday */
	int	minute;		/* of the day, 0 when made from a date */
	int	second;
};

#define DATE_NONE	INT32_MIN
#define MOMENT_NEVER	INT64_MAX
#define MOMENT_NONE	INT64_MIN

#define DATE_TEXT	11	/* YYYY-MM-DD and NUL */
#define MOMENT_TEXT	26	/* YYYY-MM-DDTHH:MM:SS+08:00 and NUL */

/* Exactly YYYY-MM-DD, a day that exists, years 2000 to 2199; else false. */
bool		 date_read(const char *, struct date *);
/* The writers leave "" where there is no date or moment, or none of the years 1 to 9999. */
void		 date_write(struct date, char out[DATE_TEXT]);
struct civil	 date_civil(struct date);			/* all zero for DATE_NONE */
struct date	 date_of(int year, int month, int day);		/* DATE_NONE for a day that does not exist */
struct date	 date_add(struct date, int days);		/* DATE_NONE stays */
int		 date_gap(struct date from, struct date to);	/* nights between; 0 when either is no date */

struct civil	 moment_civil(struct moment);			/* in Asia/Shanghai; all zero for never and none */
struct date	 moment_date(struct moment);
void		 moment_write(struct moment, char out[MOMENT_TEXT]);

#endif
