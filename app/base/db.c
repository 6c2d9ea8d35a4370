/*
 * The pool of a worker: connections to PostgreSQL in pipeline mode over Kore's
 * event loop.
 *
 * A connection is down, connecting, preparing or ready. It goes down whenever
 * anything is odd and comes back by itself 200 ms later; a restart of the
 * database costs the batches in flight and nothing else. A batch of reads lost
 * that way is sent once more; a batch that writes never is: its visitor hears
 * 503 and comes again with the same idempotency key.
 *
 * No write is ever cancelled (PQcancel): with a synchronous standby away,
 * PostgreSQL answers a cancelled commit like a good one, with nothing but a
 * notice. What takes too long loses its socket instead, and a commit that
 * came with that notice counts as unknown.
 */
#include <sys/queue.h>
#include <sys/types.h>

#include <kore/kore.h>

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_pool.h"
#include "log.h"

#define POOL_MOST 24 /* connections of one worker */
#define QUEUE_MOST 512 /* batches waiting and flying in one worker; more are refused at once */
#define BACK_MS 200 /* before a connection that went down is tried again */
#define CONNECT_MS 3000
#define WAIT_MS 2000 /* in the queue, before it is DB_AWAY */
#define STUCK_MS 5000 /* without any progress on a connection, before it loses its socket */

enum db_state { DB_DOWN, DB_CONNECTING, DB_PREPARING, DB_READY };

struct db_conn {
	struct kore_event event; /* first: Kore finds the connection by it */
	PGconn *pg;
	enum db_kind kind;
	enum db_state state;
	int armed; /* what epoll watches: 0 nothing, 1 reading, 2 both */
	uint64_t since; /* ms, of the last progress */
	size_t prepared, checks; /* answers seen while preparing */
	bool doubt; /* a commit was cancelled while it waited for a standby */
	struct db_queue flying;
	size_t count;
};

static struct db_conn pool[POOL_MOST];
static size_t pool_count;
static struct db_queue waiting[DB_KINDS];
static size_t queued; /* waiting and flying */
static const char *conninfo;
static const struct db_call *ground;
static size_t ground_count;
static bool other_release;
static struct db_figures figures;
static const size_t flying_most[DB_KINDS] = {16, 4, 2, 1};

static void db_event(void *, int);
static void pump(void);

/* Statements are named by their place: ground first, then the build's. */
static const struct db_call *
statement(size_t nth)
{
	return (nth < ground_count ? &ground[nth] : &db_calls[nth - ground_count]);
}

static void
statement_name(const struct db_call *call, char out[16])
{
	bool is_ground = call >= ground && call < ground + ground_count;

	(void)snprintf(out, 16, "%c%zu", is_ground ? 'g' : 's', (size_t)(is_ground ? call - ground : call - db_calls));
}

static void
batch_done(struct db_batch *b, enum db_outcome outcome)
{
	queued--;
	b->flying = false;
	b->outcome = outcome;
	if (outcome == DB_FAULT)
		figures.faults++;
	if (outcome == DB_REFUSED)
		figures.refused++;
	if (b->forgotten) {
		/* The visit has gone and left its arena to us. */
		db_batch_clear(b);
		arena_free(b->arena);
		return;
	}
	b->done(b->arg);
}

static void
watch(struct db_conn *c, int what)
{
	if (c->armed == what)
		return;
	c->armed = what;
	if (what == 2)
		kore_platform_event_level_all(PQsocket(c->pg), c);
	else
		kore_platform_event_level_read(PQsocket(c->pg), c);
}

static void
down(struct db_conn *c, const char *why)
{
	struct db_queue lost = TAILQ_HEAD_INITIALIZER(lost);
	struct db_batch *b;

	if (c->state != DB_DOWN && why != NULL)
		log_line("db", "connection %zu lost: %s", (size_t)(c - pool), why);
	if (c->pg != NULL)
		PQfinish(c->pg); /* closes the socket, which leaves epoll */
	c->pg = NULL;
	c->state = DB_DOWN;
	c->armed = 0;
	c->doubt = false;
	c->since = kore_time_ms();
	TAILQ_CONCAT(&lost, &c->flying, link);
	c->count = 0;
	while ((b = TAILQ_FIRST(&lost)) != NULL) {
		TAILQ_REMOVE(&lost, b, link);
		if ((b->kind == DB_READ || b->kind == DB_BULK) && !b->sent_again && !b->forgotten) {
			b->sent_again = true;
			db_batch_clear(b);
			TAILQ_INSERT_HEAD(&waiting[b->kind], b, link);
		} else
			batch_done(b, DB_AWAY);
	}
}

