/*
 * Fuzzing of app/base/door_head: any bytes as the head of a request, from a
 * stranger and from a proxy. What Kore is given to read must be one head that
 * cannot be read in two ways, no longer than what came, of headers that are
 * known and come once; and taking it once more must change nothing.
 */
#define _GNU_SOURCE 1 /* memmem */

#include <stdlib.h>
#include <string.h>

#include "base/door_head.h"

#define MUST(what) ((what) ? (void)0 : abort())

#define HEADERS_MOST 23 /* Kore forgets those behind */
#define BODY_MOST 1000
#define BODY_SMALL 5

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static size_t
limit(const char *method, size_t method_length, const char *path, size_t path_length)
{
	MUST(method_length >= 3 && memchr(method, ' ', method_length) == NULL);
	MUST(path_length >= 1 && path[0] == '/' && memchr(path, '?', path_length) == NULL);
	return (path_length > 1 && path[1] == 's' ? BODY_SMALL : SIZE_MAX);
}

static void
check_line(const char *line, size_t length)
{
	static const char *const methods[] = {"GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS "};
	const char *target = memchr(line, ' ', length), *end;
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strncmp(line, methods[i], strlen(methods[i])) == 0)
			break;
	MUST(i < sizeof(methods) / sizeof(methods[0]));
	MUST(target != NULL && *++target == '/');
	end = memchr(target, ' ', (size_t)(line + length - target));
	MUST(end != NULL && (size_t)(end - target) <= DOOR_HEAD_TARGET_MOST);
	MUST(line + length - end == 9);
	MUST(memcmp(end, " HTTP/1.1", 9) == 0 || memcmp(end, " HTTP/1.0", 9) == 0);
}

/* What Kore reads: visible ASCII and blanks in lines of CRLF, each header once. */
static void
check_written(const char *text, size_t length, bool trusted)
{
	const char *at, *end = text + length - 2, *stop, *lines[HEADERS_MOST];
	size_t names[HEADERS_MOST], count = 0;
	bool host = false, sized = false, body;

	MUST(length >= 4 && memcmp(end - 2, "\r\n\r\n", 4) == 0);
	stop = memmem(text, length, "\r\n", 2);
	check_line(text, (size_t)(stop - text));
	body = text[0] == 'P';
	for (const char *byte = text; byte < stop; byte++)
		MUST(*byte >= ' ' && *byte < 0x7f);
	for (at = stop + 2; at < end; at = stop + 2) {
		const char *colon;

		stop = memmem(at, (size_t)(end - at), "\r\n", 2);
		MUST(stop != NULL && count < HEADERS_MOST);
		for (const char *byte = at; byte < stop; byte++)
			MUST(*byte >= ' ' && *byte < 0x7f);
		colon = memchr(at, ':', (size_t)(stop - at));
		MUST(colon != NULL && colon > at && colon + 1 < stop && colon[1] != ' ' && stop[-1] != ' ');
		names[count] = (size_t)(colon + 1 - at);
		for (const char *byte = at; byte < colon; byte++)
			MUST((*byte >= 'a' && *byte <= 'z') || *byte == '-');
		for (size_t i = 0; i < count; i++)
			MUST(names[i] != names[count] || memcmp(lines[i], at, names[i]) != 0);
		lines[count++] = at;
		MUST(strncmp(at, "transfer-encoding:", 18) != 0);
		MUST(trusted || (strncmp(at, "x-real-ip:", 10) != 0 && strncmp(at, "x-forwarded-proto:", 18) != 0));
		if (strncmp(at, "host:", 5) == 0)
			host = true;
		if (strncmp(at, "content-length:", 15) == 0) {
			const char *path = strchr(text, '/');
			unsigned long long size = strtoull(colon + 1, NULL, 10);

			sized = true;
			for (const char *byte = colon + 1; byte < stop; byte++)
				MUST(*byte >= '0' && *byte <= '9');
			MUST(size <= (path[1] == 's' ? BODY_SMALL : BODY_MOST));
		}
	}
	MUST(at == end && host && sized == body);
}

static void
take(const uint8_t *data, size_t length, bool trusted)
{
	static const int statuses[] = {400, 405, 411, 413, 414, 415, 417, 501, 505};
	const struct door_head_rules rules = {.trusted = trusted, .body_most = BODY_MOST, .body_limit = limit};
	unsigned char *bytes = malloc(length), *again;
	size_t now = length, head, later;
	bool expects = false;
	int status;

	MUST(bytes != NULL);
	memcpy(bytes, data, length);
	status = door_head_rewrite(bytes, &now, &rules, &expects);
	if (status != 0) {
		size_t i;

		for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
			if (status == statuses[i])
				break;
		MUST(i < sizeof(statuses) / sizeof(statuses[0]));
		MUST(now == length && memcmp(bytes, data, length) == 0 && !expects);
	} else {
		MUST(now <= length);
		check_written((const char *)bytes, now, trusted);
		MUST(door_head_find(bytes, now, &head) == 0 && head == now);
		MUST((again = malloc(now)) != NULL);
		memcpy(again, bytes, now);
		later = now;
		MUST(door_head_rewrite(again, &later, &rules, &expects) == 0);
		MUST(later == now && memcmp(again, bytes, now) == 0 && !expects);
		free(again);
	}
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head, part;
	int status, sooner;

	status = door_head_find(data, size, &head);
	MUST(status == 0 || ((status == 400 || status == 414) && head == 0));
	MUST(head <= size);
	/* However the bytes come in pieces, the end is the same; what was rubbish once stays so. */
	sooner = door_head_find(data, size / 2, &part);
	if (sooner != 0)
		MUST(sooner == status);
	else if (part > 0)
		MUST(status == 0 && part == head);
	if (status != 0 || head == 0)
		return (0);
	MUST(head >= 4 && memcmp(data + head - 4, "\r\n\r\n", 4) == 0);
	MUST(memmem(data + 1, head - 2, "\r\n\r\n", 4) == NULL);
	MUST(door_head_find(data, head, &part) == 0 && part == head);
	MUST(door_head_find(data, head - 1, &part) == 0 && part == 0);
	if (head <= DOOR_HEAD_MOST) {
		take(data, head, false);
		take(data, head, true);
	}
	return (0);
}
