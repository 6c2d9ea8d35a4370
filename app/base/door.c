/*
 * Door: strict HTTP/1.1 framing in front of Kore's parser. See door.h.
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
#include <strings.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "door.h"

#define PROXIES_MOST		32
#define TARGET_MOST		((size_t)HTTP_URI_LEN - 2)	/* one byte more and Kore refuses it */
#define LINE_MOST		(TARGET_MOST + sizeof("OPTIONS  HTTP/1.1") - 1)
#define HOST_MOST		253		/* RFC 1035; Kore bears no more either */
#define DRAIN_MOST		((size_t)16 << 20)	/* bytes thrown away after a refusal */
#define DRAIN_MS		5000
#define DRAIN_IDLE_MS		2000
#define BODY_RATE		32		/* bytes a millisecond that a sender must keep up */
#define STUCK_MS		10
#define TICK_MS			500		/* as often as Kore looks at its clocks */

struct door {
	struct connection	*connection;
	bool			 trusted;	/* the peer is one of the proxies */
	uint64_t		 begun;		/* when the first byte of a head was seen, or 0 */
	bool			 blank;		/* an empty line came before the head; one is borne */
	bool			 whole;		/* Kore may parse the buffer */
	bool			 expects;	/* the client waits for 100 Continue */
	bool			 waiting;	/* listed in waiters */
	uint64_t		 until;		/* when draining ends */
	size_t			 drained;
	TAILQ_ENTRY(door)	 list;
};

enum slot {
	HOST, COOKIE, CONTENT_TYPE, CONTENT_LENGTH, CONNECTION, ACCEPT, ACCEPT_LANGUAGE, ACCEPT_ENCODING,
	IF_NONE_MATCH, USER_AGENT, REFERER, ORIGIN, SEC_FETCH_SITE, AUTHORIZATION, IDEMPOTENCY_KEY, X_REAL_IP,
	X_FORWARDED_PROTO, KEPT,
	/* Read here, never passed on. */
	TRANSFER_ENCODING = KEPT, CONTENT_ENCODING, EXPECT, SLOTS
};

/*
 * Kore reads 23 headers and forgets the rest, so only these get through. join: what stands between the values when the
 * header comes several times; without it a second one is refused. exact: bytes Kore does not bear are refused
 * rather than replaced, because two values that differ must not become one.
 */
static const struct {
	const char	*name;
	const char	*join;
	bool		 exact;
} table[SLOTS] = {
	[HOST]			= { "host",			NULL,	true },
	[COOKIE]		= { "cookie",			"; ",	false },	/* RFC 9113 8.2.3 */
	[CONTENT_TYPE]		= { "content-type",		NULL,	true },
	[CONTENT_LENGTH]	= { "content-length",		NULL,	true },
	[CONNECTION]		= { "connection",		", ",	false },
	[ACCEPT]		= { "accept",			", ",	false },
	[ACCEPT_LANGUAGE]	= { "accept-language",		", ",	false },
	[ACCEPT_ENCODING]	= { "accept-encoding",		", ",	false },
	[IF_NONE_MATCH]		= { "if-none-match",		", ",	false },
	[USER_AGENT]		= { "user-agent",		NULL,	false },
	[REFERER]		= { "referer",			NULL,	false },
	[ORIGIN]		= { "origin",			NULL,	true },
	[SEC_FETCH_SITE]	= { "sec-fetch-site",		NULL,	true },
	[AUTHORIZATION]		= { "authorization",		NULL,	true },
	[IDEMPOTENCY_KEY]	= { "idempotency-key",		NULL,	true },
	[X_REAL_IP]		= { "x-real-ip",		NULL,	true },
	[X_FORWARDED_PROTO]	= { "x-forwarded-proto",	NULL,	true },
	[TRANSFER_ENCODING]	= { "transfer-encoding",	", ",	false },
	[CONTENT_ENCODING]	= { "content-encoding",		", ",	false },
	[EXPECT]		= { "expect",			", ",	false },
};

static const struct {
	const char	*name;
	bool		 body;
	bool		 old;		/* HTTP/1.0 knows it */
} methods[] = {
	{ "GET",	false,	true },
	{ "HEAD",	false,	true },
	{ "POST",	true,	true },
	{ "PUT",	true,	false },
	{ "PATCH",	true,	false },
	{ "DELETE",	false,	false },
	{ "OPTIONS",	false,	false },
};

