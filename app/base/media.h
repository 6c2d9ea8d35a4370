/*
 * Media: what never changes under its name. Assets are compiled in, twice,
 * plain and compressed; photos come from the database by their hash and the
 * last ones used stay in the worker's memory.
 */
#ifndef BASE_MEDIA_H
#define BASE_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct media_asset {
	const char		*url;		/* with fingerprint */
	const char		*name;		/* as in assets/site */
	const char		*type;
	const unsigned char	*bytes;
	size_t			 length;
	const unsigned char	*gzip;		/* NULL: does not get smaller */
	size_t			 gzip_length;
};

extern const struct media_asset	media_assets[];		/* build/asset.c */
extern const size_t		media_assets_count;

/* By the whole path; a name without fingerprint finds it, too. */
const struct media_asset	*media_asset(const char *path);

#define MEDIA_PHOTO_BYTES	(16u << 20)	/* of photos in a worker's memory */

struct media_photo {
	char			 name[80];	/* hash-width */
	const char		*type;
	unsigned char		*bytes;
	size_t			 length;
	size_t			 users;		/* answers being sent from it */
	bool			 gone;		/* pushed out while it was being sent */
	struct media_photo	*newer, *older;
};

/* Finds a photo and makes it the newest; the finder must call media_photo_done when its bytes are sent. NULL: not here. */
struct media_photo	*media_photo_find(const char *name);
/* Keeps a copy, pushing out the oldest ones; found like above. */
struct media_photo	*media_photo_keep(const char *name, const char *type, const void *, size_t length);
void			 media_photo_done(struct media_photo *);
size_t			 media_photo_bytes(void);

#endif
