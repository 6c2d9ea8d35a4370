/*
 * Timers and messages of Kore. See tick.h.
 */
#include <sys/types.h>

#include <kore/kore.h>

#include <time.h>

#include "tick.h"

#define TICK_NEWS KORE_MSG_APP_BASE /* "something was written", without a word more */
#define EPOCH 946684800 /* seconds from 1970 to 2000 */

static void (*on_news)(void);

static void
due(void *act, u_int64_t now)
{
	void (**call)(void) = act;

	(void)now;
	(*call)();
}

void
tick_every(unsigned ms, void (*act)(void))
{
	/* Kore keeps a pointer to data, which a function is not. */
	static void (*acts[8])(void);
	static size_t count;

	if (count == sizeof(acts) / sizeof(acts[0]))
		fatal("more than %zu ticks", count);
	acts[count] = act;
	kore_timer_add(due, ms, &acts[count++], 0);
}

static void
heard(struct kore_msg *message, const void *data)
{
	(void)message;
	(void)data;
	if (on_news != NULL)
		on_news();
}

void
tick_on_news(void (*act)(void))
{
	on_news = act;
	(void)kore_msg_register(TICK_NEWS, heard);
}

void
tick_news(void)
{
	if (on_news != NULL)
		kore_msg_send(KORE_MSG_WORKER_ALL, TICK_NEWS, NULL, 0);
}

struct moment
tick_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return ((struct moment){((int64_t)now.tv_sec - EPOCH) * 1000000 + now.tv_nsec / 1000});
}

uint64_t
tick_ms(void)
{
	return (kore_time_ms());
}
