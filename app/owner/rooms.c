/*
 * 房态 and 来客人了: which room has whom in which night, nights the house keeps
 * for itself, and guests it takes in at the door or on the phone. Cells are
 * sent as "room.day", so that one form of check boxes does without a script.
 */
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

#define DAYS 14
#define CELLS_MOST 400
#define ROOMS_MOST 14

static struct maybe_bigint
house_of(struct visit *v)
{
	int64_t house = form_id_or_none(&v->form, "house");

	return ((struct maybe_bigint){house != 0, house});
}

/* The first day shown: today's when none is said, within the window of booking. */
static struct date
first_day(struct visit *v)
{
	struct date from = form_date_or_none(&v->form, "from");

	return (from.day == DATE_NONE ? v->village.today : from);
}

/* "room.2026-12-03", as often as the field was sent. */
static struct text_list
cells_of(struct visit *v)
{
	size_t count = form_count(&v->form, "cell");
	const char **cell;

	if (count > CELLS_MOST) {
		form_refuse(&v->form, "cell", "form.too_many");
		count = 0;
	}
	cell = arena_take(v->arena, (count + 1) * sizeof(*cell));
	for (size_t i = 0; i < count; i++) {
		const struct form_field *field = form_nth(&v->form, "cell", i);
		size_t digits = strspn(field->value, "0123456789");
		struct date night;

		if (digits < 1 || digits > 15 || field->value[digits] != '.' ||
		    !date_read(field->value + digits + 1, &night))
			form_refuse(&v->form, "cell", "form.word");
		cell[i] = field->value;
	}
	return ((struct text_list){count, cell});
}

void
owner_rooms_ask(struct visit *v)
{
	struct owner_house head = {.house = house_of(v)};
	struct owner_rooms rooms = {.house = head.house};
	struct owner_nights nights = {
	    .house = head.house, .from_day = form_date_or_none(&v->form, "from"), .days = DAYS};

	sql_owner_house(v, &head);
	sql_owner_rooms(v, &rooms);
	sql_owner_nights(v, &nights);
}

void
owner_rooms_answer(struct visit *v)
{
	size_t rooms, nights;
	const struct owner_rooms_row *room = sql_owner_rooms_rows(v, &rooms);
	const struct owner_nights_row *night = sql_owner_nights_rows(v, &nights);

	page_owner_rooms(v, sql_owner_house_row(v), room, rooms, night, nights, first_day(v), DAYS);
	visit_page(v, 200);
}

/* One form, two buttons: the nights chosen are closed, or opened. */
void
owner_keep_ask(struct visit *v)
{
	const char *act = form_line(&v->form, "act", 1, 10);
	struct text_list cells = cells_of(v);

	if (strcmp(act, "open") == 0) {
		struct owner_open_nights want = {.house = house_of(v), .cells = cells};

		sql_owner_open_nights(v, &want);
	} else {
		struct owner_close_nights want = {.house = house_of(v), .cells = cells, .why = act};

		sql_owner_close_nights(v, &want);
	}
}

void
owner_keep_answer(struct visit *v)
{
	const char *from = form_typed(&v->form, "from");
	struct maybe_bigint house = house_of(v);

	visit_redirect_said(v,
	    arena_format(v->arena, "/owner/rooms?house=%lld%s%s", (long long)house.value,
		from != NULL && from[0] != '\0' ? "&from=" : "", from != NULL ? from : ""),
	    sql_owner_open_nights_row(v) != NULL ? "owner.said_open" : "owner.said_closed");
}

/* --- 来客人了 --- */

void
owner_door_ask(struct visit *v)
{
	struct owner_house head = {.house = house_of(v)};
	struct owner_rooms rooms = {.house = head.house};

	sql_owner_house(v, &head);
	sql_owner_rooms(v, &rooms);
}

void
owner_door_answer(struct visit *v)
{
	size_t count;
	const struct owner_rooms_row *rooms = sql_owner_rooms_rows(v, &count);
	const char *key = form_typed(&v->form, "key");

	page_owner_door(v, sql_owner_house_row(v), rooms, count,
	    key != NULL && key[0] != '\0' && v->refusal != NULL ? key : secret_token(v->arena));
	visit_page(v, 200);
}

void
owner_walk_in_ask(struct visit *v)
{
	struct form *f = &v->form;
	const char *token = secret_token(v->arena), *phone = form_typed(f, "phone");
	struct date arrive = form_date(f, "arrive");
	struct owner_walk_in want = {
	    .key = form_line(f, "key", 8, 200),
	    .house = house_of(v),
	    .rooms = form_ids(f, "rooms", ROOMS_MOST),
	    .arrive = arrive,
	    .leave = date_add(arrive, form_int(f, "nights", 1, 30)),
	    .adults = form_int(f, "adults", 1, PARTY_ADULTS_MOST),
	    .guest_name = form_line(f, "name", 0, 40),
	    .guest_phone = phone != NULL && phone[0] != '\0' ? form_phone(f, "phone") : "",
	    .note = form_text(f, "note", 500),
	    .manage = secret_hash_of(v->arena, token),
	    .show = secret_hash_of(v->arena, secret_derive(v->arena, "stay show", token, strlen(token))),
	};

	sql_owner_walk_in(v, &want);
}

void
owner_walk_in_answer(struct visit *v)
{
	visit_redirect_said(
	    v, arena_format(v->arena, "/owner/stay/%s", sql_owner_walk_in_row(v)->code), "owner.said_walk_in");
}
