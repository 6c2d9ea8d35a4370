/*
 * Account: who may work here, how they come in, and where they are signed in.
 *
 * Signing in is the one use case with two batches: the hash is fetched, checked
 * in a task thread, and only then a session is opened. An unknown name takes
 * the same way and the same time. Nobody is ever locked out: who tries too fast
 * waits, by name and address together, and by address.
 */
#include <string.h>

#include "base/visit.h"
#include "build/page.h"
#include "build/routes.h"
#include "build/sql.h"

#define LOGIN_MOST 60
#define PASSWORD_LEAST 8 /* characters */
#define PASSWORD_MOST 128 /* bytes */

/* The limit is on this name from this address, so nobody can shut out somebody else. */
static struct bytes
login_mark(struct visit *v, const char *login)
{
	struct bytes address = visit_address(v);
	struct buffer both;

	buffer_open(&both, v->arena, 128);
	buffer_word(&both, login);
	buffer_add(&both, "", 1);
	buffer_add(&both, (const char *)address.at, address.length);
	return (secret_mark(v->arena, "login", both.at, both.length));
}

static const char *
device_name(struct visit *v)
{
	const char *agent = visit_header(v, "user-agent");

	return (agent != NULL ? arena_copy(v->arena, agent, strnlen(agent, 200)) : "");
}

/* A new password: at least eight characters, and not one of those everybody tries first. */
static const char *
new_password(struct visit *v, const char *field)
{
	static const char *const common[] = {"12345678", "123456789", "1234567890", "password", "password1", "qwertyui",
	    "qwerty123", "11111111", "88888888", "66666666", "00000000", "iloveyou", "a1234567", "abc12345", "abcd1234",
	    "woaini1314", "5201314520"};
	const char *password = form_secret(&v->form, field, PASSWORD_MOST);
	size_t characters = 0;

	for (const char *p = password; *p != '\0'; p++)
		characters += ((unsigned char)*p & 0xc0) != 0x80;
	if (characters > 0 && characters < PASSWORD_LEAST)
		form_refuse(&v->form, field, "account.password_short");
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strcmp(password, common[i]) == 0)
			form_refuse(&v->form, field, "account.password_common");
	return (password);
}

/* --- signing in ---------------------------------------------------------------- */

void
account_door_ask(struct visit *v)
{
	(void)v;
}

void
account_door_answer(struct visit *v)
{
	page_account_sign_in(v);
	visit_page(v, 200);
}

void
account_sign_in_ask(struct visit *v)
{
	struct account_find want = {
	    .login = form_line(&v->form, "login", 1, LOGIN_MOST), .by_address = visit_address(v)};

	(void)form_secret(&v->form, "password", PASSWORD_MOST);
	want.by_login = login_mark(v, want.login);
	sql_account_find(v, &want);
}

static void
password_checked(struct visit *v, const struct visit_password *result)
{
	const char *token = secret_token(v->arena);
	struct account_open want = {.login = form_line(&v->form, "login", 1, LOGIN_MOST),
	    .token = secret_hash_of(v->arena, token),
	    .device = device_name(v),
	    .rehashed = result->hash};
	struct account_close before = {.token = visit_session(v)};

	if (!result->right) {
		visit_refuse(v, 422, NULL, "account.wrong");
		return;
	}
	visit_new_session(v, token);
	/* The cookie is about to be written over; what it opened would stay open unseen. */
	if (before.token.at != NULL)
		sql_account_close(v, &before);
	sql_account_open(v, &want);
}

void
account_sign_in_answer(struct visit *v)
{
	const struct account_find_row *found = sql_account_find_row(v);
	const struct account_open_row *opened = sql_account_open_row(v);
	const char *next = form_typed(&v->form, "next");

	if (opened != NULL) {
		visit_keep_session(v, opened->seconds);
		if (next == NULL || next[0] != '/' || strcmp(next, "/me") == 0)
			next = opened->house.is ? "/owner" : opened->association ? "/desk" : "/me";
		visit_redirect(v, next);
	} else if (!found->tried)
		visit_refuse(v, 429, NULL, "account.slow_down");
	else
		visit_verify(v, found->hash, form_secret(&v->form, "password", PASSWORD_MOST), password_checked);
}

