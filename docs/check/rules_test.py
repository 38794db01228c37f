#!/usr/bin/env python3
"""rules_test.py -- whether readme_test.py notices what is wrong with a page: small pages of which each has one fault.
usage: rules_test.py BUILD_DIR"""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import commands  # noqa: E402
import output  # noqa: E402
import page  # noqa: E402
import readme_test  # noqa: E402

BUILD = os.path.realpath(sys.argv.pop(1)) if len(sys.argv) > 1 else sys.exit(__doc__)


class Differences(unittest.TestCase):
    """output.difference()"""

    def same(self, wanted, got):
        self.assertIsNone(output.difference(wanted.splitlines(), got.splitlines()))

    def differ(self, wanted, got, *told):
        difference = output.difference(wanted.splitlines(), got.splitlines())
        self.assertIsNotNone(difference)
        for text in told:
            self.assertIn(text, difference)

    def test_words(self):
        self.same("a long line\nb", "a long\n  line b")
        self.same("a <---- end --- b", "a <-- end -------- b")
        self.differ("all is well", "all is bad", "wanted: all is >well<", "got: all is >bad<")
        self.differ("a b", "a", "wanted: a >b<", "got: a >the end<")
        self.differ("a", "a b", "wanted: >the end<", "got: a >b<")
        self.differ("a.c", "abc")
        self.differ("a", "")

    def test_numbers(self):
        self.same("1,360 in 3.09 s on 127.0.0.1:8080", "7 in 12 s on 127.0.0.1:31234")
        self.same("2026-11-21T14:00:59Z", "2031-01-02T03:04:05Z")
        self.same("0 fail", "0 fail")
        self.differ("0 fail", "1 fail", "wanted: >0< fail", "got: >1< fail")
        self.differ("0 fail", "10 fail")
        self.differ("15 pass", "many pass")

    def test_any_lines(self):
        self.same("...\nb\n...\nd", "a\nb\nc\nd")
        self.same("a\n...", "a")
        self.same("...\na\na\n...", "a b a a c")
        self.same("a\n...\na b", "a b a b")
        self.differ("...\nb\n...", "a\nc")
        self.differ("...\nb", "b\nc")
        self.differ("a\n...\nb\n...\nc", "a\nc\nb", ">the end<")
        self.differ("a\n...\na", "a")

    def test_what_varies_by_system(self):
        self.same("Linux 6.18.44 x86_64, isolation netns", "Linux 6.1.0-9-arm64 aarch64, isolation none")
        self.same("skipped 2: needs netem\n3 pass, 2 skip, 0 fail", "3 pass, 0 fail")
        self.differ("3 pass, 0 fail", "3 pass, 2 odd, 0 fail")

    def test_ladders(self):
        ladder = "  ms  a  b\n 0.1  listen(3, 1) = 0\n 0.2  accept(3 ...\n 0.3  ... accept(3, 0) = 4\nend"
        self.same(ladder, "  ms  a  b\n 7.1  accept(3, NULL, ...) = 4\n 8.2  listen(3, 1) = 0\nend")
        self.differ(ladder, ladder.replace("= 4", "= -1 EINTR"), "accept = >4,<", "accept = >-1<")
        self.differ(ladder, ladder.replace("listen", "bind"))
        self.differ(ladder, ladder + " of all")


class Blocks(unittest.TestCase):
    """page.blocks() and page.files_named()"""

    def commands(self, text):
        return [(command.text, command.status, command.output)
                for block in page.blocks(text) for command in block.commands]

    def test_commands_of_a_block_without_output(self):
        self.assertEqual(self.commands("# A\n    # first\n    one 'a # b'  # c\n\n    two   # status 4: nothing\n"),
                         [("one 'a # b'", 0, []), ("two", 4, [])])

    def test_session(self):
        self.assertEqual(self.commands("Text:\n\n    $ one \\\n        more    # status 1\n    x\n\n    y\n\nText\n"),
                         [("one \\\n    more", 1, ["x", "", "y"])])

    def test_offered_commands(self):
        self.assertEqual(self.commands("# A\n    $ one\n      repeat: again\n"),
                         [("one", 0, ["  repeat: again"]), ("again", 0, [])])

    def test_what_is_no_block(self):
        self.assertEqual(page.blocks("A list:\n- one\n    goes on\n"), [])

    def test_excerpt(self):
        (block,) = page.blocks("# A\n    /* a.c -- */\n    int\n")
        self.assertEqual((block.excerpt, block.commands), ("/* a.c -- */\nint", []))

    def test_errors(self):
        for text in ("# A\n    an output\n    $ one\n", "```\none\n```\n"):
            with self.assertRaises(page.PageError):
                page.blocks(text)

    def test_files_named(self):
        text = "[a](ci/a.sh) [b](https://b) `sh ci/c.sh\nX` `fuzz/NAME.c` `x/y`\n| harness/d | e |\n"
        self.assertEqual(page.files_named(text), ["ci/a.sh", "ci/c.sh", "fuzz/*.c", "harness/d"])


