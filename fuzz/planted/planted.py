#!/usr/bin/env python3
"""planted.py -- the fuzzer is tested: each of these bugs, planted into a copy of the project, must be found.

usage: planted.py SOCKDRILL [NAME...]     without names all; ends with 1 when one was not found in time

A bug is (name, target, file, what stands there, what is planted). What stands there must do so exactly once, so
that no bug is planted nowhere after the code has changed. The seeds are the committed corpus without those inputs
that show the bug by themselves: finding the rest is left to the fuzzer.
"""

import os
import re
import shutil
import subprocess
import sys

LIMIT_S = 20

BUGS = [
    ("use_of_partial_delimiter", "line", "harness/protocol/line.c",
     "if (at + 1 == len)", "if (at == len)"),
    ("off_by_one_in_used", "line", "harness/protocol/line.c",
     "? parse_done(at + 1) :", "? parse_done(at + 2) :"),
    ("use_of_partial_header", "frame", "harness/protocol/frame.c",
     "if (len < header) {", "if (len + 1 < header) {"),
    ("overflow_of_length", "frame", "harness/protocol/frame.c",
     "if (payload > len - header) {", "if (payload + header > len) {"),
    ("off_by_one_in_room", "http", "harness/protocol/emit.h",
     "len <= to->room - to->size)", "len <= to->room - to->size + 1)"),
    ("off_by_one_in_body", "http", "harness/protocol/http_body.c",
     "len > body->left)", "len > body->left + 1)"),
    ("missing_check_of_empty_value", "http", "harness/protocol/http_scan.c",
     "while (value->len > 0 && is_blank(", "while (is_blank("),
    ("off_by_one_in_pascal_string", "pack", "harness/protocol/pack.c",
     "bytes[0] < item->count ?", "bytes[0] <= item->count ?"),
    ("missing_check_of_no_room", "pack", "harness/protocol/pack.c",
     "item->code->shape == STRING || !item->count)", "item->code->shape == STRING)"),
    ("use_of_partial_pointer", "dns", "harness/protocol/dns_name.c",
     "if (place->end - place->at < 2)", "if (place->end - place->at < 1)"),
    ("off_by_one_in_label", "dns", "harness/protocol/dns_name.c",
     "if (label >= place->end - place->at)", "if (label > place->end - place->at)"),
    ("use_of_partial_address", "socks", "harness/protocol/socks.c",
     "if (cursor->len - cursor->pos < len)", "if (cursor->len - cursor->pos + 1 < len)"),
    ("use_of_partial_percent", "url", "harness/protocol/url.c",
     "len - pos > 2 &&", "len - pos > 1 &&"),
    ("missing_check_of_ninth_group", "url", "harness/protocol/url.c",
     "if (ip->used == 16)\n\t\treturn 0;", ""),
    ("use_beyond_short_address", "url", "harness/protocol/url.c",
     "(pos == len || bytes[pos++] != '.')", "(bytes[pos++] != '.')"),
    ("missing_limit_of_records", "records", "harness/engine/record.c",
     "used < RECORDS_MAX ? used : RECORDS_MAX", "used"),
    ("missing_end_of_place", "records", "harness/engine/record.c",
     "while (n + 1 < room)", "while (n < room)"),
    ("cut_within_a_character", "results", "reports/read.c",
     "((unsigned char)text[n] & 0xc0) == 0x80;)", "n > room;)"),
    ("missing_check_of_a_second_result", "comparison", "reports/compare/compare.c",
     "row->cells[reading->system].likeness != LIKE_ABSENT", "!row->cells"),
    ("reason_that_is_not_read_again", "baseline", "harness/engine/baseline.c",
     'result->reason + strspn(result->reason, " \\t")', "result->reason"),
    ("escapes_in_an_error", "command_line", "harness/cli/cli.c",
     "if ((unsigned char)*c < 0x20 || *c == 0x7f)", "if (*c == 0x7f)"),
    ("overflow_of_control_message", "control_messages", "harness/role/control.c",
     "size > room - *at)", "*at + size > room)"),
    ("missing_limit_of_class", "triage", "harness/fuzz/cause.c",
     "at < end && to < CLASS_MAX", "at < end"),
    ("control_in_the_error_of_a_fault", "faults", "harness/trace/fault_spec.c",
     "if (!isprint((unsigned char)*at))", "if (*at == '\\n')"),
]


def copy_tree(source, copy):
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build*", ".git", "__pycache__"))


def plant(bug, source, copy):
    """Writes the file with the bug in the place of the one that has none."""
    name, _, file, old, new = bug
    with open(os.path.join(source, file), encoding="utf-8") as stream:
        text = stream.read()
    if text.count(old) != 1:
        sys.exit(f"planted.py: {name}: {file} has {text.count(old)} times {old!r}: bring the table up to date")
    with open(os.path.join(copy, file), "w", encoding="utf-8") as stream:
        stream.write(text.replace(old, new))


def fuzz(sockdrill, bug, copy, work):
    """What the command says and its status."""
    command = [sockdrill, "fuzz", bug[1], "--source", copy, "--work", work, "--time", str(LIMIT_S),
               "--seed", "1", "--until-crash", "--skip-broken-seeds", "--quiet"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def look_for(sockdrill, bug, source, copy, work):
    """Whether the bug was found; prints a line about it, or all that was said."""
    plant(bug, source, copy)
    status, said = fuzz(sockdrill, bug, copy, work)
    shutil.copy(os.path.join(source, bug[2]), os.path.join(copy, bug[2]))
    seconds = re.search(r"first crash after ([0-9.]+) s", said)
    cause = re.search(r"^1\. (.*)", said, re.MULTILINE)
    found = bool(status == 1 and seconds and cause and float(seconds.group(1)) <= LIMIT_S)
    if found:
        print(f"{bug[1]:6} {bug[0]:32} {seconds.group(1):>5} s  {cause.group(1)}", flush=True)
    else:
        print(f"{bug[1]:6} {bug[0]:32} NOT FOUND, status {status}\n{said}", flush=True)
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    build = os.path.join(source, "build-planted")
    copy, work = os.path.join(build, "tree"), os.path.join(build, "work")
    sockdrill, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    bugs = [bug for bug in BUGS if not names or bug[0] in names]
    if not bugs:
        sys.exit(f"planted.py: none of these is planted: {' '.join(names)}")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(build, exist_ok=True)
    copy_tree(source, copy)
    found = sum(look_for(sockdrill, bug, source, copy, work) for bug in bugs)
    print(f"{found} of {len(bugs)} planted bugs found")
    return 0 if found == len(bugs) else 1


sys.exit(main())
