/*
 * One event as a calendar file. See calendar.h.
 */
#include <libical/ical.h>

#include <stdlib.h>
#include <string.h>

#include "calendar.h"

static struct icaltimetype
whole_day(struct date day)
{
	struct civil c = date_civil(day);
	struct icaltimetype out = icaltime_null_date();

	out.year = c.year;
	out.month = c.month;
	out.day = c.day;
	return (out);
}

static struct icaltimetype
in_utc(struct moment at)
{
	/* moment_civil speaks of the village's time, eight hours ahead. */
	struct civil c = moment_civil((struct moment){at.us - INT64_C(8) * 3600 * 1000000});
	struct icaltimetype out = icaltime_null_time();

	out.year = c.year;
	out.month = c.month;
	out.day = c.day;
	out.hour = c.minute / 60;
	out.minute = c.minute % 60;
	out.second = c.second;
	out.zone = icaltimezone_get_utc_timezone();
	return (out);
}

/* libical may fold a line within its own end when that falls on the last place: CR, CRLF blank, LF. Put together again in place. */
static void
mend_folds(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		if (strncmp(from, "\r\r\n \n", 5) == 0) {
			*to++ = '\r';
			from += 4; /* the LF goes over below */
		}
		*to++ = *from++;
	}
	*to = '\0';
}

char *
calendar_file(struct arena *arena, const struct calendar_event *event)
{
	icalcomponent *file, *entry;
	char *text, *out;

	entry = icalcomponent_vanew(ICAL_VEVENT_COMPONENT, icalproperty_new_uid(event->uid),
	    icalproperty_new_dtstamp(in_utc(event->made)), icalproperty_new_dtstart(whole_day(event->from)),
	    icalproperty_new_dtend(whole_day(event->to)), icalproperty_new_summary(event->summary),
	    icalproperty_new_location(event->place), icalproperty_new_description(event->words),
	    icalproperty_new_status(event->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED), (void *)0);
	file = icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
	    icalproperty_new_prodid("-//shawang//stay//EN"), entry, (void *)0);
	text = icalcomponent_as_ical_string_r(file);
	mend_folds(text);
	out = arena_copy(arena, text, strlen(text));
	free(text);
	icalcomponent_free(file);
	return (out);
}
