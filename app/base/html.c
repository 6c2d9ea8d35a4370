/*
 * HTML writer: puts words into a page so that they stay words. Which words,
 * and where on the page they stand, is the templates' business.
 */
#include <stdbool.h>
#include <string.h>

#include "html.h"

#define HTML_ROOM ((size_t)60 * 1024) /* most pages fit, and none is copied while it grows */

void
html_open(struct html *html, struct arena *arena, enum lang lang, struct date today)
{
	buffer_open(&html->out, arena, HTML_ROOM);
	html->lang = lang;
	html->today = today;
}

/* What stands for a byte, by the place the byte has in the table: 0 means the byte itself. */
static const char *const escapes[] = {NULL, "&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
static const unsigned char escape_of[256] = {
    ['&'] = 1,
    ['<'] = 2,
    ['>'] = 3,
    ['"'] = 4,
    ['\''] = 5,
};

static void
escape(struct buffer *out, const char *text, size_t length)
{
	size_t from = 0, at;

	for (at = 0; at < length; at++) {
		unsigned char which = escape_of[(unsigned char)text[at]];

		if (which == 0)
			continue;
		buffer_add(out, text + from, at - from);
		buffer_word(out, escapes[which]);
		from = at + 1;
	}
	buffer_add(out, text + from, length - from);
}

void
html_word(struct html *html, const char *word)
{
	if (word != NULL)
		escape(&html->out, word, strlen(word));
}

void
html_url(struct html *html, const char *word)
{
	html_url_add(&html->out, word);
}

/* RFC 3986's unreserved ones. */
static bool
is_unreserved(unsigned char byte)
{
	unsigned char letter = byte | 0x20;

	return ((letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' ||
	    byte == '_' || byte == '~');
}

void
html_url_add(struct buffer *out, const char *word)
{
	static const char digits[] = "0123456789ABCDEF";

	/* Most words need no escape at all: as many bytes as go unchanged are copied at once. */
	while (word != NULL && *word != '\0') {
		size_t plain = 0;

		while (is_unreserved((unsigned char)word[plain]))
			plain++;
		buffer_add(out, word, plain);
		word += plain;
		if (*word != '\0') {
			char escaped[3] = {'%', digits[(unsigned char)*word >> 4], digits[(unsigned char)*word & 15]};

			buffer_add(out, escaped, 3);
			word++;
		}
	}
}

void
html_int(struct html *html, int64_t number)
{
	buffer_int(&html->out, number);
}

void
html_fen(struct html *html, int64_t fen)
{
	lang_fen(&html->out, html->lang, fen);
}

void
html_date(struct html *html, struct date date)
{
	lang_date(&html->out, html->lang, date, html->today);
}

void
html_iso(struct html *html, struct date date)
{
	char text[DATE_TEXT];

	date_write(date, text);
	buffer_word(&html->out, text);
}

void
html_moment(struct html *html, struct moment moment)
{
	lang_moment(&html->out, html->lang, moment, html->today);
}

void
html_instant(struct html *html, struct moment moment)
{
	char text[MOMENT_TEXT];

	moment_write(moment, text);
	buffer_word(&html->out, text);
}

void
html_clock(struct html *html, int minute)
{
	lang_clock(&html->out, minute);
}

/*
 * Said straight into the page; only when something in it needs escaping, which
 * is rare, is it taken out again and written a second time.
 */
void
html_say(struct html *html, int text, const struct said *said, size_t count)
{
	struct buffer *out = &html->out;
	size_t from = out->length, at, length;
	const char *plain;

	lang_say_today(out, html->lang, text, said, count, html->today);
	for (at = from; at < out->length; at++)
		if (escape_of[(unsigned char)out->at[at]] != 0)
			break;
	if (at == out->length)
		return;
	length = out->length - at;
	plain = arena_copy(out->arena, out->at + at, length);
	out->length = at;
	escape(out, plain, length);
}
