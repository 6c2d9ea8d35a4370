/*
 * Between C structs and PostgreSQL's binary format, by shape.
 *
 * The formats are those of the send and receive functions of PostgreSQL 15
 * (int8send, array_send, record_send …): big endian, arrays with one dimension
 * and their element's type, rows with a type and a length before each field.
 * Whatever does not look so is answered by false, never by a guess.
 */
#include <string.h>

#include "db.h"

/* Type numbers of pg_type that never change. */
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_INT4 23
#define OID_TEXT 25

struct reader {
	const uint8_t *at;
	size_t left;
};

static bool
take_bytes(struct reader *r, size_t length, const uint8_t **out)
{
	if (r->left < length)
		return (false);
	*out = r->at;
	r->at += length;
	r->left -= length;
	return (true);
}

static uint64_t
big_endian(const uint8_t *p, size_t length)
{
	uint64_t value = 0;

	while (length-- > 0)
		value = value << 8 | *p++;
	return (value);
}

static bool
take_int(struct reader *r, int32_t *out)
{
	const uint8_t *p;

	if (!take_bytes(r, 4, &p))
		return (false);
	*out = (int32_t)big_endian(p, 4);
	return (true);
}

static char *
put(char *at, uint64_t value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		at[i] = (char)(value >> (8 * (length - 1 - i)));
	return (at + length);
}

/* --- out ---------------------------------------------------------------- */

static uint32_t
element_oid(enum db_type type)
{
	switch (type) {
	case DB_BIGINT: return (OID_INT8);
	case DB_INT: return (OID_INT4);
	case DB_BYTES: return (OID_BYTEA);
	default: return (OID_TEXT);
	}
}

static void
element(const struct db_field *field, const void *items, size_t nth, const char **at, size_t *length, char small[8])
{
	const char *const *word = items;
	const struct bytes *raw = items;

	switch (field->type) {
	case DB_BIGINT:
		put(small, (uint64_t)((const int64_t *)items)[nth], 8);
		*at = small;
		*length = 8;
		break;
	case DB_INT:
		put(small, (uint32_t)((const int32_t *)items)[nth], 4);
		*at = small;
		*length = 4;
		break;
	case DB_BYTES:
		*at = (const char *)raw[nth].at;
		*length = raw[nth].length;
		break;
	default:
		*at = word[nth];
		*length = strlen(word[nth]);
		break;
	}
}

static void
ask_list(struct arena *arena, const struct db_field *field, const void *place, struct db_args *out, int nth)
{
	const struct id_list *list = place; /* all lists begin alike: a count and a pointer */
	size_t room = 20, length;
	const char *at;
	char small[8], *start, *p;

	for (size_t i = 0; i < list->count; i++) {
		element(field, list->item, i, &at, &length, small);
		room += 4 + length;
	}
	start = p = arena_take(arena, room);
	p = put(p, list->count == 0 ? 0 : 1, 4);
	p = put(p, 0, 4);
	p = put(p, element_oid(field->type), 4);
	if (list->count > 0) {
		p = put(p, list->count, 4);
		p = put(p, 1, 4);
	}
	for (size_t i = 0; i < list->count; i++) {
		element(field, list->item, i, &at, &length, small);
		p = put(p, length, 4);
		memcpy(p, at, length);
		p += length;
	}
	out->value[nth] = start;
	out->length[nth] = (int)(p - start);
}

static bool
is_null(const struct db_field *field, const char *place)
{
	switch (field->type) {
	case DB_BIGINT: return (field->maybe && !((const struct maybe_bigint *)(const void *)place)->is);
	case DB_INT: return (field->maybe && !((const struct maybe_int *)(const void *)place)->is);
	case DB_BOOL: return (field->maybe && !((const struct maybe_bool *)(const void *)place)->is);
	case DB_TEXT: return (*(const char *const *)(const void *)place == NULL);
	case DB_DATE: return (((const struct date *)(const void *)place)->day == DATE_NONE);
	case DB_MOMENT: return (((const struct moment *)(const void *)place)->us == MOMENT_NONE);
	case DB_BYTES: return (((const struct bytes *)(const void *)place)->at == NULL);
	default: return (false);
	}
}

/* The place of a number's value: a maybe_… keeps it behind its flag. */
#define VALUE_OF(field, place, plain, wrapped)                                    \
	((field)->maybe ? &((const struct wrapped *)(const void *)(place))->value \
			: (const plain *)(const void *)(place))