static void
notice(void *arg, const PGresult *result)
{
	struct db_conn *c = arg;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (state != NULL && strcmp(state, "01000") == 0 && text != NULL &&
	    strstr(text, "synchronous replication") != NULL)
		c->doubt = true;
	log_line("db", "notice %s %s", state != NULL ? state : "", text != NULL ? text : "");
}

static void
connect_start(struct db_conn *c)
{
	c->state = DB_CONNECTING;
	c->since = kore_time_ms();
	c->pg = PQconnectStart(conninfo);
	if (c->pg == NULL || PQstatus(c->pg) == CONNECTION_BAD) {
		down(c, c->pg != NULL ? PQerrorMessage(c->pg) : "no memory");
		return;
	}
	PQsetNoticeReceiver(c->pg, notice, c);
	watch(c, 2);
}

/* All in one flight: which release is it, and every statement. */
static void
prepare_start(struct db_conn *c)
{
	char name[16];

	c->armed = 0;
	c->checks = c->prepared = 0;
	c->state = DB_PREPARING;
	if (PQsetnonblocking(c->pg, 1) != 0 || PQenterPipelineMode(c->pg) == 0 ||
	    PQsendQueryParams(c->pg, "select hash from data.release", 0, NULL, NULL, NULL, NULL, 0) == 0) {
		down(c, PQerrorMessage(c->pg));
		return;
	}
	for (size_t i = 0; i < ground_count + db_calls_count; i++) {
		const struct db_call *call = statement(i);

		statement_name(call, name);
		if (PQsendPrepare(c->pg, name, call->sql, (int)call->ask.count, call->oid) == 0) {
			down(c, PQerrorMessage(c->pg));
			return;
		}
	}
	if (PQpipelineSync(c->pg) == 0) {
		down(c, PQerrorMessage(c->pg));
		return;
	}
	watch(c, PQflush(c->pg) == 1 ? 2 : 1);
}

static void
prepare_answer(struct db_conn *c, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	bool same;

	if (status == PGRES_PIPELINE_SYNC) {
		c->state = DB_READY;
		figures.reconnects++;
		PQclear(result);
		return;
	}
	if (c->checks++ == 0) {
		same = status == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
		    strcmp(PQgetvalue(result, 0, 0), db_release) == 0;
		if (same)
			other_release = false;
		PQclear(result);
		if (!same) {
			if (!other_release)
				log_line("db", "the database has functions of another release than %s", db_release);
			other_release = true;
			down(c, NULL);
			c->since = kore_time_ms() + 1000 - BACK_MS;
		}
		return;
	}
	if (status != PGRES_COMMAND_OK) {
		log_line("db", "cannot prepare %s: %s",
		    c->prepared < ground_count + db_calls_count ? statement(c->prepared)->name : "?",
		    PQresultErrorMessage(result));
		PQclear(result);
		down(c, "a statement does not fit");
		c->since = kore_time_ms() + 1000 - BACK_MS;
		return;
	}
	c->prepared++;
	PQclear(result);
}

static enum db_outcome
judge(const struct db_batch *b)
{
	const char *state, *constraint;

	if (b->trouble == NULL) {
		for (size_t i = 0; i < b->count; i++)
			if (b->call[i]->one && PQntuples(b->result[i]) != 1) {
				log_line(
				    "db", "%s answers %d rows, not one", b->call[i]->name, PQntuples(b->result[i]));
				return (DB_FAULT);
			}
		return (DB_OK);
	}
	state = PQresultErrorField(b->trouble, PG_DIAG_SQLSTATE);
	if (state == NULL)
		return (DB_AWAY);
	constraint = PQresultErrorField(b->trouble, PG_DIAG_CONSTRAINT_NAME);
	if (strncmp(state, "HS", 2) == 0)
		return (strcmp(state, "HS503") == 0 ? DB_RELEASE : DB_REFUSED);
	if (strncmp(state, "23", 2) == 0 && constraint != NULL && strchr(constraint, '.') != NULL)
		return (DB_REFUSED);
	if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0)
		return (DB_AGAIN);
	/* Shutting down, cannot connect, out of connections, statement or lock timeout, a standby that refuses to write. */
	if (strncmp(state, "57", 2) == 0 || strncmp(state, "08", 2) == 0 || strncmp(state, "53", 2) == 0 ||
	    strcmp(state, "55P03") == 0 || strcmp(state, "25006") == 0)
		return (DB_AWAY);
	return (DB_FAULT);
}

