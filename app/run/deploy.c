/*
 * Brings the database to the release of this tree, and fills an empty one:
 * the demo village, or nothing but a way in for its first account. All of it
 * through psql, with the SQL in files a person can read.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

#define RELEASE_LINE "-- release "

/* One statement, its answer as bare text. Quiet: an error is an answer too. */
static bool
ask(const struct house *house, const char *role, const char *statement, char *out, size_t room, bool quiet)
{
	char address[TEXT_MOST];
	const char *const argv[] = {
	    POSTGRES_BIN "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, "-d", address, NULL};
	const struct tool tool = {.argv = argv, .out = out, .room = room};

	conf_database(house, role, NULL, address);
	if (!tool_run(house, &tool, quiet))
		return false;
	out[strcspn(out, "\n")] = '\0';
	return true;
}

static bool
run_file(const struct house *house, const char *role, const char *file, bool show)
{
	char address[TEXT_MOST], base_url[TEXT_MOST + 16];
	const char *const argv[] = {POSTGRES_BIN "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v",
	    base_url, "-f", file, "-d", address, NULL};
	const struct tool tool = {.argv = argv, .show = show};

	if (access(file, R_OK) != 0)
		return fail("Cannot read %s: %s", file, strerror(errno));
	put(base_url, sizeof(base_url), "base_url=%s", house->base_url);
	conf_database(house, role, NULL, address);
	return tool_run(house, &tool, false);
}

static bool
release_of_tree(char *out, size_t room)
{
	FILE *file = fopen("build/deploy.sql", "re");
	bool read;

	if (file == NULL)
		return fail("Cannot read build/deploy.sql: %s. `make` builds it.", strerror(errno));
	read = fgets(out, (int)room, file) != NULL;
	fclose(file);
	if (!read || strncmp(out, RELEASE_LINE, strlen(RELEASE_LINE)) != 0)
		return fail("build/deploy.sql does not begin with its release; remove it and `make`.");
	memmove(out, out + strlen(RELEASE_LINE), strlen(out + strlen(RELEASE_LINE)) + 1);
	out[strcspn(out, " \r\n")] = '\0';
	return true;
}

/* That the demo's sign-ins are in this VAR is remembered beside it, for the day it is opened to others. */
static bool
remember_demo(const struct house *house, bool *known)
{
	char path[PATH_MAX];

	put(path, sizeof(path), "%s/demo", house->var);
	if (known != NULL) {
		*known = access(path, F_OK) == 0;
		return true;
	}
	return conf_write(path, 0644, geteuid(), getegid(), "", 0);
}

static bool
fill(const struct house *house, const char *owner)
{
	char found[64];

	/* Hosts stand outside the wall around each village, so whoever asks sees whether there is one. */
	if (!ask(house, owner, "select 1 from data.village_host limit 1", found, sizeof(found), false))
		return false;
	if (found[0] != '\0')
		return true;
	if (house->demo) {
		say("Loading the demo village");
		return remember_demo(house, NULL) && run_file(house, owner, "sql/demo/load.sql", false);
	}
	say("The database is empty; opening it for its first account:");
	return run_file(house, owner, "sql/empty.sql", true);
}

bool
deploy(const struct house *house)
{
	const char *owner = house->url[0] == '\0' ? "village" : NULL;
	char wanted[256], present[256], statement[TEXT_MOST + 96];
	bool demo_known = false;

	remember_demo(house, &demo_known);
	if (demo_known && !house->loopback)
		return fail(
		    "VAR=%s holds the demo village, whose sign-ins are known to everybody; BIND=%s needs a VAR of its "
		    "own.",
		    house->var, house->bind);
	if (!release_of_tree(wanted, sizeof(wanted)))
		return false;
	if (house->url[0] != '\0' && !run_file(house, NULL, "conf/roles.sql", false))
		return false;
	if (!ask(house, owner, "select hash from data.release", present, sizeof(present), true))
		present[0] = '\0';
	if (signals_stop())
		return false;
	if (strcmp(wanted, present) != 0) {
		say("Loading tables and functions (%.12s)", wanted);
		if (!run_file(house, owner, "build/deploy.sql", false))
			return false;
	}
	if (!fill(house, owner))
		return false;
	if (!house->demo)
		return true;
	/* The demo answers wherever it is started: links must lead to this port, not to that of the first start. */
	put(statement, sizeof(statement), "set visit.village = '1'; update data.village set base_url = '%s'",
	    house->base_url);
	return ask(house, owner, statement, present, sizeof(present), false);
}
