/*
 * Tests of app/base/door_head: tables of request heads as clients, proxies and
 * attackers send them, each beside what Kore is given to read or, when it is
 * refused, the status. Every head lies in memory of its very length, so that
 * one byte read too far is seen. Left to others: how the door behaves on a
 * connection (tests/door), and heads nobody thought of (tests/fuzz).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/door_head.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(text) (text), sizeof(text) - 1
#define H "Host: localhost\r\n"
#define GET "GET / HTTP/1.1\r\nhost:localhost\r\n"
#define POST "POST / HTTP/1.1\r\nhost:localhost\r\n"

struct row {
	const char *what;
	const char *in;
	const char *out; /* what Kore reads, or the status */
};

static const struct door_head_rules strangers = {.body_most = 1000}, proxies = {.trusted = true, .body_most = 1000};
static char result[4096];
static bool expects;

/* What becomes of bytes of which the head is all. */
static const char *
taken_bytes(const char *in, size_t length, const struct door_head_rules *rules)
{
	unsigned char *bytes = malloc(length > 0 ? length : 1);
	size_t head = 0, now;
	int status;

	assert_non_null(bytes);
	memcpy(bytes, in, length);
	expects = false;
	status = door_head_find(bytes, length, &head);
	if (status == 0 && head == 0) {
		snprintf(result, sizeof(result), "not whole");
	} else if (status == 0) {
		assert_int_equal(head, length);
		now = head;
		status = door_head_rewrite(bytes, &now, rules, &expects);
		if (status == 0) {
			assert_true(now <= head && now < sizeof(result));
			memcpy(result, bytes, now);
			result[now] = '\0';
		} else {
			assert_int_equal(now, head);
			assert_memory_equal(bytes, in, length);
		}
	}
	if (status != 0)
		snprintf(result, sizeof(result), "%d", status);
	free(bytes);
	return (result);
}

static const char *
taken(const char *in, const struct door_head_rules *rules)
{
	return (taken_bytes(in, strlen(in), rules));
}

static void
check(const struct row *rows, size_t count, const struct door_head_rules *rules)
{
	for (size_t i = 0; i < count; i++) {
		const char *out = taken(rows[i].in, rules);

		if (strcmp(out, rows[i].out) != 0)
			fail_msg("%s:\n%s\ninstead of\n%s", rows[i].what, out, rows[i].out);
	}
}

