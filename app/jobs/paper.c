/*
 * Jobs of kind paper.make: somebody asked for a receipt. What it says comes
 * from jobs.paper and is read here, for the process that draws it (receipt.c)
 * has no connection.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "receipt.h"

static const char *
words(const struct answer *answer, int row, int column)
{
	const char *text = answer_text(answer, row, column);

	return text == NULL ? "" : text;
}

/* The words stay the answer's. NULL: no memory. */
static struct receipt_line *
read_lines(const struct answer *answer)
{
	struct receipt_line *line = calloc((size_t)answer->rows, sizeof(*line));

	for (int i = 0; line != NULL && i < answer->rows; i++)
		line[i] = (struct receipt_line){
		    .part = words(answer, i, 0),
		    .words = words(answer, i, 1),
		    .day = {answer_null(answer, i, 2) ? DATE_NONE : (int32_t)answer_int(answer, i, 2)},
		    .at = {answer_null(answer, i, 3) ? MOMENT_NONE : answer_int(answer, i, 3)},
		    .fen = answer_int(answer, i, 4),
		    .what = words(answer, i, 5),
		    .mark = words(answer, i, 6),
		    .why = words(answer, i, 7),
		    .note = words(answer, i, 8),
		};
	return line;
}

static const char *
begin(struct work *work)
{
	struct answer answer;
	struct receipt_line *line;
	const char *why = NULL;

	if (!link_ask(&answer, work->what,
		"select part, words, day, at, fen, what, mark, why, note from jobs.paper($1, $2)", "ii", work->village,
		work->job))
		return link_trouble();
	if (answer.rows == 0) {
		answer_free(&answer);
		return "the paper is not there";
	}
	line = read_lines(&answer);
	if (line == NULL)
		why = "there is no memory for it";
	else
		switch (work_fork(work)) {
		case 0: receipt_make(line, (size_t)answer.rows, work->file);
		case -1: why = "there is no process for it";
		}
	free(line);
	answer_free(&answer);
	return why;
}

static const char *
keep(struct work *work)
{
	static const char first[] = "%PDF-", last[] = "%%EOF\n";
	size_t used = work->used;

	if (used < sizeof(first) + sizeof(last) || memcmp(work->out, first, sizeof(first) - 1) != 0 ||
	    memcmp(work->out + used - (sizeof(last) - 1), last, sizeof(last) - 1) != 0)
		return "what came is not whole";
	return link_do(
		   work->what, "select jobs.keep_paper($1, $2, $3)", "iib", work->village, work->job, work->out, used)
	    ? NULL
	    : link_trouble();
}

struct work paper_work = {.what = "paper", .kind = "paper.make", .begin = begin, .keep = keep};

int64_t
paper_step(void)
{
	return work_step(&paper_work);
}
