#!/usr/bin/env python3
"""dns_judge.py -- judges harness/protocol/dns*.c against dnspython, what they write included."""

import random
import struct
import sys

import dns.exception
import dns.message
import dns.name
import dns.opcode
import dns.rdata

from judging import Difference, judge

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, OPT, UNKNOWN = 1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 65300
TYPES = [A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, UNKNOWN]
OURS = {A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, OPT}
IN, CHAOS = 1, 3
UPDATE = 5
KNOWN_OPTIONS = {8, 15}  # client subnet, extended error: dnspython reads what is in them
LABELS = [b"www", b"example", b"com", b"Mail", b"a", b"b.c", b"x" * 63, b"\0\xff", b"WWW"]


class Builder:
    """A message in the making: remembers where names are, so that pointers can go there."""

    def __init__(self, rng):
        self.rng = rng
        self.data = b""
        self.places = []  # offsets of labels
        self.chains = []  # offsets of pointers

    def at(self):
        return 12 + len(self.data)

    def pointer(self):
        kind = self.rng.randrange(60)
        if kind == 0:
            target = self.rng.randrange(min(0x3FFF, self.at() + 20))
        elif kind == 1:
            target = self.rng.randrange(14)
        else:
            target = self.rng.choice(self.chains if self.chains and kind < 12 else self.places)
        if target < 0x4000:
            self.chains.append(self.at())
        return struct.pack("!H", 0xC000 | target & 0x3FFF)

    def name(self):
        for _ in range(self.rng.choice([0, 1, 1, 2, 3, 4])):
            label = self.rng.choice(LABELS)
            self.places.append(self.at())
            self.data += bytes([len(label)]) + label
        if self.places and self.rng.randrange(3):
            self.data += self.pointer()
        else:
            self.data += b"\0"

    def numbers(self, form):
        self.data += struct.pack(form, *(self.rng.getrandbits(16) for _ in form[1:]))

    def content(self, rdtype):
        rng = self.rng
        if rdtype in (NS, CNAME, PTR):
            self.name()
        elif rdtype == MX:
            self.numbers("!H")
            self.name()
        elif rdtype == SRV:
            self.numbers("!HHH")
            self.name()
        elif rdtype == SOA:
            self.name()
            self.name()
            self.numbers("!IIIII")
        elif rdtype == TXT:
            for _ in range(rng.choice([1, 1, 2, 3, 3, 0] if rng.randrange(4) == 0 else [1, 2])):
                text = rng.randbytes(rng.choice([0, 3, 20]))
                self.data += bytes([len(text)]) + text
        elif rdtype == OPT:
            for _ in range(rng.randrange(3)):
                value = rng.randbytes(rng.randrange(9))
                code = rng.choice([3, 10, 10, 65001, 8, 15])
                self.data += struct.pack("!HH", code, len(value)) + value
        else:
            size = {A: 4, AAAA: 16}.get(rdtype, rng.randrange(20))
            self.data += rng.randbytes(size + (rng.randrange(40) == 0))

    def record(self, section):
        rng = self.rng
        rdtype = OPT if section == 3 and rng.randrange(4) == 0 else rng.choice(TYPES)
        rdclass = 1232 if rdtype == OPT else rng.choice([IN] * 12 + [CHAOS, 255, 77])
        if rng.randrange(60) == 0:
            rdtype = rng.choice([OPT, 39, 43, 46, 250, 257, 13])
        if rdtype == OPT and rng.randrange(12):
            self.data += b"\0"
        else:
            self.name()
        ttl = rng.getrandbits(32) >> (rng.randrange(30) != 0)
        self.data += struct.pack("!HHIH", rdtype, rdclass, ttl, 0)
        start = len(self.data)
        self.content(rdtype)
        length = len(self.data) - start + (rng.choice([-1, 1]) if rng.randrange(60) == 0 else 0)
        self.data = self.data[:start - 2] + struct.pack("!H", length & 0xFFFF) + self.data[start:]

    def message(self):
        rng = self.rng
        counts = [rng.choice([0, 1, 1, 1, 2]), rng.choice([0, 1, 2, 4]), rng.randrange(3),
                  rng.randrange(3)]
        for _ in range(counts[0]):
            self.name()
            self.data += struct.pack("!HH", rng.choice(TYPES), rng.choice([IN, IN, CHAOS, 255]))
        for section in (1, 2, 3):
            for _ in range(counts[section]):
                self.record(section)
        if rng.randrange(20) == 0:
            counts[rng.randrange(4)] += rng.choice([-1, 1, 256])
        if rng.randrange(20) == 0:
            self.data += rng.randbytes(rng.randrange(1, 9))
        flags = rng.getrandbits(16)
        if rng.randrange(15):
            flags &= ~0x7800  # the opcode of queries
        return struct.pack("!6H", rng.getrandbits(16), flags, *(c & 0xFFFF for c in counts)) + self.data


