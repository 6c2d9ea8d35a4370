/*
 * JSON writer. Commas and escapes are its business; the caller opens and
 * closes. name is NULL inside a list.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>

#include "arena.h"
#include "date.h"

struct json {
	struct buffer	out;
	bool		comma;
};

void	json_open(struct json *, struct arena *);
void	json_object(struct json *, const char *name);
void	json_object_end(struct json *);
void	json_list(struct json *, const char *name);
void	json_list_end(struct json *);
void	json_null(struct json *, const char *name);
void	json_word(struct json *, const char *name, const char *value);	/* NULL writes null */
void	json_int(struct json *, const char *name, int64_t);
void	json_degrees(struct json *, const char *name, int32_t millionths);	/* 113.372882 */
void	json_bool(struct json *, const char *name, bool);
void	json_date(struct json *, const char *name, struct date);	/* DATE_NONE writes null */
void	json_moment(struct json *, const char *name, struct moment);	/* never or none writes null */

#endif
