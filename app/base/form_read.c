/*
 * Form, what its readers share: words and numbers as they came, what counts
 * as text, and the one list every field goes to. Which bytes are a name and
 * which a value is the readers' business (form_query.c, form_multipart.c,
 * form_json.c), the faults themselves form.c's.
 */
#include <string.h>
#include <strings.h>

#include "form_read.h"

bool
form_is_blank(char byte)
{
	return (byte == ' ' || byte == '\t');
}

bool
form_is_word(struct slice slice, const char *word)
{
	return (slice.length == strlen(word) && strncasecmp(slice.at, word, slice.length) == 0);
}

int
form_hex(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (digit - 'a' + 10);
	if (digit >= 'A' && digit <= 'F')
		return (digit - 'A' + 10);
	return (-1);
}

bool
form_whole_number(struct slice text, int64_t *number)
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

void
form_refuse_bytes(struct form *form, const char *field, const char *key)
{
	form->broken = true;
	form_refuse(form, field, key);
}

/*
 * UTF-8 as RFC 3629 has it and nothing besides: no overlong form, no surrogate,
 * nothing above U+10FFFF; and no NUL, which would cut a value short further on.
 */
bool
form_is_text(const char *text, size_t length)
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

bool
form_count_sent(struct form *form)
{
	if (form->count >= FORM_FIELDS_MOST) {
		form_refuse_bytes(form, "", "form.too_many");
		return (false);
	}
	form->count++;
	return (true);
}

bool
form_take_name(struct form *form, const char *name, size_t length)
{
	if (length > FORM_NAME_MOST)
		form_refuse_bytes(form, "", "form.long");
	else if (!form_is_text(name, length))
		form_refuse_bytes(form, "", "form.bytes");
	else
		return (true);
	return (false);
}

struct form_field *
form_take(struct form *form, const char *name, const char *value, size_t length, enum form_type type)
{
	struct form_field *field;

	if (type != FORM_FILE && !form_is_text(value, length)) {
		form_refuse_bytes(form, name, "form.bytes");
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
	if (form_count_sent(form))
		(void)form_take(form, arena_copy(form->arena, name, name_length),
		    arena_copy(form->arena, value, length), length, FORM_WORD);
}
