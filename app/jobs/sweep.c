/*
 * The broom: once an hour, and at start, what is over is written down as over,
 * guests of long ago are forgotten, and what nobody needs any more goes away.
 * What that is stands in sql/jobs.
 */
#include "jobs.h"

#define HOUR 3600000
#define AGAIN 60000 /* ms after a sweep that failed */

/* In turn; each is called until it finds nothing. */
static const struct {
	const char *sql, *words;
} sweeps[] = {
    {"select jobs.close_stays()", "stays nobody checked out are closed"},
    {"select jobs.forget_guests()", "guests of long ago are forgotten"},
    {"select jobs.sweep()", "rows that nobody needs any more are gone"},
};

int64_t
sweep_step(void)
{
	static int64_t due, gone;
	static size_t turn;
	struct answer answer;
	int64_t now = clock_ms(), count;

	if (now < due)
		return due - now;
	if (!link_ask(&answer, "sweep", sweeps[turn].sql, "")) {
		due = now + AGAIN;
		return AGAIN;
	}
	count = answer_int(&answer, 0, 0);
	answer_free(&answer);
	gone += count;
	if (count > 0)
		return 0;
	if (gone > 0)
		say("sweep", "%lld %s", (long long)gone, sweeps[turn].words);
	gone = 0;
	if (++turn < sizeof(sweeps) / sizeof(sweeps[0]))
		return 0;
	turn = 0;
	due = now + HOUR;
	return HOUR;
}
