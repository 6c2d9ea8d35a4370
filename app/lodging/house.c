/*
 * Lodging: the page of a house, its calendar, and photos. Drawn from the board;
 * only a photo may come from the database.
 */
#include <stdio.h>
#include <string.h>

#include "base/visit.h"
#include "board.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "card.h"

/* --- a house ------------------------------------------------------------------------ */

/* Dates that do not go together are as none. */
static struct board_wish
house_wish(struct visit *v)
{
	struct board_wish wish = lodging_wish(v, form_date_or_none);

	if (wish.arrive.day == DATE_NONE || wish.leave.day == DATE_NONE || v->tries > 0)
		wish.arrive.day = wish.leave.day = DATE_NONE;
	return (wish);
}

static struct date
first_of_month(struct date day)
{
	struct civil c = date_civil(day);

	return (date_of(c.year, c.month, 1));
}

static struct date
next_month(struct date first)
{
	return (first_of_month(date_add(first, 31)));
}

/* The calendar begins with the month asked for, of the day of arriving, or this one, as far as there is something to show. */
static struct date
first_day(struct visit *v, const struct board_village *village, const struct board_wish *wish)
{
	struct date month = form_date_or_none(&v->form, "month"), today = first_of_month(village->today),
		    last = first_of_month(date_add(village->today, village->ahead - 62));

	if (month.day == DATE_NONE)
		month = wish->arrive.day != DATE_NONE ? wish->arrive : village->today;
	month = first_of_month(month);
	return (month.day > last.day ? last : month.day < today.day ? today : month);
}

static struct lodging_day *
days_of(struct visit *v, const struct board_village *village, const struct board_house *house, struct date from,
    size_t count)
{
	struct lodging_day *day = arena_take(v->arena, (count + 1) * sizeof(*day));

	for (size_t i = 0; i < count; i++) {
		struct date date = date_add(from, (int)i);
		struct board_night_sum sum = date.day < village->today.day ? (struct board_night_sum){0, 0, -1}
									   : board_house_night(village, house, date);
		const struct board_day *known = board_day(village, date);

		day[i] = (struct lodging_day){.date = date,
		    .from_fen = {sum.from_fen >= 0, sum.from_fen >= 0 ? sum.from_fen : 0},
		    .free_rooms = sum.free,
		    .festival = known->festival[v->lang],
		    .day_off = known->off};
	}
	return (day);
}

/* What each night costs, and all of them before the long-stay percentage. */
static struct booking_night_list
lines_of(struct visit *v, const struct board_house *house, const struct board_room *room, const struct board_wish *wish,
    int64_t *sum)
{
	static const char *const rules[] = {"base", "weekend", "season", "named"};
	struct board_offer alone = {.rooms = 1, .room = {room}};
	size_t count = (size_t)date_gap(wish->arrive, wish->leave);
	struct booking_night *night = arena_take(v->arena, count * sizeof(*night));

	*sum = 0;
	for (size_t i = 0; i < count; i++) {
		night[i] = (struct booking_night){date_add(wish->arrive, (int)i), room->id,
		    board_night(house, &alone, wish, (int)i),
		    rules[room->rule[(size_t)(wish->arrive.day - house->from.day) + i]]};
		*sum += night[i].price_fen;
	}
	return ((struct booking_night_list){count, night});
}

/* The nearest dates on which a room can be had that cannot on these; none when nothing near helps. */
static void
nearest(const struct board_village *village, const struct board_house *house, const struct board_room *from,
    const struct board_wish *wish, struct lodging_room *room)
{
	struct id_list only = {1, &from->id};
	struct board_wish near;

	if (wish->leave.day <= wish->arrive.day || board_near(village, house, &only, wish, &near, 1) == 0)
		return;
	room->near_arrive = near.arrive;
	room->near_leave = near.leave;
}

