/*
 * The board (房态板): what a village offers, in the memory of each worker.
 *
 * For every room the numbers of the coming nights, resolved by SQL (sql/board),
 * and until when each is taken; for every house what a card and its page show,
 * in both languages. Home, list and house are drawn from here and ask the
 * database nothing; that is where the speed comes from. The board never decides
 * a booking: it may be a fraction of a second behind, and booking.book may say no.
 *
 * C decides nothing about rooms or money, with one exception, and this is it:
 * the functions below add up what SQL resolved, take the ladder's step, and
 * compare. They must come to what booking.quote says, to the fen; tests see to it.
 *
 * board/board.c keeps villages, board/read.c reads them from the database,
 * board/offer.c adds up. Features read the structs and change nothing.
 */
#ifndef BOARD_H
#define BOARD_H

#include "base/visit.h"

#define BOARD_NIGHTS	402	/* nights held from house->from on, as board.window() says */
#define BOARD_ROOMS	14	/* of one house taken together (product.md) */

struct board_photo {
	const char	*hash, *alt[LANG_COUNT];
	bool		 drawn;
	struct date	 taken;
	int64_t		 room;			/* 0: of the house */
};

struct board_room {
	int64_t			 id;
	const char		*name[LANG_COUNT], *about[LANG_COUNT];
	int32_t			 capacity, base_guests, area_m2, floor;
	int64_t			 extra_adult_fen;	/* a night, above base_guests */
	int64_t			 base_fen;		/* the lowest base price of a night, -1 when it has none */
	struct text_list	 beds;
	uint32_t		 has;			/* BOARD_… of the room */
	bool			 step_free, closed;
	const struct board_photo *photo;		/* NULL: it has none */
	/* Night by night from house->from on. */
	int64_t			*until;			/* taken until then (us, as moment); free when that has passed */
	int32_t			*price_fen;		/* for base_guests; -1: not sold */
	uint8_t			*rule;			/* 0 base, 1 weekend, 2 season, 3 named */
	uint16_t		*fewest, *most;		/* nights of a stay that touches it; NULL: no such rules */
	uint8_t			*gate;			/* 1 one may arrive, 2 leave; NULL: both always */
};

struct board_band { int32_t under_age; int64_t fen; };
struct board_step { int32_t nights, percent; };
struct board_cut  { int32_t days_before, minute, percent; bool last; };	/* last: for ever after */

/* What people look for, as bits of house->has, and of room->has. */
enum {
	BOARD_BREAKFAST = 1, BOARD_PARKING = 2, BOARD_PETS = 4, BOARD_KITCHEN = 8, BOARD_LAUNDRY = 16, BOARD_CHILDREN_PLAY = 32,
	BOARD_GARDEN = 64, BOARD_TERRACE = 128, BOARD_MOUNTAIN_VIEW = 256, BOARD_CHARGING = 512,
	BOARD_STEP_FREE = 1024, BOARD_DOUBLE = 2048, BOARD_SINGLE = 4096, BOARD_KANG = 8192, BOARD_BUNK = 16384, BOARD_TENT = 32768,
	BOARD_SOFA = 65536,			/* these are the rooms' */
};

struct board_house {
	int64_t			 id;
	int32_t			 position;
	struct date		 from;			/* the first night held */
	const char		*style, *phone;
	const char		*name[LANG_COUNT], *line[LANG_COUNT], *story[LANG_COUNT], *address[LANG_COUNT], *way[LANG_COUNT],
				*host[LANG_COUNT], *meals[LANG_COUNT], *rules[LANG_COUNT];
	int32_t			 latitude_e6, longitude_e6, walk_minutes, parking, check_in_from, check_in_to, check_out_by;
	uint32_t		 has;			/* BOARD_… of the house */
	bool			 breakfast, by_request, paused;
	struct text_list	 amenities;
	size_t			 bands, ladder, cuts, photos, rooms;
	struct board_band	*band;			/* youngest first */
	struct board_step	*step;			/* longest first */
	struct board_cut	*cut;
	struct board_photo	*photo;
	struct board_room	*room;
	int32_t			*whole_fen;		/* what all its open rooms cost a night together, from `from` on, -1: not set; NULL: never */
	struct arena		*arena;			/* all of it */
};

struct board_day {
	const char	*festival[LANG_COUNT];		/* NULL: none */
	bool		 off;
};
struct board_festival {
	const char	*name[LANG_COUNT];
	struct date	 first, last;
	bool		 off;
};

