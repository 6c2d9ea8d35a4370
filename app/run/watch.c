/*
 * Looks after the programs while they run: the dead are started again, and a
 * site that lives but does not answer counts as dead.
 */
#include "run.h"

#define READY_MOST 90000 /* ms for the first answer: a checked build on a busy machine is slow */
#define ASK_EVERY 2000
#define ASK_MOST 5000
#define MISSES_MOST 3
#define ASKS_EACH 4 /* good answers in a row for each worker, before the site is called ready */

bool
watch_until_ready(const struct house *house, struct child *const *children)
{
	int64_t begun = clock_ms();
	struct child *site = children[SITE];
	int well = 0;

	while (!signals_stop() && clock_ms() - begun < READY_MOST) {
		/* Each worker has its own board; which one answers is chance, so that one that is late is met in a few asks. */
		if (http_ask(house, "/readyz", ASK_MOST) == HTTP_WELL) {
			if (++well >= ASKS_EACH * house->workers)
				return true;
			continue;
		}
		well = 0;
		/* Its first life: whatever ended it will end the next one too, and the person is still looking. */
		if (child_is_dead(site))
			break;
		child_reap(children, CHILDREN);
		child_due(house, children, CHILDREN);
		signals_wait(50);
	}
	if (signals_stop())
		return false;
	child_show(house, site);
	if (child_is_dead(site))
		return fail("The site does not start.");
	return fail("The site does not become ready: /readyz gave no 200 within %d s.", READY_MOST / 1000);
}

static void
look_after(const struct house *house, struct child *site)
{
	switch (http_ask(house, "/healthz", ASK_MOST)) {
	case HTTP_WELL: site->misses = 0; break;
	case HTTP_UNKNOWN: break;
	case HTTP_UNWELL: site->misses++; break;
	}
	if (site->misses < MISSES_MOST || signals_stop())
		return;
	say("%s did not answer %d times; starting it again", site->name, MISSES_MOST);
	child_stop(&site, 1);
	site->due = clock_ms();
}

void
watch(const struct house *house, struct child *const *children)
{
	int64_t ask = clock_ms() + ASK_EVERY, next, now;

	while (!signals_stop()) {
		child_reap(children, CHILDREN);
		next = child_due(house, children, CHILDREN);
		now = clock_ms();
		if (now >= ask) {
			if (children[SITE]->pid != 0)
				look_after(house, children[SITE]);
			ask = clock_ms() + ASK_EVERY;
			continue;
		}
		signals_wait(next != -1 && next < ask - now ? next : ask - now);
	}
}
