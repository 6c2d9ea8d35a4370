/*
 * Sandbox: the seccomp filter of a worker. See sandbox.h.
 *
 * The rules run from the top and the first that fits decides, so a narrow rule
 * stands above the wide one of the same call. Kore puts its own list behind
 * ours, where nothing reaches it. Left to others: user, chroot and resource limits (Kore, the supervisor).
 */
#define _GNU_SOURCE

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include <kore/kore.h>
#include <kore/seccomp.h>

#include "sandbox.h"

#define TABLE_LENGTH(table) (sizeof(table) / sizeof((table)[0]))

/*
 * A worker whose parent is gone ends itself by kill(); abort() and raise() use tgkill. Neither may reach anybody
 * else, so the filter is made with the worker's own number in it.
 */
static struct sock_filter self[2 * 7];

static struct sock_filter rules[] = {
    /* Said plainly, so that whoever tries reads "not permitted". */
    KORE_SYSCALL_DENY(execve, EPERM),
    KORE_SYSCALL_DENY(execveat, EPERM),
    KORE_SYSCALL_DENY(ptrace, EPERM),
    KORE_SYSCALL_DENY(process_vm_readv, EPERM),
    KORE_SYSCALL_DENY(process_vm_writev, EPERM),
#if defined(SYS_fork)
    KORE_SYSCALL_DENY(fork, EPERM),
    KORE_SYSCALL_DENY(vfork, EPERM),
#endif
    KORE_SYSCALL_DENY(ioctl, EACCES),
    KORE_SYSCALL_DENY(bind, EACCES),
    KORE_SYSCALL_DENY(listen, EACCES),

    /* No other type has all the bits of these two, so SOCK_NONBLOCK and SOCK_CLOEXEC do not hide them. */
    KORE_SYSCALL_DENY_WITH_FLAG(socket, 1, SOCK_RAW, EPERM),
    KORE_SYSCALL_DENY_WITH_FLAG(socket, 1, SOCK_PACKET, EPERM),
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_UNIX),
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET),
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET6),
    KORE_SYSCALL_DENY(socket, EAFNOSUPPORT),

    /* Libraries loaded late (libgcc_s at pthread_exit) are mapped readable and executable, never writable. */
    KORE_SYSCALL_DENY_WITH_FLAG(mmap, 2, PROT_EXEC | PROT_WRITE, EACCES),
    KORE_SYSCALL_DENY_WITH_FLAG(mprotect, 2, PROT_EXEC, EACCES),

#if defined(__SANITIZE_ADDRESS__)
    KORE_BPF_RET(SECCOMP_RET_ALLOW),
#else
    /*
	 * Threads, but no processes. clone3 hides its flags in memory that a filter cannot read; it is left out, and
	 * glibc then takes clone.
	 */
    KORE_SYSCALL_ALLOW_WITH_FLAG(clone, 0, CLONE_THREAD),
    KORE_SYSCALL_DENY(clone, EPERM),
    KORE_SYSCALL_ALLOW(futex),
    KORE_SYSCALL_ALLOW(set_robust_list),
    KORE_SYSCALL_ALLOW(set_tid_address),
    KORE_SYSCALL_ALLOW(rseq),
    KORE_SYSCALL_ALLOW(membarrier),
    KORE_SYSCALL_ALLOW(sched_yield),
    KORE_SYSCALL_ALLOW(sched_getaffinity),
    KORE_SYSCALL_ALLOW(exit),
    KORE_SYSCALL_ALLOW(exit_group),
    KORE_SYSCALL_ALLOW_ARG(prctl, 0, PR_SET_NAME),

    /* Memory; mlock and madvise are libsodium's */
    KORE_SYSCALL_ALLOW(brk),
    KORE_SYSCALL_ALLOW(mmap),
    KORE_SYSCALL_ALLOW(mprotect),
    KORE_SYSCALL_ALLOW(munmap),
    KORE_SYSCALL_ALLOW(mremap),
    KORE_SYSCALL_ALLOW(madvise),
    KORE_SYSCALL_ALLOW(mlock),
    KORE_SYSCALL_ALLOW(munlock),

    /* Files */
    KORE_SYSCALL_ALLOW(read),
    KORE_SYSCALL_ALLOW(readv),
    KORE_SYSCALL_ALLOW(pread64),
    KORE_SYSCALL_ALLOW(write),
    KORE_SYSCALL_ALLOW(writev),
    KORE_SYSCALL_ALLOW(pwrite64),
    KORE_SYSCALL_ALLOW(lseek),
    KORE_SYSCALL_ALLOW(close),
    KORE_SYSCALL_ALLOW(fcntl),
    KORE_SYSCALL_ALLOW(openat),
    KORE_SYSCALL_ALLOW(fstat),
    KORE_SYSCALL_ALLOW(newfstatat),
    KORE_SYSCALL_ALLOW(statx),
    KORE_SYSCALL_ALLOW(faccessat),
    KORE_SYSCALL_ALLOW(faccessat2),
    KORE_SYSCALL_ALLOW(readlinkat),
    KORE_SYSCALL_ALLOW(getdents64),
    KORE_SYSCALL_ALLOW(getcwd),
    KORE_SYSCALL_ALLOW(ftruncate),
    KORE_SYSCALL_ALLOW(fsync),
    KORE_SYSCALL_ALLOW(fdatasync),
    KORE_SYSCALL_ALLOW(fadvise64),
    KORE_SYSCALL_ALLOW(mkdirat),
    KORE_SYSCALL_ALLOW(unlinkat),
    KORE_SYSCALL_ALLOW(renameat),
    KORE_SYSCALL_ALLOW(renameat2),
