/*
 * How the board learns: one question after the other, for as long as the
 * worker lives.
 *
 *   round   board.pulse, board.changes since the last pulse (and now and then
 *           board.hosts); every 150 ms, and at once when a worker says that
 *           something was written
 *   load    a village itself, or some of its houses; between two loads there
 *           is always a round
 *
 * Never two at a time: an answer that was asked for earlier could else
 * overwrite one that was asked for later, and nobody would notice. What a
 * round tells is what is there now, so hearing it twice does no harm.
 *
 * In doubt everything is read anew: when a question was lost, for the
 * database behind the next connection may have another history (a restored
 * copy, a standby), and every day at 06:00, when the window of nights moves.
 */
#include <stdlib.h>
#include <string.h>

#include "build/sql.h"
#include "state.h"

#define ROUND_MS 150
#define NEWS_MS 20 /* between two rounds, however much is written */
#define HOSTS_MS 5000
#define HOSTS_WANTED_MS 1000
#define HOUSES_AT_ONCE 16

enum step { IDLE, ROUND, VILLAGE, HOUSES };

static enum step step;
static struct arena *arena; /* of the question under way */
static struct db_batch *batch;
static struct village *about; /* whom VILLAGE and HOUSES ask about; NULL: forgotten meanwhile */
static int32_t about_id;
static int64_t asked[HOUSES_AT_ONCE];
static size_t asked_count;
static int64_t since; /* xmin of the last round; 0: none yet */
static bool doubt = true, news, hosts_wanted;
static uint64_t round_at, round_took, hosts_at, good_at, reads, settled;

static void go_on(enum step was);

static const struct db_call *
call_of(const char *name)
{
	for (size_t i = 0; i < db_calls_count; i++)
		if (strcmp(db_calls[i].name, name) == 0)
			return (&db_calls[i]);
	abort();
}

static const void *
rows_of(const char *name, size_t *count)
{
	return (db_batch_rows(batch, call_of(name), count));
}

static void *
grow(void *at, size_t count, size_t size)
{
	void *more = realloc(at, (count > 0 ? count : 1) * size);

	if (more == NULL)
		abort();
	return (more);
}

/* --- the lists of a village ---------------------------------------------------------- */

static int
by_id(const void *a, const void *b)
{
	const struct room_at *x = a, *y = b;

	return ((x->id > y->id) - (x->id < y->id));
}

/* What features see is made anew from the places. */
static void
arrange(struct village *village)
{
	size_t houses = 0, rooms = 0;

	village->v.house = grow(village->v.house, village->places, sizeof(struct board_house *));
	for (size_t i = 0; i < village->places; i++)
		if (village->place[i].house != NULL) {
			village->v.house[houses++] = village->place[i].house;
			rooms += village->place[i].house->rooms;
		}
	village->v.houses = houses;
	village->rooms = rooms;
	village->rooms_old = true;
	village->sum_at = 0;
}

static const struct room_at *
room_by_id(struct village *village, int64_t id)
{
	struct room_at wanted = {.id = id};

	if (village->rooms_old) {
		size_t at = 0;

		village->room = grow(village->room, village->rooms, sizeof(*village->room));
		for (size_t p = 0; p < village->places; p++) {
			struct board_house *house = village->place[p].house;

			for (size_t r = 0; house != NULL && r < house->rooms; r++)
				village->room[at++] = (struct room_at){house->room[r].id, house, &house->room[r]};
		}
		qsort(village->room, village->rooms, sizeof(*village->room), by_id);
		village->rooms_old = false;
	}
	return (bsearch(&wanted, village->room, village->rooms, sizeof(*village->room), by_id));
}

static void
take(struct village *village, int64_t room_id, struct date night, struct moment until)
{
	const struct room_at *found = room_by_id(village, room_id);
	int at;

	if (found == NULL)
		return;
	at = night.day - found->house->from.day;
	if (at >= 0 && at < BOARD_NIGHTS)
		found->room->until[at] = until.us;
	village->sum_at = 0;
}

static void
all_stale(struct village *village)
{
	village->stale = true;
	for (size_t i = 0; i < village->places; i++)
		village->place[i].stale = true;
}

/* --- what came back ------------------------------------------------------------------ */

static void
read_hosts(void)
{
	size_t count;
	const struct board_hosts_row *rows = rows_of("board.hosts", &count);

	if (count == 0)
		return;
	for (size_t i = 0; i < board_hosts; i++)
		free(board_host[i].name);
	board_host = grow(board_host, count, sizeof(*board_host));
	for (size_t i = 0; i < count; i++)
		board_host[i] = (struct host){strdup(rows[i].host), rows[i].village};
	board_hosts = count;
	hosts_at = tick_ms();
	hosts_wanted = false;
	/* The first village is read before anybody comes; others when they are asked for. */
	if (TAILQ_EMPTY(&board_villages))
		(void)board_keep(board_host[0].village);
}

