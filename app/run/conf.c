/*
 * What is written down for the programs: files made from templates of conf/,
 * and the environment that Kore and the jobs program read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

/* Whole or not at all: a crash in the middle leaves the file that was there before. */
bool
conf_write(const char *path, mode_t mode, uid_t uid, gid_t gid, const char *text, size_t length)
{
	char fresh[PATH_MAX];
	int file;

	put(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (file == -1)
		return fail("Cannot write %s: %s", fresh, strerror(errno));
	if (write(file, text, length) != (ssize_t)length || fchmod(file, mode) != 0 ||
	    ((uid != geteuid() || gid != getegid()) && fchown(file, uid, gid) != 0) || fsync(file) != 0) {
		fail("Cannot write %s: %s", fresh, strerror(errno));
		close(file);
		unlink(fresh);
		return false;
	}
	close(file);
	if (rename(fresh, path) != 0)
		return fail("Cannot rename %s: %s", fresh, strerror(errno));
	return true;
}

struct value {
	const char *name;
	const char *text;
};

static const struct value *
find_value(const struct value *values, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(values[i].name) == length && memcmp(values[i].name, name, length) == 0)
			return &values[i];
	return NULL;
}

/* One line with its @NAMES@ replaced; false when one of them is empty, so that the line is left out. */
static bool
fill_line(const char *line, const struct value *values, size_t count, FILE *out)
{
	const struct value *value;
	const char *at, *end;
	char filled[TEXT_MOST] = "";
	size_t length = 0;

	for (at = line; *at != '\0'; at++) {
		value = NULL;
		end = *at == '@' ? strchr(at + 1, '@') : NULL;
		if (end != NULL)
			value = find_value(values, count, at + 1, (size_t)(end - at - 1));
		if (value == NULL) {
			put(filled + length, sizeof(filled) - length, "%c", *at);
			length++;
			continue;
		}
		if (value->text[0] == '\0')
			return false;
		put(filled + length, sizeof(filled) - length, "%s", value->text);
		length += strlen(value->text);
		at = end;
	}
	fwrite(filled, 1, length, out);
	return true;
}

bool
conf_fill(const struct house *house, const char *from, const char *to)
{
	char port[16], metrics_port[16], workers[16], load[PATH_MAX], line[1024], *text = NULL;
	const struct value values[] = {
	    {"ROOT", house->root},
	    {"VAR", house->var},
	    {"RUNAS", house->as_root ? house->user : ""},
	    {"WORKERS", workers},
	    {"UPLOAD", house->upload},
	    {"LOAD", load},
	    {"BIND", house->bind},
	    {"PORT", port},
	    {"METRICS_PORT", metrics_port},
	};
	size_t length = 0;
	FILE *in, *out;
	bool done;

	put(port, sizeof(port), "%d", house->port);
	put(metrics_port, sizeof(metrics_port), "%d", house->metrics_port);
	put(workers, sizeof(workers), "%d", house->workers);
	/* A single program has the site in it; there is nothing to load. */
	put(load, sizeof(load), "%s%s", house->site_binary[0] == '\0' ? house->root : "",
	    house->site_binary[0] == '\0' ? "/build/site.so" : "");

	in = fopen(from, "re");
	if (in == NULL)
		return fail("Cannot read %s: %s", from, strerror(errno));
	out = open_memstream(&text, &length);
	if (out == NULL) {
		fclose(in);
		return fail("Out of memory.");
	}
	while (fgets(line, sizeof(line), in) != NULL)
		if (line[0] != '#')
			fill_line(line, values, sizeof(values) / sizeof(values[0]), out);
	fclose(in);
	fclose(out);
	done = conf_write(to, 0644, geteuid(), getegid(), text, length);
	free(text);
	return done;
}

char *
conf_database(const struct house *house, const char *role, const char *database, char out[TEXT_MOST])
{
	bool is_uri = strncmp(house->url, "postgres://", 11) == 0 || strncmp(house->url, "postgresql://", 13) == 0;

	if (house->url[0] == '\0')
		return put(out, TEXT_MOST, "host=%s port=5432 dbname=%s user=%s", house->socket,
		    database == NULL ? "village" : database, role == NULL ? "postgres" : role);
	if (role == NULL)
		return put(out, TEXT_MOST, "%s", house->url);
	if (is_uri)
		return put(out, TEXT_MOST, "%s%soptions=-c%%20role%%3D%s", house->url,
		    strchr(house->url, '?') == NULL ? "?" : "&", role);
	return put(out, TEXT_MOST, "%s options='-c role=%s'", house->url, role);
}

/* As systemd's EnvironmentFile reads it: in double quotes, with \ before " and \. */
static void
write_quoted(FILE *out, const char *name, const char *text)
{
	fprintf(out, "%s=\"", name);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputs("\"\n", out);
}

bool
conf_environment(const struct house *house)
{
	char web[TEXT_MOST], jobs[TEXT_MOST], port[16], metrics_port[16], path[PATH_MAX], pepper[PATH_MAX];
	char log[PATH_MAX], conf[PATH_MAX], *text = NULL;
	const struct value values[] = {
	    {"DATABASE_WEB", conf_database(house, "web", NULL, web)},
	    {"DATABASE_JOBS", conf_database(house, "jobs", NULL, jobs)},
	    {"PEPPER_FILE", put(pepper, sizeof(pepper), "%s/secret/pepper", house->var)},
	    {"VAR", house->var},
	    {"PROXY", house->proxy},
	    {"TILES", house->tiles},
	    {"TILES_BY", house->tiles_by},
	    {"DEMO", house->demo ? "1" : "0"},
	    {"BIND", house->bind},
	    {"PORT", put(port, sizeof(port), "%d", house->port)},
	    {"METRICS_PORT", put(metrics_port, sizeof(metrics_port), "%d", house->metrics_port)},
	    {"LOG_FILE", put(log, sizeof(log), "%s/log/site.log", house->var)},
	    {"KORE_CONF", put(conf, sizeof(conf), "%s/kore.conf", house->var)},
	    {"RUNAS", house->as_root ? house->user : ""},
	};
	size_t length = 0;
	FILE *out;
	bool done;

	out = open_memstream(&text, &length);
	if (out == NULL)
		return fail("Out of memory.");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (setenv(values[i].name, values[i].text, 1) != 0)
			fail("Cannot set %s: %s", values[i].name, strerror(errno));
		write_quoted(out, values[i].name, values[i].text);
	}
	fclose(out);
	put(path, sizeof(path), "%s/environment", house->var);
	/* A connection string may hold a password. */
	done = conf_write(path, 0600, geteuid(), getegid(), text, length);
	free(text);
	return done;
}