static void
request_lines(void **state)
{
	static const struct row rows[] = {
	    {"a plain GET", "GET / HTTP/1.1\r\n" H "\r\n", GET "\r\n"},
	    {"the target stays as it is", "GET /a%2fb//../c?d=e&f+%00 HTTP/1.1\r\n" H "\r\n",
		"GET /a%2fb//../c?d=e&f+%00 HTTP/1.1\r\nhost:localhost\r\n\r\n"},
	    {"HTTP/1.0", "GET / HTTP/1.0\r\n" H "\r\n", "GET / HTTP/1.0\r\nhost:localhost\r\n\r\n"},
	    {"HEAD", "HEAD / HTTP/1.1\r\n" H "\r\n", "HEAD / HTTP/1.1\r\nhost:localhost\r\n\r\n"},
	    {"DELETE", "DELETE / HTTP/1.1\r\n" H "\r\n", "DELETE / HTTP/1.1\r\nhost:localhost\r\n\r\n"},
	    {"OPTIONS", "OPTIONS / HTTP/1.1\r\n" H "\r\n", "OPTIONS / HTTP/1.1\r\nhost:localhost\r\n\r\n"},
	    {"no target", "GET HTTP/1.1\r\n" H "\r\n", "400"},
	    {"an empty target", "GET  HTTP/1.1\r\n" H "\r\n", "400"},
	    {"two blanks", "GET  / HTTP/1.1\r\n" H "\r\n", "400"},
	    {"two blanks before the version", "GET /  HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a blank behind the version", "GET / HTTP/1.1 \r\n" H "\r\n", "400"},
	    {"a blank in front", " GET / HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a tab for a blank", "GET\t/ HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a tab in the target", "GET /\ta HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a blank in the target", "GET /a b HTTP/1.1\r\n" H "\r\n", "400"},
	    {"no version", "GET /\r\n" H "\r\n", "400"},
	    {"an empty line for a request line", "\r\n\r\n", "400"},
	    {"a method that is no token", "GE(T / HTTP/1.1\r\n" H "\r\n", "400"},
	    {"no method", " / HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a small method", "get / HTTP/1.1\r\n" H "\r\n", "501"},
	    {"an unknown method", "BREW / HTTP/1.1\r\n" H "\r\n", "501"},
	    {"TRACE", "TRACE / HTTP/1.1\r\n" H "\r\n", "405"},
	    {"CONNECT", "CONNECT a:443 HTTP/1.1\r\n" H "\r\n", "405"},
	    {"a method HTTP/1.0 does not know", "DELETE / HTTP/1.0\r\n" H "\r\n", "405"},
	    {"a small version", "GET / http/1.1\r\n" H "\r\n", "400"},
	    {"half a version", "GET / HTTP/1\r\n" H "\r\n", "400"},
	    {"a version of letters", "GET / HTTP/x.y\r\n" H "\r\n", "400"},
	    {"HTTP/2.0", "GET / HTTP/2.0\r\n" H "\r\n", "505"},
	    {"HTTP/1.2", "GET / HTTP/1.2\r\n" H "\r\n", "505"},
	    {"a whole address as target", "GET http://localhost/ HTTP/1.1\r\n" H "\r\n", "400"},
	    {"an asterisk as target", "OPTIONS * HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a fragment", "GET /a#b HTTP/1.1\r\n" H "\r\n", "400"},
	    {"a target beyond ASCII", "GET /\xe6\xb2\x99 HTTP/1.1\r\n" H "\r\n", "400"},
	};

	(void)state;
	check(rows, COUNT(rows), &strangers);
}

static void
header_lines(void **state)
{
	static const struct row rows[] = {
	    {"names of any case, blanks around", "GET / HTTP/1.1\r\nhOST:\t localhost \t\r\nACCEPT:a/b\r\n\r\n",
		GET "accept:a/b\r\n\r\n"},
	    {"always in the same order", "GET / HTTP/1.1\r\nCookie: a=b\r\nOrigin: null\r\n" H "\r\n",
		GET "cookie:a=b\r\norigin:null\r\n\r\n"},
	    {"unknown ones go", "GET / HTTP/1.1\r\nX-Any: thing\r\n" H "Range: bytes=0-1\r\n\r\n", GET "\r\n"},
	    {"empty ones go", "GET / HTTP/1.1\r\n" H "Accept:\r\nReferer: \t\r\n\r\n", GET "\r\n"},
	    {"cookies are joined", "GET / HTTP/1.1\r\n" H "Cookie: a=b\r\nCookie: c=d\r\n\r\n",
		GET "cookie:a=b; c=d\r\n\r\n"},
	    {"lists are joined, empty lines not",
		"GET / HTTP/1.1\r\n" H "Accept: a/b\r\naccept:\r\nACCEPT: c/d, e/f\r\n\r\n",
		GET "accept:a/b, c/d, e/f\r\n\r\n"},
	    {"an empty line before the only value", "GET / HTTP/1.1\r\n" H "Cookie:\r\nCookie: a=b\r\n\r\n",
		GET "cookie:a=b\r\n\r\n"},
	    {"what is no list comes once", "GET / HTTP/1.1\r\n" H "Origin: null\r\nOrigin: null\r\n\r\n", "400"},
	    {"also when one is empty", "GET / HTTP/1.1\r\n" H "User-Agent:\r\nUser-Agent: a\r\n\r\n", "400"},
	    {"a tab becomes a blank", "GET / HTTP/1.1\r\n" H "Cookie: a\tb\r\n\r\n", GET "cookie:a b\r\n\r\n"},
	    {"beyond ASCII, a question mark", "GET / HTTP/1.1\r\n" H "User-Agent: \xe6\xb2\x99\r\n\r\n",
		GET "user-agent:???\r\n\r\n"},
	    {"beyond ASCII where each byte counts", "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\nOrigin: \xff\r\n\r\n",
		"400"},
	    {"beyond ASCII in what is not passed on", "GET / HTTP/1.1\r\n" H "X-Any: \xff\r\n\r\n", GET "\r\n"},
	    {"a folded line", "GET / HTTP/1.1\r\n" H "Accept: a/b,\r\n c/d\r\n\r\n", "400"},
	    {"a blank before the colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", "400"},
	    {"a blank in an unknown name", "GET / HTTP/1.1\r\n" H "X Any: a\r\n\r\n", "400"},
	    {"no colon", "GET / HTTP/1.1\r\n" H "Accept\r\n\r\n", "400"},
	    {"no name", "GET / HTTP/1.1\r\n" H ": a\r\n\r\n", "400"},
	    {"a name beyond ASCII", "GET / HTTP/1.1\r\n" H "Acc\xc3\xa9pt: a\r\n\r\n", "400"},
	    {"a colon in a value", "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
		"GET / HTTP/1.1\r\nhost:localhost:8080\r\n\r\n"},
	    {"close", "GET / HTTP/1.1\r\n" H "Connection: Close\r\n\r\n", GET "connection:close\r\n\r\n"},
	    {"close among others", "GET / HTTP/1.1\r\n" H "Connection: TE,,\r\nConnection: a , CLOSE,b\r\n\r\n",
		GET "connection:close\r\n\r\n"},
	    {"keep-alive goes without saying", "GET / HTTP/1.1\r\n" H "Connection: keep-alive\r\n\r\n", GET "\r\n"},
	    {"a word that begins like close", "GET / HTTP/1.1\r\n" H "Connection: closed\r\n\r\n", GET "\r\n"},
	};

	(void)state;
	check(rows, COUNT(rows), &strangers);
}

