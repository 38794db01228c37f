#!/usr/bin/env python3
"""command_line.py -- seeds of the fuzz target command_line: a word a line, and variables behind a "$"."""

import seeds


def seed(*words):
    return "\n".join(words).encode()


seeds.write({
    "one_name": seed("accept"),
    "globs": seed("accept_*", "*/inet6", "a?c[!x-z]*", "a\\*b"),
    "class": seed("accept_[[:alpha:]]eads*", "[]a]*", "[!]a]*"),
    "open_class": seed("a[b"),
    "empty_glob": seed("-v", "", "-v"),
    "backslash": seed("a\\"),
    "many_stars": seed("*a" * 40 + "b", "--exclude=" + "*?" * 40),
    "jobs": seed("-j", "4", "--jobs=2", "-j1"),
    "jobs_0": seed("-j0"),
    "jobs_text": seed("--jobs=many"),
    "reports": seed("--report", "tap:x", "--report=jsonl:y"),
    "too_many_reports": seed(*["--report=tap"] * 9),
    "families": seed("--family=inet,inet6,unix,any"),
    "family_unknown": seed("--family=inet,ipx"),
    "family_empty": seed("--family=inet,"),
    "exclude": seed("--exclude=a*", "--exclude", "b"),
    "exclude_bad": seed("--exclude=[a"),
    "repeat": seed("--repeat=3", "--shuffle", "--fail-fast"),
    "repeat_retries": seed("--repeat=3", "--retries=2"),
    "until_fail": seed("--until-fail", "--slow", "-v", "-vv", "-q"),
    "until_fail_repeat": seed("--until-fail", "--repeat=2"),
    "update": seed("--expect=f", "--expect-update"),
    "update_alone": seed("--expect-update"),
    "update_until_fail": seed("--expect=f", "--expect-update", "--until-fail"),
    "seed": seed("--shuffle=77"),
    "seed_0": seed("--shuffle=0"),
    "seed_large": seed("--shuffle=9223372036854775808"),
    "shard": seed("--shard=2/3"),
    "shard_beyond": seed("--shard=4/3"),
    "shard_text": seed("--shard=1"),
    "shard_long": seed("--shard=11111111111111111/2"),
    "times": seed("--max-wait=0", "--timeout=5", "--timeout-multiplier=2.5"),
    "multiplier_nan": seed("--timeout-multiplier=nan"),
    "multiplier_hexadecimal": seed("--timeout-multiplier=0x1p3"),
    "multiplier_0": seed("--timeout-multiplier=0.001"),
    "stack": seed("--stack=lwip/2.1.3"),
    "stack_bad": seed("--stack=a/b/c"),
    "stack_long": seed("--stack=" + "a" * 32),
    "words": seed("--isolation=netns", "--color=never", "--here=client", "--keep", "--rerun-failed=f"),
    "word_bad": seed("--color=red"),
    "unknown": seed("--nothing"),
    "unknown_letter": seed("-vz"),
    "escape": seed("--\x1b[2J"),
    "abbreviated": seed("--isol=none", "--ti=5"),
    "missing": seed("--repeat"),
    "value_for_none": seed("--keep=1"),
    "end": seed("--", "-v", "--x"),
    "bazel": seed("$TEST_TOTAL_SHARDS=3", "$TEST_SHARD_INDEX=2", "$TEST_SHARD_STATUS_FILE=f"),
    "gtest": seed("$GTEST_TOTAL_SHARDS=3", "$GTEST_SHARD_INDEX=0"),
    "bazel_bad": seed("$TEST_TOTAL_SHARDS=3", "$TEST_SHARD_INDEX=3"),
})
