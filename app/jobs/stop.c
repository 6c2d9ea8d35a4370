/*
 * Being told to stop, and waiting. A signal writes a byte into a pipe that
 * every wait looks at, so none can come in the moment before the wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jobs.h"

static int bell[2] = {-1, -1};
static volatile sig_atomic_t asked, at_once;

static void
ring(int number)
{
	int kept = errno;

	(void)number;
	if (at_once)
		_exit(0);
	asked = 1;
	if (write(bell[1], "", 1) == -1)
		errno = kept;
	errno = kept;
}

bool
stop_open(void)
{
	struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	if (pipe2(bell, O_CLOEXEC | O_NONBLOCK) != 0 || sigaction(SIGTERM, &action, NULL) != 0 ||
	    sigaction(SIGINT, &action, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
		say("jobs", "cannot take signals: %s", strerror(errno));
		return false;
	}
	return true;
}

bool
stop_asked(void)
{
	return asked != 0;
}

void
stop_at_once(bool now)
{
	at_once = now;
	if (now && asked)
		_exit(0);
}

int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
wait_for(int first, int events, int second, int third, int64_t ms)
{
	struct pollfd file[] = {
	    {.fd = first, .events = (short)((events & WAIT_READ ? POLLIN : 0) | (events & WAIT_WRITE ? POLLOUT : 0))},
	    {.fd = second, .events = POLLIN},
	    {.fd = third, .events = POLLIN},
	    /* Once told, whoever still waits does so for an answer. */
	    {.fd = asked ? -1 : bell[0], .events = POLLIN},
	};

	if (ms > 0)
		(void)poll(file, sizeof(file) / sizeof(file[0]), (int)ms);
}
