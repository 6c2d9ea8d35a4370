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

#define ROOMS_MOST 14

static char *
show_secret(struct visit *v, const char *manage)
{
	return (secret_derive(v->arena, "stay show", manage, strlen(manage)));
}

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

	/* A form that comes back keeps its key: nothing was booked under it. */
	page_booking_offer(v, of, &want, quote, again ? key : secret_token(v->arena), other, others);
	visit_page(v, 200);
}

/* --- booking --- */

/* What makes the manage link: the village's host comes in by the request, the person by what was typed. */
static const char *
manage_secret(struct visit *v, const char *key)
{
	struct bytes request = visit_request_hash(v);
	struct buffer words;

	buffer_open(&words, v->arena, 128);
	buffer_word(&words, key);
	buffer_add(&words, "", 1);
	buffer_add(&words, (const char *)request.at, request.length);
	return (secret_derive(v->arena, "stay manage", words.at, words.length));
}

static const char *
idempotency_key(struct visit *v)
{
	const char *key = v->json ? visit_header(v, "idempotency-key") : form_line(&v->form, "key", 8, 200);

	if (key == NULL || strlen(key) < 8 || strlen(key) > 200) {
		form_refuse(&v->form, v->json ? "Idempotency-Key" : "key", key == NULL ? "form.missing" : "form.range");
		return ("");
	}
	return (key);
}

void
booking_book_ask(struct visit *v)
{
	struct form *f = &v->form;
	struct booking_quote want = wanted(v);
	const char *key = idempotency_key(v), *manage = manage_secret(v, key);
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
	    .show = secret_hash_of(v->arena, show_secret(v, manage)),
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
	const char *manage = manage_secret(v, idempotency_key(v));

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

/* --- the stay's own page --- */

static const char *
stay_secret(struct visit *v, const char *code)
{
	const char *bearer = visit_bearer(v);

	return (v->json ? bearer != NULL ? bearer : "" : visit_stay_secret(v, code));
}

/* Codes are read out on the phone: small letters and blanks will do. */
static const char *
stay_code(struct visit *v)
{
	const char *typed = form_line(&v->form, "code", 1, 20);
	char *code = arena_copy(v->arena, typed, strlen(typed));

	for (char *p = code; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 32);
	return (code);
}

/* Somebody follows a link: the secret goes from the address bar into a cookie. */
void
booking_open_ask(struct visit *v)
{
	struct booking_open want = {
	    .code = stay_code(v), .secret = secret_hash_of(v->arena, form_line(&v->form, "secret", 1, 64))};

	sql_booking_open(v, &want);
}

void
booking_open_answer(struct visit *v)
{
	const char *code = stay_code(v);

	visit_keep_stay(v, code, form_typed(&v->form, "secret"));
	visit_redirect(v, arena_format(v->arena, "/stay/%s", code));
}

void
booking_stay_ask(struct visit *v)
{
	const char *code = stay_code(v);
	struct booking_stay want = {.code = code, .secret = secret_hash_of(v->arena, stay_secret(v, code))};

	sql_booking_stay(v, &want);
}

void
booking_stay_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);
	const char *code = stay_code(v), *secret = stay_secret(v, code), *manage = NULL;

	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", code);
		json_booking_stay(j, stay);
		visit_json_end(v, 200);
		return;
	}
	if (strcmp(stay->may, "manage") == 0) {
		manage = arena_format(v->arena, "%s/stay/%s/%s", v->village.base_url, code, secret);
		secret = show_secret(v, secret);
	}
	page_booking_stay(
	    v, code, stay, arena_format(v->arena, "%s/stay/%s/%s", v->village.base_url, code, secret), manage);
	visit_page(v, 200);
}

/* --- cancelling: the page that says what it costs, then the act --- */

void
booking_leave_ask(struct visit *v)
{
	booking_stay_ask(v);
}

void
booking_leave_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);
	const char *code = stay_code(v);

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
	const char *code = stay_code(v);
	int64_t seen = form_fen_or_none(&v->form, "seen_owed_fen");
	struct booking_cancel want = {
	    .code = code,
	    .secret = secret_hash_of(v->arena, stay_secret(v, code)),
	    .phone_last4 = form_line(&v->form, "phone_last4", 4, 4),
	    .seen_owed_fen = {seen >= 0, seen},
	};

	sql_booking_cancel(v, &want);
}

void
booking_cancel_answer(struct visit *v)
{
	const struct booking_cancel_row *done = sql_booking_cancel_row(v);

	if (done->refused != NULL) {
		visit_refuse(
		    v, strcmp(done->refused, "booking.last4_wait") == 0 ? 429 : 422, "phone_last4", done->refused);
		return;
	}
	if (v->json) {
		struct json *j = visit_json(v);

		json_word(j, "code", stay_code(v));
		json_booking_cancel(j, done);
		visit_json_end(v, 200);
		return;
	}
	visit_redirect_said(v, arena_format(v->arena, "/stay/%s", stay_code(v)), "booking.said_cancelled");
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
	const char *code = stay_code(v);
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

/* --- the stays of this device --- */

void
booking_mine_ask(struct visit *v)
{
	size_t count = visit_stay_count(v);
	const char **code = arena_take(v->arena, (count + 1) * sizeof(*code));
	struct bytes *secret = arena_take(v->arena, (count + 1) * sizeof(*secret));
	struct booking_mine want = {.codes = {count, code}, .secrets = {count, secret}};

	for (size_t i = 0; i < count; i++) {
		code[i] = visit_stay_code(v, i);
		secret[i] = secret_hash_of(v->arena, visit_stay_secret(v, code[i]));
	}
	sql_booking_mine(v, &want);
}

void
booking_mine_answer(struct visit *v)
{
	size_t count;
	const struct booking_mine_row *rows = sql_booking_mine_rows(v, &count);

	page_booking_mine(v, rows, count);
	visit_page(v, 200);
}
