/*
 * Form, a body in parts: RFC 7578 over RFC 2046. Finds the boundary, the
 * name of each part and its bytes; files are kept as sent. What a file is and
 * whether it will do is left to those who take it.
 */
#define _GNU_SOURCE 1 /* memmem */

#include <string.h>
#include <strings.h>

#include "form_read.h"

#define BOUNDARY_MOST 70 /* RFC 2046, 5.1.1 */

static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && form_is_blank(*at))
		at++;
	return (at);
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
	while (at < end && *at != '=' && *at != ';' && *at != '"' && !form_is_blank(*at))
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
		while (at < end && *at != ';' && *at != '"' && !form_is_blank(*at))
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
		if (!form_is_word(name, "boundary"))
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
		struct slice *wanted = form_is_word(name, "name") ? &given
		    : form_is_word(name, "filename")		  ? &file
								  : NULL;

		if (wanted == NULL)
			continue;
		if (wanted->at != NULL)
			break;
		*wanted = value;
	}
	if (given.at == NULL || !form_take_name(form, given.at, given.length)) {
		part->fault = "";
		return;
	}
	part->name = given.at;
	part->filename = file.at;
	if (got != PARAMETER_NONE || (file.at != NULL && !form_is_text(file.at, file.length)))
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
	while (end > value.at && form_is_blank(end[-1]))
		end--;
	value.length = (size_t)(end - value.at);
	if (form_is_word(name, "content-disposition"))
		read_disposition(form, part, value);
	else if (form_is_word(name, "content-transfer-encoding") && !form_is_word(value, "binary") &&
	    !form_is_word(value, "8bit") && !form_is_word(value, "7bit"))
		/* RFC 7578, 4.7 retired the others; stored as sent they would be garbage. */
		part->fault = part->name != NULL ? part->name : "";
}

/* One part, from its first header line to the CRLF of the next boundary; `at` is behind that when it has no line. */
static bool
read_part(struct form *form, const char *at, const char *end)
{
	struct part part = {NULL, NULL, NULL};
	struct form_field *field;
	const char *stop;
	bool named = false;

	if (!form_count_sent(form))
		return (false);
	/* A blank line ends the headers; without a value it may be the CRLF of the boundary itself. */
	while (at < end && (stop = memmem(at, (size_t)(end + 2 - at), "\r\n", 2)) != at) {
		/* Folded lines go with the header they belong to; only a name is not put together from pieces. */
		if (stop == NULL || stop == end || (form_is_blank(*at) && named)) {
			part.fault = part.name != NULL ? part.name : "";
		} else if (!form_is_blank(*at)) {
			named = part.name != NULL;
			read_part_header(form, &part, (struct slice){at, (size_t)(stop - at)});
			named = !named && part.name != NULL;
		}
		if (part.fault != NULL)
			break;
		at = stop + 2;
	}
	if (part.fault != NULL || part.name == NULL) {
		form_refuse_bytes(form, part.fault != NULL ? part.fault : "", "form.bytes");
		return (true);
	}
	if (at < end)
		at += 2;
	field = form_take(form, part.name, arena_copy(form->arena, at, (size_t)(end - at)), (size_t)(end - at),
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
		form_refuse_bytes(form, "", "form.bytes");
}
