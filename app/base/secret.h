/*
 * Secrets: the one file that knows libsodium.
 *
 * Tokens are 32 random bytes; the database holds only hashes of them.
 * Everything keyed uses subkeys of one pepper, each for one purpose.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

#define SECRET_TEXT	44	/* 32 bytes as base64url without padding, and NUL */
#define SECRET_HASH	128	/* room for an argon2id hash and NUL */

/* Reads the 32 bytes of the pepper; ends the program with a sentence when it cannot. Once, in the parent. */
void		 secret_start(const char *pepper_file);
void		 secret_random(void *, size_t);
char		*secret_token(struct arena *);					/* a new random token as text */
char		*secret_id(struct arena *, size_t length);			/* random a-z0-9, for request ids */
/* SHA-256 of a token's text: what the database keeps. */
struct bytes	 secret_hash_of(struct arena *, const char *token);
/* A token that only this site can make from these words; the same words make the same token. purpose is a constant. */
char		*secret_derive(struct arena *, const char *purpose, const char *words, size_t length);
/* Keyed hash of 16 bytes, for limits: says whether two are the same, not what they are. */
struct bytes	 secret_mark(struct arena *, const char *purpose, const void *, size_t length);
struct bytes	 secret_sha256(struct arena *, const void *, size_t length);
/* Form tokens: bound to seed (the device cookie), masked anew each time. */
char		*secret_form_token(struct arena *, const char *seed);
bool		 secret_form_token_right(const char *seed, const char *token);
char		*secret_hex(struct arena *, struct bytes);
bool		 secret_unhex(struct arena *, const char *hex, struct bytes *);
bool		 secret_same(const void *, const void *, size_t length);

/* For task threads: no arena, no globals but constants. Passwords are at most 128 bytes. */
bool	secret_password_hash(char out[SECRET_HASH], const char *password);
/* hash NULL: works as long and answers false. rehash tells whether the right password should be hashed again. */
bool	secret_password_right(const char *hash, const char *password, bool *rehash);

#endif
