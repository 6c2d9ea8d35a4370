/*
 * What this worker believes, as it lies in memory: for an operator who doubts
 * it, and for the tests that hold it against the database. On the inner bind
 * only, like /metrics.
 */
#include <sys/types.h>
#include <unistd.h>

#include "build/routes.h"
#include "state.h"

static void
numbers(struct json *j, const char *name, const uint8_t *number)
{
	json_list(j, name);
	for (size_t i = 0; number != NULL && i < BOARD_NIGHTS; i++)
		json_int(j, NULL, number[i]);
	json_list_end(j);
}

static void
limits(struct json *j, const char *name, const uint16_t *nights)
{
	json_list(j, name);
	for (size_t i = 0; nights != NULL && i < BOARD_NIGHTS; i++)
		json_int(j, NULL, nights[i]);
	json_list_end(j);
}

static void
show_room(struct json *j, const struct board_room *room)
{
	json_object(j, NULL);
	json_int(j, "room", room->id);
	json_bool(j, "closed", room->closed);
	json_list(j, "price_fen");
	for (size_t i = 0; i < BOARD_NIGHTS; i++)
		json_int(j, NULL, room->price_fen[i]);
	json_list_end(j);
	numbers(j, "rule", room->rule);
	limits(j, "fewest", room->fewest);
	limits(j, "most", room->most);
	numbers(j, "gate", room->gate);
	/* Microseconds since 2000 in UTC; null: never taken, or long ago. "infinity" is its own word. */
	json_list(j, "until");
	for (size_t i = 0; i < BOARD_NIGHTS; i++) {
		if (room->until[i] == MOMENT_NEVER)
			json_word(j, NULL, "infinity");
		else if (room->until[i] == MOMENT_NONE)
			json_null(j, NULL);
		else
			json_int(j, NULL, room->until[i]);
	}
	json_list_end(j);
	json_object_end(j);
}

static void
show_house(struct json *j, const struct board_house *house)
{
	json_object(j, NULL);
	json_int(j, "house", house->id);
	json_word(j, "name", house->name[LANG_ZH]);
	json_date(j, "from", house->from);
	json_bool(j, "paused", house->paused);
	json_list(j, "whole_fen");
	for (size_t i = 0; i < BOARD_NIGHTS && house->whole_fen != NULL; i++)
		json_int(j, NULL, house->whole_fen[i]);
	json_list_end(j);
	json_list(j, "rooms");
	for (size_t i = 0; i < house->rooms; i++)
		show_room(j, &house->room[i]);
	json_list_end(j);
	json_object_end(j);
}

/* village, house: only these. */
void
board_show_ask(struct visit *v)
{
	int64_t only = form_id_or_none(&v->form, "village"), one = form_id_or_none(&v->form, "house");
	struct village *village;
	struct json *j;

	if (!visit_is_inside(v)) {
		visit_not_there(v);
		return;
	}
	j = visit_json(v);
	json_int(j, "worker", getpid());
	json_int(j, "settled", (int64_t)board_read_settled());
	json_int(j, "lag_ms", (int64_t)board_read_lag_ms());
	json_list(j, "villages");
	for (village = TAILQ_FIRST(&board_villages); village != NULL; village = TAILQ_NEXT(village, link)) {
		if (only != 0 && village->v.id != only)
			continue;
		board_tell_time(village);
		json_object(j, NULL);
		json_int(j, "village", village->v.id);
		json_bool(j, "loaded", village->loaded);
		json_date(j, "today", village->v.today);
		json_moment(j, "now", village->v.now);
		json_list(j, "houses");
		for (size_t i = 0; i < village->v.houses; i++)
			if (one == 0 || one == village->v.house[i]->id)
				show_house(j, village->v.house[i]);
		json_list_end(j);
		json_object_end(j);
	}
	json_list_end(j);
	visit_json_end(v, 200);
}

/* Ends in ASK. */
void
board_show_answer(struct visit *v)
{
	visit_not_there(v);
}