void
account_sign_out_ask(struct visit *v)
{
	struct account_close want = {.token = visit_session(v)};

	if (want.token.at != NULL)
		sql_account_close(v, &want);
}

void
account_sign_out_answer(struct visit *v)
{
	visit_keep_session(v, 0);
	visit_redirect_said(v, "/", "account.said_out");
}

/* --- one's own account ----------------------------------------------------------- */

void
account_me_ask(struct visit *v)
{
	struct account_sessions want = {.token = visit_session(v)};

	/* Nobody's page is drawn, too: it leads to signing in and to the stays of this device. */
	if (want.token.at != NULL && v->tries == 0)
		sql_account_sessions(v, &want);
}

void
account_me_answer(struct visit *v)
{
	size_t count;
	const struct account_sessions_row *rows = sql_account_sessions_rows(v, &count);

	page_account_me(v, rows, count);
	visit_page(v, 200);
}

void
account_end_ask(struct visit *v)
{
	struct account_end_session want = {.session = form_id(&v->form, "id")};

	sql_account_end_session(v, &want);
}

void
account_end_answer(struct visit *v)
{
	visit_redirect_said(v, "/me", "account.said_ended");
}

void
account_password_ask(struct visit *v)
{
	struct account_password want = {.by_login = login_mark(v, "password")};

	(void)form_secret(&v->form, "old", PASSWORD_MOST);
	(void)new_password(v, "password");
	sql_account_password(v, &want);
}

static void
new_hashed(struct visit *v, const struct visit_password *result)
{
	struct account_set_password want = {.hash = result->hash, .token = visit_session(v)};

	sql_account_set_password(v, &want);
}

static void
old_checked(struct visit *v, const struct visit_password *result)
{
	if (result->right)
		visit_hash(v, form_secret(&v->form, "password", PASSWORD_MOST), new_hashed);
	else
		visit_refuse(v, 422, "old", "account.old_wrong");
}

void
account_password_answer(struct visit *v)
{
	const struct account_password_row *known = sql_account_password_row(v);

	if (sql_account_set_password_row(v) != NULL)
		visit_redirect_said(v, "/me", "account.said_password");
	else if (!known->tried)
		visit_refuse(v, 429, NULL, "account.slow_down");
	else
		visit_verify(v, known->hash, form_secret(&v->form, "old", PASSWORD_MOST), old_checked);
}

/* --- an invitation becomes an account --------------------------------------------- */

static struct bytes
invitation(struct visit *v)
{
	return (secret_hash_of(v->arena, form_line(&v->form, "invitation", 1, 64)));
}

void
account_invited_ask(struct visit *v)
{
	struct account_invited want = {.token = invitation(v)};

	sql_account_invited(v, &want);
}

void
account_invited_answer(struct visit *v)
{
	page_account_invited(v, form_typed(&v->form, "invitation"), sql_account_invited_row(v));
	visit_page(v, 200);
}

void
account_join_ask(struct visit *v)
{
	(void)form_line(&v->form, "login", 2, LOGIN_MOST);
	(void)form_line(&v->form, "name", 1, 40);
	(void)new_password(v, "password");
	/* The invitation is looked at first: hashing is dear, and nobody without one shall make us do it. */
	account_invited_ask(v);
}

static void
join_hashed(struct visit *v, const struct visit_password *result)
{
	struct account_join want = {.token = invitation(v),
	    .login = form_line(&v->form, "login", 2, LOGIN_MOST),
	    .name = form_line(&v->form, "name", 1, 40),
	    .hash = result->hash};

	sql_account_join(v, &want);
}

void
account_join_answer(struct visit *v)
{
	if (sql_account_join_row(v) != NULL)
		visit_redirect_said(v, "/sign-in", "account.said_joined");
	else
		visit_hash(v, form_secret(&v->form, "password", PASSWORD_MOST), join_hashed);
}