static struct lodging_room *
rooms_of(struct visit *v, const struct board_village *village, const struct board_house *house,
    const struct board_wish *wish)
{
	struct lodging_room *rooms = arena_take(v->arena, (house->rooms + 1) * sizeof(*rooms));

	for (size_t i = 0; i < house->rooms; i++) {
		const struct board_room *from = &house->room[i];
		struct lodging_room *room = &rooms[i];
		int64_t total;

		*room = (struct lodging_room){
		    .id = from->id,
		    .name = from->name[v->lang],
		    .about = from->about[v->lang],
		    .capacity = from->capacity,
		    .beds = from->beds,
		    .area_m2 = from->area_m2,
		    .floor = from->floor,
		    .step_free = from->step_free,
		    .photo = from->photo != NULL ? from->photo->hash : NULL,
		    .photo_alt = from->photo != NULL ? from->photo->alt[v->lang] : NULL,
		    .near_arrive = {DATE_NONE},
		    .near_leave = {DATE_NONE},
		    .free_cancel_until = {MOMENT_NONE},
		    .from_fen = {from->base_fen >= 0, from->base_fen},
		};
		if (wish->arrive.day == DATE_NONE)
			continue;
		room->why = board_room(village, house, from, wish, &total);
		if (room->why == NULL) {
			room->total_fen.is = true;
			room->total_fen.value = total;
			room->free_cancel_until = board_free_until(village, house, wish->arrive, total);
			room->nights = lines_of(v, house, from, wish, &room->discount_fen);
			room->discount_fen -= total;
		} else
			nearest(village, house, from, wish, room);
	}
	return (rooms);
}

/* Rooms together: for a party no room takes alone, and the whole house. */
static size_t
choices_of(struct visit *v, const struct board_village *village, const struct board_house *house,
    const struct board_wish *wish, struct lodging_choice out[2])
{
	struct board_offer offer;
	size_t count = 0;

	if (wish->arrive.day == DATE_NONE)
		return (0);
	if (board_offer(village, house, wish, &offer) && offer.rooms > 1)
		out[count++] = (struct lodging_choice){lodging_names(v, &offer), false, offer.total_fen,
		    board_free_until(village, house, wish->arrive, offer.total_fen)};
	if (board_whole(village, house, wish, &offer)) {
		/* The party may need all of it anyway. */
		if (count == 1 && out[0].rooms.count == offer.rooms)
			count = 0;
		out[count++] = (struct lodging_choice){lodging_names(v, &offer), true, offer.total_fen,
		    board_free_until(village, house, wish->arrive, offer.total_fen)};
	}
	return (count);
}

/* When this house has nothing for these dates: others that have, of its style first, the cheapest first. */
static size_t
others_of(struct visit *v, const struct board_village *village, const struct board_house *house,
    const struct board_wish *wish, struct lodging_card *out, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < village->houses; i++) {
		const struct board_house *other = lodging_in_turn(village, i);
		struct board_offer offer;
		struct lodging_card card;
		size_t at;

		if (other == house || !board_offer(village, other, wish, &offer))
			continue;
		card = lodging_card_of(v, village, other, wish, &offer);
		for (at = count; at > 0; at--) {
			bool like = strcmp(card.style, house->style) == 0,
			     before = strcmp(out[at - 1].style, house->style) == 0;

			if (like < before || (like == before && card.total_fen >= out[at - 1].total_fen))
				break;
			if (at < most)
				out[at] = out[at - 1];
		}
		if (at < most)
			out[at] = card;
		count += count < most;
	}
	return (count);
}

/* What cancelling costs and until when, for the cheapest choice of these nights: as dates and yuan, before anybody books. */
static struct booking_cut_list
cuts_of(struct visit *v, const struct board_village *village, const struct board_house *house,
    const struct board_wish *wish)
{
	struct booking_cut *cut = arena_take(v->arena, (house->cuts + 1) * sizeof(*cut));
	struct moment *until = arena_take(v->arena, (house->cuts + 1) * sizeof(*until));
	int64_t *owed = arena_take(v->arena, (house->cuts + 1) * sizeof(*owed));
	struct board_offer offer;
	size_t count;

	if (wish->arrive.day == DATE_NONE || !board_offer(village, house, wish, &offer))
		return ((struct booking_cut_list){0, NULL});
	count = board_cuts(house, wish->arrive, offer.total_fen, until, owed);
	for (size_t i = 0; i < count; i++) {
		if (until[i].us == MOMENT_NEVER)
			until[i].us = MOMENT_NONE;
		cut[i] = (struct booking_cut){until[i], offer.total_fen - owed[i], owed[i]};
	}
	return ((struct booking_cut_list){count, cut});
}

static struct lodging_house
house_of(struct visit *v, const struct board_house *from)
{
	return ((struct lodging_house){
	    .id = from->id,
	    .name = from->name[v->lang],
	    .style = from->style,
	    .line = from->line[v->lang],
	    .story = from->story[v->lang],
	    .address = from->address[v->lang],
	    .way = from->way[v->lang],
	    .latitude_e6 = from->latitude_e6,
	    .longitude_e6 = from->longitude_e6,
	    .walk_minutes = from->walk_minutes,
	    .phone = from->phone,
	    .host = from->host[v->lang],
	    .meals = from->meals[v->lang],
	    .breakfast = from->breakfast,
	    .parking = from->parking,
	    .rules = from->rules[v->lang],
	    .amenities = from->amenities,
	    .check_in_from = from->check_in_from,
	    .check_in_to = from->check_in_to,
	    .check_out_by = from->check_out_by,
	    .by_request = from->by_request,
	    .paused = from->paused,
	});
}

