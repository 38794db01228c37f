/* thread_semaphore.c -- the semaphore of each thread, which lwIP asks of its port where two threads
 * may use one socket, and which Debian's port has not. */
#include "lwip/sys.h"

sys_sem_t *lwip_thread_semaphore(void)
{
	static _Thread_local sys_sem_t semaphore;

	if (!sys_sem_valid(&semaphore))
		LWIP_ASSERT("no memory for a semaphore", sys_sem_new(&semaphore, 0) == ERR_OK);
	return &semaphore;
}
