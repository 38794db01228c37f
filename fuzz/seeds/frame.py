#!/usr/bin/env python3
"""frame.py -- seeds of the fuzz target frame: two bytes of rules, then a stream of frames."""

import seeds

LITTLE, COUNTED, ZERO = 4, 8, 16
NO_LIMIT = 255


def frames(width, bits, limit, *payloads):
    """A stream of frames; a payload that is a number is a length alone, with nothing behind it."""
    stream = b""
    order = "little" if bits & LITTLE else "big"
    for payload in payloads:
        if isinstance(payload, int):
            stream += payload.to_bytes(width, order)
            continue
        length = len(payload) + (width if bits & COUNTED else 0)
        stream += length.to_bytes(width, order) + payload
    return bytes([{1: 0, 2: 1, 4: 2, 8: 3}[width] | bits, limit]) + stream


everything = {
    "too_short": b"\x00",
    "empty_stream": frames(1, 0, 9),
    "partial_header": frames(4, 0, 9, b"a")[:-3],
    "partial_body": frames(2, 0, 9, b"abc")[:-1],
    "too_long": frames(1, 0, 2, b"abc"),
    "empty_refused": frames(2, 0, 9, b"a", b"", b"b"),
    "empty_allowed": frames(2, ZERO, 9, b"a", b"", b"b"),
    "smaller_than_header": frames(4, COUNTED, 9, 3),
    "header_alone": frames(4, COUNTED | ZERO, 9, b"", b""),
    "header_alone_refused": frames(4, COUNTED, 9, b""),
    "greatest": frames(8, 0, NO_LIMIT, 2**64 - 1),
    "greatest_counted": frames(8, COUNTED, NO_LIMIT, 2**64 - 1),
    "near_greatest": frames(8, LITTLE, NO_LIMIT, 2**64 - 8),
    "greatest_refused": frames(8, LITTLE, 100, 2**64 - 1),
    "encode_above_width": frames(1, 0, NO_LIMIT, b"x" * 255),
    "encode_above_width_counted": frames(1, COUNTED, NO_LIMIT, b"x" * 253),
}
for width in (1, 2, 4, 8):
    for bits in (0, LITTLE, COUNTED, LITTLE | COUNTED):
        everything[f"width_{width}_{bits}"] = frames(width, bits, 20, b"hello", b"w", b"orld")
seeds.write(everything)
