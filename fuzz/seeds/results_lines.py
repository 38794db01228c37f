"""results_lines.py -- lines of results files, for seeds."""

import json


def line(**fields):
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def saw(**fields):
    return {"role": "server", "label": "recv", "value": "1", "want": "1", "ok": True, **fields}


def result(**fields):
    return line(**{"type": "result", "case": "a", "family": "inet", "verdict": "pass", **fields})


RUN = line(type="run", schema=1, tool="t", sysname="Linux", release="6.1")
END = line(type="end", ms=3)
