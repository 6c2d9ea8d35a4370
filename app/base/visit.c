/*
 * The way of one request through ASK, CALL and ANSWER.
 *
 *   begin      read request, find route, read form
 *   ask        the use case calls sql_…; village.enter and account.enter stand before in the batch
 *   send       one batch; the request sleeps
 *   answered   ANSWER on rows; on a refusal the form's page is asked and drawn again, with what was typed
 *   reply      visit_reply.c
 *
 * A visitor may be gone at any time: then the answer of the database is
 * dropped, never cancelled. All memory is the visit's arena.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>
#include <kore/tasks.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "place.h"
#include "visit_state.h"

#define PASSWORDS_RUNNING	2	/* in a worker: each takes 64 MiB */
#define PASSWORDS_WAITING	16
#define STAYS_MOST		20	/* kept on a device */

int		 visit_handle(struct http_request *);
void		 visit_call(struct visit *, const struct db_call *, const void *);
const void	*visit_rows(struct visit *, const struct db_call *, size_t *);

/* --- the two calls that stand before every use case's own --- */
struct enter_village { const char *host; bool loopback; const char *lang; const char *release; };
struct village_row { int32_t id; const char *name, *place, *phone, *base_url; struct date today; struct moment now; };
struct enter_account { struct bytes token; };
struct account_row { int64_t person; const char *name; struct maybe_bigint house; bool association; };

static const struct db_field village_ask[] = {
	{ "host", DB_TEXT, false, false, offsetof(struct enter_village, host), NULL },
	{ "loopback", DB_BOOL, false, false, offsetof(struct enter_village, loopback), NULL },
	{ "lang", DB_TEXT, false, false, offsetof(struct enter_village, lang), NULL },
	{ "release", DB_TEXT, false, false, offsetof(struct enter_village, release), NULL },
};
static const struct db_field village_answer[] = {
	{ "id", DB_INT, false, false, offsetof(struct village_row, id), NULL },
	{ "name", DB_TEXT, false, false, offsetof(struct village_row, name), NULL },
	{ "place", DB_TEXT, false, false, offsetof(struct village_row, place), NULL },
	{ "phone", DB_TEXT, false, false, offsetof(struct village_row, phone), NULL },
	{ "base_url", DB_TEXT, false, false, offsetof(struct village_row, base_url), NULL },
	{ "today", DB_DATE, false, false, offsetof(struct village_row, today), NULL },
	{ "now", DB_MOMENT, false, false, offsetof(struct village_row, now), NULL },
};
static const struct db_field account_ask[] = {
	{ "token", DB_BYTES, false, false, offsetof(struct enter_account, token), NULL },
};
static const struct db_field account_answer[] = {
	{ "person", DB_BIGINT, false, false, offsetof(struct account_row, person), NULL },
	{ "name", DB_TEXT, false, false, offsetof(struct account_row, name), NULL },
	{ "house", DB_BIGINT, false, true, offsetof(struct account_row, house), NULL },
	{ "association", DB_BOOL, false, false, offsetof(struct account_row, association), NULL },
};
static const uint32_t village_oid[] = { 25, 16, 25, 25 };
static const uint32_t account_oid[] = { 17 };

const struct db_call visit_ground[] = {
	{ "village.enter", "select * from village.enter($1, $2, $3, $4)", false, { "village.enter", sizeof(struct enter_village), 4, village_ask },
	    { "village.enter", sizeof(struct village_row), 7, village_answer }, village_oid },
	{ "account.enter", "select * from account.enter($1)", false, { "account.enter", sizeof(struct enter_account), 1, account_ask },
	    { "account.enter", sizeof(struct account_row), 4, account_answer }, account_oid },
};
const size_t visit_ground_count = 2;

static struct visit_village	last_village[LANG_COUNT];	/* for pages drawn while the database is away */
static char			last_text[LANG_COUNT][4][256];

static void	end_refused(struct visit_state *);
static void	answered(void *);
static void	ask_batch(struct visit_state *, void (*)(struct visit *), void (*)(struct visit *));

static uint64_t
microseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

