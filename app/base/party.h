/*
 * Party: who comes along. Asked for the same way by the list, a house, a quote
 * and a booking, so it is read in one place.
 */
#ifndef BASE_PARTY_H
#define BASE_PARTY_H

#include "form.h"

#define PARTY_ADULTS_MOST	12
#define PARTY_CHILDREN_MOST	6

struct party {
	int32_t		adults;		/* at least one; two when nothing is said */
	struct int_list	children;	/* ages, 0 to 17 */
};

/* Fields adults (or guests, as the API also calls them) and children. */
struct party	party_read(struct form *);

#endif
