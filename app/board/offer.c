/*
 * Adding up. See board.h; booking.price, booking.limits and booking.cuts say
 * the same in SQL and are right when the two differ.
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"

#define DAY_US ((int64_t)86400 * 1000000)
#define CHILDREN_MOST 32

/* Who pays extra: grown-ups, and what each child would pay a night, the dearest first. */
struct payers {
	int32_t grown;
	size_t children;
	int64_t fee[CHILDREN_MOST];
};

static void
payers_of(const struct board_house *house, const struct board_wish *wish, struct payers *out)
{
	out->grown = wish->adults;
	out->children = 0;
	for (size_t i = 0; i < wish->children.count && i < CHILDREN_MOST; i++) {
		const struct board_band *band = NULL;
		size_t at = out->children;

		for (size_t b = 0; b < house->bands && band == NULL; b++)
			if (wish->children.item[i] < house->band[b].under_age)
				band = &house->band[b];
		if (band == NULL) {
			out->grown++;
			continue;
		}
		while (at > 0 && out->fee[at - 1] < band->fen) {
			out->fee[at] = out->fee[at - 1];
			at--;
		}
		out->fee[at] = band->fen;
		out->children++;
	}
}

/* What these rooms' extra guests pay a night. */
static int64_t
extra_of(const struct payers *payers, const struct board_room *const *room, size_t rooms)
{
	int32_t places = 0, left;
	int64_t extra = 0;
	bool used[BOARD_ROOMS] = {false};

	for (size_t i = 0; i < rooms; i++)
		places += room[i]->base_guests;
	left = payers->grown > places ? payers->grown - places : 0;
	for (size_t k = 0; k < rooms && left > 0; k++) {
		size_t best = BOARD_ROOMS;
		int32_t take;

		for (size_t i = 0; i < rooms; i++)
			if (!used[i] && (best == BOARD_ROOMS || room[i]->extra_adult_fen < room[best]->extra_adult_fen))
				best = i;
		used[best] = true;
		take = room[best]->capacity - room[best]->base_guests;
		if (take > left || k + 1 == rooms)
			take = left;
		if (take > 0) {
			extra += take * room[best]->extra_adult_fen;
			left -= take;
		}
	}
	for (size_t i = payers->grown < places ? (size_t)(places - payers->grown) : 0; i < payers->children; i++)
		extra += payers->fee[i];
	return (extra);
}

int32_t
board_percent(const struct board_house *house, int nights)
{
	for (size_t i = 0; i < house->ladder && nights > 1; i++)
		if (house->step[i].nights <= nights)
			return (house->step[i].percent);
	return (0);
}

/* Once on the total, half up. */
static int64_t
after_ladder(const struct board_house *house, int nights, int64_t total)
{
	int32_t percent = board_percent(house, nights);

	return (percent > 0 ? (total * (100 - percent) * 2 + 100) / 200 : total);
}

const char *
board_wrong_dates(const struct board_village *village, const struct board_wish *wish)
{
	int nights = date_gap(wish->arrive, wish->leave);

	if (nights <= 0)
		return ("booking.leave_first");
	if (wish->arrive.day < village->today.day)
		return ("booking.past");
	if (nights > village->longest)
		return ("booking.too_long");
	if (wish->leave.day > village->today.day + village->ahead)
		return ("booking.too_far");
	return (NULL);
}

/* A room that was asked for: not closed for good, and as it should be. */
static bool
wanted(const struct board_room *room, const struct board_wish *wish)
{
	return (!room->closed && (room->has & wish->only) == wish->only);
}

/* Why this room is not to be had for these nights, whoever comes, or NULL and the sum of its nights for base_guests. */
static const char *
nights_of(const struct board_house *house, const struct board_room *room, const struct board_wish *wish,
    struct moment now, int64_t *sum)
{
	int nights = date_gap(wish->arrive, wish->leave), first = wish->arrive.day - house->from.day,
	    last = first + nights;
	bool sold = true, taken = false;

