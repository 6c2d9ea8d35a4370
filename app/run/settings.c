/*
 * What the environment asks for. Every wrong value is refused here, in a
 * sentence; the rest of the supervisor can believe what it finds.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "run.h"

static const char *
word(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? otherwise : value;
}

static bool
number(const char *name, int least, int most, int otherwise, int *out)
{
	const char *value = word(name, NULL);
	char *end;
	long n;

	*out = otherwise;
	if (value == NULL)
		return true;
	errno = 0;
	n = strtol(value, &end, 10);
	if (errno != 0 || *end != '\0' || n < least || n > most)
		return fail("%s=%s is not a number from %d to %d.", name, value, least, most);
	*out = (int)n;
	return true;
}

static bool
text(const char *name, const char *otherwise, char *out, size_t room)
{
	const char *value = word(name, otherwise);

	/* Each of these ends up as a line of a file or a value in one. */
	if (strlen(value) >= room || strpbrk(value, "\r\n") != NULL)
		return fail("%s is too long or has a line end in it.", name);
	put(out, room, "%s", value);
	return true;
}

/* The repository is where the program lies, not where it was called from. */
static bool
find_root(struct house *house)
{
	char path[PATH_MAX], probe[PATH_MAX + 32], *slash;
	ssize_t length;

	length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (length <= 0)
		return fail("Cannot tell where this program lies: %s", strerror(errno));
	path[length] = '\0';
	while ((slash = strrchr(path, '/')) != NULL && slash != path) {
		*slash = '\0';
		put(probe, sizeof(probe), "%s/conf/kore.conf", path);
		if (access(probe, R_OK) == 0) {
			put(house->root, sizeof(house->root), "%s", path);
			return true;
		}
	}
	return fail("There is no conf/kore.conf above this program.");
}

/* Root serves nobody: data and workers belong to the database's system user then. */
static bool
choose_user(struct house *house)
{
	struct passwd *entry;

	entry = getpwuid(geteuid());
	if (entry == NULL)
		return fail("User %u has no name on this machine.", (unsigned)geteuid());
	put(house->self, sizeof(house->self), "%s", entry->pw_name);
	house->as_root = geteuid() == 0;
	if (house->as_root) {
		entry = getpwnam("postgres");
		if (entry == NULL)
			return fail("There is no user postgres; `make packages` installs PostgreSQL and makes it.");
	}
	house->uid = entry->pw_uid;
	house->gid = entry->pw_gid;
	put(house->user, sizeof(house->user), "%s", entry->pw_name);
	return true;
}

static bool
is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 || strcmp(address, "localhost") == 0;
}

/* PGHOST and its kin would send psql and the programs to another server than the one meant. */
static bool
forget_libpq(void)
{
	static const char *const names[] = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGOPTIONS",
	    "PGSERVICE", "PGDATA", "PGAPPNAME", "PGTARGETSESSIONATTRS", "PSQLRC", "PGTZ", "PGDATESTYLE",
	    "PGCLIENTENCODING"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (unsetenv(names[i]) != 0)
			return fail("Cannot clear %s: %s", names[i], strerror(errno));
	return true;
}

bool
settings_read(struct house *house, int argc, char **argv)
{
	const char *demo = word("DEMO", "1");
	char var[PATH_MAX];

	memset(house, 0, sizeof(*house));
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "prepare") != 0))
		return fail(
		    "Usage: %s [prepare]. Everything else is said by environment variables; see conf/README.md.",
		    argv[0]);
	house->prepare = argc == 2;
	house->pid = getpid();
	if (strcmp(demo, "0") != 0 && strcmp(demo, "1") != 0)
		return fail("DEMO=%s is neither 0 nor 1.", demo);
	house->demo = demo[0] == '1';

	if (!find_root(house) || !choose_user(house) || !forget_libpq())
		return false;
	put(var, sizeof(var), "%s/var", house->root);
	if (!number("PORT", 1, 65535, 8080, &house->port) ||
	    !number("METRICS_PORT", 1, 65535, house->port < 64536 ? house->port + 1000 : house->port - 1000,
		&house->metrics_port) ||
	    !number("WORKERS", 1, 64, 2, &house->workers) || !text("VAR", var, house->var, sizeof(house->var)) ||
	    !text("BIND", "127.0.0.1", house->bind, sizeof(house->bind)) ||
	    !text("PROXY", "", house->proxy, sizeof(house->proxy)) ||
	    !text("TILES", "", house->tiles, sizeof(house->tiles)) ||
	    !text("TILES_BY", "", house->tiles_by, sizeof(house->tiles_by)) ||
	    !text("DATABASE_URL", "", house->url, sizeof(house->url)) ||
	    !text("SITE_BINARY", "", house->site_binary, sizeof(house->site_binary)))
		return false;
	put(var, sizeof(var), "%s/build/jobs", house->root);
	if (!text("JOBS_BINARY", var, house->jobs_binary, sizeof(house->jobs_binary)))
		return false;
	put(var, sizeof(var), strchr(house->bind, ':') == NULL ? "http://%s:%d" : "http://[%s]:%d", house->bind,
	    house->port);
	if (!text("BASE_URL", var, house->base_url, sizeof(house->base_url)))
		return false;
	if (strpbrk(house->bind, " \t") != NULL)
		return fail("BIND=%s is not one address.", house->bind);
	/* It becomes a source in the pages' policy: one https address, nothing that could end it. */
	if (house->tiles[0] != '\0' &&
	    (strncmp(house->tiles, "https://", 8) != 0 || strpbrk(house->tiles, " \t;,'\"") != NULL ||
		strstr(house->tiles, "{z}") == NULL))
		return fail("TILES=%s is not an https address with {z}, {x} and {y}.", house->tiles);
	if (house->metrics_port == house->port)
		return fail("PORT and METRICS_PORT are both %d.", house->port);
	if (strstr(house->url, "options=") != NULL)
		return fail("DATABASE_URL has options of its own; the site needs that place to choose its roles.");
	if (house->prepare && house->url[0] == '\0')
		return fail("`run prepare` is for a database of your own: set DATABASE_URL.");
	house->loopback = is_loopback(house->bind);
	if (house->demo && !house->loopback)
		return fail(
		    "BIND=%s can be reached from outside, and the demo's sign-ins are known to everybody: use DEMO=0 "
		    "there.",
		    house->bind);
	return true;
}
