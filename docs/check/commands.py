"""commands.py -- the commands of the pages that are not run as they stand, or not on every machine, and why.

A command that is not in the table is run as it stands, everywhere, but that runs of cases get more time: other tests
may run beside this one. A row is an error when the pages have no such command."""

import os
import shutil
from dataclasses import dataclass
from fnmatch import fnmatchcase

BROKEN_LAYER = "build/ci/broken/libbroken_layer.so"


@dataclass(frozen=True)
class Row:
    """`command` may hold the wildcards of the shell. `instead` is what is run; {} in it is the command.
    Without one of `features` (of `sockdrill doctor`), `programs` or `file` it is not run.
    `tries`: so often is its block run until its output is right."""
    command: str
    why: str
    instead: str = "{}"
    features: tuple = ()
    programs: tuple = ()
    file: str = ""
    tries: int = 1


FUZZERS = ("afl-fuzz", "afl-clang-fast", "clang", "gcc", "meson", "ninja")
PARSER = "build/sockdrill fuzz parser docs/examples/my_parser.c parse_header"

TABLE = (
    Row("sh ci/run.sh", "installs packages of Debian", programs=("dpkg-query",)),
    Row("sh ci/test.sh", "takes many minutes, and runs this test", "sh -n ci/test.sh"),
    Row("sh ci/test.sh format tidy", "takes a minute: only its steps are looked up",
        "sh ci/test.sh list | tr -s ' ' '\\n' >steps && grep -x format steps && grep -x tidy steps"),
    Row("sh ci/bare.sh gcc", "makes a Debian of its own, which takes many minutes", "sh -n ci/bare.sh"),
    Row("build/simulate --slow-fork 7 sh ci/test.sh repeat", "takes minutes: a shorter program forks as slowly",
        "build/simulate --slow-fork 7 sh -c 'sh -c : && exit 0'"),
    Row("build/simulate --without ptrace sh ci/steps/traced.sh", "builds all: a shorter program lacks as much",
        "! build/simulate --without ptrace strace -o /dev/null true", programs=("strace",)),
    Row("build/sockdrill run --disturb", "takes two minutes: some cases do", "{} 'recv_*'"),
    Row("build/sockdrill run 'tcpopt_*' --repeat 200 --shuffle", "takes ten seconds", "{} --repeat 10"),
    Row("build/sockdrill run 'your_*' --repeat 200", "other cases stand for the reader's own",
        "build/sockdrill run 'recv_zero_*' --repeat 200"),
    Row("build/sockdrill run --disturb 'your_*' -v", "other cases stand for the reader's own",
        "build/sockdrill run --disturb 'recv_zero_*' -v"),
    Row("gdb --args *", "asks its user what to do", 'gdb() { command gdb --batch -ex run "$@"; }; {}',
        features=("tracing",), programs=("gdb",)),
    Row("ninja -C build ci/broken/libbroken_layer.so", "not in builds with sanitizers or without tests",
        programs=("ninja",), file=BROKEN_LAYER),
    Row("*LD_PRELOAD=*", "not in builds with sanitizers or without tests", file=BROKEN_LAYER),
    Row("build/sockdrill compare linux.jsonl other.jsonl", "the second file is made with that layer",
        file=BROKEN_LAYER),
    Row("*--pcap *", "not every machine allows to capture", features=("capture", "netns")),
    Row("build/sockdrill explain * --run", "not every machine allows to trace", features=("tracing",)),
    Row("build/sockdrill trace *", "not every machine allows to trace", features=("tracing",)),
    Row("build/sockdrill spy *", "not every machine allows to look; the server may not know yet that a client has gone",
        features=("looking", "sock_diag"), tries=3),
    Row(f"{PARSER} --time 30", "takes half a minute: its first crash ends it", "{} --until-crash --time 200",
        programs=FUZZERS),
    Row("build/sockdrill fuzz http --time 60", "builds the project for AFL++, as the test of fuzz does",
        "build/sockdrill fuzz --list | grep -w http", programs=FUZZERS),
    Row("build/sockdrill fuzz http --execs 100000 --seed 7", "the same; its options are tried with a parser",
        f"{PARSER} --execs 100 --seed 7 || [ $? -eq 1 ]", programs=FUZZERS),
    Row("meson setup build-runner *", "compiling takes half a minute, and CI does it",
        "meson setup build-runner -Dtools=disabled -Dtests=disabled", programs=("meson", "ninja")),
    Row("meson setup build-musl *", "not every machine has musl", programs=("meson", "ninja", "musl-gcc")),
)


def row_of(command, table=TABLE):
    """The first row for this text; None: there is none."""
    return next((row for row in table if fnmatchcase(command, row.command)), None)


def lacking(row, features, directory):
    """What this machine lacks of the row's needs, as a text; None: nothing. `features` maps those of
    `sockdrill doctor` to whether they work; files are looked for below `directory`."""
    for feature in row.features:
        if not features.get(feature, True):
            return f"'sockdrill doctor' says NO {feature}"
    for program in row.programs:
        if not shutil.which(program):
            return f"{program} is not installed"
    if row.file and not os.path.exists(os.path.join(directory, row.file)):
        return f"{row.file} is not there"
    return None


def to_run(row, command):
    """What is run for a command with this row, which may be None."""
    return row.instead.replace("{}", command) if row else command
