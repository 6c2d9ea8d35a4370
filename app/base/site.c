/*
 * Assets, health, figures. None asks the database, so all stand while it is
 * away; each ends its visit in ASK, and ANSWER is never reached.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>

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

/* The worker can ask the database, and its functions are of our release. */
void
site_ready_ask(struct visit *v)
{
	plain(v, db_ready() ? 200 : 503, db_ready() ? "ready\n" : "waiting for the database\n");
}

/* Only on the bind of its own, which is on loopback. */
void
site_metrics_ask(struct visit *v)
{
	const struct http_request *request = v->state->request;
	struct buffer out;

	if (request == NULL || strcmp(request->owner->owner->server->name, "metrics") != 0) {
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