struct text {
	const char	*at;
	size_t		 length;
};

/* One head as it came; the texts point into the receive buffer. */
struct head {
	struct text	 method;
	struct text	 target;
	struct text	 lines;			/* the header lines, the empty one not among them */
	bool		 old;			/* HTTP/1.0 */
	bool		 body;			/* the method brings one */
	bool		 close;
	bool		 expects;
	uint64_t	 length;		/* of the body */
	size_t		 count[SLOTS];		/* lines of this name, empty ones counted */
	struct text	 value[SLOTS];		/* of the first that is not empty */
};

static int	door_read(struct connection *, size_t *);
static int	door_header(struct netbuf *);
static void	door_tick(void *, u_int64_t);

static struct in6_addr		proxy[PROXIES_MOST];
static size_t			proxies_count;
static size_t			(*limit_of)(const char *, size_t, const char *, size_t);
static uint64_t			refused;
static TAILQ_HEAD(, door)	waiters = TAILQ_HEAD_INITIALIZER(waiters);
static bool			timer_set;
static bool			ticking;

/* IPv4 as ::ffff:a.b.c.d, so one comparison does for both. */
static struct in6_addr
mapped(struct in_addr address)
{
	struct in6_addr	out = IN6ADDR_ANY_INIT;

	out.s6_addr[10] = out.s6_addr[11] = 0xff;
	memcpy(&out.s6_addr[12], &address, sizeof(address));
	return (out);
}

static bool
address_read(const char *word, struct in6_addr *out)
{
	struct in_addr	four;

	if (inet_pton(AF_INET, word, &four) == 1) {
		*out = mapped(four);
		return (true);
	}
	return (inet_pton(AF_INET6, word, out) == 1);
}

static bool
trusts(const struct connection *c)
{
	struct in6_addr	peer;
	size_t		i;

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
	const char	*word;
	char		 name[INET6_ADDRSTRLEN];
	size_t		 length;

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
	static char	 waste[16384];
	struct door	*door = c->hdlr_extra;
	ssize_t		 got;

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
	struct door	*door = c->hdlr_extra;
	char		 body[64], answer[512];
	int		 body_length, length;

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
	    "%s", status, reason(status), body_length,
	    status == 405 ? "allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n" :
	    status == 415 ? "accept-encoding: identity\r\n" : "", bodiless ? "" : body);
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
	c->proto = CONN_PROTO_UNKNOWN;		/* no 408 behind the shutdown; only the idle timer counts */
	c->idle_timer.length = DRAIN_IDLE_MS;
	c->read = door_drain;
	door->until = kore_time_ms() + DRAIN_MS;
	return (KORE_RESULT_OK);
}

/*
 * Looks for the end of a head. *head is its length, or 0 while it is not whole. Returns the status to refuse with,
 * or 0; rubbish is refused at once, without waiting for an end that may never come.
 */
static int
scan(const unsigned char *at, size_t length, size_t *head)
{
	size_t	i, line;

	*head = 0;
	line = 0;
	for (i = 0; i < length; i++) {
		if (at[i] == '\n') {
			if (i == 0 || at[i - 1] != '\r')
				return (400);
			if (line != 0 && i == line + 1) {
				*head = i + 1;
				return (0);
			}
			line = i + 1;
		} else if (i > 0 && at[i - 1] == '\r') {
			return (400);
		} else if ((at[i] < ' ' && at[i] != '\t' && at[i] != '\r') || at[i] == 0x7f) {
			return (400);
		} else if (line == 0 && i > LINE_MOST) {
			return (414);
		}
	}
	return (0);
}

static bool
equals(struct text text, const char *word)
{
	return (text.length == strlen(word) && memcmp(text.at, word, text.length) == 0);
}

static bool
resembles(struct text text, const char *word)
{
	return (text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0);
}

static bool
beyond_ascii(char byte)
{
	return (((unsigned char)byte & 0x80) != 0);
}

static bool
alphanumeric(char byte)
{
	return ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'));
}

/* RFC 9110 5.6.2 */
static bool
token(struct text text)
{
	size_t	i;

	for (i = 0; i < text.length; i++) {
		if (!alphanumeric(text.at[i]) && strchr("!#$%&'*+-.^_`|~", text.at[i]) == NULL)
			return (false);
	}
	return (text.length > 0);
}

