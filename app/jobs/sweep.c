/*
 * The broom: once an hour, and at start, what nobody needs any more goes away.
 * What that is stands in sql/jobs/sweep.sql.
 */
#include "jobs.h"

#define HOUR 3600000
#define AGAIN 60000 /* ms after a sweep that failed */

int64_t
sweep_step(void)
{
	static int64_t due, gone;
	struct answer answer;
	int64_t now = clock_ms(), count;

	if (now < due)
		return due - now;
	if (!link_ask(&answer, "sweep", "select jobs.sweep()", "")) {
		due = now + AGAIN;
		return AGAIN;
	}
	count = answer_int(&answer, 0, 0);
	answer_free(&answer);
	gone += count;
	if (count > 0)
		return 0;
	if (gone > 0)
		say("sweep", "%lld rows that nobody needs any more are gone", (long long)gone);
	gone = 0;
	due = now + HOUR;
	return HOUR;
}
