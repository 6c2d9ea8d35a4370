/*
 * Booking: a guest asks for nights, a house says yes.
 *
 * Nothing here asks whether a room is free. The table answers that: its key
 * "booking.taken" refuses the second of two guests who want the same night.
 * Code that looked first would only look too early.
 *
 * A stay has two links. The secret of the manage link is made from the
 * idempotency key and what was asked, by a key only this site has: the same
 * booking sent twice gets the same link, and nobody stores it. The secret of
 * the show link is made from the other, so who manages can hand it on.
 */
#include <stdio.h>
#include <string.h>

#include "base/visit.h"
#include "board.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

#define ROOMS_MOST 14
#define NEAR_MOST 3

static struct booking_quote
wanted(struct visit *v)
{
	struct form *f = &v->form;
	int64_t house = form_id_or_none(f, "house");
	struct party party = party_read(f);

	return ((struct booking_quote){
	    .house = {house != 0, house},
	    .rooms = form_ids(f, "rooms", ROOMS_MOST),
	    .arrive = form_date(f, "arrive"),
	    .leave = form_date(f, "leave"),
	    .adults = party.adults,
	    .children = party.children,
	});
}

/* --- what it would cost --- */

void
booking_quote_ask(struct visit *v)
{
	struct booking_quote want = wanted(v);

	sql_booking_quote(v, &want);
}

void
booking_quote_answer(struct visit *v)
{
	json_booking_quote(visit_json(v), sql_booking_quote_row(v));
	visit_json_end(v, 200);
}

/* --- the one page before 确认预订 --- */

void
booking_offer_ask(struct visit *v)
{
	struct booking_quote want = wanted(v);
	struct lodging_of of = {.rooms = want.rooms};

	sql_lodging_of(v, &of);
	/* When the room cannot be had the page says why, shows no price, and leads to the other rooms of the house. */
	if (v->tries == 0)
		sql_booking_quote(v, &want);
}

/* The other rooms of a house that can be had for these nights, from the board: booking.book decides. */
static size_t
other_rooms(
    struct visit *v, int64_t house_id, const struct booking_quote *want, struct lodging_room_offer *out, size_t most)
{
	const struct board_village *village = board_at_hand(v);
	const struct board_house *house = village != NULL ? board_house(village, house_id) : NULL;
	struct board_wish wish = {
	    .arrive = want->arrive, .leave = want->leave, .adults = want->adults, .children = want->children};
	size_t count = 0;

	if (house == NULL || wish.arrive.day == DATE_NONE || wish.leave.day == DATE_NONE)
		return (0);
	for (size_t i = 0; i < house->rooms && count < most; i++) {
		const struct board_room *room = &house->room[i];
		int64_t total;

		if (board_room(village, house, room, &wish, &total) == NULL)
			out[count++] =
			    (struct lodging_room_offer){room->id, room->name[v->lang], room->capacity, total};
	}
	return (count);
}

/* The nearest dates on which these rooms can be had. */
static size_t
near_dates(struct visit *v, int64_t house_id, const struct booking_quote *want, struct board_wish *out)
{
	const struct board_village *village = board_at_hand(v);
	const struct board_house *house = village != NULL ? board_house(village, house_id) : NULL;
	struct board_wish wish = {
	    .arrive = want->arrive, .leave = want->leave, .adults = want->adults, .children = want->children};

	if (house == NULL || wish.arrive.day == DATE_NONE || wish.leave.day == DATE_NONE ||
	    wish.leave.day <= wish.arrive.day)
		return (0);
	return (board_near(village, house, &want->rooms, &wish, out, NEAR_MOST));
}

void
booking_offer_answer(struct visit *v)
{
	struct booking_quote want = wanted(v);
	const struct booking_quote_row *quote = sql_booking_quote_row(v);
	const char *key = form_typed(&v->form, "key");
	bool again = key != NULL && key[0] != '\0' && v->refusal != NULL;
	const struct lodging_of_row *of = sql_lodging_of_row(v);
	struct lodging_room_offer other[ROOMS_MOST];
	size_t others = quote == NULL ? other_rooms(v, of->house, &want, other, ROOMS_MOST) : 0;
	struct board_wish near[NEAR_MOST];
	size_t nears = quote == NULL ? near_dates(v, of->house, &want, near) : 0;

	/* A form that comes back keeps its key: nothing was booked under it. */
	page_booking_offer(v, of, &want, quote, again ? key : secret_token(v->arena), other, others, near, nears);
	visit_page(v, 200);
}

/* --- booking --- */

void
booking_book_ask(struct visit *v)
{
	struct form *f = &v->form;
	struct booking_quote want = wanted(v);
	const char *key = booking_idempotency_key(v), *manage = booking_manage_secret(v, "stay manage", key);
	int64_t seen = form_fen_or_none(f, "seen_total_fen");
	int32_t arrival = form_int_or(f, "arrival", 0, 1800, -1);
	struct booking_book book = {
	    .key = key,
	    .request = visit_request_hash(v),
	    .house = want.house,
	    .rooms = want.rooms,
	    .arrive = want.arrive,
	    .leave = want.leave,
	    .adults = want.adults,
	    .children = want.children,
	    .guest_name = form_line(f, "guest.name", 1, 40),
	    .guest_phone = form_phone(f, "guest.phone"),
	    .guest_email = form_line_or_none(f, "guest.email", 120),
	    .arrival = {arrival >= 0, arrival},
	    .note = form_text(f, "note", 500),
	    .seen_total_fen = {seen >= 0, seen},
	    .manage = secret_hash_of(v->arena, manage),
	    .show = secret_hash_of(v->arena, booking_show_secret(v, manage)),
	    .device = visit_device(v),
	    .address = visit_address(v),
	};

	if (book.guest_email != NULL && strchr(book.guest_email, '@') == NULL)
		form_refuse(f, "guest.email", "form.email");
	sql_booking_book(v, &book);
}

void
booking_book_answer(struct visit *v)
{
	const struct booking_book_row *done = sql_booking_book_row(v);
	const char *manage = booking_manage_secret(v, "stay manage", booking_idempotency_key(v));

	if (v->json) {
		struct json *j = visit_json(v);

		json_booking_book(j, done);
		json_word(j, "secret", manage);
		visit_json_end(v, 201);
		return;
	}
	visit_keep_stay(v, done->code, manage);
	visit_redirect_said(v, arena_format(v->arena, "/stay/%s", done->code),
	    strcmp(done->state, "requested") == 0 ? "booking.said_requested" : "booking.said_booked");
}