/* Cuts the text at the first stop: what stood before it is returned, what stands behind it remains. */
static struct text
cut(struct text *rest, char stop)
{
	struct text	 out = *rest;
	const char	*found;

	if (rest->length == 0 || (found = memchr(rest->at, stop, rest->length)) == NULL) {
		rest->at += rest->length;
		rest->length = 0;
		return (out);
	}
	out.length = (size_t)(found - rest->at);
	rest->at = found + 1;
	rest->length -= out.length + 1;
	return (out);
}

static struct text
trim(struct text text)
{
	while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
		text.length--;
	return (text);
}

/* The next header line of the rest; false when it is not well-formed. Folded lines fail here: a blank is no token. */
static bool
header_cut(struct text *rest, struct text *name, struct text *value)
{
	struct text	line = cut(rest, '\n');

	line.length--;		/* the CR; scan has seen that it is there */
	if (memchr(line.at, ':', line.length) == NULL)
		return (false);
	*name = cut(&line, ':');
	*value = trim(line);
	return (token(*name));
}

static enum slot
slot_of(struct text name)
{
	int	slot;

	for (slot = 0; slot < SLOTS; slot++) {
		if (resembles(name, table[slot].name))
			break;
	}
	return ((enum slot)slot);
}

/* RFC 9112 3. Every way to part method, target and version but single blanks is refused. */
static int
line_read(struct text line, struct head *head)
{
	struct text	version;
	size_t		i;

	if (memchr(line.at, ' ', line.length) == NULL)
		return (400);
	head->method = cut(&line, ' ');
	if (memchr(line.at, ' ', line.length) == NULL)
		return (400);
	head->target = cut(&line, ' ');
	version = line;
	if (!token(head->method) || head->target.length == 0)
		return (400);
	if (version.length != 8 || memcmp(version.at, "HTTP/", 5) != 0 || version.at[6] != '.' ||
	    version.at[5] < '0' || version.at[5] > '9' || version.at[7] < '0' || version.at[7] > '9')
		return (400);
	if (!equals(version, "HTTP/1.1") && !equals(version, "HTTP/1.0"))
		return (505);
	head->old = version.at[7] == '0';

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (equals(head->method, methods[i].name))
			break;
	}
	if (i == sizeof(methods) / sizeof(methods[0]))
		return (equals(head->method, "TRACE") || equals(head->method, "CONNECT") ? 405 : 501);
	if (head->old && !methods[i].old)
		return (405);
	head->body = methods[i].body;

	if (head->target.length > TARGET_MOST)
		return (414);
	if (head->target.at[0] != '/')
		return (400);
	for (i = 0; i < head->target.length; i++) {
		/* scan let no control byte but a tab through */
		if (head->target.at[i] == '\t' || head->target.at[i] == '#' || beyond_ascii(head->target.at[i]))
			return (400);
	}
	return (0);
}

static int
lines_read(struct head *head, bool trusted)
{
	struct text	rest = head->lines, name, value;
	enum slot	slot;
	size_t		i;

	while (rest.length > 0) {
		if (!header_cut(&rest, &name, &value))
			return (400);
		if ((slot = slot_of(name)) == SLOTS)
			continue;
		/* Forged ones are dropped unread, however broken or many. */
		if (!trusted && (slot == X_REAL_IP || slot == X_FORWARDED_PROTO))
			continue;
		if (++head->count[slot] > 1 && table[slot].join == NULL)
			return (400);
		if (head->value[slot].length == 0)
			head->value[slot] = value;
		for (i = 0; i < value.length && table[slot].exact; i++) {
			if (beyond_ascii(value.at[i]))
				return (400);
		}
	}
	return (0);
}

/* Goes through the members of a header that is a list, over all its lines. */
static bool
member_next(const struct head *head, enum slot slot, struct text *rest, struct text *line, struct text *member)
{
	struct text	name, value;

	for (;;) {
		while (line->length > 0) {
			*member = trim(cut(line, ','));
			if (member->length > 0)
				return (true);
		}
		if (rest->length == 0)
			return (false);
		(void)header_cut(rest, &name, &value);
		if (head->count[slot] > 0 && slot_of(name) == slot)
			*line = value;
	}
}

