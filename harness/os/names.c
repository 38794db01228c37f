/* names.c -- names of errno values, signals and resolver results. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>

#include "os/os.h"

struct name {
	int number;
	const char *text;
};

#define N(name)                                                                                    \
	{                                                                                          \
		name, #name                                                                        \
	}

static const struct name errnos[] = {
	N(E2BIG),           N(EACCES),       N(EADDRINUSE),   N(EADDRNOTAVAIL), N(EAFNOSUPPORT),
	N(EAGAIN),          N(EALREADY),     N(EBADF),        N(EBADMSG),       N(EBUSY),
	N(ECANCELED),       N(ECHILD),       N(ECONNABORTED), N(ECONNREFUSED),  N(ECONNRESET),
	N(EDEADLK),         N(EDESTADDRREQ), N(EDOM),         N(EDQUOT),        N(EEXIST),
	N(EFAULT),          N(EFBIG),        N(EHOSTUNREACH), N(EIDRM),         N(EILSEQ),
	N(EINPROGRESS),     N(EINTR),        N(EINVAL),       N(EIO),           N(EISCONN),
	N(EISDIR),          N(ELOOP),        N(EMFILE),       N(EMLINK),        N(EMSGSIZE),
	N(EMULTIHOP),       N(ENAMETOOLONG), N(ENETDOWN),     N(ENETRESET),     N(ENETUNREACH),
	N(ENFILE),          N(ENOBUFS),      N(ENODEV),       N(ENOENT),        N(ENOEXEC),
	N(ENOLCK),          N(ENOLINK),      N(ENOMEM),       N(ENOMSG),        N(ENOPROTOOPT),
	N(ENOSPC),          N(ENOSYS),       N(ENOTCONN),     N(ENOTDIR),       N(ENOTEMPTY),
	N(ENOTRECOVERABLE), N(ENOTSOCK),     N(ENOTTY),       N(ENXIO),         N(EOPNOTSUPP),
	N(ENOTSUP), /* behind EOPNOTSUPP, often its synonym */
	N(EOVERFLOW),       N(EOWNERDEAD),   N(EPERM),        N(EPIPE),         N(EPROTO),
	N(EPROTONOSUPPORT), N(EPROTOTYPE),   N(ERANGE),       N(EROFS),         N(ESPIPE),
	N(ESRCH),           N(ESTALE),       N(ETIMEDOUT),    N(ETXTBSY),       N(EWOULDBLOCK),
	N(EXDEV),
#ifdef EPFNOSUPPORT
	N(EPFNOSUPPORT),
#endif
#ifdef ESOCKTNOSUPPORT
	N(ESOCKTNOSUPPORT),
#endif
#ifdef ESHUTDOWN
	N(ESHUTDOWN),
#endif
#ifdef ETOOMANYREFS
	N(ETOOMANYREFS),
#endif
#ifdef EHOSTDOWN
	N(EHOSTDOWN),
#endif
#ifdef ENONET
	N(ENONET),
#endif
#ifdef ENODATA
	N(ENODATA),
#endif
#ifdef ENOPKG
	N(ENOPKG),
#endif
#ifdef ENOTUNIQ
	N(ENOTUNIQ),
#endif
#ifdef EUSERS
	N(EUSERS),
#endif
#ifdef ERESTART
	N(ERESTART),
#endif
	{ 0, NULL },
};

static const struct name signals[] = {
	N(SIGHUP),    N(SIGINT),  N(SIGQUIT), N(SIGILL),  N(SIGTRAP), N(SIGABRT),   N(SIGBUS),
	N(SIGFPE),    N(SIGKILL), N(SIGUSR1), N(SIGSEGV), N(SIGUSR2), N(SIGPIPE),   N(SIGALRM),
	N(SIGTERM),   N(SIGCHLD), N(SIGCONT), N(SIGSTOP), N(SIGTSTP), N(SIGTTIN),   N(SIGTTOU),
	N(SIGURG),    N(SIGXCPU), N(SIGXFSZ), N(SIGPROF), N(SIGSYS),  N(SIGVTALRM),
#ifdef SIGIO
	N(SIGIO),
#endif
#ifdef SIGSTKFLT
	N(SIGSTKFLT),
#endif
#ifdef SIGPWR
	N(SIGPWR),
#endif
	{ 0, NULL },
};

static const struct name gais[] = {
	N(EAI_AGAIN),      N(EAI_BADFLAGS), N(EAI_FAIL),     N(EAI_FAMILY),   N(EAI_MEMORY),
	N(EAI_NONAME),     N(EAI_SERVICE),  N(EAI_SOCKTYPE), N(EAI_OVERFLOW), N(EAI_SYSTEM),
#ifdef EAI_ADDRFAMILY
	N(EAI_ADDRFAMILY),
#endif
#ifdef EAI_NODATA
	N(EAI_NODATA),
#endif
	{ 0, NULL },
};

static const char *text_of(const struct name *table, int number)
{
	for (; table->text; table++)
		if (table->number == number)
			return table->text;
	return NULL;
}

const char *os_errno_name(int err)
{
	return text_of(errnos, err);
}

int os_errno_number(const char *name)
{
	for (const struct name *e = errnos; e->text; e++)
		if (!strcmp(e->text, name))
			return e->number;
	return -1;
}

const char *os_signal_name(int signo)
{
	return text_of(signals, signo);
}

const char *os_gai_name(int result)
{
	return text_of(gais, result);
}
