/*
 * The ends of a visit and how its answer goes out: headers, cookies,
 * compression, and bytes that are handed to Kore without a copy.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zlib.h>

#include "log.h"
#include "visit_state.h"

#define GZIP_LEAST 1024 /* bytes; less is not worth the work */

struct html *
visit_html(struct visit *v)
{
	struct visit_state *s = v->state;

	if (!s->html_open) {
		html_open(
		    &s->html, v->arena, v->lang, v->village.name != NULL ? v->village.today : (struct date){DATE_NONE});
		s->html_open = true;
	}
	return (&s->html);
}

static void
end_with(struct visit *v, int status, const char *type, const void *body, size_t length)
{
	struct visit_state *s = v->state;

	if (s->ended) {
		log_line("visit", "%s ended twice", s->route != NULL ? s->route->use : v->path);
		return;
	}
	s->ended = true;
	s->status = status;
	s->type = type;
	s->body = body;
	s->length = length;
}

void
visit_page(struct visit *v, int status)
{
	struct html *h = visit_html(v);

	/* A notice is said once. */
	if (v->notice != NULL)
		visit_set_cookie(v, "said", "", 0);
	/* A form that was refused answers with why. */
	if (v->refusal != NULL && status == 200)
		status = v->refusal->status;
	end_with(v, status, "text/html; charset=utf-8", h->out.at, h->out.length);
}

void
visit_plain(struct visit *v, int status, const char *type, const char *body, size_t length)
{
	end_with(v, status, type, body, length);
}

struct json *
visit_json(struct visit *v)
{
	json_open(&v->state->out, v->arena);
	json_object(&v->state->out, NULL);
	return (&v->state->out);
}

void
visit_json_end(struct visit *v, int status)
{
	json_object_end(&v->state->out);
	end_with(v, status, "application/json", v->state->out.out.at, v->state->out.out.length);
}

void
visit_problem_end(struct visit *v, int status)
{
	visit_json_end(v, status);
	v->state->type = "application/problem+json";
}

void
visit_redirect(struct visit *v, const char *path)
{
	/* One slash and no control characters: nobody is led elsewhere, no header is split. */
	if (path[0] != '/' || path[1] == '/' || path[1] == '\\' || strpbrk(path, "\r\n") != NULL)
		path = "/";
	visit_reply_header(v, "location", path);
	end_with(v, 303, "text/plain", "", 0);
}

void
visit_redirect_said(struct visit *v, const char *path, const char *text_key)
{
	visit_set_cookie(v, "said", text_key, 60);
	visit_redirect(v, path);
}

void
visit_not_there(struct visit *v)
{
	fault_draw(v, 404, "fault.not_there");
}

void
visit_file(struct visit *v, const char *type, const char *name, const char *body, size_t length)
{
	visit_reply_header(v, "content-disposition", arena_format(v->arena, "attachment; filename=\"%s\"", name));
	end_with(v, 200, type, body, length);
}

void
visit_asset(struct visit *v, const struct media_asset *asset)
{
	struct visit_state *s = v->state;
	bool packed = asset->gzip != NULL && visit_accepts_gzip(s);

	s->constant = true;
	s->packed = packed;
	s->cache = strcmp(asset->url, v->path) == 0 ? -1 : 300;
	/* The fingerprint in its name is its validator. */
	s->etag = arena_format(v->arena, "\"%s%s\"", asset->url + 7, packed ? "-gz" : "");
	if (asset->gzip != NULL)
		visit_reply_header(v, "vary", "accept-encoding");
	end_with(v, 200, asset->type, packed ? asset->gzip : asset->bytes, packed ? asset->gzip_length : asset->length);
}

static void
end_photo(struct visit *v, struct media_photo *photo)
{
	struct visit_state *s = v->state;

	s->photo = photo;
	s->cache = -1;
	s->etag = arena_format(v->arena, "\"%s\"", photo->name);
	end_with(v, 200, photo->type, photo->bytes, photo->length);
}