#if defined(SYS_open)
    KORE_SYSCALL_ALLOW(open),
    KORE_SYSCALL_ALLOW(stat),
    KORE_SYSCALL_ALLOW(lstat),
    KORE_SYSCALL_ALLOW(access),
    KORE_SYSCALL_ALLOW(readlink),
    KORE_SYSCALL_ALLOW(mkdir),
    KORE_SYSCALL_ALLOW(unlink),
    KORE_SYSCALL_ALLOW(rename),
#endif

    /* Waiting; restart_syscall ends a wait that a signal broke */
    KORE_SYSCALL_ALLOW(epoll_ctl),
    KORE_SYSCALL_ALLOW(epoll_pwait),
    KORE_SYSCALL_ALLOW(ppoll),
    KORE_SYSCALL_ALLOW(pselect6),
    KORE_SYSCALL_ALLOW(nanosleep),
    KORE_SYSCALL_ALLOW(clock_nanosleep),
    KORE_SYSCALL_ALLOW(restart_syscall),
    KORE_SYSCALL_ALLOW(eventfd2),
    KORE_SYSCALL_ALLOW(pipe2),
#if defined(SYS_poll)
    KORE_SYSCALL_ALLOW(epoll_wait),
    KORE_SYSCALL_ALLOW(poll),
    KORE_SYSCALL_ALLOW(select),
#endif

    /* Sockets; the listening ones are the parent's */
    KORE_SYSCALL_ALLOW_ARG(socketpair, 0, AF_UNIX),
    KORE_SYSCALL_ALLOW(accept),
    KORE_SYSCALL_ALLOW(accept4),
    KORE_SYSCALL_ALLOW(connect),
    KORE_SYSCALL_ALLOW(shutdown),
    KORE_SYSCALL_ALLOW(sendto),
    KORE_SYSCALL_ALLOW(sendmsg),
    KORE_SYSCALL_ALLOW(sendmmsg),
    KORE_SYSCALL_ALLOW(sendfile),
    KORE_SYSCALL_ALLOW(recvfrom),
    KORE_SYSCALL_ALLOW(recvmsg),
    KORE_SYSCALL_ALLOW(getsockopt),
    KORE_SYSCALL_ALLOW(setsockopt),
    KORE_SYSCALL_ALLOW(getsockname),
    KORE_SYSCALL_ALLOW(getpeername),

    /* Signals, clocks, chance, and who one is */
    KORE_SYSCALL_ALLOW(sigaltstack),
    KORE_SYSCALL_ALLOW(rt_sigreturn),
    KORE_SYSCALL_ALLOW(rt_sigaction),
    KORE_SYSCALL_ALLOW(rt_sigprocmask),
    KORE_SYSCALL_ALLOW(clock_gettime),
    KORE_SYSCALL_ALLOW(clock_getres),
    KORE_SYSCALL_ALLOW(gettimeofday),
#if defined(SYS_time)
    KORE_SYSCALL_ALLOW(time),
#endif
    KORE_SYSCALL_ALLOW(getrandom),
    KORE_SYSCALL_ALLOW(getpid),
    KORE_SYSCALL_ALLOW(getppid),
    KORE_SYSCALL_ALLOW(gettid),
    KORE_SYSCALL_ALLOW(getuid),
    KORE_SYSCALL_ALLOW(geteuid),
    KORE_SYSCALL_ALLOW(getgid),
    KORE_SYSCALL_ALLOW(getegid),
    KORE_SYSCALL_ALLOW(getrusage),
    KORE_SYSCALL_ALLOW(sysinfo),
    KORE_SYSCALL_ALLOW(uname),
    KORE_SYSCALL_ALLOW_ARG(prlimit64, 2, 0), /* reading a limit; a new one would be the third argument */

    KORE_BPF_RET(SECCOMP_RET_ERRNO | ENOSYS),
#endif
};

void
kore_seccomp_hook(void)
{
	const uint32_t pid = (uint32_t)getpid();
	const struct sock_filter own[] = {
	    KORE_SYSCALL_ALLOW_ARG(kill, 0, pid),
	    KORE_SYSCALL_ALLOW_ARG(tgkill, 0, pid),
	};
	size_t i;

	_Static_assert(TABLE_LENGTH(own) == TABLE_LENGTH(self), "one rule for kill, one for tgkill");
	for (i = 0; i < TABLE_LENGTH(own); i++)
		self[i] = own[i];
	/* In this order: Kore evaluates what was given first. */
	if (!kore_seccomp_filter("sandbox self", self, TABLE_LENGTH(self)) ||
	    !kore_seccomp_filter("sandbox", rules, TABLE_LENGTH(rules)))
		fatalx("sandbox: the filter was given twice");
}
