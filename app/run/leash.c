/*
 * The leash: a process that does nothing but wait for the supervisor's end of
 * a pipe to close. When it closes without a farewell, because the supervisor
 * was killed, it ends every program that was still out.
 *
 * PR_SET_PDEATHSIG alone would not do: a program that changes its user loses
 * it, and a hung worker of Kore outlives the parent that got it. The leash
 * holds the lock on VAR until it is done, so a new supervisor waits for it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

#define OUT_MOST 16

struct out {
	pid_t pid;
	int signal; /* 0: it is home again */
	int64_t patience;
};

static int pipe_end = -1;
static pid_t leash;

/* Gone, or dead and only waiting for somebody to take note of it. */
static bool
is_dead(pid_t pid)
{
	char path[64], text[512], *behind;
	size_t length;
	FILE *file;

	put(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return true;
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	/* The name before it is in parentheses and may hold anything. */
	behind = strrchr(text, ')');
	return behind == NULL || strncmp(behind, ") Z", 3) == 0 || strncmp(behind, ") X", 3) == 0;
}

static void
end_all(const struct out *out, size_t count)
{
	int64_t begun = clock_ms(), waited;
	bool alive = true;

	for (size_t i = 0; i < count; i++)
		kill(-out[i].pid, out[i].signal);
	while (alive) {
		alive = false;
		waited = clock_ms() - begun;
		for (size_t i = 0; i < count; i++) {
			if (waited < out[i].patience && !is_dead(out[i].pid)) {
				alive = true;
				continue;
			}
			kill(-out[i].pid, SIGKILL);
		}
		poll(NULL, 0, 50);
	}
}

static void
wait_for_the_end(int from)
{
	struct out out[OUT_MOST], word;
	size_t count = 0, i;
	ssize_t length;

	while ((length = read(from, &word, sizeof(word))) != 0) {
		if (length != (ssize_t)sizeof(word)) {
			if (length == -1 && errno == EINTR)
				continue;
			break;
		}
		for (i = 0; i < count && out[i].pid != word.pid; i++)
			;
		if (word.signal == 0) {
			if (i < count)
				out[i] = out[--count];
		} else if (i < OUT_MOST) {
			out[i] = word;
			count += i == count;
		}
	}
	if (count > 0)
		end_all(out, count);
}

/* The file of the lock stays open in the leash, and with it the lock. */
bool
leash_hold(void)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail("Cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid == -1)
		return fail("Cannot fork: %s", strerror(errno));
	if (pid == 0) {
		/* Away from the terminal's group: Ctrl-C is for the supervisor. */
		setsid();
		close(ends[1]);
		close(signals_file);
		wait_for_the_end(ends[0]);
		_exit(0);
	}
	close(ends[0]);
	pipe_end = ends[1];
	leash = pid;
	return true;
}

static void
tell(pid_t pid, int signal, int64_t patience)
{
	struct out word;

	memset(&word, 0, sizeof(word));
	word.pid = pid;
	word.signal = signal;
	word.patience = patience;
	if (pipe_end != -1 && write(pipe_end, &word, sizeof(word)) != (ssize_t)sizeof(word))
		fail("The leash does not listen: %s", strerror(errno));
}

void
leash_take(pid_t pid, int signal, int64_t patience)
{
	tell(pid, signal, patience);
}

void
leash_drop(pid_t pid)
{
	tell(pid, 0, 0);
}

void
leash_release(void)
{
	if (pipe_end == -1)
		return;
	close(pipe_end);
	pipe_end = -1;
	waitpid(leash, NULL, 0);
}
