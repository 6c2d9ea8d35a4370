/*
 * Form: takes apart what a visitor sent and gives it out by name and type.
 * Framing of the request, its size and its content type are visit's
 * business; what the values mean, the database's.
 */
#define _GNU_SOURCE 1 /* memmem */

#include <json-c/json_object.h>
#include <json-c/json_tokener.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "form.h"

#define ID_MOST INT64_C(9007199254740991) /* 2^53-1: what every JSON reader keeps exactly */
#define FEN_MOST INT64_C(1000000000000)
#define BOUNDARY_MOST 70 /* RFC 2046, 5.1.1 */

/* A piece of what was sent; not ours and without a NUL. */
struct slice {
	const char *at;
	size_t length;
};

void
form_open(struct form *form, struct arena *arena)
{
	memset(form, 0, sizeof(*form));
	form->arena = arena;
}

const char *
form_fault_of(const struct form *form, const char *field)
{
	for (const struct form_fault *fault = form->fault; fault != NULL; fault = fault->next)
		if (strcmp(fault->field, field) == 0)
			return (fault->key);
	return (NULL);
}

void
form_refuse(struct form *form, const char *field, const char *key)
{
	struct form_fault *fault;

	if (form_fault_of(form, field) != NULL)
		return;
	fault = arena_take(form->arena, sizeof(*fault));
	fault->field = arena_copy(form->arena, field, strlen(field));
	fault->key = arena_copy(form->arena, key, strlen(key));
	if (form->fault_last == NULL)
		form->fault = fault;
	else
		form->fault_last->next = fault;
	form->fault_last = fault;
}

static void
refuse_bytes(struct form *form, const char *field, const char *key)
{
	form->broken = true;
	form_refuse(form, field, key);
}

/*
 * UTF-8 as RFC 3629 has it and nothing besides: no overlong form, no surrogate,
 * nothing above U+10FFFF; and no NUL, which would cut a value short further on.
 */
static bool
good_text(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + length;

	while (at < end) {
		unsigned char lead = *at++, least = 0x80, most = 0xbf;
		int more;

		if (lead == 0)
			return (false);
		if (lead < 0x80)
			continue;
		if (lead < 0xc2 || lead > 0xf4)
			return (false);
		more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
		if (lead == 0xe0)
			least = 0xa0;
		else if (lead == 0xed)
			most = 0x9f;
		else if (lead == 0xf0)
			least = 0x90;
		else if (lead == 0xf4)
			most = 0x8f;
		for (; more > 0; more--) {
			if (at == end || *at < least || *at > most)
				return (false);
			at++;
			least = 0x80;
			most = 0xbf;
		}
	}
	return (true);
}

/* One more field was sent; false when that is too many and reading stops. Refused ones count too: they cost as much. */
static bool
count_field(struct form *form)
{
	if (form->count >= FORM_FIELDS_MOST) {
		refuse_bytes(form, "", "form.too_many");
		return (false);
	}
	form->count++;
	return (true);
}

static bool
good_name(struct form *form, const char *name, size_t length)
{
	if (length > FORM_NAME_MOST)
		refuse_bytes(form, "", "form.long");
	else if (!good_text(name, length))
		refuse_bytes(form, "", "form.bytes");
	else
		return (true);
	return (false);
}

/* The name is good and counted, all bytes are the arena's. */
static struct form_field *
add_field(struct form *form, const char *name, const char *value, size_t length, enum form_type type)
{
	struct form_field *field;

	if (type != FORM_FILE && !good_text(value, length)) {
		refuse_bytes(form, name, "form.bytes");
		return (NULL);
	}
	field = arena_take(form->arena, sizeof(*field));
	field->name = name;
	field->value = value;
	field->length = length;
	field->type = type;
	if (form->last == NULL)
		form->first = field;
	else
		form->last->next = field;
	form->last = field;
	return (field);
}