static struct lodging_picture *
pictures_of(struct visit *v, const struct board_house *house)
{
	struct lodging_picture *picture = arena_take(v->arena, (house->photos + 1) * sizeof(*picture));

	for (size_t i = 0; i < house->photos; i++)
		picture[i] = (struct lodging_picture){.hash = house->photo[i].hash,
		    .alt = house->photo[i].alt[v->lang],
		    .drawn = house->photo[i].drawn,
		    .taken = house->photo[i].taken,
		    .room = {house->photo[i].room != 0, house->photo[i].room}};
	return (picture);
}

void
lodging_house_ask(struct visit *v)
{
	const struct board_village *village = board_here(v);

	if (village == NULL)
		return;
	(void)house_wish(v);
	(void)form_date_or_none(&v->form, "month");
	if (board_house(village, form_id(&v->form, "house")) == NULL)
		visit_refuse(v, 404, NULL, "lodging.no_house");
}

void
lodging_house_answer(struct visit *v)
{
	const struct board_village *village = board_at_hand(v);
	const struct board_house *from = board_house(village, form_id(&v->form, "house"));
	struct board_wish wish = house_wish(v);
	struct lodging_house house = house_of(v, from);
	struct lodging_room *rooms = rooms_of(v, village, from, &wish);
	struct lodging_picture *pictures = pictures_of(v, from);
	struct lodging_choice choice[2];
	struct lodging_card other[3];
	size_t choices = choices_of(v, village, from, &wish, choice), others = 0;
	struct date first = first_day(v, village, &wish);
	size_t days = (size_t)date_gap(first, next_month(next_month(first)));

	struct booking_cut_list cuts = cuts_of(v, village, from, &wish);

	visit_may_return(v);
	v->card = (struct visit_card){house.name, house.line,
	    arena_format(v->arena, "/house/%lld", (long long)house.id), from->photos > 0 ? from->photo[0].hash : NULL};
	if (wish.arrive.day != DATE_NONE && choices == 0 && board_wrong_dates(village, &wish) == NULL) {
		size_t free = 0;

		for (size_t i = 0; i < from->rooms; i++)
			free += rooms[i].why == NULL;
		if (free == 0)
			others = others_of(v, village, from, &wish, other, 3);
	}
	if (v->json) {
		struct json *j = visit_json(v);

		json_lodging_house(j, &house);
		json_lodging_room_list(j, "rooms", rooms, from->rooms);
		json_lodging_choice_list(j, "choices", choice, choices);
		json_booking_cut_list(j, "cancel", cuts.item, cuts.count);
		json_lodging_card_list(j, "others", other, others);
		json_lodging_picture_list(j, "photos", pictures, from->photos);
		visit_json_end(v, 200);
		return;
	}
	page_lodging_house(v, &house, pictures, from->photos, &wish, rooms, from->rooms, choice, choices, other, others,
	    days_of(v, village, from, first, days), days, &cuts, village->way[v->lang]);
	visit_page(v, 200);
}

void
lodging_calendar_ask(struct visit *v)
{
	const struct board_village *village = board_here(v);
	struct date from = form_date(&v->form, "from"), to = form_date(&v->form, "to");

	if (village == NULL || v->form.fault != NULL)
		return;
	if (to.day < from.day || date_gap(from, to) > 99)
		visit_refuse(v, 422, NULL, "lodging.calendar_range");
	else if (board_house(village, form_id(&v->form, "house")) == NULL)
		visit_refuse(v, 404, NULL, "lodging.no_house");
}

void
lodging_calendar_answer(struct visit *v)
{
	const struct board_village *village = board_at_hand(v);
	const struct board_house *house = board_house(village, form_id(&v->form, "house"));
	struct date from = form_date(&v->form, "from");
	size_t count = (size_t)date_gap(from, form_date(&v->form, "to")) + 1;
	struct json *j = visit_json(v);

	json_int(j, "house", house->id);
	json_lodging_day_list(j, "days", days_of(v, village, house, from, count), count);
	visit_json_end(v, 200);
}

/* --- a photo: /photo/<sha-256 in hex>-<width> ------------------------------------------ */

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
