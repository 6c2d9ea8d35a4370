/*
 * What visit.c and visit_reply.c share of a visit. Nobody else looks here.
 */
#ifndef BASE_VISIT_STATE_H
#define BASE_VISIT_STATE_H

#include <sys/queue.h>

#include "media.h"
#include "route.h"
#include "visit.h"

struct http_request;
struct password_work;

struct reply_header {
	const char		*name, *value;
	struct reply_header	*next;
};

struct visit_state {
	struct visit		 v;
	struct http_request	*request;	/* NULL when the visitor is gone */
	const struct route	*route;
	void			(*ask)(struct visit *), (*answer)(struct visit *);	/* of the page or act now under way */
	struct db_batch		*batch;
	struct html		 html;
	bool			 html_open;
	struct json		 out;
	struct password_work	*work;
	const char		*method, *host, *cookies;
	bool			 secure;	/* the visitor came by https */
	bool			 loopback;
	bool			 refused_form;	/* drawing the form again */
	bool			 waiting;	/* a batch is on its way */
	bool			 at_once;	/* asks nothing */
	bool			 parked;	/* waits for the board, in a row with others */
	uint64_t		 since;		/* ms, when it first began to wait; 0 never */
	TAILQ_ENTRY(visit_state) link;
	const char		*device;	/* cookie, made when a form needs one */
	const char		*new_session, *noted;
	bool			 ended, replied;
	int			 holds;		/* the request, the answer being sent */
	/* the answer */
	int			 status;
	const char		*type;
	const void		*body;
	size_t			 length;
	struct media_photo	*photo;		/* in use until the answer is sent */
	bool			 constant;	/* body outlives the visit */
	bool			 packed;	/* body is gzip already */
	int			 cache;		/* seconds; 0 no-store, -1 for ever, -2 asked for anew, but the browser's arrow may show it */
	const char		*etag;
	struct reply_header	*header, *header_last;
	/* for the log */
	const char		*refused, *trouble;
	uint64_t		 began;		/* microseconds */
};

/* visit_read.c */
void	visit_read_visitor(struct visit_state *);	/* host, language, cookies */
bool	visit_read_body(struct visit_state *);		/* false: a type we do not take, or a body that broke off */
void	visit_read_account(struct visit *);	/* what the batch said of who is signed in; keeps the hint cookie true */
bool	visit_is_forged(struct visit_state *);		/* a post that does not come from a page of ours */

/* visit.c, for those who go on with a visit from outside of Kore's call */
void	visit_batch_begin(struct visit_state *);	/* a new batch with the ground calls in it; the first sql_… call begins one by itself */
void	visit_batch_send(struct visit_state *);
void	visit_wake(struct visit_state *);		/* has an ended visit replied to */

/* visit_password.c: the visitor is gone */
void	visit_password_forget(struct visit_state *);

/* Sends what the visit ended with. */
void	visit_reply(struct visit_state *);
void	visit_let_go(struct visit_state *);	/* one hold less; the last frees all */
bool	visit_accepts_gzip(struct visit_state *);

/* Counters of all workers, in shared memory; made in the parent. */
#define FIGURES_WORKERS	64
#define FIGURES_STEPS	8
struct figures {
	uint64_t	status[6];		/* by class */
	uint64_t	microseconds, bytes, visits, live, passwords;
	uint64_t	within[FIGURES_STEPS];	/* requests answered within 1 2 5 10 20 50 200 ms and more */
	uint64_t	db_batches, db_faults, db_refused, db_connects, db_overflow, db_waiting, db_flying, db_up;
	uint64_t	door_refused, photo_bytes;
	uint64_t	board_villages, board_rooms, board_bytes, board_lag, board_reads;
};
extern struct figures	*figures_own;
void	figures_make(void);			/* parent */
void	figures_start(unsigned worker);		/* worker */
void	figures_write(struct buffer *);		/* Prometheus text, all workers */

#endif