void
form_add(struct form *form, const char *name, size_t name_length, const char *value, size_t length)
{
	if (count_field(form))
		(void)add_field(form, arena_copy(form->arena, name, name_length), arena_copy(form->arena, value, length), length, FORM_WORD);
}

/* --- Query string and urlencoded body --- */

static int
hex(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (digit - 'a' + 10);
	if (digit >= 'A' && digit <= 'F')
		return (digit - 'A' + 10);
	return (-1);
}

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
			int high = end - at >= 2 ? hex(at[0]) : -1, low = high >= 0 ? hex(at[1]) : -1;

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

	if (!count_field(form))
		return (false);
	if (equals != NULL) {
		name.length = (size_t)(equals - pair.at);
		value.at = equals + 1;
		value.length = pair.length - name.length - 1;
	}
	if (!percent_decode(form->arena, name, &text, &length)) {
		refuse_bytes(form, "", "form.bytes");
		return (true);
	}
	if (!good_name(form, text, length))
		return (true);
	decoded = text;
	if (!percent_decode(form->arena, value, &text, &length))
		refuse_bytes(form, decoded, "form.bytes");
	else
		add_field(form, decoded, text, length, FORM_WORD);
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

/* --- Multipart: RFC 7578 over RFC 2046 --- */

static bool
is_blank(char byte)
{
	return (byte == ' ' || byte == '\t');
}

static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return (at);
}

static bool
same_word(struct slice slice, const char *word)
{
	return (slice.length == strlen(word) && strncasecmp(slice.at, word, slice.length) == 0);
}

enum parameter { PARAMETER_NONE, PARAMETER_READ, PARAMETER_BAD };

static bool
is_escape(const char *at, const char *end)
{
	return (*at == '\\' && end - at >= 2 && (at[1] == '"' || at[1] == '\\'));
}

/*
 * The next `; name=value` of a header. In quotes only \" and \\ are escapes:
 * some browsers send C:\photo.jpg and mean every backslash of it.
 */
static enum parameter
read_parameter(struct arena *arena, const char **from, const char *end, struct slice *name, struct slice *value)
{
	const char *at = skip_blanks(*from, end), *start;
	char *to, *copy;

	if (at == end)
		return (PARAMETER_NONE);
	if (*at != ';')
		return (PARAMETER_BAD);
	at = skip_blanks(at + 1, end);
	if (at == end) {
		*from = at;
		return (PARAMETER_NONE);
	}
	name->at = at;
	while (at < end && *at != '=' && *at != ';' && *at != '"' && !is_blank(*at))
		at++;
	name->length = (size_t)(at - name->at);
	if (at == end || *at != '=' || name->length == 0)
		return (PARAMETER_BAD);
	start = ++at;
	if (at < end && *at == '"') {
		for (start = ++at; at < end && *at != '"'; at++)
			if (is_escape(at, end))
				at++;
		if (at == end)
			return (PARAMETER_BAD);
		/* Room for this value alone: a header of ten thousand of them must not cost their square. */
		copy = to = arena_take(arena, (size_t)(at - start) + 1);
		while (start < at) {
			if (is_escape(start, at))
				start++;
			*to++ = *start++;
		}
		*value = (struct slice){copy, (size_t)(to - copy)};
		at++;
	} else {
		while (at < end && *at != ';' && *at != '"' && !is_blank(*at))
			at++;
		if (at == start)
			return (PARAMETER_BAD);
		*value = (struct slice){arena_copy(arena, start, (size_t)(at - start)), (size_t)(at - start)};
	}
	*from = at;
	return (PARAMETER_READ);
}

