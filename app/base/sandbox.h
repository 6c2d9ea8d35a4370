/*
 * Sandbox: the system calls a worker may make, for the rest of its life.
 *
 * Kore's own list kills the thread that makes any other call, which under
 * glibc 2.36 a mere stat() does; with task threads the dead leader leaves a
 * worker that holds the port and serves nobody. Here every call that is not
 * listed fails with an errno, so no call can kill a thread, and the list
 * is closed: no new program, process, listening port, raw socket, or
 * memory both writable and executable.
 *
 * Nothing needs to call this: Kore finds kore_seccomp_hook by name and runs it
 * in each worker before kore_worker_configure. A build with AddressSanitizer
 * refuses the dangerous calls only, since the sanitizer makes many of its own.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <kore/hooks.h>

#endif
