/*
 * Visit: one request from the door to its answer, and the only state machine.
 *
 * A use case has two halves. ASK reads the form and calls sql_… functions;
 * visit sends them as one batch, one round trip, one transaction. ANSWER finds
 * the rows and ends the visit by exactly one of the ends below. A half that
 * finds something wrong in the form asks nothing; visit draws the form again
 * with what was typed. Features hold nothing and free nothing.
 */
#ifndef BASE_VISIT_H
#define BASE_VISIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "calendar.h"
#include "date.h"
#include "db.h"
#include "form.h"
#include "html.h"
#include "json.h"
#include "lang.h"
#include "party.h"
#include "secret.h"

/* The village of this visit, as village.enter answered or, on pages without a database, as last known. */
struct visit_village {
	const char	*name, *place, *phone, *base_url;
	struct date	 today;
	struct moment	 now;
};

/* Who is signed in; person is 0 for nobody and on pages that ask no database. Only what a page says; rights are the database's business. */
struct visit_account {
	int64_t		 person;
	const char	*name;
	int64_t		 house;		/* the first house they work for, 0 none */
	bool		 association;
};

/* Which doors the top bar shows: from the account, or, on pages that ask no database, from a cookie that says no more than this. */
struct visit_hint {
	bool	signed_in, house, desk;
};

/* What a chat program shows of a link to this page; title NULL: nothing of its own. */
struct visit_card {
	const char	*title, *words;
	const char	*path;			/* of the page, without what only this visitor asked for */
	const char	*photo;			/* hash, or NULL */
};

/* Why a form comes back: the key, and detail as "name" → fen, for the places of its text. */
struct visit_refusal {
	const char	*key;
	int		 status;
	struct said	 place[4];
	size_t		 places;
};

struct visit {
	struct arena		*arena;
	struct form		 form;		/* query, then body; path parts under their names of routes.c */
	enum lang		 lang;
	const char		*path;		/* decoded, for links back */
	const char		*query;		/* as sent, "" when none */
	bool			 json;		/* came through /api/ */
	struct visit_village	 village;
	struct visit_account	 account;
	struct visit_hint	 hint;
	struct visit_card	 card;
	struct visit_refusal	*refusal;	/* set while a refused form is drawn again */
	const char		*notice;	/* text key said once after a redirect, or NULL */
	const char		*request_id;
	int			 tries;		/* how often the database refused to let this page be drawn; its ASK may then ask for less */
	struct visit_state	*state;		/* visit.c's own */
};

/* For generated pages. */
struct html	*visit_html(struct visit *);
/* The hidden field against forged posts, masked anew each time; compiled templates call it after every <form method=post>. */
void		 visit_form_token(struct visit *);

/* The refusal in the visitor's words, with its places filled. */
void		 visit_say_refusal(struct visit *);
/* Where the visitor is, path and query, for links that come back here. */
const char	*visit_here(struct visit *);

/* This page's address with one field of its query given another value, or left out (value NULL); for links that change one thing. */
const char	*visit_vary_link(struct visit *, const char *field, const char *value);
/* The same without one pair of a field that may come several times. */
const char	*visit_without_link(struct visit *, const char *field, const char *value);
/* The whole address of this page's card. */
const char	*visit_card_link(struct visit *);
/* The tile server of maps (setting TILES, a URL with {z}/{x}/{y}) and whom its tiles are by (TILES_BY); NULL: maps are drawn from our own lines. */
const char	*visit_tiles(const char **by);
/* A link to a map at a position in WGS-84, millionths of a degree. */
const char	*visit_map_link(struct visit *, int32_t latitude_e6, int32_t longitude_e6, const char *name);

/* --- what a half may read --- */
const char	*visit_method(struct visit *);
const char	*visit_header(struct visit *, const char *name);	/* NULL when absent */
const char	*visit_cookie(struct visit *, const char *name);	/* NULL when absent */
/* Keyed hash of where the visitor calls from (IPv4, or the first 64 bits of IPv6). */
struct bytes	 visit_address(struct visit *);
/* Keyed hash of this browser's random cookie; none (at NULL) when it sent none. */
struct bytes	 visit_device(struct visit *);
struct bytes	 visit_session(struct visit *);		/* hash of the session cookie, none when absent */
const char	*visit_bearer(struct visit *);		/* Authorization: Bearer …, NULL when absent */
/* SHA-256 over every field sent but those of the machinery (token, key): the same request hashes the same. */
struct bytes	 visit_request_hash(struct visit *);
/* The secret of a stay on this device, "" when unknown. */
const char	*visit_stay_secret(struct visit *, const char *code);
size_t		 visit_stay_count(struct visit *);
const char	*visit_stay_code(struct visit *, size_t nth);