/* What splits the parts, with CRLF and both dashes in front; length 0 when the header has none that will do. */
static struct slice
read_boundary(struct arena *arena, const char *content_type)
{
	static const char media[] = "multipart/form-data";
	static const char marks[] = "'()+_,-./:=? ";
	struct slice name, value, none = {"", 0}, found = none;
	const char *at, *end;
	enum parameter got;

	if (content_type == NULL)
		return (none);
	end = content_type + strlen(content_type);
	at = skip_blanks(content_type, end);
	if (strncasecmp(at, media, sizeof(media) - 1) != 0)
		return (none);
	at += sizeof(media) - 1;
	while ((got = read_parameter(arena, &at, end, &name, &value)) == PARAMETER_READ) {
		if (!same_word(name, "boundary"))
			continue;
		if (found.length > 0 || value.length == 0 || value.length > BOUNDARY_MOST ||
		    value.at[value.length - 1] == ' ')
			return (none);
		for (size_t i = 0; i < value.length; i++) {
			char byte = value.at[i];

			if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
			    !(byte >= '0' && byte <= '9') && strchr(marks, byte) == NULL)
				return (none);
		}
		found.at = arena_format(arena, "\r\n--%s", value.at);
		found.length = value.length + 4;
	}
	return (got == PARAMETER_NONE ? found : none);
}

/* What follows a boundary line whose rest is at `at`, and whether it was the last; NULL when the bytes are data. */
static const char *
after_boundary(const char *at, const char *end, bool *last)
{
	*last = end - at >= 2 && at[0] == '-' && at[1] == '-';
	if (*last)
		at += 2;
	at = skip_blanks(at, end);
	if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
		return (at + 2);
	return (*last && at == end ? at : NULL);
}

/* The next boundary at or behind `at`: where it begins, and in *after what follows it; NULL when there is none. */
static const char *
find_boundary(const char *at, const char *end, struct slice boundary, const char **after, bool *last)
{
	const char *found;

	while (at < end && (found = memmem(at, (size_t)(end - at), boundary.at, boundary.length)) != NULL) {
		*after = after_boundary(found + boundary.length, end, last);
		if (*after != NULL)
			return (found);
		at = found + 2;
	}
	return (NULL);
}

struct part {
	const char *name; /* NULL until a good Content-Disposition was read */
	const char *filename; /* NULL: not a file */
	const char *fault; /* field to blame, NULL when all is well */
};

static void
read_disposition(struct form *form, struct part *part, struct slice header)
{
	static const char kind[] = "form-data";
	const char *at = header.at, *end = header.at + header.length;
	struct slice name, value, given = {NULL, 0}, file = {NULL, 0};
	enum parameter got;

	if (part->name != NULL || header.length < sizeof(kind) - 1 || strncasecmp(at, kind, sizeof(kind) - 1) != 0) {
		part->fault = part->name != NULL ? part->name : "";
		return;
	}
	at += sizeof(kind) - 1;
	while ((got = read_parameter(form->arena, &at, end, &name, &value)) == PARAMETER_READ) {
		struct slice *wanted = same_word(name, "name") ? &given : same_word(name, "filename") ? &file : NULL;

		if (wanted == NULL)
			continue;
		if (wanted->at != NULL)
			break;
		*wanted = value;
	}
	if (given.at == NULL || !good_name(form, given.at, given.length)) {
		part->fault = "";
		return;
	}
	part->name = given.at;
	part->filename = file.at;
	if (got != PARAMETER_NONE || (file.at != NULL && !good_text(file.at, file.length)))
		part->fault = part->name;
}

static void
read_part_header(struct form *form, struct part *part, struct slice line)
{
	const char *colon = memchr(line.at, ':', line.length), *end = line.at + line.length;
	struct slice name, value;

	if (colon == NULL || memchr(line.at, '\r', line.length) != NULL || memchr(line.at, '\n', line.length) != NULL) {
		part->fault = part->name != NULL ? part->name : "";
		return;
	}
	name = (struct slice){line.at, (size_t)(colon - line.at)};
	value.at = skip_blanks(colon + 1, end);
	while (end > value.at && is_blank(end[-1]))
		end--;
	value.length = (size_t)(end - value.at);
	if (same_word(name, "content-disposition"))
		read_disposition(form, part, value);
	else if (same_word(name, "content-transfer-encoding") && !same_word(value, "binary") &&
	    !same_word(value, "8bit") && !same_word(value, "7bit"))
		/* RFC 7578, 4.7 retired the others; stored as sent they would be garbage. */
		part->fault = part->name != NULL ? part->name : "";
}

