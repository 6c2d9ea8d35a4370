/*
 * Start: what Kore calls when the parent and each worker begin and end.
 *
 * The parent opens what needs its rights (log, pepper) and makes the memory
 * all workers count in; a worker then has nothing left to open but sockets.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/hooks.h>
#include <kore/http.h>

#include <stdio.h>
#include <stdlib.h>

#include "db.h"
#include "door.h"
#include "log.h"
#include "secret.h"
#include "visit_state.h"

#define READ_CONNECTIONS 2 /* a worker: more gain nothing on few cores (kore.md) */
#define WRITE_CONNECTIONS 8 /* all workers together */

extern const struct db_call visit_ground[];
extern const size_t visit_ground_count;

void
kore_parent_configure(int argc, char **argv)
{
	struct rlimit none = {0, 0};
	const char *pepper = getenv("PEPPER_FILE");

#if defined(KORE_SINGLE_BINARY)
	kore_default_getopt(argc, argv);
#else
	(void)argc;
	(void)argv;
#endif
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (pepper == NULL || getenv("DATABASE_WEB") == NULL) {
		(void)fprintf(stderr, "PEPPER_FILE and DATABASE_WEB must be set; the supervisor does it\n");
		exit(1);
	}
	/* No core file may hold the pepper. */
	(void)setrlimit(RLIMIT_CORE, &none);
	log_open(getenv("LOG_FILE"));
	secret_start(pepper);
	figures_make();
}

static int
write_connections(void)
{
	const char *told = getenv("WRITE_CONNECTIONS");
	long all = told != NULL ? strtol(told, NULL, 10) : WRITE_CONNECTIONS;
	long share = all / (worker_count > 0 ? (long)worker_count : 1);

	return (share > 0 && share < 16 ? (int)share : 1);
}

static void
tick(void *arg, u_int64_t now)
{
	struct db_figures db = db_figures();
	struct board_figures board = board_figures();

	(void)arg;
	(void)now;
	figures_own->db_batches = db.batches;
	figures_own->db_faults = db.faults;
	figures_own->db_refused = db.refused;
	figures_own->db_connects = db.reconnects;
	figures_own->db_overflow = db.overflow;
	figures_own->db_waiting = db.waiting;
	figures_own->db_flying = db.flying;
	figures_own->db_up = db.up;
	figures_own->door_refused = door_refused();
	figures_own->photo_bytes = media_photo_bytes();
	figures_own->board_villages = board.villages;
	figures_own->board_rooms = board.rooms;
	figures_own->board_bytes = board.bytes;
	figures_own->board_lag = board.lag_ms;
	figures_own->board_reads = board.reads;
}

void
kore_worker_configure(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0);
	figures_start(worker->id);
	log_start();
	door_start(getenv("PROXY"), route_body_limit);
	db_start(getenv("DATABASE_WEB"), READ_CONNECTIONS, write_connections(), visit_ground, visit_ground_count);
	board_start();
	kore_timer_add(tick, 500, NULL, 0);
}

void
kore_worker_teardown(void)
{
	log_flush();
}