static void
ask_one(struct arena *arena, const struct db_field *field, const char *place, struct db_args *out, int nth)
{
	const struct bytes *raw;
	const char *word;
	char *start = NULL;

	if (is_null(field, place)) {
		out->value[nth] = NULL;
		out->length[nth] = 0;
		return;
	}
	switch (field->type) {
	case DB_BIGINT:
		start = arena_take(arena, 8);
		out->length[nth] = 8;
		put(start, (uint64_t)*VALUE_OF(field, place, int64_t, maybe_bigint), 8);
		break;
	case DB_INT:
		start = arena_take(arena, 4);
		out->length[nth] = 4;
		put(start, (uint32_t)*VALUE_OF(field, place, int32_t, maybe_int), 4);
		break;
	case DB_BOOL:
		start = arena_take(arena, 1);
		out->length[nth] = 1;
		*start = *VALUE_OF(field, place, bool, maybe_bool) ? 1 : 0;
		break;
	case DB_DATE:
		start = arena_take(arena, 4);
		out->length[nth] = 4;
		put(start, (uint32_t)((const struct date *)(const void *)place)->day, 4);
		break;
	case DB_MOMENT:
		start = arena_take(arena, 8);
		out->length[nth] = 8;
		put(start, (uint64_t)((const struct moment *)(const void *)place)->us, 8);
		break;
	case DB_BYTES:
		raw = (const struct bytes *)(const void *)place;
		start = arena_copy(arena, (const char *)raw->at, raw->length);
		out->length[nth] = (int)raw->length;
		break;
	default:
		word = *(const char *const *)(const void *)place;
		out->length[nth] = (int)strlen(word);
		start = arena_copy(arena, word, (size_t)out->length[nth]);
		break;
	}
	out->value[nth] = start;
}

void
db_shape_ask(struct arena *arena, const struct db_shape *shape, const void *args, struct db_args *out)
{
	out->count = (int)shape->count;
	for (size_t i = 0; i < shape->count; i++) {
		const struct db_field *field = &shape->field[i];
		const char *place = (const char *)args + field->offset;

		if (field->list)
			ask_list(arena, field, place, out, (int)i);
		else
			ask_one(arena, field, place, out, (int)i);
	}
}

/* --- in ----------------------------------------------------------------- */

static size_t
element_size(const struct db_field *field)
{
	switch (field->type) {
	case DB_BIGINT: return (sizeof(int64_t));
	case DB_INT: return (sizeof(int32_t));
	case DB_TEXT: return (sizeof(char *));
	case DB_BYTES: return (sizeof(struct bytes));
	case DB_ROW: return (field->row->size);
	default: return (0);
	}
}

static bool take_row(struct arena *, const struct db_shape *, char *, struct reader *);

static bool
take_value(struct arena *arena, const struct db_field *field, char *place, const uint8_t *bytes, size_t length)
{
	struct reader inner = {bytes, length};

	switch (field->type) {
	case DB_BIGINT:
		if (length != 8)
			return (false);
		if (field->maybe)
			*(struct maybe_bigint *)(void *)place =
			    (struct maybe_bigint){true, (int64_t)big_endian(bytes, 8)};
		else
			*(int64_t *)(void *)place = (int64_t)big_endian(bytes, 8);
		return (true);
	case DB_INT:
		if (length != 4)
			return (false);
		if (field->maybe)
			*(struct maybe_int *)(void *)place = (struct maybe_int){true, (int32_t)big_endian(bytes, 4)};
		else
			*(int32_t *)(void *)place = (int32_t)big_endian(bytes, 4);
		return (true);
	case DB_BOOL:
		if (length != 1)
			return (false);
		if (field->maybe)
			*(struct maybe_bool *)(void *)place = (struct maybe_bool){true, *bytes != 0};
		else
			*(bool *)(void *)place = *bytes != 0;
		return (true);
	case DB_DATE:
		if (length != 4)
			return (false);
		((struct date *)(void *)place)->day = (int32_t)big_endian(bytes, 4);
		return (true);
	case DB_MOMENT:
		if (length != 8)
			return (false);
		((struct moment *)(void *)place)->us = (int64_t)big_endian(bytes, 8);
		return (true);
	case DB_TEXT: *(const char **)(void *)place = arena_copy(arena, (const char *)bytes, length); return (true);
	case DB_BYTES:
		*(struct bytes *)(void *)place =
		    (struct bytes){(const uint8_t *)arena_copy(arena, (const char *)bytes, length), length};
		return (true);
	case DB_ROW: return (take_row(arena, field->row, place, &inner) && inner.left == 0);
	case DB_UUID: break;
	}
	return (false);
}

