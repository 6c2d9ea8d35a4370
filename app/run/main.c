/*
 * The order of things: places, database, release, programs, and back again.
 * Each step says what it does; each can be ended by Ctrl-C.
 */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

static struct child database = {.name = "The database",
    .log = "postgres.log",
    .drop = true,
    .stop = SIGINT,
    .patience = 30000};
/* Kore's parent can wait for ever for a worker that is stuck. */
static struct child site = {.name = "The site", .log = "kore.log", .stop = SIGTERM, .patience = 5000};
static struct child jobs = {.name = "The jobs program", .log = "jobs.log", .stop = SIGTERM, .patience = 5000};
static struct child *const children[CHILDREN] = {&database, &site, &jobs};

static bool
start_programs(const struct house *house)
{
	char conf[PATH_MAX];
	const char *const kore[] = {"/usr/bin/kore", "-c", conf, house->as_root ? "-fn" : "-fnr", NULL};
	const char *const single[] = {house->site_binary, kore[3], NULL};
	const char *const work[] = {house->jobs_binary, NULL};

	put(conf, sizeof(conf), "%s/kore.conf", house->var);
	child_words(&site, house->site_binary[0] == '\0' ? kore : single);
	child_words(&jobs, work);
	say("Starting the site, %d workers", house->workers);
	if (!child_start(house, &site))
		return false;
	say("Starting the jobs program");
	return child_start(house, &jobs) && watch_until_ready(house, children);
}

static void
announce(const struct house *house)
{
	FILE *file = house->demo ? fopen("sql/demo/signins.txt", "re") : NULL;
	char line[512];

	say("\nThe village is open at %s/", house->base_url);
	if (file != NULL) {
		while (fgets(line, sizeof(line), file) != NULL)
			fputs(line, stdout);
		fclose(file);
	}
	say("Logs are in %s/log. Ctrl-C stops everything.", house->var);
}

static bool
write_conf(const struct house *house)
{
	char to[PATH_MAX];

	put(to, sizeof(to), "%s/kore.conf", house->var);
	return conf_fill(house, "conf/kore.conf", to) && conf_environment(house);
}

/* Everything before the programs; what systemd runs once before its own units. */
static bool
prepare(struct house *house)
{
	if (!house->prepare &&
	    (!http_free(house->bind, house->port, "PORT") ||
		!http_free("127.0.0.1", house->metrics_port, "METRICS_PORT")))
		return false;
	if (house->url[0] == '\0' && !cluster_start(house, &database))
		return false;
	return deploy(house) && write_conf(house);
}

static int
run(struct house *house)
{
	bool well;

	if (!places_open(house))
		return 1;
	if (chdir(house->root) != 0) {
		fail("Cannot go to %s: %s", house->root, strerror(errno));
		return 1;
	}
	if (!leash_hold())
		return 1;
	well = prepare(house);
	if (well && house->prepare)
		say("The database is at this release; kore.conf and environment are in %s", house->var);
	else if (well && (well = start_programs(house))) {
		announce(house);
		watch(house, children);
	}

	if (database.pid != 0 || site.pid != 0 || jobs.pid != 0)
		say("Stopping");
	/* The database last: the others may have something to finish. */
	child_stop(children + SITE, CHILDREN - SITE);
	child_stop(children + DATABASE, 1);
	leash_release();
	places_close(house);
	if (signals_stop())
		say("Stopped.");
	return well || signals_stop() ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct house house;

	umask(022);
	/* What our programs leave behind when they die comes to us, so it can be ended and counted. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!settings_read(&house, argc, argv) || !signals_open())
		return 1;
	return run(&house);
}
