/*
 * Form, a JSON document: RFC 8259, flattened into fields. Which fields there
 * must be, and of which type, is asked later, in form.c.
 *
 * Two readers look at a document. This one names the field a fault stands in,
 * keeps numbers as sent and sees a key that comes twice; json-c, which drops
 * all three and lets NaN, single quotes and stray UTF-8 pass, must agree
 * afterwards. What either refuses is refused.
 */
#include <json-c/json_object.h>
#include <json-c/json_tokener.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "form_read.h"

struct scan {
	struct form *form;
	const char *at;
	const char *end;
	size_t keys;
};

struct key {
	const char *name;
	struct key *next;
};

static bool scan_value(struct scan *, const char *name, size_t depth, bool in_list);

static void
scan_blanks(struct scan *scan)
{
	while (scan->at < scan->end && (form_is_blank(*scan->at) || *scan->at == '\n' || *scan->at == '\r'))
		scan->at++;
}

static bool
scan_mark(struct scan *scan, char mark)
{
	scan_blanks(scan);
	if (scan->at == scan->end || *scan->at != mark)
		return (false);
	scan->at++;
	return (true);
}

static int
scan_four(struct scan *scan)
{
	int unit = 0;

	if (scan->end - scan->at < 4)
		return (-1);
	for (int i = 0; i < 4; i++) {
		int digit = form_hex(*scan->at++);

		if (digit < 0)
			return (-1);
		unit = unit * 16 + digit;
	}
	return (unit);
}

static char *
put_code_point(char *to, int point)
{
	if (point < 0x80) {
		*to++ = (char)point;
		return (to);
	}
	if (point < 0x800) {
		*to++ = (char)(0xc0 | point >> 6);
	} else {
		if (point < 0x10000) {
			*to++ = (char)(0xe0 | point >> 12);
		} else {
			*to++ = (char)(0xf0 | point >> 18);
			*to++ = (char)(0x80 | (point >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (point >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (point & 0x3f));
	return (to);
}

/* What follows \u. A half surrogate becomes three bytes that form_is_text refuses, so its field gets the blame. */
static char *
scan_unicode(struct scan *scan, char *to)
{
	int point = scan_four(scan), low;
	const char *mark = scan->at;

	if (point < 0)
		return (NULL);
	if (point >= 0xd800 && point <= 0xdbff && scan->end - mark >= 6 && mark[0] == '\\' && mark[1] == 'u') {
		scan->at += 2;
		low = scan_four(scan);
		if (low >= 0xdc00 && low <= 0xdfff)
			point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
		else
			scan->at = mark;
	}
	return (put_code_point(to, point));
}

/* A string from behind its first quote. No escape is shorter than what it stands for. */
static bool
scan_string(struct scan *scan, const char **text, size_t *length)
{
	static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *from = scan->at, *found;
	char *to, *start;

	while (scan->at < scan->end && *scan->at != '"')
		scan->at += *scan->at == '\\' && scan->end - scan->at >= 2 ? 2 : 1;
	if (scan->at == scan->end)
		return (false);
	*text = start = to = arena_take(scan->form->arena, (size_t)(scan->at - from) + 1);
	scan->at = from;
	while (*scan->at != '"') {
		char byte = *scan->at++;

		/* A raw NUL goes through to form_is_text, which blames the field; the other controls are no JSON. */
		if ((unsigned char)byte < 0x20 && byte != '\0')
			return (false);
		if (byte != '\\') {
			*to++ = byte;
		} else if (*scan->at == 'u') {
			scan->at++;
			if ((to = scan_unicode(scan, to)) == NULL)
				return (false);
		} else {
			found = *scan->at != '\0' ? strchr(escapes, *scan->at) : NULL;
			if (found == NULL)
				return (false);
			*to++ = meant[found - escapes];
			scan->at++;
		}
	}
	scan->at++;
	*length = (size_t)(to - start);
	return (true);
}

static bool
scan_digits(struct scan *scan)
{
	const char *from = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return (scan->at > from);
}

static bool
scan_number(struct scan *scan, const char *name)
{
	struct slice text = {scan->at, 0};
	struct form_field *field;
	bool whole = true;
	int64_t number;

	if (*scan->at == '-')
		scan->at++;
	if (scan->at < scan->end && *scan->at == '0')
		scan->at++;
	else if (!scan_digits(scan))
		return (false);
	if (scan->at < scan->end && *scan->at == '.') {
		scan->at++;
		whole = false;
		if (!scan_digits(scan))
			return (false);
	}
	if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E')) {
		scan->at++;
		whole = false;
		if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
			scan->at++;
		if (!scan_digits(scan))
			return (false);
	}
	text.length = (size_t)(scan->at - text.at);
	if (!form_count_sent(scan->form))
		return (false);
	if (whole && !form_whole_number(text, &number)) {
		form_refuse_bytes(scan->form, name, "form.range");
		return (true);
	}
	field =
	    form_take(scan->form, name, arena_copy(scan->form->arena, text.at, text.length), text.length, FORM_NUMBER);
	if (field != NULL)
		field->json = true;
	return (true);
}

static bool
scan_word(struct scan *scan, const char *name)
{
	struct form_field *field;
	const char *text;
	size_t length;

	scan->at++;
	if (!scan_string(scan, &text, &length) || !form_count_sent(scan->form))
		return (false);
	field = form_take(scan->form, name, text, length, FORM_WORD);
	if (field != NULL)
		field->json = true;
	return (true);
}

static bool
scan_literal(struct scan *scan, const char *name)
{
	static const struct {
		const char *text;
		const char *value;
		enum form_type type;
	} literals[] = {{"true", "true", FORM_BOOL}, {"false", "false", FORM_BOOL}, {"null", "", FORM_WORD}};
	struct form_field *field;

	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		size_t length = strlen(literals[i].text);

		if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, literals[i].text, length) != 0)
			continue;
		scan->at += length;
		if (!form_count_sent(scan->form))
			return (false);
		field = form_take(scan->form, name, literals[i].value, strlen(literals[i].value), literals[i].type);
		if (field != NULL)
			field->json = true;
		return (true);
	}
	return (false);
}

