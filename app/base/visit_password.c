/*
 * Passwords, hashed and checked in task threads: 100 ms and 64 MiB each would
 * stop the event loop and fill the machine. Two run at once in a worker,
 * some wait, more are told to come back.
 */
#include <sys/types.h>

#include <kore/kore.h>
#include <kore/http.h>
#include <kore/tasks.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "visit_state.h"

#define PASSWORDS_RUNNING 2 /* in a worker: each takes 64 MiB */
#define PASSWORDS_WAITING 16

struct password_work {
	struct kore_task task; /* first: Kore hands it back */
	struct visit_state *visit; /* NULL when the visitor is gone */
	void (*after)(struct visit *, const struct visit_password *);
	bool verify, has_hash, right, rehash, made;
	char hash[SECRET_HASH], password[132];
	TAILQ_ENTRY(password_work) link;
};
static TAILQ_HEAD(password_line, password_work) passwords = TAILQ_HEAD_INITIALIZER(passwords);
static size_t passwords_waiting, passwords_running;

/* In a thread: nothing of Kore, nothing of the visit. */
static int
password_run(struct kore_task *task)
{
	struct password_work *w = (struct password_work *)(void *)task;

	if (w->verify) {
		w->right = secret_password_right(w->has_hash ? w->hash : NULL, w->password, &w->rehash);
		w->made = w->right && w->rehash && secret_password_hash(w->hash, w->password);
	} else
		w->made = secret_password_hash(w->hash, w->password);
	explicit_bzero(w->password, sizeof(w->password));
	return (KORE_RESULT_OK);
}

static void password_done(struct kore_task *);

static void
password_next(void)
{
	struct password_work *w;

	while (passwords_running < PASSWORDS_RUNNING && (w = TAILQ_FIRST(&passwords)) != NULL) {
		TAILQ_REMOVE(&passwords, w, link);
		passwords_waiting--;
		if (w->visit == NULL) {
			free(w);
			continue;
		}
		passwords_running++;
		kore_task_create(&w->task, password_run);
		kore_task_bind_callback(&w->task, password_done);
		kore_task_run(&w->task);
	}
}

static void
password_done(struct kore_task *task)
{
	struct password_work *w = (struct password_work *)(void *)task;
	struct visit_state *s = w->visit;
	struct visit_password result = {w->right, w->made ? w->hash : NULL};

	if (!kore_task_finished(task))
		return;
	kore_task_destroy(task);
	passwords_running--;
	if (s != NULL) {
		s->work = NULL;
		visit_batch_begin(s);
		w->after(&s->v, &result);
		/* It may have ended the visit, begun another hash, or sent the refused form's batch. */
		if (!s->ended && s->work == NULL && !s->waiting)
			visit_batch_send(s);
		visit_wake(s);
	}
	free(w);
	password_next();
}

static void
password_begin(struct visit *v, bool verify, const char *hash, const char *password,
    void (*after)(struct visit *, const struct visit_password *))
{
	struct password_work *w;

	if (passwords_waiting >= PASSWORDS_WAITING || (w = calloc(1, sizeof(*w))) == NULL) {
		visit_reply_header(v, "retry-after", "5");
		fault_draw(v, 503, "fault.busy");
		return;
	}
	w->visit = v->state;
	w->after = after;
	w->verify = verify;
	w->has_hash = hash != NULL;
	(void)snprintf(w->hash, sizeof(w->hash), "%s", hash != NULL ? hash : "");
	(void)snprintf(w->password, sizeof(w->password), "%s", password);
	v->state->work = w;
	figures_own->passwords++;
	TAILQ_INSERT_TAIL(&passwords, w, link);
	passwords_waiting++;
	password_next();
}

void
visit_verify(struct visit *v, const char *hash, const char *password,
    void (*after)(struct visit *, const struct visit_password *))
{
	password_begin(v, true, hash, password, after);
}

void
visit_hash(struct visit *v, const char *password, void (*after)(struct visit *, const struct visit_password *))
{
	password_begin(v, false, NULL, password, after);
}

void
visit_password_forget(struct visit_state *s)
{
	if (s->work != NULL)
		s->work->visit = NULL;
}