/* --- reading the request --------------------------------------------------- */

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
visit_method(struct visit *v)
{
	return (v->state->method);
}

const char *
visit_here(struct visit *v)
{
	return (v->query[0] != '\0' ? arena_format(v->arena, "%s?%s", v->path, v->query) : v->path);
}

const char *
visit_map_link(struct visit *v, int32_t latitude_e6, int32_t longitude_e6, const char *name)
{
	return (place_map_link(v->arena, latitude_e6, longitude_e6, name));
}

static const char *
address_text(struct visit *v, char out[INET6_ADDRSTRLEN])
{
	const char *told = visit_header(v, "x-real-ip");	/* the door keeps it from our proxies only */
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
		length = 8;	/* one household has 2^64 IPv6 addresses */
		if (inet_pton(AF_INET6, text, raw) != 1)
			length = 0;
	}
	return (secret_mark(v->arena, "address", raw, length));
}

static bool
is_token(const char *text)
{
	return (text != NULL && strlen(text) == SECRET_TEXT - 1
	    && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == SECRET_TEXT - 1);
}

struct bytes
visit_device(struct visit *v)
{
	const char *device = v->state->device;

	if (device == NULL)
		return ((struct bytes){ NULL, 0 });
	return (secret_mark(v->arena, "device", device, strlen(device)));
}

struct bytes
visit_session(struct visit *v)
{
	const char *token = visit_cookie(v, "session");

	if (!is_token(token))
		return ((struct bytes){ NULL, 0 });
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
	size_t length, code_length = strlen(code), kept = 1;

	buffer_open(&out, v->arena, 256);
	buffer_word(&out, arena_format(v->arena, "%s.%s", code, secret));
	for (size_t i = 0; kept < STAYS_MOST && (pair = nth_stay(all, i, &length)) != NULL; i++) {
		if (strncasecmp(pair, code, code_length) == 0)
			continue;
		buffer_word(&out, "~");
		buffer_add(&out, pair, length);
		kept++;
	}
	visit_set_cookie(v, "stays", out.at, 400 * 86400);
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
static bool
is_forged(struct visit_state *s)
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

static bool
read_body(struct visit_state *s)
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
	if (strncasecmp(type, "application/json", 16) == 0)
		form_read_json(form, body, length);
	else if (strncasecmp(type, "multipart/form-data", 19) == 0 && !s->v.json)
		form_read_multipart(form, type, body, length);
	else if (strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0 && !s->v.json)
		form_read_query(form, body, length);
	else
		return (false);
	return (true);
}

/* --- a batch --------------------------------------------------------------- */

void
visit_call(struct visit *v, const struct db_call *call, const void *args)
{
	struct visit_state *s = v->state;

	if (strcmp(call->name, "lodging.photo") == 0)
		db_batch_bulk(s->batch);
	(void)db_batch_call(s->batch, call, args);
}

const void *
visit_rows(struct visit *v, const struct db_call *call, size_t *count)
{
	return (db_batch_rows(v->state->batch, call, count));
}

static void
batch_begin(struct visit_state *s)
{
	struct enter_village where = { s->host, s->loopback, s->v.lang == LANG_EN ? "en" : "zh", db_release };
	struct enter_account who = { visit_session(&s->v) };

	if (s->batch != NULL)
		(void)db_batch_forget(s->batch);
	s->batch = db_batch_open(s->v.arena);
	(void)db_batch_call(s->batch, &visit_ground[0], &where);
	if (who.token.at != NULL)
		(void)db_batch_call(s->batch, &visit_ground[1], &who);
}

static const char *
keep_text(enum lang lang, int nth, const char *text)
{
	(void)snprintf(last_text[lang][nth], sizeof(last_text[lang][nth]), "%s", text);
	return (last_text[lang][nth]);
}