/* One part, from its first header line to the CRLF of the next boundary, which lies before `at` when there is no line. */
static bool
read_part(struct form *form, const char *at, const char *end)
{
	struct part part = {NULL, NULL, NULL};
	struct form_field *field;
	const char *stop;
	bool named = false;

	if (!count_field(form))
		return (false);
	/* A blank line ends the headers; without a value it may be the CRLF of the boundary itself. */
	while (at < end && (stop = memmem(at, (size_t)(end + 2 - at), "\r\n", 2)) != at) {
		/* Folded lines go with the header they belong to; only a name is not put together from pieces. */
		if (stop == NULL || stop == end || (is_blank(*at) && named)) {
			part.fault = part.name != NULL ? part.name : "";
		} else if (!is_blank(*at)) {
			named = part.name != NULL;
			read_part_header(form, &part, (struct slice){at, (size_t)(stop - at)});
			named = !named && part.name != NULL;
		}
		if (part.fault != NULL)
			break;
		at = stop + 2;
	}
	if (part.fault != NULL || part.name == NULL) {
		refuse_bytes(form, part.fault != NULL ? part.fault : "", "form.bytes");
		return (true);
	}
	if (at < end)
		at += 2;
	field = add_field(form, part.name, arena_copy(form->arena, at, (size_t)(end - at)), (size_t)(end - at),
	    part.filename != NULL ? FORM_FILE : FORM_WORD);
	if (field != NULL)
		field->filename = part.filename;
	return (true);
}

void
form_read_multipart(struct form *form, const char *content_type, const char *body, size_t length)
{
	struct slice boundary = read_boundary(form->arena, content_type);
	const char *end = length > 0 ? body + length : body, *after = NULL, *stop;
	bool last = false;

	/* The first boundary may open the body, without a CRLF; what comes before it is nothing (RFC 2046, 5.1.1). */
	if (boundary.length > 0 && length >= boundary.length - 2 &&
	    memcmp(body, boundary.at + 2, boundary.length - 2) == 0)
		after = after_boundary(body + boundary.length - 2, end, &last);
	if (boundary.length > 0 && after == NULL)
		find_boundary(body, end, boundary, &after, &last);
	while (after != NULL && !last) {
		const char *part = after;

		/* A part without a value may share its blank line with the next boundary: we look from one CRLF before. */
		stop = find_boundary(part - 2, end, boundary, &after, &last);
		if (stop == NULL)
			break;
		if (!read_part(form, part, stop))
			return;
	}
	if (!last)
		refuse_bytes(form, "", "form.bytes");
}

/* --- JSON: RFC 8259 --- */

/*
 * Two readers look at a document. This one names the field a fault stands in,
 * keeps numbers as sent and sees a key that comes twice; json-c, which drops
 * all three and lets NaN, single quotes and stray UTF-8 pass, must agree
 * afterwards. What either refuses is refused.
 */
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
	while (scan->at < scan->end && (is_blank(*scan->at) || *scan->at == '\n' || *scan->at == '\r'))
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
		int digit = hex(*scan->at++);

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

/* What follows \u. A half surrogate is written as three bytes that good_text refuses, so its field gets the blame. */
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

		/* A raw NUL goes through to good_text, which blames the field; the other controls are no JSON. */
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

