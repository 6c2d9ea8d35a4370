/*
 * Lodging: which houses and rooms there are, and which can be had when.
 */
#include <stdio.h>
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

/* What a list is asked for. Dates are required to search, not to draw the form again. */
static struct lodging_search
wanted_search(struct visit *v, struct date (*day)(struct form *, const char *))
{
	struct party party = party_read(&v->form);

	return ((struct lodging_search){
	    .arrive = day(&v->form, "arrive"),
	    .leave = day(&v->form, "leave"),
	    .adults = party.adults,
	    .children = party.children,
	});
}

/* --- the list --- */

void
lodging_search_ask(struct visit *v)
{
	struct lodging_search want = wanted_search(v, form_date);

	/* A search that will not do is drawn again as an empty list with its form; it asks for nothing more. */
	if (v->tries == 0 && v->form.fault == NULL)
		sql_lodging_search(v, &want);
}

void
lodging_search_answer(struct visit *v)
{
	struct lodging_search want = wanted_search(v, form_date_or_none);
	size_t count;
	const struct lodging_search_row *rows = sql_lodging_search_rows(v, &count);

	if (v->json) {
		struct json *j = visit_json(v);

		json_date(j, "arrive", want.arrive);
		json_date(j, "leave", want.leave);
		json_lodging_search_list(j, "houses", rows, count);
		visit_json_end(v, 200);
		return;
	}
	page_lodging_search(v, &want, rows, count);
	visit_page(v, 200);
}

/* --- a house --- */

#define CALENDAR_DAYS 62

static struct lodging_rooms
wanted_rooms(struct visit *v)
{
	struct party party = party_read(&v->form);
	struct lodging_rooms want = {
	    .house = form_id(&v->form, "house"),
	    .adults = party.adults,
	    .children = party.children,
	    .arrive = form_date_or_none(&v->form, "arrive"),
	    .leave = form_date_or_none(&v->form, "leave"),
	};

	if (want.arrive.day == DATE_NONE || want.leave.day == DATE_NONE || v->tries > 0)
		want.arrive.day = want.leave.day = DATE_NONE;
	return (want);
}

/* The month shown: of the day asked for, or this one; whole weeks are the page's business. */
static struct date
first_of_month(struct date day)
{
	struct civil c = date_civil(day);

	return (date_of(c.year, c.month, 1));
}

void
lodging_house_ask(struct visit *v)
{
	struct lodging_rooms want = wanted_rooms(v);
	struct lodging_house house = {.house = want.house};
	struct lodging_photos photos = {.house = want.house};
	struct lodging_days days = {.house = want.house, .from_day = form_date_or_none(&v->form, "month")};

	if (days.from_day.day == DATE_NONE && want.arrive.day != DATE_NONE)
		days.from_day = first_of_month(want.arrive);
	sql_lodging_house(v, &house);
	sql_lodging_photos(v, &photos);
	sql_lodging_rooms(v, &want);
	if (!v->json)
		sql_lodging_days(v, &days);
}

void
lodging_house_answer(struct visit *v)
{
	const struct lodging_house_row *house = sql_lodging_house_row(v);
	struct lodging_rooms want = wanted_rooms(v);
	size_t photo_count, room_count, day_count;
	const struct lodging_photos_row *photos = sql_lodging_photos_rows(v, &photo_count);
	const struct lodging_rooms_row *rooms = sql_lodging_rooms_rows(v, &room_count);
	const struct lodging_days_row *days = sql_lodging_days_rows(v, &day_count);

	if (v->json) {
		struct json *j = visit_json(v);

		json_lodging_house(j, house);
		json_lodging_rooms_list(j, "rooms", rooms, room_count);
		json_lodging_photos_list(j, "photos", photos, photo_count);
		visit_json_end(v, 200);
		return;
	}
	page_lodging_house(v, house, photos, photo_count, &want, rooms, room_count, days, day_count);
	visit_page(v, 200);
}

void
lodging_calendar_ask(struct visit *v)
{
	struct lodging_calendar want = {.house = form_id(&v->form, "house"),
	    .from_day = form_date(&v->form, "from"),
	    .to_day = form_date(&v->form, "to")};

	sql_lodging_calendar(v, &want);
}

void
lodging_calendar_answer(struct visit *v)
{
	size_t count;
	const struct lodging_calendar_row *days = sql_lodging_calendar_rows(v, &count);
	struct json *j = visit_json(v);

	json_int(j, "house", form_id(&v->form, "house"));
	json_lodging_calendar_list(j, "days", days, count);
	visit_json_end(v, 200);
}

/* --- a photo: /photo/<sha-256 in hex>-<width> --- */

void
lodging_photo_ask(struct visit *v)
{
	const char *name = form_line(&v->form, "photo", 66, 70);
	struct lodging_photo want = {.width = 0};
	char hex[65], width[5];

	if (sscanf(name, "%64[0-9a-f]-%4[0-9]", hex, width) == 2 && strlen(hex) == 64 &&
	    strlen(name) == 65 + strlen(width) && visit_hex(v, hex, &want.hash) &&
	    (strcmp(width, "480") == 0 || strcmp(width, "960") == 0)) {
		want.width = strcmp(width, "480") == 0 ? 480 : 960;
		if (!visit_photo_known(v, name))
			sql_lodging_photo(v, &want);
		return;
	}
	visit_not_there(v);
}

void
lodging_photo_answer(struct visit *v)
{
	const struct lodging_photo_row *photo = sql_lodging_photo_row(v);

	/* The original stands in for a size that is still being made, and is asked for again. */
	if (photo->made)
		visit_photo_new(v, form_typed(&v->form, "photo"), photo->kind, photo->bytes);
	else {
		visit_may_cache(v, 30);
		visit_plain(v, 200, photo->kind, (const char *)photo->bytes.at, photo->bytes.length);
	}
}
