/*
 * Lodging: the list of houses for a party and some nights, narrowed and put in
 * order as people want it. All of it is drawn from the board.
 */
#include <stdlib.h>
#include <string.h>

#include "base/visit.h"
#include "board.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "card.h"

#define FLEXIBLE_DAYS 3
#define NEAR_DAYS 14
#define NEAR_MOST 6
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* --- what the list may be narrowed to ------------------------------------------- */

static const char *const styles[] = {"stone", "earth", "family", "nordic", "terrace"};
static const struct word {
	const char *name;
	uint32_t bit; /* of the house, or of one of its rooms; none: it depends on the dates */
} beds[] = {{"double", BOARD_DOUBLE}, {"single", BOARD_SINGLE}, {"kang", BOARD_KANG}, {"bunk", BOARD_BUNK},
    {"tent", BOARD_TENT}, {"sofa", BOARD_SOFA}},
  comforts[] = {
      {"breakfast", BOARD_BREAKFAST},
      {"parking", BOARD_PARKING},
      {"free_cancel", 0},
      {"pets", BOARD_PETS},
      {"step_free", BOARD_STEP_FREE},
      {"kitchen", BOARD_KITCHEN},
      {"laundry", BOARD_LAUNDRY},
      {"children_play", BOARD_CHILDREN_PLAY},
      {"garden", BOARD_GARDEN},
      {"terrace", BOARD_TERRACE},
      {"mountain_view", BOARD_MOUNTAIN_VIEW},
      {"charging", BOARD_CHARGING},
};
static const struct step {
	const char *word;
	int32_t number;
} walks[] = {{"5", 5}, {"10", 10}, {"15", 15}}, prices[] = {{"200", 200}, {"300", 300}, {"500", 500}};
static const char *const views[] = {"map"};
static const char *const sorts[] = {"fit", "price", "distance"};

static bool
among(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], word) == 0)
			return (true);
	return (false);
}

/* What was chosen of these; anything else is refused by its field. */
static struct text_list
chosen(struct visit *v, const char *field, const char *const *of, size_t of_count)
{
	size_t count = form_count(&v->form, field);
	const char **item = arena_take(v->arena, (count + 1) * sizeof(*item));
	struct text_list list = {0, item};

	for (size_t i = 0; i < count; i++) {
		const char *value = form_nth(&v->form, field, i)->value;

		if (value[0] == '\0')
			continue;
		if (!among(value, of, of_count))
			form_refuse(&v->form, field, "form.word");
		else if (!among(value, item, list.count))
			item[list.count++] = value;
	}
	return (list);
}

static const char *
one_of(struct visit *v, const char *field, const char *const *of, size_t of_count)
{
	struct text_list list = chosen(v, field, of, of_count);

	if (list.count > 1)
		form_refuse(&v->form, field, "form.repeated");
	return (list.count > 0 ? list.item[0] : NULL);
}

/* The names of a list, for the two above. */
static const char *const *
names_of(struct visit *v, const struct word *words, size_t count)
{
	const char **name = arena_take(v->arena, count * sizeof(*name));

	for (size_t i = 0; i < count; i++)
		name[i] = words[i].name;
	return (name);
}

static struct lodging_filter
filter_of(struct visit *v)
{
	const char *sort = one_of(v, "sort", sorts, COUNT(sorts));
	int32_t walk = form_int_or(&v->form, "walk", 1, 600, 0),
		price = form_int_or(&v->form, "price_to", 1, 100000, 0);
	struct lodging_filter filter = {
	    .style = chosen(v, "style", styles, COUNT(styles)),
	    .comfort = chosen(v, "comfort", names_of(v, comforts, COUNT(comforts)), COUNT(comforts)),
	    .bed = one_of(v, "bed", names_of(v, beds, COUNT(beds)), COUNT(beds)),
	    .walk = {walk > 0, walk},
	    .price_to = {price > 0, price},
	    .whole = form_yes(&v->form, "whole"),
	    .flex = form_yes(&v->form, "flex"),
	    .map = one_of(v, "view", views, COUNT(views)) != NULL,
	    .sort = sort != NULL ? sort : "fit",
	};

	filter.chosen = (int32_t)(filter.style.count + filter.comfort.count) + (filter.bed != NULL) + filter.walk.is +
	    filter.price_to.is + filter.whole;
	return (filter);
}

/* A house of these dates, before it is narrowed. */
struct candidate {
	const struct board_house *house;
	struct board_wish when; /* flexible dates: when it is cheapest */
	struct board_offer offer;
	struct moment free_until;
	bool whole; /* all of it can be had */
};

static bool
has(const struct candidate *one, uint32_t bit)
{
	return (bit != 0 ? ((one->house->has | one->offer.has) & bit) != 0 : one->free_until.us != MOMENT_NONE);
}

