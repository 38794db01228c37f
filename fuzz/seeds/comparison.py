#!/usr/bin/env python3
"""comparison.py -- seeds of the fuzz target comparison: options, a baseline, then results files."""

import seeds
from results_lines import END, RUN, line, result, saw

ALL, MARKDOWN, PAGE, SELECT = 1, 2, 4, 8


def seed(*files, known=b"", options=0):
    return bytes([options]) + b"--\n".join((known,) + files)


def run(*results, **facts):
    return line(type="run", schema=1, **facts) + b"".join(results) + END


ONE = RUN + result(saw=[saw()]) + END
TWO = RUN + result(verdict="fail", saw=[saw(value="2", ok=False)]) + END
seeds.write({
    "none": b"\0",
    "one": seed(ONE),
    "same": seed(ONE, ONE, options=ALL),
    "differs": seed(ONE, TWO, options=ALL | MARKDOWN),
    "page": seed(ONE, TWO, options=PAGE),
    "selected": seed(ONE, TWO, options=SELECT | ALL),
    "known": seed(ONE, TWO, known=b"*/*/*  a  fail  a known bug\n"),
    "bad_baseline": seed(ONE, TWO, known=b"*/*  a  fail  r\n"),
    "absent": seed(RUN + result() + END, RUN + result(case="b") + END, options=ALL),
    "timeout": seed(run(result()), run(result(verdict="timeout", reason="after 1 ms")), options=ALL),
    "skip": seed(run(result()), run(result(verdict="skip", reason="needs root")), options=ALL | MARKDOWN),
    "stacks": seed(run(result(), stack="a"), run(result(), stack="b"), options=ALL),
    "versions": seed(run(result(), tool="1"), run(result(), tool="2")),
    "systems": seed(run(result(), release="1") + run(result(case="b"), release="2")),
    "shards": seed(run(result()) + run(result(case="b")), options=ALL),
    "twice": seed(run(result(), result())),
    "interrupted": seed(RUN + result()),
    "no_result": seed(RUN + END, ONE),
    "broken": seed(ONE, b"{\n"),
    "control": seed(run(result(reason="\u009b\n", verdict="fail"), stack="\u001b[2J"), ONE, options=ALL | MARKDOWN),
    "markup": seed(run(result(case="<b>|`*", verdict="broken", reason="</script>")), options=ALL | MARKDOWN | PAGE),
})
