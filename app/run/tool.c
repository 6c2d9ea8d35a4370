/*
 * Programs that end: initdb, psql, pg_isready. What they print is kept or
 * shown; what they complain about is shown when they fail.
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

/* Reads what there is; past the room it is read and forgotten. False at its end. */
static bool
take(int file, char *out, size_t room, size_t *length)
{
	char beyond[4096];
	ssize_t got;

	if (out != NULL && *length + 1 < room)
		got = read(file, out + *length, room - 1 - *length);
	else
		got = read(file, beyond, sizeof(beyond));
	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	if (out != NULL && *length + 1 < room) {
		*length += (size_t)got;
		out[*length] = '\0';
	}
	return true;
}

static void
begin(const struct house *house, const struct tool *tool, int out, int complaint)
{
	int none = open("/dev/null", O_RDONLY);

	dup2(none, 0);
	if (out != -1)
		dup2(out, 1);
	dup2(complaint, 2);
	child_leave(house, tool->drop, SIGTERM);
	/* The site's deadlines are for visitors; loading tables and the demo village may take longer. */
	setenv("PGOPTIONS", "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=30s", 1);
	execv(tool->argv[0], (char *const *)(uintptr_t)tool->argv);
	dprintf(2, "cannot start %s: %s\n", tool->argv[0], strerror(errno));
	_exit(127);
}

bool
tool_run(const struct house *house, const struct tool *tool, bool quiet)
{
	int out[2] = {-1, -1}, complaint[2], status = 0;
	char complaints[16384] = "";
	size_t length = 0, kept = 0;
	struct pollfd files[3];
	bool killed = false;
	pid_t pid;

	if (pipe2(complaint, O_CLOEXEC) != 0 || (!tool->show && pipe2(out, O_CLOEXEC) != 0))
		return fail("Cannot make a pipe: %s", strerror(errno));
	if (tool->out != NULL)
		tool->out[0] = '\0';
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		begin(house, tool, out[1], complaint[1]);
	close(complaint[1]);
	if (out[1] != -1)
		close(out[1]);
	if (pid == -1) {
		close(complaint[0]);
		if (out[0] != -1)
			close(out[0]);
		return fail("Cannot fork: %s", strerror(errno));
	}
	files[0] = (struct pollfd){.fd = complaint[0], .events = POLLIN};
	files[1] = (struct pollfd){.fd = out[0], .events = POLLIN};
	files[2] = (struct pollfd){.fd = signals_file, .events = POLLIN};
	while (files[0].fd != -1 || files[1].fd != -1) {
		poll(files, 3, -1);
		if (files[0].revents != 0 && !take(complaint[0], complaints, sizeof(complaints), &kept))
			files[0].fd = -1;
		if (files[1].revents != 0 && !take(out[0], tool->out, tool->room, &length))
			files[1].fd = -1;
		if (files[2].revents != 0)
			signals_wait(0);
		if (signals_stop() && !killed) {
			kill(-pid, SIGTERM);
			killed = true;
		}
	}
	close(complaint[0]);
	if (out[0] != -1)
		close(out[0]);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !signals_stop())
		return true;
	if (!quiet && !signals_stop())
		fail(
		    "%s%s failed%s", complaints, strrchr(tool->argv[0], '/') + 1, kept == 0 ? " without a word." : ".");
	return false;
}
