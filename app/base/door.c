/*
 * Door: strict HTTP/1.1 framing in front of Kore's parser. See door.h.
 * This is the connection: reading, pausing, clocks and refusing. What a head
 * must look like, and how it is written anew, is left to door_head.c.
 *
 * How it hangs in Kore: door_connect puts door_read in place of the
 * connection's read. While Kore waits for a head, door_read only looks at the
 * socket (MSG_PEEK) until a whole head is there, takes exactly that head and
 * hands Kore a rewritten one. Bytes behind it stay in the socket: a body is
 * read by Kore in pieces of the declared length, never more, and the next
 * request waits until the one before it is answered and gone.
 *
 * Waiting costs nothing: Kore listens edge-triggered, and a connection without
 * a receive buffer is not read. Kore itself resumes it when it answers
 * (http_start_recv), which is too early for a next request, since the body of
 * a streamed answer is queued only after that. So bytes already waiting then
 * are left to a timer of 0 ms, which runs once the answered request is freed.
 */
#define _GNU_SOURCE

#include <sys/socket.h>
#include <sys/queue.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "door.h"
#include "door_head.h"

#define PROXIES_MOST 32
#define DRAIN_MOST ((size_t)16 << 20) /* bytes thrown away after a refusal */
#define DRAIN_MS 5000
#define DRAIN_IDLE_MS 2000
#define BODY_RATE 32 /* bytes a millisecond that a sender must keep up */
#define STUCK_MS 10
#define TICK_MS 500 /* as often as Kore looks at its clocks */

_Static_assert(DOOR_HEAD_TARGET_MOST + 2 == HTTP_URI_LEN, "as much of a target as Kore bears");

struct door {
	struct connection *connection;
	bool trusted; /* the peer is one of the proxies */
	uint64_t begun; /* when the first byte of a head was seen, or 0 */
	bool blank; /* an empty line came before the head; one is borne */
	bool whole; /* Kore may parse the buffer */
	bool expects; /* the client waits for 100 Continue */
	bool waiting; /* listed in waiters */
	uint64_t until; /* when draining ends */
	size_t drained;
	TAILQ_ENTRY(door) list;
};

static int door_read(struct connection *, size_t *);
static int door_header(struct netbuf *);
static void door_tick(void *, u_int64_t);

static struct in6_addr proxy[PROXIES_MOST];
static size_t proxies_count;
static size_t (*limit_of)(const char *, size_t, const char *, size_t);
static uint64_t refused;
static TAILQ_HEAD(door_list, door) waiters = TAILQ_HEAD_INITIALIZER(waiters);
static bool timer_set;
static bool ticking;

/* IPv4 as ::ffff:a.b.c.d, so one comparison does for both. */
static struct in6_addr
mapped(struct in_addr address)
{
	struct in6_addr out = IN6ADDR_ANY_INIT;

	out.s6_addr[10] = out.s6_addr[11] = 0xff;
	memcpy(&out.s6_addr[12], &address, sizeof(address));
	return (out);
}

static bool
address_read(const char *word, struct in6_addr *out)
{
	struct in_addr four;

	if (inet_pton(AF_INET, word, &four) == 1) {
		*out = mapped(four);
		return (true);
	}
	return (inet_pton(AF_INET6, word, out) == 1);
}

static bool
trusts(const struct connection *c)
{
	struct in6_addr peer;
	size_t i;

	/* Who reads the figures on their bind of its own speaks for nobody, also where the proxy has the same address. */
	if (strcmp(c->owner->server->name, "metrics") == 0)
		return (false);
	if (c->family == AF_INET)
		peer = mapped(c->addr.ipv4.sin_addr);
	else if (c->family == AF_INET6)
		peer = c->addr.ipv6.sin6_addr;
	else
		return (false);
	for (i = 0; i < proxies_count; i++) {
		if (memcmp(&peer, &proxy[i], sizeof(peer)) == 0)
			return (true);
	}
	return (false);
}

void
door_start(const char *proxies, size_t (*body_limit)(const char *, size_t, const char *, size_t))
{
	const char *word;
	char name[INET6_ADDRSTRLEN];
	size_t length;

	if (!ticking) {
		ticking = true;
		(void)kore_timer_add(door_tick, TICK_MS, NULL, 0);
	}
	limit_of = body_limit;
	proxies_count = 0;
	for (word = proxies; word != NULL && *word != '\0'; word += length) {
		if ((length = strcspn(word, ", \t\r\n")) == 0) {
			length = 1;
			continue;
		}
		if (length >= sizeof(name))
			fatalx("proxies: '%.*s' is no address", (int)length, word);
		memcpy(name, word, length);
		name[length] = '\0';
		if (proxies_count == PROXIES_MOST)
			fatalx("proxies: more than %d addresses", PROXIES_MOST);
		if (!address_read(name, &proxy[proxies_count]))
			fatalx("proxies: '%s' is no address", name);
		proxies_count++;
	}
}

