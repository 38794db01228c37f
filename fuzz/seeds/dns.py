#!/usr/bin/env python3
"""dns.py -- seeds of the fuzz target dns: messages, and names as text."""

import struct

import seeds

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, OPT, UNKNOWN = 1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 65280
IN, CHAOS = 1, 3


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def pointer(offset):
    return struct.pack("!H", 0xC000 | offset)


def question(owner=name("www.example.com"), rdtype=A, rdclass=IN):
    return owner + struct.pack("!HH", rdtype, rdclass)


def record(owner, rdtype, data, rdclass=IN, ttl=3600, length=None):
    length = len(data) if length is None else length
    return owner + struct.pack("!HHIH", rdtype, rdclass, ttl, length) + data


def message(*sections, counts=None, number=0x012B, flags=0x8180):
    """A message; its number says how much room the target has when it writes it again: 299."""
    sections = list(sections) + [[]] * (4 - len(sections))
    counts = counts or [len(section) for section in sections]
    return struct.pack("!6H", number, flags, *counts) + b"".join(b"".join(s) for s in sections)


def answer(rdtype, data, **more):
    return message([question(rdtype=rdtype)], [record(pointer(12), rdtype, data, **more)])


def option(code, value):
    return struct.pack("!HH", code, len(value)) + value


def opt(data=b"", owner=b"\0", **more):
    return record(owner, OPT, data, rdclass=1232, ttl=0, **more)


WWW = pointer(12)
EXAMPLE = pointer(16)
soa_data = b"\3ns1" + EXAMPLE + b"\4root" + EXAMPLE + struct.pack("!5I", 1, 2, 3, 4, 5)
several = message([question()], [record(WWW, CNAME, b"\3web" + EXAMPLE),
                                 record(pointer(45), A, bytes(4))])
