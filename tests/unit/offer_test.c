/*
 * Adding up, at its edges; that it is right in the middle is held by
 * tests/model against booking.quote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* NOLINTNEXTLINE(bugprone-suspicious-include): all of it is to be seen, and nothing else of the board */
#include "board/offer.c"

/* A house of so many rooms for two at 100 yuan a night, all free; room 0 is closed for good when asked. */
struct made {
	struct board_village village;
	struct board_house house;
	struct board_room room[20];
	int64_t until[20][BOARD_NIGHTS];
	int32_t price[BOARD_NIGHTS];
	uint16_t fewest[BOARD_NIGHTS], most[BOARD_NIGHTS];
	uint8_t rule[BOARD_NIGHTS], gate[BOARD_NIGHTS];
};

static struct made *
make(size_t rooms, bool closed)
{
	struct made *made = calloc(1, sizeof(*made));

	assert_non_null(made);
	made->village.today.day = 9000;
	made->village.ahead = 400;
	made->village.longest = 400;
	made->village.now.us = 1000;
	made->house.from.day = 9000;
	made->house.rooms = rooms;
	made->house.room = made->room;
	for (size_t i = 0; i < BOARD_NIGHTS; i++) {
		made->price[i] = 10000;
		made->fewest[i] = 1;
		made->most[i] = 400;
		made->gate[i] = 3;
	}
	for (size_t r = 0; r < rooms; r++) {
		made->room[r] = (struct board_room){.id = (int64_t)r + 1,
		    .capacity = 2,
		    .base_guests = 2,
		    .closed = closed && r == 0,
		    .until = made->until[r],
		    .price_fen = made->price,
		    .rule = made->rule,
		    .fewest = made->fewest,
		    .most = made->most,
		    .gate = made->gate};
		for (size_t i = 0; i < BOARD_NIGHTS; i++)
			made->until[r][i] = MOMENT_NONE;
	}
	return (made);
}

static struct board_wish
wish(int from, int nights, int adults)
{
	return ((struct board_wish){.arrive = {9000 + from}, .leave = {9000 + from + nights}, .adults = adults});
}

static void
whole_house_beside_a_closed_room(void **state)
{
	struct made *made = make(15, true);
	struct board_wish two = wish(3, 2, 2);
	struct board_offer offer = {0};

	(void)state;
	assert_true(board_whole(&made->village, &made->house, &two, &offer));
	assert_int_equal(offer.rooms, 14);
	assert_int_equal(offer.total_fen, 14 * 2 * 10000);
	/* Fifteen open ones are more than a house has. */
	made->room[0].closed = false;
	assert_false(board_whole(&made->village, &made->house, &two, &offer));
	free(made);
}

static void
long_stays(void **state)
{
	struct made *made = make(1, false);
	struct board_wish long_one = wish(1, 256, 2), all = wish(0, 400, 2), more = wish(1, 400, 2);
	int64_t total;

	(void)state;
	assert_null(board_room(&made->village, &made->house, &made->room[0], &long_one, &total));
	assert_int_equal(total, 256 * 10000);
	assert_null(board_room(&made->village, &made->house, &made->room[0], &all, &total));
	assert_string_equal(board_room(&made->village, &made->house, &made->room[0], &more, &total), "booking.too_far");
	for (size_t i = 0; i < BOARD_NIGHTS; i++)
		made->most[i] = 255;
	assert_string_equal(
	    board_room(&made->village, &made->house, &made->room[0], &long_one, &total), "booking.max_nights");
	free(made);
}

static void
a_hold_that_runs_out(void **state)
{
	struct made *made = make(1, false);
	struct board_wish one = wish(5, 1, 2);
	int64_t total;

	(void)state;
	made->until[0][5] = 1001;
	assert_string_equal(board_room(&made->village, &made->house, &made->room[0], &one, &total), "lodging.full");
	made->village.now.us = 1001;
	assert_null(board_room(&made->village, &made->house, &made->room[0], &one, &total));
	made->until[0][5] = MOMENT_NEVER;
	assert_string_equal(board_room(&made->village, &made->house, &made->room[0], &one, &total), "lodging.full");
	free(made);
}

