/*
 * Tick: what a worker does by itself, without a visitor: now and again, and
 * when another worker says that something has changed.
 */
#ifndef BASE_TICK_H
#define BASE_TICK_H

#include "date.h"

/* Calls act every so many ms, from the event loop of this worker, until it ends. */
void	tick_every(unsigned ms, void (*act)(void));
/* Calls act whenever some worker, this one too, has said tick_news. One act in all. */
void	tick_on_news(void (*act)(void));
/* Something was written to the database: whoever keeps a copy may want to look. */
void	tick_news(void);

/* What the machine's clock says, for tables of the board; the village's clock is v->village.now. */
struct moment	tick_now(void);
/* Milliseconds since some moment, never backwards. */
uint64_t	tick_ms(void);

#endif
