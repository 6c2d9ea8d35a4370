/*
 * Reading who comes along. See party.h.
 */
#include <stddef.h>

#include "party.h"

struct party
party_read(struct form *form)
{
	bool other = form_typed(form, "adults") == NULL && form_typed(form, "guests") != NULL;

	return ((struct party){
	    .adults = form_int_or(form, other ? "guests" : "adults", 1, PARTY_ADULTS_MOST, 2),
	    .children = form_ints(form, "children", 0, 17, PARTY_CHILDREN_MOST),
	});
}
