/* http_framing.h -- what the fields of a complete head mean for the message.
 *
 * Each gives false when the head is bad; scan->end says why. The cursor is behind the head.
 */
#ifndef SOCKDRILL_HTTP_FRAMING_H
#define SOCKDRILL_HTTP_FRAMING_H

#include "protocol/http_scan.h"

/* RFC 9112 section 3.2: one Host, and in HTTP/1.0 none or one; it is a host with or without port.
 */
bool check_host(struct scan *scan, const struct http_head *head);

/* RFC 9112 section 6: sets the framing and the length. */
bool frame_request(struct scan *scan, struct http_head *head);
bool frame_response(struct scan *scan, enum http_asked asked, struct http_head *head);

#endif