	*sum = 0;
	if (first < 0 || last >= BOARD_NIGHTS)
		return ("lodging.full");
	if (room->gate != NULL) {
		bool few = false, many = false;

		if ((room->gate[first] & 1) == 0)
			return ("booking.closed_to_arrival");
		if ((room->gate[last] & 2) == 0)
			return ("booking.closed_to_departure");
		for (int i = first; i < last; i++) {
			few = few || nights < room->fewest[i];
			many = many || nights > room->most[i];
		}
		if (few || many)
			return (few ? "booking.min_nights" : "booking.max_nights");
	}
	for (int i = first; i < last; i++) {
		sold = sold && room->price_fen[i] >= 0;
		taken = taken || room->until[i] > now.us;
		*sum += room->price_fen[i];
	}
	return (!sold ? "booking.no_price" : taken ? "lodging.full" : NULL);
}

const char *
board_room(const struct board_village *village, const struct board_house *house, const struct board_room *room,
    const struct board_wish *wish, int64_t *total_fen)
{
	int nights = date_gap(wish->arrive, wish->leave);
	const char *why;
	struct payers payers;

	if (room->capacity < wish->adults + (int32_t)wish->children.count)
		return ("booking.too_many_guests");
	why = board_wrong_dates(village, wish);
	if (why == NULL)
		why = nights_of(house, room, wish, village->now, total_fen);
	if ((why == NULL || strcmp(why, "lodging.full") == 0) && (house->paused || room->closed))
		why = "booking.house_paused";
	if (why != NULL)
		return (why);
	payers_of(house, wish, &payers);
	*total_fen = after_ladder(house, nights, *total_fen + nights * extra_of(&payers, &room, 1));
	return (NULL);
}

/* --- several rooms --- */

struct search {
	const struct board_house *house;
	const struct payers *payers;
	int nights;
	int first; /* night */
	int32_t party;
	size_t open; /* rooms not closed for good */
	size_t count; /* rooms that can be had */
	const struct board_room *room[BOARD_ROOMS];
	int64_t sum[BOARD_ROOMS];
	/* the choice under way, and the best so far */
	const struct board_room *taken[BOARD_ROOMS];
	struct board_offer best;
	bool found;
};

/*
 * What these rooms cost for base_guests, all nights, `own` being the sum of their own prices: where they are the whole house and it has
 * a price for a night (整院), that one counts.
 */
static int64_t
together(const struct search *s, const struct board_room *const *room, size_t rooms, int64_t own)
{
	const int32_t *whole = s->house->whole_fen;

	if (whole == NULL || rooms < 2 || rooms != s->open)
		return (own);
	for (int i = s->first; i < s->first + s->nights; i++) {
		if (whole[i] < 0)
			continue;
		own += whole[i];
		for (size_t k = 0; k < rooms; k++)
			own -= room[k]->price_fen[i];
	}
	return (own);
}

/* Every choice of `want` more rooms from `at` on: at most 3,432 for half of fourteen. */
static void
choose(struct search *s, size_t have, size_t want, size_t at, int32_t places, int64_t sum)
{
	if (want == 0) {
		int64_t total;

		if (places < s->party)
			return;
		total = together(s, s->taken, have, sum) + s->nights * extra_of(s->payers, s->taken, have);
		if (s->found && total >= s->best.total_fen)
			return;
		s->found = true;
		s->best.total_fen = total;
		s->best.rooms = have;
		memcpy(s->best.room, s->taken, sizeof(s->taken));
		return;
	}
	for (size_t i = at; i + want <= s->count; i++) {
		s->taken[have] = s->room[i];
		choose(s, have + 1, want - 1, i + 1, places + s->room[i]->capacity, sum + s->sum[i]);
	}
}

static size_t
open_rooms(const struct board_house *house)
{
	size_t open = 0;

	for (size_t i = 0; i < house->rooms; i++)
		open += !house->room[i].closed;
	return (open);
}

/* The rooms that can be had; returns how many were wanted. */
static size_t
gather(struct search *s, const struct board_village *village, const struct board_wish *wish)
{
	size_t open = 0;

	s->nights = date_gap(wish->arrive, wish->leave);
	s->first = wish->arrive.day - s->house->from.day;
	s->open = open_rooms(s->house);
	s->party = wish->adults + (int32_t)wish->children.count;
	for (size_t i = 0; i < s->house->rooms && open < BOARD_ROOMS; i++) {
		const struct board_room *room = &s->house->room[i];

		if (!wanted(room, wish))
			continue;
		open++;
		if (nights_of(s->house, room, wish, village->now, &s->sum[s->count]) == NULL) {
			s->room[s->count++] = room;
			s->best.has |= room->has;
		}
	}
	return (open);
}

