/*
 * Lodging: what a list and a house's page have in common.
 */
#include <string.h>

#include "base/visit.h"
#include "board.h"
#include "build/sql.h"
#include "card.h"

/* Who comes and when. Dates are required to search, not to draw the form again. */
struct board_wish
lodging_wish(struct visit *v, struct date (*day)(struct form *, const char *))
{
	struct party party = party_read(&v->form);

	return ((struct board_wish){
	    .arrive = day(&v->form, "arrive"),
	    .leave = day(&v->form, "leave"),
	    .adults = party.adults,
	    .children = party.children,
	});
}

/* The order turns by one house every day, so that every house stands first once (fair turns, product.md). */
const struct board_house *
lodging_in_turn(const struct board_village *village, size_t nth)
{
	size_t days = (size_t)(village->today.day > 9497 ? village->today.day - 9496 : 1); /* 9497 is 2026-01-01 */

	return (village->house[(nth + village->houses - days % village->houses) % village->houses]);
}

struct booking_room_list
lodging_names(struct visit *v, const struct board_offer *offer)
{
	struct booking_room *item = arena_take(v->arena, offer->rooms * sizeof(*item));

	for (size_t i = 0; i < offer->rooms; i++)
		item[i] = (struct booking_room){offer->room[i]->id, offer->room[i]->name[v->lang]};
	return ((struct booking_room_list){offer->rooms, item});
}

struct lodging_card
lodging_card_of(struct visit *v, const struct board_village *village, const struct board_house *house,
    const struct board_wish *when, const struct board_offer *offer)
{
	struct lodging_room_offer *room = arena_take(v->arena, (house->rooms + 1) * sizeof(*room));
	size_t rooms = 0, open = 0;
	struct lodging_card card = {
	    .id = house->id,
	    .name = house->name[v->lang],
	    .arrive = when->arrive,
	    .leave = when->leave,
	    .total_fen = offer->total_fen,
	    .free_cancel_until = board_free_until(village, house, when->arrive, offer->total_fen),
	    .choice = lodging_names(v, offer),
	    .style = house->style,
	    .line = house->line[v->lang],
	    .walk_minutes = house->walk_minutes,
	    .breakfast = house->breakfast,
	    .parking = house->parking,
	    .by_request = house->by_request,
	    .beds = offer->room[0]->beds,
	    .amenities = house->amenities,
	    .latitude_e6 = house->latitude_e6,
	    .longitude_e6 = house->longitude_e6,
	};

	if (house->photos > 0) {
		card.cover = house->photo[0].hash;
		card.cover_alt = house->photo[0].alt[v->lang];
		card.cover_drawn = house->photo[0].drawn;
	}
	for (size_t i = 0; i < house->rooms; i++) {
		int64_t total;
		size_t at = rooms;

		open += !house->room[i].closed;
		if (board_room(village, house, &house->room[i], when, &total) != NULL)
			continue;
		/* The cheapest first. */
		while (at > 0 && room[at - 1].total_fen > total) {
			room[at] = room[at - 1];
			at--;
		}
		room[at] = (struct lodging_room_offer){
		    house->room[i].id, house->room[i].name[v->lang], house->room[i].capacity, total};
		rooms++;
	}
	card.whole = offer->rooms > 1 && offer->rooms == open;
	card.rooms = (struct lodging_room_offer_list){rooms, room};
	return (card);
}
