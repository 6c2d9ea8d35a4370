/*
 * Assets and the photos last used. See media.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media.h"

static struct media_photo *newest, *oldest;
static size_t kept;

const struct media_asset *
media_asset(const char *path)
{
	const char *name = strncmp(path, "/asset/", 7) == 0 ? path + 7 : path;

	for (size_t i = 0; i < media_assets_count; i++)
		if (strcmp(media_assets[i].url, path) == 0 || strcmp(media_assets[i].name, name) == 0)
			return (&media_assets[i]);
	return (NULL);
}

static void
unlink_photo(struct media_photo *photo)
{
	if (photo->newer != NULL)
		photo->newer->older = photo->older;
	else
		newest = photo->older;
	if (photo->older != NULL)
		photo->older->newer = photo->newer;
	else
		oldest = photo->newer;
	photo->newer = photo->older = NULL;
}

static void
link_newest(struct media_photo *photo)
{
	photo->older = newest;
	if (newest != NULL)
		newest->newer = photo;
	newest = photo;
	if (oldest == NULL)
		oldest = photo;
}

static void
release(struct media_photo *photo)
{
	free(photo->bytes);
	free(photo);
}

struct media_photo *
media_photo_find(const char *name)
{
	for (struct media_photo *photo = newest; photo != NULL; photo = photo->older) {
		if (strcmp(photo->name, name) != 0)
			continue;
		unlink_photo(photo);
		link_newest(photo);
		photo->users++;
		return (photo);
	}
	return (NULL);
}

struct media_photo *
media_photo_keep(const char *name, const char *type, const void *bytes, size_t length)
{
	struct media_photo *photo = calloc(1, sizeof(*photo));
	static const char *const types[] = {"image/webp", "image/jpeg", "image/png"};

	if (photo == NULL || (photo->bytes = malloc(length + 1)) == NULL)
		abort();
	(void)snprintf(photo->name, sizeof(photo->name), "%s", name);
	photo->type = "application/octet-stream";
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			photo->type = types[i];
	memcpy(photo->bytes, bytes, length);
	photo->length = length;
	photo->users = 1;
	kept += length;
	link_newest(photo);
	while (kept > MEDIA_PHOTO_BYTES && oldest != newest) {
		struct media_photo *last = oldest;

		oldest = last->newer;
		oldest->older = NULL;
		kept -= last->length;
		last->gone = true;
		if (last->users == 0)
			release(last);
	}
	return (photo);
}

void
media_photo_done(struct media_photo *photo)
{
	photo->users--;
	if (photo->gone && photo->users == 0)
		release(photo);
}

size_t
media_photo_bytes(void)
{
	return (kept);
}
