/*
 * The way of one request through ASK, CALL and ANSWER.
 *
 *   begin      read request, find route, read form
 *   ask        the use case calls sql_…; village.enter and account.enter stand before in the batch
 *   send       one batch; the request sleeps
 *   answered   ANSWER on rows; on a refusal the form's page is asked and drawn again, with what was typed
 *   reply      visit_reply.c
 *
 * visit_read.c reads the request, visit_password.c hashes in threads.
 *
 * A visitor may be gone at any time: then the answer of the database is
 * dropped, never cancelled. All memory is the visit's arena.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "tick.h"
#include "visit_state.h"

int visit_handle(struct http_request *);
void visit_call(struct visit *, const struct db_call *, const void *);
const void *visit_rows(struct visit *, const struct db_call *, size_t *);

/* --- the two calls that stand before every use case's own --- */
struct enter_village {
	const char *host;
	bool loopback;
	const char *lang;
	const char *release;
};
struct village_row {
	int32_t id;
	const char *name, *place, *phone, *base_url;
	struct date today;
	struct moment now;
};
struct enter_account {
	struct bytes token;
};
struct account_row {
	int64_t person;
	const char *name;
	struct maybe_bigint house;
	bool association;
};

static const struct db_field village_ask[] = {
    {"host", DB_TEXT, false, false, offsetof(struct enter_village, host), NULL},
    {"loopback", DB_BOOL, false, false, offsetof(struct enter_village, loopback), NULL},
    {"lang", DB_TEXT, false, false, offsetof(struct enter_village, lang), NULL},
    {"release", DB_TEXT, false, false, offsetof(struct enter_village, release), NULL},
};
static const struct db_field village_answer[] = {
    {"id", DB_INT, false, false, offsetof(struct village_row, id), NULL},
    {"name", DB_TEXT, false, false, offsetof(struct village_row, name), NULL},
    {"place", DB_TEXT, false, false, offsetof(struct village_row, place), NULL},
    {"phone", DB_TEXT, false, false, offsetof(struct village_row, phone), NULL},
    {"base_url", DB_TEXT, false, false, offsetof(struct village_row, base_url), NULL},
    {"today", DB_DATE, false, false, offsetof(struct village_row, today), NULL},
    {"now", DB_MOMENT, false, false, offsetof(struct village_row, now), NULL},
};
static const struct db_field account_ask[] = {
    {"token", DB_BYTES, false, false, offsetof(struct enter_account, token), NULL},
};
static const struct db_field account_answer[] = {
    {"person", DB_BIGINT, false, false, offsetof(struct account_row, person), NULL},
    {"name", DB_TEXT, false, false, offsetof(struct account_row, name), NULL},
    {"house", DB_BIGINT, false, true, offsetof(struct account_row, house), NULL},
    {"association", DB_BOOL, false, false, offsetof(struct account_row, association), NULL},
};
static const uint32_t village_oid[] = {25, 16, 25, 25};
static const uint32_t account_oid[] = {17};

const struct db_call visit_ground[] = {
    {"village.enter", "select * from village.enter($1, $2, $3, $4)", false, true,
	{"village.enter", sizeof(struct enter_village), 4, village_ask},
	{"village.enter", sizeof(struct village_row), 7, village_answer}, village_oid},
    {"account.enter", "select * from account.enter($1)", false, false,
	{"account.enter", sizeof(struct enter_account), 1, account_ask},
	{"account.enter", sizeof(struct account_row), 4, account_answer}, account_oid},
};
const size_t visit_ground_count = 2;

static TAILQ_HEAD(visit_queue, visit_state) parked = TAILQ_HEAD_INITIALIZER(
    parked); /* visits that wait for the board */

static void end_refused(struct visit_state *);
static void answered(void *);
static void ask_batch(struct visit_state *, void (*)(struct visit *), void (*)(struct visit *));

static uint64_t
microseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}
/* --- a batch --------------------------------------------------------------- */

