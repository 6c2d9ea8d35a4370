/*
 * Arena: the memory of one visit, freed at once.
 *
 * Nobody in app/ frees anything of a visit: what a visit needs is taken from
 * its arena and dies with it. Nothing here returns NULL; a machine without
 * memory ends the worker, and the supervisor starts another.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

/* Some bytes, NUL or not; at NULL: none. */
struct bytes {
	const uint8_t	*at;
	size_t		 length;
};

struct arena	*arena_new(void);
/* In small blocks, for what stays long and must not take more than it needs. */
struct arena	*arena_new_tight(void);
void		 arena_free(struct arena *);

/* Zeroed, aligned for any type. */
void	*arena_take(struct arena *, size_t bytes);
/* A copy of length bytes with a NUL behind it. */
char	*arena_copy(struct arena *, const char *, size_t length);
char	*arena_format(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bytes the arena holds from the system, for the metrics. */
size_t	 arena_bytes(const struct arena *);

/*
 * A text that grows, in one piece, NUL kept behind its last byte. Doubles, so appending costs
 * the same per byte however long it gets.
 */
struct buffer {
	struct arena	*arena;
	char		*at;
	size_t		 length;
	size_t		 room;
};

void	buffer_open(struct buffer *, struct arena *, size_t room);
void	buffer_add_growing(struct buffer *, const char *, size_t length);
void	buffer_word(struct buffer *, const char *);		/* NULL adds nothing */
void	buffer_int(struct buffer *, long long);
/*
 * Room for length bytes at the end; the caller fills them and adds to ->length. The NUL stands behind
 * all of them: who fills fewer sets it anew.
 */
char	*buffer_room(struct buffer *, size_t length);

/* In the header, since a page is made of a thousand of these and a call would cost more than the copy. */
static inline void
buffer_add(struct buffer *buffer, const char *text, size_t length)
{
	if (length > buffer->room - buffer->length) {
		buffer_add_growing(buffer, text, length);
		return;
	}
	if (length == 0)
		return;
	memcpy(buffer->at + buffer->length, text, length);
	buffer->length += length;
	buffer->at[buffer->length] = '\0';
}

#endif
