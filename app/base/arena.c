/*
 * Arena: takes memory from the system in blocks and gives all of it back at
 * once. Who lives how long is visit's business; nothing here knows a visit.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/*
 * Under AddressSanitizer what is not taken stays poisoned, with a gap behind
 * every piece; else an overrun inside a block would go unseen.
 */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_WATCHED 1
#endif
#endif

#if defined(ARENA_WATCHED)
#include <sanitizer/asan_interface.h>
#define ARENA_GAP 16
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ARENA_GAP 0
#endif

#define ARENA_FIRST ((size_t)16 * 1024)
#define ARENA_TIGHT ((size_t)2 * 1024)
#define ARENA_MOST ((size_t)256 * 1024)
#define ARENA_STEP (alignof(max_align_t))

struct block {
	struct block *next;
	size_t room;
	size_t used;
	alignas(max_align_t) char at[];
};

struct arena {
	struct block *block; /* the one we take from; the full ones hang behind it */
	size_t bytes;
	size_t ahead; /* size of the next block */
	bool tight; /* which does not grow */
};

static _Noreturn void
out_of_memory(void)
{
	static const char message[] = "arena: the machine has no memory left\n";

	fputs(message, stderr);
	abort();
}

static struct block *
block_new(struct arena *arena, size_t room)
{
	struct block *block;

	if (room > SIZE_MAX - sizeof(*block))
		out_of_memory();
	block = malloc(sizeof(*block) + room);
	if (block == NULL)
		out_of_memory();
	block->next = NULL;
	block->room = room;
	block->used = 0;
	arena->bytes += sizeof(*block) + room;
	ASAN_POISON_MEMORY_REGION(block->at, room);
	return (block);
}

/* As arena_take, but not zeroed: for those who write every byte themselves. */
static char *
take_unset(struct arena *arena, size_t bytes)
{
	struct block *block = arena->block;
	size_t want;
	char *at;

	if (bytes > SIZE_MAX / 2)
		out_of_memory();
	want = (bytes + ARENA_GAP + (bytes == 0) + ARENA_STEP - 1) / ARENA_STEP * ARENA_STEP;
	if (block == NULL || want > block->room - block->used) {
		if (want > arena->ahead / 2) {
			/* A big piece gets a block of its own; what the current one still has stays in use. */
			block = block_new(arena, want);
			if (arena->block == NULL) {
				arena->block = block;
			} else {
				block->next = arena->block->next;
				arena->block->next = block;
			}
		} else {
			block = block_new(arena, arena->ahead);
			block->next = arena->block;
			arena->block = block;
			if (arena->ahead < ARENA_MOST && !arena->tight)
				arena->ahead *= 2;
		}
	}
	at = block->at + block->used;
	block->used += want;
	ASAN_UNPOISON_MEMORY_REGION(at, bytes);
	return (at);
}

struct arena *
arena_new(void)
{
	struct arena *arena = malloc(sizeof(*arena));

	if (arena == NULL)
		out_of_memory();
	arena->block = NULL;
	arena->bytes = sizeof(*arena);
	arena->ahead = ARENA_FIRST;
	arena->tight = false;
	return (arena);
}

struct arena *
arena_new_tight(void)
{
	struct arena *arena = arena_new();

	arena->ahead = ARENA_TIGHT;
	arena->tight = true;
	return (arena);
}

void
arena_free(struct arena *arena)
{
	struct block *block, *next;

	if (arena == NULL)
		return;
	for (block = arena->block; block != NULL; block = next) {
		next = block->next;
		ASAN_UNPOISON_MEMORY_REGION(block->at, block->room);
		free(block);
	}
	free(arena);
}

void *
arena_take(struct arena *arena, size_t bytes)
{
	char *at = take_unset(arena, bytes);

	memset(at, 0, bytes);
	return (at);
}

char *
arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *at;

	if (length == SIZE_MAX)
		out_of_memory();
	at = take_unset(arena, length + 1);
	if (length > 0)
		memcpy(at, text, length);
	at[length] = '\0';
	return (at);
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	int length;
	char *at;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	at = take_unset(arena, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(at, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return (at);
}

size_t
arena_bytes(const struct arena *arena)
{
	return (arena->bytes);
}

void
buffer_open(struct buffer *buffer, struct arena *arena, size_t room)
{
	if (room == SIZE_MAX)
		out_of_memory();
	buffer->arena = arena;
	buffer->at = take_unset(arena, room + 1);
	buffer->at[0] = '\0';
	buffer->length = 0;
	buffer->room = room;
}

char *
buffer_room(struct buffer *buffer, size_t length)
{
	size_t room;
	char *at;

	if (length > buffer->room - buffer->length) {
		if (length > SIZE_MAX / 4 || buffer->room > SIZE_MAX / 4)
			out_of_memory();
		room = buffer->room * 2;
		if (room < buffer->length + length)
			room = buffer->length + length;
		at = take_unset(buffer->arena, room + 1);
		memcpy(at, buffer->at, buffer->length);
		buffer->at = at;
		buffer->room = room;
	}
	buffer->at[buffer->length + length] = '\0';
	return (buffer->at + buffer->length);
}

void
buffer_add_growing(struct buffer *buffer, const char *text, size_t length)
{
	memcpy(buffer_room(buffer, length), text, length);
	buffer->length += length;
}

void
buffer_word(struct buffer *buffer, const char *word)
{
	if (word != NULL)
		buffer_add(buffer, word, strlen(word));
}

void
buffer_int(struct buffer *buffer, long long number)
{
	/* Taken as unsigned, for the least number has no positive twin. */
	unsigned long long rest = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;
	char digits[24];
	size_t from = sizeof(digits);

	do {
		digits[--from] = (char)('0' + (int)(rest % 10));
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		digits[--from] = '-';
	buffer_add(buffer, digits + from, sizeof(digits) - from);
}
