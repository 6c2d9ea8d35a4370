/*
 * The loop of the jobs program. DATABASE_JOBS says where the database is,
 * RUNAS as whom to run when started by root. It ends when told to and for no
 * other reason: a database that is away is waited for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "jobs.h"

static int64_t (*const steps[])(void) = {deadline_step, waiting_step, chain_step, photo_step, paper_step, sweep_step};

static bool
give_up_root(void)
{
	const char *name = getenv("RUNAS");
	pid_t parent = getppid();
	struct passwd *user;
	int signal_then = 0;

	if (geteuid() != 0 || name == NULL || name[0] == '\0')
		return true;
	user = getpwnam(name);
	if (user == NULL) {
		say("jobs", "there is no user %s", name);
		return false;
	}
	(void)prctl(PR_GET_PDEATHSIG, &signal_then);
	if (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0 || setuid(0) == 0) {
		say("jobs", "cannot become %s: %s", name, strerror(errno));
		return false;
	}
	/* The change of user clears it: without it a supervisor that is killed would leave us behind. */
	if (signal_then != 0 && (prctl(PR_SET_PDEATHSIG, signal_then) != 0 || getppid() != parent)) {
		say("jobs", "the supervisor is gone");
		return false;
	}
	return true;
}

/* A round of all the work; in how many ms the next is due. */
static int64_t
work(void)
{
	int64_t next = STEP_TICK, wish;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && link_is_up() && !stop_asked(); i++) {
		wish = steps[i]();
		if (wish < next)
			next = wish;
	}
	return next;
}

int
main(void)
{
	const char *database = getenv("DATABASE_JOBS");
	int64_t ms;

	if (database == NULL || database[0] == '\0') {
		say("jobs", "DATABASE_JOBS does not say where the database is");
		return 1;
	}
	if (!give_up_root() || !stop_open())
		return 1;
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	say("jobs", "started");
	while (!stop_asked()) {
		if (!link_is_up()) {
			work_forget(&photo_work);
			work_forget(&paper_work);
		}
		if (link_up(database, &ms)) {
			link_hear();
			ms = work();
			if (!link_is_up())
				continue;
		}
		wait_for(link_socket(), WAIT_READ, work_file(&photo_work), work_file(&paper_work), ms);
	}
	work_stop(&photo_work);
	work_stop(&paper_work);
	link_close();
	say("jobs", "stopped");
	return 0;
}
