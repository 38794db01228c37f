#!/usr/bin/env python3
"""http.py -- seeds of the fuzz target http: a byte of rules, a byte of steps, then the messages."""

import seeds

RESPONSE, REQUEST, NARROW = 0, 1, 8
HEAD, CONNECT, OTHER = 0, 1, 2  # what the response answers


def seed(rules, asked, text, step=3):
    # The answered method is taken modulo 3 from the byte above its lowest bit.
    byte = next(b for b in range(256) if b & 9 == rules and b // 2 % 3 == asked)
    return bytes([byte, step]) + text


def request(line, fields=b"", body=b"", host=b"Host: h\r\n"):
    return seed(REQUEST, OTHER, line + b"\r\n" + host + fields + b"\r\n" + body)


def post(fields, body=b""):
    return request(b"POST / HTTP/1.1", fields, body)


def chunked(body):
    return post(b"Transfer-Encoding: Chunked\r\n", body)


def response(line, fields=b"", body=b"", asked=OTHER):
    return seed(RESPONSE, asked, b"HTTP/1.1 " + line + b"\r\n" + fields + b"\r\n" + body)


def narrow(text):
    return seed(REQUEST | NARROW, OTHER, text)


GET = b"GET / HTTP/1.1"
LENGTH = b"Content-Length: 3\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"

seeds.write({
    "too_short": b"\x00",
    "get": request(b"GET /a/b?c=d HTTP/1.1", b"Accept: a, b \t\r\nX:\r\n"),
    "get_1_0": request(b"GET / HTTP/1.0", b"Connection: a,\t keep-alive \r\n", host=b""),
    "get_1_0_close": request(b"GET / HTTP/1.0", b"Connection: keep-aliva\r\nConnection: x\r\n"),
    "get_absolute": request(b"GET http://h:80/a HTTP/1.1"),
    "get_urn": request(b"GET urn:a HTTP/1.1", b"Connection: b , \tclose\t ,\r\n"),
    "options": request(b"OPTIONS * HTTP/1.1"),
    "options_path": request(b"OPTIONS /* HTTP/1.1"),
    "connect": request(b"CONNECT h:443 HTTP/1.1", b"", b"tunnel"),
    "trace": request(b"TRACE / HTTP/1.1", b"Content-Length: 0\r\n"),
    "post_length": post(b"content-LENGTH: 3\r\n", b"abcdef"),
    "post_short": post(LENGTH, b"ab"),
    "post_length_max": post(b"Content-Length: 18446744073709551615\r\n", b"abc"),
    "post_chunked": chunked(b"3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nrest"),
    "post_extensions": chunked(b"1 ; a\t=\t\"b\\\"\xff\" ;c ;d= e;f=g\r\na\r\n00\r\n\r\n"),
    "bad_target_asterisk": request(b"GET * HTTP/1.1"),
    "bad_target_byte": request(b"GET /\x80 HTTP/1.1"),
    "bad_target_empty": request(b"GET  HTTP/1.1"),
    "bad_target_fragment": request(b"GET /#a HTTP/1.1"),
    "bad_target_host": request(b"GET http:///a HTTP/1.1"),
    "bad_target_no_authority": request(b"GET https:a HTTP/1.1"),
    "bad_target_uri": request(b"GET a HTTP/1.1"),
    "bad_target_user": request(b"GET http://u@h/ HTTP/1.1"),
    "bad_target_path": request(b"GET /[ HTTP/1.1"),
    "bad_connect": request(b"CONNECT [ HTTP/1.1"),
    "bad_connect_host": request(b"CONNECT :1 HTTP/1.1"),
    "bad_connect_port": request(b"CONNECT h:0 HTTP/1.1"),
    "bad_connect_user": request(b"CONNECT u@h:1 HTTP/1.1"),
    "bad_connect_content": request(b"CONNECT h:1 HTTP/1.1", LENGTH),
    "bad_trace_content": request(b"TRACE / HTTP/1.1", CHUNKED),
    "bad_method": request(b"[ / HTTP/1.1"),
    "bad_method_end": request(b"GET[ / HTTP/1.1"),
    "bad_version": request(b"GET / HTTP/1.2"),
    "bad_version_name": request(b"GET / http/1.1"),
    "bad_line_end": request(GET + b" "),
    "bad_lf": request(GET + b"\n"),
    "bad_cr": request(GET + b"\r"),
    "bad_host_none": request(GET, host=b""),
    "bad_host_two": request(GET, b"host: h\r\n"),
    "bad_host": request(GET, host=b"Host: a b\r\n"),
    "bad_host_user": request(GET, host=b"Host: a@b\r\n"),
    "bad_field_name": request(GET, b"a[: b\r\n"),
    "bad_field_name_empty": request(GET, b": b\r\n"),
    "bad_field_space": request(GET, b"a : b\r\n"),
    "bad_field_fold": request(GET, b"a: b\r\n c\r\n"),
    "bad_field_value": request(GET, b"a: b\0\r\n"),
    "bad_fields_lf": request(GET, b"\n"),
    "bad_length_two": post(LENGTH + LENGTH),
    "bad_length_empty": post(b"Content-Length:\r\n"),
    "bad_length_sign": post(b"Content-Length: +3\r\n"),
    "bad_length_over": post(b"Content-Length: 18446744073709551616\r\n"),
    "bad_both": post(LENGTH + CHUNKED),
    "bad_coding": post(b"Transfer-Encoding: gzip, chunked\r\n"),
    "bad_coding_two": post(CHUNKED + CHUNKED),
    "bad_coding_1_0": request(b"POST / HTTP/1.0", CHUNKED),
    "bad_chunk_size": chunked(b"\r\n"),
    "bad_chunk_over": chunked(b"11111111111111111\r\n"),
    "bad_chunk_end": chunked(b"1\r\nab"),
    "bad_chunk_blank": chunked(b"1 \r\n"),
    "bad_chunk_byte": chunked(b"1,\r\n"),
    "bad_chunk_lf": chunked(b"1\n"),
    "bad_extension": chunked(b"1;;\r\n"),
    "bad_extension_value": chunked(b"1;a=,\r\n"),
    "bad_extension_quoted": chunked(b"1;a=\"\r\"\r\n"),
    "bad_extension_escape": chunked(b"1;a=\"\\\r\"\r\n"),
    "bad_trailer": chunked(b"0\r\nhost: h\r\n\r\n"),
    "bad_trailer_line": chunked(b"0\r\n h\r\n\r\n"),
    "part_chunk_size": chunked(b"1"),
    "part_chunk_end": chunked(b"1\r\na\r"),
    "part_extension_blank": chunked(b"1 "),
    "part_extension_name": chunked(b"1; "),
    "part_extension_name_end": chunked(b"1;a"),
    "part_extension_name_blank": chunked(b"1;a "),
    "part_extension_value": chunked(b"1;a= "),
    "part_extension_value_end": chunked(b"1;a=b"),
    "part_extension_quoted": chunked(b"1;a=\"b"),
    "part_extension_escape": chunked(b"1;a=\"\\"),
    "part_extension_quoted_end": chunked(b"1;a=\"b\" "),
    "part_trailer": chunked(b"0\r\nA"),
    "part_field_value": seed(REQUEST, OTHER, GET + b"\r\na: b"),
    "part_field_blank": seed(REQUEST, OTHER, GET + b"\r\na: "),
    "part_fields": seed(REQUEST, OTHER, GET + b"\r\n"),
    "part_method": seed(REQUEST, OTHER, b"GE"),
    "part_target": seed(REQUEST, OTHER, b"GET /a"),
    "part_version": seed(REQUEST, OTHER, b"GET / HTTP/1."),
    "response": response(b"200 OK", LENGTH, b"abc"),
    "response_chunked": response(b"404 ", CHUNKED, b"1\r\na\r\n0\r\n\r\n"),
    "response_close": response(b"599 \t\xff", b"", b"until close"),
    "response_connect": response(b"200 OK", LENGTH + CHUNKED, b"tunnel", CONNECT),
    "response_connect_refused": response(b"407 No", LENGTH, b"abc", CONNECT),
    "response_head": response(b"200 OK", LENGTH, b"", HEAD),
    "response_100": response(b"100 Continue"),
    "response_101": response(b"101 Switching", b"", b"tunnel"),
    "response_204": response(b"204 "),
    "response_304": response(b"304 ", LENGTH),
    "bad_response_100": response(b"100 ", CHUNKED),
    "bad_response_204": response(b"204 ", LENGTH),
    "bad_response_both": response(b"200 ", LENGTH + CHUNKED),
    "bad_response_version": seed(RESPONSE, OTHER, b"HTTP/2 200 OK\r\n\r\n"),
    "bad_response_space": seed(RESPONSE, OTHER, b"HTTP/1.1-200 OK\r\n\r\n"),
    "bad_status": response(b"20x OK"),
    "bad_status_low": response(b"099 OK"),
    "bad_status_high": response(b"600 OK"),
    "bad_status_space": response(b"2000"),
    "bad_reason": response(b"200 \x7f"),
    "part_status": seed(RESPONSE, OTHER, b"HTTP/1.1 20"),
    "part_reason": seed(RESPONSE, OTHER, b"HTTP/1.1 200 OK"),
    "long_line": narrow(b"GET /" + b"a" * 40),
    "long_field": narrow(GET + b"\r\nHost: " + b"a" * 40),
    "long_head": narrow(GET + (b"\r\nA: " + b"a" * 26) * 3),
    "many_fields": narrow(GET + b"\r\nHost: h\r\nA:\r\nB:\r\nC:\r\n\r\n"),
    "long_chunk_line": narrow(b"PUT / HTTP/1.1\r\nHost:h\r\n" + CHUNKED + b"\r\n1;aaaaaaaaaaa\r\n"),
    "long_trailer": narrow(
        b"PUT / HTTP/1.1\r\nHost:h\r\n" + CHUNKED + b"\r\n0\r\n" + (b"A: " + b"a" * 20 + b"\r\n") * 2
    ),
})