/* Digits with an optional minus, as an int64; false when there is other text or no room for them. */
static bool
whole_number(struct slice text, int64_t *number)
{
	bool minus = text.length > 0 && text.at[0] == '-';
	int64_t sum = 0;

	if (text.length == (minus ? 1U : 0U))
		return (false);
	/* Summed downwards, for the least number has no positive twin. */
	for (size_t i = minus ? 1 : 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9' || __builtin_mul_overflow(sum, INT64_C(10), &sum) ||
		    __builtin_sub_overflow(sum, (int64_t)(text.at[i] - '0'), &sum))
			return (false);
	}
	if (!minus && sum == INT64_MIN)
		return (false);
	*number = minus ? sum : -sum;
	return (true);
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
	if (!count_field(scan->form))
		return (false);
	if (whole && !whole_number(text, &number)) {
		refuse_bytes(scan->form, name, "form.range");
		return (true);
	}
	field =
	    add_field(scan->form, name, arena_copy(scan->form->arena, text.at, text.length), text.length, FORM_NUMBER);
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
	if (!scan_string(scan, &text, &length) || !count_field(scan->form))
		return (false);
	field = add_field(scan->form, name, text, length, FORM_WORD);
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
		if (!count_field(scan->form))
			return (false);
		field = add_field(scan->form, name, literals[i].value, strlen(literals[i].value), literals[i].type);
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

	if (!good_text(key, length)) {
		refuse_bytes(form, outer != NULL ? outer : "", "form.bytes");
		return (NULL);
	}
	if (outer != NULL) {
		if (length > FORM_NAME_MOST) {
			refuse_bytes(form, "", "form.long");
			return (NULL);
		}
		joined = arena_format(form->arena, "%s.%s", outer, key);
		length = strlen(joined);
	}
	return (good_name(form, joined, length) ? joined : NULL);
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
			refuse_bytes(form, "", "form.too_many");
			return (false);
		}
		inner = join_name(form, name, text, length);
		if (inner == NULL)
			return (false);
		for (key = keys; key != NULL; key = key->next)
			if (strcmp(key->name, inner) == 0)
				refuse_bytes(form, inner, "form.repeated");
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
			refuse_bytes(scan->form, name, "form.word");
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
		refuse_bytes(form, "", "form.json");
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
		refuse_bytes(form, "", "form.json");
}

/* --- What features ask --- */

const struct form_field *
form_nth(const struct form *form, const char *name, size_t nth)
{
	for (const struct form_field *field = form->first; field != NULL; field = field->next)
		if (strcmp(field->name, name) == 0 && nth-- == 0)
			return (field);
	return (NULL);
}

const char *
form_typed(const struct form *form, const char *name)
{
	const struct form_field *field = form_nth(form, name, 0);

	return (field != NULL && field->type != FORM_FILE ? field->value : NULL);
}

size_t
form_count(const struct form *form, const char *name)
{
	size_t count = 0;

	for (const struct form_field *field = form->first; field != NULL; field = field->next)
		if (strcmp(field->name, name) == 0)
			count++;
	return (count);
}

/* Bytes of the blank at `at`, or 0: space, tab, no-break space, and the ideographic one of Chinese keyboards. */
static size_t
blank_at(const char *at, size_t left)
{
	if (left >= 1 && is_blank(*at))
		return (1);
	if (left >= 2 && memcmp(at, "\xc2\xa0", 2) == 0)
		return (2);
	if (left >= 3 && memcmp(at, "\xe3\x80\x80", 3) == 0)
		return (3);
	return (0);
}

static struct slice
trim(struct slice text)
{
	size_t blank;

	while ((blank = blank_at(text.at, text.length)) > 0) {
		text.at += blank;
		text.length -= blank;
	}
	while (text.length > 0) {
		for (blank = 1; blank <= 3 && blank <= text.length; blank++)
			if (blank_at(text.at + text.length - blank, blank) == blank)
				break;
		if (blank > 3 || blank > text.length)
			break;
		text.length -= blank;
	}
	return (text);
}

/* Trimmed. A file is never blank: even an empty one is not what a text reader wants. */
static bool
is_nothing(const struct form_field *field, struct slice *text)
{
	*text = trim((struct slice){field->value, field->length});
	return (field->type == FORM_WORD && text->length == 0);
}

/* The only field of that name, trimmed in *text; NULL when absent, blank or sent twice. */
static const struct form_field *
only(struct form *form, const char *name, bool required, struct slice *text)
{
	const struct form_field *field = form_nth(form, name, 0);

	if (field != NULL && form_nth(form, name, 1) != NULL) {
		form_refuse(form, name, "form.repeated");
		return (NULL);
	}
	if (field == NULL || is_nothing(field, text)) {
		if (required)
			form_refuse(form, name, "form.missing");
		return (NULL);
	}
	return (field);
}

