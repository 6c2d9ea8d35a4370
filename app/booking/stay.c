/*
 * A stay's own page, its links and its file for a calendar; and what all acts on
 * a stay begin with: whose it is.
 */
#include <stdio.h>
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

const char *
booking_secret(struct visit *v, const char *code)
{
	const char *bearer = visit_bearer(v);

	return (v->json ? bearer != NULL ? bearer : "" : visit_stay_secret(v, code));
}

/* Codes are read out on the phone: small letters and blanks will do. */
const char *
booking_code(struct visit *v)
{
	const char *typed = form_line(&v->form, "code", 1, 20);
	char *code = arena_copy(v->arena, typed, strlen(typed));

	for (char *p = code; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 32);
	return (code);
}

char *
booking_show_secret(struct visit *v, const char *manage)
{
	return (secret_derive(v->arena, "stay show", manage, strlen(manage)));
}

/* The village's host comes in by the request, the person by what was typed. */
const char *
booking_manage_secret(struct visit *v, const char *purpose, const char *key)
{
	struct bytes request = visit_request_hash(v);
	struct buffer words;

	buffer_open(&words, v->arena, 128);
	buffer_word(&words, key);
	buffer_add(&words, "", 1);
	buffer_add(&words, (const char *)request.at, request.length);
	return (secret_derive(v->arena, purpose, words.at, words.length));
}

const char *
booking_idempotency_key(struct visit *v)
{
	const char *key = v->json ? visit_header(v, "idempotency-key") : form_line(&v->form, "key", 8, 200);

	if (key == NULL || strlen(key) < 8 || strlen(key) > 200) {
		form_refuse(&v->form, v->json ? "Idempotency-Key" : "key", key == NULL ? "form.missing" : "form.range");
		return ("");
	}
	return (key);
}

struct bytes
booking_key(struct visit *v, const char *code)
{
	return (secret_hash_of(v->arena, booking_secret(v, code)));
}

const char *
booking_link(struct visit *v, const char *code, const char *secret)
{
	return (arena_format(v->arena, "%s/stay/%s/%s", v->village.base_url, code, secret));
}

void
booking_said(struct visit *v, const char *text_key)
{
	visit_redirect_said(v, arena_format(v->arena, "/stay/%s", booking_code(v)), text_key);
}

bool
booking_last_four(struct visit *v, const char *refused)
{
	if (refused != NULL)
		visit_refuse(v, strcmp(refused, "booking.last4_wait") == 0 ? 429 : 422, "phone_last4", refused);
	return (refused == NULL);
}

/* Somebody follows a link: the secret goes from the address bar into a cookie. */
void
booking_open_ask(struct visit *v)
{
	struct booking_open want = {
	    .code = booking_code(v), .secret = secret_hash_of(v->arena, form_line(&v->form, "secret", 1, 64))};

	sql_booking_open(v, &want);
}

void
booking_open_answer(struct visit *v)
{
	const char *code = booking_code(v);

	visit_keep_stay(v, code, form_typed(&v->form, "secret"));
	visit_redirect(v, arena_format(v->arena, "/stay/%s", code));
}

void
booking_stay_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_stay want = {.code = code, .secret = booking_key(v, code)};

	sql_booking_stay(v, &want);
}

void
booking_stay_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);
	const char *code = booking_code(v), *secret = booking_secret(v, code), *manage = NULL;

	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", code);
		json_booking_stay(j, stay);
		visit_json_end(v, 200);
		return;
	}
	if (strcmp(stay->may, "manage") == 0) {
		manage = booking_link(v, code, secret);
		secret = booking_show_secret(v, secret);
	}
	page_booking_stay(v, code, stay, booking_link(v, code, secret), manage);
	visit_page(v, 200);
}

/* --- into the calendar of a phone --- */

void
booking_calendar_ask(struct visit *v)
{
	booking_stay_ask(v);
}

void
booking_calendar_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);
	const char *code = booking_code(v);
	const char *file = calendar_file(v->arena,
	    &(struct calendar_event){
		.uid = arena_format(v->arena, "%s@shawang", code),
		.made = stay->made,
		.from = stay->arrive,
		.to = stay->leave,
		.summary = stay->house_name,
		.place = stay->address,
		.words = arena_format(v->arena, "%s\n%s\n%s", stay->phone, stay->way, code),
		.cancelled = strncmp(stay->state, "cancelled", 9) == 0 || strcmp(stay->state, "expired") == 0,
	    });

	visit_file(
	    v, "text/calendar; charset=utf-8", arena_format(v->arena, "shawang-%s.ics", code), file, strlen(file));
}
