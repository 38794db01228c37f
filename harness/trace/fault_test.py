#!/usr/bin/env python3
"""fault_test.py -- disturbs servers, good and naive, with `sockdrill trace --fault`, and checks that each survives or
fails as it must, that what was disturbed is what was asked for, and that nothing is left behind.
usage: fault_test.py SOCKDRILL VICTIMS [RANDOM-RUNS] (40)"""

import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "victims"))

import peer  # noqa: E402
import processes  # noqa: E402

ROUNDS = 300
SHORT_READ = ("read=short@every3",)
INTERRUPTED = ("any=EINTR@every5",)
SHORT_WRITE = ("write=short@every3",)
ONE_BYTE = ("read=short", "write=short")
FAULTS = (SHORT_READ, INTERRUPTED, SHORT_WRITE, ONE_BYTE)

OK = "ok"
EINTR_KILLS = "dies: recv: Interrupted system call"
ONE_OF_64 = "hangs: 1 of 64 bytes"

# Which servers survive which faults: the peer's kind of rounds, then what each of FAULTS does to it.
SURVIVAL = {
    "echo-good": ("echo", OK, OK, OK, OK),
    # It sends back what it got: with both ends cut to one byte its bug does not show.
    "echo-naive": ("echo", OK, EINTR_KILLS, ONE_OF_64, OK),
    "python sendall": ("echo", OK, OK, OK, OK),
    "python send": ("echo", OK, OK, ONE_OF_64, OK),
    "python asyncio": ("echo", OK, OK, OK, OK),
    "node": ("echo", OK, OK, OK, OK),
    "java": ("echo", OK, OK, OK, OK),
    "go": ("echo", OK, OK, OK, OK),
    "line-good": ("line", OK, OK, OK, OK),
    "line-naive": ("line", "wrong", EINTR_KILLS, "hangs: ", "wrong"),
    "struct-good": ("struct", OK, OK, OK, OK),
    "struct-naive": ("struct", "wrong", EINTR_KILLS, "hangs: 1 of 4 bytes", "dies: 251658240 numbers are too many"),
}

# Further faults: victim, kind of rounds, faults, what becomes of it, and what the log must show.
SPECIAL = [
    *((f"echo-{way}-good", "echo", faults, OK, rf"^.* {call}\(.*\[cut to 1 byte\]$")
      for way, reads, writes in (("vector", "readv", "writev"), ("message", "recvmsg", "sendmsg"),
                                 ("file", "read", "sendfile"))
      for faults, call in ((SHORT_READ, reads), (SHORT_WRITE, writes))),
    *((f"echo-{way}-naive", "echo", SHORT_WRITE, ONE_OF_64, rf" {call}\(.*\) = 1 .*cut to 1 byte")
      for way, call in (("vector", "writev"), ("message", "sendmsg"), ("file", "sendfile"))),
    ("echo-naive", "echo", ("recv=short:3", "send=short:5"), OK, r"cut to 3 bytes"),
    ("echo-datagrams", "datagram", ("any=short",), OK, None),
    ("echo-whole", "echo", ("read=short",), OK, None),
    ("echo-good", "echo", ("accept=ECONNABORTED",), OK, r"accept\(.*-1 ECONNABORTED"),
    ("echo-naive", "echo", ("accept=ECONNABORTED",), "dies: accept: Software caused connection abort",
     r"accept\(.*-1 ECONNABORTED"),
    ("echo-good", "echo", ("accept=EMFILE@1..3",), OK, r"accept\(.*-1 EMFILE"),
    ("echo-naive", "echo", ("accept=EMFILE",), "dies: accept: Too many open files", r"accept\(.*-1 EMFILE"),
    ("echo-good", "echo", ("any=retry:EINTR",), OK, r"-1 EINTR"),
    ("echo-fork", "echo", ("read=short@every3", "write=short:9@every4"), OK, r"cut to 9 bytes"),
    ("echo-naive", "echo", ("bind=EADDRINUSE",), "dies: bind: Address already in use", r"bind\(.*-1 EADDRINUSE"),
    ("echo-unchecked", "echo", ("bind=EADDRINUSE",), OK, r"bind\(.*-1 EADDRINUSE"),
    ("echo-unchecked", "echo", ("bind=EADDRINUSE",), OK,
     r"^! .*: bind\(fd 3\) failed with EADDRINUSE at .*, yet listen\(fd 3\) followed at .*: check what bind"),
    ("echo-naive", "echo", ("socket=ENOBUFS",), "dies: socket: No buffer space available",
     r"socket\(.*-1 ENOBUFS"),
    ("echo-good", "echo", ("close=EIO",), OK, r"close\(.*-1 EIO"),
    ("echo-naive", "echo", ("read=delay:30@2",), OK, r"<(0\.0[3-9]|0\.[1-9]|[1-9]).*delayed"),
    ("echo-naive", "echo", ("send=EPIPE@2#1",), "hangs: 0 of 64 bytes", r"sendto\(.*-1 EPIPE"),
    ("echo-naive", "echo", ("send=EPIPE@2#2",), OK, None),
]


