/*
 * What the readers of form share: bytes as they came, and how they become
 * fields or faults. form_read.c, form_query.c, form_multipart.c and
 * form_json.c write a form with it, form.c reads it. Nobody else looks here.
 */
#ifndef BASE_FORM_READ_H
#define BASE_FORM_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form.h"

/* A piece of what was sent; not ours, and no NUL stands behind it. */
struct slice {
	const char	*at;
	size_t		 length;
};

bool			 form_is_blank(char);				/* a space or a tab */
bool			 form_is_word(struct slice, const char *word);	/* whatever the case of its letters */
int			 form_hex(char digit);				/* -1 when it is none */
/* Digits with an optional minus, as an int64; false when there is other text or no room for them. */
bool			 form_whole_number(struct slice, int64_t *);
/* UTF-8 without a NUL. */
bool			 form_is_text(const char *, size_t length);

/* The bytes are to blame, not what they mean. */
void			 form_refuse_bytes(struct form *, const char *field, const char *key);
/* One more field was sent; false when that is too many and reading stops. Refused ones count too: they cost as much. */
bool			 form_count_sent(struct form *);
/* Whether it may name a field; if not, that is refused. */
bool			 form_take_name(struct form *, const char *name, size_t length);
/* The name is good and counted, all bytes are the arena's. NULL when the value is no text and was refused. */
struct form_field	*form_take(struct form *, const char *name, const char *value, size_t length, enum form_type);

#endif
