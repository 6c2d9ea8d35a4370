/*
 * What the pool (db.c) and the batch (db_batch.c) share. Nobody else looks here.
 */
#ifndef BASE_DB_POOL_H
#define BASE_DB_POOL_H

#include <sys/queue.h>

#include <libpq-fe.h>

#include "db.h"

enum db_kind { DB_READ, DB_WRITE, DB_BULK, DB_BOARD, DB_KINDS };

struct db_batch {
	struct arena		*arena;
	enum db_kind		 kind;
	size_t			 count;
	const struct db_call	*call[DB_BATCH_MOST];
	struct db_args		 args[DB_BATCH_MOST];
	PGresult		*result[DB_BATCH_MOST];
	size_t			 answered;
	PGresult		*trouble;		/* the first failed result */
	enum db_outcome		 outcome;
	bool			 forgotten, flying, sent_again;
	uint64_t		 since;			/* ms, when it entered the queue */
	void			(*done)(void *);
	void			*arg;
	TAILQ_ENTRY(db_batch)	 link;
};
TAILQ_HEAD(db_queue, db_batch);

/* Forgets its answers, so that it can be sent once more. */
void	db_batch_clear(struct db_batch *);

#endif
