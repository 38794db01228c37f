"""peer.py -- a polite client of the victims, and what became of one of them: ok; dies: its last words; hangs;
wrong."""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
import uuid

import processes

LIMIT = 60  # seconds without a byte; only a broken tracer comes near it


class Hangs(Exception):
    """The victim waits for the client, which waits for it."""


class Wrong(Exception):
    """An answer is not as it must be."""


class Gone(Exception):
    """The victim has closed its end."""


class Peer:
    """The client's end. `tracer` is the process above the victim."""

    def __init__(self, port, tracer, kind=socket.SOCK_STREAM):
        self.port = port
        self.tracer = tracer
        self.deadline = time.monotonic() + LIMIT
        self.before = None
        self.sock = socket.socket(socket.AF_INET, kind)
        try:
            self.sock.connect(("127.0.0.1", port))
        except OSError as error:
            self.sock.close()
            raise Gone from error
        self.sock.settimeout(0.02)
        if kind == socket.SOCK_STREAM:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def victim_waits(self):
        """Whether nothing can happen any more: nothing is under way, and no thread of the victim has run since
        the last look, nor is stopped by its tracer."""
        states = processes.threads(processes.below(self.tracer))
        still = (bool(states) and processes.queued(self.port) == 0
                 and all(state == "S" for state, *_ in states.values()))
        same, self.before = still and states == self.before, states
        return same

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Gone from error

    def receive(self, size):
        """Exactly that many bytes."""
        got = b""
        while len(got) < size:
            if self.sock.type == socket.SOCK_STREAM:
                # Else a victim that answers in pieces would wait for an acknowledgement that is delayed.
                self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            try:
                more = self.sock.recv(size - len(got))
            except TimeoutError as error:
                if self.victim_waits():
                    raise Hangs(f"{len(got)} of {size} bytes") from error
                if time.monotonic() > self.deadline:
                    raise Hangs(f"{LIMIT} s") from error
                continue
            except OSError as error:
                raise Gone from error
            if not more:
                raise Gone
            self.deadline = time.monotonic() + LIMIT
            got += more
        return got

    def expect(self, want):
        got = self.receive(len(want))
        if got != want:
            raise Wrong(f"{got!r} instead of {want!r}")


def echo(peer, number):
    data = bytes((number + i) % 256 for i in range(64))
    peer.send(data)
    peer.expect(data)


def line(peer, number):
    numbers = [number * 10007 + i for i in range(10)]
    peer.send(" ".join(map(str, numbers)).encode() + b"\n")
    peer.expect(b"%d\n" % sum(numbers))


def structure(peer, number):
    numbers = [number * 10007 + i for i in range(15)]
    peer.send(struct.pack("!I15I", len(numbers), *numbers))
    peer.expect(struct.pack("!I", sum(numbers)))


def datagram(peer, number):
    data = bytes((number + i) % 256 for i in range(64))
    peer.sock.send(data)
    peer.expect(data)


ROUNDS = {"echo": echo, "line": line, "struct": structure, "datagram": datagram}


def all_rounds(peer, kind, rounds):
    """Gives how it went from the client's side; None when the victim must tell."""
    try:
        for number in range(rounds):
            ROUNDS[kind](peer, number)
        if kind == "datagram":
            peer.sock.send(b"")
            return "ok"
        peer.sock.shutdown(socket.SHUT_WR)
    except Hangs as error:
        return f"hangs: {error}"
    except Wrong as error:
        return f"wrong: {error}"
    except (Gone, OSError):
        return None
    try:
        peer.receive(1)
    except Hangs as error:
        return f"hangs: at the end: {error}"
    except Gone:
        return "ok"
    return "wrong: more than was asked for"


def talk(port, tracer, kind, rounds):
    try:
        peer = Peer(port, tracer, socket.SOCK_DGRAM if kind == "datagram" else socket.SOCK_STREAM)
    except Gone:
        return None
    with peer.sock:
        return all_rounds(peer, kind, rounds)


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def end(tracer, mark, killed):
    """Ends the victim, if it still runs, or (killed) its tracer; gives what is left although the other has ended."""
    if tracer.poll() is None:
        kill([tracer.pid] if killed else processes.below(tracer.pid))
    tracer.wait()
    deadline = time.monotonic() + LIMIT
    while (left := processes.marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.005)
    kill(left)
    return left


def last_words(tracer, err):
    err.seek(0)
    lines = err.read().decode(errors="replace").split("\n")
    said = [text for text in lines if text.strip() and not text.startswith(("sockdrill", " "))]
    return said[-1] if said else f"status {tracer.returncode}"


def run(command, kind, rounds, out, err, killed=False):
    """Runs a victim behind its tracer and talks to it; `out` and `err` are files for what it says. Gives what
    became of it, and the processes that it left behind. What does not end by itself is killed, or its tracer is."""
    mark = uuid.uuid4().hex
    environment = {**os.environ, processes.MARK: mark}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err,
                          env=environment, start_new_session=True) as tracer:
        told = tracer.stdout.readline()
        result = None
        try:
            if told.strip().isdigit():
                result = talk(int(told), tracer.pid, kind, rounds)
            if result is None or result == "ok":
                tracer.wait(LIMIT)
                if result is None or tracer.returncode:
                    result = f"dies: {last_words(tracer, err)}"
        except subprocess.TimeoutExpired:
            result = "hangs: it does not end"
        left = end(tracer, mark, killed)
        out.write(told + tracer.stdout.read())
    return result, left


if __name__ == "__main__":
    with open(os.devnull, "wb") as nowhere:
        print(*run(sys.argv[2:], sys.argv[1], 300, nowhere, sys.stderr.buffer))
