#!/usr/bin/env python3
# doctor_test.py -- doctor on machines that lack something: it names what, and the option or setting to change; its
# JSON has the facts of its text. usage: doctor_test.py SOCKDRILL HARDENED
#
# The machines are made of what hardened.c filters, of namespaces whose limits are set, and of files put in place of
# settings that this kernel has not.
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# An ordinary user needs a way to both programs.
directory = tempfile.mkdtemp()
os.chmod(directory, 0o755)
sockdrill, hardened = (shutil.copy(path, directory) for path in sys.argv[1:3])
failures = 0

IS_ROOT = os.geteuid() == 0
AS_USER = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if IS_ROOT else []
WITHOUT_CAPABILITIES = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def expect(condition, what):
    global failures
    if not condition:
        print("NOT SO:", what)
        failures += 1


def shell(script, *command):
    """The command, run by a shell after the script."""
    return ["sh", "-c", script + '; exec "$@"', "sh", *command]


def with_limit(name, value, *command):
    return ["unshare", "--map-root-user", *shell(f"echo {value} >/proc/sys/user/{name}", *command)]


def with_settings(settings, *command):
    """As a kernel that has these under /proc/sys/kernel."""
    script = f"d=$(mktemp -d) && mount -t tmpfs none $d && mkdir $d/yama && cd /"
    for name, value in settings.items():
        script += f" && echo {value} >$d/{name}"
    script += " && mount --move $d /proc/sys/kernel && rmdir $d"
    return ["unshare", "--mount", *shell(script, *command)]


def without_mounted(path, *command):
    return ["unshare", "--mount", *shell(f"umount -l {path}", *command)]


def without_dev_and_etc(*command):
    script = "for d in /dev /etc; do mount -t tmpfs -o mode=755 none $d; done"
    return ["unshare", "--map-root-user", "--mount", *shell(script, *command)]


def document(command, **variables):
    result = subprocess.run([*command, sockdrill, "doctor", "--json"], stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, env={**os.environ, **variables})
    if result.returncode != 0 or result.stderr:
        return None, f"status {result.returncode}, {result.stderr}"
    return json.loads(result.stdout), ""


