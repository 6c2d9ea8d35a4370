/*
 * Money of a stay from the guest's side: transfers both sides vouch for, the
 * request for a 发票, and the receipt, as a page and as a file the jobs program
 * makes.
 */
#include <stdio.h>
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"
#include "stay.h"

void
booking_paid_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_paid want = {
	    .code = code,
	    .secret = booking_key(v, code),
	    .amount_fen = form_yuan(&v->form, "amount"),
	    .note = form_line(&v->form, "note", 0, 80),
	};

	sql_booking_paid(v, &want);
}

void
booking_paid_answer(struct visit *v)
{
	booking_said(v, "booking.said_paid");
}

void
booking_answer_transfer_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_answer_transfer want = {.code = code,
	    .secret = booking_key(v, code),
	    .transfer = form_id(&v->form, "transfer"),
	    .yes = form_yes(&v->form, "yes")};

	sql_booking_answer_transfer(v, &want);
}

void
booking_answer_transfer_answer(struct visit *v)
{
	booking_said(v, "booking.said_answered");
}

void
booking_invoice_ask(struct visit *v)
{
	const char *code = booking_code(v), *email = form_line_or_none(&v->form, "email", 120);
	struct booking_invoice want = {
	    .code = code,
	    .secret = booking_key(v, code),
	    .title = form_line(&v->form, "title", 1, 80),
	    .tax_no = form_line(&v->form, "tax_no", 0, 30),
	    .email = email != NULL ? email : "",
	};

	if (email != NULL && strchr(email, '@') == NULL)
		form_refuse(&v->form, "email", "form.email");
	sql_booking_invoice(v, &want);
}

void
booking_invoice_answer(struct visit *v)
{
	booking_said(v, "booking.said_invoice");
}

/* --- the receipt --- */

void
booking_receipt_ask(struct visit *v)
{
	booking_stay_ask(v);
}

void
booking_receipt_answer(struct visit *v)
{
	const struct booking_stay_row *stay = sql_booking_stay_row(v);

	if (strcmp(stay->may, "manage") != 0) {
		visit_not_there(v);
		return;
	}
	page_booking_receipt(v, booking_code(v), stay);
	visit_page(v, 200);
}

void
booking_paper_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_paper want = {.code = code, .secret = booking_key(v, code)};

	sql_booking_paper(v, &want);
}

void
booking_paper_answer(struct visit *v)
{
	visit_redirect(
	    v, arena_format(v->arena, "/stay/%s/paper/%lld", booking_code(v), (long long)sql_booking_paper_row(v)->id));
}

/* The page that waits for the paper, and then has it. */
void
booking_paper_made_ask(struct visit *v)
{
	const char *code = booking_code(v);
	struct booking_paper_made want = {
	    .code = code, .secret = booking_key(v, code), .paper = form_id(&v->form, "paper")};

	sql_booking_paper_made(v, &want);
}

void
booking_paper_made_answer(struct visit *v)
{
	const struct booking_paper_made_row *made = sql_booking_paper_made_row(v);

	/* Asked again by itself, without a script. */
	if (!made->ready && !made->trouble)
		visit_reply_header(v, "refresh", "2");
	page_booking_paper(v, booking_code(v), form_id(&v->form, "paper"), made->ready, made->trouble);
	visit_page(v, 200);
}

void
booking_paper_file_ask(struct visit *v)
{
	booking_paper_made_ask(v);
}

void
booking_paper_file_answer(struct visit *v)
{
	const struct booking_paper_made_row *made = sql_booking_paper_made_row(v);

	if (!made->ready)
		visit_not_there(v);
	else
		visit_file(v, "application/pdf", arena_format(v->arena, "shawang-%s.pdf", booking_code(v)),
		    (const char *)made->bytes.at, made->bytes.length);
}
