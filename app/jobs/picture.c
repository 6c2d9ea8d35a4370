/*
 * One picture becomes its sizes: turned upright, in sRGB, without what the
 * camera wrote into it, never larger than it was. Runs in a process that
 * photo.c has confined; it may be ended at any moment, so it cleans up nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <vips/vips.h>

#include "jobs.h"

#define QUALITY 78
#define PIXELS_MOST 250e6 /* the largest sensors of telephones have 200 million */

const int picture_width[PICTURE_SIZES] = {480, 960};

static void
put(int out, const void *bytes, size_t length)
{
	const char *at = bytes;
	ssize_t done;

	while (length > 0) {
		done = write(out, at, length);
		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0)
			_exit(2);
		at += done;
		length -= (size_t)done;
	}
}

static void refuse(int out, const char *why) __attribute__((noreturn));
static void
refuse(int out, const char *why)
{
	size_t length = strcspn(why, "\n");

	put(out, why, length);
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
	vips_cache_set_max(0);
	allow();

	picture = vips_image_new_from_buffer(bytes, length, "", NULL);
	if (picture == NULL)
		refuse(out, vips_error_buffer());
	if ((double)vips_image_get_width(picture) * vips_image_get_height(picture) > PIXELS_MOST)
		refuse(out, "the picture has too many pixels");
	g_object_unref(picture);

	for (size_t i = 0; i < PICTURE_SIZES; i++) {
		if (vips_thumbnail_buffer(bytes, length, &picture, picture_width[i], "height", VIPS_MAX_COORD, "size",
			VIPS_SIZE_DOWN, "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_ERROR, NULL) != 0 ||
		    vips_webpsave_buffer(picture, &made[i], &made_length[i], "Q", QUALITY, "strip", TRUE, NULL) != 0)
			refuse(out, vips_error_buffer());
		g_object_unref(picture);
	}
	/* Only now: what is wrong with the second must not come behind the first. */
	for (size_t i = 0; i < PICTURE_SIZES; i++) {
		said = made_length[i];
		put(out, &said, sizeof(said));
		put(out, made[i], made_length[i]);
	}
	_exit(0);
}
