#!/usr/bin/env python3
"""records.py -- seeds of the fuzz target records: a head of numbers, where both roles stand, their records."""

import seeds

TIMED_OUT, TROUBLE, LEFT_BEHIND, KILLED, FINISHED, BOTH, HUGE, NO_CLIENT = (1 << bit for bit in range(8))
INET, INET6, UNIX, ANY = range(4)
FIRST_BAD = {None: 0, "server": 4, "client": 8}  # added to the family
RUNNING, MEETING, WAITING = range(3)


def number(value):
    return value.to_bytes(2, "big")


def seed(server=b"", client=b"", bits=FINISHED, family=INET, bad=None, status=0, used=None, standing=(0, 0),
         places=(b"", b""), calls=(b"", b"")):
    used = used or (len(server), len(client))
    head = bytes([family + FIRST_BAD[bad], bits]) + number(status) + number(used[0]) + number(used[1])
    lines = b"".join(places[i] + b"\n" + calls[i] + b"\n" for i in (0, 1))
    return head + bytes(standing) + lines + server + client


A = b"=\ta\t1\t7\n"
B = b"=\tb\t-1 ECONNRESET\t8\n"
CLIENT = b"=\ta\t3:abc\t9\n=\tc\t0\t10\n=\td\tanything\t11\n"
seeds.write({
    "too_short": b"\0\0",
    "empty": seed(),
    "pass": seed(A + b"=\tb\t5\t8\n", CLIENT),
    "variant": seed(A + b"=\tb\t3\t8\n", CLIENT, family=INET6),
    "unix": seed(A + B, b"=\ta\t3:abc\t0\n=\td\tx\t0\n", family=UNIX),
    "any": seed(A + B, CLIENT, family=ANY),
    "fail": seed(b"=\ta\t2\t7\n" + B, b"=\ta\t3:abd\t0\n=\tc\t-1 EPIPE\t0\n=\td\t\t0\n"),
    "twice": seed(A + A, CLIENT),
    "unknown_label": seed(A + B + b"=\tz\t0\t0\n", CLIENT),
    "broken": seed(A + b"!\t\tsocket() gave -1 EMFILE\t12\n!\t\tsecond\t13\n", b"", 0, status=0x6200),
    "skip": seed(b"-\t\tthis system has none\t4\n-\t\tsecond\t5\n", CLIENT),
    "gap": seed(A + b"\0\0\0\0" + B, CLIENT),
    "torn": seed(A + b"=\tb\t-1 ECONN", b"nonsense\n=\ta\n?\ta\tb\t1\n=\ta\tb\tx\n==\t\t\t1\n"),
    "not_printable": seed(b"=\ta\x1b[2J\t1\t7\n=\ta\xff\t1\t7\n", b"=\ta\t\x80\t1\n"),
    "long_label": seed(b"=\t" + b"l" * 81 + b"\t1\t7\n", b"=\t" + b"l" * 80 + b"\t1\t7\n"),
    "long_number": seed(b"=\ta\t1\t12345678\n=\tb\t1\t9999999\n=\tb\t1\t\n"),
    "lost": seed(A, CLIENT, HUGE | FINISHED),
    "more_than_there": seed(A, CLIENT, used=(24577, 65535)),
    "just_all": seed(A, CLIENT, used=(24576, 24575)),
    "timed_out": seed(A, b"", TIMED_OUT | KILLED, standing=(MEETING, WAITING), places=(b"ready", b"a letter")),
    "in_a_call": seed(A, b"", TIMED_OUT | KILLED, calls=(b"recv", b"getsockname_is_long")),
    "place_without_end": seed(A, b"", KILLED, standing=(MEETING, WAITING), places=(b"p" * 70, b"\x1b]0;x\x07")),
    "unknown_standing": seed(A, b"", KILLED, standing=(3, 255), places=(b"x", b"y")),
    "died": seed(A, CLIENT, 0, status=11, bad="server"),
    "died_both": seed(A, CLIENT, BOTH, status=9, bad="client"),
    "exited_early": seed(A, CLIENT, 0, status=0x0300, bad="client"),
    "trouble": seed(A, CLIENT, TROUBLE),
    "left_behind": seed(A, CLIENT, LEFT_BEHIND | FINISHED),
    "no_client": seed(A + B, b"", FINISHED | NO_CLIENT),
})
