/*
 * The way to PostgreSQL: a batch out, rows back.
 *
 * Every worker holds a few connections in pipeline mode, all functions
 * prepared, everything binary. A batch is the calls of one visit under one
 * Sync: one round trip, one transaction; one error undoes all of it. Nothing
 * here knows what a function means; build/sql.c describes their shapes.
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "date.h"
#include "form.h"
#include "json.h"

struct maybe_int    { bool is; int32_t value; };
struct maybe_bigint { bool is; int64_t value; };
struct maybe_bool   { bool is; bool value; };
struct text_list  { size_t count; const char *const *item; };
struct bytes_list { size_t count; const struct bytes *item; };

/* --- shapes, written by the build into build/sql.c --- */
enum db_type { DB_BIGINT, DB_INT, DB_BOOL, DB_TEXT, DB_DATE, DB_MOMENT, DB_UUID, DB_BYTES, DB_ROW };

struct db_field {
	const char		*name;
	enum db_type		 type;
	bool			 list;
	bool			 maybe;		/* may be null: maybe_… for numbers; NULL, DATE_NONE, MOMENT_NONE else */
	size_t			 offset;
	const struct db_shape	*row;		/* DB_ROW */
};
struct db_shape {
	const char		*name;
	size_t			 size;
	size_t			 count;
	const struct db_field	*field;
};
struct db_call {
	const char		*name;		/* booking.book */
	const char		*sql;		/* select * from booking.book($1, …) */
	bool			 writes;	/* volatile: goes to a write connection, is never tried again blindly */
	bool			 one;		/* declared "rows 1": any other number of rows is a fault, so that nobody meets a missing row */
	struct db_shape		 ask;
	struct db_shape		 answer;
	const uint32_t		*oid;		/* of the arguments */
};

extern const struct db_call	db_calls[];
extern const size_t		db_calls_count;
extern const char		db_release[];

/* --- a batch --- */
#define DB_BATCH_MOST	8

enum db_outcome {
	DB_OK,
	DB_REFUSED,		/* a named refusal: key, status, detail */
	DB_AGAIN,		/* 40001, 40P01: may be sent once more */
	DB_AWAY,		/* no connection, no answer in time, or the queue is full: 503 */
	DB_RELEASE,		/* the database has functions of another release: 503 */
	DB_FAULT		/* anything else: logged, 500 */
};

struct db_batch;

struct db_batch	*db_batch_open(struct arena *);
/* Its answer is big bytes (photos): sent over a connection of its own, so that nobody waits behind it. */
void		 db_batch_bulk(struct db_batch *);
/* The board's: a connection of its own, one batch at a time, never sent again by itself; what it writes are settings of its transaction. */
void		 db_batch_board(struct db_batch *);
/* Adds a call; args is read at once. Returns its place in the batch. More than DB_BATCH_MOST calls end the worker: a bug. */
size_t		 db_batch_call(struct db_batch *, const struct db_call *, const void *args);
/*
 * Sends it. done is called exactly once, later, from the event loop, unless db_batch_forget came first. The arena must
 * live until then.
 */
void		 db_batch_send(struct db_batch *, void (*done)(void *arg), void *arg);
/*
 * The visit is over. True: nothing is under way, its answers are freed. False: the work in the database goes on (a write is
 * never cancelled), and the arena now belongs to the batch, which frees it when the answer has come.
 */
bool		 db_batch_forget(struct db_batch *);
enum db_outcome	 db_batch_outcome(const struct db_batch *);
/* Of DB_REFUSED: the text key, the status, the JSON detail; of DB_FAULT: SQLSTATE and where it happened, for the log. */
const char	*db_batch_key(const struct db_batch *);
int		 db_batch_status(const struct db_batch *);
const char	*db_batch_detail(const struct db_batch *);
/* Whether it had a call that writes. */
bool		 db_batch_wrote(const struct db_batch *);
/* The rows of the last call of this function in the batch, decoded into the arena; NULL and 0 when there are none. */
const void	*db_batch_rows(struct db_batch *, const struct db_call *, size_t *count);
/* The fields of a row into an open object, by its shape; bytes are left out. */
void		 db_json_row(struct json *, const struct db_shape *, const void *row);
void		 db_json_list(struct json *, const char *name, const struct db_shape *, const void *rows, size_t count);

/* --- shapes and bytes; db_shape.c, plain C --- */
#define DB_ARGS_MOST	24

struct db_args {
	int		 count;
	const char	*value[DB_ARGS_MOST];
	int		 length[DB_ARGS_MOST];
};
/* Arguments in PostgreSQL's binary format. The bytes live in the arena. */
void		 db_shape_ask(struct arena *, const struct db_shape *, const void *args, struct db_args *);
/* One value of PostgreSQL's binary format into its place in row; bytes NULL: null. False when it is not of that shape. */
bool		 db_shape_take(struct arena *, const struct db_field *, void *row, const char *bytes, int length);

/* --- a worker's pool; start.c --- */
/* ground: calls that stand before the use case's own in every batch, prepared like them. */
void		 db_start(const char *conninfo, int reads, int writes, const struct db_call *ground, size_t ground_count);
bool		 db_ready(void);
struct db_figures {
	uint64_t	batches, faults, refused, reconnects, overflow;
	uint64_t	waiting, flying, up;
};
struct db_figures db_figures(void);

#endif