class Bench:
    """The programs, and where they write."""

    def __init__(self, sockdrill, victims, directory):
        self.sockdrill = os.path.abspath(sockdrill)
        self.directory = directory
        self.victims = os.path.abspath(victims)
        self.missing = {}
        self.commands = {f"python {how}": [sys.executable, self.source("echo.py"), how]
                         for how in ("sendall", "send", "asyncio")}
        self.add("node", ["node"], None, ["node", self.source("echo.mjs")])
        self.add("java", ["java", "javac"], ["javac", "-d", directory, self.source("Echo.java")],
                 ["java", "-Xshare:auto", "-XX:+UseSerialGC", "-cp", directory, "Echo"])
        program = os.path.join(directory, "echo_go")
        self.add("go", ["go"], ["go", "build", "-o", program, self.source("echo.go")], [program])

    @staticmethod
    def source(name):
        return os.path.join(HERE, "victims", name)

    def add(self, name, tools, build, command):
        for tool in tools:
            if not shutil.which(tool):
                self.missing[name] = f"{tool} is not installed"
                return
        if build:
            subprocess.run(build, check=True, env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"})
        self.commands[name] = command

    def command(self, victim):
        return self.commands.get(victim, [self.victims, victim])

    def run(self, number, victim, kind, faults, rounds=ROUNDS, seed=1, killed=False):
        """Gives what became of it, what is left behind, and the lines of the disturbed calls. `killed`: when the
        client has seen enough it kills the tracer, not the victim."""
        log = os.path.join(self.directory, f"{number}.log")
        trace = [self.sockdrill, "trace", "--quiet", "--seed", str(seed), "--output", log]
        for fault in faults:
            trace += ["--fault", fault]
        with (open(os.path.join(self.directory, f"{number}.out"), "wb") as out,
              open(os.path.join(self.directory, f"{number}.err"), "w+b") as err):
            result, left = peer.run(trace + ["--"] + self.command(victim), kind, rounds, out, err, killed)
        with open(log, encoding="utf-8", errors="replace") as file:
            return result, left, file.read()


class Checks:
    """Counts what was checked, and says what is not as it should be."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def expect(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAIL  {what}", flush=True)


def fits(result, want):
    """`want` may leave out which wrong answer it is, or how many bytes of an answer there were."""
    return result == want if want == OK else result.startswith(want)


def check_survival(bench, checks, number, victim, kind, faults, want):
    result, left, log = bench.run(number, victim, kind, faults)
    what = f"{victim} under {' '.join(faults)}"
    checks.expect(fits(result, want), f"{what}: {result}; should be: {want}")
    checks.expect(not left, f"{what}: left behind: {left}")
    checks.expect(log != "", f"{what}: nothing was disturbed")


def check_special(bench, checks, number, victim, kind, faults, want, shown):
    result, left, log = bench.run(number, victim, kind, faults)
    what = f"{victim} under {' '.join(faults)}"
    checks.expect(fits(result, want), f"{what}: {result}; should be: {want}")
    checks.expect(not left, f"{what}: left behind: {left}")
    if shown:
        checks.expect(re.search(shown, log, re.MULTILINE), f"{what}: not in the log: {shown}\n{log[:400]}")
    else:
        checks.expect("cut to" not in log and "EPIPE" not in log, f"{what}: disturbed:\n{log[:400]}")


RANDOM_FAULTS = ["any=short@20%", "any=EINTR@5%", "read=short:7@50%", "write=short@30%", "any=ECONNRESET@1%",
                 "accept=retry:ECONNABORTED", "read=retry:EINTR", "write=EPIPE@2%", "any=delay:1@3%",
                 "bind=EADDRINUSE@10%", "accept=EMFILE@50%", "close=EIO@50%", "any=EAGAIN@2%"]
RANDOM_VICTIMS = [("echo-good", "echo"), ("echo-naive", "echo"), ("echo-fork", "echo"), ("echo-vector-good", "echo"),
                  ("echo-file-naive", "echo"), ("line-naive", "line"), ("struct-good", "struct"),
                  ("struct-naive", "struct")]


SEEDS_COMPARED = 20


def calls_of(log):
    """The disturbed calls without times and what else differs from run to run."""
    return [re.sub(r":\d+|0x\w+|<[^>]*>", "", line.split(None, 1)[1]) for line in log.splitlines() if line.strip()]


def check_random(bench, checks, number):
    """Whatever happens to it: it ends, nothing of it is left, and the same seed does the same."""
    dice = random.Random(number)
    victim, kind = dice.choice(RANDOM_VICTIMS)
    faults = dice.sample(RANDOM_FAULTS, dice.randint(1, 4))
    result, left, log = bench.run(f"random{number}", victim, kind, faults, rounds=10, seed=number,
                                  killed=number % 2)
    what = f"random run {number}: {victim} under {' '.join(faults)}"
    checks.expect(not left, f"{what}: left behind: {left}")
    checks.expect(f"hangs: {peer.LIMIT} s" != result and "does not end" not in result, f"{what}: {result}")
    if number < SEEDS_COMPARED and number % 2 == 0:
        again = bench.run(f"again{number}", victim, kind, faults, rounds=10, seed=number)
        checks.expect(again[0] == result, f"{what}: {result}, then {again[0]}")
        checks.expect(calls_of(again[2]) == calls_of(log), f"{what}: other faults:\n{log}then\n{again[2]}")


def jobs_of(bench, checks, runs):
    """Every check, the slow ones first."""
    jobs = []
    for victim, (kind, *wants) in SURVIVAL.items():
        if victim in bench.missing:
            print(f"skip  {victim}: {bench.missing[victim]}")
            continue
        jobs += [(check_survival, victim, kind, faults, want) for faults, want in zip(FAULTS, wants)]
    jobs += [(check_special, *special) for special in SPECIAL]
    return [lambda job=job, number=number: job[0](bench, checks, number, *job[1:])
            for number, job in enumerate(jobs)] + [
                lambda number=number: check_random(bench, checks, number) for number in range(runs)]


def check_nothing_left(checks):
    """Whoever outlived its parent has become a child of this process; those that have ended are no matter."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    children = processes.below(os.getpid())
    checks.expect(not children, f"processes are left behind: {children}")


def main():
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    why = subprocess.run([sys.argv[1], "trace", "true"], capture_output=True, text=True, check=False)
    if why.returncode == 3:
        print(f"skip  everything: {why.stderr.strip()}")
        return 77
    processes.adopt_orphans()
    checks = Checks()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(sys.argv[1], sys.argv[2], directory)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(job) for job in jobs_of(bench, checks, runs)]:
                done.result()
    check_nothing_left(checks)
    print(f"{checks.passed} passed, {checks.failed} failed in {time.monotonic() - start:.0f} s")
    return checks.failed != 0


if __name__ == "__main__":
    sys.exit(main())
