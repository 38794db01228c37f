"""output.py -- whether a command's output is what a page shows of it.

The rule:
- Both are compared word by word: where lines are broken, and how wide gaps and the shafts of arrows are, depends on
  the width of the terminal.
- A number of one digit is the same in both. For any other, such as 15, 0.8, 1,360 or 127.0.0.1, any number stands:
  times, ports, process IDs, and counts that grow.
- A line "..." stands for any lines, and for none.
- A ladder of calls counts as the set of its calls with their results: in which order processes ran, and what was
  folded, differs from run to run.
- What a machine lacks and which system it is differs, too: VARYING."""

import re

ANY_LINES = "..."
NUMBER = r"\d+(?:[.,]\d+)*"
VARYING = [  # (pattern, replacement) for both sides
    (r"^skipped \d+: .*\n", ""),  # a line for each thing that a machine lacks
    (r"^\d+ not run\n", ""),  # of the skipped ones
    (r", \d+ skip\b", ""),
    (r"; \d+ not supported\b", ""),
    (r"\bisolation (netns|none)\b", "isolation KIND"),
    (r"\bLinux \d[\w.+~-]* \w+", "Linux RELEASE MACHINE"),
]
LADDER_HEAD = re.compile(r"\s+ms  \S")
CALL = re.compile(r"(\w+)\([^()]*\) = (-1 E[A-Z]+|-?\d+)")


def _fold_ladders(lines):
    """Puts one line with the sorted calls in the place of the rows of each ladder."""
    folded, calls = [], None
    for line in lines:
        if calls is not None and not line.startswith(" "):
            folded.append("calls: " + ", ".join(sorted(calls)))
            calls = None
        if calls is not None:
            calls.update(f"{name} = {result}" for name, result in CALL.findall(line))
            continue
        folded.append(line)
        if LADDER_HEAD.match(line):
            calls = set()
    if calls is not None:
        folded.append("calls: " + ", ".join(sorted(calls)))
    return folded


def normal_lines(lines):
    """The lines without what varies by system and order."""
    text = "".join(line + "\n" for line in _fold_ladders(lines))
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text.splitlines()


def _words(line):
    return re.sub(r"-{2,}", "--", line).split()


def _pattern(word):
    """What matches a word of the page."""
    parts = re.split(f"({NUMBER})", word)
    return re.compile("".join(
        NUMBER if at % 2 and len(part) > 1 else re.escape(part) for at, part in enumerate(parts)))


def _common(patterns, words, start):
    """How many patterns match the words from `start` on."""
    count = 0
    while (count < len(patterns) and start + count < len(words)
           and patterns[count].fullmatch(words[start + count])):
        count += 1
    return count


def _runs(wanted):
    """The wanted words between lines of ANY_LINES: [[word, ...], ...]; there is one more than such lines."""
    runs = [[]]
    for line in wanted:
        if line == ANY_LINES:
            runs.append([])
        else:
            runs[-1] += _words(line)
    return runs


def _at(words, at):
    """The words around the one that differs, which stands between > and <."""
    word = f">{words[at]}<" if at < len(words) else ">the end<"
    return " ".join(words[max(at - 4, 0):at] + [word] + words[at + 1:at + 5])


def difference(wanted, got):
    """The first difference between the lines of a page and those of a command, as a sentence; None: there is none."""
    runs = _runs(normal_lines(wanted))
    words = [word for line in normal_lines(got) for word in _words(line)]
    at = 0
    for number, run in enumerate(runs):
        patterns = [_pattern(word) for word in run]
        if number == 0:  # it must stand at the beginning
            starts = [0]
        elif number == len(runs) - 1:  # at the end
            starts = [max(at, len(words) - len(run))]
        else:
            starts = range(at, len(words) + 1)
        best = max(starts, key=lambda start: (_common(patterns, words, start), -start))
        same = _common(patterns, words, best)
        if same < len(run):
            return f"wanted: {_at(run, same)}\n   got: {_at(words, best + same)}"
        at = best + same
    if at < len(words):
        return f"wanted: >the end<\n   got: {_at(words, at)}"
    return None
