/*
 * Tests of app/base/arena: what visits lean on. That memory is really given
 * back, and that nobody writes beyond his piece, AddressSanitizer sees.
 */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void
pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena *arena = arena_new();
	unsigned char *piece[600];

	(void)state;
	for (size_t i = 0; i < 600; i++) {
		piece[i] = arena_take(arena, i);
		assert_non_null(piece[i]);
		assert_int_equal((uintptr_t)piece[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < i; k++)
			assert_int_equal(piece[i][k], 0);
		memset(piece[i], (int)(i % 251) + 1, i);
	}
	for (size_t i = 0; i < 600; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(piece[i][k], i % 251 + 1);
	arena_free(arena);
}

static void
nothing_and_much_can_be_taken(void **state)
{
	struct arena *arena = arena_new();
	char *none, *other, *much;
	size_t before;

	(void)state;
	none = arena_take(arena, 0);
	other = arena_take(arena, 0);
	assert_non_null(none);
	assert_ptr_not_equal(none, other);
	before = arena_bytes(arena);
	much = arena_take(arena, (size_t)5 * 1024 * 1024);
	much[5 * 1024 * 1024 - 1] = 'x';
	assert_true(arena_bytes(arena) >= before + (size_t)5 * 1024 * 1024);
	/* A big piece must not make the next small ones dear. */
	before = arena_bytes(arena);
	for (int i = 0; i < 50; i++)
		arena_take(arena, 100);
	assert_int_equal(arena_bytes(arena), before);
	arena_free(arena);
	arena_free(NULL);
}

static void
a_small_visit_is_cheap(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (int i = 0; i < 50; i++)
		arena_take(arena, 100);
	assert_true(arena_bytes(arena) < (size_t)32 * 1024);
	arena_free(arena);
}

static void
copies_end_with_nul_and_keep_every_byte(void **state)
{
	struct arena *arena = arena_new();
	const char *copy;

	(void)state;
	copy = arena_copy(arena, "a\0b", 3);
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
	assert_string_equal(arena_copy(arena, NULL, 0), "");
	arena_free(arena);
}

static void
format_fits_however_long(void **state)
{
	struct arena *arena = arena_new();
	static char word[40001];
	const char *text;

	(void)state;
	assert_string_equal(arena_format(arena, "%s-%d", "沙墙", 7), "沙墙-7");
	assert_string_equal(arena_format(arena, "%s", ""), "");
	memset(word, 'w', sizeof(word) - 1);
	text = arena_format(arena, "<%s>", word);
	assert_int_equal(strlen(text), sizeof(word) + 1);
	assert_int_equal(text[sizeof(word)], '>');
	arena_free(arena);
}

static void
buffer_grows_and_stays_one_text(void **state)
{
	struct arena *arena = arena_new();
	struct buffer buffer;
	size_t before;

	(void)state;
	buffer_open(&buffer, arena, 0);
	assert_string_equal(buffer.at, "");
	for (size_t i = 0; i < 100000; i++) {
		buffer_add(&buffer, "0123456789", i % 11);
		assert_int_equal(buffer.at[buffer.length], '\0');
	}
	assert_int_equal(strlen(buffer.at), buffer.length);
	/* Doubling leaves behind at most as much as it holds. */
	before = arena_bytes(arena);
	assert_true(before < buffer.length * 5);
	arena_free(arena);
}

static void
buffer_words_and_numbers(void **state)
{
	struct arena *arena = arena_new();
	struct buffer buffer;

	(void)state;
	buffer_open(&buffer, arena, 4);
	buffer_word(&buffer, NULL);
	buffer_word(&buffer, "");
	buffer_int(&buffer, 0);
	buffer_word(&buffer, " ");
	buffer_int(&buffer, -7);
	buffer_word(&buffer, " ");
	buffer_int(&buffer, INT64_MAX);
	buffer_word(&buffer, " ");
	buffer_int(&buffer, INT64_MIN);
	assert_string_equal(buffer.at, "0 -7 9223372036854775807 -9223372036854775808");
	assert_int_equal(buffer.length, strlen(buffer.at));
	arena_free(arena);
}

static void
buffer_room_is_filled_by_the_caller(void **state)
{
	struct arena *arena = arena_new();
	struct buffer buffer;

	(void)state;
	buffer_open(&buffer, arena, 2);
	buffer_word(&buffer, "ab");
	memcpy(buffer_room(&buffer, 3), "cde", 3);
	buffer.length += 3;
	assert_string_equal(buffer.at, "abcde");
	buffer_room(&buffer, 0);
	assert_string_equal(buffer.at, "abcde");
	arena_free(arena);
}

/* What stays for long takes little more than it needs, however it is cut up. */
static void
test_tight(void **state)
{
	struct arena *arena = arena_new_tight();
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		size_t bytes = 16 * (1 + i % 40);

		memset(arena_take(arena, bytes), 'x', bytes);
		taken += bytes;
	}
	memset(arena_take(arena, 50000), 'x', 50000);
	taken += 50000;
	assert_true(arena_bytes(arena) >= taken);
#if !defined(__SANITIZE_ADDRESS__)
	assert_true(arena_bytes(arena) < taken + taken / 4);
#endif
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tight),
	    cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
	    cmocka_unit_test(nothing_and_much_can_be_taken),
	    cmocka_unit_test(a_small_visit_is_cheap),
	    cmocka_unit_test(copies_end_with_nul_and_keep_every_byte),
	    cmocka_unit_test(format_fits_however_long),
	    cmocka_unit_test(buffer_grows_and_stays_one_text),
	    cmocka_unit_test(buffer_words_and_numbers),
	    cmocka_unit_test(buffer_room_is_filled_by_the_caller),
	};

	return (cmocka_run_group_tests_name("arena", tests, NULL, NULL));
}
