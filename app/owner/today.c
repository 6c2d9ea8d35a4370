/*
 * Owner: the day of a house, and the stays whose money is open.
 */
#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

void
owner_today_ask(struct visit *v)
{
	int64_t house = form_id_or_none(&v->form, "house");
	struct owner_house head = {.house = {house != 0, house}};
	struct owner_today today = {.house = head.house};

	sql_owner_house(v, &head);
	sql_owner_today(v, &today);
}

void
owner_today_answer(struct visit *v)
{
	size_t count;
	const struct owner_today_row *rows = sql_owner_today_rows(v, &count);

	page_owner_today(v, sql_owner_house_row(v), rows, count);
	visit_page(v, 200);
}

void
owner_money_ask(struct visit *v)
{
	int64_t house = form_id_or_none(&v->form, "house");
	struct owner_house head = {.house = {house != 0, house}};
	struct owner_money money = {.house = head.house};

	sql_owner_house(v, &head);
	sql_owner_money(v, &money);
}

void
owner_money_answer(struct visit *v)
{
	size_t count;
	const struct owner_money_row *rows = sql_owner_money_rows(v, &count);

	page_owner_money(v, sql_owner_house_row(v), rows, count);
	visit_page(v, 200);
}
