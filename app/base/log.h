/*
 * Log: one JSON line for each request and for what the operator should know.
 *
 * A worker gathers lines and writes them every 200 ms, or at once when it has
 * 16 KiB: O_APPEND keeps lines of several workers whole. Secrets, query
 * strings and bodies never come here.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

/* Opens the file (NULL: standard output); in the parent, before rights are given up. */
void	log_open(const char *path);
void	log_start(void);		/* in a worker: the timer */
void	log_flush(void);

/* Something an operator should know; what is one word naming the part. */
void	log_line(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct log_request {
	const char	*id, *method;
	const char	*route;		/* the pattern, so that no secret of a path is written */
	const char	*village;	/* host */
	const char	*refused;	/* text key or SQLSTATE, NULL when all went well */
	const char	*trouble;	/* of a fault: what the database said */
	const char	*address;	/* NULL: not written */
	int		 status;
	size_t		 bytes;
	uint64_t	 microseconds;
};
void	log_request(const struct log_request *);

#endif
