"""judging.py -- how the judges in Python compare: all inputs through one judged process, and every
difference either in a table or a failure."""

import subprocess
import sys
from dataclasses import dataclass, field
from typing import Callable

SHOWN = 10  # failures that are printed


@dataclass
class Difference:
    """A line of the table: what differs on purpose. One that never applies is a failure, too."""

    inputs: str  # the class of input
    ours: str
    theirs: str
    why: str
    applies: Callable[[bytes, str, str], bool]  # of (input, our line, their line)
    expected: bool = True  # False: this version of the other program has no such difference
    met: int = field(default=0, init=False)


def judged_lines(judged, parser, inputs):
    """What the parser says of each input, by the program judged.c."""
    data = b"".join(len(i).to_bytes(4, "little") + i for i in inputs)
    run = subprocess.run([judged, parser], input=data, stdout=subprocess.PIPE, check=True)
    lines = run.stdout.decode("ascii").split("\n")[:-1]
    if len(lines) != len(inputs):
        sys.exit(f"judged gave {len(lines)} lines for {len(inputs)} inputs: a newline in a line?")
    return lines


def explain(table, data, ours, theirs):
    """Whether a line of the table explains the difference; counts it."""
    for line in table:
        if line.applies(data, ours, theirs):
            line.met += 1
            return True
    return False


def judge(judged, parser, inputs, opinion, table):
    """Compares judged's line for each input with opinion(input, our line); ends the program."""
    agreed = failed = 0
    for data, ours in zip(inputs, judged_lines(judged, parser, inputs)):
        theirs = opinion(data, ours)
        if ours == theirs:
            agreed += 1
        elif not explain(table, data, ours, theirs):
            failed += 1
            if failed <= SHOWN:
                print(f"input {data!r}\n  ours   {ours}\n  theirs {theirs}")
    print(f"{len(inputs)} inputs, {agreed} agreed, {failed} differed without a reason")
    for line in table:
        print(f"{line.met:6} explained: {line.inputs}: ours {line.ours}, theirs {line.theirs}")
        if line.expected and not line.met:
            print(f"       never met: {line.inputs}: remove it from the table, or generate it")
            failed += 1
    sys.exit(1 if failed else 0)
