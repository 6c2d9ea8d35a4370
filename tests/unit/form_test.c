/*
 * Tests of app/base/form: tables of what visitors, browsers, scripts and
 * attackers send, each beside what must come of it.
 *
 * What a form holds is written as one line: name=value, name#1 a JSON number,
 * name?true a JSON bool, name[filename]=bytes a file; faults as !field:key;
 * 400 in front when the bytes themselves were bad. Control bytes as <hex>.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/form.h"

#define TEXT(text) (text), sizeof(text) - 1
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct arena *arena;
static struct form form;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	form_open(&form, arena);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static void
put_visible(struct buffer *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte < 0x20 || byte == 0x7f)
			buffer_word(out, arena_format(arena, "<%02x>", byte));
		else
			buffer_add(out, text + i, 1);
	}
}

static const char *
held(void)
{
	struct buffer out;

	buffer_open(&out, arena, 64);
	if (form.broken)
		buffer_word(&out, "400");
	for (const struct form_field *field = form.first; field != NULL; field = field->next) {
		if (out.length > 0)
			buffer_word(&out, " ");
		put_visible(&out, field->name, strlen(field->name));
		if (field->type == FORM_FILE) {
			buffer_word(&out, "[");
			put_visible(&out, field->filename, strlen(field->filename));
			buffer_word(&out, "]");
		}
		buffer_word(&out, field->type == FORM_NUMBER ? "#" : field->type == FORM_BOOL ? "?" : "=");
		put_visible(&out, field->value, field->length);
		assert_int_equal(field->value[field->length], '\0');
	}
	for (const struct form_fault *fault = form.fault; fault != NULL; fault = fault->next) {
		buffer_word(&out, out.length > 0 ? " !" : "!");
		put_visible(&out, fault->field, strlen(fault->field));
		buffer_word(&out, ":");
		buffer_word(&out, fault->key);
	}
	return (out.at);
}

/*
 * Each case reads a copy that ends where malloc's piece ends, so that
 * AddressSanitizer sees a reader who looks one byte too far.
 */
static const char *
exact(const char *text, size_t length)
{
	char *copy = arena_take(arena, length);

	memcpy(copy, text, length);
	return (copy);
}

struct sent {
	const char *at;
	size_t length;
	const char *held;
};

static void
check_query(const struct sent *one)
{
	form_open(&form, arena);
	form_read_query(&form, exact(one->at, one->length), one->length);
	if (strcmp(held(), one->held) != 0)
		fail_msg("query %s\n  holds %s\n  not   %s", one->at, held(), one->held);
}

