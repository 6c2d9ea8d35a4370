/*
 * Signals as a file. They are blocked for good and read from a descriptor, so
 * no code of the supervisor is ever interrupted, and every wait looks at the
 * same place.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "run.h"

int signals_file = -1;

static bool stop_asked;

static void
set_of(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGCHLD);
}

bool
signals_open(void)
{
	sigset_t set;

	set_of(&set);
	/* The reader of our output may go away; the programs must still be stopped in order then. */
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return fail("Cannot block signals: %s", strerror(errno));
	signals_file = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (signals_file == -1)
		return fail("Cannot read signals: %s", strerror(errno));
	return true;
}

void
signals_default(void)
{
	sigset_t none;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

bool
signals_stop(void)
{
	return stop_asked;
}

void
signals_wait(int64_t ms)
{
	struct pollfd file = {.fd = signals_file, .events = POLLIN};
	struct signalfd_siginfo info;

	if (ms < 0)
		ms = 0;
	if (poll(&file, 1, (int)ms) <= 0)
		return;
	while (read(signals_file, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (stop_asked)
			say("Still stopping.");
		stop_asked = true;
	}
}