static bool
host_good(struct text host)
{
	size_t	i;

	for (i = 0; i < host.length; i++) {
		if (!alphanumeric(host.at[i]) && strchr("-._:[]", host.at[i]) == NULL)
			return (false);
	}
	return (host.length > 0 && host.length <= HOST_MOST);
}

static int
length_read(struct head *head)
{
	const struct text	value = head->value[CONTENT_LENGTH];
	size_t			i;

	if (head->count[CONTENT_LENGTH] == 0)
		return (head->body ? 411 : 0);
	if (value.length == 0)
		return (400);
	for (i = 0; i < value.length; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return (400);
	}
	for (i = 0; i < value.length; i++) {
		if (head->length > UINT64_MAX / 10 - 1)
			return (413);
		head->length = head->length * 10 + (uint64_t)(value.at[i] - '0');
	}
	/* Kore would read such a body as the next request. */
	if (!head->body && head->length > 0)
		return (400);
	return (0);
}

static int
meaning_read(struct head *head, bool trusted)
{
	struct text	rest, line, member, path;
	struct in6_addr	address;
	char		word[INET6_ADDRSTRLEN];
	uint64_t	most;
	int		status;

	if (!host_good(head->value[HOST]))
		return (400);
	if (trusted) {
		if (head->value[X_REAL_IP].length == 0 || head->value[X_REAL_IP].length >= sizeof(word))
			return (400);
		memcpy(word, head->value[X_REAL_IP].at, head->value[X_REAL_IP].length);
		word[head->value[X_REAL_IP].length] = '\0';
		if (!address_read(word, &address))
			return (400);
		if (!equals(head->value[X_FORWARDED_PROTO], "http") && !equals(head->value[X_FORWARDED_PROTO], "https"))
			return (400);
	}

	if (head->count[TRANSFER_ENCODING] > 0)
		return (501);
	if ((status = length_read(head)) != 0)
		return (status);
	if (head->length > 0) {
		/* Nobody behind the door unpacks; read as plain bytes it would be nonsense. */
		rest = head->lines;
		line = (struct text){ 0 };
		while (member_next(head, CONTENT_ENCODING, &rest, &line, &member)) {
			if (!resembles(member, "identity"))
				return (415);
		}
		path = head->target;
		path = cut(&path, '?');
		most = http_body_max;
		if (limit_of != NULL) {
			uint64_t limit = limit_of(head->method.at, head->method.length, path.at, path.length);

			if (limit < most)
				most = limit;
		}
		if (head->length > most)
			return (413);
	}

	rest = head->lines;
	line = (struct text){ 0 };
	while (member_next(head, EXPECT, &rest, &line, &member)) {
		if (!resembles(member, "100-continue"))
			return (417);
		head->expects = !head->old;	/* RFC 9110 10.1.1: HTTP/1.0 does not know it */
	}
	rest = head->lines;
	line = (struct text){ 0 };
	while (member_next(head, CONNECTION, &rest, &line, &member)) {
		if (resembles(member, "close"))
			head->close = true;
	}
	return (0);
}

static char *
put(char *out, const char *word, size_t length)
{
	memcpy(out, word, length);
	return (out + length);
}

/* Kore refuses the whole request for a tab or a byte above ASCII. */
static char *
put_value(char *out, struct text value)
{
	size_t	i;

	for (i = 0; i < value.length; i++)
		*out++ = value.at[i] == '\t' ? ' ' : beyond_ascii(value.at[i]) ? '?' : value.at[i];
	return (out);
}

static char *
put_header(char *out, const struct head *head, enum slot slot)
{
	struct text	rest, name, value;
	bool		first = true;

	out = put(out, table[slot].name, strlen(table[slot].name));
	*out++ = ':';
	if (slot == CONNECTION) {
		out = put(out, "close", 5);	/* Kore knows only this very word */
	} else if (head->count[slot] == 1) {
		out = put_value(out, head->value[slot]);
	} else {
		for (rest = head->lines; rest.length > 0;) {
			(void)header_cut(&rest, &name, &value);
			if (value.length == 0 || slot_of(name) != slot)
				continue;
			if (!first)
				out = put(out, table[slot].join, 2);
			first = false;
			out = put_value(out, value);
		}
	}
	return (put(out, "\r\n", 2));
}