/* Pages know only words; JSON has to mean what it says. */
static bool
has_type(const struct form_field *field, enum form_type type)
{
	return (field->json ? field->type == type : field->type == FORM_WORD);
}

/* A whole number from least to most; `wrong` is said of other text, `outside` of other numbers. */
static bool
number_of(struct form *form, const struct form_field *field, struct slice text, int64_t least, int64_t most,
    const char *wrong, const char *outside, int64_t *number)
{
	bool digits = text.length > (text.length > 0 && text.at[0] == '-' ? 1 : 0);

	for (size_t i = text.length > 0 && text.at[0] == '-' ? 1 : 0; i < text.length; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			digits = false;
	if (!digits || !has_type(field, FORM_NUMBER)) {
		form_refuse(form, field->name, wrong);
		return (false);
	}
	if (!whole_number(text, number) || *number < least || *number > most) {
		form_refuse(form, field->name, outside);
		return (false);
	}
	return (true);
}

static int64_t
read_number(struct form *form, const char *name, bool required, int64_t least, int64_t most, const char *wrong,
    const char *outside, int64_t otherwise)
{
	struct slice text;
	const struct form_field *field = only(form, name, required, &text);
	int64_t number;

	if (field == NULL || !number_of(form, field, text, least, most, wrong, outside, &number))
		return (otherwise);
	return (number);
}

int64_t
form_id(struct form *form, const char *name)
{
	return (read_number(form, name, true, 1, ID_MOST, "form.id", "form.id", 0));
}

int64_t
form_id_or_none(struct form *form, const char *name)
{
	return (read_number(form, name, false, 1, ID_MOST, "form.id", "form.id", 0));
}

int64_t
form_fen_or_none(struct form *form, const char *name)
{
	return (read_number(form, name, false, 0, FEN_MOST, "form.int", "form.range", -1));
}

int32_t
form_int(struct form *form, const char *name, int32_t least, int32_t most)
{
	return ((int32_t)read_number(form, name, true, least, most, "form.int", "form.range", least));
}

int32_t
form_int_or(struct form *form, const char *name, int32_t least, int32_t most, int32_t otherwise)
{
	return ((int32_t)read_number(form, name, false, least, most, "form.int", "form.range", otherwise));
}

static struct date
read_date(struct form *form, const char *name, bool required)
{
	struct date date = {DATE_NONE};
	struct slice text;
	const struct form_field *field = only(form, name, required, &text);
	char copy[DATE_TEXT] = "";

	if (field == NULL)
		return (date);
	if (text.length == sizeof(copy) - 1)
		memcpy(copy, text.at, text.length);
	if (!has_type(field, FORM_WORD) || !date_read(copy, &date)) {
		form_refuse(form, name, "form.date");
		date.day = DATE_NONE;
	}
	return (date);
}

struct date
form_date(struct form *form, const char *name)
{
	return (read_date(form, name, true));
}

struct date
form_date_or_none(struct form *form, const char *name)
{
	return (read_date(form, name, false));
}

bool
form_yes(struct form *form, const char *name)
{
	static const char *const yes[] = {"on", "true", "1", "yes"}, *const no[] = {"off", "false", "0", "no"};
	struct slice text;
	const struct form_field *field = only(form, name, false, &text);

	if (field == NULL)
		return (false);
	if (has_type(field, FORM_BOOL)) {
		for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
			if (same_word(text, yes[i]))
				return (true);
		for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
			if (same_word(text, no[i]))
				return (false);
	}
	form_refuse(form, name, "form.word");
	return (false);
}

/* Control characters of ASCII and Latin-1; for one line also tabs and breaks, of which U+2028 and U+2029 are two. */
static bool
has_control(struct slice text, bool many_lines)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.at[i];
		unsigned char next = i + 1 < text.length ? (unsigned char)text.at[i + 1] : 0;

		if (byte < 0x20 && !(many_lines && (byte == '\n' || byte == '\t')))
			return (true);
		if (byte == 0x7f || (byte == 0xc2 && next < 0xa0))
			return (true);
		if (!many_lines && text.length - i >= 3 &&
		    (memcmp(text.at + i, "\xe2\x80\xa8", 3) == 0 || memcmp(text.at + i, "\xe2\x80\xa9", 3) == 0))
			return (true);
	}
	return (false);
}

