/*
 * From rows of the database into the board's own memory: texts in both
 * languages, numbers as small as they can be. A house is one arena, so that it
 * can be thrown away and read anew alone.
 */
#include <stdlib.h>
#include <string.h>

#include "build/sql.h"
#include "state.h"

static const char *
text(struct arena *to, const char *from)
{
	return (from != NULL ? arena_copy(to, from, strlen(from)) : NULL);
}

/* Chinese where English is empty, as base.pick. */
static void
both(struct arena *to, const char *out[LANG_COUNT], const char *zh, const char *en)
{
	out[LANG_ZH] = text(to, zh);
	out[LANG_EN] = en != NULL && en[0] != '\0' ? text(to, en) : out[LANG_ZH];
}

static struct text_list
texts(struct arena *to, const struct text_list *from)
{
	const char **item = arena_take(to, (from->count + 1) * sizeof(*item));

	for (size_t i = 0; i < from->count; i++)
		item[i] = text(to, from->item[i]);
	return ((struct text_list){from->count, item});
}

/* The bits of the words among these. */
static uint32_t
bits_of(const struct text_list *words)
{
	static const struct {
		const char *word;
		uint32_t bit;
	} codes[] = {{"pets", BOARD_PETS}, {"kitchen", BOARD_KITCHEN}, {"laundry", BOARD_LAUNDRY},
	    {"children_play", BOARD_CHILDREN_PLAY}, {"garden", BOARD_GARDEN}, {"terrace", BOARD_TERRACE},
	    {"mountain_view", BOARD_MOUNTAIN_VIEW}, {"charging", BOARD_CHARGING}, {"double", BOARD_DOUBLE},
	    {"single", BOARD_SINGLE}, {"kang", BOARD_KANG}, {"bunk", BOARD_BUNK}, {"tent", BOARD_TENT},
	    {"sofa", BOARD_SOFA}};
	uint32_t bits = 0;

	for (size_t i = 0; i < words->count; i++)
		for (size_t c = 0; c < sizeof(codes) / sizeof(codes[0]); c++)
			if (strcmp(words->item[i], codes[c].word) == 0)
				bits |= codes[c].bit;
	return (bits);
}

static uint8_t *
small(struct arena *to, const struct int_list *from)
{
	uint8_t *out;

	if (from->count != BOARD_NIGHTS)
		return (NULL);
	out = arena_take(to, BOARD_NIGHTS);
	for (size_t i = 0; i < BOARD_NIGHTS; i++)
		out[i] = (uint8_t)(from->item[i] < 0 ? 0 : from->item[i] > UINT8_MAX ? UINT8_MAX : from->item[i]);
	return (out);
}

static uint16_t *
counts(struct arena *to, const struct int_list *from)
{
	uint16_t *out;

	if (from->count != BOARD_NIGHTS)
		return (NULL);
	out = arena_take(to, BOARD_NIGHTS * sizeof(*out));
	for (size_t i = 0; i < BOARD_NIGHTS; i++)
		out[i] = (uint16_t)(from->item[i] < 0 ? 0 : from->item[i] > UINT16_MAX ? UINT16_MAX : from->item[i]);
	return (out);
}

