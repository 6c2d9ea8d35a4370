/*
 * Log lines, gathered and written whole. See log.h.
 */
#include <sys/types.h>

#include <kore/kore.h>

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define LINES 16384

static int file = STDOUT_FILENO;
static char lines[LINES * 2];
static size_t used;

void
log_open(const char *path)
{
	if (path == NULL)
		return;
	file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (file == -1)
		fatal("cannot write the log %s", path);
}

void
log_flush(void)
{
	size_t done = 0;

	while (done < used) {
		ssize_t n = write(file, lines + done, used - done);

		if (n <= 0)
			break; /* a full disk must not stop the site */
		done += (size_t)n;
	}
	used = 0;
}

static void
tick(void *arg, u_int64_t now)
{
	(void)arg;
	(void)now;
	log_flush();
}

void
log_start(void)
{
	kore_timer_add(tick, 200, NULL, 0);
}

static void
add(const char *text)
{
	size_t length = strlen(text);

	if (used + length > sizeof(lines))
		log_flush();
	if (length > sizeof(lines))
		return;
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a file's bytes, no string */
	memcpy(lines + used, text, length);
	used += length;
}

/* A JSON string: what a visitor sent must not look like a line of its own. */
static void
add_word(const char *name, const char *value)
{
	char out[8], *p;

	add(",\"");
	add(name);
	add("\":\"");
	for (const unsigned char *s = (const unsigned char *)value; *s != '\0'; s++) {
		p = out;
		if (*s == '"' || *s == '\\') {
			*p++ = '\\';
			*p++ = (char)*s;
			*p = '\0';
		} else if (*s < 0x20 || *s == 0x7f)
			(void)snprintf(out, sizeof(out), "\\u%04x", *s);
		else {
			*p++ = (char)*s;
			*p = '\0';
		}
		add(out);
	}
	add("\"");
}

static void
add_number(const char *name, long long value)
{
	char out[64];

	(void)snprintf(out, sizeof(out), ",\"%s\":%lld", name, value);
	add(out);
}

static void
begin(void)
{
	char out[64];
	struct timespec now;
	struct tm tm;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &tm);
	(void)strftime(out, sizeof(out), "{\"at\":\"%Y-%m-%dT%H:%M:%S", &tm);
	add(out);
	(void)snprintf(out, sizeof(out), ".%03ldZ\"", now.tv_nsec / 1000000);
	add(out);
}

static void
end(void)
{
	add("}\n");
	if (used > LINES)
		log_flush();
}

void
log_line(const char *what, const char *format, ...)
{
	char text[1024];
	va_list args;
	size_t length;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	length = strlen(text);
	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	begin();
	add_word("what", what);
	add_word("say", text);
	end();
}

void
log_request(const struct log_request *r)
{
	begin();
	add_word("id", r->id);
	add_word("method", r->method);
	add_word("route", r->route);
	if (r->village != NULL)
		add_word("host", r->village);
	add_number("status", r->status);
	add_number("us", (long long)r->microseconds);
	add_number("bytes", (long long)r->bytes);
	if (r->address != NULL)
		add_word("from", r->address);
	if (r->refused != NULL)
		add_word("refused", r->refused);
	if (r->trouble != NULL)
		add_word("trouble", r->trouble);
	end();
}
