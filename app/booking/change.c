/*
 * Changing a stay: the page asks how it shall be and says what that comes to,
 * part by part; then one act. The database reckons both (booking.plan), so
 * what was shown is what is done, or is refused as dearer.
 */
#include <string.h>

#include "board.h"
#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

#define ROOMS_MOST 14
#define NEAR_MOST 3

/* How the stay shall be; false while the page was only opened. */
static bool
wish_of(struct visit *v, struct booking_alter *want)
{
	struct form *f = &v->form;
	struct party party;

	*want = (struct booking_alter){.code = booking_code(v), .arrive = {DATE_NONE}, .leave = {DATE_NONE}};
	want->secret = booking_key(v, want->code);
	if (form_typed(f, "arrive") == NULL && form_typed(f, "leave") == NULL && form_count(f, "rooms") == 0)
		return (false);
	party = party_read(f);
	want->rooms = form_ids(f, "rooms", ROOMS_MOST);
	want->arrive = form_date(f, "arrive");
	want->leave = form_date(f, "leave");
	want->adults = (struct maybe_int){true, party.adults};
	want->children = party.children;
	return (true);
}

/* When the wish is refused the page is drawn once more, without what it would come to. */
void
booking_alter_ask(struct visit *v)
{
	struct booking_alter want;
	struct booking_stay stay;
	bool wished = wish_of(v, &want);

	stay = (struct booking_stay){.code = want.code, .secret = want.secret};
	sql_booking_stay(v, &stay);
	if (v->tries == 0 && (wished || v->refusal == NULL))
		sql_booking_alter(v, &want);
}

/* Dates near the wish on which these rooms can be had, for a wish that cannot be. */
static size_t
near_of(struct visit *v, const struct board_house *house, const struct booking_alter *want, struct board_wish *out)
{
	const struct board_village *village = board_at_hand(v);
	struct board_wish wish = {
	    .arrive = want->arrive, .leave = want->leave, .adults = want->adults.value, .children = want->children};

	if (village == NULL || house == NULL || wish.arrive.day == DATE_NONE || wish.leave.day == DATE_NONE ||
	    wish.leave.day <= wish.arrive.day)
		return (0);
	return (board_near(village, house, &want->rooms, &wish, out, NEAR_MOST));
}

void
booking_alter_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);
	const struct booking_alter_row *alter = sql_booking_alter_row(v);
	const struct board_village *village = board_at_hand(v);
	const struct board_house *house = village != NULL ? board_house(village, stay->house) : NULL;
	struct booking_alter want;
	struct board_wish near[NEAR_MOST];
	size_t nears = 0;
	bool wished = wish_of(v, &want);

	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", want.code);
		json_booking_alter(j, alter);
		visit_json_end(v, 200);
		return;
	}
	if (strcmp(stay->may, "manage") != 0) {
		visit_not_there(v);
		return;
	}
	if (!stay->can_change) {
		visit_redirect(v, arena_format(v->arena, "/stay/%s", want.code));
		return;
	}
	if (v->refusal != NULL && alter == NULL && wished)
		nears = near_of(v, house, &want, near);
	page_booking_change(v, want.code, stay, house, wished ? &want : NULL, alter, near, nears);
	visit_page(v, 200);
}

void
booking_change_ask(struct visit *v)
{
	struct form *f = &v->form;
	struct party party = party_read(f);
	int64_t total = form_fen_or_none(f, "seen_total_fen"), owed = form_fen_or_none(f, "seen_owed_fen");
	const char *code = booking_code(v);
	struct booking_change want = {
	    .code = code,
	    .secret = booking_key(v, code),
	    .rooms = form_ids(f, "rooms", ROOMS_MOST),
	    .arrive = form_date(f, "arrive"),
	    .leave = form_date(f, "leave"),
	    .adults = party.adults,
	    .children = party.children,
	    .phone_last4 = form_line(f, "phone_last4", 4, 4),
	    .seen_total_fen = {total >= 0, total},
	    .seen_owed_fen = {owed >= 0, owed},
	};

	sql_booking_change(v, &want);
}

void
booking_change_answer(struct visit *v)
{
	const struct booking_change_row *done = sql_booking_change_row(v);

	if (!booking_last_four(v, done->refused))
		return;
	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", booking_code(v));
		json_booking_change(j, done);
		visit_json_end(v, 200);
		return;
	}
	booking_said(v, "booking.said_changed");
}

/* --- when the guest will come --- */

void
booking_late_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_late want = {
	    .code = code, .secret = booking_key(v, code), .arrival = form_int(&v->form, "arrival", 0, 1800)};

	sql_booking_late(v, &want);
}

void
booking_late_answer(struct visit *v)
{
	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", booking_code(v));
		json_booking_late(j, sql_booking_late_row(v));
		visit_json_end(v, 200);
		return;
	}
	booking_said(v, "booking.said_late");
}