static void
set_null(const struct db_field *field, void *place)
{
	/* The row is zeroed: flags of maybe_… are false, words and bytes NULL, lists empty. */
	if (field->type == DB_DATE && !field->list)
		((struct date *)place)->day = DATE_NONE;
	if (field->type == DB_MOMENT && !field->list)
		((struct moment *)place)->us = MOMENT_NONE;
}

static bool
take_list(struct arena *arena, const struct db_field *field, char *place, struct reader *r)
{
	struct db_field one = *field;
	struct id_list *list = (struct id_list *)(void *)place;
	int32_t dimensions, nulls, oid, count, low, length;
	size_t size = element_size(field);
	const uint8_t *bytes;
	char *items;

	one.list = false;
	one.maybe = false;
	if (!take_int(r, &dimensions) || !take_int(r, &nulls) || !take_int(r, &oid) || dimensions > 1 || size == 0)
		return (false);
	if (dimensions == 0)
		return (true);
	if (!take_int(r, &count) || !take_int(r, &low) || count < 0 || (size_t)count > r->left / 4)
		return (false);
	items = arena_take(arena, (size_t)count * size);
	for (int32_t i = 0; i < count; i++) {
		if (!take_int(r, &length) || length < 0 || !take_bytes(r, (size_t)length, &bytes) ||
		    !take_value(arena, &one, items + (size_t)i * size, bytes, (size_t)length))
			return (false);
	}
	list->count = (size_t)count;
	list->item = (const int64_t *)(const void *)items;
	return (r->left == 0);
}

static bool
take_row(struct arena *arena, const struct db_shape *shape, char *row, struct reader *r)
{
	int32_t count, oid, length;
	const uint8_t *bytes;

	if (!take_int(r, &count) || (size_t)count != shape->count)
		return (false);
	for (size_t i = 0; i < shape->count; i++) {
		if (!take_int(r, &oid) || !take_int(r, &length))
			return (false);
		if (length >= 0 && !take_bytes(r, (size_t)length, &bytes))
			return (false);
		if (!db_shape_take(arena, &shape->field[i], row, length < 0 ? NULL : (const char *)bytes, length))
			return (false);
	}
	return (true);
}

bool
db_shape_take(struct arena *arena, const struct db_field *field, void *row, const char *bytes, int length)
{
	char *place = (char *)row + field->offset;
	struct reader r = {(const uint8_t *)bytes, length < 0 ? 0 : (size_t)length};

	if (bytes == NULL) {
		set_null(field, place);
		return (field->maybe || field->list);
	}
	return (field->list ? take_list(arena, field, place, &r) : take_value(arena, field, place, r.at, r.left));
}

/* --- as JSON ------------------------------------------------------------ */

static void
json_value(struct json *j, const struct db_field *field, const char *name, const char *place)
{
	if (field->type != DB_ROW && is_null(field, place)) {
		json_null(j, name);
		return;
	}
	switch (field->type) {
	case DB_BIGINT: json_int(j, name, *VALUE_OF(field, place, int64_t, maybe_bigint)); break;
	case DB_INT: json_int(j, name, *VALUE_OF(field, place, int32_t, maybe_int)); break;
	case DB_BOOL: json_bool(j, name, *VALUE_OF(field, place, bool, maybe_bool)); break;
	case DB_TEXT: json_word(j, name, *(const char *const *)(const void *)place); break;
	case DB_DATE: json_date(j, name, *(const struct date *)(const void *)place); break;
	case DB_MOMENT: json_moment(j, name, *(const struct moment *)(const void *)place); break;
	case DB_ROW:
		json_object(j, name);
		db_json_row(j, field->row, place);
		json_object_end(j);
		break;
	case DB_BYTES:
	case DB_UUID: break;
	}
}

void
db_json_row(struct json *j, const struct db_shape *shape, const void *row)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct db_field *field = &shape->field[i];
		const char *place = (const char *)row + field->offset;
		const struct id_list *list = (const struct id_list *)(const void *)place;
		struct db_field one = *field;

		if (field->type == DB_BYTES)
			continue;
		if (!field->list) {
			json_value(j, field, field->name, place);
			continue;
		}
		one.maybe = false;
		json_list(j, field->name);
		for (size_t n = 0; n < list->count; n++)
			json_value(j, &one, NULL, (const char *)list->item + n * element_size(field));
		json_list_end(j);
	}
}

void
db_json_list(struct json *j, const char *name, const struct db_shape *shape, const void *rows, size_t count)
{
	json_list(j, name);
	for (size_t i = 0; i < count; i++) {
		json_object(j, NULL);
		db_json_row(j, shape, (const char *)rows + i * shape->size);
		json_object_end(j);
	}
	json_list_end(j);
}
