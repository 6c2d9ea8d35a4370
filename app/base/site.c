/*
 * Assets, health, figures. None asks the database, so all stand while it is
 * away; each ends its visit in ASK, and ANSWER is never reached.
 */
#include <string.h>

#include "site.h"
#include "visit_state.h"

static void
asset(struct visit *v, const char *path)
{
	const struct media_asset *found = media_asset(path);

	if (found != NULL)
		visit_asset(v, found);
	else
		visit_not_there(v);
}

static void
plain(struct visit *v, int status, const char *text)
{
	visit_plain(v, status, "text/plain; charset=utf-8", text, strlen(text));
}

void
site_asset_ask(struct visit *v)
{
	asset(v, v->path);
}

void
site_openapi_ask(struct visit *v)
{
	asset(v, "openapi.json");
}

void
site_robots_ask(struct visit *v)
{
	asset(v, "robots.txt");
}

void
site_icon_ask(struct visit *v)
{
	asset(v, "mark.svg");
}

/* The worker runs. The supervisor asks this from outside. */
void
site_health_ask(struct visit *v)
{
	plain(v, 200, "ok\n");
}

/* The worker can ask the database, its functions are of our release, and the board has been read. */
void
site_ready_ask(struct visit *v)
{
	bool ready = db_ready() && board_ready();

	plain(v, ready ? 200 : 503, ready ? "ready\n" : "waiting for the database\n");
}

/* Only on the bind of its own, which is on loopback. */
void
site_metrics_ask(struct visit *v)
{
	struct buffer out;

	if (!visit_is_inside(v)) {
		visit_not_there(v);
		return;
	}
	buffer_open(&out, v->arena, 8192);
	figures_write(&out);
	visit_plain(v, 200, "text/plain; version=0.0.4; charset=utf-8", out.at, out.length);
}

#define NEVER(name)                                \
	void site_##name##_answer(struct visit *v) \
	{                                          \
		visit_not_there(v);                \
	}

NEVER(asset)
NEVER(openapi)
NEVER(robots)
NEVER(icon)
NEVER(health)
NEVER(ready)
NEVER(metrics)
