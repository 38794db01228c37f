#!/usr/bin/env python3
"""results.py -- seeds of the fuzz target results: results files, whole and broken."""

import seeds
from results_lines import END, RUN, line, result, saw


def event(**fields):
    return {"what": "call", "process": 1, **fields}


def data(call, us, process, socket, moved):
    return event(call=call, us=us, process=process, fd=3, socket=socket, type=1, result=moved, moved=moved)


ECHO = [
    event(call="connect", process=2, socket=2, local=":6", peer=":5"),
    event(call="accept4", took=9, socket=1, new_fd=4, new_socket=3, local=":5", peer=":6"),
    data("sendto", 20, 2, 2, 1),
    event(what="end", us=9, process=2),
    data("read", 34, 1, 3, 0),
]
BASE = RUN + result()
seeds.write({
    "empty": b"\n",
    "run": RUN,
    "complete": BASE + END,
    "interrupted": BASE,
    "torn": BASE + b'{"type":"resu',
    "two_runs": BASE + END + BASE + END,
    "shards": line(type="run", schema=1, shard="2/3", seed=7, planned=9) + END,
    "no_shard": line(type="run", schema=1, shard="3/2") + line(type="run", schema=1, shard="1/2x"),
    "stack": line(type="run", schema=1, stack="gvisor", stack_version="1", date="2020-01-01T00:00:00Z"),
    "long_texts": line(type="run", schema=1, tool="é" * 20, isolation="€" * 9, libc="x" * 40),
    "schema": line(type="run", schema=2),
    "no_schema": line(type="run"),
    "negative_seed": line(type="run", schema=1, seed=-1),
    "negative_planned": line(type="run", schema=1, planned=-1),
    "large_planned": line(type="run", schema=1, planned=1 << 32),
    "large_seed": line(type="run", schema=1, seed=(1 << 63) - 1),
    "huge_seed": line(type="run", schema=1, seed=1 << 64),
    "huge_ms": RUN + line(type="end", ms=1e300),
    "infinite_ms": RUN + b'{"type":"end","ms":1e999}\n',
    "negative_ms": RUN + line(type="end", ms=-1),
    "observations": RUN + result(verdict="fail", reason="r", saw=[
        saw(), saw(role="client", ok=False, line=7), saw(variant=True, want="any"), saw(want="")]),
    "no_role": RUN + result(saw=[saw(role="both")]),
    "saw_line": RUN + result(saw=[saw(line=1 << 40)]),
    "saw_is_no_list": RUN + result(saw={"a": 1}),
    "roles": RUN + result(server={"stood": "finished", "output": "a\nb\u001b[2J"}, client={"stood": "x"}),
    "calls": RUN + result(calls=ECHO, calls_lost=2),
    "calls_of_one": RUN + result(calls=[event(what="program", args="./a"), event(
        what="call", call="close", fd=-1, result=-9, args="-1"), event(what="end", result=9)]),
    "no_call": RUN + result(calls=[event(what="call")]),
    "call_out_of_range": RUN + result(calls=[event(socket=1 << 20)]),
    "odd_bytes": RUN + result(calls=[event(hex="abc")]),
    "output_alone": RUN + result(server={"output": "x"}),
    "repeated": RUN + result(verdict="flaky", runs=5, runs_of={"pass": 3, "fail": 2}),
    "runs": RUN + result(runs=0) + result(runs=1, runs_of={"pass": 1}),
    "large_runs": RUN + result(runs=1 << 33),
    "negative_runs_of": RUN + result(runs=2, runs_of={"pass": -1}),
    "known_case": RUN + result(case="accept_reads_what_was_sent_before", saw=[saw()]),
    "no_case": RUN + result(case=""),
    "no_verdict": RUN + result(verdict="good"),
    "no_family": RUN + result(family="x25"),
    "before_run": result(),
    "end_before_run": END,
    "other_type": RUN + line(type="more", x=1) + END,
    "no_type": RUN + b"{}\n",
    "no_object": b"[]\n1\n",
    "twice": b'{"type":"run","type":"run"}\n',
    "nested": b"[" * 140 + b"]" * 140 + b"\n",
    "nul": b'{"type":"run\0"}\n',
    "escaped_nul": b'{"type":"run\\u0000"}\n',
    "bad_utf8": b'{"type":"run","schema":1,"tool":"\xff"}\n',
    "surrogate": b'{"type":"run","schema":1,"tool":"\\ud800"}\n',
    "controls": line(type="run", schema=1, tool="\u001b[2J\u009b\u007f"),
})
