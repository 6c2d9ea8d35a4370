/*
 * The village: its front page, what is ahead in it, and the language one reads
 * it in. All of it is drawn from the board.
 */
#include <string.h>

#include "base/visit.h"
#include "board.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

#define AHEAD_NIGHTS 56 /* of the strip that says how full the village is */

/* How many houses have a room for two adults on these nights, and from how much. */
static int32_t
free_houses(const struct board_village *village, struct date arrive, struct date leave, struct maybe_bigint *from_fen)
{
	struct board_wish wish = {.arrive = arrive, .leave = leave, .adults = 2};
	int32_t count = 0;

	*from_fen = (struct maybe_bigint){false, 0};
	for (size_t i = 0; i < village->houses; i++) {
		struct board_offer offer;

		if (!board_offer(village, village->house[i], &wish, &offer))
			continue;
		count++;
		if (!from_fen->is || offer.total_fen < from_fen->value)
			*from_fen = (struct maybe_bigint){true, offer.total_fen};
	}
	return (count);
}

/* Tonight, or from Friday once the week has come to Wednesday. */
static struct village_front
front_of(struct visit *v, const struct board_village *village)
{
	int weekday = date_civil(village->today).weekday;
	struct village_front front = {.name = v->village.name,
	    .place = v->village.place,
	    .phone = v->village.phone,
	    .today = village->today,
	    .arrive = date_add(village->today,
		weekday == 2	   ? 2
		    : weekday == 3 ? 1
				   : 0)};

	front.leave = date_add(front.arrive, 1);
	front.free_houses = free_houses(village, front.arrive, front.leave, &front.from_fen);
	for (size_t i = 0; i < village->houses; i++)
		front.houses += !village->house[i]->paused;
	return (front);
}

static struct village_night *
nights_of(struct visit *v, const struct board_village *village)
{
	struct village_night *night = arena_take(v->arena, AHEAD_NIGHTS * sizeof(*night));

	for (int i = 0; i < AHEAD_NIGHTS; i++) {
		struct date date = date_add(village->today, i);
		struct board_night_sum sum = board_village_night(village, date);

		night[i] = (struct village_night){date, sum.rooms, sum.free, {sum.from_fen >= 0, sum.from_fen},
		    board_day(village, date)->festival[v->lang]};
	}
	return (night);
}

static struct village_festival *
festivals_of(struct visit *v, const struct board_village *village, size_t most, size_t *count)
{
	struct village_festival *festival = arena_take(v->arena, (village->festivals + 1) * sizeof(*festival));

	*count = 0;
	for (size_t i = 0; i < village->festivals && *count < most; i++) {
		const struct board_festival *from = &village->festival[i];
		struct village_festival *to = &festival[*count];

		/* One that has begun goes on for who comes tonight. */
		if (from->last.day < village->today.day)
			continue;
		*to = (struct village_festival){.name = from->name[v->lang],
		    .first_day = from->first.day < village->today.day ? village->today : from->first,
		    .last_day = from->last,
		    .day_off = from->off};
		to->houses = free_houses(village, to->first_day, date_add(to->first_day, 1), &to->from_fen);
		(*count)++;
	}
	return (festival);
}

void
village_home_ask(struct visit *v)
{
	(void)board_here(v);
}

void
village_home_answer(struct visit *v)
{
	const struct board_village *village = board_at_hand(v);
	struct village_front front = front_of(v, village);
	struct village_night *nights = nights_of(v, village);
	size_t count;
	struct village_festival *festivals = festivals_of(v, village, v->json ? SIZE_MAX : 3, &count);

	visit_may_return(v);
	if (v->json) {
		struct json *j = visit_json(v);

		json_village_front(j, &front);
		json_village_night_list(j, "nights", nights, AHEAD_NIGHTS);
		json_village_festival_list(j, "festivals", festivals, count);
		visit_json_end(v, 200);
		return;
	}
	page_village_home(v, &front, nights, AHEAD_NIGHTS, festivals, count);
	visit_page(v, 200);
}

void
village_festivals_ask(struct visit *v)
{
	(void)board_here(v);
}

void
village_festivals_answer(struct visit *v)
{
	size_t count;
	struct village_festival *festivals = festivals_of(v, board_at_hand(v), SIZE_MAX, &count);

	visit_may_return(v);
	page_village_festivals(v, festivals, count);
	visit_page(v, 200);
}

/* --- the map as GeoJSON (RFC 7946), for who wants to move it --- */

static void
feature_open(struct json *j, const char *kind, const char *name)
{
	json_object(j, NULL);
	json_word(j, "type", "Feature");
	json_object(j, "properties");
	json_word(j, "kind", kind);
	json_word(j, "name", name);
}

static void
position(struct json *j, const char *name, int32_t latitude_e6, int32_t longitude_e6)
{
	json_list(j, name);
	json_degrees(j, NULL, longitude_e6);
	json_degrees(j, NULL, latitude_e6);
	json_list_end(j);
}

static void
landmark(struct json *j, enum lang lang, const struct board_landmark *mark)
{
	bool wood = strcmp(mark->kind, "wood") == 0;

	feature_open(j, mark->kind, mark->name[lang]);
	json_object_end(j);
	json_object(j, "geometry");
	json_word(j, "type", wood ? "MultiPoint" : mark->points > 1 ? "LineString" : "Point");
	if (!wood && mark->points == 1)
		position(j, "coordinates", mark->point->latitude_e6, mark->point->longitude_e6);
	else {
		json_list(j, "coordinates");
		for (size_t p = 0; p < mark->points; p++)
			position(j, NULL, mark->point[p].latitude_e6, mark->point[p].longitude_e6);
		json_list_end(j);
	}
	json_object_end(j);
	json_object_end(j);
}

void
village_map_ask(struct visit *v)
{
	(void)board_here(v);
}

void
village_map_answer(struct visit *v)
{
	const struct board_village *village = board_at_hand(v);
	const char *by, *tiles = visit_tiles(&by);
	struct json *j = visit_json(v);

	visit_may_return(v);
	json_word(j, "type", "FeatureCollection");
	json_word(j, "tiles", tiles);
	json_word(j, "tiles_by", by);
	json_list(j, "features");
	for (size_t i = 0; i < village->landmarks; i++)
		landmark(j, v->lang, &village->landmark[i]);
	for (size_t i = 0; i < village->houses; i++) {
		const struct board_house *house = village->house[i];

		feature_open(j, "house", house->name[v->lang]);
		json_int(j, "id", house->id);
		json_object_end(j);
		json_object(j, "geometry");
		json_word(j, "type", "Point");
		position(j, "coordinates", house->latitude_e6, house->longitude_e6);
		json_object_end(j);
		json_object_end(j);
	}
	json_list_end(j);
	visit_json_end(v, 200);
}

/* Ends in ASK: choosing a language asks nobody. */
void
village_lang_ask(struct visit *v)
{
	const char *to = form_line(&v->form, "to", 2, 2), *back = form_line_or_none(&v->form, "back", 2000);

	if (strcmp(to, "zh") != 0 && strcmp(to, "en") != 0) {
		visit_not_there(v);
		return;
	}
	visit_set_cookie(v, "lang", to, 400 * 86400);
	visit_redirect(v, back != NULL ? back : "/");
}

void
village_lang_answer(struct visit *v)
{
	visit_not_there(v);
}

/* --- what limits there are, and what to do when one is met --- */

void
village_limits_ask(struct visit *v)
{
	sql_village_limits(v);
}

void
village_limits_answer(struct visit *v)
{
	page_village_limits(v, sql_village_limits_row(v));
	visit_page(v, 200);
}