uint64_t
door_refused(void)
{
	return (refused);
}

/*
 * After a refusal the rest of what the client sends is thrown away for a while: closing with bytes unread resets the
 * connection, and the client would lose the answer it has not read yet (RFC 9112 9.6).
 */
static int
door_drain(struct connection *c, size_t *bytes)
{
	static char waste[16384];
	struct door *door = c->hdlr_extra;
	ssize_t got;

	*bytes = 0;
	got = recv(c->fd, waste, sizeof(waste), 0);
	if (got == -1 && errno == EINTR)
		return (KORE_RESULT_OK);
	if (got > 0 && kore_time_ms() < door->until) {
		door->drained += (size_t)got;
		if (door->drained < DRAIN_MOST)
			return (KORE_RESULT_OK);
	}
	c->evt.flags &= ~KORE_EVENT_READ;
	if (got != -1 || errno != EAGAIN)
		kore_connection_disconnect(c);
	return (KORE_RESULT_OK);
}

static const char *
reason(int status)
{
	switch (status) {
	case 405: return ("Method Not Allowed");
	case 408: return ("Request Timeout");
	case 411: return ("Length Required");
	case 413: return ("Content Too Large");
	case 414: return ("URI Too Long");
	case 415: return ("Unsupported Media Type");
	case 417: return ("Expectation Failed");
	case 431: return ("Request Header Fields Too Large");
	case 501: return ("Not Implemented");
	case 505: return ("HTTP Version Not Supported");
	default: return ("Bad Request");
	}
}

static int
refuse(struct connection *c, int status, bool bodiless)
{
	struct door *door = c->hdlr_extra;
	char body[64], answer[512];
	int body_length, length;

	refused++;
	body_length = snprintf(body, sizeof(body), "%d %s\n", status, reason(status));
	length = snprintf(answer, sizeof(answer),
	    "HTTP/1.1 %d %s\r\n"
	    "connection: close\r\n"
	    "content-type: text/plain\r\n"
	    "content-length: %d\r\n"
	    "cache-control: no-store\r\n"
	    "x-content-type-options: nosniff\r\n"
	    "content-security-policy: default-src 'none'\r\n"
	    "%s\r\n"
	    "%s",
	    status, reason(status), body_length,
	    status == 405	? "allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
		: status == 415 ? "accept-encoding: identity\r\n"
				: "",
	    bodiless ? "" : body);
	net_send_queue(c, answer, (size_t)length);
	c->http_timeout = 0;
	if (!net_send_flush(c))
		return (KORE_RESULT_ERROR);
	if (!TAILQ_EMPTY(&c->send_queue)) {
		/* An earlier answer is still on its way: close when both are out. */
		c->flags |= CONN_CLOSE_EMPTY;
		c->evt.flags &= ~KORE_EVENT_READ;
		return (KORE_RESULT_OK);
	}
	(void)shutdown(c->fd, SHUT_WR);
	c->proto = CONN_PROTO_UNKNOWN; /* no 408 behind the shutdown; only the idle timer counts */
	c->idle_timer.length = DRAIN_IDLE_MS;
	c->read = door_drain;
	door->until = kore_time_ms() + DRAIN_MS;
	return (KORE_RESULT_OK);
}

/* The request of this connection that has not been answered, or else one whose answer is not whole yet. */
static struct http_request *
standing(struct connection *c)
{
	struct http_request *req, *found = NULL;

	TAILQ_FOREACH(req, &c->http_requests, olist)
	{
		if (req->flags & HTTP_REQUEST_DELETE)
			continue;
		if (found == NULL || req->status == 0)
			found = req;
	}
	return (found);
}

