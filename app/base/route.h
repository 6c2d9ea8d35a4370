/*
 * Route: a row of app/routes.c, and how a request finds it.
 */
#ifndef BASE_ROUTE_H
#define BASE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

struct visit;
struct form;

enum route_method { ROUTE_GET, ROUTE_POST, ROUTE_PUT, ROUTE_DELETE };
/* Who may come here. The functions in the database decide; this only spares nobody's visit a question, and names the role for tests. */
enum route_who { ROUTE_ANYONE, ROUTE_SIGNED_IN };
enum route_kind { ROUTE_PAGE, ROUTE_JSON, ROUTE_FILE };

struct route {
	enum route_method	 method;
	const char		*path;		/* {name}: one segment, read as a field of the form */
	const char		*use;		/* booking_book */
	void			(*ask)(struct visit *);
	void			(*answer)(struct visit *);
	void			(*form_ask)(struct visit *);	/* the page a refused form stands on, NULL for none */
	void			(*form_answer)(struct visit *);
	enum route_who		 who;
	enum route_kind		 kind;
	size_t			 body_limit;	/* bytes */
};

extern const struct route	routes[];
extern const size_t		routes_count;

/* Finds by method and decoded path; *other is set when only another method would do. Parts of the path become fields of form (may be NULL). */
const struct route	*route_find(const char *method, const char *path, struct form *, bool *other);
/* The methods of a path, for Allow: "GET, HEAD, POST"; out of at least 64 bytes. */
void			 route_methods(const char *path, char *out, size_t room);
/* For the door, before the body is read: the most bytes for a method and raw path. */
size_t			 route_body_limit(const char *method, size_t method_length, const char *path, size_t path_length);

#endif
