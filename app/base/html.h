/*
 * HTML writer: what compiled templates call. Everything a visitor or the
 * database said goes through html_word, which escapes; html_raw is for the
 * literal text of templates only, and only generated code calls it.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "arena.h"
#include "date.h"
#include "lang.h"

struct html {
	struct buffer	 out;
	enum lang	 lang;
	struct date	 today;		/* for dates said without their year */
};

void	html_open(struct html *, struct arena *, enum lang, struct date today);
static inline void
html_raw(struct html *html, const char *text, size_t length)
{
	buffer_add(&html->out, text, length);
}
void	html_word(struct html *, const char *);		/* escaped & < > " ' ; NULL writes nothing */
void	html_url(struct html *, const char *);		/* one path segment or query value, RFC 3986 unreserved kept */
void	html_url_add(struct buffer *, const char *);		/* the same where there is no page */
void	html_int(struct html *, int64_t);
void	html_fen(struct html *, int64_t fen);
void	html_date(struct html *, struct date);		/* as people say it */
void	html_iso(struct html *, struct date);		/* YYYY-MM-DD */
void	html_moment(struct html *, struct moment);
void	html_instant(struct html *, struct moment);	/* ISO 8601 with +08:00, for datetime= */
void	html_clock(struct html *, int minute);
void	html_say(struct html *, int text, const struct said *, size_t count);

#endif
