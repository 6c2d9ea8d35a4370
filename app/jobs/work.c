/*
 * Jobs whose making needs a process of its own, one of a kind at a time: with
 * little room and no connection, so that what is broken, huge or meant ill
 * ends that process only, and everything else goes on meanwhile. What is made
 * is left to photo.c and paper.c.
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

#define PATIENCE 60000 /* ms for one job */
#define OUT_MOST (32u << 20) /* of all that is made */
#define SPACE_MOST (1536l << 20) /* of the process that makes it */
#define SECONDS_MOST 45 /* of a processor */

int
work_file(const struct work *work)
{
	return work->pid == 0 ? -1 : work->file;
}

/* Ends the process, if it has not ended, and returns how it did. */
static int
bury(struct work *work)
{
	int status = 0;

	kill(work->pid, SIGKILL);
	while (waitpid(work->pid, &status, 0) == -1 && errno == EINTR)
		;
	close(work->file);
	work->pid = 0;
	return status;
}

static void
let_go(struct work *work)
{
	free(work->out);
	work->out = NULL;
	work->used = work->room = 0;
	work->job = 0;
}

static void
fail(struct work *work, const char *why)
{
	say(work->what, "village %lld, job %lld: %s", (long long)work->village, (long long)work->job, why);
	(void)link_do(work->what, "select jobs.fail($1, $2, $3)", "iit", work->village, work->job, why);
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

pid_t
work_fork(struct work *work)
{
	pid_t parent = getpid(), pid;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		confine(parent, ends[1]);
		work->file = ends[1];
		return 0;
	}
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		return -1;
	}
	work->pid = pid;
	work->file = ends[0];
	work->begun = clock_ms();
	(void)fcntl(work->file, F_SETFL, O_NONBLOCK);
	return pid;
}

void
work_put(int out, const void *bytes, size_t length)
{
	const char *at = bytes;
	ssize_t done;

	while (length > 0) {
		done = write(out, at, length);
		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0)
			_exit(2);
		at += done;
		length -= (size_t)done;
	}
}

void
work_refuse(int out, const char *why)
{
	work_put(out, why, strlen(why));
	_exit(1);
}

static void
finish(struct work *work, int status)
{
	const char *why;
	char text[256];

	if (WIFSIGNALED(status)) {
		(void)snprintf(text, sizeof(text), "making it was ended by signal %d", WTERMSIG(status));
		why = text;
	} else if (WEXITSTATUS(status) != 0) {
		(void)snprintf(text, sizeof(text), "%.*s",
		    (int)(work->used < sizeof(text) ? work->used : sizeof(text) - 1),
		    work->used == 0 ? "making it failed" : work->out);
		why = text;
	} else
		why = work->keep(work);
	/* Without the connection the job is free already, and somebody else's. */
	if (why != NULL && link_is_up())
		fail(work, why);
	let_go(work);
}

/* False: more is to come. */
static bool
gather(struct work *work)
{
	ssize_t got;

	for (;;) {
		if (work->used == work->room) {
			size_t room = work->room == 0 ? 256u << 10 : work->room * 2;
			char *out = room > OUT_MOST ? NULL : realloc(work->out, room);

			if (out == NULL) {
				kill(work->pid, SIGKILL);
				return true;
			}
			work->out = out;
			work->room = room;
		}
		got = read(work->file, work->out + work->used, work->room - work->used);
		if (got > 0)
			work->used += (size_t)got;
		else if (got == -1 && errno == EAGAIN)
			break;
		else if (got == 0 || errno != EINTR)
			return true;
	}
	if (clock_ms() - work->begun < PATIENCE)
		return false;
	kill(work->pid, SIGKILL);
	return true;
}

/* Its pipe is closed, so it is ending; a kill that came first must not hide how. */
static int
await(struct work *work)
{
	siginfo_t info = {0};

	for (int i = 0; i < 100; i++) {
		if (waitid(P_PID, (id_t)work->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == work->pid)
			break;
		usleep(1000);
	}
	return bury(work);
}

int64_t
work_step(struct work *work)
{
	struct answer answer;
	const char *why;

	if (work->pid != 0) {
		if (!gather(work))
			return STEP_TICK;
		finish(work, await(work));
		return 0;
	}
	if (!link_ask(&answer, work->what, "select village, job from jobs.take(array[$1::text], $2)", "ti", work->kind,
		work->last_village))
		return STEP_TICK;
	if (answer.rows == 0) {
		answer_free(&answer);
		return STEP_TICK;
	}
	work->last_village = work->village = answer_int(&answer, 0, 0);
	work->job = answer_int(&answer, 0, 1);
	answer_free(&answer);
	why = work->begin(work);
	if (why == NULL)
		return STEP_TICK;
	if (link_is_up())
		fail(work, why);
	let_go(work);
	return 0;
}

void
work_forget(struct work *work)
{
	if (work->pid != 0)
		(void)bury(work);
	let_go(work);
}

void
work_stop(struct work *work)
{
	if (work->pid == 0)
		return;
	/* Not awaited: on a busy machine even dying takes its time. */
	kill(work->pid, SIGKILL);
	(void)link_do(work->what, "select jobs.put_back($1, $2)", "ii", work->village, work->job);
	let_go(work);
}