/* What the two ground calls answered. */
static void
read_ground(struct visit_state *s)
{
	size_t count;
	const struct village_row *village = db_batch_rows(s->batch, &visit_ground[0], &count);
	const struct account_row *account = db_batch_rows(s->batch, &visit_ground[1], &count);
	struct visit_village *last = &last_village[s->v.lang];

	if (village != NULL) {
		s->v.village = (struct visit_village){ village->name, village->place, village->phone, village->base_url,
			village->today, village->now };
		*last = (struct visit_village){ keep_text(s->v.lang, 0, village->name), keep_text(s->v.lang, 1, village->place),
			keep_text(s->v.lang, 2, village->phone), keep_text(s->v.lang, 3, village->base_url), village->today, village->now };
	}
	if (account != NULL)
		s->v.account = (struct visit_account){ account->person, account->name, account->house.is ? account->house.value : 0,
			account->association };
}

/* Asks a use case and sends its batch, or ends the visit when the form will not do. */
static void
ask_batch(struct visit_state *s, void (*ask)(struct visit *), void (*answer)(struct visit *))
{
	const struct form_fault *before = s->v.form.fault_last;

	s->answer = answer;
	s->html_open = false;
	batch_begin(s);
	ask(&s->v);
	if (s->ended)
		return;
	if (s->v.form.fault_last != before) {
		end_refused(s);
		return;
	}
	s->waiting = true;
	db_batch_send(s->batch, answered, s);
}

/* The text's places from a refusal's detail: …_fen is money, other numbers are numbers. */
static void
read_detail(struct visit_state *s, struct visit_refusal *refusal, const char *detail)
{
	struct form form;

	form_open(&form, s->v.arena);
	if (detail[0] != '{')
		return;
	form_read_json(&form, detail, strlen(detail));
	for (const struct form_field *f = form.first; f != NULL && refusal->places < 4; f = f->next) {
		size_t length = strlen(f->name);
		bool fen = length > 4 && strcmp(f->name + length - 4, "_fen") == 0;

		refusal->place[refusal->places++] = (struct said){ .name = f->name, .word = f->value, .number = strtoll(f->value, NULL, 10),
			.kind = fen ? SAID_FEN : f->type == FORM_NUMBER ? SAID_INT : SAID_WORD };
	}
}

static void
refuse_with(struct visit_state *s, const char *key, int status, const char *detail)
{
	s->v.refusal = arena_take(s->v.arena, sizeof(*s->v.refusal));
	s->v.refusal->key = arena_copy(s->v.arena, key, strlen(key));
	s->v.refusal->status = status;
	s->refused = s->v.refusal->key;
	read_detail(s, s->v.refusal, detail);
	end_refused(s);
}

static void
end_json_problem(struct visit_state *s)
{
	const struct visit_refusal *refusal = s->v.refusal;
	int status = refusal != NULL ? refusal->status : s->v.form.broken ? 400 : 422;
	const char *key = refusal != NULL ? refusal->key : "form.fields";
	struct buffer says;
	struct json *j;
	int text = lang_find(key);

	buffer_open(&says, s->v.arena, 128);
	if (text >= 0)
		lang_say(&says, s->v.lang, text, refusal != NULL ? refusal->place : NULL, refusal != NULL ? refusal->places : 0);
	j = visit_json(&s->v);
	json_word(j, "type", "about:blank");
	json_word(j, "title", says.length > 0 ? says.at : key);
	json_int(j, "status", status);
	json_word(j, "key", key);
	json_word(j, "request_id", s->v.request_id);
	for (size_t i = 0; refusal != NULL && i < refusal->places; i++) {
		if (refusal->place[i].kind == SAID_WORD)
			json_word(j, refusal->place[i].name, refusal->place[i].word);
		else
			json_int(j, refusal->place[i].name, refusal->place[i].number);
	}
	json_object(j, "fields");
	for (const struct form_fault *f = s->v.form.fault; f != NULL; f = f->next)
		json_word(j, f->field, f->key);
	json_object_end(j);
	visit_problem_end(&s->v, status);
}

/*
 * Something was refused: by the form (faults) or by the database (refusal).
 * What is not there ends as 404; who is nobody is led to sign in; the rest
 * comes back as the form it was, or as a page of its own.
 */
