"""processes.py -- what /proc tells of processes below this one: which there are, whether they can go on."""

import ctypes
import os

MARK = "SOCKDRILL_VICTIM"
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """From now on a process whose parent has ended becomes a child of this one."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def read(path):
    """The bytes of a file of /proc; none when its process is gone."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def all_processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def marked(mark):
    """The processes that run with MARK=mark in their environment, wherever they may have gone."""
    variable = f"{MARK}={mark}".encode()
    return [pid for pid in all_processes() if variable in read(f"/proc/{pid}/environ").split(b"\0")]


def below(pid):
    """All children of a process, and theirs."""
    children = {}
    for other in all_processes():
        fields = read(f"/proc/{other}/stat").rpartition(b")")[2].split()
        if fields:
            children.setdefault(int(fields[1]), []).append(other)
    found, new = [], [pid]
    while new:
        new = [child for parent in new for child in children.get(parent, [])]
        found += new
    return found


def threads(pids):
    """State and count of context switches of all their threads."""
    states = {}
    for pid in pids:
        try:
            tids = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        for tid in tids:
            status = dict(line.split(":", 1) for line in
                          read(f"/proc/{pid}/task/{tid}/status").decode(errors="replace").splitlines())
            states[pid, tid] = (status.get("State", "gone").split()[0],
                                status.get("voluntary_ctxt_switches"),
                                status.get("nonvoluntary_ctxt_switches"))
    return states


def queued(port):
    """Bytes in the queues of all TCP connections from and to this port of the loopback."""
    total = 0
    for line in read("/proc/net/tcp").decode().splitlines()[1:]:
        fields = line.split()
        if any(int(name.split(":")[1], 16) == port for name in fields[1:3]):
            total += sum(int(count, 16) for count in fields[4].split(":"))
    return total
