/*
 * A receipt: what jobs.paper says, line by line, becomes a PDF.
 */
#ifndef RECEIPT_H
#define RECEIPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

/* A row of jobs.paper (sql/jobs/paper.sql says what stands in which part); words are never NULL. */
struct receipt_line {
	const char	*part, *words;
	struct date	 day;
	struct moment	 at;
	int64_t		 fen;
	const char	*what, *mark, *why, *note;
};

/* Writes the PDF and ends with 0, or says what is wrong and ends with another number. Runs in a process of its own. */
void	receipt_make(const struct receipt_line *, size_t count, int out) __attribute__((noreturn));

#endif
