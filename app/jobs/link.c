/*
 * The connection to PostgreSQL. Callers see plain calls; inside, every wait
 * also waits for TERM and has an end, so that neither a stuck server nor a
 * dead network holds the program. What is asked is left to the others.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libpq-fe.h>

#include "jobs.h"

#define PAUSE_LEAST 200 /* ms before the first new try to connect */
#define PAUSE_MOST 5000
#define ANSWER_MOST 20000 /* ms; the server itself ends a statement after 15 s */
#define STOP_MOST 400 /* ms for what is still asked after TERM */
#define VALUES_MOST 8
#define BYTEA 17

static PGconn *link;
static int64_t due, wait_ms;
static bool was_up;
static char trouble[512];

const char *
link_trouble(void)
{
	return trouble;
}

bool
link_is_up(void)
{
	return link != NULL;
}

int
link_socket(void)
{
	return link == NULL ? -1 : PQsocket(link);
}

void
link_close(void)
{
	PQfinish(link);
	link = NULL;
}

static void
lost(const char *why)
{
	say_trouble("database", "%s", why);
	link_close();
	wait_ms = PAUSE_LEAST;
	due = clock_ms() + wait_ms;
}

/* Warnings of the server are in its own log. */
static void
hush(void *arg, const PGresult *notice)
{
	(void)arg;
	(void)notice;
}

bool
link_up(const char *conninfo, int64_t *ms)
{
	/* A time of its own in conninfo goes before ours, which stands before it. */
	const char *const name[] = {"connect_timeout", "application_name", "dbname", NULL};
	const char *const value[] = {"5", "jobs", conninfo, NULL};

	*ms = 0;
	if (link != NULL)
		return true;
	*ms = due - clock_ms();
	if (*ms > 0)
		return false;
	/* Not PQconnectStart: only this one goes on to the next host when one of several does not answer. */
	stop_at_once(true);
	link = PQconnectdbParams(name, value, 1);
	stop_at_once(false);
	if (PQstatus(link) != CONNECTION_OK) {
		say_trouble("database", "no connection: %s", PQerrorMessage(link));
		link_close();
	} else {
		PQsetNoticeReceiver(link, hush, NULL);
		(void)PQsetnonblocking(link, 1);
		if (!link_do("database",
			"select set_config('statement_timeout', '15s', false), "
			"set_config('lock_timeout', '2s', false), "
			"set_config('idle_in_transaction_session_timeout', '15s', false)",
			"") ||
		    !link_do("database", "listen event", ""))
			link_close();
	}
	if (link == NULL) {
		wait_ms = wait_ms == 0 ? PAUSE_LEAST : wait_ms * 2 > PAUSE_MOST ? PAUSE_MOST : wait_ms * 2;
		due = clock_ms() + wait_ms;
		*ms = wait_ms;
		return false;
	}
	wait_ms = 0;
	say("database", was_up ? "connected again" : "connected");
	was_up = true;
	return true;
}

void
link_hear(void)
{
	PGnotify *heard;

	if (link == NULL)
		return;
	if (PQconsumeInput(link) == 0) {
		lost(PQerrorMessage(link));
		return;
	}
	while ((heard = PQnotifies(link)) != NULL)
		PQfreemem(heard);
}

/* True when the whole answer is here, or the connection said it is dead. */
static bool
wait_for_answer(void)
{
	int64_t begun = clock_ms(), stop = 0, left;
	int unsent;

	for (;;) {
		unsent = PQflush(link);
		if (unsent == -1 || PQconsumeInput(link) == 0)
			return true;
		if (unsent == 0 && !PQisBusy(link))
			return true;
		if (stop == 0 && stop_asked())
			stop = clock_ms();
		left = begun + ANSWER_MOST - clock_ms();
		if (stop != 0 && stop + STOP_MOST - clock_ms() < left)
			left = stop + STOP_MOST - clock_ms();
		if (left <= 0)
			return false;
		wait_for(PQsocket(link), unsent == 1 ? WAIT_READ | WAIT_WRITE : WAIT_READ, -1, -1, left);
	}
}

