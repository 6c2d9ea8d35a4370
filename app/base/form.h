/*
 * Form: what a visitor sent, whole, whichever way it came.
 *
 * A query string, an urlencoded or multipart body and a JSON document all
 * become the same flat list of named fields, so one ASK serves pages and API.
 * Nothing is lost: many lines, empty values, repeated names. JSON objects
 * nest by a dot ("guest.name"), lists repeat their name. NUL and bad
 * UTF-8 are refused where they stand, by field.
 *
 * The readers below never fail: a value that will not do is written down as a
 * fault (field and text key) and a harmless value is returned. visit looks
 * whether there are faults before it asks the database anything.
 */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "date.h"

#define FORM_FIELDS_MOST	512	/* fields in one request; more is refused as form.too_many */
#define FORM_NAME_MOST		256	/* bytes of a field's name, dots included; more is form.long on field "" */
#define FORM_DEPTH_MOST		16	/* objects and lists inside each other */

enum form_type { FORM_WORD, FORM_NUMBER, FORM_BOOL, FORM_FILE };	/* what JSON said; pages say FORM_WORD */

struct form_field {
	const char		*name;
	const char		*value;		/* NUL behind it; NUL inside only in files */
	size_t			 length;
	const char		*filename;	/* files: as sent, not to be trusted */
	enum form_type		 type;
	bool			 json;		/* from a JSON document: type is meant and checked strictly */
	struct form_field	*next;
};

struct form_fault {
	const char		*field;
	const char		*key;		/* text key, e.g. form.missing */
	struct form_fault	*next;
};

struct form {
	struct arena		*arena;
	struct form_field	*first, *last;
	struct form_fault	*fault, *fault_last;
	size_t			 count;		/* fields sent, the refused ones too */
	bool			 json;		/* a JSON document was read */
	bool			 broken;	/* the bytes themselves were bad: 400, not 422 */
};

struct id_list  { size_t count; const int64_t *item; };
struct int_list { size_t count; const int32_t *item; };

void	form_open(struct form *, struct arena *);
/*
 * Each adds its fields, or adds a fault and sets broken. Field "" names the document itself.
 * form.bytes: NUL, bad UTF-8, bad percent escape, bad multipart framing. JSON besides: form.json
 * (not one object of RFC 8259, or too deep), form.repeated (a key twice), form.range (a whole
 * number beyond 64 bits), form.word (a list right inside a list). A fraction or exponent stays as
 * sent and no reader takes it; null is an empty value. Nothing points into the bytes given.
 */
/* Also application/x-www-form-urlencoded. */
void	form_read_query(struct form *, const char *, size_t length);
/* RFC 7578. A part with a filename, even an empty one, is a file; filename* is ignored. */
void	form_read_multipart(struct form *, const char *content_type, const char *body, size_t length);
void	form_read_json(struct form *, const char *body, size_t length);

/* A field that came another way: a part of the path. The bytes are copied; bad ones set broken. */
void	form_add(struct form *, const char *name, size_t name_length, const char *value, size_t length);

/* As typed, for drawing the form again; NULL when absent or a file. nth counts from 0. */
const char			*form_typed(const struct form *, const char *name);
const struct form_field		*form_nth(const struct form *, const char *name, size_t nth);
size_t				 form_count(const struct form *, const char *name);
/* The fault of a field, or NULL. */
const char			*form_fault_of(const struct form *, const char *field);
/* Copies both. A field keeps its first fault: later ones mostly follow from it. */
void				 form_refuse(struct form *, const char *field, const char *key);

/*
 * Readers. A required field that is absent or blank: form.missing. Wrong shape or wrong JSON type:
 * form.id, form.date, form.int, form.phone, or form.word (also a control character, more than one
 * line, a file). Wrong size: form.short, form.long, form.range. A scalar sent twice: form.repeated;
 * too many in a list: form.too_many.
 */
int64_t		 form_id(struct form *, const char *name);			/* 1 … 2^53-1, else 0 */
int64_t		 form_id_or_none(struct form *, const char *name);		/* 0 when absent or blank */
int64_t		 form_fen_or_none(struct form *, const char *name);		/* 0 … 10^12, -1 when absent or blank */
/* Yuan as people write them, "1,280.50" or "¥88", in fen: 1 … 10^12. JSON: whole fen under <name>_fen. 0 when refused (form.yuan). */
int64_t		 form_yuan(struct form *, const char *name);
struct date	 form_date(struct form *, const char *name);			/* DATE_NONE when refused */
struct date	 form_date_or_none(struct form *, const char *name);		/* DATE_NONE when absent or blank */
int32_t		 form_int(struct form *, const char *name, int32_t least, int32_t most);	/* least when refused */
int32_t		 form_int_or(struct form *, const char *name, int32_t least, int32_t most, int32_t otherwise);
/* Checkbox: on, true, 1, yes; absent, blank, off, false, 0, no: false; else form.word. JSON: true or false. */
bool		 form_yes(struct form *, const char *name);
/*
 * One line, blanks trimmed at both ends (also U+3000); least and most count code points. Never NULL,
 * "" when refused. With least 0 it may be absent or blank.
 */
const char	*form_line(struct form *, const char *name, size_t least, size_t most);
const char	*form_line_or_none(struct form *, const char *name, size_t most);	/* NULL when absent or blank */
/* Many lines, CRLF and CR made LF; "" when absent. Tabs stay. */
const char	*form_text(struct form *, const char *name, size_t most);
/* Untrimmed, for passwords: bytes as sent, at most `most`; "" and form.missing when absent. */
const char	*form_secret(struct form *, const char *name, size_t most);
/*
 * A mainland mobile number (11 digits, +86 or 0086 dropped) or an international one (+ or 00, then 8 to
 * 15 digits, said with +). Blanks, dashes and brackets dropped, full-width digits understood.
 */
const char	*form_phone(struct form *, const char *name);
/* At least one. */
struct id_list	 form_ids(struct form *, const char *name, size_t most);
/* May be empty; blank values skipped. */
struct int_list	 form_ints(struct form *, const char *name, int32_t least, int32_t most, size_t count_most);

#endif
