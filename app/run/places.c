/*
 * Folders, the lock and the secret.
 *
 * As root the cluster and the uploads belong to another user, who may not be
 * able to come to VAR at all (a repository below a closed home). Then they lie
 * under /var/lib and VAR links to them. What is in the folders is the business
 * of the other files.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

#define FAR "/var/lib/shawang"
#define LOG_MOST (16L << 20) /* bytes; a longer log is put aside at start */

/* FNV-1a, 64 bits: a short name for a long path. Two that meet are noticed by the lock of the socket. */
static uint64_t
hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
	return hash;
}

bool
places_make(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat status;

	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return fail("Cannot make %s: %s", path, strerror(errno));
	if (lstat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return fail("%s is in the way: it is not a folder.", path);
	if ((status.st_uid != uid || status.st_gid != gid) && chown(path, uid, gid) != 0)
		return fail("%s belongs to another user; use the same user as before, or another VAR.", path);
	if ((status.st_mode & 07777) != mode && chmod(path, mode) != 0)
		return fail("Cannot change the mode of %s: %s", path, strerror(errno));
	return true;
}

static int
remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

bool
places_empty(const char *path)
{
	if (nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
		return fail("Cannot remove %s: %s", path, strerror(errno));
	return true;
}

/* Like mkdir -p: VAR itself and what is above it belong to whoever runs this. */
static bool
make_above(const char *path)
{
	char part[PATH_MAX];

	put(part, sizeof(part), "%s", path);
	for (char *at = part + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
			return fail("Cannot make %s: %s", part, strerror(errno));
		*at = '/';
	}
	if (mkdir(part, 0755) != 0 && errno != EEXIST)
		return fail("Cannot make %s: %s", part, strerror(errno));
	return true;
}

/* Tried, not computed: only the kernel knows what modes, lists and mounts add up to. */
static bool
can_reach(const struct house *house, const char *path)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == -1)
		return false;
	if (pid == 0) {
		if (house->as_root && (setgroups(0, NULL) != 0 || setgid(house->gid) != 0 || setuid(house->uid) != 0))
			_exit(1);
		_exit(chdir(path) == 0 ? 0 : 1);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A folder of the user's, in VAR or, when VAR is out of the user's reach, far away with a link to it. */
static bool
find_place(const struct house *house, const char *name, char out[PATH_MAX])
{
	char here[PATH_MAX], far[PATH_MAX], aside[PATH_MAX];
	struct stat status;

	put(here, sizeof(here), "%s/%s", house->var, name);
	if (lstat(here, &status) == 0) {
		if (realpath(here, out) == NULL)
			return fail("%s leads nowhere: %s. Put back what it led to, or remove the link to begin anew.",
			    here, strerror(errno));
		if (stat(out, &status) != 0 || status.st_uid != house->uid)
			return fail("%s belongs to another user than %s; use the same user as before, or another VAR.",
			    out, house->user);
		if (!can_reach(house, out))
			return fail("User %s cannot come to %s any more.", house->user, out);
		return true;
	}
	if (can_reach(house, house->var)) {
		put(out, PATH_MAX, "%s", here);
		return places_make(out, 0700, house->uid, house->gid);
	}

	put(far, sizeof(far), "%s/%016llx", FAR, (unsigned long long)hash_of(house->var));
	if (!places_make(FAR, 0755, 0, 0) || !places_make(far, 0755, 0, 0))
		return false;
	put(out, PATH_MAX, "%s/%s", far, name);
	if (lstat(out, &status) == 0) {
		/* Whoever removed VAR wants to begin anew; whether the data may go too, only a person knows. */
		put(aside, sizeof(aside), "%s.%lld", out, (long long)status.st_mtime);
		say("  what a removed VAR left behind is now %s", aside);
		if (rename(out, aside) != 0)
			return fail("Cannot rename %s: %s", out, strerror(errno));
	}
	say("  user %s cannot come to %s; %s lies in %s", house->user, house->var, name, out);
	if (!places_make(out, 0700, house->uid, house->gid))
		return false;
	if (symlink(out, here) != 0)
		return fail("Cannot link %s to %s: %s", here, out, strerror(errno));
	return true;
}

/* Under /tmp, where anybody can put something first: what is there must be a folder of the right owner. */
static bool
make_socket_folder(struct house *house)
{
	struct stat status;

	put(house->socket, sizeof(house->socket), "/tmp/shawang-%016llx", (unsigned long long)hash_of(house->var));
	if (mkdir(house->socket, 0700) == 0) {
		if (house->as_root && chown(house->socket, house->uid, house->gid) != 0)
			return fail("Cannot give %s to %s: %s", house->socket, house->user, strerror(errno));
	} else if (errno != EEXIST) {
		return fail("Cannot make %s: %s", house->socket, strerror(errno));
	}
	if (lstat(house->socket, &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != house->uid ||
	    (status.st_mode & 0777) != 0700)
		return fail("%s is not a folder of user %s alone; somebody else put it there. Remove it.",
		    house->socket, house->user);
	return true;
}

/* The lock, and how long to wait for it: a supervisor that was killed leaves its leash tidying up. */
static bool
take_lock(const struct house *house)
{
	char path[PATH_MAX], text[32] = "";
	int64_t begun = clock_ms();
	bool told = false;
	ssize_t length;
	int file;
	long pid;

	put(path, sizeof(path), "%s/lock", house->var);
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (file == -1)
		return fail("Cannot open %s: %s", path, strerror(errno));
	while (flock(file, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return fail("Cannot lock %s: %s", path, strerror(errno));
		length = pread(file, text, sizeof(text) - 1, 0);
		text[length > 0 ? length : 0] = '\0';
		pid = strtol(text, NULL, 10);
		if (pid <= 0 || kill((pid_t)pid, 0) == 0 || errno == EPERM)
			return fail(
			    "The site already runs on VAR=%s (process %ld). Stop it first, or choose another VAR.",
			    house->var, pid);
		if (clock_ms() - begun > 45000)
			return fail("Programs of a supervisor that was killed still hold %s.", path);
		if (!told)
			say("The supervisor before this one was killed; waiting for its programs to end.");
		told = true;
		signals_wait(200);
		if (signals_stop())
			return false;
	}
	put(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(file, 0) != 0 || pwrite(file, text, strlen(text), 0) != (ssize_t)strlen(text))
		return fail("Cannot write %s: %s", path, strerror(errno));
	/* Left open for good: the lock lives as long as this process and its leash. */
	return true;
}

/* Without it every session and form token is void, so it is made once and kept. */
static bool
make_secret(const struct house *house)
{
	unsigned char bytes[32];
	char path[PATH_MAX];

	put(path, sizeof(path), "%s/secret", house->var);
	if (!places_make(path, 0700, geteuid(), getegid()))
		return false;
	put(path, sizeof(path), "%s/secret/pepper", house->var);
	if (access(path, F_OK) == 0)
		return true;
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return fail("The system gives no random bytes: %s", strerror(errno));
	return conf_write(path, 0600, geteuid(), getegid(), (const char *)bytes, sizeof(bytes));
}

bool
places_open(struct house *house)
{
	char path[PATH_MAX];

	if (!make_above(house->var))
		return false;
	if (realpath(house->var, path) == NULL)
		return fail("Cannot come to VAR=%s: %s", house->var, strerror(errno));
	put(house->var, sizeof(house->var), "%s", path);
	if (access(house->var, W_OK | X_OK) != 0)
		return fail("User %s cannot write to VAR=%s.", house->self, house->var);
	if (!take_lock(house))
		return false;
	put(path, sizeof(path), "%s/log", house->var);
	if (!places_make(path, 0755, geteuid(), getegid()) || !make_secret(house))
		return false;
	if (!find_place(house, "upload", house->upload))
		return false;
	if (house->url[0] != '\0')
		return true;
	return find_place(house, "postgres", house->postgres) && make_socket_folder(house);
}

void
places_close(const struct house *house)
{
	if (house->socket[0] != '\0')
		rmdir(house->socket);
}

int
places_log(const struct house *house, const char *name)
{
	char path[PATH_MAX], aside[PATH_MAX];
	struct stat status;
	int file;

	put(path, sizeof(path), "%s/log/%s", house->var, name);
	if (stat(path, &status) == 0 && status.st_size > LOG_MOST) {
		put(aside, sizeof(aside), "%s.1", path);
		rename(path, aside);
	}
	file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (file == -1)
		fail("Cannot open %s: %s", path, strerror(errno));
	return file;
}