def mutate(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            data[at:at] = rng.randbytes(rng.randrange(1, 4))
        elif kind == 1:
            del data[at:at + rng.randrange(1, 4)]
        elif kind == 2:
            data = data[:at]
        elif at < len(data):
            data[at] = rng.choice([rng.randrange(256), data[at] ^ 1 << rng.randrange(8), 0, 0xC0, 0x40])
    return bytes(data)


def chain(hops):
    """A message with a name of so many pointers."""
    pointers = [23] + [26 + 2 * i for i in range(hops - 1)]
    data = b"\1a\0" + b"".join(struct.pack("!H", 0xC000 | p) for p in pointers[:-1])
    first = b"\0" + struct.pack("!HHIH", UNKNOWN, IN, 0, len(data)) + data
    second = struct.pack("!H", 0xC000 | pointers[-1]) + struct.pack("!HHIH", UNKNOWN, IN, 0, 0)
    return struct.pack("!6H", 1, 0, 0, 2, 0, 0) + first + second


def overlap():
    """A name that goes on behind its own pointer: a label of 12 bytes has the pointer in it."""
    ask = struct.pack("!HH", A, IN)
    return struct.pack("!6H", 1, 0, 2, 0, 0, 0) + b"\2a\x0c\0" + ask + b"\xc0\x0e" + ask + \
        b"x\0" + ask


def inputs():
    rng = random.Random(20240602)
    # Once dnspython has met a type in class ANY, it may take it for unknown in every other class
    # that it has not met by then.
    for rdtype in OURS:
        dns.rdata.get_rdata_class(IN, rdtype)
    made = [chain(hops) for hops in (1, 2, 15, 16, 17, 126, 127, 128, 200)] + [overlap()]
    for _ in range(6000):
        data = Builder(rng).message()
        made.append(data)
        made.append(mutate(rng, data))
    return made


def shown(message, used):
    """The message as dns_print.c shows one."""
    words = [f"ok {used} {message.id} {int(message.flags)}"]
    for rrset in message.sections[0]:
        words.append(f"| 0 {rrset.name.to_wire().hex()} {int(rrset.rdtype)} {int(rrset.rdclass)}")
    records = [(s, rrset) for s in (1, 2, 3) for rrset in message.sections[s]]
    if message.opt is not None:
        records.append((3, message.opt))
    for section, rrset in records:
        rdclass = rrset[0].rdclass
        words.append(f"| {section} {rrset.name.to_wire().hex()} {int(rrset.rdtype)} {int(rdclass)} "
                     f"{rrset.ttl} {rrset[0].to_wire().hex() or '-'}")
    return " ".join(words)


def read(data, trailing):
    return dns.message.from_wire(data, one_rr_per_rrset=True, ignore_trailing=trailing)


def read_shown(data, ours):
    """What dnspython makes of the message; where it ends is tried by our word for it."""
    try:
        return shown(read(data, False), len(data))
    except dns.message.TrailingJunk:
        used = int(ours.split()[1]) if ours.startswith("ok") else -1
        if not 12 <= used < len(data):
            return shown(read(data, True), "trailing")
        return shown(read(data[:used], False), used)


def opinion(data, ours):
    try:
        theirs = read_shown(data, ours)
    except Exception as error:  # pylint: disable=broad-except # dnspython raises many
        wrong = isinstance(error, (dns.name.BadPointer, dns.name.BadLabelType))
        if ours.startswith("ok") or (ours.startswith("partial") and wrong):
            return f"refused {type(error).__name__}"
        return ours
    if " = " not in ours:
        return theirs
    written = bytes.fromhex(ours.rpartition(" = ")[2])
    try:
        again = read_shown(written, f"ok {len(written)}")
    except Exception as error:  # pylint: disable=broad-except
        return f"{theirs} = refused {type(error).__name__}"
    same = again.split(" ")[2:] == theirs.split(" ")[2:]
    return f"{theirs} = {written.hex() if same else again}"


def records_of(ours):
    """(type, class, ttl, data) of the records in our line."""
    fields = [part.split() for part in ours.partition(" = ")[0].split(" | ")[1:]]
    return [(int(f[2]), int(f[3]), int(f[4]), f[5]) for f in fields if len(f) == 6]


def theirs_alone(rdtype, rdclass):
    """A type whose data dnspython looks into and we do not."""
    if rdtype in OURS and not (rdtype == A and rdclass == CHAOS):
        return False
    return dns.rdata.get_rdata_class(rdclass, rdtype) is not dns.rdata.GenericRdata


def options_of(data):
    data = b"" if data == "-" else bytes.fromhex(data)
    while data:
        code, length = struct.unpack("!HH", data[:4])
        yield code
        data = data[4 + length:]


def has_theirs_alone(ours):
    return any(theirs_alone(r[0], r[1]) for r in records_of(ours))


def has_known_option(ours):
    return any(r[0] == OPT and KNOWN_OPTIONS & set(options_of(r[3])) for r in records_of(ours))


def without(line, position):
    """The line's records without one of their words, and without what was written."""
    parts = [part.split() for part in line.partition(" = ")[0].split(" | ")]
    return [parts[0]] + [p[:position] + p[position + 1:] if len(p) == 6 else p for p in parts[1:]]


CHAIN = getattr(dns.name, "MAX_COMPRESSION_POINTER_CHAIN", None)
TABLE = [
    Difference("opcode UPDATE", "sections as in a query", "zone, prerequisite and update",
               "RFC 2136 is another use of the same form, which we leave to the caller",
               lambda data, ours, theirs: data[2] >> 3 & 15 == UPDATE),
    Difference("opcodes that nobody assigned", "a number", "ValueError",
               "an answer to them (NOTIMP) needs the question read",
               lambda data, ours, theirs: ours.startswith("ok") and
               theirs == "refused ValueError" and data[2] >> 3 & 15 not in set(dns.opcode.Opcode)),
    Difference("a name that runs into what points to it", "bad", "the name goes on behind it",
               "RFC 1035 4.1.4: a pointer is to a prior occurrence of a name",
               lambda data, ours, theirs: ("a name runs into what points to it" in ours)),
    Difference("a pointer into the header", "bad", "reads the header as labels",
               "RFC 1035 4.1.4: a pointer is to a prior occurrence of a name",
               lambda data, ours, theirs: ("a pointer points into the header" in ours)),
    Difference("TXT without a string", "bad", "accepted",
               "RFC 1035 3.3.14: one or more strings",
               lambda data, ours, theirs: "the data are not what the type has" in ours and
               any(r[0] == TXT and r[3] == "-" for r in records_of(theirs))),
    Difference(f"more than {CHAIN} pointers", "read, up to 127", "PointerChainTooLong",
               "a limit of newer versions of dnspython; ours is what a name can need",
               lambda data, ours, theirs: theirs == "refused PointerChainTooLong",
               expected=CHAIN is not None),
    Difference("more than 127 pointers", "bad", "read",
               "a limit, lest a message's names take quadratic time",
               lambda data, ours, theirs: ("a name has too many pointers" in ours),
               expected=CHAIN is None),
    Difference("TTL above 2^31 - 1", "the number", "0",
               "RFC 2181 8 lets the reader choose; our reader shows what was sent",
               lambda data, ours, theirs: any(r[2] > 2**31 - 1 for r in records_of(ours)) and
               without(ours, 4) == without(theirs, 4)),
    Difference("types of which dnspython alone knows the data", "bytes", "read, or refused",
               "RFC 3597 3: unknown types are opaque",
               lambda data, ours, theirs: has_theirs_alone(ours) and
               (theirs.startswith("refused") or without(ours, 5) == without(theirs, 5))),
    Difference("options of which dnspython alone knows the content", "bytes", "read, or refused",
               "RFC 6891 6.1.2: an option's data are for whom it concerns",
               lambda data, ours, theirs: has_known_option(ours) and
               (theirs.startswith("refused") or without(ours, 5) == without(theirs, 5))),
]

judge(sys.argv[1], "dns", inputs(), opinion, TABLE)
