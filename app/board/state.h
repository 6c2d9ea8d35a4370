/*
 * What board.c and read.c share of a village. Nobody else looks here.
 */
#ifndef BOARD_STATE_H
#define BOARD_STATE_H

#include <sys/queue.h>

#include "base/tick.h"
#include "board.h"

#define SUMS	62		/* nights ahead whose sums over the village are kept for a moment */

/* A house of the village's list, read or not. */
struct place {
	int64_t			 id;
	struct board_house	*house;		/* NULL: not read yet */
	bool			 stale;		/* to be read, or read anew */
};
/* Room by its number, sorted; made anew when a house was read. */
struct room_at {
	int64_t			 id;
	struct board_house	*house;
	struct board_room	*room;
};

struct village {
	struct board_village	 v;		/* what features see */
	struct arena		*arena;		/* its texts, days and festivals */
	int32_t			 west, north, east, south;	/* of the map */
	bool			 stale;		/* itself to be read, or read anew */
	bool			 loaded;	/* every house has been read once */
	uint64_t		 used;		/* ms, when a visitor last came */
	struct place		*place;
	size_t			 places;
	struct room_at		*room;
	size_t			 rooms;
	bool			 rooms_old;
	struct board_night_sum	 sum[SUMS];
	struct date		 sum_day;
	uint64_t		 sum_at;	/* ms; 0: none */
	TAILQ_ENTRY(village)	 link;
};
TAILQ_HEAD(villages, village);

struct host {
	char	*name;
	int32_t	 village;
};

extern struct villages	board_villages;
extern struct host	*board_host;
extern size_t		 board_hosts;		/* 0: not read yet */
extern int64_t		 board_shift_us;	/* of the village's clock against the machine's */

/* board.c */
struct village		*board_find(int32_t id);	/* NULL: not kept */
struct village		*board_keep(int32_t id);	/* one more, still to be read */
void			 board_tell_time(struct village *);	/* v.now and v.today */
void			 board_forget(struct village *);

/* copy.c */
struct board_head_row;
struct board_days_row;
struct board_festivals_row;
struct board_landmarks_row;
struct board_houses_row;
struct board_rooms_row;
/* A village's own rows into its arena; days are BOARD_NIGHTS. */
void			 board_copy_village(struct village *, const struct board_head_row *, const struct board_days_row *,
			    const struct board_festivals_row *, size_t festivals, const struct board_landmarks_row *, size_t landmarks);
/* A house with those of the rooms that are its own, free of guests, in an arena of its own. */
struct board_house	*board_copy_house(const struct board_houses_row *, const struct board_rooms_row *, size_t count);

/* read.c */
void			 board_read_start(void);
void			 board_read_soon(void);		/* something may have changed, or a village is wanted */
bool			 board_read_hosts(uint64_t ms);	/* whether that was done within so many ms; else it will be soon */
uint64_t		 board_read_lag_ms(void);	/* since what is here was last compared with the database */
uint64_t		 board_read_count(void);
uint64_t		 board_read_settled(void);	/* how often there was nothing more to read */

#endif
