#!/usr/bin/env python3
"""trace_test.py -- follows programs in C, Python, Node.js, Java and Go, and holds what `sockdrill trace` tells
against what `strace -f` tells of the same; and looks at what is hard to follow.
usage: trace_test.py SOCKDRILL VICTIMS TRACED"""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
LIMIT = 60  # seconds for one program; only a broken tracer comes near it

with open(os.path.join(HERE, "calls.def"), encoding="utf-8") as definitions:
    KINDS = dict(re.findall(r"^CALL\((\w+), (\w+)\)", definitions.read(), re.MULTILINE))
# These are told whatever their descriptor is.
FOR_SOCKETS = {name for name, kind in KINDS.items() if kind in ("MAKES", "ACCEPTS", "WAITS")} | {
    "bind", "listen", "connect", "shutdown", "getsockname", "getpeername", "setsockopt", "getsockopt", "recvfrom",
    "recvmsg", "recvmmsg", "sendto", "sendmsg", "sendmmsg", "epoll_create", "epoll_create1"}
MOVING = ("READS", "WRITES")


class Call:
    """One call, by whoever told of it. `about` tells sockets apart, whose descriptors are taken anew."""

    def __init__(self, thread, name, result, about):
        self.thread, self.name, self.about = thread, name, about
        error = re.search(r"-1 (E\w+)", result)
        number = re.match(r"-?\d+", result)
        if error:
            self.result = error[1]
        else:
            self.result = int(number[0]) if number and KINDS[name] in MOVING else "ok"

    def __str__(self):
        return f"{self.name} {self.result}"


# ---- What strace tells ----

# An instance of epoll is told as a socket is.
SOCKET = r"\d+<(?:socket:\[\d+\]|anon_inode:\[eventpoll\])>"
CONCERNS = {
    "epoll_ctl": rf"\d+<[^>]*>, \w+, {SOCKET}",
    "dup2": rf"({SOCKET}|.*, {SOCKET})", "dup3": rf"({SOCKET}|.*, {SOCKET})",
    "splice": rf"({SOCKET}|\S+, \w+, {SOCKET})",
}


def strace_about(arguments):
    """The socket, else the descriptor, that comes first; None when neither does."""
    first = re.match(r"\d+<(socket:\[\d+\])>", arguments)
    return first[1] if first else (re.match(r"\d+", arguments) or [None])[0]


def strace_calls(log):
    """The socket calls, in the order in which they began."""
    calls, open_lines = [], {}
    for line in log.splitlines():
        thread, _, text = line.partition(" ")
        text = text.strip()
        begun = re.match(r"(\w+)\((.*) <unfinished \.\.\.>$", text)
        resumed = re.match(r"<\.\.\. (\w+) resumed>(.*)$", text)
        whole = re.match(r"(\w+)\((.*)\)\s+= (.*)$", text)
        if begun:
            open_lines[thread] = [thread, begun[1], begun[2], None]
            calls.append(open_lines[thread])
        elif resumed and thread in open_lines:
            entry = open_lines.pop(thread)
            rest = re.match(r"(.*)\)\s+= (.*)$", resumed[2])
            if rest:
                entry[2] += rest[1]
                entry[3] = rest[2]
        elif whole:
            calls.append([thread, whole[1], whole[2], whole[3]])
    return [Call(thread, name, result, strace_about(arguments))
            for thread, name, arguments, result in calls
            if result is not None and name in KINDS and KINDS[name] not in ("ENDS", "DENIED")
            and not result.startswith("?")
            and (name in FOR_SOCKETS or re.match(CONCERNS.get(name, SOCKET), arguments))]


# ---- What sockdrill tells ----

def events_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def sockdrill_calls(events):
    """The same of our events. Calls with what is no longer a descriptor strace's log does not mark."""
    calls = sorted((e for e in events if e["what"] == "call" and KINDS[e["call"]] != "ENDS"
                    and not e.get("unfinished")), key=lambda e: e["us"])
    return [Call(e["tid"], e["call"], e["text"], e.get("socket", f"fd {e.get('fd')}")) for e in calls
            if e["call"] in FOR_SOCKETS or not e["text"].endswith("EBADF")]


