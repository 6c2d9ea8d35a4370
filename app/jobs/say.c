/*
 * Log lines. base/log.c writes the same ones, but through Kore's timers, which
 * this program has not; lines are few here, so each is written at once.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jobs.h"

#define TEXT_MOST 1024
#define SILENCE 60000 /* ms in which the same trouble is not said again */
#define PARTS 8

static size_t
put_word(char *out, size_t used, size_t room, const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s != '\0' && used + 8 < room; s++) {
		if (*s == '"' || *s == '\\') {
			out[used++] = '\\';
			out[used++] = (char)*s;
		} else if (*s < 0x20 || *s == 0x7f)
			used += (size_t)snprintf(out + used, 8, "\\u%04x", *s);
		else
			out[used++] = (char)*s;
	}
	return used;
}

static void
line(const char *what, char *text)
{
	/* Every byte may become six. */
	char out[TEXT_MOST * 6 + 256];
	size_t length = strlen(text), used;
	struct timespec now;
	struct tm tm;

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &tm);
	used = strftime(out, sizeof(out), "{\"at\":\"%Y-%m-%dT%H:%M:%S", &tm);
	used += (size_t)snprintf(out + used, sizeof(out) - used, ".%03ldZ\",\"what\":\"", now.tv_nsec / 1000000);
	used = put_word(out, used, sizeof(out) - 32, what);
	used += (size_t)snprintf(out + used, sizeof(out) - used, "\",\"say\":\"");
	used = put_word(out, used, sizeof(out) - 8, text);
	used += (size_t)snprintf(out + used, sizeof(out) - used, "\"}\n");
	/* A full disk must not stop the work. */
	if (write(STDOUT_FILENO, out, used) == -1)
		return;
}

void
say(const char *what, const char *format, ...)
{
	char text[TEXT_MOST];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	line(what, text);
}

void
say_trouble(const char *what, const char *format, ...)
{
	static struct {
		const char *what;
		int64_t at;
		char text[TEXT_MOST];
	} last[PARTS];
	char text[TEXT_MOST];
	va_list arguments;
	size_t i;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	for (i = 0; i < PARTS - 1 && last[i].what != NULL && strcmp(last[i].what, what) != 0; i++)
		;
	if (last[i].what != NULL && strcmp(last[i].text, text) == 0 && clock_ms() - last[i].at < SILENCE)
		return;
	last[i].what = what;
	last[i].at = clock_ms();
	memcpy(last[i].text, text, sizeof(text));
	line(what, text);
}
