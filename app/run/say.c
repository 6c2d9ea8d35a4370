/*
 * What the supervisor tells the person who started it, and small helpers that
 * every part of it uses.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include "run.h"

void
say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

bool
fail(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return false;
}

char *
put(char *out, size_t room, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(out, room, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= room) {
		/* A path or connection string cut short would name something else. */
		fail("A path or a setting is longer than %zu bytes.", room - 1);
		exit(1);
	}
	return out;
}

int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