static void
end_refused(struct visit_state *s)
{
	const struct route *route = s->route;
	struct visit_refusal *refusal = s->v.refusal;

	if (refusal == NULL) {
		s->refused = "form";
		if (!s->v.json) {
			refusal = s->v.refusal = arena_take(s->v.arena, sizeof(*refusal));
			refusal->key = "form.fields";
			refusal->status = s->v.form.broken ? 400 : 422;
		}
	}
	if (refusal != NULL && refusal->status == 429)
		visit_reply_header(&s->v, "retry-after", "60");
	if (s->v.json) {
		end_json_problem(s);
		return;
	}
	if (refusal->status == 401) {
		struct html *h = visit_html(&s->v);
		size_t from = h->out.length;

		/* Only a page can be come back to. */
		html_url(h, strcmp(s->method, "GET") == 0 ? visit_here(&s->v) : "/me");
		visit_redirect(&s->v, arena_format(s->v.arena, "/sign-in?next=%s", h->out.at + from));
		return;
	}
	if (refusal->status == 404 && !s->refused_form) {
		visit_not_there(&s->v);
		return;
	}
	if (refusal->status == 421 || route->form_ask == NULL || s->v.tries >= 2 || (s->v.form.broken && s->refused_form)) {
		fault_draw(&s->v, refusal->status, refusal->key);
		return;
	}
	/* The page the form stands on; when that is refused too, once more asking for less. */
	if (s->refused_form || (route->form_ask == route->ask))
		s->v.tries++;
	s->refused_form = true;
	ask_batch(s, route->form_ask, route->form_answer);
}

void
visit_refuse(struct visit *v, int status, const char *field, const char *key)
{
	if (field != NULL)
		form_refuse(&v->form, field, key);
	refuse_with(v->state, key, status, "");
}

void
visit_say_refusal(struct visit *v)
{
	int text = v->refusal != NULL ? lang_find(v->refusal->key) : -1;

	if (text >= 0)
		html_say(visit_html(v), text, v->refusal->place, v->refusal->places);
}

/* The batch came back. */
static void
answered(void *arg)
{
	struct visit_state *s = arg;
	struct db_batch *b = s->batch;

	s->waiting = false;
	switch (db_batch_outcome(b)) {
	case DB_OK:
		read_ground(s);
		s->answer(&s->v);
		if (!s->ended && s->work == NULL && !s->waiting) {
			log_line("visit", "%s ended without an answer", s->route->use);
			fault_draw(&s->v, 500, "fault.fault");
		}
		break;
	case DB_REFUSED:
		s->v.village = last_village[s->v.lang];
		refuse_with(s, db_batch_key(b), db_batch_status(b), db_batch_detail(b));
		break;
	case DB_RELEASE:
	case DB_AGAIN:
	case DB_AWAY:
		s->v.village = last_village[s->v.lang];
		s->refused = "away";
		visit_reply_header(&s->v, "retry-after", "5");
		fault_draw(&s->v, 503, db_batch_outcome(b) == DB_RELEASE ? "fault.release" : "fault.away");
		break;
	case DB_FAULT:
		s->v.village = last_village[s->v.lang];
		s->refused = arena_copy(s->v.arena, db_batch_key(b), strlen(db_batch_key(b)));
		s->trouble = arena_copy(s->v.arena, db_batch_detail(b), strlen(db_batch_detail(b)));
		fault_draw(&s->v, 500, "fault.fault");
		break;
	}
	if (s->ended && s->request != NULL)
		http_request_wakeup(s->request);
}

/* --- passwords, in task threads -------------------------------------------- */

struct password_work {
	struct kore_task	 task;		/* first: Kore hands it back */
	struct visit_state	*visit;		/* NULL when the visitor is gone */
	void			(*after)(struct visit *, const struct visit_password *);
	bool			 verify, has_hash, right, rehash, made;
	char			 hash[SECRET_HASH], password[132];
	TAILQ_ENTRY(password_work) link;
};
static TAILQ_HEAD(, password_work)	passwords = TAILQ_HEAD_INITIALIZER(passwords);
static size_t				passwords_waiting, passwords_running;

