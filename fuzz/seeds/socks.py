#!/usr/bin/env python3
"""socks.py -- seeds of the fuzz target socks: a byte for the kind of message, then the message."""

import seeds

KINDS = ["greeting", "choice", "login", "login_reply", "request", "reply", "datagram", "connect",
         "http_reply"]

IPV4 = b"\x01\x7f\x00\x00\x01\x00\x50"
IPV6 = b"\x04\x20\x01\x0d\xb8" + b"\x00" * 11 + b"\x01\x01\xbb"
NAME = b"\x03\x09localhost\x00\x50"


def seed(kind, message):
    return bytes([KINDS.index(kind)]) + message


def connect(target, end=b""):
    return seed("connect", b"CONNECT " + target + b" HTTP/1.1\r\nHost: h\r\n\r\n" + end)


seeds.write({
    "too_short": b"",
    "empty": b"\x00",
    "long": b"\x00" + b"x" * 256,
    "greeting": seed("greeting", b"\x05\x02\x00\x02more"),
    "greeting_partial": seed("greeting", b"\x05\x02\x00"),
    "greeting_no_count": seed("greeting", b"\x05"),
    "bad_greeting_version": seed("greeting", b"\x04\x01"),
    "bad_greeting_version_high": seed("greeting", b"\x06\x01"),
    "bad_greeting_empty": seed("greeting", b"\x05\x00"),
    "choice": seed("choice", b"\x05\xff"),
    "choice_partial": seed("choice", b"\x05"),
    "bad_choice": seed("choice", b"\x04\x00"),
    "login": seed("login", b"\x01\x04user\x06secret"),
    "login_partial": seed("login", b"\x01\x04user\x06se"),
    "bad_login_user": seed("login", b"\x01\x00"),
    "bad_login_password": seed("login", b"\x01\x01a\x00"),
    "bad_login_version": seed("login", b"\x05\x01a"),
    "login_reply": seed("login_reply", b"\x01\x00"),
    "login_reply_refused": seed("login_reply", b"\x01\x07"),
    "login_reply_partial": seed("login_reply", b"\x01"),
    "bad_login_reply": seed("login_reply", b"\x02\x00"),
    "request_ipv4": seed("request", b"\x05\x01\x00" + IPV4),
    "request_ipv6": seed("request", b"\x05\x02\x00" + IPV6),
    "request_name": seed("request", b"\x05\x03\x00" + NAME),
    "request_name_number": seed("request", b"\x05\x01\x00\x03\x071.2.3.4\x00\x01"),
    "request_name_literal": seed("request", b"\x05\x01\x00\x03\x06[v1.a]\x00\x01"),
    "request_name_at": seed("request", b"\x05\x01\x00\x03\x03a@b\x00\x01"),
    "request_name_slash": seed("request", b"\x05\x01\x00\x03\x01/\x00\x01"),
    "request_port_0": seed("request", b"\x05\x01\x00\x03\x01a\x00\x00"),
    "request_partial": seed("request", b"\x05\x01\x00" + IPV4[:-3]),
    "request_partial_port": seed("request", b"\x05\x01\x00" + IPV4[:-1]),
    "request_partial_name": seed("request", b"\x05\x01\x00" + NAME[:5]),
    "request_partial_name_none": seed("request", b"\x05\x01\x00\x03"),
    "request_partial_kind": seed("request", b"\x05\x01\x00"),
    "bad_request_version": seed("request", b"\x04\x01\x00"),
    "bad_request_command": seed("request", b"\x05\x04\x00"),
    "bad_request_reserved": seed("request", b"\x05\x01\x01"),
    "bad_request_kind": seed("request", b"\x05\x01\x00\x02"),
    "bad_request_kind_high": seed("request", b"\x05\x01\x00\x05"),
    "bad_request_name": seed("request", b"\x05\x01\x00\x03\x03a\x00b\x00\x50"),
    "bad_request_name_high": seed("request", b"\x05\x01\x00\x03\x03a\x7fb\x00\x50"),
    "bad_request_name_empty": seed("request", b"\x05\x01\x00\x03\x00\x00\x50"),
    "reply": seed("reply", b"\x05\x08\x00" + IPV4),
    "bad_reply_version": seed("reply", b"\x00"),
    "bad_reply_code": seed("reply", b"\x05\x09"),
    "bad_reply_reserved": seed("reply", b"\x05\x00\xff"),
    "bad_reply_kind": seed("reply", b"\x05\x00\x00\x00"),
    "datagram": seed("datagram", b"\x00\x00\x81" + NAME + b"data"),
    "datagram_partial": seed("datagram", b"\x00\x00"),
    "bad_datagram_reserved": seed("datagram", b"\x00\x01"),
    "bad_datagram_reserved_first": seed("datagram", b"\x01"),
    "bad_datagram_kind": seed("datagram", b"\x00\x00\x00\x00"),
    "connect_name": connect(b"example.com:443", b"tunnel"),
    "connect_ipv4": connect(b"127.0.0.1:65535"),
    "connect_ipv6": connect(b"[2001:db8::1]:80"),
    "connect_partial": seed("connect", b"CONNECT h"),
    "bad_connect_future": connect(b"[v1.a]:1"),
    "bad_connect_long": connect(b"a" * 256 + b":1"),
    "bad_connect_method": seed("connect", b"GET / HTTP/1.0\r\n\r\n"),
    "http_reply": seed("http_reply", b"HTTP/1.1 200 OK\r\n\r\ntunnel"),
    "http_reply_refused": seed("http_reply", b"HTTP/1.0 407 No\r\nContent-Length: 3\r\n\r\nabc"),
    "bad_http_reply": seed("http_reply", b"HTTP/1.1 600"),
})
