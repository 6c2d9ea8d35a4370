/*
 * Jobs of kind photo.sizes: a photo gets the sizes pages ask for. Pixels are
 * picture.c's business, the process it runs in is work.c's.
 */
#include <string.h>

#include "jobs.h"

static const char *
begin(struct work *work)
{
	struct answer file;
	const char *why = NULL;
	void *bytes;
	size_t length;

	if (!link_ask(&file, work->what, "select jobs.file($1, $2)", "ii", work->village, work->job))
		return link_trouble();
	if (answer_null(&file, 0, 0))
		why = "the file is not there";
	else {
		bytes = answer_bytes(&file, 0, 0, &length);
		switch (work_fork(work)) {
		case 0: picture_make(bytes, length, work->file);
		case -1: why = "there is no process for it";
		}
	}
	answer_free(&file);
	return why;
}

/* Where each picture lies in what came; false: not so many, or not whole. */
static bool
find(const struct work *work, size_t at[PICTURE_SIZES], size_t length[PICTURE_SIZES])
{
	size_t place = 0;
	uint64_t said;

	for (size_t i = 0; i < PICTURE_SIZES; i++) {
		if (work->used - place < sizeof(said))
			return false;
		memcpy(&said, work->out + place, sizeof(said));
		place += sizeof(said);
		if (said == 0 || said > work->used - place)
			return false;
		at[i] = place;
		length[i] = (size_t)said;
		place += length[i];
	}
	return place == work->used;
}

/* All sizes and the end of the job are one transaction. */
static const char *
keep(struct work *work)
{
	size_t at[PICTURE_SIZES], length[PICTURE_SIZES];
	bool good;

	if (!find(work, at, length))
		return "what came is not whole";
	good = link_do(work->what, "begin", "");
	for (size_t i = 0; good && i < PICTURE_SIZES; i++)
		good = link_do(work->what, "select jobs.keep_size($1, $2, $3, 'image/webp', $4)", "iiib", work->village,
		    work->job, (int64_t)picture_width[i], work->out + at[i], length[i]);
	good = good && link_do(work->what, "select jobs.finish($1, $2)", "ii", work->village, work->job);
	if (good && link_do(work->what, "commit", ""))
		return NULL;
	if (link_is_up())
		(void)link_do(work->what, "rollback", "");
	return link_trouble();
}

struct work photo_work = {.what = "photo", .kind = "photo.sizes", .begin = begin, .keep = keep};

int64_t
photo_step(void)
{
	return work_step(&photo_work);
}