static void
queries(void **state)
{
	static const struct sent cases[] = {
	    {TEXT(""), ""},
	    {TEXT("a=1"), "a=1"},
	    {TEXT("a=1&b=2"), "a=1 b=2"},
	    {TEXT("a"), "a="},
	    {TEXT("a="), "a="},
	    {TEXT("=a"), "=a"},
	    {TEXT("="), "="},
	    {TEXT("&&a=1&&&b=2&"), "a=1 b=2"},
	    {TEXT("a=1&a=2&a="), "a=1 a=2 a="},
	    {TEXT("a=b=c=="), "a=b=c=="},
	    {TEXT("a=b?c/d;e"), "a=b?c/d;e"},
	    {TEXT("a=x+y%20z%2B"), "a=x y z+"},
	    {TEXT("a+b%3D=1%26"), "a b==1&"},
	    {TEXT("name=%E6%B2%99%e5%a2%99"), "name=沙墙"},
	    {TEXT("name=沙墙"), "name=沙墙"},
	    {TEXT("text=one%0D%0Atwo%09x"), "text=one<0d><0a>two<09>x"},
	    {TEXT("a=%25%32%35"), "a=%25"},
	    /* Percent signs that are no escapes. */
	    {TEXT("a=%"), "400 !a:form.bytes"},
	    {TEXT("a=1%4"), "400 !a:form.bytes"},
	    {TEXT("a=%4&b=1"), "400 b=1 !a:form.bytes"},
	    {TEXT("a=%zz"), "400 !a:form.bytes"},
	    {TEXT("a=%4g"), "400 !a:form.bytes"},
	    {TEXT("a=%%41"), "400 !a:form.bytes"},
	    {TEXT("a=%+1"), "400 !a:form.bytes"},
	    {TEXT("a=%u6c99"), "400 !a:form.bytes"},
	    {TEXT("%=1"), "400 !:form.bytes"},
	    /* NUL, raw and escaped, in value and name. */
	    {TEXT("a=x%00y&b=2"), "400 b=2 !a:form.bytes"},
	    {TEXT("a=x\0y&b=2"), "400 b=2 !a:form.bytes"},
	    {TEXT("a%00b=1"), "400 !:form.bytes"},
	    /* UTF-8 that is none. */
	    {TEXT("a=%C0%80"), "400 !a:form.bytes"},
	    {TEXT("a=%C1%BF"), "400 !a:form.bytes"},
	    {TEXT("a=%E0%80%80"), "400 !a:form.bytes"},
	    {TEXT("a=%E0%9F%BF"), "400 !a:form.bytes"},
	    {TEXT("a=%F0%80%80%80"), "400 !a:form.bytes"},
	    {TEXT("a=%F0%8F%BF%BF"), "400 !a:form.bytes"},
	    {TEXT("a=%ED%A0%80"), "400 !a:form.bytes"},
	    {TEXT("a=%ED%BF%BF"), "400 !a:form.bytes"},
	    {TEXT("a=%ED%A0%BD%ED%B8%80"), "400 !a:form.bytes"},
	    {TEXT("a=%F4%90%80%80"), "400 !a:form.bytes"},
	    {TEXT("a=%F5%80%80%80"), "400 !a:form.bytes"},
	    {TEXT("a=%FE"), "400 !a:form.bytes"},
	    {TEXT("a=%FF"), "400 !a:form.bytes"},
	    {TEXT("a=%80"), "400 !a:form.bytes"},
	    {TEXT("a=%E6%B2"), "400 !a:form.bytes"},
	    {TEXT("a=%E6%B2x"), "400 !a:form.bytes"},
	    {TEXT("a=%E6x%B2"), "400 !a:form.bytes"},
	    {TEXT("a=%C9%B3%C7%BD%FF"), "400 !a:form.bytes"},
	    {TEXT("%FF=1"), "400 !:form.bytes"},
	    /* The edges of what is good. */
	    {TEXT("a=%C2%80|%DF%BF|%E0%A0%80|%ED%9F%BF|%EE%80%80|%EF%BF%BF|%F0%90%80%80|%F4%8F%BF%BF"),
		"a=\xc2\x80|\xdf\xbf|"
		"\xe0\xa0\x80|\xed\x9f\xbf|\xee\x80\x80|\xef\xbf\xbf|\xf0\x90\x80\x80|\xf4\x8f\xbf\xbf"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_query(&cases[i]);
}

static void
there_is_an_end_to_fields(void **state)
{
	struct buffer out;

	(void)state;
	buffer_open(&out, arena, 64);
	for (int i = 0; i < FORM_FIELDS_MOST; i++)
		buffer_word(&out, "a=1&");
	form_read_query(&form, out.at, out.length);
	assert_null(form.fault);
	assert_int_equal(form_count(&form, "a"), FORM_FIELDS_MOST);
	/* The query string and the body count together. */
	form_read_query(&form, TEXT("b=1&c=2"));
	assert_true(form.broken);
	assert_string_equal(form_fault_of(&form, ""), "form.too_many");
	assert_null(form_typed(&form, "b"));

	/* Bad ones count as well, or a megabyte of them would take seconds. */
	buffer_open(&out, arena, 64);
	for (int i = 0; i < 100000; i++) {
		buffer_int(&out, i);
		buffer_word(&out, "=%&");
	}
	form_open(&form, arena);
	form_read_query(&form, out.at, out.length);
	assert_string_equal(form_fault_of(&form, ""), "form.too_many");
	assert_null(form_fault_of(&form, "512"));
}

static void
there_is_an_end_to_names(void **state)
{
	char name[FORM_NAME_MOST + 2];

	(void)state;
	memset(name, 'n', sizeof(name));
	form_read_query(&form, name, FORM_NAME_MOST);
	assert_null(form.fault);
	assert_int_equal(form.count, 1);
	form_read_query(&form, name, FORM_NAME_MOST + 1);
	assert_string_equal(form_fault_of(&form, ""), "form.long");
	assert_true(form.broken);
}

#define PART(rest) "--b\r\nContent-Disposition: form-data; " rest "\r\n"
#define LAST "--b--\r\n"

static void
multipart(void **state)
{
	static const struct sent cases[] = {
	    {TEXT(LAST), ""},
	    {TEXT("--b--"), ""},
	    {TEXT(PART("name=a\r\n\r\n1") LAST), "a=1"},
	    {TEXT(PART("name=\"a\"\r\n\r\n1") PART("name=\"b\"\r\n\r\n2") LAST), "a=1 b=2"},
	    {TEXT(PART("name=a\r\n\r\n1") PART("name=a\r\n\r\n2") PART("name=a\r\n\r\n") LAST), "a=1 a=2 a="},
	    {TEXT(PART("name=\"沙\"\r\n\r\n墙") LAST), "沙=墙"},
	    {TEXT(PART("name=\"\"\r\n\r\n1") LAST), "=1"},
	    /* Values of every shape stay whole. */
	    {TEXT(PART("name=a\r\n\r\none\r\ntwo\r\n\r\nthree\r\n") LAST),
		"a=one<0d><0a>two<0d><0a><0d><0a>three<0d><0a>"},
	    {TEXT(PART("name=a\r\n\r\n\r\n") LAST), "a=<0d><0a>"},
	    {TEXT(PART("name=a\r\n\r\n\r") LAST), "a=<0d>"},
	    {TEXT(PART("name=a\r\n\r\n--") LAST), "a=--"},
	    {TEXT(PART("name=a\r\n\r\n--bb") LAST), "a=--bb"},
	    {TEXT(PART("name=a\r\n\r\n\n--b\n--b--") LAST), "a=<0a>--b<0a>--b--"},
	    {TEXT(PART("name=a\r\n\r\nx\r\n--bc\r\n--b-x\r\n--b--x\r\n--by") LAST),
		"a=x<0d><0a>--bc<0d><0a>--b-x<0d><0a>--b--x<0d><0a>--by"},
	    {TEXT(PART("name=a\r\n\r\nx\r\n-\r\n--\r\n--\r") LAST), "a=x<0d><0a>-<0d><0a>--<0d><0a>--<0d>"},
	    /* Files. */
	    {TEXT(PART("name=p; filename=\"a;b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff") LAST),
		"p[a;b.jpg]=\xff\xd8\xff"},
	    {TEXT(PART("name=p; filename=\"房间 东厢=1.jpg\"\r\n\r\nx") LAST), "p[房间 东厢=1.jpg]=x"},
	    {TEXT(PART("name=p; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n") LAST), "p[]="},
	    {TEXT(PART("name=p; filename=x\r\n\r\na\0b\0") LAST), "p[x]=a<00>b<00>"},
	    {TEXT(PART("filename=x; name=p\r\n\r\n1") LAST), "p[x]=1"},
	    {TEXT(PART("name=p; filename=\"../../etc/passwd\"\r\n\r\n1") LAST), "p[../../etc/passwd]=1"},
	    {TEXT(PART("name=p; filename=\"C:\\photos\\a.jpg\"\r\n\r\n1") LAST), "p[C:\\photos\\a.jpg]=1"},
	    {TEXT(PART("name=p; filename=\"a\\\"b\\\\c.jpg\"\r\n\r\n1") LAST), "p[a\"b\\c.jpg]=1"},
	    {TEXT(PART("name=p; filename=\"a%22b.jpg\"\r\n\r\n1") LAST), "p[a%22b.jpg]=1"},
	    {TEXT(PART("name=p; filename=\"a.jpg\"; filename*=UTF-8''evil.html\r\n\r\n1") LAST), "p[a.jpg]=1"},
	    {TEXT(PART("name=p; filename*=UTF-8''a.jpg\r\n\r\n1") LAST), "p=1"},
	    {TEXT(PART("name=a; name*=UTF-8''b\r\n\r\n1") LAST), "a=1"},
	    /* Headers as they may come. */
	    {TEXT("--b\r\ncontent-disposition:form-data;name=a\r\n\r\n1\r\n" LAST), "a=1"},
	    {TEXT("--b\r\nCONTENT-DISPOSITION: \t FORM-DATA \t; \tNAME=a ; \r\n\r\n1\r\n" LAST), "a=1"},
	    {TEXT("--b\r\nX-A: 1\r\nX-B:\r\nX-C: name=evil\r\nContent-Disposition: form-data; name=a\r\nX-D: 4\r\n"
		  "X-E: 5\r\nX-F: 6\r\nX-G: 7\r\nX-H: 8\r\n"
		  "Content-Type: text/plain; charset=utf-8\r\n\r\n1\r\n" LAST),
		"a=1"},
	    {TEXT(PART("name=a\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n folded: more\r\n\r\n1") LAST),
		"a=1"},
	    {TEXT(PART("name=a\r\nContent-Transfer-Encoding: 8bit\r\n\r\n1") LAST), "a=1"},
	    {TEXT(PART("name=\"a;b=c\"; x=\"name=z\"\r\n\r\n1") LAST), "a;b=c=1"},
	    /* Headers, and the CRLF of the next boundary for a blank line. */
	    {TEXT(PART("name=a\r\n") LAST), "a="},
	    /* Before and after, padded. */
	    {TEXT("what is this\r\n" PART("name=a\r\n\r\n1") LAST), "a=1"},
	    {TEXT("\r\n" PART("name=a\r\n\r\n1") LAST), "a=1"},
	    {TEXT("--b \t \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b-- \r\nand more\r\n" PART(
		 "name=z\r\n\r\n2") LAST),
		"a=1"},
	    /* Cut off anywhere. */
	    {TEXT(""), "400 !:form.bytes"},
	    {TEXT("--b"), "400 !:form.bytes"},
	    {TEXT("--b\r\n"), "400 !:form.bytes"},
	    {TEXT("--b\r\n\r\n"), "400 !:form.bytes"},
	    {TEXT("--b-"), "400 !:form.bytes"},
	    {TEXT(PART("name=a")), "400 !:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n1")), "400 !:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n1") "--b"), "400 !:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n1") "--b\r\n"), "400 a=1 !:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n1") "--b-"), "400 !:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n1") "--c--\r\n"), "400 !:form.bytes"},
	    {TEXT("--b\nContent-Disposition: form-data; name=a\n\n1\n--b--\n"), "400 !:form.bytes"},
	    {TEXT("a=1&b=2"), "400 !:form.bytes"},
	    /* Parts that are none. */
	    {TEXT("--b\r\n--b--"), "400 !:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n--b") LAST), "400 a= !:form.bytes"},
	    {TEXT("--b\r\n\r\n--b--"), "400 !:form.bytes"},
	    {TEXT("--b\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\nContent-Type: text/plain\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=a") LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\nContent-Disposition: form-datax; name=a\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\nno colon\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT("--b\r\n Content-Disposition: form-data; name=a\r\n\r\n1\r\n" LAST), "400 !:form.bytes"},
	    {TEXT(PART("filename=a\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=\"a\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=\"a\\\"\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=\"a\" x\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a; =b\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a; filename=\"x\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a; filename=x.jpg y\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a; name=b\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a; filename=b; filename=c\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a;\r\n filename=x\r\n\r\n1") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==") LAST), "400 !a:form.bytes"},
	    {TEXT(PART("name=a\nX: y\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=a\rX: y\r\n\r\n1") LAST), "400 !:form.bytes"},
	    /* Bytes that are no text, by field, and the rest still read. */
	    {TEXT(PART("name=a\r\n\r\nx\0y") PART("name=b\r\n\r\n2") LAST), "400 b=2 !a:form.bytes"},
	    {TEXT(PART("name=a\r\n\r\n\xed\xa0\x80") PART("name=b\r\n\r\n\xc0\xaf") LAST),
		"400 !a:form.bytes !b:form.bytes"},
	    {TEXT(PART("name=\"a\0b\"\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=\"\xff\"\r\n\r\n1") LAST), "400 !:form.bytes"},
	    {TEXT(PART("name=p; filename=\"a\0.jpg\"\r\n\r\n1") LAST), "400 !p:form.bytes"},
	    {TEXT(PART("name=p; filename=\"\xb7\xbf.jpg\"\r\n\r\n1") LAST), "400 !p:form.bytes"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		form_open(&form, arena);
		form_read_multipart(
		    &form, "multipart/form-data; boundary=b", exact(cases[i].at, cases[i].length), cases[i].length);
		if (strcmp(held(), cases[i].held) != 0)
			fail_msg(
			    "multipart case %zu\n%s\n  holds %s\n  not   %s", i, cases[i].at, held(), cases[i].held);
	}
}

static void
boundaries(void **state)
{
	static const struct {
		const char *type;
		const char *boundary;
	} good[] = {
	    {"multipart/form-data; boundary=b", "b"},
	    {"Multipart/Form-Data;BOUNDARY=b", "b"},
	    {"multipart/form-data; boundary=\"b\"", "b"},
	    {"multipart/form-data; charset=utf-8; boundary=\"a b:c\"; x=y", "a b:c"},
	    {" multipart/form-data ; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
		"----WebKitFormBoundary7MA4YWxkTrZu0gW"},
	    {"multipart/form-data; boundary=---------------------------9051914041544843365972754266",
		"---------------------------9051914041544843365972754266"},
	    {"multipart/form-data; boundary=a'()+_,-./:=?", "a'()+_,-./:=?"},
	    {"multipart/form-data; "
	     "boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
		"1234567890123456789012345678901234567890123456789012345678901234567890"},
	};
	static const char *const bad[] = {
	    NULL,
	    "",
	    "multipart/form-data",
	    "multipart/form-data;",
	    "multipart/form-data; boundary",
	    "multipart/form-data; boundary=",
	    "multipart/form-data; boundary=\"\"",
	    "multipart/form-data; boundary=\"b",
	    "multipart/form-data; boundary=\"b \"",
	    "multipart/form-data; boundary=b; boundary=c",
	    "multipart/form-data; boundary=b c",
	    "multipart/form-data boundary=b",
	    "multipart/form-datax; boundary=b",
	    "multipart/mixed; boundary=b",
	    "application/x-www-form-urlencoded; boundary=b",
	    "multipart/form-data; boundary=\"b\r\nc\"",
	    "multipart/form-data; boundary=b\xe6\xb2\x99",
	    "multipart/form-data; boundary=b{c}",
	    "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const char *body =
		    arena_format(arena, "--%s\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--%s--\r\n",
			good[i].boundary, good[i].boundary);

		form_open(&form, arena);
		form_read_multipart(&form, good[i].type, body, strlen(body));
		if (strcmp(held(), "a=1") != 0)
			fail_msg("%s: %s", good[i].type, held());
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		form_open(&form, arena);
		form_read_multipart(&form, bad[i], TEXT(PART("name=a\r\n\r\n1") LAST));
		if (strcmp(held(), "400 !:form.bytes") != 0)
			fail_msg("%s: %s", bad[i], held());
	}
}

static void
a_hostile_body_stays_cheap(void **state)
{
	struct buffer out;
	size_t before;

	(void)state;
	/* One header with very many parameters. */
	buffer_open(&out, arena, 64);
	buffer_word(&out, "--b\r\nContent-Disposition: form-data; name=a");
	for (int i = 0; i < 100000; i++)
		buffer_word(&out, ";x=\"y\"");
	buffer_word(&out, "\r\n\r\n1\r\n" LAST);
	before = arena_bytes(arena);
	form_read_multipart(&form, "multipart/form-data; boundary=b", out.at, out.length);
	assert_string_equal(held(), "a=1");
	assert_true(arena_bytes(arena) - before < (size_t)8 * 1024 * 1024);

	/* Very many parts. */
	buffer_open(&out, arena, 64);
	for (int i = 0; i < 20000; i++)
		buffer_word(&out, PART("name=a\r\n\r\n1"));
	buffer_word(&out, LAST);
	form_open(&form, arena);
	form_read_multipart(&form, "multipart/form-data; boundary=b", out.at, out.length);
	assert_string_equal(form_fault_of(&form, ""), "form.too_many");

	/* Very many lines that are nearly boundaries. */
	buffer_open(&out, arena, 64);
	buffer_word(&out, PART("name=a\r\n"));
	for (int i = 0; i < 100000; i++)
		buffer_word(&out, "--b x\r\n");
	buffer_word(&out, LAST);
	form_open(&form, arena);
	form_read_multipart(&form, "multipart/form-data; boundary=b", out.at, out.length);
	assert_null(form.fault);
	assert_int_equal(form.first->length, 100000 * 7 - 2);

	/* A long name around very many small values. */
	buffer_open(&out, arena, 64);
	buffer_word(&out, "{\"");
	for (int i = 0; i < 300000; i++)
		buffer_word(&out, "k");
	buffer_word(&out, "\":[");
	for (int i = 0; i < 500; i++)
		buffer_word(&out, "{\"a\":1},");
	buffer_word(&out, "1]}");
	form_open(&form, arena);
	before = arena_bytes(arena);
	form_read_json(&form, out.at, out.length);
	assert_string_equal(form_fault_of(&form, ""), "form.long");
	assert_true(arena_bytes(arena) - before < (size_t)2 * 1024 * 1024);
}

#define NEST4(inner) "{\"a\":{\"a\":{\"a\":{\"a\":" inner "}}}}"

static void
json(void **state)
{
	static const struct sent cases[] = {
	    {TEXT("{}"), ""},
	    {TEXT(" \t\r\n{ } \n"), ""},
	    {TEXT("{\"a\":\"1\",\"b\":2,\"c\":true,\"d\":false,\"e\":null}"), "a=1 b#2 c?true d?false e="},
	    {TEXT("{\"guest\":{\"name\":\"王\",\"phone\":{\"home\":\"1\"}}}"), "guest.name=王 guest.phone.home=1"},
	    {TEXT("{\"room\":[1,2,3],\"none\":[],\"empty\":{}}"), "room#1 room#2 room#3"},
	    {TEXT("{\"room\":[{\"id\":1,\"n\":2},{\"id\":3}]}"), "room.id#1 room.n#2 room.id#3"},
	    {TEXT("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"), "a=\"\\/<08><0c><0a><0d><09>"},
	    {TEXT("{\"a\":\"\\u6c99\\u0041\\uD83D\\uDE00\\ud83d\\ude00\\u00e9\"}"), "a=沙A😀😀é"},
	    {TEXT("{\"\\u0061\":1}"), "a#1"},
	    {TEXT("{\"\":1}"), "#1"},
	    {TEXT("{ \"a\" : [ 1 , \"2\" ] , \"b\" : -0 }"), "a#1 a=2 b#-0"},
	    /* Numbers: whole ones fit 64 bits, others stay as sent. */
	    {TEXT("{\"a\":9223372036854775807,\"b\":-9223372036854775808}"),
		"a#9223372036854775807 b#-9223372036854775808"},
	    {TEXT("{\"a\":9223372036854775808}"), "400 !a:form.range"},
	    {TEXT("{\"a\":-9223372036854775809}"), "400 !a:form.range"},
	    {TEXT("{\"x\":{\"y\":[1,18446744073709551616]}}"), "400 x.y#1 !x.y:form.range"},
	    {TEXT("{\"a\":100000000000000000000000000000000000000000}"), "400 !a:form.range"},
	    {TEXT("{\"a\":1.50,\"b\":1e3,\"c\":-0.0E-0,\"d\":1e400}"), "a#1.50 b#1e3 c#-0.0E-0 d#1e400"},
	    /* The same key twice, also when written differently. */
	    {TEXT("{\"a\":1,\"a\":2}"), "400 a#1 a#2 !a:form.repeated"},
	    {TEXT("{\"a\":1,\"\\u0061\":2}"), "400 a#1 a#2 !a:form.repeated"},
	    {TEXT("{\"x\":{\"a\":1,\"b\":2,\"a\":{}}}"), "400 x.a#1 x.b#2 !x.a:form.repeated"},
	    {TEXT("{\"x\":[{\"a\":[]},{\"a\":[],\"a\":[]}]}"), "400 !x.a:form.repeated"},
	    {TEXT("{\"a\":{\"b\":1},\"b\":1}"), "a.b#1 b#1"},
	    /* NUL, half surrogates, bad UTF-8, named. */
	    {TEXT("{\"a\":\"x\\u0000y\",\"b\":1}"), "400 b#1 !a:form.bytes"},
	    {TEXT("{\"a\":\"x\0y\",\"b\":1}"), "400 b#1 !a:form.bytes"},
	    {TEXT("{\"a\":\"\\ud800\"}"), "400 !a:form.bytes"},
	    {TEXT("{\"a\":\"\\ude00\"}"), "400 !a:form.bytes"},
	    {TEXT("{\"a\":\"\\ud800\\ud800\"}"), "400 !a:form.bytes"},
	    {TEXT("{\"a\":\"\\ud83dx\\ude00\"}"), "400 !a:form.bytes"},
	    {TEXT("{\"a\":\"\xed\xa0\xbd\xed\xb8\x80\"}"), "400 !a:form.bytes"},
	    {TEXT("{\"g\":{\"a\":\"\xc0\x80\"}}"), "400 !g.a:form.bytes"},
	    {TEXT("{\"a\":\"\xff\"}"), "400 !a:form.bytes"},
	    {TEXT("{\"g\":{\"\\u0000\":1}}"), "400 !g:form.bytes"},
	    {TEXT("{\"\xff\":1}"), "400 !:form.bytes"},
	    /* Not one object. */
	    {TEXT(""), "400 !:form.json"},
	    {TEXT(" "), "400 !:form.json"},
	    {TEXT("[]"), "400 !:form.json"},
	    {TEXT("[{\"a\":1}]"), "400 !:form.json"},
	    {TEXT("1"), "400 !:form.json"},
	    {TEXT("\"a\""), "400 !:form.json"},
	    {TEXT("null"), "400 !:form.json"},
	    {TEXT("{}{}"), "400 !:form.json"},
	    {TEXT("{},"), "400 !:form.json"},
	    {TEXT("{}\0"), "400 !:form.json"},
	    {TEXT("\0{}"), "400 !:form.json"},
	    {TEXT("\xef\xbb\xbf{}"), "400 !:form.json"},
	    {TEXT("{\"a\":1} x"), "400 a#1 !:form.json"},
	    /* Not JSON. */
	    {TEXT("{"), "400 !:form.json"},
	    {TEXT("{\""), "400 !:form.json"},
	    {TEXT("{\"a"), "400 !:form.json"},
	    {TEXT("{\"a\""), "400 !:form.json"},
	    {TEXT("{\"a\":"), "400 !:form.json"},
	    {TEXT("{\"a\":\""), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\"), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\\""), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\u00"), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\u00\"}"), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\ud83d\\u\"}"), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\x41\"}"), "400 !:form.json"},
	    {TEXT("{\"a\":\"\\\0\"}"), "400 !:form.json"},
	    {TEXT("{\"a\":1"), "400 a#1 !:form.json"},
	    {TEXT("{\"a\":1,"), "400 a#1 !:form.json"},
	    {TEXT("{\"a\":1,}"), "400 a#1 !:form.json"},
	    {TEXT("{,}"), "400 !:form.json"},
	    {TEXT("{\"a\":[1,]}"), "400 a#1 !:form.json"},
	    {TEXT("{\"a\":[1}"), "400 a#1 !:form.json"},
	    {TEXT("{\"a\" 1}"), "400 !:form.json"},
	    {TEXT("{\"a\":1 \"b\":2}"), "400 a#1 !:form.json"},
	    {TEXT("{a:1}"), "400 !:form.json"},
	    {TEXT("{'a':1}"), "400 !:form.json"},
	    {TEXT("{1:1}"), "400 !:form.json"},
	    {TEXT("{\"a\":'1'}"), "400 !:form.json"},
	    {TEXT("{\"a\":NaN}"), "400 !:form.json"},
	    {TEXT("{\"a\":Infinity}"), "400 !:form.json"},
	    {TEXT("{\"a\":-Infinity}"), "400 !:form.json"},
	    {TEXT("{\"a\":nul}"), "400 !:form.json"},
	    {TEXT("{\"a\":TRUE}"), "400 !:form.json"},
	    {TEXT("{\"a\":truex}"), "400 a?true !:form.json"},
	    {TEXT("{\"a\":01}"), "400 a#0 !:form.json"},
	    {TEXT("{\"a\":+1}"), "400 !:form.json"},
	    {TEXT("{\"a\":-}"), "400 !:form.json"},
	    {TEXT("{\"a\":.5}"), "400 !:form.json"},
	    {TEXT("{\"a\":1.}"), "400 !:form.json"},
	    {TEXT("{\"a\":1e}"), "400 !:form.json"},
	    {TEXT("{\"a\":1e+}"), "400 !:form.json"},
	    {TEXT("{\"a\":0x10}"), "400 a#0 !:form.json"},
	    {TEXT("{\"a\":\"one\ntwo\"}"), "400 !:form.json"},
	    {TEXT("{\"a\":\"\x1f\"}"), "400 !:form.json"},
	    {TEXT("{\"a\"\v:1}"), "400 !:form.json"},
	    {TEXT("{/**/\"a\":1}"), "400 !:form.json"},
	    {TEXT("{\"a\":1}//"), "400 a#1 !:form.json"},
	    /* A list right inside a list would lose its shape. */
	    {TEXT("{\"a\":[[1],[2]]}"), "400 !a:form.word"},
	    /* Sixteen deep and no deeper. */
	    {TEXT(NEST4(NEST4(NEST4(NEST4("1"))))), "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a#1"},
	    {TEXT(NEST4(NEST4(NEST4("{\"a\":{\"a\":{\"a\":{\"a\":[]}}}}")))), "400 !:form.json"},
	    {TEXT(NEST4(NEST4(NEST4(NEST4("{}"))))), "400 !:form.json"},
	    {TEXT(NEST4(NEST4(NEST4("{\"a\":{\"a\":{\"a\":{}}}}")))), ""},
	    {TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["), "400 !:form.json"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		form_open(&form, arena);
		form_read_json(&form, exact(cases[i].at, cases[i].length), cases[i].length);
		assert_true(form.json);
		if (strcmp(held(), cases[i].held) != 0)
			fail_msg("json %s\n  holds %s\n  not   %s", cases[i].at, held(), cases[i].held);
	}
}

