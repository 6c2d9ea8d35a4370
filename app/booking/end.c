/*
 * Cancelling: the page that says what it costs, then the act. What was held
 * from the queue is taken up, or given back in the same way.
 */
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

void
booking_leave_ask(struct visit *v)
{
	booking_stay_ask(v);
}

void
booking_leave_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);
	const char *code = booking_code(v);

	if (strcmp(stay->may, "manage") != 0)
		visit_not_there(v);
	else if (!stay->can_cancel)
		visit_redirect(v, arena_format(v->arena, "/stay/%s", code));
	else {
		page_booking_cancel(v, code, stay);
		visit_page(v, 200);
	}
}

void
booking_cancel_ask(struct visit *v)
{
	const char *code = booking_code(v);
	int64_t seen = form_fen_or_none(&v->form, "seen_owed_fen");
	struct booking_cancel want = {
	    .code = code,
	    .secret = booking_key(v, code),
	    .phone_last4 = form_line(&v->form, "phone_last4", 4, 4),
	    .seen_owed_fen = {seen >= 0, seen},
	};

	sql_booking_cancel(v, &want);
}

void
booking_cancel_answer(struct visit *v)
{
	const struct booking_cancel_row *done = sql_booking_cancel_row(v);

	if (!booking_last_four(v, done->refused))
		return;
	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", booking_code(v));
		json_booking_cancel(j, done);
		visit_json_end(v, 200);
		return;
	}
	booking_said(v, "booking.said_cancelled");
}

/* --- what was held from the queue --- */

void
booking_take_up_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_take_up want = {.code = code, .secret = booking_key(v, code)};

	sql_booking_take_up(v, &want);
}

void
booking_take_up_answer(struct visit *v)
{
	const struct booking_take_up_row *done = sql_booking_take_up_row(v);

	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", booking_code(v));
		json_booking_take_up(j, done);
		visit_json_end(v, 200);
		return;
	}
	booking_said(v, strcmp(done->state, "requested") == 0 ? "booking.said_requested" : "booking.said_booked");
}
