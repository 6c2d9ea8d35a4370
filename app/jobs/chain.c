/*
 * The audit chain, seconds behind the acts. Order and hashes are
 * sql/jobs/chain.sql's business.
 */
#include "jobs.h"

#define SOON 200 /* ms: somebody is about to commit an earlier event */

int64_t
chain_step(void)
{
	struct answer answer;
	bool chained, waiting;

	if (!link_ask(&answer, "chain", "select chained, waiting from jobs.chain()", ""))
		return STEP_TICK;
	chained = answer_int(&answer, 0, 0) > 0;
	waiting = answer_int(&answer, 0, 1) != 0;
	answer_free(&answer);
	return !waiting ? STEP_TICK : chained ? 0 : SOON;
}
