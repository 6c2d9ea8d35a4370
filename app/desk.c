/*
 * Desk: the association's office.
 */
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

void
desk_houses_ask(struct visit *v)
{
	sql_desk_houses(v);
}

void
desk_houses_answer(struct visit *v)
{
	size_t count;
	const struct desk_houses_row *rows = sql_desk_houses_rows(v, &count);

	page_desk_houses(v, rows, count, NULL);
	visit_page(v, 200);
}

/* The link is shown once, on the page that answers: it is stored nowhere but as a hash. */
void
desk_invite_ask(struct visit *v)
{
	int64_t house = form_id_or_none(&v->form, "house");
	const char *token = secret_token(v->arena);
	struct account_invite want = {.role = form_line(&v->form, "role", 1, 20), .house = {house != 0, house}};

	want.token = secret_hash_of(v->arena, token);
	visit_note(v, token);
	sql_account_invite(v, &want);
	sql_desk_houses(v);
}

void
desk_invite_answer(struct visit *v)
{
	size_t count;
	const struct desk_houses_row *rows = sql_desk_houses_rows(v, &count);

	page_desk_houses(v, rows, count, arena_format(v->arena, "%s/invite/%s", v->village.base_url, visit_noted(v)));
	visit_page(v, 200);
}
