/*
 * Echo: a small site behind the door, for its tests only.
 *
 * It tells back what Kore made of a request, answers late, answers by stream,
 * tries what the sandbox forbids, in the worker and in a task thread. Each
 * answer is JSON. Left to others: everything a real site does.
 */
#define _GNU_SOURCE

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <kore/kore.h>
#include <kore/hooks.h>
#include <kore/http.h>
#include <kore/tasks.h>

#include "door.h"

#define STREAM_BYTES	((size_t)1 << 20)

int	echo_any(struct http_request *);

static char	stream[STREAM_BYTES];

static bool
is(const char *path, size_t length, const char *word)
{
	return (length == strlen(word) && memcmp(path, word, length) == 0);
}

static size_t
body_limit(const char *method, size_t method_length, const char *path, size_t path_length)
{
	if (is(path, path_length, "/none"))
		return (0);
	if (is(path, path_length, "/small"))
		return (16);
	if (is(path, path_length, "/large"))
		return ((size_t)8 << 20);
	if (is(path, path_length, "/by-method"))
		return (is(method, method_length, "PUT") ? 8 : 4);
	return ((size_t)64 << 10);
}

void
kore_parent_configure(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
}

void
kore_worker_configure(void)
{
	memset(stream, 's', sizeof(stream));
	door_start(getenv("PROXY"), body_limit);
}

static void
put_text(struct kore_buf *out, const char *text)
{
	kore_buf_append(out, "\"", 1);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ')
			kore_buf_appendf(out, "\\u%04x", (unsigned)(unsigned char)*text);
		else
			kore_buf_append(out, text, 1);
	}
	kore_buf_append(out, "\"", 1);
}

static void
answer(struct http_request *req, int status, struct kore_buf *out)
{
	http_response_header(req, "content-type", "application/json");
	http_response(req, status, out->data, out->offset);
	kore_buf_free(out);
}

static int
echo_back(struct http_request *req)
{
	struct kore_buf		*out = kore_buf_alloc(4096 + 2 * req->http_body_length);
	struct http_header	*header;
	unsigned char		 piece[4096];
	char			 hex[2 * sizeof(piece)];
	ssize_t			 got, i;

	kore_buf_appendf(out, "{\"method\":%d,\"path\":", req->method);
	put_text(out, req->path);
	kore_buf_appendf(out, ",\"query\":");
	put_text(out, req->query_string == NULL ? "" : req->query_string);
	kore_buf_appendf(out, ",\"length\":%zu,\"headers\":[[\"host\",", req->content_length);
	put_text(out, req->host);
	kore_buf_append(out, "]", 1);
	TAILQ_FOREACH(header, &req->req_headers, list) {
		kore_buf_append(out, ",[", 2);
		put_text(out, header->header);
		kore_buf_append(out, ",", 1);
		put_text(out, header->value);
		kore_buf_append(out, "]", 1);
	}
	kore_buf_appendf(out, "],\"body\":\"");
	if (req->http_body_length > 0) {
		while ((got = http_body_read(req, piece, sizeof(piece))) > 0) {
			for (i = 0; i < got; i++) {
				hex[2 * i] = "0123456789abcdef"[piece[i] >> 4];
				hex[2 * i + 1] = "0123456789abcdef"[piece[i] & 15];
			}
			kore_buf_append(out, hex, 2 * (size_t)got);
		}
	}
	kore_buf_append(out, "\"}", 2);
	answer(req, 200, out);
	return (KORE_RESULT_OK);
}

/* /slow?<ms> */
struct slow {
	struct http_request	*req;
	struct kore_timer	*timer;
};

static void
slow_ready(void *arg, u_int64_t now)
{
	struct slow	*slow = arg;

	(void)now;
	slow->timer = NULL;
	http_request_wakeup(slow->req);
}

static void
slow_free(struct http_request *req)
{
	struct slow	*slow = http_state_get(req);

	if (slow != NULL && slow->timer != NULL)
		kore_timer_remove(slow->timer);
}

static int
echo_slow(struct http_request *req)
{
	struct slow	*slow;

	if (!http_state_exists(req)) {
		slow = http_state_create(req, sizeof(*slow), slow_free);
		slow->req = req;
		slow->timer = kore_timer_add(slow_ready, req->query_string == NULL ? 300 :
		    (u_int64_t)strtoul(req->query_string, NULL, 10), slow, KORE_TIMER_ONESHOT);
		http_request_sleep(req);
		return (KORE_RESULT_RETRY);
	}
	return (echo_back(req));
}

static int
stream_sent(struct netbuf *nb)
{
	(void)nb;
	return (KORE_RESULT_OK);
}

/* What the sandbox says to each attempt: 0 when it went through, else the errno. */
struct attempts {
	struct kore_task	task;		/* first: Kore hands the task to its thread */
	struct kore_buf		*out;
};

static int
tried(long result)
{
	return (result == -1 ? errno : 0);
}

static int
tried_exec(void)
{
	static char	name[] = "/bin/true", *arguments[] = { name, NULL }, *environment[] = { NULL };

	return (tried(execve(name, arguments, environment)));
}

static int
tried_fork(void)
{
	pid_t	child = fork();

	if (child == 0)
		_exit(0);
	if (child > 0)
		(void)waitpid(child, NULL, 0);
	return (tried(child));
}