bool
visit_photo_known(struct visit *v, const char *name)
{
	struct media_photo *photo = media_photo_find(name);

	if (photo == NULL)
		return (false);
	end_photo(v, photo);
	return (true);
}

void
visit_photo_new(struct visit *v, const char *name, const char *type, struct bytes bytes)
{
	struct media_photo *photo = media_photo_find(name);

	/* Two visits may have fetched it side by side. */
	end_photo(v, photo != NULL ? photo : media_photo_keep(name, type, bytes.at, bytes.length));
}

bool
visit_hex(struct visit *v, const char *hex, struct bytes *out)
{
	return (secret_unhex(v->arena, hex, out));
}

/* --- headers ---------------------------------------------------------------- */

void
visit_reply_header(struct visit *v, const char *name, const char *value)
{
	struct visit_state *s = v->state;
	struct reply_header *header;

	if (strpbrk(value, "\r\n") != NULL)
		return; /* a value that would be a header of its own */
	header = arena_take(v->arena, sizeof(*header));
	header->name = name;
	header->value = value;
	if (s->header_last != NULL)
		s->header_last->next = header;
	else
		s->header = header;
	s->header_last = header;
}

void
visit_set_cookie(struct visit *v, const char *name, const char *value, int seconds)
{
	bool secure = v->state->secure;

	visit_reply_header(v, "set-cookie",
	    arena_format(v->arena, "%s%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", secure ? "__Host-" : "",
		name, value, seconds, secure ? "; Secure" : ""));
}

void
visit_may_return(struct visit *v)
{
	v->state->cache = -2;
}

void
visit_may_cache(struct visit *v, int seconds)
{
	v->state->cache = seconds;
}

bool
visit_accepts_gzip(struct visit_state *s)
{
	const char *accept = visit_header(&s->v, "accept-encoding"), *gzip;

	if (accept == NULL || (gzip = strstr(accept, "gzip")) == NULL)
		return (false);
	gzip += strcspn(gzip, ",;");
	return (strncmp(gzip, ";q=0", 4) != 0 || (gzip[4] == '.' && strspn(gzip + 5, "0") != strcspn(gzip + 5, ",")));
}

