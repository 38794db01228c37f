#!/usr/bin/env python3
"""triage.py -- seeds of the fuzz target triage: what sanitizers, properties and fuzzers write."""

import seeds

FRAMES = """\
    #0 0x7f1 in __interceptor_abort ../sanitizer.c:1
    #1 0x55d in parse ../harness/protocol/frame.c:88:3
    #2 0x55e in LLVMFuzzerTestOneInput ../fuzz/targets/frame.c:9
"""
seeds.write({name: text.encode() for name, text in {
    "nothing": "all is well\n",
    "address": "==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60 at pc\n" + FRAMES + "\n",
    "leak": "==1==ERROR: LeakSanitizer: detected memory leaks\n\n" + FRAMES,
    "undefined": "a.c:3:5: runtime error: signed integer overflow: 2147483647 + -1 cannot\n" + FRAMES,
    "assertion": "x: a.c:3: f: Assertion `n < 0x1f' failed.\n",
    "property": "a.c:3: this property does not hold: a == b\n" + FRAMES,
    "property_then_address": "this property does not hold: a\nERROR: AddressSanitizer: ABRT on 0x1\n" + FRAMES,
    "many_frames": "runtime error: x\n" + "".join(f"#{i} 0x1 in f{i} h.h:{i}\n" for i in range(5)),
    "same_frame": "runtime error: x\n" + "#0 0x1 in f a.c:1\n" * 4,
    "no_file": "runtime error: x\n#0 0x1 in f (/lib/x+0x12)\n#1 0x1 in g\n",
    "long_class": "runtime error: " + "long " * 40 + "\n",
    "escape": "runtime error: \033[2J\007\n#0 0x1 in \033 a.c:1\n",
    "stats": "execs_done        : 50123\nexecs_per_sec     : 12345.67\nstability : 100.00%\nsaved_crashes : 2\n",
    "stats_huge": "execs_done : 1e308\nsaved_crashes : 99999999999\nstability : nan\nexecs_per_sec : -5\n",
    "stats_cut": "execs_done",
    "stats_next_line": "execs_done\n: 5\nexecs_per_sec : inf",
    "libfuzzer": "#2\tINITED cov: 3\n#1024\tNEW\n",
    "libfuzzer_huge": "#99999999999999999999999\n",
}.items()})
