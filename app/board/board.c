/*
 * The villages this worker keeps, which one a visitor means, and what time it
 * is there. Who was longest not asked for goes when there are too many bytes.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

#define BYTES_MOST ((size_t)256 << 20) /* of all villages; one is always kept */
#define WAIT_MS 5000 /* a visitor waits for a village to be read */

struct villages board_villages = TAILQ_HEAD_INITIALIZER(board_villages);
struct host *board_host;
size_t board_hosts;
int64_t board_shift_us;

void
board_start(void)
{
	board_read_start();
}

bool
board_ready(void)
{
	struct village *village;

	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link))
		if (village->loaded)
			return (true);
	return (false);
}

struct village *
board_find(int32_t id)
{
	struct village *village;

	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link))
		if (village->v.id == id)
			return (village);
	return (NULL);
}

/* --- memory ------------------------------------------------------------------ */

static size_t
bytes_of(const struct village *village)
{
	size_t bytes = sizeof(*village) + village->places * (sizeof(*village->place) + sizeof(void *)) +
	    village->rooms * sizeof(*village->room);

	if (village->arena != NULL)
		bytes += arena_bytes(village->arena);
	for (size_t i = 0; i < village->places; i++)
		if (village->place[i].house != NULL)
			bytes += arena_bytes(village->place[i].house->arena);
	return (bytes);
}

void
board_forget(struct village *village)
{
	for (size_t i = 0; i < village->places; i++)
		if (village->place[i].house != NULL)
			arena_free(village->place[i].house->arena);
	if (village->arena != NULL)
		arena_free(village->arena);
	TAILQ_REMOVE(&board_villages, village, link);
	free(village->place);
	free(village->room);
	free(village->v.house);
	free(village);
}

static void
make_room(const struct village *but)
{
	for (;;) {
		struct village *village, *oldest = NULL;
		size_t bytes = 0;

		for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link)) {
			bytes += bytes_of(village);
			if (village != but && village->loaded && (oldest == NULL || village->used < oldest->used))
				oldest = village;
		}
		if (bytes <= BYTES_MOST || oldest == NULL)
			return;
		board_forget(oldest);
	}
}

struct village *
board_keep(int32_t id)
{
	struct village *village = calloc(1, sizeof(*village));

	if (village == NULL)
		abort();
	village->v.id = id;
	village->stale = true;
	village->used = tick_ms();
	TAILQ_INSERT_HEAD(&board_villages, village, link);
	make_room(village);
	return (village);
}

struct board_figures
board_figures(void)
{
	struct board_figures figures = {.lag_ms = board_read_lag_ms(), .reads = board_read_count()};
	struct village *village;

	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link)) {
		figures.villages++;
		figures.rooms += village->rooms;
		figures.bytes += bytes_of(village);
	}
	return (figures);
}

/* --- which village ------------------------------------------------------------- */

/* The village a host names; on this machine's own names the first. 0: none. */
static int32_t
village_of(struct visit *v)
{
	bool loopback;
	const char *host = visit_host(v, &loopback);

	for (size_t i = 0; i < board_hosts; i++)
		if (strcmp(board_host[i].name, host) == 0)
			return (board_host[i].village);
	return (loopback && board_hosts > 0 ? board_host[0].village : 0);
}

void
board_tell_time(struct village *village)
{
	village->v.now = (struct moment){tick_now().us + board_shift_us};
	/* UTC+8, and until 06:00 it is still last night. */
	village->v.today = moment_date((struct moment){village->v.now.us - (int64_t)6 * 3600 * 1000000});
}

const struct board_village *
board_at_hand(struct visit *v)
{
	struct village *village = board_find(village_of(v));

	if (village == NULL || !village->loaded)
		return (NULL);
	village->used = tick_ms();
	board_tell_time(village);
	v->village = (struct visit_village){village->v.name[v->lang], village->v.place[v->lang], village->v.phone,
	    village->v.base_url, village->v.today, village->v.now};
	return (&village->v);
}

bool
board_meet(struct visit *v)
{
	return (board_at_hand(v) != NULL);
}

const struct board_village *
board_here(struct visit *v)
{
	int32_t id = village_of(v);
	struct village *village = board_find(id);

	/* A host may be new: who asks for it waits until the list was read since, which is done once a second at most. */
	if (board_hosts > 0 && id == 0 && board_read_hosts(visit_waited(v))) {
		visit_refuse(v, 421, NULL, "village.unknown_host");
		return (NULL);
	}
	if (village == NULL && id != 0)
		village = board_keep(id);
	if (village == NULL || !village->loaded) {
		if (visit_waited(v) > WAIT_MS) {
			visit_reply_header(v, "retry-after", "5");
			fault_draw(v, 503, "fault.away");
			return (NULL);
		}
		board_read_soon();
		visit_wait(v);
		return (NULL);
	}
	visit_at_once(v);
	return (board_at_hand(v));
}

const struct board_house *
board_house(const struct board_village *village, int64_t id)
{
	for (size_t i = 0; i < village->houses; i++)
		if (village->house[i]->id == id)
			return (village->house[i]);
	return (NULL);
}

const struct board_day *
board_day(const struct board_village *village, struct date day)
{
	static const struct board_day plain;
	int at = day.day - village->from.day;

	return (at >= 0 && at < BOARD_NIGHTS ? &village->day[at] : &plain);
}

/* A village is small enough for one scale: a degree of longitude is as long as it is in its middle. */
struct board_point
board_place(const struct board_village *seen, int32_t latitude_e6, int32_t longitude_e6)
{
	const struct village *village = board_find(seen->id);
	double shrink = cos((village->north + village->south) / 2e6 * M_PI / 180), unit = 1;

	if (village->east > village->west)
		unit = BOARD_MAP / ((village->east - village->west) * shrink);
	return ((struct board_point){latitude_e6, longitude_e6,
	    (int32_t)lround((longitude_e6 - village->west) * shrink * unit),
	    (int32_t)lround((village->north - latitude_e6) * unit)});
}

struct board_night_sum
board_village_night(const struct board_village *seen, struct date night)
{
	/* Features hold it as constant; what is kept here for a second is ours. */
	struct village *village = board_find(seen->id);
	int at = night.day - seen->today.day;

	if (at < 0 || at >= SUMS)
		return ((struct board_night_sum){0, 0, -1});
	if (village->sum_at == 0 || village->sum_at + 1000 < tick_ms() || village->sum_day.day != seen->today.day) {
		for (int i = 0; i < SUMS; i++) {
			struct board_night_sum *sum = &village->sum[i];

			*sum = (struct board_night_sum){0, 0, -1};
			for (size_t h = 0; h < seen->houses; h++) {
				struct board_night_sum one =
				    board_house_night(seen, seen->house[h], date_add(seen->today, i));

				sum->rooms += one.rooms;
				sum->free += one.free;
				if (one.from_fen >= 0 && (sum->from_fen < 0 || one.from_fen < sum->from_fen))
					sum->from_fen = one.from_fen;
			}
		}
		village->sum_at = tick_ms();
		village->sum_day = seen->today;
	}
	return (village->sum[at]);
}
