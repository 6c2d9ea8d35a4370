/*
 * Calendar: a stay as a file a phone's calendar takes (RFC 5545, by libical).
 */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>

#include "arena.h"
#include "date.h"

struct calendar_event {
	const char	*uid;
	struct moment	 made;
	struct date	 from, to;		/* whole days; to is exclusive, as the file says it, too */
	const char	*summary, *place, *words;
	bool		 cancelled;
};

/* The file's text, lines ended by CRLF. */
char	*calendar_file(struct arena *, const struct calendar_event *);

#endif