static int
tried_map(int protection, int later)
{
	void	*at = mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int	 result;

	if (at == MAP_FAILED)
		return (errno);
	result = later == 0 ? 0 : tried(mprotect(at, 4096, later));
	(void)munmap(at, 4096);
	return (result);
}

static int
tried_socket(int family, int type)
{
	int	fd = socket(family, type, 0), result = tried(fd);

	if (fd != -1)
		(void)close(fd);
	return (result);
}

static int
tried_bind(void)
{
	struct sockaddr_in	address = { .sin_family = AF_INET };
	int			fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), result;

	result = tried(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	(void)close(fd);
	return (result);
}

static void *
thread_run(void *arg)
{
	return (arg);
}

static int
tried_thread(void)
{
	pthread_t	thread;
	int		result = pthread_create(&thread, NULL, thread_run, NULL);

	if (result == 0)
		(void)pthread_join(thread, NULL);
	return (result);
}

static int
tried_file(void)
{
	char		name[] = "sandbox.XXXXXX", other[] = "sandbox.other";
	struct stat	status;
	int		fd = mkstemp(name), result;

	if (fd == -1)
		return (errno);
	result = tried(fstat(fd, &status) | fsync(fd) | stat(name, &status) | rename(name, other) | unlink(other));
	(void)close(fd);
	return (result);
}

static int
tried_time(void)
{
	struct tm	parts;
	time_t		now = time(NULL);

	return (localtime_r(&now, &parts) == NULL ? errno : 0);
}

static void
attempt_all(struct kore_buf *out)
{
	kore_buf_appendf(out, "{\"execve\":%d,\"fork\":%d,\"ptrace\":%d", tried_exec(), tried_fork(),
	    tried(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL)));
	kore_buf_appendf(out, ",\"mmap_wx\":%d,\"mprotect_x\":%d,\"mmap\":%d",
	    tried_map(PROT_READ | PROT_WRITE | PROT_EXEC, 0),
	    tried_map(PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC), tried_map(PROT_READ | PROT_WRITE, PROT_READ));
	kore_buf_appendf(out, ",\"socket_packet\":%d,\"socket_raw\":%d,\"socket_netlink\":%d",
	    tried_socket(AF_PACKET, SOCK_DGRAM), tried_socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC),
	    tried_socket(AF_NETLINK, SOCK_DGRAM));
	kore_buf_appendf(out, ",\"socket_unix\":%d,\"socket_inet\":%d,\"socket_inet6\":%d",
	    tried_socket(AF_UNIX, SOCK_STREAM), tried_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC),
	    tried_socket(AF_INET6, SOCK_STREAM));
	kore_buf_appendf(out, ",\"bind\":%d,\"ioctl\":%d,\"kill_parent\":%d,\"kill_self\":%d", tried_bind(),
	    tried(syscall(SYS_ioctl, 0, 0x5401 /* TCGETS */, NULL)), tried(kill(getppid(), 0)),
	    tried(kill(getpid(), 0)));
	kore_buf_appendf(out, ",\"setuid\":%d,\"unknown\":%d,\"thread\":%d,\"file\":%d,\"time\":%d}",
	    tried(syscall(SYS_setuid, 0)), tried(syscall(4000)), tried_thread(), tried_file(), tried_time());
}

static int
attempt_task(struct kore_task *task)
{
	attempt_all(((struct attempts *)task)->out);
	return (KORE_RESULT_OK);
}

static int
echo_forbidden(struct http_request *req, bool in_task)
{
	struct attempts	*attempts;
	struct kore_buf	*out;

	if (!in_task) {
		out = kore_buf_alloc(1024);
		attempt_all(out);
		answer(req, 200, out);
		return (KORE_RESULT_OK);
	}
	if (!http_state_exists(req)) {
		attempts = http_state_create(req, sizeof(*attempts), NULL);
		attempts->out = kore_buf_alloc(1024);
		kore_task_create(&attempts->task, attempt_task);
		kore_task_bind_request(&attempts->task, req);
		kore_task_run(&attempts->task);
		return (KORE_RESULT_RETRY);
	}
	attempts = http_state_get(req);
	if (!kore_task_finished(&attempts->task)) {
		http_request_sleep(req);
		return (KORE_RESULT_RETRY);
	}
	answer(req, 200, attempts->out);
	kore_task_destroy(&attempts->task);
	return (KORE_RESULT_OK);
}

int
echo_any(struct http_request *req)
{
	struct kore_buf	*out;

	if (strcmp(req->path, "/slow") == 0)
		return (echo_slow(req));
	if (strcmp(req->path, "/stream") == 0) {
		http_response_stream(req, 200, stream, sizeof(stream), stream_sent, NULL);
		return (KORE_RESULT_OK);
	}
	if (strcmp(req->path, "/forbidden") == 0)
		return (echo_forbidden(req, false));
	if (strcmp(req->path, "/forbidden-task") == 0)
		return (echo_forbidden(req, true));
	if (strcmp(req->path, "/about") == 0) {
		out = kore_buf_alloc(128);
		kore_buf_appendf(out, "{\"pid\":%d,\"refused\":%llu}", (int)getpid(),
		    (unsigned long long)door_refused());
		answer(req, 200, out);
		return (KORE_RESULT_OK);
	}
	return (echo_back(req));
}
