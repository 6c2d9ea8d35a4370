/*
 * JSON writer: RFC 8259. What is said and in which order is the caller's
 * business; text is UTF-8 already, as the database and form promise.
 */
#include <stdio.h>
#include <string.h>

#include "json.h"

#define JSON_ROOM ((size_t)4 * 1024)

void
json_open(struct json *json, struct arena *arena)
{
	buffer_open(&json->out, arena, JSON_ROOM);
	json->comma = false;
}

static void
quoted(struct buffer *out, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	const char *from = text;

	buffer_add(out, "\"", 1);
	for (;; text++) {
		unsigned char byte = (unsigned char)*text;
		char unit[6] = {'\\', 'u', '0', '0', 0, 0};

		if (byte >= 0x20 && byte != '"' && byte != '\\')
			continue;
		buffer_add(out, from, (size_t)(text - from));
		if (byte == '\0')
			break;
		from = text + 1;
		switch (byte) {
		case '"':
		case '\\':
			unit[1] = (char)byte;
			buffer_add(out, unit, 2);
			break;
		case '\n': buffer_add(out, "\\n", 2); break;
		case '\r': buffer_add(out, "\\r", 2); break;
		case '\t': buffer_add(out, "\\t", 2); break;
		default:
			unit[4] = digits[byte >> 4];
			unit[5] = digits[byte & 15];
			buffer_add(out, unit, sizeof(unit));
		}
	}
	buffer_add(out, "\"", 1);
}

/* What stands in front of every value: the comma it needs and its name. */
static struct buffer *
before(struct json *json, const char *name)
{
	if (json->comma)
		buffer_add(&json->out, ",", 1);
	json->comma = true;
	if (name != NULL) {
		quoted(&json->out, name);
		buffer_add(&json->out, ":", 1);
	}
	return (&json->out);
}

void
json_object(struct json *json, const char *name)
{
	buffer_add(before(json, name), "{", 1);
	json->comma = false;
}

void
json_object_end(struct json *json)
{
	buffer_add(&json->out, "}", 1);
	json->comma = true;
}

void
json_list(struct json *json, const char *name)
{
	buffer_add(before(json, name), "[", 1);
	json->comma = false;
}

void
json_list_end(struct json *json)
{
	buffer_add(&json->out, "]", 1);
	json->comma = true;
}

void
json_null(struct json *json, const char *name)
{
	buffer_add(before(json, name), "null", 4);
}

void
json_word(struct json *json, const char *name, const char *value)
{
	if (value == NULL)
		json_null(json, name);
	else
		quoted(before(json, name), value);
}

void
json_int(struct json *json, const char *name, int64_t number)
{
	buffer_int(before(json, name), number);
}

void
json_degrees(struct json *json, const char *name, int32_t millionths)
{
	char text[16];
	int64_t size = millionths < 0 ? -(int64_t)millionths : millionths;

	(void)snprintf(
	    text, sizeof(text), "%s%d.%06d", millionths < 0 ? "-" : "", (int)(size / 1000000), (int)(size % 1000000));
	buffer_word(before(json, name), text);
}

void
json_bool(struct json *json, const char *name, bool yes)
{
	buffer_word(before(json, name), yes ? "true" : "false");
}

void
json_date(struct json *json, const char *name, struct date date)
{
	char text[DATE_TEXT];

	date_write(date, text);
	json_word(json, name, text[0] == '\0' ? NULL : text);
}

void
json_moment(struct json *json, const char *name, struct moment moment)
{
	char text[MOMENT_TEXT];

	moment_write(moment, text);
	json_word(json, name, text[0] == '\0' ? NULL : text);
}