static bool
passes(const struct candidate *one, const struct lodging_filter *filter, int nights)
{
	if (filter->style.count > 0 && !among(one->house->style, filter->style.item, filter->style.count))
		return (false);
	if (filter->walk.is && one->house->walk_minutes > filter->walk.value)
		return (false);
	if (filter->price_to.is && one->offer.total_fen > (int64_t)filter->price_to.value * 100 * nights)
		return (false);
	for (size_t i = 0; i < filter->comfort.count; i++)
		for (size_t c = 0; c < COUNT(comforts); c++)
			if (strcmp(comforts[c].name, filter->comfort.item[i]) == 0 && !has(one, comforts[c].bit))
				return (false);
	return (true);
}

/* --- the list ------------------------------------------------------------------------ */

/* What a house offers for this wish; on other days near by, when those are as good and cheaper. */
static bool
best_offer(const struct board_village *village, const struct board_house *house, const struct board_wish *wish,
    bool whole, bool flexible, struct board_wish *when, struct board_offer *best)
{
	bool found = false;

	for (int turn = 0; turn <= (flexible ? 2 * FLEXIBLE_DAYS : 0); turn++) {
		/* 0 +1 -1 +2 -2 …: of two that cost the same the nearer day. */
		int by = turn % 2 == 1 ? (turn + 1) / 2 : -(turn / 2);
		struct board_wish other = *wish;
		struct board_offer offer;

		other.arrive = date_add(wish->arrive, by);
		other.leave = date_add(wish->leave, by);
		if (!(whole ? board_whole(village, house, &other, &offer)
			    : board_offer(village, house, &other, &offer)) ||
		    (found && offer.total_fen >= best->total_fen))
			continue;
		found = true;
		*best = offer;
		*when = other;
	}
	return (found);
}

static int
by_price(const void *a, const void *b)
{
	const struct lodging_card *x = a, *y = b;

	return ((x->total_fen > y->total_fen) - (x->total_fen < y->total_fen));
}

static int
by_distance(const void *a, const void *b)
{
	const struct lodging_card *x = a, *y = b;

	return (x->walk_minutes != y->walk_minutes
		? (x->walk_minutes > y->walk_minutes) - (x->walk_minutes < y->walk_minutes)
		: by_price(a, b));
}

struct list {
	struct board_wish wish;
	struct lodging_filter filter;
	struct lodging_card *card;
	size_t count, all; /* with the filter, and without it */
	struct lodging_option *option;
	size_t options;
	struct lodging_near *near;
	size_t nears;
};

/* One more way to narrow the list, with how many houses of these dates have it; what nobody has is not offered. */
static void
offer_option(struct list *list, const char *field, const char *value, int32_t houses, bool on)
{
	if (houses > 0 || on)
		list->option[list->options++] = (struct lodging_option){field, value, houses, on};
}

static void
count_options(struct visit *v, struct list *list, const struct candidate *all)
{
	int nights = date_gap(list->wish.arrive, list->wish.leave);
	size_t most = COUNT(styles) + COUNT(beds) + COUNT(comforts) + COUNT(walks) + COUNT(prices) + 1;
	int32_t count, whole = 0;

	list->option = arena_take(v->arena, most * sizeof(*list->option));
#define EACH(words, field, value, on, fits)                    \
	for (size_t w = 0; w < COUNT(words); w++) {            \
		count = 0;                                     \
		for (size_t i = 0; i < list->all; i++)         \
			count += (fits);                       \
		offer_option(list, field, value, count, (on)); \
	}
	EACH(prices, "price_to", prices[w].word,
	    list->filter.price_to.is && list->filter.price_to.value == prices[w].number,
	    all[i].offer.total_fen <= (int64_t)prices[w].number * 100 * nights)
	EACH(styles, "style", styles[w], among(styles[w], list->filter.style.item, list->filter.style.count),
	    strcmp(all[i].house->style, styles[w]) == 0)
	for (size_t i = 0; i < list->all; i++)
		whole += all[i].whole;
	offer_option(list, "whole", "1", whole, list->filter.whole);
	EACH(comforts, "comfort", comforts[w].name,
	    among(comforts[w].name, list->filter.comfort.item, list->filter.comfort.count),
	    has(&all[i], comforts[w].bit))
	EACH(walks, "walk", walks[w].word, list->filter.walk.is && list->filter.walk.value == walks[w].number,
	    all[i].house->walk_minutes <= walks[w].number)
	EACH(beds, "bed", beds[w].name, list->filter.bed != NULL && strcmp(list->filter.bed, beds[w].name) == 0,
	    has(&all[i], beds[w].bit))
#undef EACH
}

