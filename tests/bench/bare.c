/*
 * Bare: Kore with one handler that does nothing, to know what a request costs
 * before any of our code has seen it. Built and run by bench.py alone.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>

int bare_answer(struct http_request *);

int
bare_answer(struct http_request *request)
{
	http_response_header(request, "content-type", "text/plain; charset=utf-8");
	http_response(request, 200, "ok\n", 3);
	return (KORE_RESULT_OK);
}
