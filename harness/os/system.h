/* system.h -- the systems that are told from each other, and their releases. */
#ifndef SOCKDRILL_SYSTEM_H
#define SOCKDRILL_SYSTEM_H

/* Operating systems (and stacks that are not the system's own) that rows may name. */
enum os { OS_LINUX, OS_FREEBSD, OS_NETBSD, OS_OPENBSD, OS_MACOS, OS_LWIP, OS_COUNT };

/* A release number as needs and .before compare it: VERSION(5, 10). */
#define VERSION(major, minor) ((major)*1000U + (minor))

#endif
