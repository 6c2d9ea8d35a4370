/*
 * What must be true of a form, whoever sent it: bad bytes have a fault, words
 * are text without NUL, and every reader keeps within what it promises.
 */
#ifndef FUZZ_FORM_FUZZ_H
#define FUZZ_FORM_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/form.h"

#define MUST(what)	((what) ? (void)0 : abort())

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* UTF-8 decoded the long way, to judge form's own check: by value, then by the shortest form of it. */
static inline int
is_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		unsigned char lead = (unsigned char)text[i++];
		int more = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : -1;
		static const uint32_t least[] = { 1, 0x80, 0x800, 0x10000 };
		uint32_t point;

		if (more < 0 || lead >= 0xf8)
			return (0);
		point = more == 0 ? lead : lead & (0x3fU >> more);
		for (int k = 0; k < more; k++) {
			if (i == length || ((unsigned char)text[i] & 0xc0) != 0x80)
				return (0);
			point = point << 6 | ((unsigned char)text[i++] & 0x3f);
		}
		if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
			return (0);
	}
	return (1);
}

static inline size_t
points(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return (count);
}

static inline void
check_form(struct form *form, struct arena *arena)
{
	size_t count = 0;

	MUST(!form->broken || form->fault != NULL);
	for (const struct form_field *field = form->first; field != NULL; field = field->next) {
		MUST(++count <= FORM_FIELDS_MOST);
		MUST(strlen(field->name) <= FORM_NAME_MOST && is_text(field->name, strlen(field->name)));
		MUST(field->value[field->length] == '\0');
		if (field->type == FORM_FILE)
			MUST(field->filename != NULL && is_text(field->filename, strlen(field->filename)));
		else
			MUST(strlen(field->value) == field->length && is_text(field->value, field->length));
		MUST(field->next != NULL || field == form->last);
	}
	MUST(count <= form->count);
	count = 0;
	for (const struct form_field *field = form->first; field != NULL && count < 8; field = field->next, count++) {
		struct form again = *form;
		const char *name = field->name, *text;
		struct id_list ids;
		struct int_list ints;
		int64_t id;
		int32_t number;

		/* Every reader meets the field without the faults of the one before. */
		again.arena = arena;
#define ANEW	(again.fault = again.fault_last = NULL)
		ANEW;
		id = form_id(&again, name);
		MUST((id >= 1 && id <= INT64_C(9007199254740991)) == (again.fault == NULL));
		ANEW;
		id = form_fen_or_none(&again, name);
		MUST(id >= -1 && id <= INT64_C(1000000000000));
		ANEW;
		number = form_int(&again, name, -5, 20);
		MUST(number >= -5 && number <= 20);
		ANEW;
		MUST((form_date(&again, name).day != DATE_NONE) == (again.fault == NULL));
		ANEW;
		form_yes(&again, name);
		ANEW;
		text = form_line(&again, name, 1, 20);
		MUST(again.fault != NULL ? *text == '\0' : points(text) >= 1 && points(text) <= 20);
		MUST(is_text(text, strlen(text)) && strpbrk(text, "\r\n\t") == NULL);
		ANEW;
		text = form_text(&again, name, 20);
		MUST(points(text) <= 20 && strchr(text, '\r') == NULL && is_text(text, strlen(text)));
		ANEW;
		text = form_secret(&again, name, 20);
		MUST(strlen(text) <= 20 && (again.fault == NULL) == (*text != '\0'));
		ANEW;
		text = form_phone(&again, name);
		MUST((again.fault == NULL) == (*text != '\0') && strlen(text) <= 16);
		MUST(strspn(text + (*text == '+'), "0123456789") == strlen(text + (*text == '+')));
		ANEW;
		ids = form_ids(&again, name, 4);
		MUST(ids.count <= 4 && (again.fault == NULL) == (ids.count > 0));
		ANEW;
		ints = form_ints(&again, name, 0, 17, 4);
		MUST(ints.count <= 4);
		for (size_t i = 0; i < ints.count; i++)
			MUST(ints.item[i] >= 0 && ints.item[i] <= 17);
#undef ANEW
	}
}

#endif
