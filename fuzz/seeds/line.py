#!/usr/bin/env python3
"""line.py -- seeds of the fuzz target line: two bytes of rules, then the input."""

import seeds

LF, CRLF, EITHER, COUNTED, NUL = 0, 1, 2, 4, 8
# The rules' byte is taken modulo 3: the same delimiter with each combination of the other bits.
RULES = {
    (delimiter, bits): next(b for b in range(256) if b % 3 == delimiter and b & 12 == bits)
    for delimiter in (LF, CRLF, EITHER)
    for bits in (0, COUNTED, NUL, COUNTED | NUL)
}


def seed(delimiter, bits, limit, text):
    return bytes([RULES[delimiter, bits], limit]) + text


seeds.write({
    "too_short": b"\x00",
    "lf_empty": seed(LF, 0, 8, b""),
    "lf": seed(LF, 0, 8, b"hello\nrest"),
    "lf_partial": seed(LF, 0, 8, b"hello"),
    "lf_cr_is_text": seed(LF, 0, 8, b"a\rb\r\n"),
    "lf_long": seed(LF, 0, 3, b"hello\n"),
    "lf_cr_too_long": seed(LF, 0, 2, b"ab\r\n"),
    "lf_limit": seed(LF, COUNTED, 6, b"hello\n"),
    "lf_no_limit_fits": seed(LF, COUNTED, 0, b"\n"),
    "lf_nul": seed(LF, 0, 8, b"a\0b\n"),
    "lf_nul_allowed": seed(LF, NUL, 8, b"a\0b\n"),
    "lf_two": seed(LF, 0, 8, b"\n\n"),
    "crlf": seed(CRLF, 0, 8, b"hello\r\n"),
    "crlf_empty_line": seed(CRLF, 0, 8, b"\r\n"),
    "crlf_partial": seed(CRLF, 0, 8, b"hello\r"),
    "crlf_lf_alone": seed(CRLF, 0, 8, b"hello\n"),
    "crlf_cr_alone": seed(CRLF, 0, 8, b"he\rllo\r\n"),
    "crlf_limit": seed(CRLF, COUNTED, 7, b"hello\r\n"),
    "crlf_long": seed(CRLF, COUNTED, 6, b"hello\r\n"),
    "crlf_no_limit_fits": seed(CRLF, COUNTED, 1, b"\r\n"),
    "crlf_text_alone": seed(CRLF, 0, 8, b"hello"),
    "either_lf": seed(EITHER, 0, 8, b"hello\n"),
    "either_crlf": seed(EITHER, 0, 8, b"hello\r\n"),
    "either_cr_alone": seed(EITHER, 0, 8, b"hel\rlo\n"),
    "either_limit_lf": seed(EITHER, COUNTED, 6, b"hello\n"),
    "either_limit_crlf": seed(EITHER, COUNTED, 6, b"hello\r\n"),
    "either_text_alone": seed(EITHER, COUNTED | NUL, 9, b"he\0lo"),
    "encode_too_long": seed(LF, 0, 2, b"hello"),
    "long_line": seed(LF, 0, 255, b"x" * 250 + b"\n"),
})