static void
read_round(void)
{
	size_t count;
	const struct board_pulse_row *pulse = rows_of("board.pulse", &count);
	const struct board_changes_row *rows = rows_of("board.changes", &count);
	struct village *village;

	read_hosts();
	/* A clock that was set back makes nights taken again that were left out as over. */
	if (doubt || pulse->xmin < since || pulse->shift_us < board_shift_us) {
		for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link))
			all_stale(village);
		doubt = false;
	}
	since = pulse->xmin;
	board_shift_us = pulse->shift_us;
	good_at = round_at;
	round_took = tick_ms() - round_at;
	for (size_t i = 0; i < count; i++) {
		village = board_find(rows[i].village);
		if (village == NULL)
			continue;
		if (!rows[i].house.is)
			take(village, rows[i].room.value, rows[i].night, rows[i].until);
		else if (rows[i].house.value == 0)
			all_stale(village);
		else {
			/* One that is not in the list is new: the list is to be read, and with it that house. */
			village->stale = village->stale || board_house(&village->v, rows[i].house.value) == NULL;
			for (size_t p = 0; p < village->places; p++)
				if (village->place[p].id == rows[i].house.value)
					village->place[p].stale = village->stale = true;
		}
	}
}

static void
read_village(void)
{
	size_t count, days, festivals, landmarks;
	const struct board_head_row *row = rows_of("board.head", &count);
	const struct board_days_row *day = rows_of("board.days", &days);
	const struct board_festivals_row *festival = rows_of("board.festivals", &festivals);
	const struct board_landmarks_row *landmark = rows_of("board.landmarks", &landmarks);
	struct arena *old = about->arena;
	struct place *place;

	/* A village that is no more: its host will lead nowhere soon. */
	if (row == NULL || days != BOARD_NIGHTS) {
		board_forget(about);
		return;
	}
	about->arena = arena_new_tight();
	board_copy_village(about, row, day, festival, festivals, landmark, landmarks);
	if (old != NULL)
		arena_free(old);
	/* The houses in their order now; those that are known stay until they have been read anew. */
	place = grow(NULL, row->houses.count, sizeof(*place));
	for (size_t i = 0; i < row->houses.count; i++) {
		place[i] = (struct place){.id = row->houses.item[i], .house = NULL, .stale = true};
		for (size_t k = 0; k < about->places; k++)
			if (about->place[k].id == place[i].id) {
				place[i] = about->place[k];
				about->place[k].house = NULL;
			}
	}
	for (size_t k = 0; k < about->places; k++)
		if (about->place[k].house != NULL)
			arena_free(about->place[k].house->arena);
	free(about->place);
	about->place = place;
	about->places = row->houses.count;
	about->stale = false;
	arrange(about);
}

static void
read_houses(void)
{
	size_t count, room_count, taken_count;
	const struct board_houses_row *rows = rows_of("board.houses", &count);
	const struct board_rooms_row *rooms = rows_of("board.rooms", &room_count);
	const struct board_taken_row *taken = rows_of("board.taken", &taken_count);

	for (size_t i = 0; i < about->places; i++) {
		struct place *place = &about->place[i];

		for (size_t a = 0; a < asked_count; a++) {
			if (asked[a] != place->id)
				continue;
			if (place->house != NULL)
				arena_free(place->house->arena);
			place->house = NULL;
			place->stale = false;
			for (size_t r = 0; r < count; r++)
				if (rows[r].house == place->id)
					place->house = board_copy_house(&rows[r], rooms, room_count);
		}
	}
	arrange(about);
	for (size_t i = 0; i < taken_count; i++)
		take(about, taken[i].room, taken[i].night, taken[i].until);
}

static void
answered(void *arg)
{
	enum step was = step;
	bool good = db_batch_outcome(batch) == DB_OK;

	(void)arg;
	step = IDLE;
	about = board_find(about_id);
	if (!good)
		doubt = true;
	else if (was == ROUND)
		read_round();
	else if (about != NULL && was == VILLAGE)
		read_village();
	else if (about != NULL && was == HOUSES)
		read_houses();
	(void)db_batch_forget(batch);
	arena_free(arena);
	/* After something was lost, the next tick tries again. */
	if (good)
		go_on(was);
}

/* --- what is asked next ---------------------------------------------------------------- */

