/*
 * Door: strict HTTP/1.1 framing in front of Kore's parser.
 *
 * Kore 4.1.0 loses pipelined requests, reads a body it was not told of as the
 * next request, takes bare line feeds and "+5", and answers out of order. The
 * door therefore takes exactly one request head at a time from the socket,
 * checks it by RFC 9110 and 9112, writes it anew in one plain form and only
 * then lets Kore read it. What will not do is refused here, before any
 * body is read.
 *
 * Left to others: which host is ours, routes, percent-decoding, cookies and
 * every meaning of a header or body (visit); TLS (the proxy in front).
 */
#ifndef BASE_DOOR_H
#define BASE_DOOR_H

#include <stddef.h>
#include <stdint.h>

struct connection;

/*
 * Once per worker, before the first connection; a second call replaces both.
 * proxies: IPv4 and IPv6 addresses of peers that may speak for others, parted by commas or blanks, or NULL.
 * From them x-real-ip and x-forwarded-proto are kept, one of each and well-formed, else 400; from all others
 * both are dropped. An entry that is no address stops the server.
 * body_limit: the most bytes a body may have for this method and path (raw, without the query), 0 for none but an
 * empty one; NULL leaves http_body_max alone. The smaller of both counts.
 */
void		door_start(const char *proxies, size_t (*body_limit)(const char *method, size_t method_length,
		    const char *path, size_t path_length));

/* Named in the configuration: bind <address> <port> door_connect. Takes the connection's hdlr_extra and disconnect. */
void		door_connect(struct connection *);

/* Requests this worker refused at the door since it started. */
uint64_t	door_refused(void);

#endif