/* The name of a field inside another; NULL, and blamed on where it stands, when it will not do. */
static const char *
join_name(struct form *form, const char *outer, const char *key, size_t length)
{
	const char *joined = key;

	if (!form_is_text(key, length)) {
		form_refuse_bytes(form, outer != NULL ? outer : "", "form.bytes");
		return (NULL);
	}
	if (outer != NULL) {
		if (length > FORM_NAME_MOST) {
			form_refuse_bytes(form, "", "form.long");
			return (NULL);
		}
		joined = arena_format(form->arena, "%s.%s", outer, key);
		length = strlen(joined);
	}
	return (form_take_name(form, joined, length) ? joined : NULL);
}

static bool
scan_object(struct scan *scan, const char *name, size_t depth)
{
	struct form *form = scan->form;
	struct key *keys = NULL, *key;
	const char *inner, *text;
	size_t length;

	if (scan_mark(scan, '}'))
		return (true);
	do {
		if (!scan_mark(scan, '"') || !scan_string(scan, &text, &length))
			return (false);
		/* Every key is compared with its sisters, so even those without a value must end somewhere. */
		if (++scan->keys > FORM_FIELDS_MOST) {
			form_refuse_bytes(form, "", "form.too_many");
			return (false);
		}
		inner = join_name(form, name, text, length);
		if (inner == NULL)
			return (false);
		for (key = keys; key != NULL; key = key->next)
			if (strcmp(key->name, inner) == 0)
				form_refuse_bytes(form, inner, "form.repeated");
		key = arena_take(form->arena, sizeof(*key));
		key->name = inner;
		key->next = keys;
		keys = key;
		if (!scan_mark(scan, ':') || !scan_value(scan, inner, depth, false))
			return (false);
	} while (scan_mark(scan, ','));
	return (scan_mark(scan, '}'));
}

static bool
scan_list(struct scan *scan, const char *name, size_t depth)
{
	if (scan_mark(scan, ']'))
		return (true);
	do {
		if (!scan_value(scan, name, depth, true))
			return (false);
	} while (scan_mark(scan, ','));
	return (scan_mark(scan, ']'));
}

/* False when the document goes no further; the caller says form.json if nothing better was said. */
static bool
scan_value(struct scan *scan, const char *name, size_t depth, bool in_list)
{
	scan_blanks(scan);
	if (scan->at == scan->end)
		return (false);
	switch (*scan->at) {
	case '"': return (scan_word(scan, name));
	case '[':
		if (in_list) {
			/* Flattened, nobody could tell any more which value was whose. */
			form_refuse_bytes(scan->form, name, "form.word");
			return (false);
		}
		/* FALLTHROUGH */
	case '{':
		if (depth == FORM_DEPTH_MOST)
			return (false);
		return (*scan->at++ == '{' ? scan_object(scan, name, depth + 1) : scan_list(scan, name, depth + 1));
	case 't':
	case 'f':
	case 'n': return (scan_literal(scan, name));
	default: return (scan_number(scan, name));
	}
}

/* json-c's opinion of the whole document. */
static bool
second_opinion(const char *body, size_t length)
{
	/* It counts the values inside the innermost container as a level too. */
	struct json_tokener *tokener = json_tokener_new_ex(FORM_DEPTH_MOST + 1);
	struct json_object *document;
	bool good;

	if (tokener == NULL)
		abort();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	document = json_tokener_parse_ex(tokener, body, (int)length);
	good = document != NULL && json_tokener_get_error(tokener) == json_tokener_success &&
	    json_tokener_get_parse_end(tokener) == length && json_object_is_type(document, json_type_object);
	json_object_put(document);
	json_tokener_free(tokener);
	return (good);
}

void
form_read_json(struct form *form, const char *body, size_t length)
{
	struct scan scan = {form, body, body, 0};
	bool good;

	form->json = true;
	if (length == 0 || length > INT_MAX) {
		form_refuse_bytes(form, "", "form.json");
		return;
	}
	scan.end = body + length;
	good = scan_mark(&scan, '{') && scan_object(&scan, NULL, 1);
	if (good) {
		scan_blanks(&scan);
		good = scan.at == scan.end;
	}
	if (form->broken)
		return;
	if (!good || !second_opinion(body, length))
		form_refuse_bytes(form, "", "form.json");
}