static void
copy_room(struct arena *to, struct board_house *house, struct board_room *room, const struct board_rooms_row *row)
{
	room->id = row->room;
	both(to, room->name, row->name_zh, row->name_en);
	both(to, room->about, row->about_zh, row->about_en);
	room->capacity = row->capacity;
	room->base_guests = row->base_guests;
	room->extra_adult_fen = row->extra_adult_fen;
	room->beds = texts(to, &row->beds);
	room->area_m2 = row->area_m2;
	room->floor = row->floor;
	room->step_free = row->step_free;
	room->closed = row->closed;
	room->has = bits_of(&room->beds) | (room->step_free ? BOARD_STEP_FREE : 0);
	room->base_fen = -1;
	for (size_t i = 0; i < house->photos && room->photo == NULL; i++)
		if (house->photo[i].room == room->id)
			room->photo = &house->photo[i];
	if (row->price_fen.count != BOARD_NIGHTS || row->rule.count != BOARD_NIGHTS)
		abort(); /* board.window() and BOARD_NIGHTS are one number in two places; tests/sql/board/rooms.sql holds it to 402 */
	room->until = arena_take(to, BOARD_NIGHTS * sizeof(*room->until));
	room->price_fen = arena_take(to, BOARD_NIGHTS * sizeof(*room->price_fen));
	memcpy(room->price_fen, row->price_fen.item, BOARD_NIGHTS * sizeof(*room->price_fen));
	room->rule = small(to, &row->rule);
	room->fewest = counts(to, &row->fewest);
	room->most = counts(to, &row->most);
	room->gate = small(to, &row->gate);
	for (size_t i = 0; i < BOARD_NIGHTS; i++) {
		room->until[i] = MOMENT_NONE;
		if (room->rule[i] == 0 && room->price_fen[i] >= 0 &&
		    (room->base_fen < 0 || room->price_fen[i] < room->base_fen))
			room->base_fen = room->price_fen[i];
	}
}

static void
copy_parts(struct arena *to, struct board_house *house, const struct board_houses_row *row)
{
	house->bands = row->bands.count;
	house->band = arena_take(to, (house->bands + 1) * sizeof(*house->band));
	for (size_t i = 0; i < house->bands; i++)
		house->band[i] = (struct board_band){row->bands.item[i].under_age, row->bands.item[i].fen};
	house->ladder = row->ladder.count;
	house->step = arena_take(to, (house->ladder + 1) * sizeof(*house->step));
	for (size_t i = 0; i < house->ladder; i++)
		house->step[i] = (struct board_step){row->ladder.item[i].nights, row->ladder.item[i].percent};
	house->cuts = row->cuts.count;
	house->cut = arena_take(to, (house->cuts + 1) * sizeof(*house->cut));
	for (size_t i = 0; i < house->cuts; i++)
		house->cut[i] = (struct board_cut){row->cuts.item[i].days_before.value, row->cuts.item[i].minute.value,
		    row->cuts.item[i].percent, !row->cuts.item[i].days_before.is};
	if (row->whole_fen.count == BOARD_NIGHTS) {
		house->whole_fen = arena_take(to, BOARD_NIGHTS * sizeof(*house->whole_fen));
		memcpy(house->whole_fen, row->whole_fen.item, BOARD_NIGHTS * sizeof(*house->whole_fen));
	}
	house->photos = row->photos.count;
	house->photo = arena_take(to, (house->photos + 1) * sizeof(*house->photo));
	for (size_t i = 0; i < house->photos; i++) {
		const struct board_picture *from = &row->photos.item[i];

		house->photo[i] = (struct board_photo){.hash = text(to, from->hash),
		    .drawn = from->drawn,
		    .taken = from->taken,
		    .room = from->room.is ? from->room.value : 0};
		both(to, house->photo[i].alt, from->alt_zh, from->alt_en);
	}
}