static void
hosts(void **state)
{
	static const struct row rows[] = {
	    {"an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / HTTP/1.1\r\nhost:[::1]:80\r\n\r\n"},
	    {"none", "GET / HTTP/1.1\r\n\r\n", "400"},
	    {"none from HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "400"},
	    {"an empty one", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "400"},
	    {"two", "GET / HTTP/1.1\r\n" H H "\r\n", "400"},
	    {"two in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "400"},
	    {"a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "400"},
	    {"a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
	    {"beyond ASCII", "GET / HTTP/1.1\r\nHost: \xe6\xb2\x99\r\n\r\n", "400"},
	};
	char in[512];

	(void)state;
	check(rows, COUNT(rows), &strangers);
	for (int length = 252; length <= 254; length++) {
		snprintf(in, sizeof(in), "GET / HTTP/1.1\r\nHost: %.*s%.*s\r\n\r\n", 200,
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    length - 200, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
		assert_int_equal(strcmp(taken(in, &strangers), "400") == 0, length > 253);
	}
}

static void
bodies(void **state)
{
	static const struct row rows[] = {
	    {"a POST", "POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Type: a/b\r\n\r\n",
		POST "content-type:a/b\r\ncontent-length:5\r\n\r\n"},
	    {"an empty body", "PUT / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n",
		"PUT / HTTP/1.1\r\nhost:localhost\r\ncontent-length:0\r\n\r\n"},
	    {"zeros in front", "POST / HTTP/1.1\r\n" H "Content-Length: 0005\r\n\r\n",
		POST "content-length:0005\r\n\r\n"},
	    {"a GET with none", "GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", GET "\r\n"},
	    {"a GET with one", "GET / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\n", "400"},
	    {"a DELETE with one", "DELETE / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\n", "400"},
	    {"no length", "POST / HTTP/1.1\r\n" H "\r\n", "411"},
	    {"no length from HTTP/1.0", "POST / HTTP/1.0\r\n" H "\r\n", "411"},
	    {"an empty length", "POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n", "400"},
	    {"an empty length of a GET", "GET / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n", "400"},
	    {"two lengths", "POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", "400"},
	    {"a list of lengths", "POST / HTTP/1.1\r\n" H "Content-Length: 5, 5\r\n\r\n", "400"},
	    {"+5", "POST / HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\n", "400"},
	    {"-5", "POST / HTTP/1.1\r\n" H "Content-Length: -5\r\n\r\n", "400"},
	    {"0x5", "POST / HTTP/1.1\r\n" H "Content-Length: 0x5\r\n\r\n", "400"},
	    {"5 5", "POST / HTTP/1.1\r\n" H "Content-Length: 5 5\r\n\r\n", "400"},
	    {"as much as may be", "POST / HTTP/1.1\r\n" H "Content-Length: 1000\r\n\r\n",
		POST "content-length:1000\r\n\r\n"},
	    {"one more", "POST / HTTP/1.1\r\n" H "Content-Length: 1001\r\n\r\n", "413"},
	    {"2^64 + 5", "POST / HTTP/1.1\r\n" H "Content-Length: 18446744073709551621\r\n\r\n", "413"},
	    {"beyond 64 bits", "POST / HTTP/1.1\r\n" H "Content-Length: 99999999999999999999999999999\r\n\r\n", "413"},
	    {"chunks", "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n", "501"},
	    {"chunks and a length", "POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		"501"},
	    {"an empty Transfer-Encoding", "GET / HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n", "501"},
	    {"packed", "POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\n", "415"},
	    {"packed in the second line",
		"POST / HTTP/1.1\r\n" H
		"Content-Encoding: identity\r\nContent-Encoding: ,gzip\r\nContent-Length: 5\r\n\r\n",
		"415"},
	    {"not packed, and said so",
		"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Encoding: Identity\r\n\r\n",
		POST "content-length:5\r\n\r\n"},
	    {"nothing, packed", "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Encoding: gzip\r\n\r\n",
		POST "content-length:0\r\n\r\n"},
	};

	(void)state;
	check(rows, COUNT(rows), &strangers);
}

static size_t
limit(const char *method, size_t method_length, const char *path, size_t path_length)
{
	assert_int_equal(method_length, 4);
	assert_memory_equal(method, "POST", 4);
	if (path_length == 6 && memcmp(path, "/small", 6) == 0)
		return (5);
	return (path_length == 5 && memcmp(path, "/none", 5) == 0 ? 0 : SIZE_MAX);
}

static void
bodies_have_the_limit_of_their_path(void **state)
{
	static const struct door_head_rules rules = {.body_most = 1000, .body_limit = limit};
	static const struct {
		const char *target;
		int length;
		bool good;
	} rows[] = {
	    {"/", 1000, true},
	    {"/", 1001, false},
	    {"/small", 5, true},
	    {"/small", 6, false},
	    {"/small?a?b", 6, false},
	    {"/?/small", 6, true},
	    {"/none", 0, true},
	    {"/none", 1, false},
	};
	char in[256];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(in, sizeof(in), "POST %s HTTP/1.1\r\n" H "Content-Length: %d\r\n\r\n", rows[i].target,
		    rows[i].length);
		if ((strcmp(taken(in, &rules), "413") != 0) != rows[i].good)
			fail_msg("%s %d: %s", rows[i].target, rows[i].length, result);
	}
}

static void
expectations(void **state)
{
	static const struct {
		const char *in;
		const char *status; /* NULL: taken */
		bool expects;
	} rows[] = {
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", NULL, true},
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nExpect: , 100-Continue\r\n\r\n", NULL, true},
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nExpect:\r\n\r\n", NULL, false},
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 0\r\nExpect: 100-continue\r\n\r\n", NULL, false},
	    {"GET / HTTP/1.1\r\n" H "Expect: 100-continue\r\n\r\n", NULL, false},
	    {"POST / HTTP/1.0\r\n" H "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", NULL, false},
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nExpect: miracles\r\n\r\n", "417", false},
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nExpect: 100-continue\r\nExpect: more\r\n\r\n", "417", false},
	    /* Too much is said before anything else: nobody may be asked to send it. */
	    {"POST / HTTP/1.1\r\n" H "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n", "413", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *out = taken(rows[i].in, &strangers);

		if (rows[i].status != NULL)
			assert_string_equal(out, rows[i].status);
		else
			assert_null(strstr(out, "expect"));
		assert_int_equal(expects, rows[i].expects);
	}
}

static void
who_speaks_for_others(void **state)
{
	static const struct row forged[] = {
	    {"both are dropped", "GET / HTTP/1.1\r\n" H "X-Real-IP: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n",
		GET "\r\n"},
	    {"however many and broken", "GET / HTTP/1.1\r\n" H "X-Real-IP: \xff\r\nx-real-ip: b\r\n\r\n", GET "\r\n"},
	};
	static const struct row true_ones[] = {
	    {"IPv4", "GET / HTTP/1.1\r\n" H "X-Real-IP: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n",
		GET "x-real-ip:1.2.3.4\r\nx-forwarded-proto:https\r\n\r\n"},
	    {"IPv6", "GET / HTTP/1.1\r\n" H "X-Real-IP: 2001:db8::1\r\nX-Forwarded-Proto: http\r\n\r\n",
		GET "x-real-ip:2001:db8::1\r\nx-forwarded-proto:http\r\n\r\n"},
	    {"neither", "GET / HTTP/1.1\r\n" H "\r\n", "400"},
	    {"no scheme", "GET / HTTP/1.1\r\n" H "X-Real-IP: 1.2.3.4\r\n\r\n", "400"},
	    {"no address", "GET / HTTP/1.1\r\n" H "X-Forwarded-Proto: https\r\n\r\n", "400"},
	    {"two addresses",
		"GET / HTTP/1.1\r\n" H "X-Real-IP: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n",
		"400"},
	    {"a list of addresses",
		"GET / HTTP/1.1\r\n" H "X-Real-IP: 1.2.3.4, 5.6.7.8\r\nX-Forwarded-Proto: https\r\n\r\n", "400"},
	    {"a name", "GET / HTTP/1.1\r\n" H "X-Real-IP: localhost\r\nX-Forwarded-Proto: https\r\n\r\n", "400"},
	    {"a long word",
		"GET / HTTP/1.1\r\n" H "X-Real-IP: 0000:0000:0000:0000:0000:0000:0000:0000:0000:0000\r\n"
		"X-Forwarded-Proto: https\r\n\r\n",
		"400"},
	    {"another scheme", "GET / HTTP/1.1\r\n" H "X-Real-IP: 1.2.3.4\r\nX-Forwarded-Proto: HTTPS\r\n\r\n", "400"},
	};

	(void)state;
	check(forged, COUNT(forged), &strangers);
	check(true_ones, COUNT(true_ones), &proxies);
}

static void
ends(void **state)
{
	static const struct {
		const char *what;
		const char *in;
		size_t length;
		int status;
		size_t head;
	} rows[] = {
	    {"nothing", TEXT(""), 0, 0},
	    {"half a line", TEXT("GET /"), 0, 0},
	    {"no empty line yet", TEXT("GET / HTTP/1.1\r\n" H), 0, 0},
	    {"half an empty line", TEXT("GET / HTTP/1.1\r\n" H "\r"), 0, 0},
	    {"whole", TEXT("GET / HTTP/1.1\r\n\r\n"), 0, 18},
	    {"whole, and whatever comes behind", TEXT("GET / HTTP/1.1\r\n\r\n\0\n\n"), 0, 18},
	    {"no second head is looked for", TEXT("A\r\n\r\nB\r\n\r\n"), 0, 5},
	    {"a bare LF", TEXT("GET / HTTP/1.1\nHost: a\r\n"), 400, 0},
	    {"LF for the empty line", TEXT("GET / HTTP/1.1\r\n\n"), 400, 0},
	    {"LF in front", TEXT("\nGET"), 400, 0},
	    {"a bare CR", TEXT("GET / HTTP/1.1\rHost"), 400, 0},
	    {"two CR", TEXT("GET / HTTP/1.1\r\r\n"), 400, 0},
	    {"a NUL", TEXT("GET /\0"), 400, 0},
	    {"a control character", TEXT("GET /\x1b"), 400, 0},
	    {"DEL", TEXT("GET / HTTP/1.1\r\nA: \x7f"), 400, 0},
	    {"a tab and bytes beyond ASCII may be", TEXT("A\t\x80\xff\r\n\r\n"), 0, 8},
	    {"a TLS greeting", TEXT("\x16\x03\x01\x02"), 400, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned char *bytes = malloc(rows[i].length + 1);
		size_t head = 99;
		int status;

		assert_non_null(bytes);
		/* At the end of it, so that nothing stands behind. */
		memcpy(bytes + 1, rows[i].in, rows[i].length);
		status = door_head_find(bytes + 1, rows[i].length, &head);
		free(bytes);
		if (status != rows[i].status || head != rows[i].head)
			fail_msg("%s: status %d, head of %zu", rows[i].what, status, head);
	}
}

/* Requests with targets as long as can be: what fits is read, one byte more is 414, with or without its end. */
static void
targets_have_an_end(void **state)
{
	static char in[DOOR_HEAD_TARGET_MOST + 100];

	(void)state;
	for (size_t length = DOOR_HEAD_TARGET_MOST - 1; length <= DOOR_HEAD_TARGET_MOST + 1; length++) {
		char *at = in;

		memcpy(at, "OPTIONS /", 9);
		memset(at + 9, 'a', length - 1);
		memcpy(at + 8 + length, " HTTP/1.1\r\n" H "\r\n", sizeof(" HTTP/1.1\r\n" H "\r\n"));
		assert_int_equal(strcmp(taken(in, &strangers), "414") == 0, length > DOOR_HEAD_TARGET_MOST);
		memcpy(at, "GET /aaaa", 9);
		assert_int_equal(strcmp(taken(in, &strangers), "414") == 0, length + 4 > DOOR_HEAD_TARGET_MOST);
	}
	memset(in, 'a', sizeof(in));
	assert_string_equal(taken_bytes(in, DOOR_HEAD_TARGET_MOST + 19, &strangers), "414");
	assert_string_equal(taken_bytes(in, DOOR_HEAD_TARGET_MOST + 18, &strangers), "not whole");
}

/* Heads of the greatest size, one of many small lines and one of a long one, are read and do not grow. */
static void
great_heads(void **state)
{
	static unsigned char in[DOOR_HEAD_MOST];
	static const char opening[] = "GET / HTTP/1.1\r\n" H, line[] = "Cookie:a=\r\n", end[] = "\r\n\r\n";
	const size_t opening_length = sizeof(opening) - 1, line_length = sizeof(line) - 1, end_length = sizeof(end) - 1;
	size_t length, head;

	(void)state;
	memcpy(in, opening, opening_length);
	for (length = opening_length; length + line_length + 2 <= sizeof(in); length += line_length)
		memcpy(in + length, line, line_length);
	memcpy(in + length, end, 2);
	length += 2;
	assert_int_equal(door_head_find(in, length, &head), 0);
	assert_int_equal(head, length);
	assert_int_equal(door_head_rewrite(in, &length, &strangers, &expects), 0);
	assert_true(length < head);
	assert_int_equal(door_head_find(in, length, &head), 0);
	assert_int_equal(head, length);

	memset(in, 'a', sizeof(in));
	memcpy(in, opening, opening_length);
	memcpy(in + opening_length, line, line_length - 2);
	memcpy(in + sizeof(in) - end_length, end, end_length);
	length = sizeof(in);
	assert_int_equal(door_head_rewrite(in, &length, &strangers, &expects), 0);
	assert_int_equal(length, sizeof(in) - 1); /* the blank behind "Host:" */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(request_lines),
	    cmocka_unit_test(header_lines),
	    cmocka_unit_test(hosts),
	    cmocka_unit_test(bodies),
	    cmocka_unit_test(bodies_have_the_limit_of_their_path),
	    cmocka_unit_test(expectations),
	    cmocka_unit_test(who_speaks_for_others),
	    cmocka_unit_test(ends),
	    cmocka_unit_test(targets_have_an_end),
	    cmocka_unit_test(great_heads),
	};

	return (cmocka_run_group_tests_name("door_head", tests, NULL, NULL));
}