static void
ask(enum step what)
{
	reads++;
	step = what;
	db_batch_send(batch, answered, NULL);
}

static void
open_batch(void)
{
	arena = arena_new();
	batch = db_batch_open(arena);
	db_batch_board(batch);
}

static void
ask_round(void)
{
	struct board_pulse pulse = {.release = db_release};
	struct board_changes changes = {.since = since};
	struct village *village;
	size_t count = 0;
	int32_t *ids;

	open_batch();
	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link))
		count++;
	ids = arena_take(arena, (count + 1) * sizeof(*ids));
	count = 0;
	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link))
		ids[count++] = village->v.id;
	changes.villages = (struct int_list){count, ids};
	(void)db_batch_call(batch, call_of("board.pulse"), &pulse);
	if (count > 0 && !doubt)
		(void)db_batch_call(batch, call_of("board.changes"), &changes);
	if (board_hosts == 0 || tick_ms() - hosts_at > (hosts_wanted ? HOSTS_WANTED_MS : HOSTS_MS))
		(void)db_batch_call(batch, call_of("board.hosts"), NULL);
	round_at = tick_ms();
	news = false;
	ask(ROUND);
}

static void
ask_village(struct village *village)
{
	struct board_head head = {.village = village->v.id};
	struct board_days days = {.village = village->v.id};
	struct board_festivals festivals = {.village = village->v.id};
	struct board_landmarks landmarks = {.village = village->v.id};

	open_batch();
	about_id = village->v.id;
	(void)db_batch_call(batch, call_of("board.head"), &head);
	(void)db_batch_call(batch, call_of("board.days"), &days);
	(void)db_batch_call(batch, call_of("board.festivals"), &festivals);
	(void)db_batch_call(batch, call_of("board.landmarks"), &landmarks);
	ask(VILLAGE);
}

static bool
ask_houses(struct village *village)
{
	struct board_houses houses = {.village = village->v.id};
	struct board_rooms rooms = {.village = village->v.id};
	struct board_taken taken = {.village = village->v.id};

	asked_count = 0;
	for (size_t i = 0; i < village->places && asked_count < HOUSES_AT_ONCE; i++)
		if (village->place[i].stale)
			asked[asked_count++] = village->place[i].id;
	if (asked_count == 0)
		return (false);
	houses.houses = rooms.houses = taken.houses = (struct id_list){asked_count, asked};
	open_batch();
	about_id = village->v.id;
	(void)db_batch_call(batch, call_of("board.houses"), &houses);
	(void)db_batch_call(batch, call_of("board.rooms"), &rooms);
	(void)db_batch_call(batch, call_of("board.taken"), &taken);
	ask(HOUSES);
	return (true);
}

/* What is to be read, a little of it; false: nothing. Whoever waited for a village is called when all of it is there. */
static bool
load(void)
{
	struct village *village;

	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link)) {
		if (village->stale) {
			ask_village(village);
			return (true);
		}
		if (ask_houses(village))
			return (true);
		if (!village->loaded) {
			village->loaded = true;
			visit_go_on();
			/* They may have asked for another village, and the list is another now. */
			return (load());
		}
	}
	return (false);
}

/* After a load a round, after a round a load, if there is something to be read. */
static void
go_on(enum step was)
{
	if (was != ROUND)
		ask_round();
	else if (!load())
		settled++;
}

static void
beat(void)
{
	uint64_t quiet = tick_ms() - round_at, wanted = news ? NEWS_MS : ROUND_MS;
	struct village *village;

	/* When much is written a round has much to read: it shall not take more than a fifth of the time. */
	if (step != IDLE || quiet < wanted || quiet < 5 * round_took)
		return;
	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link)) {
		board_tell_time(village);
		/* The window moves at 06:00. */
		if (village->loaded && village->v.from.day != village->v.today.day)
			all_stale(village);
	}
	ask_round();
}

void
board_read_soon(void)
{
	news = true;
}

bool
board_read_hosts(uint64_t ms)
{
	if (tick_ms() - hosts_at < ms)
		return (true);
	hosts_wanted = news = true;
	return (false);
}

void
board_read_start(void)
{
	tick_every(NEWS_MS, beat);
	/* Who has waited for too long must hear it, however long a village takes to be read. */
	tick_every(ROUND_MS, visit_go_on);
	tick_on_news(board_read_soon);
}

uint64_t
board_read_lag_ms(void)
{
	return (tick_ms() - good_at);
}

uint64_t
board_read_settled(void)
{
	return (settled);
}

uint64_t
board_read_count(void)
{
	return (reads);
}
