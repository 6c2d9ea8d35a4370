/*
 * What a visit reads of its request: headers, cookies, addresses, body, and
 * whether a post comes from a page of ours. The meaning of fields is the use
 * case's business.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "place.h"
#include "visit_state.h"

#define STAYS_MOST 20 /* kept on a device */

const char *
visit_header(struct visit *v, const char *name)
{
	const char *value;

	if (v->state->request == NULL || http_request_header(v->state->request, name, &value) != KORE_RESULT_OK)
		return (NULL);
	return (value);
}

const char *
visit_cookie(struct visit *v, const char *name)
{
	const char *p = v->state->cookies;
	char wanted[64];
	size_t length = (size_t)snprintf(wanted, sizeof(wanted), "%s%s=", v->state->secure ? "__Host-" : "", name);

	while (p != NULL && *p != '\0') {
		p += strspn(p, "; ");
		if (strncmp(p, wanted, length) == 0)
			return (arena_copy(v->arena, p + length, strcspn(p + length, ";")));
		p = strchr(p, ';');
	}
	return (NULL);
}

const char *
visit_host(struct visit *v, bool *loopback)
{
	*loopback = v->state->loopback;
	return (v->state->host);
}

bool
visit_is_inside(struct visit *v)
{
	const struct http_request *request = v->state->request;

	return (request != NULL && strcmp(request->owner->owner->server->name, "metrics") == 0);
}

const char *
visit_method(struct visit *v)
{
	return (v->state->method);
}

const char *
visit_here(struct visit *v)
{
	return (v->query[0] != '\0' ? arena_format(v->arena, "%s?%s", v->path, v->query) : v->path);
}

static void
add_pair(struct buffer *out, bool *first, const char *name, const char *value)
{
	buffer_word(out, *first ? "?" : "&");
	*first = false;
	html_url_add(out, name);
	buffer_word(out, "=");
	html_url_add(out, value);
}

/* The query has been read into the form, and parts of the path before it; those have no place here. */
static const char *
vary(struct visit *v, const char *field, const char *without, const char *value)
{
	struct buffer out;
	struct form query;
	bool first = true;

	form_open(&query, v->arena);
	form_read_query(&query, v->query, strlen(v->query));
	buffer_open(&out, v->arena, 256);
	buffer_word(&out, v->path);
	for (const struct form_field *f = query.first; f != NULL; f = f->next)
		if (f->length > 0 &&
		    (strcmp(f->name, field) != 0 || (without != NULL && strcmp(f->value, without) != 0)))
			add_pair(&out, &first, f->name, f->value);
	if (value != NULL)
		add_pair(&out, &first, field, value);
	return (out.at);
}

const char *
visit_vary_link(struct visit *v, const char *field, const char *value)
{
	return (vary(v, field, NULL, value));
}

const char *
visit_without_link(struct visit *v, const char *field, const char *value)
{
	return (vary(v, field, value, NULL));
}

const char *
visit_card_link(struct visit *v)
{
	return (arena_format(v->arena, "%s%s", v->village.base_url, v->card.path));
}

const char *
visit_tiles(const char **by)
{
	const char *tiles = getenv("TILES");
	bool some = tiles != NULL && tiles[0] != '\0';

	*by = some ? getenv("TILES_BY") : NULL;
	return (some ? tiles : NULL);
}

const char *
visit_map_link(struct visit *v, int32_t latitude_e6, int32_t longitude_e6, const char *name)
{
	return (place_map_link(v->arena, latitude_e6, longitude_e6, name));
}

static const char *
address_text(struct visit *v, char out[INET6_ADDRSTRLEN])
{
	const char *told = visit_header(v, "x-real-ip"); /* the door keeps it from our proxies only */
	const struct connection *c = v->state->request != NULL ? v->state->request->owner : NULL;

	out[0] = '\0';
	if (told != NULL)
		(void)snprintf(out, INET6_ADDRSTRLEN, "%s", told);
	else if (c != NULL && c->family == AF_INET)
		(void)inet_ntop(AF_INET, &c->addr.ipv4.sin_addr, out, INET6_ADDRSTRLEN);
	else if (c != NULL && c->family == AF_INET6)
		(void)inet_ntop(AF_INET6, &c->addr.ipv6.sin6_addr, out, INET6_ADDRSTRLEN);
	return (out);
}

