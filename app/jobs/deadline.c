/*
 * Deadlines: what runs out is written down soon after. What an act means is
 * sql/jobs/deadlines.sql's business.
 */
#include "jobs.h"

int64_t
deadline_step(void)
{
	struct answer answer;
	int64_t done;

	if (!link_ask(&answer, "deadline", "select done, trouble from jobs.deadlines()", ""))
		return STEP_TICK;
	done = answer_int(&answer, 0, 0);
	if (!answer_null(&answer, 0, 1))
		say_trouble("deadline", "%s", answer_text(&answer, 0, 1));
	answer_free(&answer);
	return done > 0 ? 0 : STEP_TICK;
}
