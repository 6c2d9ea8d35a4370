/*
 * The second program: what is due without anybody asking for it.
 *
 * One process, one connection, one loop. Each kind of work is a file with one
 * step, a bounded piece that says when it wants to be called again; what is
 * decided is decided in sql/jobs. The work lasts longer than the connection:
 * while the database is away the program waits, and whatever it had begun is
 * free for the next one.
 */
#ifndef JOBS_H
#define JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* --- say.c: log lines, JSON to standard output in the shape of base/log.h --- */
void	say(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For what may fail every second: the same of the same part is written once a minute. */
void	say_trouble(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- stop.c: TERM and INT, and waiting --- */
bool	stop_open(void);		/* false: said why */
bool	stop_asked(void);
/* Nothing is held and a call into a library may last: TERM then ends the program at once. */
void	stop_at_once(bool);
int64_t	clock_ms(void);			/* monotonic */
#define WAIT_READ	1
#define WAIT_WRITE	2
/* Until one of the descriptors (-1: none) is ready, TERM has come, or ms have passed. events are of the first. */
void	wait_for(int first, int events, int second, int third, int64_t ms);

/* --- link.c: the connection; it alone knows libpq --- */
struct answer {
	int	 rows;
	void	*held;
};

/* True when connected. Else it has tried, or it is not time to, and *ms is how long to wait before the next call. */
bool	link_up(const char *conninfo, int64_t *ms);
bool	link_is_up(void);
int	link_socket(void);
/* Takes in what was notified; a connection that has died is noticed here. */
void	link_hear(void);
void	link_close(void);
/*
 * One statement, all binary. types has a letter for each argument: i int64_t, t const char *, b const void * and size_t.
 * False: said why under `what`, and there is no answer; link_is_up() then tells whether the connection is lost. An
 * answer is held until answer_free.
 */
bool	link_ask(struct answer *, const char *what, const char *sql, const char *types, ...);
/* As link_ask, for whoever does not want to know the answer. */
bool	link_do(const char *what, const char *sql, const char *types, ...);
/* What the last statement that failed was told; valid until the next one. */
const char	*link_trouble(void);
bool		 answer_null(const struct answer *, int row, int column);
int64_t		 answer_int(const struct answer *, int row, int column);	/* int, bigint, boolean */
const char	*answer_text(const struct answer *, int row, int column);	/* NULL for null */
void		*answer_bytes(const struct answer *, int row, int column, size_t *length);
void		 answer_free(struct answer *);

/* --- the work; each step returns in how many ms it wants to be called again, 0: there is more --- */
#define STEP_TICK	1000

int64_t	deadline_step(void);
int64_t	waiting_step(void);
int64_t	chain_step(void);
int64_t	sweep_step(void);
int64_t	photo_step(void);
int64_t	paper_step(void);

/* --- work.c: jobs made in a process of their own, one of a kind at a time --- */
struct work {
	/* Said by whoever knows the kind. Both functions return NULL, or why not, which ends this try of the job. */
	const char	*what;				/* in the log */
	const char	*kind;				/* of data.job */
	const char	*(*begin)(struct work *);	/* reads what is needed, then work_fork */
	const char	*(*keep)(struct work *);	/* what came in `out`, and the job is done: in one transaction */
	/* work.c's own, to be read. */
	int64_t		 village, job;
	char		*out;
	size_t		 used, room;
	pid_t		 pid;				/* 0: none is being made */
	int		 file;
	int64_t		 begun, last_village;
};
extern struct work	photo_work, paper_work;

int64_t	work_step(struct work *);
int	work_file(const struct work *);	/* becomes readable when the making gets on; -1: none is being made */
void	work_forget(struct work *);	/* the connection is lost, and the job with it */
void	work_stop(struct work *);	/* the program ends: gives the job back */
/* 0 in the process that writes to ->file what it makes, and ends; it has no other descriptor. -1: there is none. */
pid_t	work_fork(struct work *);
/* For that process, which may be ended at any moment and cleans up nothing. */
void	work_put(int out, const void *, size_t length);
void	work_refuse(int out, const char *why) __attribute__((noreturn));

/* --- picture.c: the only code that reads what a visitor sent as a picture; runs in a process of its own --- */
#define PICTURE_SIZES	2
extern const int	picture_width[PICTURE_SIZES];
/*
 * Writes for each width 8 bytes of length in the machine's order and as many of WebP; ends with 0. Or writes what is
 * wrong with the picture, and ends with another number.
 */
void	picture_make(void *bytes, size_t length, int out) __attribute__((noreturn));

#endif
