/* lwip_sockets.h -- the socket names of a case, when lwIP is the stack under test: each becomes the
 * call of os/lwip_calls.c. To be included by os/sockets.h only, behind all headers of the system.
 *
 * A call that lwIP has not ends the role as broken: its case must declare the need (enum need), so
 * that it is skipped. The parenthesised name is never reached; it keeps types and arguments
 * checked.
 */
#ifndef SOCKDRILL_LWIP_SOCKETS_H
#define SOCKDRILL_LWIP_SOCKETS_H

int stack_accept(int fd, struct sockaddr *name, socklen_t *len);
int stack_bind(int fd, const struct sockaddr *name, socklen_t len);
int stack_close(int fd);
int stack_connect(int fd, const struct sockaddr *name, socklen_t len);
int stack_fcntl(int fd, int command, ...);
int stack_getpeername(int fd, struct sockaddr *name, socklen_t *len);
int stack_getsockname(int fd, struct sockaddr *name, socklen_t *len);
int stack_getsockopt(int fd, int level, int option, void *value, socklen_t *len);
char *stack_if_indextoname(unsigned index, char *name);
unsigned stack_if_nametoindex(const char *name);
const char *stack_inet_ntop(int domain, const void *address, char *text, socklen_t room);
int stack_inet_pton(int domain, const char *text, void *address);
int stack_ioctl(int fd, unsigned long request, ...);
int stack_listen(int fd, int backlog);
int stack_poll(struct pollfd *fds, nfds_t n, int timeout);
ssize_t stack_read(int fd, void *bytes, size_t n);
ssize_t stack_readv(int fd, const struct iovec *parts, int n);
ssize_t stack_recv(int fd, void *bytes, size_t n, int flags);
ssize_t stack_recvfrom(int fd, void *bytes, size_t n, int flags, struct sockaddr *name,
		       socklen_t *len);
ssize_t stack_recvmsg(int fd, struct msghdr *message, int flags);
int stack_select(int n, fd_set *readable, fd_set *writable, fd_set *exceptional,
		 struct timeval *timeout);
ssize_t stack_send(int fd, const void *bytes, size_t n, int flags);
ssize_t stack_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t stack_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *name,
		     socklen_t len);
int stack_setsockopt(int fd, int level, int option, const void *value, socklen_t len);
int stack_shutdown(int fd, int how);
int stack_socket(int domain, int type, int protocol);
ssize_t stack_write(int fd, const void *bytes, size_t n);
ssize_t stack_writev(int fd, const struct iovec *parts, int n);

#define accept         stack_accept
#define bind           stack_bind
#define close          stack_close
#define connect        stack_connect
#define fcntl          stack_fcntl
#define getpeername    stack_getpeername
#define getsockname    stack_getsockname
#define getsockopt     stack_getsockopt
#define if_indextoname stack_if_indextoname
#define if_nametoindex stack_if_nametoindex
#define ioctl          stack_ioctl
#define listen         stack_listen
#define poll           stack_poll
#define read           stack_read
#define readv          stack_readv
#define recv           stack_recv
#define recvfrom       stack_recvfrom
#define recvmsg        stack_recvmsg
#define select         stack_select
#define send           stack_send
#define sendmsg        stack_sendmsg
#define sendto         stack_sendto
#define setsockopt     stack_setsockopt
#define shutdown       stack_shutdown
#define socket         stack_socket
#define write          stack_write
#define writev         stack_writev
/* With arguments, so that the machinery can have the C library's: (inet_ntop)(...). */
#define inet_ntop(...) stack_inet_ntop(__VA_ARGS__)
#define inet_pton(...) stack_inet_pton(__VA_ARGS__)

/* In role/role.c: records that the case lacks a need, and ends the role. */
_Noreturn void must_have_need(const char *call);

#define accept4(...)       (must_have_need("accept4()"), (accept4)(__VA_ARGS__))
#define dup(...)           (must_have_need("dup()"), (dup)(__VA_ARGS__))
#define dup2(...)          (must_have_need("dup2()"), (dup2)(__VA_ARGS__))
#define epoll_create1(...) (must_have_need("epoll"), (epoll_create1)(__VA_ARGS__))
#define fork()             (must_have_need("fork()"), (fork)())
#define fstat(...)         (must_have_need("fstat()"), (fstat)(__VA_ARGS__))
#define getaddrinfo(...)   (must_have_need("getaddrinfo()"), (getaddrinfo)(__VA_ARGS__))
#define gethostbyname(...) (must_have_need("gethostbyname()"), (gethostbyname)(__VA_ARGS__))
#define getifaddrs(...)    (must_have_need("getifaddrs()"), (getifaddrs)(__VA_ARGS__))
#define getnameinfo(...)   (must_have_need("getnameinfo()"), (getnameinfo)(__VA_ARGS__))
#define getservbyname(...) (must_have_need("getservbyname()"), (getservbyname)(__VA_ARGS__))
#define getservbyport(...) (must_have_need("getservbyport()"), (getservbyport)(__VA_ARGS__))
#define kill(...)          (must_have_need("kill()"), (kill)(__VA_ARGS__))
#define lseek(...)         (must_have_need("lseek()"), (lseek)(__VA_ARGS__))
#define open(...)          (must_have_need("open()"), (open)(__VA_ARGS__))
#define pipe(...)          (must_have_need("pipe()"), (pipe)(__VA_ARGS__))
#define pipe2(...)         (must_have_need("pipe2()"), (pipe2)(__VA_ARGS__))
#define pread(...)         (must_have_need("pread()"), (pread)(__VA_ARGS__))
#define pselect(...)       (must_have_need("pselect()"), (pselect)(__VA_ARGS__))
#define recvmmsg(...)      (must_have_need("recvmmsg()"), (recvmmsg)(__VA_ARGS__))
#define sendfile(...)      (must_have_need("sendfile()"), (sendfile)(__VA_ARGS__))
#define sendmmsg(...)      (must_have_need("sendmmsg()"), (sendmmsg)(__VA_ARGS__))
#define setrlimit(...)     (must_have_need("setrlimit()"), (setrlimit)(__VA_ARGS__))
#define sockatmark(...)    (must_have_need("sockatmark()"), (sockatmark)(__VA_ARGS__))
#define socketpair(...)    (must_have_need("socketpair()"), (socketpair)(__VA_ARGS__))

#endif