static void
door_resume(void *arg, u_int64_t now)
{
	struct door *door, *next;
	bool stuck = false;

	(void)arg;
	(void)now;
	timer_set = false;
	for (door = TAILQ_FIRST(&waiters); door != NULL; door = next) {
		next = TAILQ_NEXT(door, list);
		if (standing(door->connection) != NULL) {
			stuck = true;
			continue;
		}
		TAILQ_REMOVE(&waiters, door, list);
		door->waiting = false;
		door->connection->evt.flags |= KORE_EVENT_READ;
		kore_connection_event(door->connection, 0);
	}
	if (stuck && !timer_set) {
		timer_set = true;
		(void)kore_timer_add(door_resume, STUCK_MS, NULL, KORE_TIMER_ONESHOT);
	}
}

static void
wait_turn(struct door *door)
{
	if (!door->waiting) {
		door->waiting = true;
		TAILQ_INSERT_TAIL(&waiters, door, list);
	}
	if (!timer_set) {
		timer_set = true;
		(void)kore_timer_add(door_resume, 0, NULL, KORE_TIMER_ONESHOT);
	}
}

static void
door_disconnect(struct connection *c)
{
	struct door *door = c->hdlr_extra;

	if (door->waiting) {
		door->waiting = false;
		TAILQ_REMOVE(&waiters, door, list);
	}
}

/* Between two requests only the idle timer counts, so that such a connection closes without an unasked-for 408. */
static void
clock_idle(struct connection *c, struct door *door)
{
	door->begun = 0;
	c->http_timeout = 0;
	c->idle_timer.length = http_keepalive_time != 0 ? http_keepalive_time * 1000UL : KORE_IDLE_TIMER_MAX;
}

/*
 * From its first byte on a head has http_header_timeout, however it dribbles. door_tick watches that: Kore's own clock
 * would close with bytes unread, and the 408 would be lost.
 */
static void
clock_begin(struct connection *c, struct door *door)
{
	if (door->begun != 0)
		return;
	door->begun = kore_time_ms();
	c->http_timeout = 0;
	c->idle_timer.length = http_header_timeout * 1000UL + KORE_IDLE_TIMER_MAX;
}

/*
 * Also keeps Kore awake: without any timer it sleeps until the next event, and on a quiet server slow and idle clients
 * would never be cut.
 */
static void
door_tick(void *arg, u_int64_t now)
{
	struct connection *c, *next;
	const struct door *door;

	(void)arg;
	for (c = TAILQ_FIRST(&connections); c != NULL; c = next) {
		next = TAILQ_NEXT(c, list);
		if (c->read != door_read)
			continue;
		door = c->hdlr_extra;
		if (door->begun == 0 || (c->flags & CONN_CLOSE_EMPTY))
			continue;
		if (now < door->begun + http_header_timeout * 1000UL)
			continue;
		if (!refuse(c, 408, false)) {
			kore_connection_disconnect(c);
			continue;
		}
		c->evt.flags |= KORE_EVENT_READ;
		kore_connection_event(c, 0); /* what came of the head is still in the socket */
	}
}

/* The body, in Kore's own pieces. The longer it is, the longer it may take, but only while it keeps coming. */
static int
body_read(struct connection *c, size_t *bytes)
{
	const struct http_request *req = c->rnb->extra;

	if (req != NULL)
		c->http_timeout =
		    http_body_timeout * 1000UL + (req->http_body_length - req->content_length) / BODY_RATE;
	return (net_read(c, bytes));
}