static void
batch_answer(struct db_conn *c, struct db_batch *b, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	enum db_outcome outcome;

	c->since = kore_time_ms();
	if (status != PGRES_PIPELINE_SYNC) {
		if (b->answered < b->count && b->result[b->answered] == NULL)
			b->result[b->answered] = result;
		else {
			PQclear(result);
			return;
		}
		if (status != PGRES_TUPLES_OK && status != PGRES_PIPELINE_ABORTED && b->trouble == NULL)
			b->trouble = result;
		return;
	}
	PQclear(result);
	TAILQ_REMOVE(&c->flying, b, link);
	c->count--;
	outcome = judge(b);
	if (c->doubt) {
		batch_done(b, DB_AWAY);
		down(c, "a commit was cancelled while it waited for the standby");
		return;
	}
	if (outcome == DB_AGAIN && !b->sent_again && !b->forgotten) {
		b->sent_again = true;
		db_batch_clear(b);
		TAILQ_INSERT_TAIL(&waiting[b->kind], b, link);
		return;
	}
	batch_done(b, outcome == DB_AGAIN ? DB_AWAY : outcome);
}

static void
read_answers(struct db_conn *c)
{
	struct db_batch *b;
	PGresult *result;

	while (c->state >= DB_PREPARING && !PQisBusy(c->pg)) {
		b = TAILQ_FIRST(&c->flying);
		if (c->state == DB_READY && b == NULL)
			break;
		result = PQgetResult(c->pg);
		if (result == NULL) {
			/* Between two results of a pipeline stands a NULL; with nothing behind it the connection is gone. */
			if (PQstatus(c->pg) != CONNECTION_OK) {
				down(c, PQerrorMessage(c->pg));
				return;
			}
			if (c->state == DB_READY && b->answered < b->count && b->result[b->answered] != NULL)
				b->answered++;
			continue;
		}
		if (c->state == DB_PREPARING)
			prepare_answer(c, result);
		else
			batch_answer(c, b, result);
	}
}

static void
db_event(void *arg, int gone)
{
	struct db_conn *c = arg;
	int flushed;

	(void)gone; /* libpq finds out by itself, with a better sentence */
	if (c->state == DB_DOWN)
		return;
	if (c->state == DB_CONNECTING) {
		switch (PQconnectPoll(c->pg)) {
		case PGRES_POLLING_OK: prepare_start(c); break;
		case PGRES_POLLING_FAILED: down(c, PQerrorMessage(c->pg)); break;
		case PGRES_POLLING_READING:
			c->armed = 0; /* libpq may have opened another socket */
			watch(c, 1);
			break;
		default:
			c->armed = 0;
			watch(c, 2);
			break;
		}
		return;
	}
	if (PQconsumeInput(c->pg) == 0) {
		down(c, PQerrorMessage(c->pg));
		pump();
		return;
	}
	read_answers(c);
	if (c->state != DB_DOWN) {
		flushed = PQflush(c->pg);
		if (flushed < 0 || PQstatus(c->pg) != CONNECTION_OK)
			down(c, PQerrorMessage(c->pg));
		else
			watch(c, flushed == 1 ? 2 : 1);
	}
	pump();
}