/* Writes the head anew. It cannot grow: lines are written as `name:value`, a join is shorter than what it replaces. */
static size_t
head_write(const struct head *head, char *out)
{
	char	*at = out;
	int	 slot;

	at = put(at, head->method.at, head->method.length);
	*at++ = ' ';
	at = put(at, head->target.at, head->target.length);
	at = put(at, head->old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n", 11);
	for (slot = 0; slot < KEPT; slot++) {
		if (head->value[slot].length == 0)
			continue;
		if ((slot == CONNECTION && !head->close) || (slot == CONTENT_LENGTH && !head->body))
			continue;
		at = put_header(at, head, (enum slot)slot);
	}
	at = put(at, "\r\n", 2);
	return ((size_t)(at - out));
}

/* Checks a whole head and puts the rewritten one in its place. *length: the old length, then the new. */
static int
head_check(unsigned char *at, size_t *length, struct door *door)
{
	static char	out[UINT16_MAX + 1];	/* http_header_max has 16 bits */
	struct text	line;
	struct head	head = { 0 };
	int		status;

	head.lines.at = (const char *)at;
	head.lines.length = *length - 2;	/* without the empty line */
	line = cut(&head.lines, '\n');
	line.length--;
	if ((status = line_read(line, &head)) != 0)
		return (status);
	if ((status = lines_read(&head, door->trusted)) != 0)
		return (status);
	if ((status = meaning_read(&head, door->trusted)) != 0)
		return (status);
	*length = head_write(&head, out);
	memcpy(at, out, *length);
	door->expects = head.expects && head.length > 0;
	return (0);
}

/* The request of this connection that has not been answered, or else one whose answer is not whole yet. */
static struct http_request *
standing(struct connection *c)
{
	struct http_request	*req, *found = NULL;

	TAILQ_FOREACH(req, &c->http_requests, olist) {
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
	struct door	*door, *next;
	bool		 stuck = false;

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
	struct door	*door = c->hdlr_extra;

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
	struct connection	*c, *next;
	const struct door	*door;

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
		kore_connection_event(c, 0);		/* what came of the head is still in the socket */
	}
}

/* The body, in Kore's own pieces. The longer it is, the longer it may take, but only while it keeps coming. */
static int
body_read(struct connection *c, size_t *bytes)
{
	const struct http_request	*req = c->rnb->extra;

	if (req != NULL)
		c->http_timeout = http_body_timeout * 1000UL +
		    (req->http_body_length - req->content_length) / BODY_RATE;
	return (net_read(c, bytes));
}

static int
door_read(struct connection *c, size_t *bytes)
{
	struct door		*door = c->hdlr_extra;
	struct netbuf		*nb = c->rnb;
	struct http_request	*req;
	ssize_t			 got;
	size_t			 length;
	int			 status;

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
			kore_connection_start_idletimer(c);	/* idle since the answer, not since the question */
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
	if ((status = scan(nb->buf, (size_t)got, &length)) != 0)
		return (refuse(c, status, false));
	if (length == 0) {
		if ((size_t)got == nb->b_len)
			return (refuse(c, 431, false));
		c->evt.flags &= ~KORE_EVENT_READ;	/* the next segment brings the next event */
		return (KORE_RESULT_OK);
	}
	if (recv(c->fd, nb->buf, length, 0) != (ssize_t)length)
		return (KORE_RESULT_ERROR);
	if ((status = head_check(nb->buf, &length, door)) != 0)
		return (refuse(c, status, length > 5 && memcmp(nb->buf, "HEAD ", 5) == 0));
	c->http_start = door->begun;		/* the body's clock too runs from the first byte */
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
	static const char	 go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct connection	*c = nb->owner;
	struct door		*door = c->hdlr_extra;
	struct http_request	*req;
	int			 result;

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
		req->content_length = 0;	/* Kore leaves what was in memory */
	}
	return (KORE_RESULT_OK);
}

void
door_connect(struct connection *c)
{
	struct door	*door = kore_calloc(1, sizeof(*door));

	door->connection = c;
	door->trusted = trusts(c);
	c->hdlr_extra = door;		/* Kore frees it with the connection */
	c->disconnect = door_disconnect;
	c->read = door_read;
	c->proto = CONN_PROTO_HTTP;
	net_recv_queue(c, http_header_max, NETBUF_CALL_CB_ALWAYS, http_header_recv);
	clock_idle(c, door);
}
