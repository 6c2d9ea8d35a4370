/*
 * Fuzzing of dates: text that is read is written back the same, and no number
 * that a database column can hold breaks the arithmetic.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

#define MUST(what) ((what) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[32] = "", out[MOMENT_TEXT];
	struct date date, later;
	struct moment moment;
	struct civil civil;
	int64_t numbers[2] = {0, 0};

	memcpy(text, data, size < sizeof(text) - 1 ? size : sizeof(text) - 1);
	if (date_read(text, &date)) {
		date_write(date, out);
		MUST(strcmp(text, out) == 0);
		MUST(date.day >= 0 && date.day < 73049);
	}
	memcpy(numbers, data, size < sizeof(numbers) ? size : sizeof(numbers));
	date.day = (int32_t)numbers[1];
	civil = date_civil(date);
	date_write(date, out);
	MUST(strlen(out) == 0 || strlen(out) == DATE_TEXT - 1);
	if (date.day != DATE_NONE) {
		MUST(civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31);
		MUST(civil.weekday >= 0 && civil.weekday <= 6);
		if (out[0] != '\0')
			MUST(date_of(civil.year, civil.month, civil.day).day == date.day);
	}
	later = date_add(date, (int)numbers[0]);
	if (later.day != DATE_NONE && date.day != DATE_NONE)
		MUST(date_gap(date, later) == (int)numbers[0]);
	moment.us = numbers[0];
	civil = moment_civil(moment);
	moment_write(moment, out);
	MUST(strlen(out) == 0 || strlen(out) == MOMENT_TEXT - 1);
	if (moment.us != MOMENT_NEVER && moment.us != MOMENT_NONE) {
		MUST(civil.minute >= 0 && civil.minute < 1440 && civil.second >= 0 && civil.second < 60);
		MUST(date_civil(moment_date(moment)).day == civil.day);
	}
	return (0);
}