/* The server is going, or is one that only reads: another one has to be looked for. */
static bool
is_of_no_use(const char *state)
{
	return state == NULL || strncmp(state, "57P", 3) == 0 || strncmp(state, "08", 2) == 0 ||
	    strcmp(state, "25006") == 0;
}

static bool
ask(struct answer *answer, const char *what, const char *sql, const char *types, va_list arguments)
{
	char number[VALUES_MOST][24];
	const char *value[VALUES_MOST];
	int length[VALUES_MOST], format[VALUES_MOST], count = 0;
	Oid type[VALUES_MOST];
	PGresult *result, *kept = NULL;
	ExecStatusType status;

	answer->held = NULL;
	answer->rows = 0;
	if (link == NULL)
		return false;
	for (; count < VALUES_MOST && types[count] != '\0'; count++) {
		format[count] = types[count] == 'b';
		type[count] = types[count] == 'b' ? BYTEA : 0;
		length[count] = 0;
		if (types[count] == 'i') {
			(void)snprintf(
			    number[count], sizeof(number[count]), "%lld", (long long)va_arg(arguments, int64_t));
			value[count] = number[count];
		} else
			value[count] = va_arg(arguments, const char *);
		if (types[count] == 'b')
			length[count] = (int)va_arg(arguments, size_t);
	}
	if (!PQsendQueryParams(link, sql, count, type, value, length, format, 1)) {
		(void)snprintf(trouble, sizeof(trouble), "%s", PQerrorMessage(link));
		lost(trouble);
		return false;
	}
	for (;;) {
		if (!wait_for_answer()) {
			(void)snprintf(trouble, sizeof(trouble), "no answer in time");
			PQclear(kept);
			lost(trouble);
			return false;
		}
		result = PQgetResult(link);
		if (result == NULL)
			break;
		PQclear(kept);
		kept = result;
	}
	status = PQresultStatus(kept);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
		const char *state = PQresultErrorField(kept, PG_DIAG_SQLSTATE);
		const char *text = PQresultErrorField(kept, PG_DIAG_MESSAGE_PRIMARY);

		(void)snprintf(trouble, sizeof(trouble), "%s%s%s", state == NULL ? "" : state, state == NULL ? "" : " ",
		    text == NULL ? PQerrorMessage(link) : text);
		if (PQstatus(link) == CONNECTION_BAD || is_of_no_use(state))
			lost(trouble);
		else
			say_trouble(what, "%s", trouble);
		PQclear(kept);
		return false;
	}
	answer->held = kept;
	answer->rows = PQntuples(kept);
	return true;
}

bool
link_ask(struct answer *answer, const char *what, const char *sql, const char *types, ...)
{
	va_list arguments;
	bool done;

	va_start(arguments, types);
	done = ask(answer, what, sql, types, arguments);
	va_end(arguments);
	return done;
}

bool
link_do(const char *what, const char *sql, const char *types, ...)
{
	struct answer answer;
	va_list arguments;
	bool done;

	va_start(arguments, types);
	done = ask(&answer, what, sql, types, arguments);
	va_end(arguments);
	if (done)
		answer_free(&answer);
	return done;
}

bool
answer_null(const struct answer *answer, int row, int column)
{
	return PQgetisnull(answer->held, row, column) != 0;
}

int64_t
answer_int(const struct answer *answer, int row, int column)
{
	const char *value = PQgetvalue(answer->held, row, column);
	uint32_t four;
	uint64_t eight;

	switch (PQgetlength(answer->held, row, column)) {
	case 1: return value[0];
	case 4: memcpy(&four, value, sizeof(four)); return (int32_t)be32toh(four);
	case 8: memcpy(&eight, value, sizeof(eight)); return (int64_t)be64toh(eight);
	default: return 0;
	}
}

const char *
answer_text(const struct answer *answer, int row, int column)
{
	return answer_null(answer, row, column) ? NULL : PQgetvalue(answer->held, row, column);
}

void *
answer_bytes(const struct answer *answer, int row, int column, size_t *length)
{
	*length = (size_t)PQgetlength(answer->held, row, column);
	return PQgetvalue(answer->held, row, column);
}

void
answer_free(struct answer *answer)
{
	PQclear(answer->held);
	answer->held = NULL;
}