static size_t
code_points(struct slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++)
		if (((unsigned char)text.at[i] & 0xc0) != 0x80)
			count++;
	return (count);
}

/* NULL when absent, blank or refused. */
static const char *
read_line(struct form *form, const char *name, bool required, size_t least, size_t most)
{
	struct slice text;
	const struct form_field *field = only(form, name, required, &text);
	size_t points;

	if (field == NULL)
		return (NULL);
	points = code_points(text);
	if (!has_type(field, FORM_WORD) || has_control(text, false))
		form_refuse(form, name, "form.word");
	else if (points < least)
		form_refuse(form, name, "form.short");
	else if (points > most)
		form_refuse(form, name, "form.long");
	else
		return (arena_copy(form->arena, text.at, text.length));
	return (NULL);
}

const char *
form_line(struct form *form, const char *name, size_t least, size_t most)
{
	const char *line = read_line(form, name, least > 0, least, most);

	return (line != NULL ? line : "");
}

const char *
form_line_or_none(struct form *form, const char *name, size_t most)
{
	return (read_line(form, name, false, 0, most));
}

const char *
form_text(struct form *form, const char *name, size_t most)
{
	struct slice text;
	const struct form_field *field = only(form, name, false, &text);
	char *to, *start;

	if (field == NULL)
		return ("");
	start = to = arena_copy(form->arena, field->value, field->length);
	for (size_t i = 0; i < field->length; i++) {
		if (field->value[i] != '\r')
			*to++ = field->value[i];
		else if (i + 1 == field->length || field->value[i + 1] != '\n')
			*to++ = '\n';
	}
	*to = '\0';
	text = (struct slice){start, (size_t)(to - start)};
	if (!has_type(field, FORM_WORD) || has_control(text, true))
		form_refuse(form, name, "form.word");
	else if (code_points(text) > most)
		form_refuse(form, name, "form.long");
	else
		return (start);
	return ("");
}

const char *
form_secret(struct form *form, const char *name, size_t most)
{
	const struct form_field *field = form_nth(form, name, 0);

	/* Not by only(): a password of blanks is a password. */
	if (field != NULL && form_nth(form, name, 1) != NULL)
		form_refuse(form, name, "form.repeated");
	else if (field == NULL || (field->type == FORM_WORD && field->length == 0))
		form_refuse(form, name, "form.missing");
	else if (!has_type(field, FORM_WORD))
		form_refuse(form, name, "form.word");
	else if (field->length > most)
		form_refuse(form, name, "form.long");
	else
		return (field->value);
	return ("");
}

/*
 * What one character of a typed phone number is: a digit, '+', ' ' for what is
 * dropped, 0 for what has no place there. *at moves behind it. Full-width
 * signs are what a Chinese keyboard gives to those who do not switch it.
 */
