/*
 * Sheets of A4: texts put where they belong, page after page, as a PDF with
 * real text in embedded fonts. Runs in a process that work.c has confined;
 * nothing is freed. What stands on a paper is left to receipt.c.
 */
#ifndef SHEET_H
#define SHEET_H

#include <stdbool.h>

#include "base/lang.h"

/* Points, from the upper left corner. */
#define SHEET_WIDTH	595.276
#define SHEET_HEIGHT	841.89
#define SHEET_LEFT	62.0
#define SHEET_RIGHT	(SHEET_WIDTH - SHEET_LEFT)
#define SHEET_TOP	62.0
#define SHEET_BOTTOM	(SHEET_HEIGHT - 76.0)	/* below it stands the foot alone */

enum ink { INK = 0x2b2a27, INK_QUIET = 0x6a655c, INK_LINE = 0xe5dfd3, INK_ACCENT = 0xb8471b };
enum face { FACE_TITLE, FACE_HEADING, FACE_TEXT, FACE_STRONG, FACE_LABEL, FACE_SMALL, FACE_TIGHT };

/* Where a text stands: its lines, 1 unless said, begin at x and end at x + width; what has no room is cut off (…). */
struct place {
	double	x, width;
	int	lines;
	bool	right, struck, quiet;
};

/* The paper that is being drawn; a process draws one. */
extern struct sheet {
	/* Said by whoever draws, before sheet_make. */
	enum lang	 lang;
	const char	*title, *author, *made;		/* made: as moment_write writes it */
	void		(*draw)(void);			/* all of it; called twice, for pages are counted first */
	void		(*foot)(void);			/* at the end of each page */
	void		(*next)(void);			/* the head of each page but the first; sets y */
	/* While it is drawn. */
	double		 y;				/* where the next thing may begin */
	int		 page, pages;
	void		(*columns)(void);		/* heads of the table that is being written, or NULL; said again on the next page */
} sheet;

/* Writes the PDF and ends with 0, or says what is wrong and ends with another number. */
void	sheet_make(int out) __attribute__((noreturn));

/* So much of the page is needed in one piece; if it is not there, the next page begins. */
void	sheet_need(double height);
/* A text whose first line stands on y. Returns how much lower its last one does; sheet_measure only that. */
double	sheet_put(enum face, double y, struct place, const char *);
double	sheet_measure(enum face, struct place, const char *);
bool	sheet_holds(enum face, struct place, const char *);	/* nothing would be cut off */
double	sheet_line(enum face);					/* from one line to the next */
void	sheet_rule(double x, double end, double y, double width, enum ink);
/* Words of strangers as one line that changes nothing but itself. */
const char	*sheet_clean(const char *);

#endif
