/* text.h -- words that the spy's texts and its command share. */
#ifndef SOCKDRILL_TRACE_SPY_TEXT_H
#define SOCKDRILL_TRACE_SPY_TEXT_H

#include "spy/spy.h"

/* "stream", "datagram" ..., or "type 7", written to the room. */
const char *spy_type_name(const struct spy_socket *socket, char ret_room[16]);
/* "IN|OUT"; "" for none. */
void spy_put_events(char *ret_text, size_t room, unsigned events);

#endif