/* Nothing to be had: the dates nearest to these on which something is. */
static void
look_near(struct visit *v, const struct board_village *village, struct list *list)
{
	list->near = arena_take(v->arena, NEAR_MOST * sizeof(*list->near));
	for (int turn = 1; turn <= 2 * NEAR_DAYS && list->nears < NEAR_MOST; turn++) {
		int by = turn % 2 == 1 ? (turn + 1) / 2 : -(turn / 2);
		struct board_wish other = list->wish;
		struct lodging_near near = {.arrive = date_add(other.arrive, by), .leave = date_add(other.leave, by)};

		other.arrive = near.arrive;
		other.leave = near.leave;
		if (board_wrong_dates(village, &other) != NULL)
			continue;
		for (size_t i = 0; i < village->houses; i++) {
			struct board_offer offer;

			if (!board_offer(village, village->house[i], &other, &offer))
				continue;
			if (near.houses++ == 0 || offer.total_fen < near.from_fen)
				near.from_fen = offer.total_fen;
		}
		if (near.houses > 0)
			list->near[list->nears++] = near;
	}
}

/* What the rooms themselves must have. */
static uint32_t
rooms_only(const struct lodging_filter *filter)
{
	uint32_t only = among("step_free", filter->comfort.item, filter->comfort.count) ? BOARD_STEP_FREE : 0;

	for (size_t i = 0; i < COUNT(beds); i++)
		if (filter->bed != NULL && strcmp(filter->bed, beds[i].name) == 0)
			only |= beds[i].bit;
	return (only);
}

static bool
find(const struct board_village *village, const struct board_wish *wish, const struct lodging_filter *filter,
    bool whole, struct candidate *one)
{
	if (!best_offer(village, one->house, wish, whole, filter->flex, &one->when, &one->offer))
		return (false);
	one->free_until = board_free_until(village, one->house, one->when.arrive, one->offer.total_fen);
	return (true);
}

static void
fill_list(struct visit *v, const struct board_village *village, struct list *list)
{
	int nights = date_gap(list->wish.arrive, list->wish.leave);
	struct candidate *all = arena_take(v->arena, (village->houses + 1) * sizeof(*all));
	struct board_wish narrow = list->wish;

	narrow.only = rooms_only(&list->filter);
	list->card = arena_take(v->arena, (village->houses + 1) * sizeof(*list->card));
	for (size_t i = 0; i < village->houses; i++) {
		struct candidate *one = &all[list->all], other;
		struct board_offer rest;

		one->house = lodging_in_turn(village, i);
		if (!find(village, &list->wish, &list->filter, false, one))
			continue;
		one->whole = board_whole(village, one->house, &list->wish, &rest);
		list->all++;
		/* Narrowed by what the rooms are: another choice of rooms, perhaps none. */
		other = *one;
		if ((list->filter.whole || narrow.only != 0) &&
		    !find(village, &narrow, &list->filter, list->filter.whole, &other))
			continue;
		if (passes(&other, &list->filter, nights))
			list->card[list->count++] = lodging_card_of(v, village, other.house, &other.when, &other.offer);
	}
	count_options(v, list, all);
	if (strcmp(list->filter.sort, "price") == 0)
		qsort(list->card, list->count, sizeof(*list->card), by_price);
	else if (strcmp(list->filter.sort, "distance") == 0)
		qsort(list->card, list->count, sizeof(*list->card), by_distance);
	if (list->all == 0)
		look_near(v, village, list);
}

void
lodging_search_ask(struct visit *v)
{
	const struct board_village *village = board_here(v);
	struct board_wish wish;
	const char *why;

	if (village == NULL || v->tries > 0)
		return;
	wish = lodging_wish(v, form_date);
	(void)filter_of(v);
	if (v->form.fault == NULL && (why = board_wrong_dates(village, &wish)) != NULL)
		visit_refuse(v, 422, NULL, why);
}

void
lodging_search_answer(struct visit *v)
{
	const struct board_village *village = board_at_hand(v);
	struct list list = {.wish = lodging_wish(v, form_date_or_none), .filter = filter_of(v)};

	visit_may_return(v);
	/* A search that will not do is drawn again with its form, and asks for nothing more. */
	if (v->refusal == NULL)
		fill_list(v, village, &list);
	if (v->json) {
		struct json *j = visit_json(v);

		json_date(j, "arrive", list.wish.arrive);
		json_date(j, "leave", list.wish.leave);
		json_int(j, "count", (int64_t)list.count);
		json_int(j, "without_filter", (int64_t)list.all);
		if (form_yes(&v->form, "only_count"))
			list.count = 0;
		json_lodging_card_list(j, "houses", list.card, list.count);
		json_lodging_near_list(j, "near", list.near, list.nears);
		visit_json_end(v, 200);
		return;
	}
	page_lodging_search(v, &list.wish, &list.filter, list.card, list.count, list.all, list.option, list.options,
	    list.near, list.nears);
	visit_page(v, 200);
}
