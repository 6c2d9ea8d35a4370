/*
 * The village: its front page and the language one reads it in.
 */
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

void
village_home_ask(struct visit *v)
{
	sql_village_home(v);
}

void
village_home_answer(struct visit *v)
{
	page_village_home(v, sql_village_home_row(v));
	visit_page(v, 200);
}

void
village_festivals_ask(struct visit *v)
{
	sql_village_festivals(v);
}

void
village_festivals_answer(struct visit *v)
{
	size_t count;
	const struct village_festivals_row *rows = sql_village_festivals_rows(v, &count);

	page_village_festivals(v, rows, count);
	visit_page(v, 200);
}

/* Ends in ASK: choosing a language asks nobody. */
void
village_lang_ask(struct visit *v)
{
	const char *to = form_line(&v->form, "to", 2, 2), *back = form_line_or_none(&v->form, "back", 2000);

	if (strcmp(to, "zh") != 0 && strcmp(to, "en") != 0) {
		visit_not_there(v);
		return;
	}
	visit_set_cookie(v, "lang", to, 400 * 86400);
	visit_redirect(v, back != NULL ? back : "/");
}

void
village_lang_answer(struct visit *v)
{
	visit_not_there(v);
}