/* In a thread: nothing of Kore, nothing of the visit. */
static int
password_run(struct kore_task *task)
{
	struct password_work *w = (struct password_work *)(void *)task;

	if (w->verify) {
		w->right = secret_password_right(w->has_hash ? w->hash : NULL, w->password, &w->rehash);
		w->made = w->right && w->rehash && secret_password_hash(w->hash, w->password);
	} else
		w->made = secret_password_hash(w->hash, w->password);
	explicit_bzero(w->password, sizeof(w->password));
	return (KORE_RESULT_OK);
}

static void	password_done(struct kore_task *);

static void
password_next(void)
{
	struct password_work *w;

	while (passwords_running < PASSWORDS_RUNNING && (w = TAILQ_FIRST(&passwords)) != NULL) {
		TAILQ_REMOVE(&passwords, w, link);
		passwords_waiting--;
		if (w->visit == NULL) {
			free(w);
			continue;
		}
		passwords_running++;
		kore_task_create(&w->task, password_run);
		kore_task_bind_callback(&w->task, password_done);
		kore_task_run(&w->task);
	}
}

static void
password_done(struct kore_task *task)
{
	struct password_work *w = (struct password_work *)(void *)task;
	struct visit_state *s = w->visit;
	struct visit_password result = { w->right, w->made ? w->hash : NULL };

	if (!kore_task_finished(task))
		return;
	kore_task_destroy(task);
	passwords_running--;
	if (s != NULL) {
		s->work = NULL;
		batch_begin(s);
		w->after(&s->v, &result);
		/* It may have ended the visit, begun another hash, or sent the refused form's batch. */
		if (!s->ended && s->work == NULL && !s->waiting) {
			s->waiting = true;
			db_batch_send(s->batch, answered, s);
		}
		if (s->ended && s->request != NULL)
			http_request_wakeup(s->request);
	}
	free(w);
	password_next();
}

static void
password_begin(struct visit *v, bool verify, const char *hash, const char *password, void (*after)(struct visit *, const struct visit_password *))
{
	struct password_work *w;

	if (passwords_waiting >= PASSWORDS_WAITING || (w = calloc(1, sizeof(*w))) == NULL) {
		visit_reply_header(v, "retry-after", "5");
		fault_draw(v, 503, "fault.busy");
		return;
	}
	w->visit = v->state;
	w->after = after;
	w->verify = verify;
	w->has_hash = hash != NULL;
	(void)snprintf(w->hash, sizeof(w->hash), "%s", hash != NULL ? hash : "");
	(void)snprintf(w->password, sizeof(w->password), "%s", password);
	v->state->work = w;
	figures_own->passwords++;
	TAILQ_INSERT_TAIL(&passwords, w, link);
	passwords_waiting++;
	password_next();
}

void
visit_verify(struct visit *v, const char *hash, const char *password, void (*after)(struct visit *, const struct visit_password *))
{
	password_begin(v, true, hash, password, after);
}

void
visit_hash(struct visit *v, const char *password, void (*after)(struct visit *, const struct visit_password *))
{
	password_begin(v, false, NULL, password, after);
}

/* --- begin and end --------------------------------------------------------- */

void
visit_let_go(struct visit_state *s)
{
	if (--s->holds > 0)
		return;
	figures_own->live--;
	if (s->work != NULL)
		s->work->visit = NULL;
	if (s->photo != NULL)
		media_photo_done(s->photo);
	/* A batch still under way frees the arena when it comes back. */
	if (s->batch == NULL || db_batch_forget(s->batch))
		arena_free(s->v.arena);
}

static void
gone(struct http_request *request)
{
	struct visit_state **place = http_state_get(request), *s = place != NULL ? *place : NULL;

	if (s == NULL)
		return;
	*place = NULL;	/* Kore may come here twice */
	s->request = NULL;
	visit_let_go(s);
}

static bool
host_is_loopback(const char *host)
{
	return (strcmp(host, "127.0.0.1") == 0 || strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0);
}

