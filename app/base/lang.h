/*
 * Words: the texts of zh.po and en.po, and how dates and money are said.
 *
 * The tables are made at build time from assets/text; a key without a text
 * stops the build. A text may hold {name} places filled from the arguments.
 */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "date.h"

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

/* One text. form[lang][1] is the plural (English, n != 1) or NULL where there is none. */
struct text {
	const char	*key;
	const char	*form[LANG_COUNT][2];
};

/* In the order of their keys (strcmp); build/text.h has `enum text_id` with the index of each. */
extern const struct text	text_table[];
extern const size_t		text_count;

enum said_kind { SAID_WORD, SAID_INT, SAID_FEN, SAID_DATE, SAID_MOMENT, SAID_CLOCK };

struct said {
	const char	*name;
	enum said_kind	 kind;
	const char	*word;		/* SAID_WORD; NULL says nothing */
	int64_t		 number;	/* SAID_INT, SAID_FEN, SAID_DATE (day), SAID_MOMENT (us), SAID_CLOCK (minute of the day) */
};

/* The index of a key, or -1. For keys that arrive from the database at run time. */
int	 lang_find(const char *key);
/* The index of prefix.word, for words that come as codes from the database (bed.kang); or -1. */
int	 lang_find_of(const char *prefix, const char *word);
/*
 * The text with its places filled, not escaped. An argument named "n" of
 * kind SAID_INT chooses the plural. A place without argument stays as {name}.
 */
void	 lang_say(struct buffer *, enum lang, int text, const struct said *, size_t count);
/* The same for a page: its dates leave out the year of today. lang_say, for mail and files, always says the year. */
void	 lang_say_today(struct buffer *, enum lang, int text, const struct said *, size_t count, struct date today);

/* ¥1,280 or ¥1,280.50; -¥5. Fen in, yuan out. */
void	 lang_fen(struct buffer *, enum lang, int64_t fen);
/*
 * 12月3日 周四 / Thu 3 Dec; with the year in front or behind when it differs from the year of today
 * (today.day DATE_NONE: always). No date says nothing.
 */
void	 lang_date(struct buffer *, enum lang, struct date, struct date today);
/* 12月1日 周二 18:00 / Tue 1 Dec, 18:00, local time. Never and none say nothing. */
void	 lang_moment(struct buffer *, enum lang, struct moment, struct date today);
/* 14:00 from 840. */
void	 lang_clock(struct buffer *, int minute);
/* zh, en of Accept-Language by its weights; zh when neither is named. */
enum lang lang_choose(const char *accept);
/* zh-CN, en */
const char *lang_tag(enum lang);

#endif
