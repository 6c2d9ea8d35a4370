/*
 * Tests of app/base/html: that nothing anybody says becomes markup, and that
 * each writer says what lang and date promise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/html.h"

const struct text text_table[] = {
    {"guest", {{"{name}<您好>", NULL}, {"Dear {name} & co", NULL}}},
    {"until", {{"{day}前", NULL}, {"until {day}", NULL}}},
};
const size_t text_count = sizeof(text_table) / sizeof(text_table[0]);

static struct arena *arena;
static struct html html;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	html_open(&html, arena, LANG_ZH, date_of(2026, 11, 30));
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static const char *
drawn(void)
{
	const char *text = arena_copy(arena, html.out.at, html.out.length);

	assert_int_equal(strlen(html.out.at), html.out.length);
	html.out.length = 0;
	html.out.at[0] = '\0';
	return (text);
}

static void
words_stay_words(void **state)
{
	static const struct {
		const char *word, *drawn;
	} cases[] = {
	    {"", ""},
	    {NULL, ""},
	    {"山居小院", "山居小院"},
	    {"&", "&amp;"},
	    {"&amp;", "&amp;amp;"},
	    {"<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"},
	    {"\" onclick=\"x", "&quot; onclick=&quot;x"},
	    {"a<b", "a&lt;b"},
	    {"<<<", "&lt;&lt;&lt;"},
	    {"end>", "end&gt;"},
	    {"\xff\xc0", "\xff\xc0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		html_word(&html, cases[i].word);
		assert_string_equal(drawn(), cases[i].drawn);
	}
}

static void
every_byte_is_escaped_or_kept(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		char word[] = {'a', (char)byte, 'b', '\0'};
		const char *text;

		html_word(&html, word);
		text = drawn();
		if (strchr("&<>\"'", byte) != NULL)
			assert_true(text[1] == '&' && text[strlen(text) - 2] == ';');
		else
			assert_string_equal(text, word);
	}
}

static void
long_words_are_kept_whole(void **state)
{
	static char word[100001];
	size_t quotes = 0;
	const char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(word) - 1; i++) {
		word[i] = i % 97 == 0 ? '"' : 'x';
		quotes += word[i] == '"';
	}
	html_word(&html, word);
	text = drawn();
	assert_int_equal(strlen(text), sizeof(word) - 1 + quotes * 5);
}

static void
urls_keep_only_what_rfc_3986_does(void **state)
{
	(void)state;
	html_url(&html, "aZ09-._~");
	assert_string_equal(drawn(), "aZ09-._~");
	html_url(&html, "a b/c?d=e&f%#\"'<>:\\+");
	assert_string_equal(drawn(), "a%20b%2Fc%3Fd%3De%26f%25%23%22%27%3C%3E%3A%5C%2B");
	html_url(&html, "沙");
	assert_string_equal(drawn(), "%E6%B2%99");
	html_url(&html, NULL);
	html_url(&html, "");
	assert_string_equal(drawn(), "");
}

static void
numbers_money_and_time(void **state)
{
	struct date day = date_of(2026, 12, 3);
	struct moment moment = {((int64_t)day.day * 24 + 10) * INT64_C(3600000000)};

	(void)state;
	html_int(&html, INT64_MIN);
	assert_string_equal(drawn(), "-9223372036854775808");
	html_fen(&html, 128000);
	assert_string_equal(drawn(), "¥1,280");
	html_date(&html, day);
	assert_string_equal(drawn(), "12月3日 周四");
	html_iso(&html, day);
	assert_string_equal(drawn(), "2026-12-03");
	html_moment(&html, moment);
	assert_string_equal(drawn(), "12月3日 周四 18:00");
	html_instant(&html, moment);
	assert_string_equal(drawn(), "2026-12-03T18:00:00+08:00");
	html_clock(&html, 840);
	assert_string_equal(drawn(), "14:00");
	html_raw(&html, "<p>x", 3);
	assert_string_equal(drawn(), "<p>");
}

static void
no_date_and_no_moment_draw_nothing(void **state)
{
	(void)state;
	html_date(&html, (struct date){DATE_NONE});
	html_iso(&html, (struct date){DATE_NONE});
	html_moment(&html, (struct moment){MOMENT_NEVER});
	html_instant(&html, (struct moment){MOMENT_NEVER});
	html_instant(&html, (struct moment){MOMENT_NONE});
	assert_string_equal(drawn(), "");
}

static void
texts_are_escaped_with_what_fills_them(void **state)
{
	const struct said name[] = {{"name", SAID_WORD, "<b>'x'</b>", 0}};
	const struct said plain[] = {{"name", SAID_WORD, "王", 0}};
	const struct said day[] = {{"day", SAID_DATE, NULL, date_of(2026, 12, 3).day}};

	(void)state;
	html_raw(&html, "<p>", 3);
	html_say(&html, 0, name, 1);
	html_raw(&html, "</p>", 4);
	assert_string_equal(drawn(), "<p>&lt;b&gt;&#39;x&#39;&lt;/b&gt;&lt;您好&gt;</p>");
	html.lang = LANG_EN;
	html_say(&html, 0, plain, 1);
	assert_string_equal(drawn(), "Dear 王 &amp; co");
	/* Dates in texts leave out the year of today, as dates outside of them do. */
	html_say(&html, 1, day, 1);
	assert_string_equal(drawn(), "until Thu 3 Dec");
	html_say(&html, -1, NULL, 0);
	assert_string_equal(drawn(), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(words_stay_words, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(every_byte_is_escaped_or_kept, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(long_words_are_kept_whole, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(urls_keep_only_what_rfc_3986_does, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(numbers_money_and_time, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_date_and_no_moment_draw_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(texts_are_escaped_with_what_fills_them, set_up, tear_down),
	};

	return (cmocka_run_group_tests_name("html", tests, NULL, NULL));
}
