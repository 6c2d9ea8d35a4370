/*
 * Site: the answers every site has that are no use case of the village: assets,
 * health, figures, the API's description. Halves like those of a feature, named
 * in app/routes.c.
 */
#ifndef BASE_SITE_H
#define BASE_SITE_H

struct visit;

void	site_asset_ask(struct visit *);
void	site_asset_answer(struct visit *);
void	site_openapi_ask(struct visit *);
void	site_openapi_answer(struct visit *);
void	site_robots_ask(struct visit *);
void	site_robots_answer(struct visit *);
void	site_icon_ask(struct visit *);
void	site_icon_answer(struct visit *);
void	site_health_ask(struct visit *);
void	site_health_answer(struct visit *);
void	site_ready_ask(struct visit *);
void	site_ready_answer(struct visit *);
void	site_metrics_ask(struct visit *);
void	site_metrics_answer(struct visit *);

#endif
