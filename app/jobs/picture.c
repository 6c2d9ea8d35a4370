/*
 * One picture becomes its sizes: turned upright, in sRGB, without what the
 * camera wrote into it, never larger than it was. Runs in a process that
 * work.c has confined; it may be ended at any moment, so it cleans up nothing.
 */
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <vips/vips.h>
#include <vips/vector.h>

#include "jobs.h"

#define QUALITY 78
#define PIXELS_MOST 250e6 /* the largest sensors of telephones have 200 million */

const int picture_width[PICTURE_SIZES] = {480, 960};

static void refuse(int out, const char *why) __attribute__((noreturn));
static void
refuse(int out, const char *why)
{
	size_t length;

	while (*why == '\n' || *why == ' ')
		why++;
	length = strcspn(why, "\n");
	if (length == 0) {
		why = "it cannot be read as a picture";
		length = strlen(why);
	}
	work_put(out, why, length);
	_exit(1);
}

static void
hush(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer arg)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)arg;
}

static void
allow(void)
{
	static const char *const reader[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"};

	/* Everything that was not tried against hostile files, and then everything but what cameras and browsers write. */
	vips_block_untrusted_set(TRUE);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < sizeof(reader) / sizeof(reader[0]); i++)
		vips_operation_block_set(reader[i], FALSE);
}

/*
 * Takes out of a WebP everything but its pixels: libvips writes EXIF and a colour profile even with `strip`. Chunks are
 * a name, a length and as many bytes, made even (RFC 9649). Returns the new length; 0: it is no WebP.
 */
static size_t
bare(unsigned char *webp, size_t length)
{
	size_t at = 12, end = 12, whole;
	uint32_t said;

	if (length < 12 || memcmp(webp, "RIFF", 4) != 0 || memcmp(webp + 8, "WEBP", 4) != 0)
		return 0;
	while (length - at >= 8) {
		memcpy(&said, webp + at + 4, sizeof(said));
		whole = 8 + (size_t)le32toh(said);
		whole += whole & 1;
		if (whole > length - at)
			return 0;
		if (memcmp(webp + at, "VP8", 3) == 0 || memcmp(webp + at, "ALPH", 4) == 0) {
			memmove(webp + end, webp + at, whole);
			/* Its flags say what else there is: only transparency is left. */
			if (memcmp(webp + end, "VP8X", 4) == 0)
				webp[end + 8] &= 0x10;
			end += whole;
		}
		at += whole;
	}
	said = htole32((uint32_t)(end - 8));
	memcpy(webp + 4, &said, sizeof(said));
	return end;
}

/* Upright, in sRGB, at most so wide, in memory. */
static VipsImage *
shrink(VipsImage *from, int width)
{
	VipsImage *small;

	if (vips_thumbnail_image(from, &small, width, "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN,
		"export_profile", "srgb", NULL) != 0)
		return NULL;
	return vips_image_copy_memory(small);
}

void
picture_make(void *bytes, size_t length, int out)
{
	VipsImage *picture;
	void *made[PICTURE_SIZES];
	size_t made_length[PICTURE_SIZES];
	uint64_t said;

	g_log_set_default_handler(hush, NULL);
	if (vips_init("jobs") != 0)
		refuse(out, vips_error_buffer());
	vips_concurrency_set(1);
	/* It would make machine code in a file, and may write none. */
	vips_vector_set_enabled(FALSE);
	vips_cache_set_max(0);
	allow();

	/*
	 * vips_thumbnail_buffer would be quicker, but forgets fail_on when it opens the picture again, and makes
	 * something of half a file.
	 */
	picture = vips_image_new_from_buffer(
	    bytes, length, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
	if (picture == NULL)
		refuse(out, vips_error_buffer());
	if ((double)vips_image_get_width(picture) * vips_image_get_height(picture) > PIXELS_MOST)
		refuse(out, "the picture has too many pixels");

	/* It can be read once only: the largest is made of it, each smaller one of the one before. */
	for (size_t i = PICTURE_SIZES; i-- > 0;) {
		picture = shrink(picture, picture_width[i]);
		if (picture == NULL ||
		    vips_webpsave_buffer(picture, &made[i], &made_length[i], "Q", QUALITY, "strip", TRUE, NULL) != 0)
			refuse(out, vips_error_buffer());
		made_length[i] = bare(made[i], made_length[i]);
		if (made_length[i] == 0)
			refuse(out, "what was made is no WebP");
	}
	/* Only now: what is wrong with the second must not come behind the first. */
	for (size_t i = 0; i < PICTURE_SIZES; i++) {
		said = made_length[i];
		work_put(out, &said, sizeof(said));
		work_put(out, made[i], made_length[i]);
	}
	_exit(0);
}