/* On the map of the village, whose width is BOARD_MAP units, east to the right, north up. */
#define BOARD_MAP	1000
struct board_point { int32_t latitude_e6, longitude_e6, x, y; };
struct board_landmark {
	const char		*kind;			/* ridge wood stream lane road place gate */
	const char		*name[LANG_COUNT];
	size_t			 points;
	struct board_point	*point;
};

struct board_village {
	int32_t			 id;
	const char		*name[LANG_COUNT], *place[LANG_COUNT], *way[LANG_COUNT], *phone, *base_url;
	int32_t			 ahead, longest;	/* nights one may book ahead, and of one stay */
	struct date		 from;			/* of day[0] */
	struct board_day	*day;			/* BOARD_NIGHTS */
	size_t			 festivals, houses, landmarks;
	struct board_landmark	*landmark;
	int32_t			 map_height;		/* 0: there is no map */
	struct board_festival	*festival;
	const struct board_house **house;		/* in the order of their positions; none is NULL */
	struct moment		 now;			/* of this visit */
	struct date		 today;			/* of tonight: until 06:00 still yesterday (product.md) */
};

/*
 * The village of this visit's host, with v->village filled; the database is then asked nothing, and ANSWER follows. For ASK. NULL: ASK
 * must return, for the visit has ended (no such host: 421; the board could not be read: 503), or waits and its ASK will be called again.
 */
const struct board_village	*board_here(struct visit *);
/* The same without waiting, for ANSWER: NULL when it is not known. Good until ANSWER returns. */
const struct board_village	*board_at_hand(struct visit *);
/* NULL: no such house. */
const struct board_house	*board_house(const struct board_village *, int64_t id);
const struct board_day		*board_day(const struct board_village *, struct date);		/* never NULL; outside the window a plain day */

/* Where a place lies on the map. */
struct board_point		 board_place(const struct board_village *, int32_t latitude_e6, int32_t longitude_e6);

/* --- adding up --- */

struct board_wish {
	struct date	arrive, leave;
	int32_t		adults;
	struct int_list	children;		/* ages */
	uint32_t	only;			/* only rooms that have all of these; BOARD_… */
};
struct board_offer {
	int64_t				 total_fen;
	uint32_t			 has;		/* what any of the rooms has that could be taken instead */
	size_t				 rooms;
	const struct board_room		*room[BOARD_ROOMS];
};

/* Why nobody can book these dates, as a text key, or NULL; the same words as booking.wrong_dates. */
const char	*board_wrong_dates(const struct board_village *, const struct board_wish *);
/* Why this room alone cannot be booked by this party on good dates, or NULL and its total. */
const char	*board_room(const struct board_village *, const struct board_house *, const struct board_room *, const struct board_wish *, int64_t *total_fen);
/* The fewest rooms that take the party, the cheapest of these. False: there are none. */
bool		 board_offer(const struct board_village *, const struct board_house *, const struct board_wish *, struct board_offer *);
/*
 * The nearest dates on which all these rooms can be had by the party, at most `most`: some days earlier or later, some nights longer or
 * shorter. Returns how many were found.
 */
size_t		 board_near(const struct board_village *, const struct board_house *, const struct id_list *rooms, const struct board_wish *, struct board_wish *out, size_t most);
/* The whole house (整院), every room that is not closed for good; false when it cannot be had, or is one room. */
bool		 board_whole(const struct board_village *, const struct board_house *, const struct board_wish *, struct board_offer *);
/* What each night of these rooms, not the whole house, costs this party before the long-stay percentage, in fen; nth counts from 0. */
int64_t		 board_night(const struct board_house *, const struct board_offer *, const struct board_wish *, int nth);
/* The long-stay percentage of a stay of so many nights, 0 for none. */
int32_t		 board_percent(const struct board_house *, int nights);
/* Until when cancelling costs nothing; MOMENT_NONE when that has passed or never was (booking.free_until of booking.cuts). */
struct moment	 board_free_until(const struct board_village *, const struct board_house *, struct date arrive, int64_t total_fen);
/* The steps of cancelling as booking.cut_list says them; room for cuts + 1. Returns how many. */
size_t		 board_cuts(const struct board_house *, struct date arrive, int64_t total_fen, struct moment *until, int64_t *owed_fen);

/* One night of a house, or of the village: rooms that are free, of how many, and the lowest price for two adults (-1: none). */
struct board_night_sum {
	int32_t	rooms, free;
	int64_t	from_fen;
};
struct board_night_sum	 board_house_night(const struct board_village *, const struct board_house *, struct date);
/* Kept for a second, since every front page asks for the same nights; date from today on, within 62 nights. */
struct board_night_sum	 board_village_night(const struct board_village *, struct date);

#endif