static char
phone_sign(const char **at, const char *end)
{
	static const char *const dropped[] = {
	    "(",
	    ")",
	    "-",
	    "\xe2\x80\x90",
	    "\xe2\x80\x91",
	    "\xe2\x80\x92",
	    "\xe2\x80\x93",
	    "\xe2\x80\x94",
	    "\xef\xbc\x88",
	    "\xef\xbc\x89",
	    "\xef\xbc\x8d",
	};
	size_t left = (size_t)(end - *at), blank = blank_at(*at, left);
	const unsigned char *byte = (const unsigned char *)*at;

	if (blank > 0) {
		*at += blank;
		return (' ');
	}
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		size_t length = strlen(dropped[i]);

		if (length <= left && memcmp(*at, dropped[i], length) == 0) {
			*at += length;
			return (' ');
		}
	}
	if (left >= 3 && byte[0] == 0xef && byte[1] == 0xbc &&
	    (byte[2] == 0x8b || (byte[2] >= 0x90 && byte[2] <= 0x99))) {
		*at += 3;
		return ("0123456789+"[byte[2] == 0x8b ? 10 : byte[2] - 0x90]);
	}
	*at += 1;
	if ((byte[0] >= '0' && byte[0] <= '9') || byte[0] == '+')
		return ((char)byte[0]);
	return ('\0');
}

static bool
is_mainland_mobile(const char *digits)
{
	return (strlen(digits) == 11 && digits[0] == '1' && digits[1] >= '3');
}

const char *
form_phone(struct form *form, const char *name)
{
	struct slice text;
	const struct form_field *field = only(form, name, true, &text);
	const char *at, *end;
	char *digits;
	size_t count = 0;
	bool abroad = false;

	if (field == NULL)
		return ("");
	digits = arena_take(form->arena, text.length + 2);
	for (at = text.at, end = text.at + text.length; at < end;) {
		char sign = phone_sign(&at, end);

		if (sign == '\0' || (sign == '+' && (abroad || count > 0))) {
			count = 0;
			break;
		}
		if (sign == '+')
			abroad = true;
		else if (sign != ' ')
			digits[++count] = sign;
	}
	/* From [1], for the plus sign may come in front. */
	digits[count + 1] = '\0';
	digits++;
	if (!abroad && strncmp(digits, "00", 2) == 0) {
		abroad = true;
		digits += 2;
	}
	if (abroad && strncmp(digits, "86", 2) == 0 && digits[2] == '1') {
		abroad = false;
		digits += 2;
	}
	if (has_type(field, FORM_WORD)) {
		if (!abroad && is_mainland_mobile(digits))
			return (digits);
		count = strlen(digits);
		/* E.164: fifteen digits at most, no country code begins with 0. */
		if (abroad && count >= 8 && count <= 15 && digits[0] != '0') {
			digits[-1] = '+';
			return (digits - 1);
		}
	}
	form_refuse(form, name, "form.phone");
	return ("");
}

struct id_list
form_ids(struct form *form, const char *name, size_t most)
{
	struct id_list none = {0, NULL}, list = none;
	const struct form_field *field = form_nth(form, name, 0);
	size_t count = form_count(form, name);
	struct slice text;
	int64_t *item;

	if (field == NULL || (count == 1 && is_nothing(field, &text))) {
		form_refuse(form, name, "form.missing");
		return (none);
	}
	if (count > most) {
		form_refuse(form, name, "form.too_many");
		return (none);
	}
	item = arena_take(form->arena, count * sizeof(*item));
	for (; field != NULL; field = field->next) {
		if (strcmp(field->name, name) != 0)
			continue;
		text = trim((struct slice){field->value, field->length});
		if (!number_of(form, field, text, 1, ID_MOST, "form.id", "form.id", &item[list.count]))
			return (none);
		list.count++;
	}
	list.item = item;
	return (list);
}

struct int_list
form_ints(struct form *form, const char *name, int32_t least, int32_t most, size_t count_most)
{
	struct int_list none = {0, NULL}, list = none;
	struct slice text;
	int32_t *item = arena_take(form->arena, (form_count(form, name) + 1) * sizeof(*item));
	int64_t number;

	for (const struct form_field *field = form->first; field != NULL; field = field->next) {
		if (strcmp(field->name, name) != 0 || is_nothing(field, &text))
			continue;
		if (list.count == count_most) {
			form_refuse(form, name, "form.too_many");
			return (none);
		}
		if (!number_of(form, field, text, least, most, "form.int", "form.range", &number))
			return (none);
		item[list.count++] = (int32_t)number;
	}
	list.item = item;
	return (list);
}
