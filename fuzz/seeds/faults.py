#!/usr/bin/env python3
"""faults.py -- seeds of the fuzz target faults: lines of faults, a NUL, then calls of two bytes: which of
harness/trace/calls.def, and connection, process and length."""

import os
import re

import seeds

DEF = os.path.join(os.path.dirname(__file__), "../../harness/trace/calls.def")
with open(DEF, encoding="ascii") as file:
    CALLS = re.findall(r"^CALL\((\w+),", file.read(), re.MULTILINE)


def seed(specs, *calls):
    return specs.encode() + b"\0" + b"".join(
        bytes([CALLS.index(name), 0x88 | connection]) for name, connection in calls)


READS = [("recvfrom", 1), ("read", 1), ("recvfrom", 2)] * 5
SENDS = [("sendto", 1), ("writev", 2)] * 5
seeds.write({
    "nothing": b"",
    "short": seed("recv=short", *READS, *SENDS),
    "short_bytes": seed("recv=short:4@every3", *READS),
    "second_connection": seed("write=short:2#2", *SENDS),
    "errors": seed("any=EINTR@every5", *READS, *SENDS, ("poll", 0), ("accept4", 0)),
    "retry": seed("recv=retry:EINTR\nread=short@2..", *READS),
    "chance": seed("any=short@30%\nany=delay:1@0.5%", *READS, *SENDS),
    "range": seed("accept=EMFILE@2..3", *[("accept", 0)] * 5),
    "lies": seed("close=EIO\nconnect=EINTR", ("connect", 0), ("close", 1)),
    "makes": seed("socket=EMFILE@1\nepoll_wait=EINTR", ("socket", 0), ("epoll_pwait", 0)),
    "no_action": b"recv",
    "unknown_call": b"recieve=short",
    "unknown_action": b"recv=shrot",
    "no_bytes": b"recv=short:0",
    "never": b"recv=short@0",
    "no_connection": b"accept=EMFILE#1",
    "too_much": b"recv=EINTR:3",
    "control": b"re\x1bcv=short",
})
