/*
 * Everything of libsodium. See secret.h for what each is for.
 *
 * One pepper, and from it by BLAKE2b a key for each purpose, so that no key
 * serves two. The pepper lives outside the database: a stolen dump alone opens
 * no link and names no phone.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "secret.h"

#define PASSWORD_MOST 128

static unsigned char pepper[32];
static char nobody[SECRET_HASH]; /* a hash that no password has: unknown people cost the same time */

void
secret_start(const char *pepper_file)
{
	char word[SECRET_TEXT];
	unsigned char bytes[32];
	int file;

	if (sodium_init() < 0) {
		(void)fprintf(stderr, "libsodium does not start\n");
		exit(1);
	}
	file = open(pepper_file, O_RDONLY | O_CLOEXEC);
	if (file == -1 || read(file, pepper, sizeof(pepper)) != (ssize_t)sizeof(pepper)) {
		(void)fprintf(stderr, "no 32 bytes of pepper in %s\n", pepper_file);
		exit(1);
	}
	(void)close(file);
	(void)sodium_mlock(pepper, sizeof(pepper));
	randombytes_buf(bytes, sizeof(bytes));
	(void)sodium_bin2base64(word, sizeof(word), bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	if (!secret_password_hash(nobody, word)) {
		(void)fprintf(stderr, "no memory for argon2id\n");
		exit(1);
	}
}

void
secret_random(void *out, size_t length)
{
	randombytes_buf(out, length);
}

static char *
base64(struct arena *arena, const unsigned char *bytes, size_t length)
{
	size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = arena_take(arena, room);

	return (sodium_bin2base64(out, room, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

char *
secret_token(struct arena *arena)
{
	unsigned char bytes[32];

	randombytes_buf(bytes, sizeof(bytes));
	return (base64(arena, bytes, sizeof(bytes)));
}

char *
secret_id(struct arena *arena, size_t length)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	/* Not a secret, so a little of the kernel's randomness is spread over many: a call for each would be felt. */
	static unsigned char pool[4096];
	static size_t left;
	char *out = arena_take(arena, length + 1);

	if (length > left) {
		randombytes_buf(pool, sizeof(pool));
		left = sizeof(pool);
	}
	left -= length;
	memcpy(out, pool + left, length);
	for (size_t i = 0; i < length; i++)
		out[i] = letters[(unsigned char)out[i] % 32];
	return (out);
}

struct bytes
secret_sha256(struct arena *arena, const void *data, size_t length)
{
	unsigned char *out = arena_take(arena, crypto_hash_sha256_BYTES);

	(void)crypto_hash_sha256(out, data, length);
	return ((struct bytes){out, crypto_hash_sha256_BYTES});
}

struct bytes
secret_hash_of(struct arena *arena, const char *token)
{
	return (secret_sha256(arena, token, strlen(token)));
}

static void
keyed(unsigned char *out, size_t out_length, const char *purpose, const void *data, size_t length)
{
	unsigned char inner[32];
	crypto_generichash_state state;

	(void)crypto_generichash(
	    inner, sizeof(inner), (const unsigned char *)purpose, strlen(purpose), pepper, sizeof(pepper));
	(void)crypto_generichash_init(&state, inner, sizeof(inner), out_length);
	(void)crypto_generichash_update(&state, data, length);
	(void)crypto_generichash_final(&state, out, out_length);
	sodium_memzero(inner, sizeof(inner));
}

char *
secret_derive(struct arena *arena, const char *purpose, const char *words, size_t length)
{
	unsigned char bytes[32];

	keyed(bytes, sizeof(bytes), purpose, words, length);
	return (base64(arena, bytes, sizeof(bytes)));
}

struct bytes
secret_mark(struct arena *arena, const char *purpose, const void *data, size_t length)
{
	unsigned char *out = arena_take(arena, 16);

	keyed(out, 16, purpose, data, length);
	return ((struct bytes){out, 16});
}

/*
 * A form token is 32 bytes of the seed under a key, hidden behind 32 random
 * bytes that stand in front: no two answers hold the same bytes, so their
 * compressed length tells nothing (BREACH).
 */
char *
secret_form_token(struct arena *arena, const char *seed)
{
	unsigned char both[64], right[32];

	keyed(right, sizeof(right), "form", seed, strlen(seed));
	randombytes_buf(both, 32);
	for (size_t i = 0; i < 32; i++)
		both[32 + i] = both[i] ^ right[i];
	return (base64(arena, both, sizeof(both)));
}

bool
secret_form_token_right(const char *seed, const char *token)
{
	unsigned char both[64], right[32];
	size_t length;

	if (sodium_base642bin(both, sizeof(both), token, strlen(token), NULL, &length, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    length != sizeof(both))
		return (false);
	for (size_t i = 0; i < 32; i++)
		both[32 + i] ^= both[i];
	keyed(right, sizeof(right), "form", seed, strlen(seed));
	return (sodium_memcmp(both + 32, right, sizeof(right)) == 0);
}

char *
secret_hex(struct arena *arena, struct bytes bytes)
{
	char *out = arena_take(arena, bytes.length * 2 + 1);

	return (sodium_bin2hex(out, bytes.length * 2 + 1, bytes.at, bytes.length));
}

bool
secret_unhex(struct arena *arena, const char *hex, struct bytes *out)
{
	size_t length = strlen(hex), done;
	unsigned char *bytes = arena_take(arena, length / 2 + 1);

	if (length % 2 != 0 || sodium_hex2bin(bytes, length / 2, hex, length, NULL, &done, NULL) != 0 ||
	    done != length / 2)
		return (false);
	*out = (struct bytes){bytes, done};
	return (true);
}

bool
secret_same(const void *a, const void *b, size_t length)
{
	return (sodium_memcmp(a, b, length) == 0);
}

bool
secret_password_hash(char out[SECRET_HASH], const char *password)
{
	return (crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
		    crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0);
}

bool
secret_password_right(const char *hash, const char *password, bool *rehash)
{
	size_t length = strlen(password);
	bool known = hash != NULL && strlen(hash) < crypto_pwhash_STRBYTES;

	*rehash = false;
	if (length > PASSWORD_MOST)
		length = PASSWORD_MOST;
	if (crypto_pwhash_str_verify(known ? hash : nobody, password, length) != 0 || !known)
		return (false);
	/* -1 means a hash it cannot read, which just verified: only 1 is a yes. */
	*rehash = crypto_pwhash_str_needs_rehash(
		      hash, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) == 1;
	return (true);
}
