#!/usr/bin/env python3
"""pack_judge.py -- judges harness/protocol/pack.c against Python's own struct module."""

import math
import random
import struct
import sys

from judging import Difference, judge

SIZE_MAX_JUDGED = 1 << 20  # as pack_print.c's
# F and D are codes since Python 3.14; those that are none in any version stand for the unknown.
CODES = "xcbB?hHiIlLqQnNefdspP"
UNKNOWN = "ayzZ*(,\x00\x80\xff"
MARKS = ["", "@", "=", "<", ">", "!"]
EDGES = [0, 1, -1] + [s * 2**n + d for n in (7, 8, 15, 16, 31, 32, 63, 64)
                      for s in (1, -1) for d in (-1, 0, 1)]
INTEGERS = [i for i in EDGES if -(2**63) <= i < 2**64]
# No NaN but the canonical ones: what becomes of a NaN's payload differs between versions.
REALS = [0.0, -0.0, 1.0, -1.5, math.inf, -math.inf, math.nan, -math.nan, 65504.0, 65519.99,
         65520.0, -65520.0, 2.0**-14, 2.0**-24, 2.0**-25, 2.0**-25 * 1.0000001, 2.0**-26, 1e300,
         -1e300, 3.4028235677973366e38, 3.4028235677973362e38, 1e-46, 5e-324]


def make(letter, form, rest=b""):
    return letter.encode() + len(form).to_bytes(2, "little") + form + rest


def parts(data):
    length = int.from_bytes(data[1:3], "little")
    return data[:1].decode(), data[3:3 + length], data[3 + length:]


def random_count(rng):
    return rng.choice(["", "", "", "0", "1", "2", "3", "7", "00", "12", "300"])


def random_format(rng):
    form = rng.choice(MARKS)
    for _ in range(rng.randrange(6)):
        form += rng.choice(["", "", "", " ", "\t", "\n\r", "\v\f"])
        form += random_count(rng) + rng.choice(CODES)
    return form.encode("latin-1")