def possible(command):
    return subprocess.run([*command, "true"], stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


SECCOMP = "a seccomp filter forbids unshare() and clone() of namespaces"
UNCONFINED = "docker run --security-opt seccomp=unconfined"

# A machine, whether it takes root here to make it, and what must be said of a check: parts of the reason and of the
# fix; None: it works.
MACHINES = [
    ("the filter of Docker", False, [*AS_USER, hardened, "docker"],
     {"isolation": (SECCOMP, UNCONFINED), "looking": ("forbids pidfd_getfd()", "--cap-add SYS_PTRACE"),
      "netns": ("there is no isolation", UNCONFINED), "tracing": None}),
    ("the filter of Docker and no capabilities", True, [*WITHOUT_CAPABILITIES, hardened, "docker"],
     {"isolation": (SECCOMP + "; CAP_SYS_ADMIN, CAP_NET_ADMIN are missing",
                    UNCONFINED + ", or --cap-add SYS_ADMIN --cap-add NET_ADMIN"),
      "root": ("CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_SETUID, CAP_SETGID are missing", "--cap-add SETUID")}),
    ("root without capabilities", True, WITHOUT_CAPABILITIES,
     {"isolation": ("root lacks CAP_SETFCAP", "--cap-add SETFCAP, or --cap-add SYS_ADMIN --cap-add NET_ADMIN")}),
    ("root without CAP_SYS_ADMIN", True, ["setpriv", "--bounding-set=-sys_admin"],
     {"isolation": None, "root": ("CAP_SYS_ADMIN is missing", "docker run --cap-add SYS_ADMIN")}),
    ("root without CAP_NET_ADMIN and user namespaces", True,
     ["setpriv", "--bounding-set=-net_admin", hardened, "no-userns"],
     {"isolation": ("CAP_NET_ADMIN is missing", "docker run --cap-add NET_ADMIN")}),
    ("no user namespaces left", False, with_limit("max_user_namespaces", 0, *WITHOUT_CAPABILITIES),
     {"isolation": ("user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces=")}),
    ("no network namespaces left", False, with_limit("max_net_namespaces", 0),
     {"isolation": ("user.max_net_namespaces is 0", "sysctl -w user.max_net_namespaces="),
      "root": ("maps no user 65534", "run as root of the machine")}),
    ("the last network namespace", False, with_limit("max_net_namespaces", 1, "unshare", "--net"),
     {"isolation": ("a limit of namespaces is reached", "end what holds them")}),
    ("a user that is not mapped", False, ["unshare", "--user"],
     {"isolation": ("maps no user 65534", "--map-root-user")}),
    ("Debian's switch", True, with_settings({"unprivileged_userns_clone": 0}, *AS_USER, hardened, "no-userns"),
     {"isolation": ("kernel.unprivileged_userns_clone is 0",
                    "sysctl -w kernel.unprivileged_userns_clone=1, or run as root")}),
    ("Ubuntu's switch", True,
     with_settings({"unprivileged_userns_clone": 1, "apparmor_restrict_unprivileged_userns": 1}, *AS_USER, hardened,
                   "no-userns"),
     {"isolation": ("kernel.apparmor_restrict_unprivileged_userns is 1",
                    "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run as root")}),
    ("user namespaces that are forbidden for no known reason", False, [*AS_USER, hardened, "no-userns"],
     {"isolation": ("Operation not permitted", "run as root"), "tracing": None}),
    ("Yama for administrators", True, with_settings({"yama/ptrace_scope": 2}, *AS_USER, hardened, "no-trace"),
     {"tracing": ("kernel.yama.ptrace_scope is 2", "sysctl -w kernel.yama.ptrace_scope=1, or run as root")}),
    ("Yama for nobody", True, with_settings({"yama/ptrace_scope": 3}, *AS_USER, hardened, "no-trace"),
     {"tracing": ("kernel.yama.ptrace_scope is 3", "boot")}),
    ("no /proc", True, without_mounted("/proc", *AS_USER),
     {"proc": ("/proc is not mounted", "mount -t proc proc /proc"), "proc-net": ("/proc/net/tcp", "mount /proc"),
      "isolation": ("cannot map the user: /proc is not mounted", "mount -t proc proc /proc, or run as root")}),
    ("no files in /dev and /etc", False, without_dev_and_etc(),
     {"hosts": ("an /etc/hosts that names localhost", "127.0.0.1 localhost"),
      "services": ("/etc/services", "install netbase"), "dev-null": ("/dev/null", "mknod -m 666 /dev/null c 1 3")}),
]

for name, takes_root, command, wanted in MACHINES:
    if (takes_root and not IS_ROOT) or not possible(command):
        print(f"not tried here: {name}")
        continue
    facts, error = document(command)
    expect(facts, f"{name}: there is a document: {error}")
    checks = {check["name"]: check for check in (facts or {"checks": []})["checks"]}
    for key, words in wanted.items():
        check = checks.get(key)
        expect(check, f"{name}: there is a check {key}")
        if not check or words is None:
            expect(check and check["works"], f"{name}: {key} works: {check}")
            continue
        expect(not check["works"], f"{name}: {key} does not work: {check}")
        expect(words[0] in (check["reason"] or ""), f"{name}: the reason of {key} has '{words[0]}': {check}")
        expect(words[1] in (check["fix"] or ""), f"{name}: the fix of {key} has '{words[1]}': {check}")

# What is lost is counted, and what works loses nothing.
facts, error = document([*AS_USER, hardened, "docker"])
checks = {check["name"]: check for check in facts["checks"]}
expect(checks["netns"]["lost"] > 0 and checks["own-net"]["lost"] > 0, f"instances are lost: {checks}")
expect(f"{checks['netns']['lost']} case instances are skipped" == checks["netns"]["cost"], f"the cost: {checks}")
for check in facts["checks"]:
    expect(set(check) == {"name", "works", "lost", "note", "cost", "reason", "fix"}, f"keys: {check}")
    expect(not check["works"] or not (check["lost"] or check["reason"] or check["fix"]), f"what works: {check}")
    expect(check["works"] or check["reason"], f"what does not work has a reason: {check}")
expect(facts["sysname"] == os.uname().sysname and facts["machine"] == os.uname().machine, f"the system: {facts}")

# The text has the same facts, a line for each and one for its fix.
text = subprocess.run([*AS_USER, hardened, "docker", sockdrill, "doctor"], capture_output=True, text=True).stdout
lines = iter(text.splitlines()[1:])
for check in facts["checks"]:
    line = next(lines)
    expect(line.split()[:2] == ["yes" if check["works"] else "NO", check["name"]], f"{check}: {line}")
    expect((check["reason"] or "") in line and (check["cost"] or check["note"] or "") in line, f"{check}: {line}")
    if check["fix"]:
        line = next(lines)
        expect(re.fullmatch(r" *fix: +" + re.escape(check["fix"]), line), f"{check}: {line}")
expect(next(lines, None) is None, "the text has no further lines")

facts, error = document([], TMPDIR=os.path.join(directory, "nowhere"))
temporary = next(check for check in facts["checks"] if check["name"] == "temporary")
expect(not temporary["works"] and "nowhere" in temporary["reason"], f"a missing TMPDIR is named: {temporary}")

# The run that insists on isolation says the same.
result = subprocess.run([*AS_USER, hardened, "docker", sockdrill, "run", "--isolation", "netns"], capture_output=True,
                        text=True)
expect(result.returncode == 3 and result.stderr == f"sockdrill run: no isolation here: cannot make namespaces: {SECCOMP}: "
       f"{UNCONFINED}, or --isolation none\n", f"what a run says without isolation: {result}")

shutil.rmtree(directory)
if failures:
    sys.exit(1)
print("doctor names what is missing and what to change")
