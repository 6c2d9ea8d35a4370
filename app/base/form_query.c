/*
 * Form, the query string and the body of an ordinary page
 * (application/x-www-form-urlencoded): pairs, plus signs and percent escapes.
 * What is text and how many fields there may be is form_read.c's business.
 */
#include <string.h>

#include "form_read.h"

/* False for a percent sign without two hex digits. */
static bool
percent_decode(struct arena *arena, struct slice from, char **text, size_t *length)
{
	const char *at = from.at, *end = from.at + from.length;
	char *to = arena_copy(arena, from.at, from.length);

	*text = to;
	while (at < end) {
		char byte = *at++;

		if (byte == '+') {
			byte = ' ';
		} else if (byte == '%') {
			int high = end - at >= 2 ? form_hex(at[0]) : -1, low = high >= 0 ? form_hex(at[1]) : -1;

			if (low < 0)
				return (false);
			byte = (char)(high * 16 + low);
			at += 2;
		}
		*to++ = byte;
	}
	*to = '\0';
	*length = (size_t)(to - *text);
	return (true);
}

static bool
read_pair(struct form *form, struct slice pair)
{
	const char *equals = memchr(pair.at, '=', pair.length);
	struct slice name = pair, value = {"", 0};
	char *text;
	size_t length;
	const char *decoded;

	if (!form_count_sent(form))
		return (false);
	if (equals != NULL) {
		name.length = (size_t)(equals - pair.at);
		value.at = equals + 1;
		value.length = pair.length - name.length - 1;
	}
	if (!percent_decode(form->arena, name, &text, &length)) {
		form_refuse_bytes(form, "", "form.bytes");
		return (true);
	}
	if (!form_take_name(form, text, length))
		return (true);
	decoded = text;
	if (!percent_decode(form->arena, value, &text, &length))
		form_refuse_bytes(form, decoded, "form.bytes");
	else
		form_take(form, decoded, text, length, FORM_WORD);
	return (true);
}

void
form_read_query(struct form *form, const char *text, size_t length)
{
	const char *at = text, *end = length > 0 ? text + length : text;

	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		if (stop > at && !read_pair(form, (struct slice){at, (size_t)(stop - at)}))
			return;
		at = stop < end ? stop + 1 : end;
	}
}