static bool
fly(struct db_conn *c, struct db_batch *b)
{
	static const int binary[DB_ARGS_MOST] = {
	    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	char name[16];

	for (size_t i = 0; i < b->count; i++) {
		statement_name(b->call[i], name);
		if (PQsendQueryPrepared(
			c->pg, name, b->args[i].count, b->args[i].value, b->args[i].length, binary, 1) == 0)
			return (false);
	}
	if (PQpipelineSync(c->pg) == 0)
		return (false);
	if (c->count == 0)
		c->since = kore_time_ms();
	TAILQ_INSERT_TAIL(&c->flying, b, link);
	c->count++;
	watch(c, PQflush(c->pg) == 1 ? 2 : 1);
	return (true);
}

/* Gives waiting batches to the least busy connection of their kind. */
static void
pump(void)
{
	for (enum db_kind kind = DB_READ; kind < DB_KINDS; kind++) {
		struct db_batch *b;

		while ((b = TAILQ_FIRST(&waiting[kind])) != NULL) {
			struct db_conn *best = NULL;

			for (size_t i = 0; i < pool_count; i++) {
				struct db_conn *c = &pool[i];

				if (c->kind == kind && c->state == DB_READY && c->count < flying_most[kind] &&
				    (best == NULL || c->count < best->count))
					best = c;
			}
			if (best == NULL)
				break;
			TAILQ_REMOVE(&waiting[kind], b, link);
			if (!fly(best, b)) {
				TAILQ_INSERT_TAIL(&best->flying, b, link);
				best->count++;
				down(best, PQerrorMessage(best->pg));
			}
		}
	}
}

static void
tick(void *arg, u_int64_t now)
{
	struct db_batch *b, *next;

	(void)arg;
	for (size_t i = 0; i < pool_count; i++) {
		struct db_conn *c = &pool[i];
		uint64_t idle = now > c->since ? now - c->since : 0;

		if (c->state == DB_DOWN && idle >= BACK_MS)
			connect_start(c);
		else if ((c->state == DB_CONNECTING || c->state == DB_PREPARING) && idle > CONNECT_MS)
			down(c, "no answer while connecting");
		else if (c->state == DB_READY && c->count > 0 && idle > STUCK_MS)
			down(c, "no answer in time");
	}
	for (enum db_kind kind = DB_READ; kind < DB_KINDS; kind++) {
		for (b = TAILQ_FIRST(&waiting[kind]); b != NULL; b = next) {
			next = TAILQ_NEXT(b, link);
			if (b->forgotten || now > b->since + WAIT_MS) {
				TAILQ_REMOVE(&waiting[kind], b, link);
				batch_done(b, other_release ? DB_RELEASE : DB_AWAY);
			}
		}
	}
	pump();
}

void
db_start(const char *info, int reads, int writes, const struct db_call *before, size_t before_count)
{
	conninfo = info;
	ground = before;
	ground_count = before_count;
	for (enum db_kind kind = DB_READ; kind < DB_KINDS; kind++)
		TAILQ_INIT(&waiting[kind]);
	pool_count = (size_t)reads + (size_t)writes + 2;
	if (pool_count > POOL_MOST)
		pool_count = POOL_MOST;
	for (size_t i = 0; i < pool_count; i++) {
		struct db_conn *c = &pool[i];

		c->event.type = KORE_TYPE_PGSQL_CONN;
		c->event.handle = db_event;
		c->kind = i == 0 ? DB_BULK : i == 1 ? DB_BOARD : i < (size_t)reads + 2 ? DB_READ : DB_WRITE;
		TAILQ_INIT(&c->flying);
		connect_start(c);
	}
	kore_timer_add(tick, 100, NULL, 0);
}

bool
db_ready(void)
{
	bool up[DB_KINDS] = {false};

	for (size_t i = 0; i < pool_count; i++)
		if (pool[i].state == DB_READY)
			up[pool[i].kind] = true;
	return (up[DB_READ] && up[DB_WRITE]);
}

struct db_figures
db_figures(void)
{
	struct db_figures now = figures;

	now.up = 0;
	for (size_t i = 0; i < pool_count; i++) {
		now.flying += pool[i].count;
		now.up += pool[i].state == DB_READY;
	}
	now.waiting = queued - now.flying;
	return (now);
}

void
db_batch_send(struct db_batch *b, void (*done)(void *), void *arg)
{
	b->done = done;
	b->arg = arg;
	b->since = kore_time_ms();
	b->flying = true;
	queued++;
	figures.batches++;
	if (queued > QUEUE_MOST) {
		figures.overflow++;
		batch_done(b, DB_AWAY);
		return;
	}
	TAILQ_INSERT_TAIL(&waiting[b->kind], b, link);
	pump();
}
