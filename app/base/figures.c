/*
 * Figures of all workers, for /metrics. Each worker counts in its own piece
 * of memory that the parent made for all; whoever is asked adds them up.
 */
#include <sys/mman.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "visit_state.h"

static struct figures *all;
struct figures *figures_own;

void
figures_make(void)
{
	all = mmap(NULL, sizeof(*all) * FIGURES_WORKERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED)
		abort();
	figures_own = all;
}

void
figures_start(unsigned worker)
{
	figures_own = &all[worker % FIGURES_WORKERS];
	/* A worker that died left its counts, which go on, and its states, which do not. */
	figures_own->live = figures_own->db_waiting = figures_own->db_flying = figures_own->db_up =
	    figures_own->photo_bytes = figures_own->board_villages = figures_own->board_rooms =
		figures_own->board_bytes = figures_own->board_lag = 0;
}

struct line {
	const char *name, *type, *help;
	size_t offset;
};

static const struct line lines[] = {
    {"visit_total", "counter", "Requests that came through the door.", offsetof(struct figures, visits)},
    {"visit_live", "gauge", "Requests under way.", offsetof(struct figures, live)},
    {"visit_microseconds_total", "counter", "Time from request to answer.", offsetof(struct figures, microseconds)},
    {"visit_bytes_total", "counter", "Bytes of answers.", offsetof(struct figures, bytes)},
    {"password_total", "counter", "Passwords hashed or checked.", offsetof(struct figures, passwords)},
    {"db_batch_total", "counter", "Batches sent to the database.", offsetof(struct figures, db_batches)},
    {"db_fault_total", "counter", "Batches that failed.", offsetof(struct figures, db_faults)},
    {"db_refused_total", "counter", "Batches refused by name.", offsetof(struct figures, db_refused)},
    {"db_connect_total", "counter", "Connections made.", offsetof(struct figures, db_connects)},
    {"db_overflow_total", "counter", "Batches turned away because the queue was full.",
	offsetof(struct figures, db_overflow)},
    {"db_waiting", "gauge", "Batches waiting for a connection.", offsetof(struct figures, db_waiting)},
    {"db_flying", "gauge", "Batches in the database.", offsetof(struct figures, db_flying)},
    {"db_up", "gauge", "Connections that are ready.", offsetof(struct figures, db_up)},
    {"door_refused_total", "counter", "Requests refused at the door.", offsetof(struct figures, door_refused)},
    {"photo_bytes", "gauge", "Bytes of photos in memory.", offsetof(struct figures, photo_bytes)},
    {"board_villages", "gauge", "Villages on the boards, once for each worker.",
	offsetof(struct figures, board_villages)},
    {"board_rooms", "gauge", "Rooms on the boards, once for each worker.", offsetof(struct figures, board_rooms)},
    {"board_bytes", "gauge", "Bytes of the boards.", offsetof(struct figures, board_bytes)},
    {"board_lag_ms", "gauge",
	"Milliseconds since the boards were last compared with the database, all workers together.",
	offsetof(struct figures, board_lag)},
    {"board_reads_total", "counter", "Rounds of questions the boards have asked.",
	offsetof(struct figures, board_reads)},
};

static uint64_t
sum(size_t offset)
{
	uint64_t total = 0;

	for (size_t i = 0; i < FIGURES_WORKERS; i++)
		total += *(const uint64_t *)(const void *)((const char *)&all[i] + offset);
	return (total);
}

void
figures_write(struct buffer *out)
{
	static const char *const steps[FIGURES_STEPS] = {
	    "0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.2", "+Inf"};
	uint64_t below = 0;
	char text[256];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		(void)snprintf(text, sizeof(text), "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", lines[i].name,
		    lines[i].help, lines[i].name, lines[i].type, lines[i].name,
		    (unsigned long long)sum(lines[i].offset));
		buffer_word(out, text);
	}
	buffer_word(
	    out, "# HELP visit_answers_total Answers by class of status.\n# TYPE visit_answers_total counter\n");
	for (size_t i = 2; i < 6; i++) {
		(void)snprintf(text, sizeof(text), "visit_answers_total{class=\"%zuxx\"} %llu\n", i,
		    (unsigned long long)sum(offsetof(struct figures, status) + i * sizeof(uint64_t)));
		buffer_word(out, text);
	}
	buffer_word(out, "# HELP visit_seconds Time from request to answer.\n# TYPE visit_seconds histogram\n");
	for (size_t i = 0; i < FIGURES_STEPS; i++) {
		below += sum(offsetof(struct figures, within) + i * sizeof(uint64_t));
		(void)snprintf(
		    text, sizeof(text), "visit_seconds_bucket{le=\"%s\"} %llu\n", steps[i], (unsigned long long)below);
		buffer_word(out, text);
	}
	(void)snprintf(text, sizeof(text), "visit_seconds_sum %.6f\nvisit_seconds_count %llu\n",
	    (double)sum(offsetof(struct figures, microseconds)) / 1e6, (unsigned long long)below);
	buffer_word(out, text);
}
