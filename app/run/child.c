/*
 * Programs that stay: started in a group of their own, watched, started again
 * after a pause that doubles, and ended in good order or not at all gently.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

#define PAUSE_LEAST 200 /* ms before a program is started again the first time */
#define PAUSE_MOST 10000
#define LONG_LIFE 60000 /* ms after which it counts as well again */

void
child_words(struct child *child, const char *const *words)
{
	size_t count = 0;

	for (; words[count] != NULL; count++)
		child->argv[count] = put(child->words[count], sizeof(child->words[count]), "%s", words[count]);
	child->argv[count] = NULL;
}

void
child_leave(const struct house *house, bool drop, int signal)
{
	setpgid(0, 0);
	signals_default();
	if (drop && house->as_root && (setgroups(0, NULL) != 0 || setgid(house->gid) != 0 || setuid(house->uid) != 0)) {
		dprintf(2, "cannot become user %s: %s\n", house->user, strerror(errno));
		_exit(127);
	}
	/* A folder the user can come to; paths are absolute. */
	if (drop && chdir("/") != 0)
		_exit(127);
	/* After the change of user, which clears it. */
	prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != house->pid)
		_exit(127);
}

bool
child_start(const struct house *house, struct child *child)
{
	struct stat status;
	int log = places_log(house, child->log);
	pid_t pid;

	if (log == -1)
		return false;
	child->log_from = fstat(log, &status) == 0 ? status.st_size : 0;
	fflush(NULL);
	pid = fork();
	if (pid == -1) {
		close(log);
		return fail("Cannot fork: %s", strerror(errno));
	}
	if (pid == 0) {
		int none = open("/dev/null", O_RDONLY);

		dup2(none, 0);
		dup2(log, 1);
		dup2(log, 2);
		child_leave(house, child->drop, child->stop);
		execv(child->argv[0], child->argv);
		dprintf(2, "cannot start %s: %s\n", child->argv[0], strerror(errno));
		_exit(127);
	}
	/* Also here, so that the group exists whoever comes first. */
	setpgid(pid, pid);
	close(log);
	child->pid = pid;
	child->started = clock_ms();
	child->misses = 0;
	leash_take(pid, child->stop, child->patience);
	return true;
}

/*
 * Kore asks for its accept lock as System V memory and removes it when it ends by itself. After a SIGKILL it
 * would stay until the machine is restarted, and there are only so many.
 */
static void
remove_shared_memory(pid_t maker)
{
	struct shmid_ds segment;
	struct shm_info info;
	int last, id;

	last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info);
	for (int i = 0; i <= last; i++) {
		id = shmctl(i, SHM_STAT, &segment);
		if (id != -1 && segment.shm_cpid == maker && segment.shm_nattch == 0)
			shmctl(id, IPC_RMID, NULL);
	}
}

/* The leader is dead but not yet taken note of, so its number still means its group: nobody else can have it. */
static void
bury(struct child *child)
{
	pid_t pid = child->pid;

	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* Orphans of the group come to us (PR_SET_CHILD_SUBREAPER). */
	for (int i = 0; i < 100; i++) {
		while (waitpid(-pid, NULL, WNOHANG) > 0)
			;
		if (kill(-pid, 0) != 0)
			break;
		usleep(10000);
	}
	remove_shared_memory(pid);
	leash_drop(pid);
	child->pid = 0;
}

static bool
has_died(const struct child *child, siginfo_t *info)
{
	info->si_pid = 0;
	return child->pid != 0 && waitid(P_PID, (id_t)child->pid, info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info->si_pid == child->pid;
}

bool
child_is_dead(const struct child *child)
{
	siginfo_t info;

	return child->pid == 0 || has_died(child, &info);
}

void
child_reap(struct child *const *children, size_t count)
{
	siginfo_t info;
	int64_t now;

	for (size_t i = 0; i < count; i++) {
		struct child *child = children[i];

		if (!has_died(child, &info))
			continue;
		now = clock_ms();
		if (now - child->started >= LONG_LIFE || child->delay == 0)
			child->delay = PAUSE_LEAST;
		else
			child->delay = child->delay * 2 > PAUSE_MOST ? PAUSE_MOST : child->delay * 2;
		say("%s %s %d; starting it again in %.1f s", child->name,
		    info.si_code == CLD_EXITED ? "ended with" : "was ended by signal", info.si_status,
		    (double)child->delay / 1000);
		bury(child);
		child->due = now + child->delay;
	}
	/* Orphans that came to us: processes of a database that lost its first one, for example. */
	for (;;) {
		bool ours = false;

		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
			break;
		for (size_t i = 0; i < count; i++)
			ours = ours || children[i]->pid == info.si_pid;
		if (ours)
			break;
		waitpid(info.si_pid, NULL, WNOHANG);
	}
}

int64_t
child_due(const struct house *house, struct child *const *children, size_t count)
{
	int64_t now = clock_ms(), next = -1, left;

	for (size_t i = 0; i < count; i++) {
		struct child *child = children[i];

		if (child->pid != 0 || child->argv[0] == NULL)
			continue;
		if (now >= child->due && child_start(house, child))
			continue;
		left = child->due > now ? child->due - now : PAUSE_MOST;
		if (next == -1 || left < next)
			next = left;
	}
	return next;
}

void
child_stop(struct child *const *children, size_t count)
{
	int64_t begun = clock_ms(), waited;
	siginfo_t info;
	bool alive;

	for (size_t i = 0; i < count; i++)
		if (children[i]->pid != 0)
			kill(children[i]->pid, children[i]->stop);
	do {
		alive = false;
		waited = clock_ms() - begun;
		for (size_t i = 0; i < count; i++) {
			struct child *child = children[i];

			if (child->pid == 0)
				continue;
			if (has_died(child, &info)) {
				bury(child);
			} else if (waited >= child->patience) {
				say("  %s did not end within %.0f s; killed", child->name,
				    (double)child->patience / 1000);
				bury(child);
			} else {
				alive = true;
			}
		}
		if (alive)
			signals_wait(100);
	} while (alive);
}

void
child_show(const struct house *house, const struct child *child)
{
	char path[PATH_MAX], text[8192];
	off_t from = child->log_from;
	struct stat status;
	size_t length;
	FILE *file;

	put(path, sizeof(path), "%s/log/%s", house->var, child->log);
	file = fopen(path, "re");
	if (file == NULL)
		return;
	if (fstat(fileno(file), &status) == 0 && status.st_size - from > (off_t)sizeof(text))
		from = status.st_size - (off_t)sizeof(text);
	if (fseeko(file, from, SEEK_SET) == 0 && (length = fread(text, 1, sizeof(text), file)) > 0) {
		fail("%s wrote (all of it is in %s):", child->name, path);
		fwrite(text, 1, length, stderr);
	}
	fclose(file);
}
