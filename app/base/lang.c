/*
 * Words: finds a text, fills its places, and says dates and money as people
 * do in either language. Escaping is left to html, the texts to assets/text.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "lang.h"

static const char *const weekdays[LANG_COUNT][7] = {
    {"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
    {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
};
static const char *const months[12] = {
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
};

/* As strcmp of "prefix.word" and key, without putting the first together; no prefix: of the word alone. */
static int
compare(const char *prefix, size_t length, const char *word, const char *key)
{
	int order = strncmp(prefix, key, length);

	if (length == 0)
		return (strcmp(word, key));
	if (order == 0)
		order = '.' - (unsigned char)key[length];
	return (order == 0 ? strcmp(word, key + length + 1) : order);
}

int
lang_find_of(const char *prefix, const char *word)
{
	size_t from = 0, to = text_count, length = strlen(prefix);

	if (word == NULL)
		return (-1);
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare(prefix, length, word, text_table[middle].key);

		if (order == 0)
			return ((int)middle);
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return (-1);
}

int
lang_find(const char *key)
{
	return (lang_find_of("", key));
}

/* The argument a place of that name stands for, or NULL. */
static const struct said *
said_of(const struct said *said, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(said[i].name, name, length) == 0 && said[i].name[length] == '\0')
			return (&said[i]);
	return (NULL);
}

static void
say_one(struct buffer *out, enum lang lang, const struct said *said, struct date today)
{
	switch (said->kind) {
	case SAID_WORD: buffer_word(out, said->word); break;
	case SAID_INT: buffer_int(out, said->number); break;
	case SAID_FEN: lang_fen(out, lang, said->number); break;
	case SAID_DATE:
		/* A number that is no date at all must not wrap round into one. */
		if (said->number > INT32_MIN && said->number <= INT32_MAX)
			lang_date(out, lang, (struct date){(int32_t)said->number}, today);
		break;
	case SAID_MOMENT: lang_moment(out, lang, (struct moment){said->number}, today); break;
	case SAID_CLOCK:
		if (said->number >= 0 && said->number <= INT32_MAX)
			lang_clock(out, (int)said->number);
		break;
	}
}

void
lang_say_today(struct buffer *out, enum lang lang, int text, const struct said *said, size_t count, struct date today)
{
	const struct said *number = said_of(said, count, "n", 1), *one;
	const char *at, *open, *close;

	if (text < 0 || (size_t)text >= text_count)
		return;
	at = text_table[text].form[lang][0];
	if (number != NULL && number->kind == SAID_INT && number->number != 1 && text_table[text].form[lang][1] != NULL)
		at = text_table[text].form[lang][1];
	if (at == NULL)
		return;
	while ((open = strchr(at, '{')) != NULL) {
		buffer_add(out, at, (size_t)(open - at));
		close = open + 1 + strcspn(open + 1, "{}");
		one = *close == '}' ? said_of(said, count, open + 1, (size_t)(close - open - 1)) : NULL;
		if (one != NULL)
			say_one(out, lang, one, today);
		else
			buffer_add(out, open, (size_t)(close - open) + (*close == '}' ? 1 : 0));
		at = *close == '}' ? close + 1 : close;
	}
	buffer_word(out, at);
}

void
lang_say(struct buffer *out, enum lang lang, int text, const struct said *said, size_t count)
{
	lang_say_today(out, lang, text, said, count, (struct date){DATE_NONE});
}

void
lang_fen(struct buffer *out, enum lang lang, int64_t fen)
{
	uint64_t rest = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen, yuan = rest / 100;
	char digits[32];
	size_t from = sizeof(digits), written = 0;

	(void)lang; /* both languages write yuan alike */
	if (rest % 100 != 0) {
		digits[--from] = (char)('0' + (int)(rest % 10));
		digits[--from] = (char)('0' + (int)(rest / 10 % 10));
		digits[--from] = '.';
	}
	do {
		if (written > 0 && written % 3 == 0)
			digits[--from] = ',';
		digits[--from] = (char)('0' + (int)(yuan % 10));
		yuan /= 10;
		written++;
	} while (yuan > 0);
	if (fen < 0)
		buffer_add(out, "-", 1);
	buffer_word(out, "¥");
	buffer_add(out, digits + from, sizeof(digits) - from);
}

