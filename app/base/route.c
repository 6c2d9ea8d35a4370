/*
 * Finding a route: a walk along the table, segment by segment. The table has
 * some tens of rows; no tree would be faster. What a path part means is left
 * to the form.
 */
#include <stdio.h>
#include <string.h>

#include "form.h"
#include "route.h"

static const char *const method_names[] = {"GET", "POST", "PUT", "DELETE"};

/* Walks pattern and path side by side; calls add for every {part}. */
static bool
fits(const char *pattern, const char *path, struct form *form)
{
	while (*pattern != '\0' && *path != '\0') {
		if (*pattern == '{') {
			const char *name = pattern + 1, *close = strchr(pattern, '}');
			size_t length = strcspn(path, "/");

			if (close == NULL || length == 0)
				return (false);
			if (form != NULL)
				form_add(form, name, (size_t)(close - name), path, length);
			pattern = close + 1;
			path += length;
		} else if (*pattern++ != *path++)
			return (false);
	}
	return (*pattern == '\0' && *path == '\0');
}

static bool
same_method(const struct route *route, const char *method)
{
	return (strcmp(method_names[route->method], method) == 0 ||
	    (route->method == ROUTE_GET && strcmp(method, "HEAD") == 0));
}

const struct route *
route_find(const char *method, const char *path, struct form *form, bool *other)
{
	*other = false;
	for (size_t i = 0; i < routes_count; i++) {
		if (!fits(routes[i].path, path, NULL))
			continue;
		if (same_method(&routes[i], method)) {
			if (form != NULL)
				(void)fits(routes[i].path, path, form);
			return (&routes[i]);
		}
		*other = true;
	}
	return (NULL);
}

void
route_methods(const char *path, char *out, size_t room)
{
	bool seen[4] = {false, false, false, false};
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < routes_count; i++) {
		if (!fits(routes[i].path, path, NULL) || seen[routes[i].method])
			continue;
		seen[routes[i].method] = true;
		used += (size_t)snprintf(out + used, room - used, "%s%s%s", used > 0 ? ", " : "",
		    method_names[routes[i].method], routes[i].method == ROUTE_GET ? ", HEAD" : "");
	}
}

size_t
route_body_limit(const char *method, size_t method_length, const char *path, size_t path_length)
{
	const struct route *route;
	char name[16], plain[512];
	bool other;

	if (method_length >= sizeof(name) || path_length >= sizeof(plain))
		return (0);
	(void)snprintf(name, sizeof(name), "%.*s", (int)method_length, method);
	(void)snprintf(plain, sizeof(plain), "%.*s", (int)path_length, path);
	plain[strcspn(plain, "?")] = '\0';
	route = route_find(name, plain, NULL, &other);
	/* A path nobody knows may send a little, so that it hears 404 and not 413. */
	return (route != NULL ? route->body_limit : 4096);
}