static void
read_visitor(struct visit_state *s)
{
	struct visit *v = &s->v;
	const char *lang, *host = visit_header(v, "host"), *proto = visit_header(v, "x-forwarded-proto"), *device, *said;
	size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	s->host = arena_copy(v->arena, host, length);
	for (char *p = arena_copy(v->arena, host, length), *start = p; *p != '\0'; p++) {
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
		s->host = start;
	}
	s->loopback = host_is_loopback(s->host) && visit_header(v, "x-real-ip") == NULL;
	s->secure = proto != NULL && strcmp(proto, "https") == 0;
	s->cookies = visit_header(v, "cookie");
	lang = visit_cookie(v, "lang");
	v->lang = lang != NULL && strcmp(lang, "en") == 0 ? LANG_EN : lang != NULL && strcmp(lang, "zh") == 0 ? LANG_ZH
	    : lang_choose(visit_header(v, "accept-language"));
	device = visit_cookie(v, "device");
	s->device = is_token(device) ? device : NULL;
	said = visit_cookie(v, "said");
	v->notice = said != NULL && lang_find(said) >= 0 ? said : NULL;
	v->village = last_village[v->lang];
}

static void
serve_known(struct visit_state *s)
{
	struct visit *v = &s->v;

	if (!read_body(s)) {
		s->refused = "type";
		fault_draw(v, 415, "fault.type");
		return;
	}
	if (s->route->who == ROUTE_SIGNED_IN && visit_session(v).at == NULL) {
		refuse_with(s, "account.sign_in_first", 401, "");
		return;
	}
	if (v->form.fault != NULL) {
		end_refused(s);
		return;
	}
	if (s->route->kind == ROUTE_PAGE && s->route->method != ROUTE_GET && is_forged(s)) {
		refuse_with(s, "fault.forged", 403, "");
		return;
	}
	ask_batch(s, s->route->ask, s->route->answer);
}

static void
begin(struct visit_state *s, struct http_request *request)
{
	static const char *const names[] = { [HTTP_METHOD_GET] = "GET", [HTTP_METHOD_POST] = "POST", [HTTP_METHOD_PUT] = "PUT",
		[HTTP_METHOD_DELETE] = "DELETE", [HTTP_METHOD_HEAD] = "HEAD" };
	const char *method = request->method < sizeof(names) / sizeof(names[0]) ? names[request->method] : NULL;
	struct visit *v = &s->v;
	char allowed[64];
	bool other;

	s->method = method != NULL ? method : "OPTIONS";
	v->path = request->path;
	v->query = request->query_string != NULL ? request->query_string : "";
	v->json = strncmp(v->path, "/api/", 5) == 0;
	v->request_id = secret_id(v->arena, 12);
	form_open(&v->form, v->arena);
	read_visitor(s);
	s->route = route_find(s->method, v->path, &v->form, &other);
	if (s->route == NULL && other) {
		route_methods(v->path, allowed, sizeof(allowed));
		visit_reply_header(v, "allow", arena_copy(v->arena, allowed, strlen(allowed)));
		if (method == NULL)
			visit_plain(v, 204, "text/plain", "", 0);
		else
			fault_draw(v, 405, "fault.method");
		return;
	}
	if (s->route == NULL) {
		visit_not_there(v);
		return;
	}
	form_read_query(&v->form, v->query, strlen(v->query));
	serve_known(s);
}

/* Kore comes here with a new request, and again when it was woken. */
int
visit_handle(struct http_request *request)
{
	struct visit_state **place, *s;

	if (!http_state_exists(request)) {
		struct arena *arena = arena_new();

		place = http_state_create(request, sizeof(*place), gone);
		s = *place = arena_take(arena, sizeof(*s));
		s->v.arena = arena;
		s->v.state = s;
		s->request = request;
		s->holds = 1;
		s->began = microseconds();
		figures_own->visits++;
		figures_own->live++;
		begin(s, request);
	} else {
		place = http_state_get(request);
		s = *place;
	}
	if (!s->ended) {
		http_request_sleep(request);
		return (KORE_RESULT_RETRY);
	}
	if (!s->replied)
		visit_reply(s);
	return (KORE_RESULT_OK);
}