everything = {
    "nothing": b"",
    "short_header": message()[:11],
    "header": message(),
    "query": message([question()], flags=0x0100),
    "query_edns": message([question()], [], [], [opt()], flags=0x0100),
    "counts_lie": message([question()], counts=[2, 0, 0, 0]),
    "cut_name": message([question()[:9]], counts=[1, 0, 0, 0]),
    "cut_label": message([b"\x05ab"]),
    "cut_pointer": message([question(), b"\xc0"], counts=[2, 0, 0, 0]),
    "cut_question": message([question()[:-1]]),
    "cut_record": message([question()], [record(WWW, A, bytes(4))[:-7]]),
    "cut_data": message([question()], [record(WWW, A, bytes(4))[:-1]]),
    "trailing": message([question()]) + b"more",
    "a": answer(A, bytes([127, 0, 0, 1])),
    "a_wrong_size": answer(A, bytes(5)),
    "a_chaos": answer(A, b"\1x\0ab", rdclass=CHAOS),
    "aaaa": answer(AAAA, bytes(range(16))),
    "ns": answer(NS, b"\3ns1" + EXAMPLE),
    "cname": answer(CNAME, name("other.example.org")),
    "ptr": answer(PTR, WWW),
    "name_and_more": answer(PTR, WWW + b"x"),
    "name_beyond_data": answer(PTR, b"\3ns1\0", length=3),
    "name_bad_in_data": answer(PTR, pointer(0x3FFF)),
    "mx": answer(MX, b"\0\x0a\4mail" + EXAMPLE),
    "mx_short": answer(MX, b"\0"),
    "txt": answer(TXT, b"\5hello\0\5world"),
    "txt_empty": answer(TXT, b""),
    "txt_beyond": answer(TXT, b"\5hell"),
    "srv": answer(SRV, struct.pack("!3H", 1, 2, 3) + name("host.example.com")),
    "srv_twice": message([], [record(b"\0", SRV, struct.pack("!3H", 1, 2, 3) + name("h.x"),
                                     ttl=65536)] * 2),
    "soa": answer(SOA, soa_data),
    "soa_short": answer(SOA, soa_data[:-1]),
    "unknown": answer(UNKNOWN, b"anything\xc0\xff"),
    "unknown_empty": answer(UNKNOWN, b""),
    "opt_options": message([], [], [], [opt(option(10, b"cookie..") + option(3, b""))]),
    "opt_short": message([], [], [], [opt(b"\0\x0a\0")]),
    "opt_beyond": message([], [], [], [opt(b"\0\x0a\0\5abcd")]),
    "opt_twice": message([], [], [], [opt(), opt()]),
    "opt_named": message([], [], [], [opt(owner=name("x"))]),
    "opt_in_answer": message([], [opt()]),
    "opt_in_question": message([question(rdtype=OPT)]),
    "all_sections": message([question()], [record(WWW, A, bytes(4))], [record(EXAMPLE, NS, WWW)],
                            [record(WWW, A, bytes(4)), opt()]),
    "sections_back": message([question()], [], [record(EXAMPLE, NS, WWW, ttl=1)],
                             [record(WWW, A, bytes(4), ttl=0)]),
    "several": several,
    "long_labels": message([question(name("a" * 63 + "." + "b" * 63))]),
    "name_longest": message([question(name(".".join(["a" * 63] * 3 + ["b" * 61])))]),
    "name_too_long": message([question(name(".".join(["a" * 63] * 3 + ["b" * 62])))]),
    "name_too_long_by_pointer": message([question(name(".".join(["a" * 63] * 3))),
                                         question(b"\x3f" + b"c" * 63 + WWW)]),
    "label_type": message([question(b"\x40\0")]),
    "label_type_behind_pointer": message([question(b"\1\x80\0"), question(pointer(13))]),
    "pointer_to_itself": message([question(WWW)]),
    "pointer_forward": message([question(pointer(200))]),
    "pointer_into_header": message([question(pointer(0))]),
    "pointer_loop": message([question(b"\1a" + WWW)]),
    "pointer_amid_label": message([question(), question(pointer(17))]),
    "runs_into_pointer": message([question(b"\1a\x0f\0"), question(pointer(14))]),
    "runs_to_the_end": message([question(b"\x01\x05\0"), question(pointer(13))]),
    "pointer_cut_by_pointer": message([question(b"\1a\0", rdclass=0x01C0), question(pointer(18))]),
    "case": message([question(), question(name("WWW.example.com"))]),
    "same_length": message([question(name("ab.c")), question(name("a.bc"))]),
    "many_labels": message([question(name(".".join("abcdefghijklmnopqrstuvwxyz"[:20]))),
                            question(name(".".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:20])))]),
    "escaped_names": message([question(b"\5a.b\\\0\3\x80 c\0")]),
    "text_root": b".",
    "text_name": b"www.Example.com",
    "text_dot": b"www.example.com.",
    "text_escapes": b"a\\.b\\\\c\\046\\000.x",
    "text_dots": b"..",
    "text_empty_label": b"a..b",
    "text_escape_cut": b"a\\04",
    "text_escape_odd": b"a\\04x",
    "text_escape_large": b"a\\256",
    "text_escape_space": b"a\\ b",
    "text_space": b"a b",
    "text_label_long": b"a" * 64,
    "text_name_long": b".".join([b"a" * 63] * 3 + [b"b" * 62]),
    "text_name_longest": b".".join([b"a" * 63] * 3 + [b"b" * 61]),
    "text_name_longest_dot": b".".join([b"a" * 63] * 3 + [b"b" * 60]) + b".c",
}
# Written into every number of bytes, a message of all sections ends at each of its parts.
whole = everything["all_sections"]
for room in (5, 12, 13, 24, 29, 31, 33, 34, 38, 42, 44, 46, 48, 50, 54, 58, 62, 64, 80, 90):
    everything[f"room_{room}"] = struct.pack("!H", room) + whole[2:]
for kind, room in (("mx", 47), ("mx", 50), ("srv", 47), ("srv", 52), ("soa", 53), ("soa", 70),
                   ("txt", 50), ("ns", 46), ("ns", 47)):
    everything[f"room_{kind}_{room}"] = struct.pack("!H", room) + everything[kind][2:]
# The pointers of a chain, each to the one before: one more than a name can have.
for hops in (127, 128):
    everything[f"hops_{hops}"] = message(
        [], [record(b"\0", UNKNOWN, b"\1a\0" + b"".join(
            pointer(23 + (0 if i == 0 else 3 + 2 * (i - 1))) for i in range(hops - 1)))] +
        [record(pointer(23 + 3 + 2 * (hops - 2)), UNKNOWN, b"")])
seeds.write(everything)
