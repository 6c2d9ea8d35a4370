/*
 * Door, the head of a request: pure reading and writing of bytes. See
 * door_head.h. Nothing is decoded and nothing guessed: what two readers
 * could take differently is refused, and what nobody behind the door reads is
 * not passed on.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string.h>
#include <strings.h>

#include "door_head.h"

#define LINE_MOST (DOOR_HEAD_TARGET_MOST + sizeof("OPTIONS  HTTP/1.1") - 1)
#define HOST_MOST 253 /* RFC 1035; Kore bears no more either */

enum slot {
	HOST,
	COOKIE,
	CONTENT_TYPE,
	CONTENT_LENGTH,
	CONNECTION,
	ACCEPT,
	ACCEPT_LANGUAGE,
	ACCEPT_ENCODING,
	IF_NONE_MATCH,
	USER_AGENT,
	REFERER,
	ORIGIN,
	SEC_FETCH_SITE,
	AUTHORIZATION,
	IDEMPOTENCY_KEY,
	X_REAL_IP,
	X_FORWARDED_PROTO,
	KEPT,
	/* Read here, never passed on. */
	TRANSFER_ENCODING = KEPT,
	CONTENT_ENCODING,
	EXPECT,
	SLOTS
};

/*
 * Kore reads 23 headers and forgets the rest, so only these get through. join: what stands between the values when the
 * header comes several times; without it a second one is refused. exact: bytes Kore does not bear are refused
 * rather than replaced, because two values that differ must not become one.
 */
static const struct {
	const char *name;
	const char *join;
	bool exact;
} table[SLOTS] = {
    [HOST] = {"host", NULL, true},
    [COOKIE] = {"cookie", "; ", false}, /* RFC 9113 8.2.3 */
    [CONTENT_TYPE] = {"content-type", NULL, true},
    [CONTENT_LENGTH] = {"content-length", NULL, true},
    [CONNECTION] = {"connection", ", ", false},
    [ACCEPT] = {"accept", ", ", false},
    [ACCEPT_LANGUAGE] = {"accept-language", ", ", false},
    [ACCEPT_ENCODING] = {"accept-encoding", ", ", false},
    [IF_NONE_MATCH] = {"if-none-match", ", ", false},
    [USER_AGENT] = {"user-agent", NULL, false},
    [REFERER] = {"referer", NULL, false},
    [ORIGIN] = {"origin", NULL, true},
    [SEC_FETCH_SITE] = {"sec-fetch-site", NULL, true},
    [AUTHORIZATION] = {"authorization", NULL, true},
    [IDEMPOTENCY_KEY] = {"idempotency-key", NULL, true},
    [X_REAL_IP] = {"x-real-ip", NULL, true},
    [X_FORWARDED_PROTO] = {"x-forwarded-proto", NULL, true},
    [TRANSFER_ENCODING] = {"transfer-encoding", ", ", false},
    [CONTENT_ENCODING] = {"content-encoding", ", ", false},
    [EXPECT] = {"expect", ", ", false},
};

static const struct {
	const char *name;
	bool body;
	bool old; /* HTTP/1.0 knows it */
} methods[] = {
    {"GET", false, true},
    {"HEAD", false, true},
    {"POST", true, true},
    {"PUT", true, false},
    {"PATCH", true, false},
    {"DELETE", false, false},
    {"OPTIONS", false, false},
};

struct text {
	const char *at;
	size_t length;
};

/* One head as it came; the texts point into the receive buffer. */
struct head {
	struct text method;
	struct text target;
	struct text lines; /* the header lines, the empty one not among them */
	bool old; /* HTTP/1.0 */
	bool body; /* the method brings one */
	bool close;
	bool expects;
	uint64_t length; /* of the body */
	size_t count[SLOTS]; /* lines of this name, empty ones counted */
	struct text value[SLOTS]; /* of the first that is not empty */
};

int
door_head_find(const unsigned char *at, size_t length, size_t *head)
{
	size_t i, line;

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
		} else if ((i > 0 && at[i - 1] == '\r') || (at[i] < ' ' && at[i] != '\t' && at[i] != '\r') ||
		    at[i] == 0x7f) {
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
	size_t i;

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
	struct text out = *rest;
	const char *found;

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
	struct text line = cut(rest, '\n');

	line.length--; /* the CR; door_head_find has seen that it is there */
	if (memchr(line.at, ':', line.length) == NULL)
		return (false);
	*name = cut(&line, ':');
	*value = trim(line);
	return (token(*name));
}

