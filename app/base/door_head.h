/*
 * One request head of HTTP/1.1: where it ends, whether it will do by RFC 9110
 * and 9112, and how it reads in one plain form that Kore's parser cannot
 * mistake. Works on bytes in memory alone and knows neither Kore nor sockets.
 *
 * Left to others: when to read, wait and refuse (door); which host is ours,
 * percent-decoding and every meaning of a header (visit).
 */
#ifndef BASE_DOOR_HEAD_H
#define BASE_DOOR_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOOR_HEAD_MOST		((size_t)UINT16_MAX)	/* bytes of a head */
#define DOOR_HEAD_TARGET_MOST	((size_t)1998)		/* bytes of a request target: one more and Kore refuses it */

struct door_head_rules {
	bool		 trusted;	/* the peer may speak for others: x-real-ip and x-forwarded-proto count */
	uint64_t	 body_most;
	/* The most for this method and path (raw, without the query), or NULL; the smaller of both counts. */
	size_t		 (*body_limit)(const char *method, size_t method_length, const char *path, size_t path_length);
};

/*
 * Looks for the end of a head at the beginning of the bytes. *head is its length, or 0 while it is not whole. Returns
 * the status to refuse with, or 0; rubbish is refused at once, without waiting for an end that may never come.
 */
int	door_head_find(const unsigned char *, size_t length, size_t *head);

/*
 * Checks the head that was found and puts the rewritten one in its place; it does not grow. *length: the old length,
 * at most DOOR_HEAD_MOST, then the new. Returns the status to refuse with and leaves all as it was, or 0.
 * *expects: the client waits for 100 Continue before it sends its body.
 */
int	door_head_rewrite(unsigned char *, size_t *length, const struct door_head_rules *, bool *expects);

#endif
