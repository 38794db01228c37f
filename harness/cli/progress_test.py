#!/usr/bin/env python3
# progress_test.py -- the line of progress at terminals of several widths: it never scrolls, follows a change of the
# width, counts what is unexpected, and is for terminals alone. usage: progress_test.py SOCKDRILL
import fcntl
import os
import re
import struct
import subprocess
import sys
import tempfile
import termios

sockdrill = os.path.realpath(sys.argv[1])
failures = 0


def expect(condition, what):
    global failures
    if not condition:
        print("NOT SO:", what)
        failures += 1


def set_width(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def environment(**more):
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    return {**plain, "TERM": "xterm", **more}


def drawn(text):
    """What is on each line while it is drawn: a carriage return and the erasing of the rest begin it anew."""
    return [part.replace("\033[K", "") for part in text.split("\r")]


def run(columns, *arguments, narrower=None, **variables):
    """Runs with standard error at a terminal, which gets narrower once something was drawn; what was written there."""
    leader, follower = os.openpty()
    set_width(leader, columns)
    child = subprocess.Popen([sockdrill, "run", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=follower, env=environment(**variables))
    os.close(follower)
    text = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        text += part
        if narrower and b"/" in text:
            set_width(leader, narrower)
    child.wait()
    os.close(leader)
    return child.returncode, text.decode()


with tempfile.TemporaryDirectory() as directory:
    # A baseline by which everything is unexpected.
    known = os.path.join(directory, "known.expect")
    with open(known, "w") as out:
        out.write("*/*/* recv_* fail they say\n")
    some = ["recv_*", "--max-wait", "0", "--repeat", "10"]
    bad = some + ["--expect", known]

    for columns in (20, 21, 30, 40, 80, 200):
        status, text = run(columns, *bad)
        lines = drawn(text)
        expect(status == 1, f"status 1 of a run that is not as expected, not {status}")
        expect("\n" not in text, f"nothing scrolls at {columns} columns: {text[:200]!r}")
        expect(max(map(len, lines)) < columns, f"at {columns} columns none is wider than {columns - 1}: {lines}")
        expect(any(re.search(r"\d+/\d+", line) for line in lines), f"something is drawn at {columns} columns: {lines}")
        expect(lines[-1] == "", f"the line is removed in the end: {lines[-1]!r}")
    at_40 = drawn(run(40, *bad)[1])
    expect(any(re.search(r"\d+/\d+, [1-9]\d* unexpected, \d+ s$", line) for line in at_40),
           f"40 columns show what is unexpected and the time: {at_40}")
    at_20 = drawn(run(20, *bad)[1])
    expect(any(re.search(r"\d+/\d+ [1-9]\d* bad", line) for line in at_20),
           f"20 columns show what is unexpected: {at_20}")
    at_80 = drawn(run(80, *some)[1])
    expect(any(re.fullmatch(r"\[[#.]{30}\] \d+/\d+, \d+ s", line) for line in at_80), f"80 columns show a bar: {at_80}")

    # The width of the moment counts, not that of the beginning nor that of the environment.
    lines = drawn(run(100, "--max-wait", "1000", narrower=25, COLUMNS="100")[1])
    widths = [len(line) for line in lines if line]
    narrow = next((i for i, width in enumerate(widths) if width < 25), len(widths))
    expect(widths and widths[0] > 25, f"the first line is as wide as the terminal allows: {widths}")
    expect(narrow < len(widths) and max(widths[narrow:]) < 25, f"then it is as narrow as the terminal: {widths}")

    # Reports of every case, and words of every case, take its place.
    for arguments in (["-v"], ["-q"], ["--report", "tap"]):
        expect(run(80, *some, *arguments)[1] == "", f"nothing is drawn with {arguments}")
    expect(run(80, *some, TERM="dumb")[1] == "", "nothing is drawn where the cursor cannot move")
    result = subprocess.run([sockdrill, "run", *some], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment())
    expect(result.stderr == b"", f"nothing is drawn where there is no terminal: {result.stderr!r}")

if failures:
    sys.exit(1)
print("progress fits its terminal")