/* The host the visitor asked for, lower case, without port; loopback: it is this machine's own name, without a proxy between. */
const char	*visit_host(struct visit *, bool *loopback);
/* Came in by the bind for machines (/metrics), which is on loopback. */
bool		 visit_is_inside(struct visit *);

/* Bytes from lower-case hex; false when it is none. */
bool		 visit_hex(struct visit *, const char *hex, struct bytes *);

/* --- what a half may leave behind --- */
/* This device has the link of a stay; secret NULL: it has it no more. */
void	visit_keep_stay(struct visit *, const char *code, const char *secret);
/* A session is about to be opened with this token; visit_keep_session makes it the browser's. 0 seconds: forget the one there is. */
void	visit_new_session(struct visit *, const char *token);
void	visit_keep_session(struct visit *, int seconds);
/* A word from ASK to ANSWER, for what only ASK knows (a secret that was just made). */
void	visit_note(struct visit *, const char *);
const char *visit_noted(struct visit *);
void	visit_set_cookie(struct visit *, const char *name, const char *value, int seconds);
void	visit_reply_header(struct visit *, const char *name, const char *value);
/* The browser may show it again when one comes back to it by its arrow; without this or visit_may_cache an answer is no-store. */
void	visit_may_return(struct visit *);
/* May be kept by caches for so long. */
void	visit_may_cache(struct visit *, int seconds);

/* --- ends: each is called at most once, last --- */
void		 visit_page(struct visit *, int status);			/* what was drawn into visit_html */
void		 visit_plain(struct visit *, int status, const char *type, const char *, size_t length);
struct json	*visit_json(struct visit *);					/* an open object; visit_json_end closes it */
void		 visit_json_end(struct visit *, int status);
void		 visit_problem_end(struct visit *, int status);				/* the same, as application/problem+json */
void		 visit_redirect(struct visit *, const char *path);		/* 303; path begins with one / */
void		 visit_redirect_said(struct visit *, const char *path, const char *text_key);	/* and says so on that page */
void		 visit_not_there(struct visit *);				/* 404, also for what is not yours */
/* Refused after the database spoke: the form comes back. field NULL: the whole form. */
void		 visit_refuse(struct visit *, int status, const char *field, const char *key);
void		 visit_file(struct visit *, const char *type, const char *name, const char *, size_t length);	/* a download */
struct media_asset;
void		 visit_asset(struct visit *, const struct media_asset *);
/* Ends the visit with a photo the worker still has, or answers false; visit_photo_new ends it with one from the database. */
bool		 visit_photo_known(struct visit *, const char *name);
void		 visit_photo_new(struct visit *, const char *name, const char *type, struct bytes);

/*
 * Drawn by the site (app/fault.c): a page about what went wrong, ending the visit. key is a text key: fault.not_there,
 * fault.fault, fault.away, fault.release, fault.busy, … The village may be unknown (NULL names).
 */
void		 fault_draw(struct visit *, int status, const char *key);

/*
 * Kept by the site (app/board): what pages can be drawn from without the database. board_start: in each worker, once.
 * board_meet: fills v->village where it is known which one the host means, and answers whether it is.
 */
void		 board_start(void);
bool		 board_ready(void);
bool		 board_meet(struct visit *);
struct board_figures { uint64_t villages, rooms, bytes, lag_ms, reads; };
struct board_figures	 board_figures(void);

/* This visit asks the database nothing: its ANSWER follows at once. board_here says it; a call of sql_… takes it back. */
void		 visit_at_once(struct visit *);
/* An ASK that must wait for the board: it ends nothing, and is called again by visit_go_on. */
void		 visit_wait(struct visit *);
/* For how long this visit has waited so far, in ms; 0 when it has not. */
uint64_t	 visit_waited(struct visit *);
/* Calls the ASK of every visit that waits once more. */
void		 visit_go_on(void);

/*
 * Passwords take 100 ms and 64 MiB, so they are hashed in a task thread, two at a time in a worker; more wait or get 503.
 * after is called when it is done, in place of ANSWER, and may call sql_… for a second batch whose answer is then
 * the use case's ANSWER, or end the visit. This is the one place with two batches.
 */
struct visit_password {
	bool		 right;		/* verify: the password is right */
	const char	*hash;		/* the new hash, or of the right password if it should be rehashed, else NULL */
};
void	visit_verify(struct visit *, const char *hash, const char *password, void (*after)(struct visit *, const struct visit_password *));
void	visit_hash(struct visit *, const char *password, void (*after)(struct visit *, const struct visit_password *));

#endif