# ---- Comparing ----

def by_thread(calls):
    """What each thread did, one after the other."""
    threads = {}
    for call in calls:
        threads.setdefault(call.thread, []).append(str(call))
    return list(threads.values())


def by_socket(calls):
    """What happened to each socket; where threads share the work, waits and tries depend on their timing, and so do
    the numbers of descriptors: another thread may have opened a file in between."""
    sockets = {}
    for call in calls:
        if KINDS[call.name] in ("WAITS", "MAKES") or call.name.startswith("epoll_") or call.result == "EAGAIN":
            continue
        sockets.setdefault(call.about, []).append(str(call))
    return sorted(sockets.values())


class Bench:
    """The programs, and how often each check was right."""

    def __init__(self, sockdrill, victims, traced, directory):
        self.sockdrill, self.victims, self.traced = map(os.path.abspath, (sockdrill, victims, traced))
        self.directory = directory
        self.passed = self.failed = 0

    def path(self, name):
        return os.path.join(self.directory, name)

    def expect(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAIL  {what}", flush=True)

    def source(self, name):
        return os.path.join(HERE, "victims", name)

    def programs(self):
        """Name, command, how its calls are compared."""
        for victim in ("echo-good", "echo-vector-good", "echo-message-good", "echo-file-good", "echo-fork"):
            yield victim, [self.victims, victim], by_thread
        yield from self.static_programs()
        yield "python", [sys.executable, "-S", self.source("echo.py"), "sendall"], by_thread
        yield "asyncio", [sys.executable, "-S", self.source("echo.py"), "asyncio"], by_socket
        for name, tools, build, command in (
                ("node", ["node"], None, ["node", self.source("echo.mjs")]),
                ("java", ["java", "javac"], ["javac", "-d", self.directory, self.source("Echo.java")],
                 ["java", "-Xshare:auto", "-XX:+UseSerialGC", "-cp", self.directory, "Echo"]),
                ("go", ["go"], ["go", "build", "-o", self.path("echo_go"), self.source("echo.go")],
                 [self.path("echo_go")])):
            missing = [tool for tool in tools if not shutil.which(tool)]
            if missing:
                print(f"skip  {name}: {missing[0]} is not installed")
                continue
            if build:
                subprocess.run(build, check=True, env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"})
            yield name, command, by_socket

    def static_programs(self):
        program = self.path("victims_static")
        sources = [self.source(name) for name in ("echo.c", "line.c", "main.c", "struct.c", "ways.c")]
        built = subprocess.run(["cc", "-O1", "-static", "-D_GNU_SOURCE", "-I", HERE, "-o", program, *sources],
                               capture_output=True, check=False)
        if built.returncode:
            print("skip  static: the compiler makes no static programs here")
        else:
            yield "static", [program, "echo-good"], by_thread
            yield "static fork", [program, "echo-fork"], by_thread


def visit(port):
    """The client of an echo server: rounds, half a close, the rest."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for size in (64, 1, 200):
            sock.sendall(b"x" * size)
            got = 0
            while got < size:
                got += len(sock.recv(size - got))
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(100):
            pass


def serve(command):
    """Runs an echo server for one client; its status."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        line = server.stdout.readline()
        if line:
            visit(int(line))
        server.stdout.read()
        return server.wait(timeout=LIMIT)


def check_program(bench, name, command, arrange):
    ours, theirs = bench.path(f"{name}.jsonl"), bench.path(f"{name}.strace")
    status = serve([bench.sockdrill, "trace", "--json", "-o", ours, "--", *command])
    bench.expect(status == 0, f"{name}: status {status}")
    traced = arrange(sockdrill_calls(events_of(ours)))
    serve(["strace", "-f", "-y", "-qq", "-e", "signal=none", "-e", f"trace={','.join(KINDS)}", "-o", theirs, *command])
    with open(theirs, encoding="utf-8", errors="replace") as file:
        wanted = arrange(strace_calls(file.read()))
    bench.expect(traced == wanted and wanted, f"{name}:\n  sockdrill {traced}\n  strace    {wanted}")


# ---- What is hard to follow ----

def trace(bench, name, *options):
    log = bench.path(f"{name}{' '.join(options)}.jsonl")
    done = subprocess.run([bench.sockdrill, "trace", "--json", "-o", log, *options, "--", bench.traced, name],
                          stdout=subprocess.DEVNULL, timeout=LIMIT, check=False)
    bench.expect(done.returncode == 0, f"{name}: status {done.returncode}")
    return events_of(log)


def calls(events, *names):
    return [e for e in events if e["what"] == "call" and e["call"] in names]


def events_without_ends(events):
    return [e for e in events if e["what"] == "call" and KINDS[e["call"]] != "ENDS"]


def check_rights(bench):
    events = trace(bench, "rights")
    made, = calls(events, "socket")
    used, = calls(events, "sendto")
    bench.expect(used["process"] == 2 and used["socket"] == made["new_socket"],
                 f"rights: passed on it is another socket: {made} {used}")
    bench.expect("SCM_RIGHTS" in calls(events, "recvmsg")[0]["args"], "rights: not in the message")


def check_many_rights(bench):
    """The second message of sendmmsg() passes it on."""
    events = trace(bench, "many-rights")
    made, = calls(events, "socket")
    used, = calls(events, "sendto")
    bench.expect(len(calls(events, "sendmmsg")) == 1 and used["process"] == 2
                 and used["socket"] == made["new_socket"], f"many-rights: it is another socket: {made} {used}")


def check_restart(bench):
    events = trace(bench, "restart")
    reads = [(e["text"], e["fd"]) for e in calls(events, "read") if e["process"] == 2]
    bench.expect([text for text, _ in reads] == ["1", "-1 EINTR"], f"restart: {reads}")
    signals = [e["args"] for e in events if e["what"] == "signal" and e["process"] == 2]
    bench.expect(signals == ["SIGUSR1", "SIGSTOP", "SIGCONT", "SIGUSR2"], f"restart: {signals}")


def check_cut_restart(bench):
    """A cut read that is interrupted and made again is cut again, and told once."""
    events = trace(bench, "restart", "--fault", "read=short:1")
    reads = [e for e in calls(events, "read") if e["process"] == 2]
    bench.expect([(e["text"], e.get("fault")) for e in reads] ==
                 [("1", "cut to 1 byte"), ("-1 EINTR", "cut to 1 byte")], f"cut restart: {reads}")


def check_poll(bench):
    polls = [e for e in calls(trace(bench, "poll"), "poll", "ppoll") if e["process"] == 2]
    bench.expect(len(polls) == 1 and polls[0]["text"].startswith("1 (fd "), f"poll: {polls}")


def check_exec(bench):
    events = trace(bench, "exec")
    programs = [e["args"] for e in events if e["what"] == "program"]
    bench.expect(len(programs) == 2 and programs[1].endswith(" leave"), f"exec: {programs}")
    sent = [(e["call"], e["socket"]) for e in calls(events, "sendto", "write")]
    pair, = calls(events, "socketpair")
    bench.expect(sent == [("sendto", pair["new_socket"]), ("write", pair["new_socket2"])], f"exec: {sent}")
    bench.expect([e["result"] for e in events if e["what"] == "end"] == [0], "exec: not one end")


def check_spawn(bench):
    """What the child closes its parent keeps; what it executes has the rest."""
    events = trace(bench, "spawn")
    pair, = calls(events, "socketpair")
    ends = pair["new_socket"], pair["new_socket2"]
    told = [(e["process"], e["call"], e["socket"], e["text"]) for e in calls(events, "close", "sendto", "recvfrom")]
    bench.expect(told == [(2, "close", ends[0], "0"), (2, "sendto", ends[1], "3"), (1, "recvfrom", ends[0], "3")],
                 f"spawn: {told}")
    programs = [(e["process"], e["args"].split()[-1]) for e in events if e["what"] == "program"]
    bench.expect(programs == [(1, "spawn"), (2, "speak")], f"spawn: {programs}")


def check_unshare(bench):
    """A thread with descriptors of its own changes its own; when it could not get them, everybody's."""
    for name, end, result in (("unshare", "new_socket", "1"), ("failed-unshare", None, "-1 EPIPE")):
        events = trace(bench, name)
        pair, = calls(events, "socketpair")
        made, = calls(events, "socket")
        sent, = calls(events, "sendto")
        bench.expect((sent["socket"], sent["text"]) == (pair[end] if end else made["new_socket"], result),
                     f"{name}: {pair} {made} {sent}")


def check_high(bench):
    """Descriptors of any number."""
    told = [(e["call"], e.get("socket", 0), e["text"])
            for e in calls(trace(bench, "high"), "recvfrom", "close", "dup2", "dup3")]
    named = [(call.replace("dup3", "dup2"), socket, text) for call, socket, text in told]
    bench.expect(named == [("dup2", 1, "3000"), ("close", 1, "0"), ("recvfrom", 1, "1"), ("close", 1, "0"),
                           ("recvfrom", 0, "-1 EBADF")], f"high: {told}")


def check_epolls(bench):
    """Their ends are told as their making is, and so are their copies."""
    told = [e["call"] for e in events_without_ends(trace(bench, "epolls"))]
    # C libraries may make dup2() of dup3().
    bench.expect([call.replace("dup3", "dup2") for call in told] ==
                 ["epoll_create1"] * 3 + ["fcntl", "close", "dup2", "close_range", "close"], f"epolls: {told}")


def check_patient(bench):
    """Who minds what fails has done nothing wrong, and is not said to have."""
    log = bench.path("patient.log")
    done = subprocess.run([bench.sockdrill, "trace", "-o", log, "--", bench.traced, "patient"], timeout=LIMIT,
                          check=False)
    with open(log, encoding="utf-8") as file:
        text = file.read()
    bench.expect(done.returncode == 0, f"patient: status {done.returncode}")
    bench.expect(all(error in text for error in ("ECONNREFUSED", "EAGAIN", "EINPROGRESS", "EPIPE")), f"patient: {text}")
    bench.expect(not re.search("^! ", text, re.MULTILINE), f"patient: {text}")


def check_threads(bench):
    check_talk(bench, "threads", 200)


def check_crowd(bench):
    check_talk(bench, "crowd", 1600)


def check_talk(bench, name, count):
    events = trace(bench, name)
    counts = {name: len(calls(events, name)) for name in ("socketpair", "writev", "read", "close")}
    bench.expect(counts == {"socketpair": count, "writev": count, "read": count, "close": 2 * count},
                 f"{name}: {counts}")
    wrong = [e for e in calls(events, "writev", "read") if e["moved"] != 5 or e["bytes"] != "abcde"]
    bench.expect(not wrong, f"{name}: {wrong[:2]}")
    numbers = [e[key] for e in calls(events, "socketpair") for key in ("new_socket", "new_socket2")]
    bench.expect(sorted(numbers) == list(range(1, 2 * count + 1)), f"{name}: numbers of sockets")


def check_waits(bench):
    events = trace(bench, "waits")
    waits = {e["call"]: (e["args"], e["text"]) for e in calls(events, "epoll_wait", "poll", "select", "pselect6")}
    bench.expect(waits["epoll_wait"][1] == "1 (fd 6 IN)", f"waits: {waits}")
    bench.expect(waits["poll"] == ("[{3, IN|OUT}], 1, 1000", "1 (fd 3 IN|OUT)"), f"waits: {waits}")
    # C libraries may call the newer one, which has one argument more.
    selected = waits.get("select") or waits["pselect6"]
    bench.expect(selected[0].startswith("4, [3], NULL, NULL, 1.5 s") and selected[1] == "1 (fd 3 IN)",
                 f"waits: {waits}")
    mistakes = [(e["call"], e["text"]) for e in events if e["what"] == "call" and e["text"].endswith("EBADF")]
    bench.expect(mistakes == [("close", "-1 EBADF"), ("sendto", "-1 EBADF")], f"waits: {mistakes}")


# ---- The command ----

def check_statuses(bench):
    for words, status in ((["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -9 $$"], 137),
                          ([bench.path("nothing")], 127), ([bench.directory], 126)):
        done = subprocess.run([bench.sockdrill, "trace", "-q", "--", *words], capture_output=True, timeout=LIMIT,
                              check=False)
        bench.expect(done.returncode == status, f"status of {words}: {done.returncode}, should be {status}")


def check_passed_signal(bench):
    """What a user sends to the tool the command gets, and may outlive."""
    script = 'trap "echo got; exit 5" TERM; echo ready; while :; do sleep 0.01; done'
    with subprocess.Popen([bench.sockdrill, "trace", "-q", "--", "sh", "-c", script], stdout=subprocess.PIPE,
                          text=True) as tool:
        tool.stdout.readline()
        tool.send_signal(signal.SIGTERM)
        said = tool.stdout.read()
        bench.expect((said, tool.wait()) == ("got\n", 5), f"SIGTERM: {said!r}, status {tool.returncode}")


def await_sleep(pid):
    """Until it waits in a call: in a stop of its tracer it is in another state."""
    state = ""
    while state != "S":
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            state = file.read().rpartition(")")[2].split()[0]


def check_attach(bench):
    """A server that waits already is followed, and goes on when tracing ends."""
    log = bench.path("attach.jsonl")
    with subprocess.Popen([bench.victims, "echo-good"], stdout=subprocess.PIPE, text=True) as server:
        port = int(server.stdout.readline())
        with subprocess.Popen([bench.sockdrill, "trace", "--json", "-o", log, "--pid", str(server.pid)]) as tool:
            while not os.path.exists(log) or "begin" not in open(log, encoding="utf-8").read():
                time.sleep(0.005)
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as sock:
                sock.sendall(b"one")
                bench.expect(sock.recv(10) == b"one", "attach: no echo")
                await_sleep(server.pid)
                tool.send_signal(signal.SIGINT)
                bench.expect(tool.wait(timeout=LIMIT) == 0, f"attach: status {tool.returncode}")
                sock.sendall(b"two")
                bench.expect(sock.recv(10) == b"two", "attach: no echo afterwards")
        bench.expect(server.wait(timeout=LIMIT) == 0, "attach: the server did not end well")
    events = events_of(log)
    bench.expect([e.get("args") for e in events if e["what"] == "begin"] == [f"{bench.victims} echo-good"],
                 f"attach: {events[0]}")
    told = [(e["call"], e["text"]) for e in events if e["what"] == "call" and not e.get("unfinished")]
    bench.expect([call for call, _ in told][:1] == ["accept"] and ("recvfrom", "3") in told and
                 ("sendto", "3") in told, f"attach: {told}")
    bench.expect([e["call"] for e in events if e.get("unfinished")] == ["recvfrom"],
                 f"attach: unfinished: {[e for e in events if e.get('unfinished')]}")


def check_killed(bench):
    """When the tool is killed, what it follows dies with it."""
    with subprocess.Popen([bench.sockdrill, "trace", "-q", "--", "sh", "-c", "echo $$; exec sleep 1000"],
                          stdout=subprocess.PIPE, text=True) as tool:
        tool.stdout.readline()
        tool.kill()
        # The end of the pipe: nobody holds it any more.
        bench.expect(tool.stdout.read() == "", "killed: output")


CHECKS = (check_rights, check_restart, check_cut_restart, check_poll, check_exec, check_threads, check_waits,
          check_many_rights, check_spawn, check_unshare, check_high, check_epolls, check_crowd, check_patient,
          check_statuses, check_passed_signal, check_attach, check_killed)


def main():
    why = subprocess.run([sys.argv[1], "trace", "-q", "true"], capture_output=True, text=True, check=False)
    if why.returncode:
        print(f"skip  everything: {why.stderr.strip()}")
        return 77
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(2) as pool:
        bench = Bench(*sys.argv[1:4], directory)
        jobs = [pool.submit(check, bench) for check in CHECKS]
        if shutil.which("strace"):
            jobs += [pool.submit(check_program, bench, *program) for program in bench.programs()]
        else:
            print("skip  comparison: strace is not installed")
        for job in jobs:
            if error := job.exception():
                bench.expect(False, f"{type(error).__name__}: {error}")
    print(f"{bench.passed} passed, {bench.failed} failed in {time.monotonic() - start:.0f} s")
    return bench.failed != 0


if __name__ == "__main__":
    sys.exit(main())
