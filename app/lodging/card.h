/*
 * What the list (search.c) and the page of a house (house.c) both draw.
 */
#ifndef LODGING_CARD_H
#define LODGING_CARD_H

#include "base/visit.h"
#include "board.h"
#include "build/sql.h"

/* Who comes and when; day is form_date where dates are required, form_date_or_none to draw a form again. */
struct board_wish		 lodging_wish(struct visit *, struct date (*day)(struct form *, const char *));
/* The nth house of the list; it turns by one house every day, so that every house stands first once (fair turns, product.md). */
const struct board_house	*lodging_in_turn(const struct board_village *, size_t nth);
/* The rooms of an offer by their names. */
struct booking_room_list	 lodging_names(struct visit *, const struct board_offer *);
/* A house of a list, with what it offers for these dates. */
struct lodging_card		 lodging_card_of(struct visit *, const struct board_village *, const struct board_house *, const struct board_wish *,
				    const struct board_offer *);

#endif
