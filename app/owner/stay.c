/*
 * A stay as its house sees it, and what the house or the association may do
 * with it. Which step may follow which stands in sql/booking/step.sql; every
 * act here ends on the stay's page, which shows what is possible then.
 */
#include <string.h>

#include "board.h"
#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

#define ROOMS_MOST 14

static const char *
code_of(struct visit *v)
{
	return (form_line(&v->form, "code", 1, 20));
}

/* Back to the stay, or to the day when the act was done from there. */
static void
said(struct visit *v, const char *text_key)
{
	int64_t house = form_id_or_none(&v->form, "today");

	visit_redirect_said(v,
	    house != 0 ? arena_format(v->arena, "/owner?house=%lld", (long long)house)
		       : arena_format(v->arena, "/owner/stay/%s", code_of(v)),
	    text_key);
}

void
owner_stay_ask(struct visit *v)
{
	struct owner_stay want = {.code = code_of(v)};

	sql_owner_stay(v, &want);
}

static void
draw(struct visit *v, const char *link)
{
	const struct owner_stay_row *stay = sql_owner_stay_row(v);
	const struct board_village *village = board_at_hand(v);

	page_owner_stay(v, stay, village != NULL ? board_house(village, stay->house) : NULL, link);
	visit_page(v, 200);
}

void
owner_stay_answer(struct visit *v)
{
	draw(v, NULL);
}

/* --- one step on --- */

void
owner_step_ask(struct visit *v)
{
	struct owner_step want = {.code = code_of(v),
	    .event = form_line(&v->form, "event", 1, 20),
	    .reason = form_line_or_none(&v->form, "reason", 20)};

	sql_owner_step(v, &want);
}

void
owner_step_answer(struct visit *v)
{
	const char *event = form_line(&v->form, "event", 1, 20);
	static const char *const words[][2] = {{"accept", "owner.said_accept"}, {"decline", "owner.said_decline"},
	    {"drop", "owner.said_drop"}, {"check_in", "owner.said_check_in"}, {"check_out", "owner.said_check_out"},
	    {"no_show", "owner.said_no_show"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(event, words[i][0]) == 0) {
			said(v, words[i][1]);
			return;
		}
	visit_not_there(v); /* the database has refused every other word */
}

/* --- with the guest at the counter, or on the phone --- */

void
owner_change_ask(struct visit *v)
{
	struct party party = party_read(&v->form);
	struct owner_change want = {.code = code_of(v),
	    .rooms = form_ids(&v->form, "rooms", ROOMS_MOST),
	    .arrive = form_date(&v->form, "arrive"),
	    .leave = form_date(&v->form, "leave"),
	    .adults = party.adults,
	    .children = party.children};

	sql_owner_change(v, &want);
}

void
owner_change_answer(struct visit *v)
{
	said(v, "booking.said_changed");
}

void
owner_late_ask(struct visit *v)
{
	struct owner_late want = {.code = code_of(v), .arrival = form_int(&v->form, "arrival", 0, 1800)};

	sql_owner_late(v, &want);
}

void
owner_late_answer(struct visit *v)
{
	said(v, "booking.said_late");
}

/* --- money --- */

void
owner_take_ask(struct visit *v)
{
	struct owner_take want = {
	    .code = code_of(v), .amount_fen = form_yuan(&v->form, "amount"), .how = form_line(&v->form, "how", 1, 20)};

	sql_owner_take(v, &want);
}

void
owner_take_answer(struct visit *v)
{
	said(v, sql_owner_take_row(v)->transfer.is ? "owner.said_transfer" : "owner.said_take");
}

void
owner_give_back_ask(struct visit *v)
{
	struct owner_give_back want = {
	    .code = code_of(v), .amount_fen = form_yuan(&v->form, "amount"), .how = form_line(&v->form, "how", 1, 20)};

	sql_owner_give_back(v, &want);
}

void
owner_give_back_answer(struct visit *v)
{
	said(v, sql_owner_give_back_row(v)->transfer.is ? "owner.said_transfer" : "owner.said_give_back");
}

void
owner_answer_transfer_ask(struct visit *v)
{
	struct owner_answer_transfer want = {
	    .code = code_of(v), .transfer = form_id(&v->form, "transfer"), .yes = form_yes(&v->form, "yes")};

	sql_owner_answer_transfer(v, &want);
}

void
owner_answer_transfer_answer(struct visit *v)
{
	said(v, "booking.said_answered");
}

void
owner_reverse_ask(struct visit *v)
{
	struct owner_reverse want = {
	    .code = code_of(v), .entry = form_id(&v->form, "entry"), .reason = form_line(&v->form, "why", 2, 80)};

	sql_owner_reverse(v, &want);
}

void
owner_reverse_answer(struct visit *v)
{
	said(v, "owner.said_reverse");
}

void
owner_invoice_done_ask(struct visit *v)
{
	struct owner_invoice_done want = {.code = code_of(v)};

	sql_owner_invoice_done(v, &want);
}

void
owner_invoice_done_answer(struct visit *v)
{
	said(v, "owner.said_invoice");
}

/* --- a new link for a guest who lost theirs: shown once, on the page that answers; it is stored nowhere but as a hash --- */

void
owner_link_ask(struct visit *v)
{
	const char *token = secret_token(v->arena), *show = secret_derive(v->arena, "stay show", token, strlen(token));
	struct owner_link want = {
	    .code = code_of(v), .manage = secret_hash_of(v->arena, token), .show = secret_hash_of(v->arena, show)};
	struct owner_stay then = {.code = want.code};

	visit_note(v, token);
	sql_owner_link(v, &want);
	sql_owner_stay(v, &then);
}

void
owner_link_answer(struct visit *v)
{
	draw(v,
	    arena_format(
		v->arena, "%s/stay/%s/%s", v->village.base_url, sql_owner_stay_row(v)->stay_code, visit_noted(v)));
}
