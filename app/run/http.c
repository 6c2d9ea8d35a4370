/*
 * Asks the site one question over a plain socket, with a deadline for the
 * whole of it, and looks whether addresses are free. Nothing here trusts that
 * the other side behaves.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "run.h"

static struct addrinfo *
look_up(const char *host, int port)
{
	const struct addrinfo wish = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char text[16];
	int error;

	put(text, sizeof(text), "%d", port);
	error = getaddrinfo(host, text, &wish, &found);
	if (error != 0) {
		fail("BIND=%s is not an address: %s", host, gai_strerror(error));
		return NULL;
	}
	return found;
}

bool
http_free(const char *bind_to, int port, const char *name)
{
	struct addrinfo *found = look_up(bind_to, port);
	int file, error = 0, on = 1;

	if (found == NULL)
		return false;
	file = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* As Kore does it: a connection of a moment ago that is still winding down is no reason to refuse. */
	if (file == -1 || setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(file, found->ai_addr, found->ai_addrlen) != 0 || listen(file, 1) != 0)
		error = errno;
	if (file != -1)
		close(file);
	freeaddrinfo(found);
	if (error == EADDRINUSE)
		return fail("Port %d is taken by another program; choose another with %s=.", port, name);
	if (error != 0)
		return fail("Cannot use %s port %d: %s", bind_to, port, strerror(error));
	return true;
}

/* Waits for the socket; a signal is looked after first. */
static enum http_answer
ready(int file, short events, int64_t until)
{
	struct pollfd files[2] = {{.fd = file, .events = events}, {.fd = signals_file, .events = POLLIN}};
	int64_t left = until - clock_ms();

	if (left <= 0)
		return HTTP_UNWELL;
	if (poll(files, 2, (int)left) <= 0)
		return HTTP_UNWELL;
	if (files[1].revents != 0)
		return HTTP_UNKNOWN;
	return HTTP_WELL;
}

static enum http_answer
talk(int file, const char *host, const char *path, int64_t until)
{
	char text[1024];
	enum http_answer answer;
	size_t length = 0;
	ssize_t got;

	answer = ready(file, POLLOUT, until);
	if (answer != HTTP_WELL)
		return answer;
	/* Where the proxy is on this machine, the door takes us for it and wants to hear whom we speak for. */
	put(text, sizeof(text),
	    "GET %s HTTP/1.1\r\nHost: %s\r\nX-Real-IP: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nConnection: close\r\n\r\n",
	    path, host);
	if (send(file, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
		return HTTP_UNWELL;
	/* The status is in the first 12 bytes: "HTTP/1.1 200". */
	while (length < 12) {
		answer = ready(file, POLLIN, until);
		if (answer != HTTP_WELL)
			return answer;
		got = recv(file, text + length, sizeof(text) - length, 0);
		if (got <= 0)
			return HTTP_UNWELL;
		length += (size_t)got;
	}
	return memcmp(text, "HTTP/1.", 7) == 0 && memcmp(text + 8, " 200", 4) == 0 ? HTTP_WELL : HTTP_UNWELL;
}

enum http_answer
http_ask(const struct house *house, const char *path, int64_t ms)
{
	/* Bound to every address, the site is asked on its loopback. */
	const char *host = strcmp(house->bind, "0.0.0.0") == 0 ? "127.0.0.1"
	    : strcmp(house->bind, "::") == 0		       ? "::1"
							       : house->bind;
	enum http_answer answer = HTTP_UNWELL;
	struct addrinfo *found;
	char name[96];
	int file;

	found = look_up(host, house->port);
	if (found == NULL)
		return HTTP_UNWELL;
	put(name, sizeof(name), strchr(host, ':') == NULL ? "%s:%d" : "[%s]:%d", host, house->port);
	file = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (file != -1 && (connect(file, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS))
		answer = talk(file, name, path, clock_ms() + ms);
	if (file != -1)
		close(file);
	freeaddrinfo(found);
	return answer;
}