class Pages(unittest.TestCase):
    """readme_test.check_pages(): each page has one fault, or none."""

    def outcome(self, text, table=(), **files):
        with tempfile.TemporaryDirectory() as source, tempfile.TemporaryDirectory() as scratch:
            for name, content in {"PAGE.md": text, **files}.items():
                with open(os.path.join(source, name), "w", encoding="utf-8") as file:
                    file.write(content)
            outcomes = readme_test.check_pages(["PAGE.md"], readme_test.Place(source, BUILD, scratch), table, [])
        return ("\n".join(failure for outcome in outcomes for failure in outcome.failures),
                "\n".join(skip for outcome in outcomes for skip in outcome.skips))

    def good(self, *args, **files):
        self.assertEqual(self.outcome(*args, **files)[0], "")

    def bad(self, text, *told, table=()):
        failures, _ = self.outcome(text, table)
        self.assertNotEqual(failures, "")
        for part in told:
            self.assertIn(part, failures)

    def test_good(self):
        self.good("# A\n    $ build/sockdrill list recv_zero_on_orderly_close\n    recv_zero_on_orderly_close\n")
        self.good("# A\n    cat given\n    false  # status 1\n    python3 -c 'import socket'\n", given="text")
        self.good("# A\n    sleep 100 &\n    kill $!\n")

    def test_wrong_command(self):
        self.bad("# A\n    build/sockdril run\n", "PAGE.md:2", "status: wanted 0, got 127", "not found")
        self.bad("# A\n    build/sockdrill run --no-such-option\n", "status: wanted 0, got 2")
        self.bad("# A\n    echo 'one\n", "the shell says")

    def test_wrong_output(self):
        self.bad("# A\n    $ echo is so\n    is other\n", ">other<", "| is other", "| is so")
        self.bad("# A\n    $ true\n    a word\n", "got: >the end<")

    def test_wrong_status(self):
        self.bad("# A\n    true  # status 1\n", "status: wanted 1, got 0")
        self.bad("# A\n    $ sh -c 'echo a; exit 3'\n    a\n", "status: wanted 0, got 3")

    def test_blocks_are_apart(self):
        self.bad("# A\n    touch made\n\n# B\n    cat made\n", "PAGE.md:5")

    def test_what_hangs(self):
        limit, readme_test.LIMIT = readme_test.LIMIT, 1
        try:
            self.bad("# A\n    sleep 1000\n", "did not end within 1 s", "got none")
            self.bad("# A\n    sleep 1000 &\n", "did not end within 1 s")
        finally:
            readme_test.LIMIT = limit

    def test_missing_file(self):
        self.bad("See [this](ci/none.sh).\n\n    true\n", "names ci/none.sh, which is not there")

    def test_excerpt_of_nothing(self):
        self.bad("# A\n    /* none.c -- */\n", "no none.c in cases")

    def test_rows(self):
        self.good("# A\n    exit 9\n", (commands.Row("exit *", "why", "true"),))
        self.bad("# A\n    true\n", "no page has the command of a row: false", table=(commands.Row("false", "why"),))
        self.bad("# A\n    true\n", "has no line of teeth", table=(commands.Row("true", "why", features=("teeth",)),))
        for row in (commands.Row("false", "why", programs=("no-such-program",)),
                    commands.Row("false", "why", file="no/such/file")):
            failures, skips = self.outcome("# A\n    false\n", (row,))
            self.assertEqual(failures, "")
            self.assertIn("PAGE.md:2: not run, no", skips)
        self.assertEqual(commands.to_run(commands.Row("a", "why", "b {}"), "a"), "b a")
        self.assertEqual(commands.to_run(None, "build/sockdrill run"), "build/sockdrill run" + commands.MORE_TIME)
        row = commands.Row("false", "why", features=("tracing",))
        self.assertIsNone(commands.lacking(row, {"tracing": True}, "/"))
        self.assertIn("NO tracing", commands.lacking(row, {"tracing": False}, "/"))

    def test_ports(self):
        self.good("# A\n    $ test 8080 -ne 8080 || echo $((8081 != 8081)) $((8080 == 8080))\n    0 1\n"
                  "    $ test 8080 != 80''80\n")


unittest.main()
