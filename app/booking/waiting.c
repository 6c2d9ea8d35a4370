/*
 * The queue for nights that are taken: a place in it has a code and a link like
 * a stay, and becomes one when it is its turn (sql/jobs/waiting.sql).
 */
#include <string.h>

#include "board.h"
#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

/* --- the form: for a house, or for the village --- */

void
booking_queue_ask(struct visit *v)
{
	(void)form_date(&v->form, "arrive");
	(void)form_date(&v->form, "leave");
	(void)party_read(&v->form);
	(void)board_here(v);
}

void
booking_queue_answer(struct visit *v)
{
	const struct board_village *village = board_at_hand(v);
	int64_t id = form_id_or_none(&v->form, "house");
	const struct board_house *house = village != NULL && id != 0 ? board_house(village, id) : NULL;
	const char *key = form_typed(&v->form, "key");
	struct party party = party_read(&v->form);

	if (id != 0 && house == NULL) {
		visit_not_there(v);
		return;
	}
	page_booking_queue(v, house, form_date(&v->form, "arrive"), form_date(&v->form, "leave"), &party,
	    key != NULL && key[0] != '\0' && v->refusal != NULL ? key : secret_token(v->arena));
	visit_page(v, 200);
}

void
booking_wait_ask(struct visit *v)
{
	struct form *f = &v->form;
	int64_t house = form_id_or_none(f, "house");
	struct party party = party_read(f);
	const char *manage = booking_manage_secret(v, "wait manage", booking_idempotency_key(v));
	struct booking_wait want = {
	    .house = {house != 0, house},
	    .arrive = form_date(f, "arrive"),
	    .leave = form_date(f, "leave"),
	    .adults = party.adults,
	    .children = party.children,
	    .guest_name = form_line(f, "guest.name", 1, 40),
	    .guest_phone = form_phone(f, "guest.phone"),
	    .manage = secret_hash_of(v->arena, manage),
	    .show = secret_hash_of(v->arena, booking_show_secret(v, manage)),
	    .device = visit_device(v),
	    .address = visit_address(v),
	};

	sql_booking_wait(v, &want);
}

void
booking_wait_answer(struct visit *v)
{
	const struct booking_wait_row *made = sql_booking_wait_row(v);
	const char *manage = booking_manage_secret(v, "wait manage", booking_idempotency_key(v));

	if (v->json) {
		struct json *j = visit_json(v);

		json_booking_wait(j, made);
		json_word(j, "secret", manage);
		visit_json_end(v, 201);
		return;
	}
	visit_keep_stay(v, made->code, manage);
	visit_redirect(v, arena_format(v->arena, "/wait/%s", made->code));
}

/* --- a place in the queue --- */

void
booking_waiting_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_waiting want = {.code = code, .secret = booking_key(v, code)};

	sql_booking_waiting(v, &want);
}

void
booking_waiting_answer(struct visit *v)
{
	const struct booking_waiting_row *place = sql_booking_waiting_row(v);
	const char *code = booking_code(v);

	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", code);
		json_booking_waiting(j, place);
		visit_json_end(v, 200);
		return;
	}
	if (place->stay) {
		visit_redirect(v, arena_format(v->arena, "/stay/%s", code));
		return;
	}
	page_booking_waiting(v, code, place,
	    arena_format(v->arena, "%s/wait/%s/%s", v->village.base_url, code, booking_secret(v, code)));
	visit_page(v, 200);
}

/* Somebody follows a link: the secret goes from the address bar into a cookie. */
void
booking_open_waiting_ask(struct visit *v)
{
	struct booking_waiting want = {
	    .code = booking_code(v), .secret = secret_hash_of(v->arena, form_line(&v->form, "secret", 1, 64))};

	sql_booking_waiting(v, &want);
}

void
booking_open_waiting_answer(struct visit *v)
{
	const char *code = booking_code(v);

	visit_keep_stay(v, code, form_typed(&v->form, "secret"));
	visit_redirect(v, arena_format(v->arena, "/wait/%s", code));
}

void
booking_wait_no_more_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_wait_no_more want = {.code = code, .secret = booking_key(v, code)};

	sql_booking_wait_no_more(v, &want);
}

void
booking_wait_no_more_answer(struct visit *v)
{
	visit_redirect_said(v, "/stays", "booking.said_no_more");
}
