#!/usr/bin/env python3
"""pack.py -- seeds of the fuzz target pack: the format's length, the format, then data or values."""

import struct

import seeds

INT, UINT, BOOL, REAL, BYTES = range(5)


def seed(form, data=b""):
    return bytes([len(form)]) + form + data


def value(kind, what):
    """A value as the target takes it: its kind, and eight bytes."""
    if kind == BYTES:
        return bytes([kind, len(what)]) + what[1:].ljust(7, b"\0")
    if kind == BOOL:
        return bytes([kind, what]) + bytes(7)
    return bytes([kind]) + struct.pack({INT: "<q", UINT: "<Q", REAL: "<d"}[kind], what)


everything = {
    "nothing": b"",
    "no_format": seed(b""),
    "cut": b"\x05<i",
    "spaces": seed(b"< i\t2h\n", struct.pack("<ihh", 1, 2, 3)),
    "count_alone": seed(b"i12"),
    "bad_code": seed(b"iyi"),
    "mark_inside": seed(b"i<i"),
    "native_only": seed(b"<n"),
    "nul": seed(b"i\0i"),
    "count_overflow": seed(b"9223372036854775808x"),
    "size_overflow": seed(b"9223372036854775807xb"),
    "gap_overflow": seed(b"9223372036854775807xq"),
    "too_large_for_the_target": seed(b"9223372036854775807x"),
    "wrong_size": seed(b"<ih", b"abc"),
    "aligned": seed(b"bhbibq", struct.pack("@bhbibq", 1, -2, 3, -4, 5, -6)),
    "zero_count_aligns": seed(b"b0q", struct.pack("@b0q", 1)),
    "native_sizes": seed(b"@lLnNP", struct.pack("@lLnNP", -1, 2, -3, 4, 5)),
    "strings": seed(b"<c3s5p0s0pc", b"xabc\x09pqrsy"),
    "pascal_short": seed(b"<5p", b"\x02pqrs"),
    "long_pascal": seed(b"<260p", bytes([255]) + b"l" * 255 + bytes(4)),
    "truth": seed(b"<3?", b"\x00\x01\x02"),
    "padding": seed(b">2xh3x", b"..\x12\x34..."),
    "network": seed(b"!IHQ", struct.pack("!IHQ", 1, 2, 3)),
    "own_order": seed(b"=il", struct.pack("=il", 1, -2)),
    "floats": seed(b"<fd", struct.pack("<fd", 1.5, -0.1)),
    "halves": seed(b">8e", bytes.fromhex("0000 8000 3c00 0001 83ff 7bff 7c00 fe01")),
    "own_floats": seed(b"efd", struct.pack("@efd", 1.5, -2.5, 3.5)),
}
packed = {
    "b": (INT, 127), "b_over": (INT, 128), "b_under": (INT, -129), "B_negative": (INT, -1),
    "B": (UINT, 255), "q_over": (UINT, 2**63), "Q": (UINT, 2**64 - 1), "h_bool": (BOOL, 1),
    "i_real": (REAL, 1.0), "P_negative": (INT, -1), "d_bytes": (BYTES, b"abc"),
    "d_int": (INT, -5), "d_uint": (UINT, 2**64 - 1), "f_bool": (BOOL, 1), "f": (REAL, 0.1),
    "f_over": (REAL, 1e300), "f_infinite": (REAL, float("inf")), "e_over": (REAL, 65520.0),
    "e_max": (REAL, 65519.9), "e_tie_even": (REAL, 2049.0), "e_tie_odd": (REAL, 2051.0),
    "e_subnormal": (REAL, 2.0**-24 * 1.5), "e_tiny": (REAL, 2.0**-26), "e_nan": (REAL, float("nan")),
    "e_infinite": (REAL, float("-inf")), "c": (BYTES, b"abcdefgh"[:1]), "c_long": (BYTES, b"ab"),
    "s": (BYTES, b"abc"), "s_int": (INT, 1), "p": (BYTES, b"abc"), "?_int": (INT, 0),
    "?_uint": (UINT, 7), "?_bool": (BOOL, 1), "?_real": (REAL, 0.0), "?_bytes": (BYTES, b"x"),
}
for name, (kind, what) in packed.items():
    everything["pack_" + name.replace("?", "truth")] = seed(b"<" + name[:1].encode(), value(kind, what)) \
        if name[0] != "P" else seed(b"P", value(kind, what))
everything["pack_f_over_native"] = seed(b"f", value(REAL, 1e300))
everything["pack_e_over_native"] = seed(b"e", value(REAL, 1e300))
everything["pack_e_above_tie"] = seed(b"e", value(REAL, 0.1 + 2.0**-14))
everything["pack_e_nearest_up"] = seed(b"e", value(REAL, 1.0 + 2.0**-11 * 1.5))
everything["pack_strings"] = seed(b"2s4s3p1p0p", value(BYTES, b"abcdefgh") * 5)
everything["pack_too_few"] = seed(b"3b", value(INT, 1))
everything["pack_several"] = seed(b">2bxh", value(INT, 1) + value(INT, -1) + value(UINT, 7))
everything["too_many_values"] = seed(b"65b", b"v" * 65)
seeds.write(everything)
