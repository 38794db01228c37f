#!/usr/bin/env python3
"""readme_test.py -- runs the commands of README.md and CONTRIBUTING.md as they stand and compares their output with
what the pages show of it.
usage: readme_test.py SOURCE_DIR BUILD_DIR [HEADING...]     with headings: only the blocks below those

Each block runs in a directory of its own that holds links to the project's folders, so that it can be copied
alone and leaves nothing in the project. page.py says what a block is, output.py how output is compared, and
commands.py which commands are not run as they stand, and why. Ports that a page gives as 8080 to 8089 are others,
which are free."""

import glob
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
import commands  # noqa: E402
import output  # noqa: E402
import page  # noqa: E402

PAGES = ("README.md", "CONTRIBUTING.md")
LIMIT = 300  # seconds for one block; only what hangs comes near it
SHOWN = 40  # lines of output in a failure
PORT = re.compile(r"\b808\d\b")


def free_port():
    """One that nobody listens at, and that no system takes for outgoing connections."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return str(port)
            except OSError:
                continue


class Place:
    """Where blocks run: the project, its build, and what this machine can do."""

    def __init__(self, source, build, scratch):
        self.source, self.build, self.scratch = source, build, scratch
        programs = os.path.join(scratch, "bin")
        os.mkdir(programs)
        os.mkdir(os.path.join(scratch, "tmp"))
        # What PATH calls python3 may be a script that looks for one.
        os.symlink(sys.executable, os.path.join(programs, "python3"))
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}", "HOME": scratch, "TMPDIR": os.path.join(scratch, "tmp"),
            "LC_ALL": "C", "COLUMNS": "80"}
        doctor = subprocess.run([os.path.join(build, "sockdrill"), "doctor"], capture_output=True, text=True,
                                check=True, stdin=subprocess.DEVNULL)
        self.features = {name: answer == "yes"
                         for answer, name in re.findall(r"^(yes|NO) +(\S+)", doctor.stdout, re.MULTILINE)}

    def directory(self):
        """A new one for a block."""
        path = tempfile.mkdtemp(dir=self.scratch)
        for name in os.listdir(self.source):
            if not name.startswith((".", "build")):
                os.symlink(os.path.join(self.source, name), os.path.join(path, name))
        os.symlink(self.build, os.path.join(path, "build"))
        return path


def run_shell(script, directory, environment):
    """Runs a script of the shell, and ends what it leaves behind. False: it took too long."""
    with open(os.path.join(directory, "script.log"), "wb") as log, subprocess.Popen(
            ["sh", "-c", script], cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True) as shell:
        try:
            shell.wait(LIMIT)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def read(path, missing=""):
    if not os.path.exists(path):
        return missing
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def quoted(title, lines):
    """Lines for a failure."""
    left_out = len(lines) - SHOWN
    shown = lines[:SHOWN] + ([f"({left_out} more lines)"] if left_out > 0 else [])
    return "\n".join([f"  {title}:"] + [f"    | {line}" for line in shown])


def failure_of(command, ran, status, got):
    """What is wrong with a command that ran as the text `ran`; None: nothing is."""
    wrong = []
    if status != str(command.status):
        wrong.append(f"  status: wanted {command.status}, got {status or 'none: it did not end'}")
    # What was left out is left out on both sides.
    difference = output.difference(command.output, got) if command.output else None
    if difference:
        wrong.append("  first difference:\n    " + difference.replace("\n", "\n    "))
        wrong.append(quoted("wanted", command.output))
    if not wrong:
        return None
    if ran != command.text:
        wrong.insert(0, f"  run as: {ran}")
    return "\n".join(wrong + [quoted("got", got)])


class Outcome:
    """What became of a block: failures and what was not run, as texts, and how many commands ran."""

    def __init__(self):
        self.failures, self.skips, self.ran = [], [], 0


def run_commands(block, name, place, table):
    """Runs the commands of a block once, in one shell, so that later ones can name processes of earlier ones."""
    outcome, directory = Outcome(), place.directory()
    ports, script, running = {}, "", []
    for command in block.commands:
        row = commands.row_of(command.text, table)
        lack = row and commands.lacking(row, place.features, directory)
        if lack:
            outcome.skips.append(f"{name}:{command.line}: not run, {lack}: {command.text}")
            continue
        text = PORT.sub(lambda port: ports.setdefault(port[0], free_port()), commands.to_run(row, command.text))
        out = os.path.join(directory, f".out{len(running)}")
        script += f"{{\n{text}\n}} >{out} 2>&1 </dev/null\necho $? >{out}.status\n"
        running.append((command, text, out))
    in_time = run_shell(script + "wait\n", directory, place.environment)
    outcome.ran = len(running)
    for command, text, out in running:
        wrong = failure_of(command, text, read(out + ".status").strip(), read(out).splitlines())
        if wrong:
            outcome.failures.append(f"{name}:{command.line}: {command.text}\n{wrong}")
    if not in_time:
        outcome.failures.append(f"{name}:{block.line}: the block did not end within {LIMIT} s")
    log = read(os.path.join(directory, "script.log"))
    if log:  # what does not parse, say
        outcome.failures.append(f"{name}:{block.line}: the shell says: {log}")
    shutil.rmtree(directory)
    return outcome


def check_excerpt(block, name, source):
    """Whether an excerpt stands in the file that its first line names."""
    outcome = Outcome()
    file_name = block.excerpt.split()[1]
    for folder, _, names in os.walk(os.path.join(source, "cases")):
        if file_name in names and block.excerpt in read(os.path.join(folder, file_name)):
            return outcome
    outcome.failures.append(f"{name}:{block.line}: no {file_name} in cases has the text of this block")
    return outcome


def check_block(block, name, place, table):
    if block.excerpt:
        return check_excerpt(block, name, place.source)
    rows = [commands.row_of(command.text, table) for command in block.commands]
    outcome = None
    for _ in range(max(row.tries if row else 1 for row in rows)):
        outcome = run_commands(block, name, place, table)
        if not outcome.failures:
            break
    return outcome


def check_files(name, place):
    """A failure for each file that the page names and that is not there."""
    with open(os.path.join(place.source, name), encoding="utf-8") as file:
        named = page.files_named(file.read())
    return [f"{name}: names {path}, which is not there" for path in named
            if not glob.glob(os.path.join(place.source, path))]


def fuzzes(block):
    return any("sockdrill fuzz" in command.text for command in block.commands)


def check_pages(names, place, table, headings):
    """Runs all blocks below the headings, or all. Fuzzing computes only: it runs beside the rest, of which some looks
    at times. Returns the outcomes."""
    tasks = []
    for name in names:
        with open(os.path.join(place.source, name), encoding="utf-8") as file:
            tasks += [(block, name) for block in page.blocks(file.read())]
    missing = set(headings) - {block.heading for block, _ in tasks}
    if missing:
        raise page.PageError(f"no page has a block below such a heading: {', '.join(sorted(missing))}")
    chosen = [task for task in tasks if not headings or task[0].heading in headings]
    with ThreadPoolExecutor(1) as beside, ThreadPoolExecutor(1) as others:
        futures = [(beside if fuzzes(task[0]) else others).submit(check_block, *task, place, table) for task in chosen]
        outcomes = [future.result() for future in futures]
    if not headings:
        rest = Outcome()
        rest.failures = [failure for name in names for failure in check_files(name, place)]
        used = {commands.row_of(command.text, table) for block, _ in tasks for command in block.commands}
        rest.failures += [f"commands.py: no page has the command of a row: {row.command}"
                          for row in table if row not in used]
        rest.failures += [f"commands.py: 'sockdrill doctor' has no line of {feature}"
                          for row in table for feature in row.features if feature not in place.features]
        outcomes.append(rest)
    return outcomes


def files_of(source):
    """What is in the project but for builds and hidden files."""
    found = set()
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith((".", "build", "__pycache__"))]
        found.update(os.path.join(folder, name) for name in names if not name.startswith("."))
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    source, build = map(os.path.realpath, sys.argv[1:3])
    # In a directory of links meson would make the build anew for that directory: it must have nothing to do there.
    subprocess.run(["ninja", "-C", build, "build.ninja"], check=True, stdout=subprocess.DEVNULL)
    before = files_of(source)
    with tempfile.TemporaryDirectory(prefix="readme.") as scratch:
        try:
            outcomes = check_pages(PAGES, Place(source, build, scratch), commands.TABLE, sys.argv[3:])
        except page.PageError as error:
            sys.exit(f"FAILED {error}")
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    failures += [f"a command left {path}" for path in sorted(files_of(source) - before)]
    skips = [skip for outcome in outcomes for skip in outcome.skips]
    for line in skips + [f"FAILED {failure}" for failure in failures]:
        print(line)
    ran = sum(outcome.ran for outcome in outcomes)
    print(f"{ran} commands ran, {len(skips)} did not; {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
