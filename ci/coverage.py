"""coverage.py -- prints lines and branches of each file from what 'llvm-cov export -summary-only' writes.

Reads standard input; ends with 1 when the files of the parsers together are below what is promised. Those of
the other readers are shown: they share their files with code that reads nothing.
"""

import json
import os
import sys

PROMISED = {"lines": 95.0, "branches": 90.0}
PARSERS = "/harness/protocol/"


def share(counts):
    return 100.0 * counts["covered"] / counts["count"] if counts["count"] else 100.0


def main():
    totals = {kind: {"count": 0, "covered": 0} for kind in PROMISED}
    files = json.load(sys.stdin)["data"][0]["files"]
    print(f"{'file':32} {'lines':>14} {'branches':>14}")
    for file in sorted(files, key=lambda file: file["filename"]):
        if not file["summary"]["lines"]["count"]:
            continue
        row = f"{os.path.basename(file['filename']):32}"
        for kind, total in totals.items():
            counts = file["summary"][kind]
            if PARSERS in file["filename"]:
                total["count"] += counts["count"]
                total["covered"] += counts["covered"]
            row += f" {counts['covered']:4}/{counts['count']:<4}{share(counts):4.0f}%"
        print(row)
    status = 0
    for kind, total in totals.items():
        print(f"{kind} of harness/protocol: {share(total):.2f} %, {PROMISED[kind]:.0f} % promised")
        if not total["count"] or share(total) < PROMISED[kind]:
            status = 1
    return status


sys.exit(main())