void
visit_call(struct visit *v, const struct db_call *call, const void *args)
{
	struct visit_state *s = v->state;

	if (s->batch == NULL)
		visit_batch_begin(s);
	if (strcmp(call->name, "lodging.photo") == 0)
		db_batch_bulk(s->batch);
	(void)db_batch_call(s->batch, call, args);
}

const void *
visit_rows(struct visit *v, const struct db_call *call, size_t *count)
{
	*count = 0;
	return (v->state->batch != NULL ? db_batch_rows(v->state->batch, call, count) : NULL);
}

void
visit_batch_begin(struct visit_state *s)
{
	struct enter_village where = {s->host, s->loopback, s->v.lang == LANG_EN ? "en" : "zh", db_release};
	struct enter_account who = {visit_session(&s->v)};

	if (s->batch != NULL)
		(void)db_batch_forget(s->batch);
	s->batch = db_batch_open(s->v.arena);
	(void)db_batch_call(s->batch, &visit_ground[0], &where);
	if (who.token.at != NULL)
		(void)db_batch_call(s->batch, &visit_ground[1], &who);
}

void
visit_batch_send(struct visit_state *s)
{
	s->waiting = true;
	db_batch_send(s->batch, answered, s);
}

/* What the two ground calls answered. */
static void
read_ground(struct visit_state *s)
{
	size_t count;
	const struct village_row *village = db_batch_rows(s->batch, &visit_ground[0], &count);
	const struct account_row *account = db_batch_rows(s->batch, &visit_ground[1], &count);

	if (village != NULL)
		s->v.village = (struct visit_village){
		    village->name, village->place, village->phone, village->base_url, village->today, village->now};
	if (account != NULL)
		s->v.account = (struct visit_account){
		    account->person, account->name, account->house.is ? account->house.value : 0, account->association};
	visit_read_account(&s->v);
}

static void
answer_now(struct visit_state *s)
{
	s->answer(&s->v);
	if (!s->ended && s->work == NULL && !s->waiting) {
		log_line("visit", "%s ended without an answer", s->route->use);
		fault_draw(&s->v, 500, "fault.fault");
	}
}

/* Asks a use case and sends its batch, or ends the visit when the form will not do. */
static void
ask_batch(struct visit_state *s, void (*ask)(struct visit *), void (*answer)(struct visit *))
{
	const struct form_fault *before = s->v.form.fault_last;

	s->ask = ask;
	s->answer = answer;
	s->html_open = false;
	if (s->batch != NULL)
		(void)db_batch_forget(s->batch);
	s->batch = NULL;
	s->at_once = false;
	ask(&s->v);
	if (s->ended || s->parked)
		return;
	if (s->v.form.fault_last != before) {
		end_refused(s);
		return;
	}
	if (s->at_once && s->batch == NULL) {
		answer_now(s);
		return;
	}
	/* A page that asks nothing of its own still wants to know where it is, and who. */
	if (s->batch == NULL)
		visit_batch_begin(s);
	visit_batch_send(s);
}

/* --- waiting for the board -------------------------------------------------- */

void
visit_at_once(struct visit *v)
{
	v->state->at_once = true;
}

void
visit_wait(struct visit *v)
{
	struct visit_state *s = v->state;

	if (s->since == 0)
		s->since = tick_ms();
	s->parked = true;
	TAILQ_INSERT_TAIL(&parked, s, link);
}

uint64_t
visit_waited(struct visit *v)
{
	return (v->state->since != 0 ? tick_ms() - v->state->since : 0);
}

static void
unpark(struct visit_state *s)
{
	if (s->parked)
		TAILQ_REMOVE(&parked, s, link);
	s->parked = false;
}

