#!/usr/bin/env python3
"""baseline.py -- seeds of the fuzz target baseline: a byte of outcome and family, its reason, then the file."""

import seeds

PASS, VARIANT, SKIP, FAIL, BROKEN, TIMEOUT, FLAKY = range(7)
INET, INET6, UNIX, ANY = (8 * family for family in range(4))


def seed(text, outcome=FAIL, reason=b"it failed"):
    return bytes([outcome]) + reason + b"\n" + text


KNOWN = b"linux/*/x86_64  accept_reads  fail  a known bug\n"
seeds.write({
    "nothing": b"\0",
    "empty": seed(b""),
    "comments": seed(b"# known\n\n   # more\n \t\n"),
    "known": seed(KNOWN),
    "known_otherwise": seed(KNOWN, TIMEOUT),
    "now_good": seed(KNOWN, PASS, b""),
    "now_good_exactly": seed(b"linux/6.1/*  accept_reads/inet  fail  why\n", PASS, b""),
    "skip": seed(KNOWN, SKIP, b"needs root"),
    "two_outcomes": seed(b"*/*/*  accept_*/unix  fail,timeout  varies\n", TIMEOUT + UNIX),
    "all_outcomes": seed(b"*/*/*  *  pass,variant,skip,fail,broken,timeout,flaky  all\n", FLAKY + ANY),
    "other_system": seed(b"linux/5.*/*  *  fail  r\nnetbsd/*/*  *  fail  r\n", BROKEN + INET6),
    "classes": seed(b"lin[tu]x/6.[!2]/x86[_-]64  acc?pt_[a-z]eads  fail  r\n"),
    "escaped": seed(b"*/*/*  accept\\_reads  fail  r\n"),
    "crlf": seed(b"*/*/*  accept_reads  fail  r\r\n# x\r\n"),
    "no_newline": seed(b"*/*/*  accept_reads  fail  r"),
    "nul": seed(b"*/*/*  accept_reads  fail  r\0x\n"),
    "escape_in_reason": seed(b"*/*/*  accept_reads  fail  \x1b[2J\n"),
    "tabs": seed(b"\t*/*/*\taccept_reads\tfail\ta\treason \n"),
    "vertical_tab": seed(b"\v*/*/*  accept_reads  fail  r\n"),
    "one_slash": seed(b"*/*  *  fail  r\n"),
    "open_class": seed(b"*/*/*  a[b  fail  r\n"),
    "backslash": seed(b"*/*/*  a\\  fail  r\n"),
    "no_glob": seed(b"*/*/*\n"),
    "no_outcome": seed(b"*/*/*  *\n"),
    "unknown_outcome": seed(b"*/*/*  *  failing  r\n"),
    "empty_outcome": seed(b"*/*/*  *  fail,,pass  r\n*/*/*  *  fail,  r\n"),
    "no_reason": seed(b"*/*/*  *  fail  \n"),
    "long_outcome": seed(b"*/*/*  *  failfailfailfailfail  r\n"),
    "blank_reason": seed(b"", FAIL, b"   "),
    "no_reason_to_learn": seed(b"", FLAKY, b""),
    "many_stars": seed(b"*/*/*  " + b"*a" * 30 + b"  fail  r\n"),
})