def mutate(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            data[at:at] = rng.choice(CODES + UNKNOWN + "@=<>! 0123456789").encode("latin-1")
        elif kind == 1:
            del data[at:at + 1]
        elif kind == 2:
            data[at:at] = rng.choice([b"9223372036854775807", b"9223372036854775808",
                                      b"4611686018427387904", b"18446744073709551617", b"99"])
        elif at < len(data):
            byte = rng.randrange(256)
            data[at] = byte if chr(byte) not in "FD" else 0
    return bytes(data)


def size_of(form):
    try:
        return struct.calcsize(form)
    except struct.error:
        return None


def random_real(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(REALS)
    if kind == 1:  # a half, or a tie between two, or beside one
        half = struct.unpack("<e", struct.pack("<H", rng.randrange(0x7c00)))[0]
        step = max(2.0**-25, math.ulp(half) * 2**41)
        return (half + rng.choice([0, step, step * 0.999999, step * 1.000001])) * rng.choice([1, -1])
    if kind == 2:
        return rng.uniform(-1, 1) * 2.0**rng.randrange(-40, 140)
    bits = rng.getrandbits(64)
    real = struct.unpack("<d", struct.pack("<Q", bits))[0]
    return 0.5 if math.isnan(real) else real


def random_bytes(rng, longest=9):
    return rng.randbytes(rng.choice([0, 1, 1, 2, 3, 5, longest]))


def random_value(rng, code):
    """Mostly what the code takes."""
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice(INTEGERS)
    if kind == 1:
        return rng.choice([random_real(rng), random_bytes(rng), True, False])
    if code in "efd":
        return random_real(rng)
    if code in "c":
        return rng.randbytes(1)
    if code in "sp":
        return random_bytes(rng, 320)
    if code == "?":
        return rng.choice([0, 1, 0.0, math.nan, b"", b"x", True, False, 2**64 - 1])
    return rng.choice(INTEGERS) if rng.randrange(3) else rng.randrange(-128, 256)


def codes_of(form):
    """The codes whose values the format takes, one each, by struct's own count of them."""
    codes = []
    count = ""
    for char in form.decode("latin-1").lstrip("@=<>!"):
        if char.isdigit():
            count += char
        elif char in CODES:
            times = int(count or 1)
            codes += [] if char == "x" else [char] if char in "sp" else [char] * times
            count = ""
    return codes


def encode_value(value):
    if isinstance(value, bool):
        return b"b" + int(value).to_bytes(8, "little")
    if isinstance(value, bytes):
        return b"s" + len(value).to_bytes(2, "little") + value
    if isinstance(value, float):
        return b"d" + struct.pack("<d", value)
    if value < 0:
        return b"i" + value.to_bytes(8, "little", signed=True)
    return b"u" + value.to_bytes(8, "little")


def decode_values(data):
    values = []
    while data:
        kind, data = data[:1], data[1:]
        if kind == b"s":
            length = int.from_bytes(data[:2], "little")
            values.append(data[2:2 + length])
            data = data[2 + length:]
            continue
        raw, data = data[:8], data[8:]
        values.append({b"b": lambda: bool(raw[0]), b"d": lambda: struct.unpack("<d", raw)[0],
                       b"i": lambda: int.from_bytes(raw, "little", signed=True),
                       b"u": lambda: int.from_bytes(raw, "little")}[kind]())
    return values


def inputs():
    rng = random.Random(20240601)
    made = [make("u", form, data) for form, data in
            ((b"0p", b""), (b"<0pc", b"a"), (b"", b""), (b"x", b"\x01"), (b"3p", b"\x09ab"))]
    made += [make("p", b"0px", encode_value(b"abc")), make("p", b"<0p", encode_value(b""))]
    made += [make("u", b"<" + b"e" * 256, struct.pack("<256H", *range(high, high + 256)))
             for high in range(0, 65536, 256)]
    for _ in range(9000):
        form = random_format(rng)
        if rng.randrange(3) == 0:
            form = mutate(rng, form)
        made.append(make("c", form))
        size = size_of(form)
        if size is None or size > 2000:
            size = rng.randrange(9)
        data = rng.randbytes(size + rng.choice([0, 0, 0, 0, 0, 1]))
        made.append(make("u", form, data))
        if size_of(form) is not None and size_of(form) <= 2000:
            values = [random_value(rng, code) for code in codes_of(form)]
            if rng.randrange(20) == 0:
                values = values[1:] if rng.randrange(2) else values + [1]
            made.append(make("p", form, b"".join(encode_value(v) for v in values)))
    return made


def fault_of(error):
    """The fault that an exception of struct stands for. Texts differ between versions in detail."""
    text = str(error)
    if isinstance(error, OverflowError):
        return "range"
    if any(t in text for t in ("bad char in struct format", "repeat count given", "too long",
                               "embedded null")):
        return "format"
    if "unpack requires" in text:
        return "size"
    if "items for packing" in text:
        return "count"
    if any(t in text for t in ("is not an integer", "is not a float", "must be a bytes object",
                               "requires a bytes object")):
        return "type"
    return "range" if isinstance(error, struct.error) else f"unexpected {error!r}"


def word(value):
    if isinstance(value, bool):
        return f"?:{int(value)}"
    if isinstance(value, int):
        return f"i:{value}"
    if isinstance(value, float):
        return "d:nan" if math.isnan(value) else f"d:{struct.pack('>d', value).hex()}"
    return f"s:{value.hex() or '-'}"


def opinion(data, _ours):
    letter, form, rest = parts(data)
    try:
        size = struct.calcsize(form)
        if letter == "c":
            return f"ok {size}"
        if letter == "u":
            return " ".join(["ok"] + [word(v) for v in struct.unpack(form, rest)])
        return f"ok {struct.pack(form, *decode_values(rest)).hex() or '-'}"
    except (struct.error, OverflowError) as error:
        return fault_of(error)
    except SystemError:
        return "SystemError"


def unpacks_empty_pascal():
    try:
        return struct.unpack("0p", b"") == (b"",)
    except SystemError:
        return False


def has_empty_pascal(form):
    return any(form[i:i + 1] == b"p" and form[:i].rstrip(b"0") != form[:i] and
               not form[:i].rstrip(b"0")[-1:].isdigit() for i in range(len(form)))


TABLE = [
    Difference("0p unpacked", "an empty string", "SystemError",
               "a fault of CPython: it takes -1 for the length",
               lambda data, ours, theirs: data[:1] == b"u" and theirs == "SystemError" and
               has_empty_pascal(parts(data)[1]) and ours.startswith("ok"),
               expected=not unpacks_empty_pascal()),
    Difference("0p packed", "nothing is written", "255 where the next item or a gap begins",
               "a fault of CPython: it writes the length -1 beyond the item",
               lambda data, ours, theirs: data[:1] == b"p" and
               has_empty_pascal(parts(data)[1]) and ours.startswith("ok ") and
               len(ours) == len(theirs) and "ff" in theirs,
               expected=struct.pack("0px", b"") != b"\0"),
]

judge(sys.argv[1], "pack", inputs(), opinion, TABLE)