struct board_house *
board_copy_house(const struct board_houses_row *row, const struct board_rooms_row *rooms, size_t count)
{
	struct arena *to = arena_new_tight();
	struct board_house *house = arena_take(to, sizeof(*house));

	house->arena = to;
	house->id = row->house;
	house->position = row->place;
	house->from = row->from_day;
	house->style = text(to, row->style);
	house->phone = text(to, row->phone);
	both(to, house->name, row->name_zh, row->name_en);
	both(to, house->line, row->line_zh, row->line_en);
	both(to, house->story, row->story_zh, row->story_en);
	both(to, house->address, row->address_zh, row->address_en);
	both(to, house->way, row->way_zh, row->way_en);
	both(to, house->host, row->host_zh, row->host_en);
	both(to, house->meals, row->meals_zh, row->meals_en);
	both(to, house->rules, row->rules_zh, row->rules_en);
	house->latitude_e6 = row->latitude_e6;
	house->longitude_e6 = row->longitude_e6;
	house->walk_minutes = row->walk_minutes;
	house->parking = row->parking;
	house->check_in_from = row->check_in_from;
	house->check_in_to = row->check_in_to;
	house->check_out_by = row->check_out_by;
	house->breakfast = row->breakfast;
	house->by_request = row->by_request;
	house->paused = row->paused;
	house->amenities = texts(to, &row->amenities);
	copy_parts(to, house, row);
	for (size_t i = 0; i < count; i++)
		house->rooms += rooms[i].house == house->id;
	house->room = arena_take(to, (house->rooms + 1) * sizeof(*house->room));
	for (size_t i = 0, at = 0; i < count; i++)
		if (rooms[i].house == house->id)
			copy_room(to, house, &house->room[at++], &rooms[i]);
	house->has = bits_of(&house->amenities) | (house->breakfast ? BOARD_BREAKFAST : 0) |
	    (house->parking > 0 ? BOARD_PARKING : 0);
	return (house);
}

/* The map reaches as far as what is drawn on it. */
static void
copy_map(struct village *village, const struct board_landmarks_row *rows, size_t count)
{
	struct board_village *v = &village->v;

	village->west = village->south = INT32_MAX;
	village->east = village->north = INT32_MIN;
	v->landmarks = count;
	v->landmark = arena_take(village->arena, (count + 1) * sizeof(*v->landmark));
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p + 1 < rows[i].points.count; p += 2) {
			int32_t latitude = rows[i].points.item[p], longitude = rows[i].points.item[p + 1];

			village->south = latitude < village->south ? latitude : village->south;
			village->north = latitude > village->north ? latitude : village->north;
			village->west = longitude < village->west ? longitude : village->west;
			village->east = longitude > village->east ? longitude : village->east;
		}
	v->map_height = count > 0 ? board_place(v, village->south, village->west).y : 0;
	for (size_t i = 0; i < count; i++) {
		struct board_landmark *to = &v->landmark[i];

		to->kind = text(village->arena, rows[i].kind);
		both(village->arena, to->name, rows[i].name_zh, rows[i].name_en);
		to->points = rows[i].points.count / 2;
		to->point = arena_take(village->arena, (to->points + 1) * sizeof(*to->point));
		for (size_t p = 0; p < to->points; p++)
			to->point[p] = board_place(v, rows[i].points.item[2 * p], rows[i].points.item[2 * p + 1]);
	}
}

void
board_copy_village(struct village *village, const struct board_head_row *row, const struct board_days_row *day,
    const struct board_festivals_row *festival, size_t festivals, const struct board_landmarks_row *landmark,
    size_t landmarks)
{
	struct arena *to = village->arena;
	struct board_village *v = &village->v;

	both(to, v->name, row->name_zh, row->name_en);
	both(to, v->place, row->place_zh, row->place_en);
	both(to, v->way, row->way_zh, row->way_en);
	v->phone = text(to, row->phone);
	v->base_url = text(to, row->base_url);
	v->from = row->from_day;
	v->ahead = row->book_ahead_nights;
	v->longest = row->longest_nights;
	v->day = arena_take(to, BOARD_NIGHTS * sizeof(*v->day));
	for (size_t i = 0; i < BOARD_NIGHTS; i++) {
		both(to, v->day[i].festival, day[i].festival_zh, day[i].festival_en);
		v->day[i].off = day[i].day_off;
	}
	v->festivals = festivals;
	v->festival = arena_take(to, (festivals + 1) * sizeof(*v->festival));
	for (size_t i = 0; i < festivals; i++) {
		both(to, v->festival[i].name, festival[i].name_zh, festival[i].name_en);
		v->festival[i].first = festival[i].first_day;
		v->festival[i].last = festival[i].last_day;
		v->festival[i].off = festival[i].day_off;
	}
	copy_map(village, landmark, landmarks);
}
