#!/usr/bin/env python3
"""control_messages.py -- seeds of the fuzz target control_messages: buffers as Linux lays them on 64 bits."""

import struct

import seeds

SOL_SOCKET, IPPROTO_IP, SCM_RIGHTS, SCM_CREDENTIALS, IP_TTL = 1, 0, 1, 2, 2


def message(level, kind, data, length=None, pad=True):
    bare = struct.pack("<QII", 16 + len(data) if length is None else length, level, kind) + data
    return bare + bytes(-len(bare) % 8 if pad else 0)


FD = message(SOL_SOCKET, SCM_RIGHTS, struct.pack("<i", 7))
seeds.write({
    "one": FD,
    "two": FD + message(IPPROTO_IP, IP_TTL, struct.pack("<i", 64)),
    "three": FD + message(IPPROTO_IP, IP_TTL, b"") + FD,
    "many": message(0, 0, b"") * 8,
    "empty_data": message(SOL_SOCKET, SCM_RIGHTS, b""),
    "unpadded": message(SOL_SOCKET, SCM_RIGHTS, b"abc", pad=False),
    "credentials": message(SOL_SOCKET, SCM_CREDENTIALS, struct.pack("<iii", 1, 0, 0)),
    "half_header": FD[:15],
    "half_data": FD[:18],
    "cut_second": FD + FD[:10],
    "length_0": message(SOL_SOCKET, SCM_RIGHTS, b"abcd", 0),
    "length_15": message(SOL_SOCKET, SCM_RIGHTS, b"abcd", 15),
    "length_too_long": message(SOL_SOCKET, SCM_RIGHTS, b"abcd", 32),
    "length_huge": message(SOL_SOCKET, SCM_RIGHTS, b"abcd", (1 << 64) - 4),
    "length_half": FD + message(SOL_SOCKET, SCM_RIGHTS, b"abcd", 1 << 63),
    "length_wraps": FD + message(SOL_SOCKET, SCM_RIGHTS, b"abcd", (1 << 64) - 24),
})