static void
compress_body(struct visit_state *s)
{
	static z_stream stream;
	static bool ready;
	size_t room;
	char *out;

	if (!ready && deflateInit2(&stream, 2, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	ready = true;
	(void)deflateReset(&stream);
	room = deflateBound(&stream, s->length);
	out = arena_take(s->v.arena, room);
	stream.next_in = (z_const Bytef *)(uintptr_t)s->body;
	stream.avail_in = (uInt)s->length;
	stream.next_out = (Bytef *)out;
	stream.avail_out = (uInt)room;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		return;
	s->body = out;
	s->length = room - stream.avail_out;
	s->packed = true;
}

/* Where what a page loads may come from: here; the map's pictures also from the tile server, if there is one. */
static const char *
content_policy(void)
{
	static char policy[512];
	const char *by, *tiles = visit_tiles(&by), *host = tiles != NULL ? strstr(tiles, "://") : NULL;

	if (policy[0] != '\0')
		return (policy);
	(void)snprintf(policy, sizeof(policy),
	    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");
	/* As a source it may hold no blank, semicolon or comma; {s} stands for any part of a host. */
	if (host != NULL && strcspn(tiles, " ;,") == strlen(tiles)) {
		size_t length = strlen(policy), end = (size_t)(host - tiles) + 3 + strcspn(host + 3, "/");

		if (strncmp(host + 3, "{s}.", 4) == 0)
			(void)snprintf(policy + length, sizeof(policy) - length, "; img-src 'self' %.*s*%.*s",
			    (int)(host - tiles) + 3, tiles, (int)(end - (size_t)(host - tiles) - 6), host + 6);
		else
			(void)snprintf(
			    policy + length, sizeof(policy) - length, "; img-src 'self' %.*s", (int)end, tiles);
	}
	return (policy);
}

static void
security_headers(struct visit_state *s)
{
	struct http_request *r = s->request;

	http_response_header(r, "content-security-policy", content_policy());
	http_response_header(r, "x-content-type-options", "nosniff");
	http_response_header(r, "referrer-policy", "same-origin");
	http_response_header(r, "cross-origin-opener-policy", "same-origin");
	http_response_header(r, "permissions-policy", "camera=(), microphone=(), payment=(), geolocation=(self)");
	if (s->secure)
		http_response_header(r, "strict-transport-security", "max-age=63072000; includeSubDomains");
}

static void
cache_headers(struct visit_state *s)
{
	struct http_request *r = s->request;

	if (s->cache == -1)
		http_response_header(r, "cache-control", "public, max-age=31536000, immutable");
	else if (s->cache == -2 && s->status == 200)
		http_response_header(r, "cache-control", "private, no-cache");
	else if (s->cache > 0 && s->status == 200)
		http_response_header(r, "cache-control",
		    arena_format(s->v.arena, "%s, max-age=%d", s->constant ? "public" : "private", s->cache));
	else
		http_response_header(r, "cache-control", "no-store");
	if (s->etag != NULL)
		http_response_header(r, "etag", s->etag);
}

static bool
is_text(const char *type)
{
	return (strncmp(type, "text/", 5) == 0 || strstr(type, "json") != NULL || strstr(type, "svg") != NULL);
}

/* The netbuf is done with our bytes: sent, or dropped with the connection. */
static int
sent(struct netbuf *netbuf)
{
	visit_let_go(netbuf->extra);
	return (KORE_RESULT_OK);
}

static void
count_and_log(struct visit_state *s)
{
	static const uint64_t steps[FIGURES_STEPS - 1] = {1000, 2000, 5000, 10000, 20000, 50000, 200000};
	struct timespec now;
	uint64_t took;
	size_t step = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	took = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000 - s->began;
	while (step < FIGURES_STEPS - 1 && took > steps[step])
		step++;
	figures_own->within[step]++;
	figures_own->status[s->status / 100]++;
	figures_own->microseconds += took;
	figures_own->bytes += s->length;
	log_request(&(struct log_request){
	    .id = s->v.request_id,
	    .method = s->method,
	    .route = s->route != NULL ? s->route->path : "(none)",
	    .village = s->host,
	    .status = s->status,
	    .microseconds = took,
	    .bytes = s->length,
	    .refused = s->refused,
	    .trouble = s->trouble,
	});
}

void
visit_reply(struct visit_state *s)
{
	struct http_request *r = s->request;
	const char *known = visit_header(&s->v, "if-none-match");
	bool head = strcmp(s->method, "HEAD") == 0;

	s->replied = true;
	if (s->etag != NULL && known != NULL && s->status == 200 && strstr(known, s->etag) != NULL) {
		s->status = 304;
		s->length = 0;
	}
	if (s->length >= GZIP_LEAST && !s->packed && !s->constant && is_text(s->type) && visit_accepts_gzip(s))
		compress_body(s);
	if (s->length > 0 || s->status == 200)
		http_response_header(r, "content-type", s->type);
	if (s->packed)
		http_response_header(r, "content-encoding", "gzip");
	if (!s->constant && s->photo == NULL)
		http_response_header(r, "vary", "accept-encoding, accept-language, cookie");
	http_response_header(r, "x-request-id", s->v.request_id);
	security_headers(s);
	cache_headers(s);
	for (const struct reply_header *h = s->header; h != NULL; h = h->next)
		http_response_header(r, h->name, h->value);
	count_and_log(s);
	if (head || s->length == 0) {
		http_response(r, s->status, s->body, s->length);
		return;
	}
	s->holds++;
	http_response_stream(r, s->status, (void *)(uintptr_t)s->body, s->length, sent, s);
}
