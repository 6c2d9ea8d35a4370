/*
 * Form: holds what a visitor sent, field by field, with what was wrong with
 * it, and gives it out by name and type. Taking the bytes apart is left to
 * form_query.c, form_multipart.c and form_json.c; framing of the request, its
 * size and its content type are visit's business; what the values mean, the
 * database's.
 */
#include <string.h>

#include "form_read.h"

#define ID_MOST INT64_C(9007199254740991) /* 2^53-1: what every JSON reader keeps exactly */
#define FEN_MOST INT64_C(1000000000000)

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
	if (left >= 1 && form_is_blank(*at))
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
	if (!form_whole_number(text, number) || *number < least || *number > most) {
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

int64_t
form_yuan(struct form *form, const char *name)
{
	static const char *const signs[] = {"¥", "￥", "元"};
	struct slice text;
	const struct form_field *field;
	int64_t fen = 0;
	int after = -1; /* digits behind the point, -1 before it */
	bool digits = false;

	if (form->json)
		return (read_number(
		    form, arena_format(form->arena, "%s_fen", name), true, 1, FEN_MOST, "form.int", "form.range", 0));
	field = only(form, name, true, &text);
	if (field == NULL)
		return (0);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t length = strlen(signs[i]);

		if (text.length > length && memcmp(text.at, signs[i], length) == 0) {
			text.at += length;
			text.length -= length;
		} else if (text.length > length && memcmp(text.at + text.length - length, signs[i], length) == 0)
			text.length -= length;
	}
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == '.' && after < 0 && digits)
			after = 0;
		else if ((c == ',' || c == ' ') && after < 0 && digits)
			continue;
		else if (c < '0' || c > '9' || after == 2 || fen > FEN_MOST) {
			form_refuse(form, name, "form.yuan");
			return (0);
		} else {
			fen = fen * 10 + (c - '0');
			digits = true;
			after += after >= 0;
		}
	}
	for (; after < 2; after = after < 0 ? 1 : after + 1)
		fen *= 10;
	if (!digits || fen < 1 || fen > FEN_MOST) {
		form_refuse(form, name, "form.yuan");
		return (0);
	}
	return (fen);
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
			if (form_is_word(text, yes[i]))
				return (true);
		for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
			if (form_is_word(text, no[i]))
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
