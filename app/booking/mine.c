/*
 * The stays of this device, one found by code and phone, and what the village
 * keeps about a guest: to take along, or to be forgotten.
 */
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

void
booking_mine_ask(struct visit *v)
{
	size_t count = visit_stay_count(v);
	const char **code = arena_take(v->arena, (count + 1) * sizeof(*code));
	struct bytes *secret = arena_take(v->arena, (count + 1) * sizeof(*secret));
	struct booking_mine want = {.codes = {count, code}, .secrets = {count, secret}};
	struct booking_mine_waiting queue = {.codes = {count, code}, .secrets = {count, secret}};

	for (size_t i = 0; i < count; i++) {
		code[i] = visit_stay_code(v, i);
		secret[i] = secret_hash_of(v->arena, visit_stay_secret(v, code[i]));
	}
	sql_booking_mine(v, &want);
	sql_booking_mine_waiting(v, &queue);
}

void
booking_mine_answer(struct visit *v)
{
	size_t count, places;
	const struct booking_mine_row *rows = sql_booking_mine_rows(v, &count);
	const struct booking_mine_waiting_row *queue = sql_booking_mine_waiting_rows(v, &places);

	page_booking_mine(v, rows, count, queue, places);
	visit_page(v, 200);
}

/* --- by code and phone --- */

void
booking_look_up_ask(struct visit *v)
{
	const char *code = booking_code(v), *token = secret_token(v->arena);
	struct booking_look_up want = {
	    .code = code,
	    .phone = form_phone(&v->form, "phone"),
	    .secret = secret_hash_of(v->arena, token),
	    .by_code = secret_mark(v->arena, "look up code", code, strlen(code)),
	    .by_address = visit_address(v),
	};

	want.by_address =
	    secret_mark(v->arena, "look up from", (const char *)want.by_address.at, want.by_address.length);
	visit_note(v, token);
	sql_booking_look_up(v, &want);
}

void
booking_look_up_answer(struct visit *v)
{
	const struct booking_look_up_row *done = sql_booking_look_up_row(v);

	if (!done->found) {
		visit_refuse(v, strcmp(done->refused, "booking.look_up_wait") == 0 ? 429 : 422, NULL, done->refused);
		return;
	}
	visit_keep_stay(v, booking_code(v), visit_noted(v));
	visit_redirect(v, arena_format(v->arena, "/stay/%s", booking_code(v)));
}

/* --- what is kept about the guest --- */

void
booking_data_ask(struct visit *v)
{
	booking_stay_ask(v);
}

void
booking_data_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);

	if (strcmp(stay->may, "manage") != 0) {
		visit_not_there(v);
		return;
	}
	page_booking_data(v, booking_code(v), stay);
	visit_page(v, 200);
}

void
booking_export_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_export want = {
	    .code = code, .secret = booking_key(v, code), .phone_last4 = form_line(&v->form, "phone_last4", 4, 4)};

	sql_booking_export(v, &want);
}

void
booking_export_answer(struct visit *v)
{
	const struct booking_export_row *done = sql_booking_export_row(v);

	if (booking_last_four(v, done->refused))
		visit_file(v, "application/json", arena_format(v->arena, "shawang-%s.json", booking_code(v)),
		    done->document, strlen(done->document));
}

void
booking_erase_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_erase want = {
	    .code = code, .secret = booking_key(v, code), .phone_last4 = form_line(&v->form, "phone_last4", 4, 4)};

	if (!form_yes(&v->form, "sure"))
		form_refuse(&v->form, "sure", "form.missing");
	sql_booking_erase(v, &want);
}

void
booking_erase_answer(struct visit *v)
{
	if (!booking_last_four(v, sql_booking_erase_row(v)->refused))
		return;
	visit_keep_stay(v, booking_code(v), NULL);
	visit_redirect_said(v, "/stays", "booking.said_erased");
}