struct bytes
visit_address(struct visit *v)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char raw[16];
	size_t length = 4;

	(void)address_text(v, text);
	if (inet_pton(AF_INET, text, raw) != 1) {
		length = 8; /* one household has 2^64 IPv6 addresses */
		if (inet_pton(AF_INET6, text, raw) != 1)
			length = 0;
	}
	return (secret_mark(v->arena, "address", raw, length));
}

static bool
is_token(const char *text)
{
	return (text != NULL && strlen(text) == SECRET_TEXT - 1 &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == SECRET_TEXT - 1);
}

struct bytes
visit_device(struct visit *v)
{
	const char *device = v->state->device;

	if (device == NULL)
		return ((struct bytes){NULL, 0});
	return (secret_mark(v->arena, "device", device, strlen(device)));
}

struct bytes
visit_session(struct visit *v)
{
	const char *token = visit_cookie(v, "session");

	if (!is_token(token))
		return ((struct bytes){NULL, 0});
	return (secret_hash_of(v->arena, token));
}

const char *
visit_bearer(struct visit *v)
{
	const char *value = visit_header(v, "authorization");

	return (value != NULL && strncasecmp(value, "Bearer ", 7) == 0 ? value + 7 : NULL);
}

struct bytes
visit_request_hash(struct visit *v)
{
	struct buffer all;

	buffer_open(&all, v->arena, 1024);
	for (const struct form_field *f = v->form.first; f != NULL; f = f->next) {
		if (strcmp(f->name, "token") == 0 || strcmp(f->name, "key") == 0)
			continue;
		buffer_add(&all, f->name, strlen(f->name) + 1);
		buffer_add(&all, f->value, f->length);
		buffer_add(&all, "", 1);
	}
	return (secret_sha256(v->arena, all.at, all.length));
}

/* The cookie "stays": code.secret pairs, the newest first, parted by ~. */
static const char *
stays_cookie(struct visit *v)
{
	const char *all = visit_cookie(v, "stays");

	return (all != NULL ? all : "");
}

static const char *
nth_stay(const char *all, size_t nth, size_t *length)
{
	while (*all != '\0') {
		*length = strcspn(all, "~");
		if (nth-- == 0)
			return (all);
		all += *length + (all[*length] == '~');
	}
	return (NULL);
}

size_t
visit_stay_count(struct visit *v)
{
	const char *all = stays_cookie(v);
	size_t count = 0, length;

	while (count < STAYS_MOST && nth_stay(all, count, &length) != NULL)
		count++;
	return (count);
}

const char *
visit_stay_code(struct visit *v, size_t nth)
{
	size_t length;
	const char *pair = nth_stay(stays_cookie(v), nth, &length);

	return (pair != NULL ? arena_copy(v->arena, pair, strcspn(pair, ".~")) : "");
}

const char *
visit_stay_secret(struct visit *v, const char *code)
{
	const char *all = stays_cookie(v), *pair;
	size_t length, code_length = strlen(code);

	for (size_t i = 0; (pair = nth_stay(all, i, &length)) != NULL; i++)
		if (length > code_length && strncasecmp(pair, code, code_length) == 0 && pair[code_length] == '.')
			return (arena_copy(v->arena, pair + code_length + 1, length - code_length - 1));
	return ("");
}

void
visit_keep_stay(struct visit *v, const char *code, const char *secret)
{
	struct buffer out;
	const char *all = stays_cookie(v), *pair;
	size_t length, code_length = strlen(code), kept = 0;

	buffer_open(&out, v->arena, 256);
	if (secret != NULL) {
		buffer_word(&out, arena_format(v->arena, "%s.%s", code, secret));
		kept++;
	}
	for (size_t i = 0; kept < STAYS_MOST && (pair = nth_stay(all, i, &length)) != NULL; i++) {
		if (strncasecmp(pair, code, code_length) == 0)
			continue;
		if (kept > 0)
			buffer_word(&out, "~");
		buffer_add(&out, pair, length);
		kept++;
	}
	visit_set_cookie(v, "stays", kept > 0 ? out.at : "", kept > 0 ? 400 * 86400 : 0);
}

void
visit_new_session(struct visit *v, const char *token)
{
	v->state->new_session = token;
}

void
visit_keep_session(struct visit *v, int seconds)
{
	visit_set_cookie(v, "session", seconds > 0 ? v->state->new_session : "", seconds);
	/* Who has gone shall not find the doors of the house on pages that ask nobody. */
	if (seconds <= 0)
		visit_set_cookie(v, "hint", "", 0);
}

void
visit_note(struct visit *v, const char *word)
{
	v->state->noted = word;
}

