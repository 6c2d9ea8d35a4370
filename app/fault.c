/*
 * Fault: what is drawn when something is missing, refused or broken. Each page
 * says what happened, what was kept, and what to do next; the API hears the
 * same in problem+json.
 */
#include "base/visit.h"
#include "build/page.h"
#include "build/text.h"

static void
problem(struct visit *v, int status, const char *key)
{
	struct buffer says;
	struct json *j;
	int text = lang_find(key);

	buffer_open(&says, v->arena, 128);
	if (text >= 0)
		lang_say(&says, v->lang, text, NULL, 0);
	j = visit_json(v);
	json_word(j, "type", "about:blank");
	json_word(j, "title", says.length > 0 ? says.at : key);
	json_int(j, "status", status);
	json_word(j, "key", key);
	json_word(j, "request_id", v->request_id);
	json_object(j, "fields");
	json_object_end(j);
	visit_problem_end(v, status);
}

void
fault_draw(struct visit *v, int status, const char *key)
{
	int says = lang_find(key);

	if (v->json) {
		problem(v, status, key);
		return;
	}
	page_fault_page(v, status, says >= 0 ? says : TEXT_fault_fault);
	visit_page(v, status);
}
