/*
 * The queue: what becomes free is held for who waits before who passes by.
 * Who is next is sql/jobs/waiting.sql's business.
 */
#include "jobs.h"

int64_t
waiting_step(void)
{
	struct answer answer;
	int64_t offered;

	if (!link_ask(&answer, "waiting", "select jobs.waiting()", ""))
		return STEP_TICK;
	offered = answer_int(&answer, 0, 0);
	answer_free(&answer);
	if (offered > 0)
		say("waiting", "%lld offered", (long long)offered);
	return STEP_TICK;
}