const char *
visit_noted(struct visit *v)
{
	return (v->state->noted != NULL ? v->state->noted : "");
}

/* Said only when it changes, so that an answer rarely sets it. */
void
visit_read_account(struct visit *v)
{
	struct visit_hint is = {v->account.person != 0, v->account.house != 0, v->account.association}, was = v->hint;

	v->hint = is;
	if (is.signed_in != was.signed_in || is.house != was.house || is.desk != was.desk)
		visit_set_cookie(v, "hint",
		    is.signed_in ? (is.house	     ? (is.desk ? "hd" : "h")
					   : is.desk ? "d"
						     : "-")
				 : "",
		    is.signed_in ? 400 * 86400 : 0);
}

/* --- the form -------------------------------------------------------------- */

void
visit_form_token(struct visit *v)
{
	static const char before[] = "<input type=\"hidden\" name=\"token\" value=\"";

	if (v->state->device == NULL) {
		v->state->device = secret_token(v->arena);
		visit_set_cookie(v, "device", v->state->device, 400 * 86400);
	}
	html_raw(visit_html(v), before, sizeof(before) - 1);
	html_word(visit_html(v), secret_form_token(v->arena, v->state->device));
	html_raw(visit_html(v), "\">", 2);
}

/* A post must come from a page of ours: the masked token of this device, and no other origin by what the browser says. */
bool
visit_is_forged(struct visit_state *s)
{
	const char *origin = visit_header(&s->v, "origin"), *site = visit_header(&s->v, "sec-fetch-site");
	const char *token = form_typed(&s->v.form, "token");

	if (origin != NULL) {
		const char *host = strstr(origin, "://");

		if (host == NULL || strcasecmp(host + 3, visit_header(&s->v, "host")) != 0)
			return (true);
	}
	if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return (true);
	return (s->device == NULL || token == NULL || !secret_form_token_right(s->device, token));
}

/* Parameters may follow, another letter may not: application/jsonp is something else. */
static bool
is_type(const char *said, const char *type)
{
	size_t length = strlen(type);

	return (strncasecmp(said, type, length) == 0 && strchr(" \t;", said[length]) != NULL);
}

bool
visit_read_body(struct visit_state *s)
{
	struct http_request *request = s->request;
	const char *type = visit_header(&s->v, "content-type");
	size_t length = request->http_body_length, done = 0;
	struct form *form = &s->v.form;
	char *body;

	if (length == 0)
		return (true);
	body = arena_take(s->v.arena, length + 1);
	while (done < length) {
		ssize_t n = http_body_read(request, body + done, length - done);

		if (n <= 0)
			return (false);
		done += (size_t)n;
	}
	if (type == NULL)
		type = "";
	if (is_type(type, "application/json"))
		form_read_json(form, body, length);
	else if (is_type(type, "multipart/form-data") && !s->v.json)
		form_read_multipart(form, type, body, length);
	else if (is_type(type, "application/x-www-form-urlencoded") && !s->v.json)
		form_read_query(form, body, length);
	else
		return (false);
	return (true);
}

/* --- the visitor ----------------------------------------------------------- */

static char *
lower(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_copy(arena, text, length);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return (copy);
}

static bool
host_is_loopback(const char *host)
{
	return (strcmp(host, "127.0.0.1") == 0 || strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0);
}

void
visit_read_visitor(struct visit_state *s)
{
	struct visit *v = &s->v;
	const char *lang, *host = visit_header(v, "host"), *proto = visit_header(v, "x-forwarded-proto"), *device,
			  *said, *hint;
	size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	s->host = lower(v->arena, host, length);
	s->loopback = host_is_loopback(s->host) && visit_header(v, "x-real-ip") == NULL;
	s->secure = proto != NULL && strcmp(proto, "https") == 0;
	s->cookies = visit_header(v, "cookie");
	lang = visit_cookie(v, "lang");
	v->lang = lang != NULL && strcmp(lang, "en") == 0 ? LANG_EN
	    : lang != NULL && strcmp(lang, "zh") == 0	  ? LANG_ZH
							  : lang_choose(visit_header(v, "accept-language"));
	device = visit_cookie(v, "device");
	s->device = is_token(device) ? device : NULL;
	hint = visit_cookie(v, "hint");
	if (hint != NULL)
		v->hint = (struct visit_hint){true, strchr(hint, 'h') != NULL, strchr(hint, 'd') != NULL};
	said = visit_cookie(v, "said");
	v->notice = said != NULL && lang_find(said) >= 0 ? said : NULL;
}
