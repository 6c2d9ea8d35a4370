/*
 * The supervisor of `make run`: one program that brings up the database, Kore
 * and the jobs program, keeps them up, and leaves nothing behind.
 *
 * This header is the whole of its inside. It needs libc alone: what is asked
 * of the database goes through psql. In production systemd takes its place,
 * and `run prepare` does the part before the programs start.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Debian's psql on PATH is a wrapper that looks for clusters of its own; these are the programs themselves. */
#define POSTGRES_BIN	"/usr/lib/postgresql/15/bin/"

#define TEXT_MOST	8192	/* one connection string, one line of a file */

/* What the environment asked for, and what follows from it. Filled by settings_read and places_open. */
struct house {
	char	root[PATH_MAX];		/* of the repository: the folder above build/ */
	char	var[PATH_MAX];		/* real path of VAR */
	char	postgres[PATH_MAX];	/* the cluster's data */
	char	upload[PATH_MAX];	/* large bodies on their way in */
	char	socket[64];		/* folder of the database's socket, short: a socket's path has 107 bytes */
	char	url[TEXT_MOST];		/* DATABASE_URL, "" for the cluster of our own */
	char	site_binary[PATH_MAX];	/* Kore and site in one program; "" for kore + build/site.so */
	char	jobs_binary[PATH_MAX];
	char	bind[64];
	char	proxy[TEXT_MOST];
	char	tiles[TEXT_MOST], tiles_by[TEXT_MOST];	/* of maps; "" none */
	int	port, metrics_port, workers;
	bool	demo, prepare, as_root, loopback;
	uid_t	uid;			/* who owns the data and serves: never root */
	gid_t	gid;
	char	user[64];
	char	self[64];		/* who runs this program */
	pid_t	pid;			/* this program */
	char	base_url[TEXT_MOST];	/* what visitors type, for links in letters */
};

/* say: what is going on, for the person who waits. fail: why it cannot go on, and the end of main's way. */
void	say(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool	fail(const char *format, ...) __attribute__((format(printf, 1, 2)));	/* always false */
/* snprintf that never cuts: a text too long ends the program. Returns out. */
char	*put(char *out, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));
int64_t	 clock_ms(void);			/* monotonic */

/* settings.c */
bool	settings_read(struct house *, int argc, char **argv);

/* places.c: folders, the lock, the secret. */
bool	places_open(struct house *);
void	places_close(const struct house *);
int	places_log(const struct house *, const char *name);	/* VAR/log/<name>, opened to append; -1 with a word */
bool	places_make(const char *path, mode_t, uid_t, gid_t);	/* the folder, with owner and mode; exists: fine if it is one */
bool	places_empty(const char *path);				/* removes path and all in it; absent: fine */

/* conf.c: files and words written for the programs. */
bool	conf_fill(const struct house *, const char *from, const char *to);
bool	conf_environment(const struct house *);			/* into this process, so that every child has it; and VAR/environment */
/* A libpq conninfo for a role of this site; NULL: who may change everything. Database NULL: village. */
char	*conf_database(const struct house *, const char *role, const char *database, char out[TEXT_MOST]);
bool	conf_write(const char *path, mode_t, uid_t, gid_t, const char *text, size_t length);	/* new file, then renamed over */

/* signals.c: all signals arrive here, as file and in order. */
extern int	signals_file;
bool	signals_open(void);
void	signals_default(void);			/* for a child, between fork and exec */
bool	signals_stop(void);			/* has somebody asked for the end? */
/* Waits until a signal or the time is over; takes in what came. */
void	signals_wait(int64_t ms);

/* child.c: programs that stay. */
struct child {
	const char	 *name;
	const char	 *log;			/* of VAR/log */
	char		 *argv[12];
	char		  words[12][PATH_MAX];	/* what argv points into */
	bool		  drop;			/* becomes house->user before it begins */
	int		  stop;			/* the signal that ends it in good order */
	int64_t		  patience;		/* ms between that and SIGKILL */
	pid_t		  pid;			/* 0 while it is down */
	off_t		  log_from;		/* where the log stood when it was started */
	int64_t		  started, due, delay;
	int		  misses;
};
void	child_words(struct child *, const char *const *words);
bool	child_start(const struct house *, struct child *);
bool	child_is_dead(const struct child *);
/* Whatever died is taken note of, with a line, and is due again after its back-off. */
void	child_reap(struct child *const *, size_t count);
/* Starts what is due. Returns ms until the next one is, or -1. */
int64_t	child_due(const struct house *, struct child *const *, size_t count);
/* Ends them side by side, each with its own signal, its patience, and SIGKILL for the group. */
void	child_stop(struct child *const *, size_t count);
void	child_show(const struct house *, const struct child *);	/* the end of what it wrote since its start */
void	child_leave(const struct house *, bool drop, int signal);	/* in the child: own group, default signals, user, death signal */

/* tool.c: programs that end. */
struct tool {
	const char	*const *argv;
	bool		 drop;			/* as house->user */
	bool		 show;			/* what it prints is for the person */
	char		*out;			/* else kept here, NUL behind it; may be NULL */
	size_t		 room;
};
/* True when it ended with 0. What it complained about is printed, unless quiet. False at once when the end was asked for. */
bool	tool_run(const struct house *, const struct tool *, bool quiet);

/* leash.c: a small process that ends the others should this one be killed. */
bool	leash_hold(void);
void	leash_take(pid_t, int signal, int64_t patience);
void	leash_drop(pid_t);
void	leash_release(void);

/* cluster.c */
bool	cluster_start(const struct house *, struct child *);	/* makes it when there is none; returns when it answers */

/* deploy.c */
bool	deploy(const struct house *);

/* http.c */
enum http_answer { HTTP_WELL, HTTP_UNWELL, HTTP_UNKNOWN };	/* unknown: a signal came first */
enum http_answer http_ask(const struct house *, const char *path, int64_t ms);
/* Can this address be bound? Says so when not. */
bool	http_free(const char *bind, int port, const char *name);

/* watch.c: children are database, site, jobs, in this order. */
enum { DATABASE, SITE, JOBS, CHILDREN };
bool	watch_until_ready(const struct house *, struct child *const *children);
void	watch(const struct house *, struct child *const *children);		/* until the end is asked for */

#endif