/* How many rooms it takes: the largest first until everybody has a place; 0 when all of them are too small. */
static size_t
fewest(const struct search *s)
{
	int32_t places = 0;
	bool used[BOARD_ROOMS] = {false};

	for (size_t rooms = 1; rooms <= s->count; rooms++) {
		size_t best = BOARD_ROOMS;

		for (size_t i = 0; i < s->count; i++)
			if (!used[i] && (best == BOARD_ROOMS || s->room[i]->capacity > s->room[best]->capacity))
				best = i;
		used[best] = true;
		places += s->room[best]->capacity;
		if (places >= s->party)
			return (rooms);
	}
	return (0);
}

/* One room, when one is enough; looked for in every room, however many a house has. */
static bool
single(struct search *s, const struct board_village *village, const struct board_wish *wish)
{
	for (size_t i = 0; i < s->house->rooms; i++) {
		const struct board_room *room = &s->house->room[i];
		int64_t total;

		if (!wanted(room, wish) || room->capacity < s->party ||
		    nights_of(s->house, room, wish, village->now, &total) != NULL)
			continue;
		s->best.has |= room->has;
		total += s->nights * extra_of(s->payers, &room, 1);
		if (s->found && total >= s->best.total_fen)
			continue;
		s->found = true;
		s->best.total_fen = total;
		s->best.rooms = 1;
		s->best.room[0] = room;
	}
	return (s->found);
}

bool
board_offer(const struct board_village *village, const struct board_house *house, const struct board_wish *wish,
    struct board_offer *out)
{
	struct payers payers;
	struct search s;

	if (house->paused || board_wrong_dates(village, wish) != NULL)
		return (false);
	payers_of(house, wish, &payers);
	s.house = house;
	s.payers = &payers;
	s.found = false;
	s.best.has = 0;
	s.count = 0;
	s.nights = date_gap(wish->arrive, wish->leave);
	s.party = wish->adults + (int32_t)wish->children.count;
	if (!single(&s, village, wish) && wish->adults > 1) {
		size_t rooms;

		(void)gather(&s, village, wish);
		rooms = fewest(&s);
		/* A grown-up for each room. */
		if (rooms > 0 && rooms <= (size_t)wish->adults)
			choose(&s, 0, rooms, 0, 0, 0);
	}
	if (!s.found)
		return (false);
	*out = s.best;
	out->total_fen = after_ladder(house, s.nights, s.best.total_fen);
	return (true);
}

bool
board_whole(const struct board_village *village, const struct board_house *house, const struct board_wish *wish,
    struct board_offer *out)
{
	struct payers payers;
	struct search s = {.house = house, .payers = &payers};
	int64_t total = 0;
	int32_t places = 0;

	if (house->paused || open_rooms(house) > BOARD_ROOMS || board_wrong_dates(village, wish) != NULL ||
	    gather(&s, village, wish) != s.count || s.count < 2)
		return (false);
	payers_of(house, wish, &payers);
	out->rooms = s.count;
	out->has = s.best.has;
	for (size_t i = 0; i < s.count; i++) {
		out->room[i] = s.room[i];
		places += s.room[i]->capacity;
		total += s.sum[i];
	}
	if (places < s.party)
		return (false);
	total = together(&s, out->room, out->rooms, total);
	out->total_fen = after_ladder(house, s.nights, total + s.nights * extra_of(&payers, out->room, out->rooms));
	return (true);
}

int64_t
board_night(const struct board_house *house, const struct board_offer *offer, const struct board_wish *wish, int nth)
{
	struct payers payers;
	int64_t sum;

	payers_of(house, wish, &payers);
	sum = extra_of(&payers, offer->room, offer->rooms);
	for (size_t i = 0; i < offer->rooms; i++)
		sum += offer->room[i]->price_fen[wish->arrive.day - house->from.day + nth];
	return (sum);
}

/* --- near dates --- */

#define NEAR_DAYS 21

/* These rooms, all of them, for these nights. */
static bool
all_free(const struct board_village *village, const struct board_house *house, const struct board_room *const *room,
    size_t rooms, const struct board_wish *wish)
{
	int64_t sum;

	if (board_wrong_dates(village, wish) != NULL)
		return (false);
	for (size_t i = 0; i < rooms; i++)
		if (nights_of(house, room[i], wish, village->now, &sum) != NULL)
			return (false);
	return (true);
}