static void
json_has_an_end_too(void **state)
{
	struct buffer out;

	(void)state;
	buffer_open(&out, arena, 64);
	buffer_word(&out, "{\"a\":[0");
	for (int i = 1; i < FORM_FIELDS_MOST; i++)
		buffer_word(&out, ",1");
	form_read_json(&form, arena_format(arena, "%s]}", out.at), out.length + 2);
	assert_null(form.fault);
	form_open(&form, arena);
	form_read_json(&form, arena_format(arena, "%s,1]}", out.at), out.length + 4);
	assert_string_equal(form_fault_of(&form, ""), "form.too_many");

	/* Keys without values count as well. */
	buffer_open(&out, arena, 64);
	buffer_word(&out, "{\"x\":[");
	for (int i = 0; i < 50000; i++)
		buffer_word(&out, arena_format(arena, "{\"%d\":{}},", i));
	buffer_word(&out, "1]}");
	form_open(&form, arena);
	form_read_json(&form, out.at, out.length);
	assert_string_equal(form_fault_of(&form, ""), "form.too_many");
}

/* --- Readers --- */

static void
query(const char *text)
{
	form_open(&form, arena);
	form_read_query(&form, text, strlen(text));
	assert_false(form.broken);
}

static void
document(const char *text)
{
	form_open(&form, arena);
	form_read_json(&form, text, strlen(text));
	assert_false(form.broken);
}

