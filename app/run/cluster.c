/*
 * The database cluster that `make run` brings along: made once, configured
 * anew at every start from conf/, reachable through its socket alone. Who
 * starts it again after a crash is child.c, what is in it is deploy.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

#define TRIES 6 /* starts in a row that end at once before it is given up */
#define WAIT_MOST 300000 /* ms: after a crash it may have much to read again */

/* Made beside its place and renamed, so that a cluster half made is never taken for one. */
static bool
make(const struct house *house)
{
	char fresh[PATH_MAX];
	const char *const argv[] = {POSTGRES_BIN "initdb", "-D", fresh, "-k", "-E", "UTF8", "--locale=C.UTF-8", "-A",
	    "peer", "-U", "postgres", "--no-instructions", NULL};
	const struct tool tool = {.argv = argv, .drop = true};

	put(fresh, sizeof(fresh), "%s.new", house->postgres);
	say("Making a database cluster in %s", house->postgres);
	if (!places_empty(fresh) || !places_make(fresh, 0700, house->uid, house->gid) || !tool_run(house, &tool, false))
		return false;
	if (rename(fresh, house->postgres) != 0)
		return fail("Cannot move the new cluster to %s: %s", house->postgres, strerror(errno));
	return true;
}

/*
 * Peer: the kernel says who is at the other end of the socket, no password exists. As root the user of the
 * workers may only be web and jobs; to be the owner one has to be root.
 */
static bool
write_access(const struct house *house)
{
	static const char *const roles[] = {"postgres", "village", "web", "jobs"};
	static const char rules[] = "local all all peer map=house\nlocal replication postgres peer map=house\n";
	char path[PATH_MAX], text[4096];
	size_t length = 0;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		put(text + length, sizeof(text) - length, "house \"%s\" %s\n", house->self, roles[i]);
		length += strlen(text + length);
		if (!house->as_root || i < 2)
			continue;
		put(text + length, sizeof(text) - length, "house \"%s\" %s\n", house->user, roles[i]);
		length += strlen(text + length);
	}
	put(path, sizeof(path), "%s/pg_ident.conf", house->postgres);
	if (!conf_write(path, 0600, house->uid, house->gid, text, length))
		return false;
	put(path, sizeof(path), "%s/pg_hba.conf", house->postgres);
	return conf_write(path, 0600, house->uid, house->gid, rules, sizeof(rules) - 1);
}

static bool
write_settings(const struct house *house)
{
	char path[PATH_MAX], text[32768];
	size_t length;
	FILE *file;

	put(path, sizeof(path), "%s/conf/postgresql.conf", house->root);
	file = fopen(path, "re");
	if (file == NULL)
		return fail("Cannot read %s: %s", path, strerror(errno));
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	put(text + length, sizeof(text) - length,
	    "\n# Written by the supervisor at every start; change conf/postgresql.conf instead.\n"
	    "unix_socket_directories = '%s'\nunix_socket_permissions = 0700\n",
	    house->socket);
	put(path, sizeof(path), "%s/postgresql.conf", house->postgres);
	return conf_write(path, 0600, house->uid, house->gid, text, strlen(text));
}

static bool
wait_for_answer(const struct house *house, struct child *database)
{
	const char *const argv[] = {POSTGRES_BIN "pg_isready", "-q", "-h", house->socket, "-p", "5432", "-U",
	    "postgres", "-d", "postgres", "-t", "2", NULL};
	const struct tool tool = {.argv = argv};
	int64_t begun = clock_ms(), next;
	int ends = 0;

	while (!signals_stop() && clock_ms() - begun < WAIT_MOST) {
		if (database->pid != 0 && tool_run(house, &tool, true))
			return true;
		child_reap(&database, 1);
		/* One or two ends are normal after a crash: processes of the old one may still hold its memory. */
		if (database->pid == 0 && database->due > clock_ms() && ++ends == TRIES)
			break;
		next = child_due(house, &database, 1);
		signals_wait(next == -1 ? 50 : next);
	}
	if (signals_stop())
		return false;
	child_show(house, database);
	return fail("The database does not start.");
}

static bool
roles(const struct house *house)
{
	char address[TEXT_MOST];
	const char *const argv[] = {POSTGRES_BIN "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "own=1", "-f",
	    "conf/roles.sql", "-d", address, NULL};
	const struct tool tool = {.argv = argv};

	conf_database(house, "postgres", "postgres", address);
	return tool_run(house, &tool, false);
}

bool
cluster_start(const struct house *house, struct child *database)
{
	const char *const words[] = {POSTGRES_BIN "postgres", "-D", house->postgres, NULL};
	char path[PATH_MAX], version[8] = "";
	FILE *file;

	if (access(words[0], X_OK) != 0)
		return fail("There is no %s; `make packages` installs it.", words[0]);
	put(path, sizeof(path), "%s/PG_VERSION", house->postgres);
	if (access(path, F_OK) != 0 && !make(house))
		return false;
	file = fopen(path, "re");
	if (file == NULL || fgets(version, sizeof(version), file) == NULL || strcmp(version, "15\n") != 0) {
		if (file != NULL)
			fclose(file);
		return fail("%s is not a cluster of PostgreSQL 15.", house->postgres);
	}
	fclose(file);
	if (!write_access(house) || !write_settings(house))
		return false;
	say("Starting the database");
	child_words(database, words);
	return child_start(house, database) && wait_for_answer(house, database) && roles(house);
}