size_t
board_near(const struct board_village *village, const struct board_house *house, const struct id_list *rooms,
    const struct board_wish *wish, struct board_wish *out, size_t most)
{
	const struct board_room *room[BOARD_ROOMS];
	size_t found = 0, count = 0;
	int32_t places = 0;

	for (size_t i = 0; i < rooms->count && found < BOARD_ROOMS; i++)
		for (size_t k = 0; k < house->rooms; k++)
			if (house->room[k].id == rooms->item[i] && !house->room[k].closed) {
				places += house->room[k].capacity;
				room[found++] = &house->room[k];
			}
	if (house->paused || found == 0 || found < rooms->count ||
	    places < wish->adults + (int32_t)wish->children.count)
		return (0);
	/* The nearest first: a night longer or shorter is as far as a day earlier or later. */
	for (int far = 1; far <= NEAR_DAYS && count < most; far++)
		for (int turn = 0; turn <= 4 * far + 2 && count < most; turn++) {
			/* longer by turn/4 nights before shorter, later before earlier */
			int longer = turn / 4 * (turn % 4 < 2 ? 1 : -1),
			    later = (far - turn / 4) * (turn % 2 == 0 ? 1 : -1);
			struct board_wish other = *wish;

			if ((turn / 4 == 0 && turn % 4 >= 2) || (turn / 4 == far && turn % 2 == 1))
				continue;
			other.arrive = date_add(wish->arrive, later);
			other.leave = date_add(wish->leave, later + longer);
			if (other.leave.day > other.arrive.day && all_free(village, house, room, found, &other))
				out[count++] = other;
		}
	return (count);
}

/* --- cancelling --- */

/* A minute of a local day as a moment: clock.at. */
static struct moment
moment_at(struct date day, int32_t minute)
{
	return ((struct moment){day.day * DAY_US + ((int64_t)minute - 8 * 60) * 60 * 1000000});
}

size_t
board_cuts(
    const struct board_house *house, struct date arrive, int64_t total_fen, struct moment *until, int64_t *owed_fen)
{
	size_t count = 0;
	int32_t dearest = 0;
	bool last = false;

	for (size_t i = 0; i < house->cuts; i++) {
		const struct board_cut *cut = &house->cut[i];

		until[count].us = MOMENT_NEVER;
		if (!cut->last)
			until[count] = moment_at(date_add(arrive, -cut->days_before), cut->minute);
		owed_fen[count++] = (total_fen * cut->percent * 2 + 100) / 200;
		last = last || cut->last;
		dearest = cut->percent > dearest ? cut->percent : dearest;
	}
	/* A house that filed no last step owes its dearest then. */
	if (!last) {
		until[count] = (struct moment){MOMENT_NEVER};
		owed_fen[count++] = (total_fen * dearest * 2 + 100) / 200;
	}
	return (count);
}

struct moment
board_free_until(
    const struct board_village *village, const struct board_house *house, struct date arrive, int64_t total_fen)
{
	struct moment free = {MOMENT_NONE};

	for (size_t i = 0; i < house->cuts; i++) {
		const struct board_cut *cut = &house->cut[i];
		struct moment until;

		if (cut->last || (total_fen * cut->percent * 2 + 100) / 200 != 0)
			continue;
		until = moment_at(date_add(arrive, -cut->days_before), cut->minute);
		if (until.us > village->now.us && until.us > free.us)
			free = until;
	}
	return (free);
}

/* --- nights --- */

struct board_night_sum
board_house_night(const struct board_village *village, const struct board_house *house, struct date night)
{
	struct board_night_sum sum = {0, 0, -1};
	int at = night.day - house->from.day;

	if (house->paused || at < 0 || at >= BOARD_NIGHTS)
		return (sum);
	for (size_t i = 0; i < house->rooms; i++) {
		const struct board_room *room = &house->room[i];
		int64_t fen;

		if (room->closed || room->capacity < 2)
			continue;
		sum.rooms++;
		if (room->until[at] > village->now.us || room->price_fen[at] < 0)
			continue;
		sum.free++;
		fen =
		    room->price_fen[at] + (room->base_guests < 2 ? (2 - room->base_guests) * room->extra_adult_fen : 0);
		if (sum.from_fen < 0 || fen < sum.from_fen)
			sum.from_fen = fen;
	}
	return (sum);
}