/* The fault of field a, "" when there is none; and no other field has one. */
static const char *
fault(void)
{
	const char *key = form_fault_of(&form, "a");

	assert_true(form.fault == NULL || (strcmp(form.fault->field, "a") == 0 && form.fault->next == NULL));
	return (key != NULL ? key : "");
}

static void
typed_and_counted(void **state)
{
	(void)state;
	query("a=1&b=2&a=3");
	form_read_multipart(
	    &form, "multipart/form-data; boundary=b", TEXT(PART("name=p; filename=x\r\n\r\n\xff") LAST));
	assert_string_equal(form_typed(&form, "a"), "1");
	assert_null(form_typed(&form, "c"));
	assert_null(form_typed(&form, "p"));
	assert_int_equal(form_count(&form, "a"), 2);
	assert_int_equal(form_count(&form, "c"), 0);
	assert_string_equal(form_nth(&form, "a", 1)->value, "3");
	assert_null(form_nth(&form, "a", 2));
	assert_int_equal(form_nth(&form, "p", 0)->type, FORM_FILE);
}

static void
refusals_keep_their_first_word(void **state)
{
	char field[] = "a", key[] = "booking.taken";

	(void)state;
	form_refuse(&form, field, key);
	field[0] = key[0] = 'x';
	form_refuse(&form, "a", "form.word");
	form_refuse(&form, "b", "form.word");
	assert_string_equal(form_fault_of(&form, "a"), "booking.taken");
	assert_string_equal(form_fault_of(&form, "b"), "form.word");
	assert_null(form_fault_of(&form, "c"));
	assert_false(form.broken);
}

