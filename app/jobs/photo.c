/*
 * Jobs of kind photo.sizes, one at a time. The picture is made in a process of
 * its own with little room and no connection, so one that is broken, huge or
 * meant ill ends that process only, and the chain goes on meanwhile. Pixels
 * are picture.c's business.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"

#define PATIENCE 60000 /* ms for one picture */
#define OUT_MOST (32u << 20) /* of all its sizes */
#define SPACE_MOST (1536l << 20) /* of the process that makes it */
#define SECONDS_MOST 45 /* of a processor */

static struct {
	pid_t pid;
	int file;
	int64_t village, job, begun;
	char *out;
	size_t used, room;
} now = {.file = -1};

static int64_t last_village;

int
photo_file(void)
{
	return now.file;
}

/* Ends the process, if it has not ended, and returns how it did. */
static int
bury(void)
{
	int status = 0;

	kill(now.pid, SIGKILL);
	while (waitpid(now.pid, &status, 0) == -1 && errno == EINTR)
		;
	close(now.file);
	now.file = -1;
	now.pid = 0;
	return status;
}

static void
let_go(void)
{
	free(now.out);
	now.out = NULL;
	now.used = now.room = 0;
	now.job = 0;
}

static void
fail(const char *why)
{
	say("photo", "village %lld, job %lld: %s", (long long)now.village, (long long)now.job, why);
	(void)link_do("photo", "select jobs.fail($1, $2, $3)", "iit", now.village, now.job, why);
	let_go();
}

static void
limit(int what, rlim_t most)
{
	struct rlimit limit = {.rlim_cur = most, .rlim_max = most};

	if (setrlimit((__rlimit_resource_t)what, &limit) != 0)
		_exit(2);
}

static void
confine(pid_t parent, int out)
{
	int score;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(2);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	/* What would write a file shall be told that it cannot. */
	signal(SIGXFSZ, SIG_IGN);
	/* Above all the connection must not be here. */
	if (close_range(3, (unsigned)out - 1, 0) != 0 || close_range((unsigned)out + 1, ~0u, 0) != 0)
		_exit(2);
	score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (score != -1) {
		/* Whoever runs out of memory shall take this process. */
		if (write(score, "1000", 4) == -1)
			(void)0;
		close(score);
	}
	if (setpriority(PRIO_PROCESS, 0, 10) != 0)
		_exit(2);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CPU, SECONDS_MOST);
#if !defined(__SANITIZE_ADDRESS__)
	limit(RLIMIT_AS, SPACE_MOST);
#endif
}

static bool
begin(void)
{
	struct answer file;
	pid_t parent = getpid();
	int ends[2];
	void *bytes;
	size_t length;

	if (!link_ask(&file, "photo", "select jobs.file($1, $2)", "ii", now.village, now.job)) {
		if (link_is_up())
			fail(link_trouble());
		return false;
	}
	if (answer_null(&file, 0, 0)) {
		answer_free(&file);
		fail("the file is not there");
		return false;
	}
	bytes = answer_bytes(&file, 0, 0, &length);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		answer_free(&file);
		fail(strerror(errno));
		return false;
	}
	now.pid = fork();
	if (now.pid == 0) {
		confine(parent, ends[1]);
		picture_make(bytes, length, ends[1]);
	}
	answer_free(&file);
	close(ends[1]);
	if (now.pid == -1) {
		close(ends[0]);
		now.pid = 0;
		fail("there is no process for it");
		return false;
	}
	now.file = ends[0];
	now.begun = clock_ms();
	(void)fcntl(now.file, F_SETFL, O_NONBLOCK);
	return true;
}

/* Where each picture lies in what came; false: not so many, or not whole. */
static bool
find(size_t at[PICTURE_SIZES], size_t length[PICTURE_SIZES])
{
	size_t place = 0;
	uint64_t said;

	for (size_t i = 0; i < PICTURE_SIZES; i++) {
		if (now.used - place < sizeof(said))
			return false;
		memcpy(&said, now.out + place, sizeof(said));
		place += sizeof(said);
		if (said == 0 || said > now.used - place)
			return false;
		at[i] = place;
		length[i] = (size_t)said;
		place += length[i];
	}
	return place == now.used;
}