static int
door_read(struct connection *c, size_t *bytes)
{
	struct door *door = c->hdlr_extra;
	struct netbuf *nb = c->rnb;
	struct http_request *req;
	struct door_head_rules rules;
	ssize_t got;
	size_t length;
	int status;

	if (nb->cb != http_header_recv && nb->cb != door_header)
		return (body_read(c, bytes));

	*bytes = 0;
	nb->cb = door_header;
	nb->s_off = 0;
	if (c->state == CONN_STATE_DISCONNECTING || (c->flags & CONN_CLOSE_EMPTY)) {
		c->evt.flags &= ~KORE_EVENT_READ;
		return (KORE_RESULT_OK);
	}
	req = standing(c);
	if (req != NULL && req->status == 0) {
		/* Its body is read. Without a buffer Kore leaves the socket alone until it answers. */
		kore_free(nb->buf);
		nb->buf = NULL;
		nb->m_len = 0;
		c->http_timeout = 0;
		return (KORE_RESULT_OK);
	}

	got = recv(c->fd, nb->buf, req != NULL ? 1 : nb->b_len, MSG_PEEK);
	if (got == -1) {
		if (errno == EINTR)
			return (KORE_RESULT_OK);
		if (errno != EAGAIN)
			return (KORE_RESULT_ERROR);
		c->evt.flags &= ~KORE_EVENT_READ;
		clock_idle(c, door);
		if (req != NULL)
			kore_connection_start_idletimer(c); /* idle since the answer, not since the question */
		return (KORE_RESULT_OK);
	}
	if (got == 0) {
		c->evt.flags &= ~KORE_EVENT_READ;
		kore_connection_disconnect(c);
		return (KORE_RESULT_OK);
	}
	if (req != NULL) {
		c->evt.flags &= ~KORE_EVENT_READ;
		clock_idle(c, door);
		wait_turn(door);
		return (KORE_RESULT_OK);
	}

	clock_begin(c, door);
	if (nb->buf[0] == '\r' && (got == 1 || nb->buf[1] == '\n') && !door->blank) {
		/* RFC 9112 2.2: an empty line before a request is borne. Half of one waits for the other half. */
		if (got == 1) {
			c->evt.flags &= ~KORE_EVENT_READ;
		} else {
			if (recv(c->fd, nb->buf, 2, 0) != 2)
				return (KORE_RESULT_ERROR);
			door->blank = true;
		}
		return (KORE_RESULT_OK);
	}
	if ((status = door_head_find(nb->buf, (size_t)got, &length)) != 0)
		return (refuse(c, status, false));
	if (length == 0) {
		if ((size_t)got == nb->b_len)
			return (refuse(c, 431, false));
		c->evt.flags &= ~KORE_EVENT_READ; /* the next segment brings the next event */
		return (KORE_RESULT_OK);
	}
	if (recv(c->fd, nb->buf, length, 0) != (ssize_t)length)
		return (KORE_RESULT_ERROR);
	rules.trusted = door->trusted;
	rules.body_most = http_body_max;
	rules.body_limit = limit_of;
	if ((status = door_head_rewrite(nb->buf, &length, &rules, &door->expects)) != 0)
		return (refuse(c, status, length > 5 && memcmp(nb->buf, "HEAD ", 5) == 0));
	c->http_start = door->begun; /* the body's clock too runs from the first byte */
	door->begun = 0;
	door->blank = false;
	door->whole = true;
	*bytes = length;
	return (KORE_RESULT_OK);
}

/* Stands in for http_header_recv, which takes "\n\n" for an end and so must never see half a head. */
static int
door_header(struct netbuf *nb)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct connection *c = nb->owner;
	struct door *door = c->hdlr_extra;
	struct http_request *req;
	int result;

	if (!door->whole)
		return (KORE_RESULT_OK);
	door->whole = false;
	result = http_header_recv(nb);
	if (result != KORE_RESULT_OK || (req = standing(c)) == NULL || req->status != 0)
		return (result);
	if (req->flags & HTTP_REQUEST_EXPECT_BODY) {
		if (door->expects) {
			net_send_queue(c, go_on, sizeof(go_on) - 1);
			if (!net_send_flush(c))
				return (KORE_RESULT_ERROR);
		}
	} else {
		req->content_length = 0; /* Kore leaves what was in memory */
	}
	return (KORE_RESULT_OK);
}

/*
 * Kore sends 8 KiB at a time, six calls for a page, and the head in one of its own. Here a buffer goes as far as the socket takes it,
 * and a head waits in the kernel for the body behind it, so that a page is one piece for the network, too.
 */
static int
door_write(struct connection *c, size_t length, size_t *written)
{
	struct netbuf *buffer = c->snb;
	int more = TAILQ_NEXT(buffer, list) != NULL ? MSG_MORE : 0;
	ssize_t sent = send(c->fd, buffer->buf + buffer->s_off, buffer->b_len - buffer->s_off, MSG_NOSIGNAL | more);

	(void)length;
	*written = sent > 0 ? (size_t)sent : 0;
	if (sent >= 0 || errno == EINTR)
		return (KORE_RESULT_OK);
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return (KORE_RESULT_ERROR);
	c->evt.flags &= ~KORE_EVENT_WRITE;
	return (KORE_RESULT_OK);
}

void
door_connect(struct connection *c)
{
	struct door *door = kore_calloc(1, sizeof(*door));

	door->connection = c;
	door->trusted = trusts(c);
	c->hdlr_extra = door; /* Kore frees it with the connection */
	c->disconnect = door_disconnect;
	c->read = door_read;
	c->write = door_write;
	c->proto = CONN_PROTO_HTTP;
	net_recv_queue(c, http_header_max, NETBUF_CALL_CB_ALWAYS, http_header_recv);
	clock_idle(c, door);
}
