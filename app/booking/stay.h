/*
 * What the files of this feature share: a stay's code and the secrets of its links.
 */
#ifndef BOOKING_STAY_H
#define BOOKING_STAY_H

#include "base/visit.h"

/* The code in the path, as it is kept: small letters will do. Faults of the form are written down. */
const char *booking_code(struct visit *);
/* The secret this visitor has for it: a cookie's, or the API's bearer; "" when none. */
const char *booking_secret(struct visit *, const char *code);
/* What the database knows of that secret: its hash. */
struct bytes booking_key(struct visit *, const char *code);
/* The secret of the link that only shows, made from that of the link that manages. */
char *booking_show_secret(struct visit *, const char *manage);
/*
 * The secret of a manage link, made from an idempotency key and all that was asked by a key only this site has: the same request has the
 * same link, and nobody stores it. purpose keeps a booking's apart from a place's in the queue.
 */
const char *booking_manage_secret(struct visit *, const char *purpose, const char *key);
/* Header Idempotency-Key of the API, field key of a page; "" and a fault when it is none. */
const char *booking_idempotency_key(struct visit *);
/* A link to the stay with this secret, whole, to be handed on. */
const char *booking_link(struct visit *, const char *code, const char *secret);
/* Back to the stay's page, with what is said there once. */
void booking_said(struct visit *, const char *text_key);
/* True when `refused` was NULL; else the visit has ended with the reason beside the last four digits. */
bool booking_last_four(struct visit *, const char *refused);

#endif