/* All sizes and the end of the job are one transaction. */
static bool
keep(const size_t at[PICTURE_SIZES], const size_t length[PICTURE_SIZES])
{
	bool good = link_do("photo", "begin", "");

	for (size_t i = 0; good && i < PICTURE_SIZES; i++)
		good = link_do("photo", "select jobs.keep_size($1, $2, $3, 'image/webp', $4)", "iiib", now.village,
		    now.job, (int64_t)picture_width[i], now.out + at[i], length[i]);
	good = good && link_do("photo", "select jobs.finish($1, $2)", "ii", now.village, now.job);
	return good && link_do("photo", "commit", "");
}

static void
finish(int status)
{
	size_t at[PICTURE_SIZES], length[PICTURE_SIZES];
	char why[256];

	if (WIFSIGNALED(status))
		(void)snprintf(why, sizeof(why), "making it was ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		(void)snprintf(why, sizeof(why), "%.*s", (int)(now.used < sizeof(why) ? now.used : sizeof(why) - 1),
		    now.used == 0 ? "making it failed" : now.out);
	else if (!find(at, length))
		(void)snprintf(why, sizeof(why), "what came is not whole");
	else if (keep(at, length)) {
		let_go();
		return;
	} else {
		(void)snprintf(why, sizeof(why), "%s", link_trouble());
		if (link_is_up())
			(void)link_do("photo", "rollback", "");
	}
	/* Without the connection the job is free already, and somebody else's. */
	if (link_is_up())
		fail(why);
	else
		let_go();
}

/* False: more is to come. */
static bool
gather(void)
{
	ssize_t got;

	for (;;) {
		if (now.used == now.room) {
			size_t room = now.room == 0 ? 256u << 10 : now.room * 2;
			char *out = room > OUT_MOST ? NULL : realloc(now.out, room);

			if (out == NULL) {
				kill(now.pid, SIGKILL);
				return true;
			}
			now.out = out;
			now.room = room;
		}
		got = read(now.file, now.out + now.used, now.room - now.used);
		if (got > 0)
			now.used += (size_t)got;
		else if (got == -1 && errno == EAGAIN)
			break;
		else if (got == 0 || errno != EINTR)
			return true;
	}
	if (clock_ms() - now.begun < PATIENCE)
		return false;
	kill(now.pid, SIGKILL);
	return true;
}

/* Its pipe is closed, so it is ending; a kill that came first must not hide how. */
static int
await(void)
{
	siginfo_t info = {0};

	for (int i = 0; i < 100; i++) {
		if (waitid(P_PID, (id_t)now.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == now.pid)
			break;
		usleep(1000);
	}
	return bury();
}

int64_t
photo_step(void)
{
	struct answer answer;

	if (now.pid != 0) {
		if (!gather())
			return STEP_TICK;
		finish(await());
		return 0;
	}
	if (!link_ask(&answer, "photo", "select village, job from jobs.take('{photo.sizes}', $1)", "i", last_village))
		return STEP_TICK;
	if (answer.rows == 0) {
		answer_free(&answer);
		return STEP_TICK;
	}
	last_village = now.village = answer_int(&answer, 0, 0);
	now.job = answer_int(&answer, 0, 1);
	answer_free(&answer);
	return begin() ? STEP_TICK : 0;
}

void
photo_forget(void)
{
	if (now.pid != 0)
		(void)bury();
	let_go();
}

void
photo_stop(void)
{
	if (now.pid == 0)
		return;
	/* Not awaited: on a busy machine even dying takes its time. */
	kill(now.pid, SIGKILL);
	(void)link_do("photo", "select jobs.put_back($1, $2)", "ii", now.village, now.job);
	let_go();
}