static void
a_bad_value_is_blamed_on_its_bytes(void **state)
{
	(void)state;
	form_read_query(&form, TEXT("a=%FF"));
	assert_string_equal(form_line(&form, "a", 1, 10), "");
	assert_string_equal(fault(), "form.bytes");
}

static void
ids(void **state)
{
	static const struct {
		const char *sent;
		int64_t id;
		const char *fault;
		bool json;
	} cases[] = {
	    {"a=1", 1, "", false},
	    {"a=9007199254740991", INT64_C(9007199254740991), "", false},
	    {"a=+7%09", 7, "", false},
	    {"a=9007199254740992", 0, "form.id", false},
	    {"a=0", 0, "form.id", false},
	    {"a=-1", 0, "form.id", false},
	    {"a=99999999999999999999999", 0, "form.id", false},
	    {"a=1.0", 0, "form.id", false},
	    {"a=1e3", 0, "form.id", false},
	    {"a=0x1", 0, "form.id", false},
	    {"a=%2B1", 0, "form.id", false},
	    {"a=1 2", 0, "form.id", false},
	    {"a=-", 0, "form.id", false},
	    {"a=", 0, "form.missing", false},
	    {"", 0, "form.missing", false},
	    {"a=+", 0, "form.missing", false},
	    {"a=1&a=1", 0, "form.repeated", false},
	    {"{\"a\":5}", 5, "", true},
	    {"{\"a\":\"5\"}", 0, "form.id", true},
	    {"{\"a\":true}", 0, "form.id", true},
	    {"{\"a\":1.0}", 0, "form.id", true},
	    {"{\"a\":1e2}", 0, "form.id", true},
	    {"{\"a\":null}", 0, "form.missing", true},
	    {"{\"a\":[1,2]}", 0, "form.repeated", true},
	    {"{\"a\":[]}", 0, "form.missing", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool missing = strcmp(cases[i].fault, "form.missing") == 0;

		(cases[i].json ? document : query)(cases[i].sent);
		assert_int_equal(form_id(&form, "a"), cases[i].id);
		assert_string_equal(fault(), cases[i].fault);
		(cases[i].json ? document : query)(cases[i].sent);
		assert_int_equal(form_id_or_none(&form, "a"), cases[i].id);
		assert_string_equal(fault(), missing ? "" : cases[i].fault);
	}
}

static void
whole_numbers(void **state)
{
	static const struct {
		const char *sent;
		int32_t number;
		const char *fault;
	} cases[] = {
	    {"a=-3", -3, ""},
	    {"a=14", 14, ""},
	    {"a=007", 7, ""},
	    {"a=-0", 0, ""},
	    {"a=+%E3%80%80 5 %C2%A0", 5, ""},
	    {"a=-4", -3, "form.range"},
	    {"a=15", -3, "form.range"},
	    {"a=4294967297", -3, "form.range"},
	    {"a=99999999999999999999", -3, "form.range"},
	    {"a=-99999999999999999999", -3, "form.range"},
	    {"a=1.5", -3, "form.int"},
	    {"a=two", -3, "form.int"},
	    {"a=--1", -3, "form.int"},
	    {"a=1-", -3, "form.int"},
	    {"a=%EF%BC%93", -3, "form.int"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		query(cases[i].sent);
		assert_int_equal(form_int(&form, "a", -3, 14), cases[i].number);
		assert_string_equal(fault(), cases[i].fault);
		query(cases[i].sent);
		assert_int_equal(form_int_or(&form, "a", -3, 14, 99), cases[i].fault[0] == '\0' ? cases[i].number : 99);
		assert_string_equal(fault(), cases[i].fault);
	}
	query("a=");
	assert_int_equal(form_int_or(&form, "a", 1, 9, 2), 2);
	assert_string_equal(fault(), "");
	assert_int_equal(form_int(&form, "a", 1, 9), 1);
	assert_string_equal(fault(), "form.missing");
	query("a=-2147483648");
	assert_int_equal(form_int(&form, "a", INT32_MIN, INT32_MAX), INT32_MIN);
	document("{\"a\":2.0}");
	assert_int_equal(form_int(&form, "a", 1, 9), 1);
	assert_string_equal(fault(), "form.int");
}

static void
money(void **state)
{
	static const struct {
		const char *sent;
		int64_t fen;
		const char *fault;
	} cases[] = {
	    {"", -1, ""},
	    {"a=", -1, ""},
	    {"a=0", 0, ""},
	    {"a=1000000000000", INT64_C(1000000000000), ""},
	    {"a=1000000000001", -1, "form.range"},
	    {"a=-1", -1, "form.range"},
	    {"a=12.50", -1, "form.int"},
	    {"a=¥5", -1, "form.int"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		query(cases[i].sent);
		assert_int_equal(form_fen_or_none(&form, "a"), cases[i].fen);
		assert_string_equal(fault(), cases[i].fault);
	}
}

static void
dates(void **state)
{
	static const char *const bad[] = {
	    "a=2026-02-30",
	    "a=1999-12-31",
	    "a=2200-01-01",
	    "a=2026-1-1",
	    "a=20260101",
	    "a=2026-01-01T00:00",
	    "a=2026-01-01x",
	    "a=0",
	};

	(void)state;
	query("a=2026-12-03");
	assert_int_equal(form_date(&form, "a").day, date_of(2026, 12, 3).day);
	query("a=+2026-12-03+");
	assert_int_equal(form_date_or_none(&form, "a").day, date_of(2026, 12, 3).day);
	for (size_t i = 0; i < COUNT(bad); i++) {
		query(bad[i]);
		assert_int_equal(form_date(&form, "a").day, DATE_NONE);
		assert_string_equal(fault(), "form.date");
	}
	query("");
	assert_int_equal(form_date_or_none(&form, "a").day, DATE_NONE);
	assert_string_equal(fault(), "");
	form_date(&form, "a");
	assert_string_equal(fault(), "form.missing");
	document("{\"a\":\"2026-12-03\"}");
	assert_int_equal(form_date(&form, "a").day, date_of(2026, 12, 3).day);
	document("{\"a\":20261203}");
	form_date(&form, "a");
	assert_string_equal(fault(), "form.date");
	/* Ten digits long, as a date is, but a number. */
	document("{\"a\":2026120300}");
	form_date(&form, "a");
	assert_string_equal(fault(), "form.date");
}

static void
checkboxes(void **state)
{
	static const struct {
		const char *sent;
		bool yes;
		const char *fault;
		bool json;
	} cases[] = {
	    {"", false, "", false},
	    {"a=on", true, "", false},
	    {"a=true", true, "", false},
	    {"a=1", true, "", false},
	    {"a=YES", true, "", false},
	    {"a=", false, "", false},
	    {"a=0", false, "", false},
	    {"a=off", false, "", false},
	    {"a=false", false, "", false},
	    {"a=no", false, "", false},
	    {"a=maybe", false, "form.word", false},
	    {"a=on&a=off", false, "form.repeated", false},
	    {"{\"a\":true}", true, "", true},
	    {"{\"a\":false}", false, "", true},
	    {"{\"a\":null}", false, "", true},
	    {"{\"a\":\"true\"}", false, "form.word", true},
	    {"{\"a\":1}", false, "form.word", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		(cases[i].json ? document : query)(cases[i].sent);
		assert_int_equal(form_yes(&form, "a"), cases[i].yes);
		assert_string_equal(fault(), cases[i].fault);
	}
}

static void
lines(void **state)
{
	static const struct {
		const char *sent;
		const char *line;
		const char *fault;
	} cases[] = {
	    {"a=王小明", "王小明", ""},
	    {"a=++王+明%09", "王 明", ""},
	    {"a=%E3%80%80王明%E3%80%80%20", "王明", ""},
	    {"a=%C2%A0王明%C2%A0", "王明", ""},
	    {"a=王", "", "form.short"},
	    {"a=一二三四五", "一二三四五", ""},
	    {"a=一二三四五六", "", "form.long"},
	    {"a=%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80", "😀😀😀", ""},
	    {"a=%E3%80%80", "", "form.missing"},
	    {"a=+%09+", "", "form.missing"},
	    {"a=", "", "form.missing"},
	    {"", "", "form.missing"},
	    {"a=x%0Ay", "", "form.word"},
	    {"a=x%0D%0Ay", "", "form.word"},
	    {"a=x%09y", "", "form.word"},
	    {"a=x%1By", "", "form.word"},
	    {"a=x%7Fy", "", "form.word"},
	    {"a=x%C2%85y", "", "form.word"},
	    {"a=x%E2%80%A8y", "", "form.word"},
	    {"a=x%E2%80%A9y", "", "form.word"},
	    {"a=x%C2%A0y", "x\xc2\xa0y", ""},
	    {"a=xx&a=yy", "", "form.repeated"},
	    {"a=<>'\"%26", "<>'\"&", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		query(cases[i].sent);
		assert_string_equal(form_line(&form, "a", 2, 5), cases[i].line);
		if (strcmp(fault(), cases[i].fault) != 0)
			fail_msg("line %s: %s", cases[i].sent, fault());
	}
	query("a=+");
	assert_string_equal(form_line(&form, "a", 0, 5), "");
	assert_null(form_line_or_none(&form, "a", 5));
	assert_null(form_line_or_none(&form, "b", 5));
	assert_null(form.fault);
	query("a=+x+");
	assert_string_equal(form_line_or_none(&form, "a", 5), "x");
	query("a=123456");
	assert_null(form_line_or_none(&form, "a", 5));
	assert_string_equal(fault(), "form.long");
	document("{\"a\":5}");
	assert_string_equal(form_line(&form, "a", 1, 5), "");
	assert_string_equal(fault(), "form.word");
	document("{\"a\":null}");
	assert_null(form_line_or_none(&form, "a", 5));
	assert_string_equal(fault(), "");
}

static void
texts(void **state)
{
	(void)state;
	query("a=+one%0D%0A%0D%0Atwo%0Dthree%0A%09four%0D");
	assert_string_equal(form_text(&form, "a", 100), " one\n\ntwo\nthree\n\tfour\n");
	/* The CR of CRLF is not counted. */
	query("a=1%0D%0A2");
	assert_string_equal(form_text(&form, "a", 3), "1\n2");
	assert_string_equal(form_text(&form, "a", 2), "");
	assert_string_equal(fault(), "form.long");
	query("");
	assert_string_equal(form_text(&form, "a", 2), "");
	assert_string_equal(fault(), "");
	query("a=x%08");
	assert_string_equal(form_text(&form, "a", 9), "");
	assert_string_equal(fault(), "form.word");
	query("a=x&a=y");
	assert_string_equal(form_text(&form, "a", 9), "");
	assert_string_equal(fault(), "form.repeated");
}

static void
secrets(void **state)
{
	(void)state;
	query("a=+pass+word%0A");
	assert_string_equal(form_secret(&form, "a", 11), " pass word\n");
	assert_string_equal(form_secret(&form, "a", 10), "");
	assert_string_equal(fault(), "form.long");
	query("a=+++");
	assert_string_equal(form_secret(&form, "a", 10), "   ");
	query("a=密码");
	assert_string_equal(form_secret(&form, "a", 6), "密码");
	query("a=");
	assert_string_equal(form_secret(&form, "a", 10), "");
	assert_string_equal(fault(), "form.missing");
	query("");
	assert_string_equal(form_secret(&form, "a", 10), "");
	assert_string_equal(fault(), "form.missing");
	query("a=x&a=x");
	assert_string_equal(form_secret(&form, "a", 10), "");
	assert_string_equal(fault(), "form.repeated");
	document("{\"a\":12345678}");
	assert_string_equal(form_secret(&form, "a", 10), "");
	assert_string_equal(fault(), "form.word");
}

static void
yuan(void **state)
{
	static const struct {
		const char *sent;
		int64_t fen;
		const char *fault;
	} cases[] = {
	    {"a=280", 28000, ""},
	    {"a=280.5", 28050, ""},
	    {"a=280.05", 28005, ""},
	    {"a=280.", 28000, ""},
	    {"a=0.01", 1, ""},
	    {"a=+1%2C280+", 128000, ""},
	    {"a=¥1,280.50", 128050, ""},
	    {"a=￥88", 8800, ""},
	    {"a=88元", 8800, ""},
	    {"a=10000000000", 1000000000000, ""},
	    {"a=10000000001", 0, "form.yuan"},
	    {"a=99999999999999999999999999", 0, "form.yuan"},
	    {"a=0", 0, "form.yuan"},
	    {"a=0.00", 0, "form.yuan"},
	    {"a=-5", 0, "form.yuan"},
	    {"a=1.234", 0, "form.yuan"},
	    {"a=1.2.3", 0, "form.yuan"},
	    {"a=.5", 0, "form.yuan"},
	    {"a=1.2,3", 0, "form.yuan"},
	    {"a=%2C1", 0, "form.yuan"},
	    {"a=¥", 0, "form.yuan"},
	    {"a=1e3", 0, "form.yuan"},
	    {"a=一百", 0, "form.yuan"},
	    {"a=", 0, "form.missing"},
	    {"a=1&a=2", 0, "form.repeated"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault;

		form_open(&form, arena);
		form_read_query(&form, cases[i].sent, strlen(cases[i].sent));
		assert_int_equal(form_yuan(&form, "a"), cases[i].fen);
		fault = form_fault_of(&form, "a");
		assert_string_equal(fault != NULL ? fault : "", cases[i].fault);
	}
	/* A document says fen, in whole numbers. */
	form_open(&form, arena);
	form_read_json(&form, "{\"a_fen\":1280}", 14);
	assert_int_equal(form_yuan(&form, "a"), 1280);
	form_open(&form, arena);
	form_read_json(&form, "{\"a_fen\":0}", 11);
	assert_int_equal(form_yuan(&form, "a"), 0);
	assert_string_equal(form_fault_of(&form, "a_fen"), "form.range");
}

static void
phones(void **state)
{
	static const struct {
		const char *sent;
		const char *phone;
		const char *fault;
	} cases[] = {
	    {"a=13800138000", "13800138000", ""},
	    {"a=+138+0013-8000+", "13800138000", ""},
	    {"a=%2B8613800138000", "13800138000", ""},
	    {"a=%2B86+138+0013+8000", "13800138000", ""},
	    {"a=008613800138000", "13800138000", ""},
	    {"a=%EF%BC%91%EF%BC%93800138000", "13800138000", ""},
	    {"a=%EF%BC%8B85291234567", "+85291234567", ""},
	    {"a=%2B44+(20)+7946-0958", "+442079460958", ""},
	    {"a=001-212-555-0100", "+12125550100", ""},
	    {"a=0012125550100", "+12125550100", ""},
	    {"a=138%E2%80%930013%E2%80%938000", "13800138000", ""},
	    {"a=%2B123456789012345", "+123456789012345", ""},
	    {"a=%2B1234567890123456", "", "form.phone"},
	    {"a=%2B1234567", "", "form.phone"},
	    {"a=%2B12345678", "+12345678", ""},
	    {"a=%2B0123456789", "", "form.phone"},
	    {"a=1380013800", "", "form.phone"},
	    {"a=138001380000", "", "form.phone"},
	    {"a=12800138000", "", "form.phone"},
	    {"a=23800138000", "", "form.phone"},
	    {"a=%2B861380013800", "", "form.phone"},
	    {"a=1380013800O", "", "form.phone"},
	    {"a=138%2B00138000", "", "form.phone"},
	    {"a=%2B%2B8613800138000", "", "form.phone"},
	    {"a=%2B", "", "form.phone"},
	    {"a=-", "", "form.phone"},
	    {"a=电话13800138000", "", "form.phone"},
	    {"a=13800138000%0A", "", "form.phone"},
	    {"a=", "", "form.missing"},
	    {"", "", "form.missing"},
	    {"a=13800138000&a=13800138000", "", "form.repeated"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		query(cases[i].sent);
		if (strcmp(form_phone(&form, "a"), cases[i].phone) != 0)
			fail_msg("phone %s: %s", cases[i].sent, form_phone(&form, "a"));
		if (strcmp(fault(), cases[i].fault) != 0)
			fail_msg("phone %s: %s", cases[i].sent, fault());
	}
	document("{\"a\":13800138000}");
	assert_string_equal(form_phone(&form, "a"), "");
	assert_string_equal(fault(), "form.phone");
}

static void
lists(void **state)
{
	struct id_list list;
	struct int_list numbers;

	(void)state;
	query("a=3&b=9&a=1&a=+2");
	list = form_ids(&form, "a", 3);
	assert_int_equal(list.count, 3);
	assert_true(list.item[0] == 3 && list.item[1] == 1 && list.item[2] == 2);
	list = form_ids(&form, "a", 2);
	assert_int_equal(list.count, 0);
	assert_string_equal(fault(), "form.too_many");
	query("b=1");
	assert_int_equal(form_ids(&form, "a", 3).count, 0);
	assert_string_equal(fault(), "form.missing");
	query("a=");
	assert_int_equal(form_ids(&form, "a", 3).count, 0);
	assert_string_equal(fault(), "form.missing");
	query("a=1&a=");
	assert_int_equal(form_ids(&form, "a", 3).count, 0);
	assert_string_equal(fault(), "form.id");
	document("{\"a\":[1,null]}");
	assert_int_equal(form_ids(&form, "a", 3).count, 0);
	assert_string_equal(fault(), "form.id");
	document("{\"a\":[5,6]}");
	assert_int_equal(form_ids(&form, "a", 3).count, 2);
	document("{\"a\":[5,\"6\"]}");
	assert_int_equal(form_ids(&form, "a", 3).count, 0);
	assert_string_equal(fault(), "form.id");

	query("a=3&a=&a=17&a=+");
	numbers = form_ints(&form, "a", 0, 17, 2);
	assert_int_equal(numbers.count, 2);
	assert_true(numbers.item[0] == 3 && numbers.item[1] == 17);
	assert_int_equal(form_ints(&form, "b", 0, 17, 2).count, 0);
	assert_string_equal(fault(), "");
	assert_int_equal(form_ints(&form, "a", 0, 16, 2).count, 0);
	assert_string_equal(fault(), "form.range");
	query("a=1&a=2&a=3");
	assert_int_equal(form_ints(&form, "a", 0, 17, 2).count, 0);
	assert_string_equal(fault(), "form.too_many");
	query("a=1&a=x");
	assert_int_equal(form_ints(&form, "a", 0, 17, 2).count, 0);
	assert_string_equal(fault(), "form.int");
}

static void
a_file_is_not_a_word(void **state)
{
	(void)state;
	form_read_multipart(&form, "multipart/form-data; boundary=b", TEXT(PART("name=a; filename=x\r\n\r\n1") LAST));
	assert_string_equal(form_line(&form, "a", 1, 9), "");
	assert_string_equal(fault(), "form.word");
	form.fault = form.fault_last = NULL;
	assert_int_equal(form_int(&form, "a", 0, 9), 0);
	assert_string_equal(fault(), "form.int");
	form.fault = form.fault_last = NULL;
	assert_string_equal(form_text(&form, "a", 9), "");
	assert_string_equal(fault(), "form.word");
	form.fault = form.fault_last = NULL;
	assert_int_equal(form_ids(&form, "a", 9).count, 0);
	assert_string_equal(fault(), "form.id");
}

static void
a_query_beside_a_document_keeps_its_loose_types(void **state)
{
	(void)state;
	form_read_query(&form, TEXT("a=5"));
	form_read_json(&form, TEXT("{\"b\":\"5\"}"));
	assert_int_equal(form_id(&form, "a"), 5);
	assert_int_equal(form_id(&form, "b"), 0);
	assert_string_equal(form_fault_of(&form, "b"), "form.id");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(queries, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(there_is_an_end_to_fields, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(there_is_an_end_to_names, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(multipart, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(boundaries, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_hostile_body_stays_cheap, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(json, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(json_has_an_end_too, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(typed_and_counted, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(refusals_keep_their_first_word, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_bad_value_is_blamed_on_its_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(ids, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(whole_numbers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(money, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(dates, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(checkboxes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(lines, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(texts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(secrets, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(yuan, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(phones, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(lists, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_is_not_a_word, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_query_beside_a_document_keeps_its_loose_types, set_up, tear_down),
	};

	return (cmocka_run_group_tests_name("form", tests, NULL, NULL));
}