void
visit_go_on(void)
{
	struct visit_state *s, *last = TAILQ_LAST(&parked, visit_queue);

	/* Who has to wait again stands behind the last one. */
	while ((s = TAILQ_FIRST(&parked)) != NULL) {
		bool end = s == last;

		unpark(s);
		ask_batch(s, s->ask, s->answer);
		visit_wake(s);
		if (end)
			break;
	}
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

		refusal->place[refusal->places++] = (struct said){.name = f->name,
		    .word = f->value,
		    .number = strtoll(f->value, NULL, 10),
		    .kind = fen			 ? SAID_FEN
			: f->type == FORM_NUMBER ? SAID_INT
						 : SAID_WORD};
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
		lang_say(&says, s->v.lang, text, refusal != NULL ? refusal->place : NULL,
		    refusal != NULL ? refusal->places : 0);
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
	if (refusal->status == 421 || route->form_ask == NULL || s->v.tries >= 2 ||
	    (s->v.form.broken && s->refused_form)) {
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

/* Ended outside of Kore's call: have it call visit_handle again, which replies. */
void
visit_wake(struct visit_state *s)
{
	if (s->ended && s->request != NULL)
		http_request_wakeup(s->request);
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
		if (db_batch_wrote(b))
			tick_news();
		read_ground(s);
		answer_now(s);
		break;
	case DB_REFUSED: refuse_with(s, db_batch_key(b), db_batch_status(b), db_batch_detail(b)); break;
	case DB_RELEASE:
	case DB_AGAIN:
	case DB_AWAY:
		s->refused = "away";
		visit_reply_header(&s->v, "retry-after", "5");
		fault_draw(&s->v, 503, db_batch_outcome(b) == DB_RELEASE ? "fault.release" : "fault.away");
		break;
	case DB_FAULT:
		s->refused = arena_copy(s->v.arena, db_batch_key(b), strlen(db_batch_key(b)));
		s->trouble = arena_copy(s->v.arena, db_batch_detail(b), strlen(db_batch_detail(b)));
		fault_draw(&s->v, 500, "fault.fault");
		break;
	}
	visit_wake(s);
}

/* --- begin and end --------------------------------------------------------- */

void
visit_let_go(struct visit_state *s)
{
	if (--s->holds > 0)
		return;
	figures_own->live--;
	unpark(s);
	visit_password_forget(s);
	if (s->photo != NULL)
		media_photo_done(s->photo);
	/* A batch still under way frees the arena when it comes back. */
	if (s->batch == NULL || db_batch_forget(s->batch))
		arena_free(s->v.arena);
}

/* What Kore keeps for us beside a request. */
struct visit_place {
	struct visit_state *state;
};

static void
gone(struct http_request *request)
{
	struct visit_place *place = http_state_get(request);
	struct visit_state *s = place != NULL ? place->state : NULL;

	if (s == NULL)
		return;
	place->state = NULL; /* Kore may come here twice */
	s->request = NULL;
	visit_let_go(s);
}

static void
serve_known(struct visit_state *s)
{
	struct visit *v = &s->v;

	if (!visit_read_body(s)) {
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
	if (s->route->kind == ROUTE_PAGE && s->route->method != ROUTE_GET && visit_is_forged(s)) {
		refuse_with(s, "fault.forged", 403, "");
		return;
	}
	ask_batch(s, s->route->ask, s->route->answer);
}

static void
begin(struct visit_state *s, struct http_request *request)
{
	static const char *const names[] = {[HTTP_METHOD_GET] = "GET",
	    [HTTP_METHOD_POST] = "POST",
	    [HTTP_METHOD_PUT] = "PUT",
	    [HTTP_METHOD_DELETE] = "DELETE",
	    [HTTP_METHOD_HEAD] = "HEAD"};
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
	visit_read_visitor(s);
	(void)board_meet(v);
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
	struct visit_place *place;
	struct visit_state *s;

	if (!http_state_exists(request)) {
		struct arena *arena = arena_new();

		place = http_state_create(request, sizeof(*place), gone);
		s = place->state = arena_take(arena, sizeof(*s));
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
		s = place->state;
	}
	if (!s->ended) {
		http_request_sleep(request);
		return (KORE_RESULT_RETRY);
	}
	if (!s->replied)
		visit_reply(s);
	return (KORE_RESULT_OK);
}