static void
say_day(struct buffer *out, enum lang lang, const struct civil *civil, struct date today)
{
	bool year = today.day == DATE_NONE || date_civil(today).year != civil->year;

	if (lang == LANG_EN) {
		buffer_word(out, weekdays[lang][civil->weekday]);
		buffer_add(out, " ", 1);
		buffer_int(out, civil->day);
		buffer_add(out, " ", 1);
		buffer_word(out, months[civil->month - 1]);
		if (year) {
			buffer_add(out, " ", 1);
			buffer_int(out, civil->year);
		}
		return;
	}
	if (year) {
		buffer_int(out, civil->year);
		buffer_word(out, "年");
	}
	buffer_int(out, civil->month);
	buffer_word(out, "月");
	buffer_int(out, civil->day);
	buffer_word(out, "日 ");
	buffer_word(out, weekdays[lang][civil->weekday]);
}

void
lang_date(struct buffer *out, enum lang lang, struct date date, struct date today)
{
	struct civil civil = date_civil(date);

	if (date.day != DATE_NONE)
		say_day(out, lang, &civil, today);
}

void
lang_moment(struct buffer *out, enum lang lang, struct moment moment, struct date today)
{
	struct civil civil = moment_civil(moment);

	if (moment.us == MOMENT_NEVER || moment.us == MOMENT_NONE)
		return;
	say_day(out, lang, &civil, today);
	buffer_word(out, lang == LANG_EN ? ", " : " ");
	lang_clock(out, civil.minute);
}

void
lang_clock(struct buffer *out, int minute)
{
	if (minute < 0)
		return;
	if (minute < 600)
		buffer_add(out, "0", 1);
	buffer_int(out, minute / 60);
	buffer_word(out, minute % 60 < 10 ? ":0" : ":");
	buffer_int(out, minute % 60);
}

/* A weight of RFC 9110, 12.4.2, in thousandths; -1 when it is none. */
static int
weight(const char *at, size_t length)
{
	int sum = 0, unit = 1000;

	if (length == 0 || length > 5 || (at[0] != '0' && at[0] != '1') || (length > 1 && at[1] != '.'))
		return (-1);
	sum = (at[0] - '0') * 1000;
	for (size_t i = 2; i < length; i++) {
		if (at[i] < '0' || at[i] > '9')
			return (-1);
		unit /= 10;
		sum += (at[i] - '0') * unit;
	}
	return (sum > 1000 ? -1 : sum);
}

enum lang
lang_choose(const char *header)
{
	static const char blanks[] = " \t";
	int best = 0;
	enum lang chosen = LANG_ZH;

	while (header != NULL && *header != '\0') {
		size_t length = strcspn(header, ",");
		const char *end = header + length, *at = header + strspn(header, blanks), *tag = at;
		size_t tag_length = strcspn(tag, ",; \t");
		int here = 1000;
		bool zh, en;

		zh = strncasecmp(tag, "zh", 2) == 0 && (tag_length == 2 || (tag_length > 2 && tag[2] == '-'));
		en = strncasecmp(tag, "en", 2) == 0 && (tag_length == 2 || (tag_length > 2 && tag[2] == '-'));
		at += tag_length;
		at += strspn(at, blanks);
		if (at < end && *at == ';') {
			at++;
			at += strspn(at, blanks);
			here = -1;
			if (strncasecmp(at, "q=", 2) == 0)
				here = weight(at + 2, strcspn(at + 2, ", \t"));
		}
		if ((zh || en) && here > best) {
			best = here;
			chosen = en ? LANG_EN : LANG_ZH;
		}
		header = *end == ',' ? end + 1 : end;
	}
	return (chosen);
}

const char *
lang_tag(enum lang lang)
{
	return (lang == LANG_EN ? "en" : "zh-CN");
}
