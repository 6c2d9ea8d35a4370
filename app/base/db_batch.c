/*
 * A batch: the calls of one visit, and what came back for each. The pool in
 * db.c carries it.
 */
#include <sys/types.h>

#include <kore/kore.h>

#include <stdlib.h>
#include <string.h>

#include "db_pool.h"

void
db_batch_clear(struct db_batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		PQclear(b->result[i]);
		b->result[i] = NULL;
	}
	b->trouble = NULL;
	b->answered = 0;
}

struct db_batch *
db_batch_open(struct arena *arena)
{
	struct db_batch *b = arena_take(arena, sizeof(*b));

	b->arena = arena;
	return (b);
}

void
db_batch_bulk(struct db_batch *b)
{
	b->kind = DB_BULK;
}

void
db_batch_board(struct db_batch *b)
{
	b->kind = DB_BOARD;
}

size_t
db_batch_call(struct db_batch *b, const struct db_call *call, const void *args)
{
	if (b->count == DB_BATCH_MOST || call->ask.count > DB_ARGS_MOST)
		fatal("a batch of more than %d calls, or %s has too many arguments", DB_BATCH_MOST, call->name);
	if (call->writes && b->kind == DB_READ)
		b->kind = DB_WRITE;
	b->call[b->count] = call;
	db_shape_ask(b->arena, &call->ask, args, &b->args[b->count]);
	return (b->count++);
}

bool
db_batch_wrote(const struct db_batch *b)
{
	return (b->kind == DB_WRITE);
}

bool
db_batch_forget(struct db_batch *b)
{
	b->forgotten = true;
	if (b->flying)
		return (false);
	db_batch_clear(b);
	return (true);
}

enum db_outcome
db_batch_outcome(const struct db_batch *b)
{
	return (b->outcome);
}

static const char *
trouble_field(const struct db_batch *b, int field)
{
	const char *text = b->trouble != NULL ? PQresultErrorField(b->trouble, field) : NULL;

	return (text != NULL ? text : "");
}

const char *
db_batch_key(const struct db_batch *b)
{
	const char *state = trouble_field(b, PG_DIAG_SQLSTATE);

	if (b->outcome == DB_REFUSED)
		return (trouble_field(b, PG_DIAG_CONSTRAINT_NAME));
	return (state);
}

int
db_batch_status(const struct db_batch *b)
{
	const char *state = trouble_field(b, PG_DIAG_SQLSTATE);

	if (strncmp(state, "HS", 2) == 0)
		return ((int)strtol(state + 2, NULL, 10));
	return (strcmp(state, "23505") == 0 ? 409 : 422);
}

const char *
db_batch_detail(const struct db_batch *b)
{
	/* Where it went wrong, not what the row held: a message may quote a guest's name and phone. PostgreSQL's own log has it. */
	return (trouble_field(b, b->outcome == DB_REFUSED ? PG_DIAG_MESSAGE_DETAIL : PG_DIAG_CONTEXT));
}

const void *
db_batch_rows(struct db_batch *b, const struct db_call *call, size_t *count)
{
	const struct db_shape *shape = &call->answer;
	const PGresult *result = NULL;
	char *rows;
	int many;

	*count = 0;
	for (size_t i = b->count; i-- > 0 && result == NULL;)
		if (b->call[i] == call)
			result = b->result[i];
	if (result == NULL || b->outcome != DB_OK || (many = PQntuples(result)) <= 0)
		return (NULL);
	if ((size_t)PQnfields(result) != shape->count)
		fatal("%s answers %d columns, not %zu", call->name, PQnfields(result), shape->count);
	rows = arena_take(b->arena, (size_t)many * shape->size);
	for (int i = 0; i < many; i++) {
		for (int f = 0; f < (int)shape->count; f++) {
			const char *bytes = PQgetisnull(result, i, f) ? NULL : PQgetvalue(result, i, f);

			if (!db_shape_take(b->arena, &shape->field[f], rows + (size_t)i * shape->size, bytes,
				PQgetlength(result, i, f)))
				fatal("%s.%s does not have the shape the build saw", call->name, shape->field[f].name);
		}
	}
	*count = (size_t)many;
	return (rows);
}
