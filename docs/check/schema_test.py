"""schema_test.py -- results files are as docs/results.schema.json says: real runs of all kinds, the recorded ones,
and the golden files. And it says something: lines that are broken in one place are none.

usage: schema_test.py SOURCE-DIRECTORY SOCKDRILL
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

CLOSE = "recv_zero_on_orderly_close"
BREAKS = "listen_tcp_backlog_overflow_syn_dropped"
# A hundredth of the time is too little for one of these.
TOO_LITTLE = [CLOSE, f"{BREAKS}/inet", "--timeout-multiplier", "0.01"]

# Runs, and what must be found in their files, so that nothing is checked of nothing.
RUNS = {
    "pass": ([CLOSE], ['"verdict":"pass"', '"complete":true']),
    "fail": (TOO_LITTLE, ['"verdict":"timeout"']),
    "traced": (["recv_peek_keeps_data", "--trace", "always"], ['"calls":[{', '"hex"', '"what":"end"']),
    "traced failure": ([*TOO_LITTLE, "--trace", "fail"], ['"calls":[{', '"verdict":"timeout"']),
    "repeated": ([CLOSE, "--repeat", "3"], ['"runs":3', '"runs_of"']),
    "skipped": (["listen_abort_on_overflow", "--isolation", "none"], ['"verdict":"skip"']),
    "stopped": ([*TOO_LITTLE, "-j", "1", "--fail-fast"], ['"verdict":"notrun"', '"ended_by":"option"']),
    "rounds": ([*TOO_LITTLE, "--until-fail"], ['"until_fail":true']),
    "sharded": ([CLOSE, "--shard", "2/3", "--shuffle=7", "--stack", "mine/1.2"],
                ['"shard":"2/3"', '"seed":7', '"stack_version":"1.2"']),
}


def broken(line):
    """Lines that are each broken in one place, with a word on where."""
    yield "an unknown key", {**line, "weather": 1}
    yield "another type", {**line, "type": "weather"}
    for key in line:
        yield f"without {key}", {other: line[other] for other in line if other != key}
        for value in (None, [], -1, "\n"):
            yield f"{key} is {value!r}", {**line, key: value}
    for key in ("saw", "calls"):
        for place, item in enumerate(line.get(key, [])[:3]):
            for change in ({"weather": 1}, {next(iter(item)): None}):
                changed = copy.deepcopy(line)
                changed[key][place].update(change)
                yield f"{key} {place} with {change}", changed


# What may be missing, and values of those tried that may stand there.
OPTIONAL = {"stack_version", "date", "until_fail", "timeout_ms", "timeout_percent", "server", "client", "calls", "complete",
            "notrun"}
MAY_BE = {("saw", "[]"), ("calls", "[]")}


def is_allowed(where):
    word, _, rest = where.partition(" ")
    if word == "without":
        return rest in OPTIONAL
    key, _, value = where.partition(" is ")
    return (key, value) in MAY_BE


def check_rejects(validator, line, wrong):
    for where, bad in broken(line):
        if validator.is_valid(bad) and not is_allowed(where):
            wrong.append(f"{line['type']} {where} is accepted: {json.dumps(bad)[:300]}")


def check_lines(validator, name, lines, wrong, seen=None):
    """Lines that only differ in their time, a number that may be, are checked once."""
    seen = set() if seen is None else seen
    for number, line in enumerate(lines, 1):
        timed = isinstance(line.get("ms"), (int, float)) and 0 <= line["ms"] <= 1e12
        key = json.dumps({**line, "ms": 0} if timed else line)
        if key in seen:
            continue
        seen.add(key)
        for error in validator.iter_errors(line):
            best = jsonschema.exceptions.best_match([error])
            wrong.append(f"{name}:{number}: {'/'.join(map(str, best.absolute_path))}: {best.message[:300]}")


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(sockdrill, path, options):
    done = subprocess.run([sockdrill, "run", *options, "--report", f"jsonl:{path}"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1, 77):
        sys.exit(f"sockdrill run {' '.join(options)}: status {done.returncode}: {done.stderr}")


def interrupt(sockdrill, path):
    """A run that SIGTERM ends after its first result."""
    process = subprocess.Popen([sockdrill, "run", "--repeat", "100", CLOSE, "--report", f"jsonl:{path}", "--report", "jsonl"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    process.terminate()
    process.communicate()


def main():
    source, sockdrill = pathlib.Path(sys.argv[1]), sys.argv[2]
    schema = json.loads((source / "docs/results.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong, count, seen = [], 0, set()
    with tempfile.TemporaryDirectory() as directory:
        for name, (options, parts) in RUNS.items():
            path = pathlib.Path(directory) / "run.jsonl"
            run(sockdrill, path, options)
            lines = read(path)
            check_lines(validator, name, lines, wrong)
            text = path.read_text(encoding="utf-8")
            wrong += [f"{name}: nothing in it is {part}" for part in parts if part not in text]
            # One of each kind of line: they are alike.
            for line in {(line["type"], line.get("verdict")): line for line in lines}.values():
                check_rejects(validator, line, wrong)
            count += len(lines)
        path = pathlib.Path(directory) / "interrupted.jsonl"
        interrupt(sockdrill, path)
        lines = read(path)
        check_lines(validator, "interrupted", lines, wrong)
        if not any(line.get("ended_by") == "signal" for line in lines):
            wrong.append("interrupted: nothing in it is of a signal")
    files = sorted((source / "reports/stacks").glob("*.jsonl")) + sorted((source / "reports/golden").glob("*.jsonl"))
    for path in files:
        lines = read(path)
        check_lines(validator, path.name, lines, wrong, seen)
        count += len(lines)
    print("\n".join(wrong[:20]) or f"{count} lines of {len(files)} files and {len(RUNS) + 1} runs are as the schema says")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
