/*
 * Bare: Kore with one handler that does nothing but answer so many bytes as
 * its query says (3 without one), to know what a request costs before any of
 * our code has seen it. Built and run by bench.py alone.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>

#include <stdlib.h>
#include <string.h>

#define MOST	((size_t)1 << 20)

int bare_answer(struct http_request *);

static char body[MOST];

static int
sent(struct netbuf *buffer)
{
	(void)buffer;
	return (KORE_RESULT_OK);
}

int
bare_answer(struct http_request *request)
{
	size_t bytes = request->query_string != NULL ? strtoul(request->query_string, NULL, 10) : 3;

	if (body[0] == '\0')
		memset(body, 'x', sizeof(body));
	http_response_header(request, "content-type", "text/plain; charset=utf-8");
	/* Handed over without a copy, as the site does it: the cheapest there is. */
	http_response_stream(request, 200, body, bytes < MOST ? bytes : MOST, sent, NULL);
	return (KORE_RESULT_OK);
}