/* Every choice of half of fourteen rooms is tried, and a grown-up is needed for each. */
static void
the_fewest_rooms(void **state)
{
	struct made *made = make(14, false);
	struct board_wish party = wish(0, 1, 12);
	struct board_offer offer = {0};

	(void)state;
	assert_true(board_offer(&made->village, &made->house, &party, &offer));
	assert_int_equal(offer.rooms, 6);
	party.adults = 2;
	party.children = (struct int_list){6, (const int32_t[]){1, 2, 3, 4, 5, 6}};
	assert_false(board_offer(&made->village, &made->house, &party, &offer));
	free(made);
}

/* 整院: what the house set for all of its rooms counts, and only for all of them. */
static void
a_rate_of_the_whole_house(void **state)
{
	struct made *made = make(3, false);
	struct board_wish two = wish(3, 2, 2), five = wish(3, 2, 5), six = wish(3, 2, 6);
	struct board_offer offer = {0};
	int32_t whole[BOARD_NIGHTS];

	(void)state;
	for (size_t i = 0; i < BOARD_NIGHTS; i++)
		whole[i] = i == 4 ? -1 : 25000;
	made->house.whole_fen = whole;
	assert_true(board_whole(&made->village, &made->house, &two, &offer));
	assert_int_equal(offer.total_fen, 25000 + 30000);
	/* Who needs all rooms anyway has it, too; who needs fewer pays for these. */
	assert_true(board_offer(&made->village, &made->house, &six, &offer));
	assert_int_equal(offer.rooms, 3);
	assert_int_equal(offer.total_fen, 25000 + 30000);
	assert_true(board_offer(&made->village, &made->house, &two, &offer));
	assert_int_equal(offer.total_fen, 20000);
	made->room[2].capacity = 4;
	assert_true(board_offer(&made->village, &made->house, &five, &offer));
	assert_int_equal(offer.rooms, 2);
	free(made);
}

static void
near_dates(void **state)
{
	struct made *made = make(2, false);
	const int64_t ids[] = {1, 2, 99};
	struct id_list first = {1, ids}, both = {2, ids}, stranger = {1, ids + 2};
	struct board_wish one = wish(10, 1, 2), near[3] = {0};

	(void)state;
	made->until[0][10] = made->until[0][11] = made->until[1][9] = MOMENT_NEVER;
	/* Nights 10 and 11 are gone: the day before is nearest, then two days later. */
	assert_int_equal(board_near(&made->village, &made->house, &first, &one, near, 3), 3);
	assert_int_equal(near[0].arrive.day, 9009);
	assert_int_equal(near[0].leave.day, 9010);
	assert_int_equal(near[1].arrive.day, 9012);
	/* Both rooms together: the night before is gone as well. */
	assert_int_equal(board_near(&made->village, &made->house, &both, &one, near, 1), 1);
	assert_int_equal(near[0].arrive.day, 9012);
	/* A least number of nights: a longer stay is a day away. */
	for (size_t i = 0; i < BOARD_NIGHTS; i++)
		made->fewest[i] = 3;
	one = wish(20, 2, 2);
	assert_int_equal(board_near(&made->village, &made->house, &first, &one, near, 1), 1);
	assert_int_equal(near[0].arrive.day, 9020);
	assert_int_equal(near[0].leave.day, 9023);
	/* Never too many people, a room of another house, a house that takes nobody. */
	one.adults = 3;
	assert_int_equal(board_near(&made->village, &made->house, &first, &one, near, 1), 0);
	one.adults = 1;
	assert_int_equal(board_near(&made->village, &made->house, &stranger, &one, near, 1), 0);
	made->house.paused = true;
	assert_int_equal(board_near(&made->village, &made->house, &first, &one, near, 1), 0);
	free(made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_house_beside_a_closed_room),
	    cmocka_unit_test(long_stays),
	    cmocka_unit_test(a_hold_that_runs_out),
	    cmocka_unit_test(the_fewest_rooms),
	    cmocka_unit_test(a_rate_of_the_whole_house),
	    cmocka_unit_test(near_dates),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
