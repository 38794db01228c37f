/* where.c -- where a role stands when its time is over: its thread, and what that hangs on. */
#include <string.h>

#include "os/os.h"
#include "spy/eye.h"

void spy_where(pid_t tid, char *ret_text, size_t room)
{
	struct spy_socket sockets[SPY_WAITS];
	struct spy_process process = { .pid = tid, .sockets = sockets };
	struct spy_thread thread;
	struct spy_eye eye;

	spy_eye_open(&eye, tid, false);
	spy_eye_thread(&eye, tid, &thread);
	for (unsigned i = 0; i < thread.wait_count; i++)
		process.socket_count +=
			spy_eye_socket(&eye, thread.wait[i].fd, &sockets[process.socket_count]);
	spy_eye_close(&eye);
	spy_put_thread(ret_text, room, &process, &thread, SPY_STEADY);
}