static enum slot
slot_of(struct text name)
{
	int slot;

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
	struct text version;
	size_t i;

	if (memchr(line.at, ' ', line.length) == NULL)
		return (400);
	head->method = cut(&line, ' ');
	if (memchr(line.at, ' ', line.length) == NULL)
		return (400);
	head->target = cut(&line, ' ');
	version = line;
	if (!token(head->method) || head->target.length == 0)
		return (400);
	if (version.length != 8 || memcmp(version.at, "HTTP/", 5) != 0 || version.at[6] != '.' || version.at[5] < '0' ||
	    version.at[5] > '9' || version.at[7] < '0' || version.at[7] > '9')
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

	if (head->target.length > DOOR_HEAD_TARGET_MOST)
		return (414);
	if (head->target.at[0] != '/')
		return (400);
	for (i = 0; i < head->target.length; i++) {
		/* door_head_find let no control byte but a tab through */
		if (head->target.at[i] == '\t' || head->target.at[i] == '#' || beyond_ascii(head->target.at[i]))
			return (400);
	}
	return (0);
}

static int
lines_read(struct head *head, bool trusted)
{
	struct text rest = head->lines, name, value;
	enum slot slot;
	size_t i;

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
	struct text name, value;

	for (;;) {
		while (line->length > 0) {
			*member = trim(cut(line, ','));
			if (member->length > 0)
				return (true);
		}
		if (rest->length == 0)
			return (false);
		if (header_cut(rest, &name, &value) && head->count[slot] > 0 && slot_of(name) == slot)
			*line = value;
	}
}

static bool
host_good(struct text host)
{
	size_t i;

	for (i = 0; i < host.length; i++) {
		if (!alphanumeric(host.at[i]) && strchr("-._:[]", host.at[i]) == NULL)
			return (false);
	}
	return (host.length > 0 && host.length <= HOST_MOST);
}

static int
length_read(struct head *head)
{
	const struct text value = head->value[CONTENT_LENGTH];
	size_t i;

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

static bool
address_good(struct text text)
{
	struct in6_addr out;
	char word[INET6_ADDRSTRLEN];

	if (text.length == 0 || text.length >= sizeof(word))
		return (false);
	memcpy(word, text.at, text.length);
	word[text.length] = '\0';
	return (inet_pton(AF_INET, word, &out) == 1 || inet_pton(AF_INET6, word, &out) == 1);
}

static int
meaning_read(struct head *head, const struct door_head_rules *rules)
{
	struct text rest, line, member, path;
	uint64_t most;
	int status;

	if (!host_good(head->value[HOST]))
		return (400);
	if (rules->trusted) {
		if (!address_good(head->value[X_REAL_IP]))
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
		line = (struct text){0};
		while (member_next(head, CONTENT_ENCODING, &rest, &line, &member)) {
			if (!resembles(member, "identity"))
				return (415);
		}
		path = head->target;
		path = cut(&path, '?');
		most = rules->body_most;
		if (rules->body_limit != NULL) {
			uint64_t limit = rules->body_limit(head->method.at, head->method.length, path.at, path.length);

			if (limit < most)
				most = limit;
		}
		if (head->length > most)
			return (413);
	}

	rest = head->lines;
	line = (struct text){0};
	while (member_next(head, EXPECT, &rest, &line, &member)) {
		if (!resembles(member, "100-continue"))
			return (417);
		head->expects = !head->old; /* RFC 9110 10.1.1: HTTP/1.0 does not know it */
	}
	rest = head->lines;
	line = (struct text){0};
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
	size_t i;

	for (i = 0; i < value.length; i++) {
		*out = value.at[i];
		if (*out == '\t')
			*out = ' ';
		else if (beyond_ascii(*out))
			*out = '?';
		out++;
	}
	return (out);
}

static char *
put_header(char *out, const struct head *head, enum slot slot)
{
	struct text rest, name, value;
	bool first = true;

	out = put(out, table[slot].name, strlen(table[slot].name));
	*out++ = ':';
	if (slot == CONNECTION) {
		out = put(out, "close", 5); /* Kore knows only this very word */
	} else if (head->count[slot] == 1) {
		out = put_value(out, head->value[slot]);
	} else {
		for (rest = head->lines; rest.length > 0;) {
			if (!header_cut(&rest, &name, &value) || value.length == 0 || slot_of(name) != slot)
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
	char *at = out;
	int slot;

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

int
door_head_rewrite(unsigned char *at, size_t *length, const struct door_head_rules *rules, bool *expects)
{
	static char out[DOOR_HEAD_MOST];
	struct text line;
	struct head head = {0};
	int status;

	head.lines.at = (const char *)at;
	head.lines.length = *length - 2; /* without the empty line */
	line = cut(&head.lines, '\n');
	line.length--;
	if ((status = line_read(line, &head)) != 0)
		return (status);
	if ((status = lines_read(&head, rules->trusted)) != 0)
		return (status);
	if ((status = meaning_read(&head, rules)) != 0)
		return (status);
	*length = head_write(&head, out);
	memcpy(at, out, *length);
	*expects = head.expects && head.length > 0;
	return (0);
}
