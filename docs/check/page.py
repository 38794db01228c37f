"""page.py -- the indented blocks of a Markdown page, the commands in them, and the files that a page names.

A block is what is indented by four spaces below a blank line or a heading. There are three kinds:
- An excerpt begins with a C comment, which names its file: /* close.c -- ...
- A session holds lines that begin with "$ ": commands, with their output below them.
- Any other block holds one command per line, and no output.

Output that says "repeat: COMMAND" or "debug: COMMAND" gives commands, too, which come after those of its block.

A line that ends with a backslash goes on in the next. Behind a command and two blanks "# ..." is a comment;
"status N" in it says how the command ends, which is 0 otherwise."""

import os
import re
from dataclasses import dataclass, field

INDENT = "    "
COMMENT = re.compile(r"(?:^|\s{2,})# (?P<text>.*)$")
OFFER = re.compile(r"\s*(repeat|debug):\s+(?P<text>.*)$")
# These are first words of what a page calls a file: the folders of the project.
FOLDER = re.compile(r"(cases|ci|docs|fuzz|harness|reports)(/[\w.*-]+)*/?$")


class PageError(Exception):
    """The page is not written as the rules above say."""


@dataclass
class Command:
    """One command: its text without the comment, and what the page says of it."""
    line: int
    text: str
    status: int = 0
    output: list = field(default_factory=list)  # lines; empty: the page shows none


@dataclass
class Block:
    """An indented block; `commands` is empty for an excerpt, `excerpt` for all others."""
    line: int
    heading: str
    commands: list = field(default_factory=list)
    excerpt: str = ""


def _command(line, text):
    """The command of one or more lines, the first of which has the number `line`."""
    comment = COMMENT.search(text)
    status = re.search(r"\bstatus (\d+)", comment["text"]) if comment else None
    return Command(line, text[:comment.start()] if comment else text, int(status[1]) if status else 0)


def _commands(first, lines):
    """Those of a block whose first line has the number `first`."""
    session = any(line.startswith("$ ") for line in lines)
    texts, outputs, goes_on = [], [], False  # texts: (number, text)
    for number, line in enumerate(lines, first):
        if goes_on:
            texts[-1] = (texts[-1][0], f"{texts[-1][1]}\n{line}")
        elif not session or line.startswith("$ "):
            texts.append((number, line.removeprefix("$ ")))
            outputs.append([])
        elif outputs:
            outputs[-1].append(line)
            continue
        else:
            raise PageError(f"line {number}: output without a command: put '$ COMMAND' above it")
        goes_on = line.endswith("\\")
    commands = []
    for (number, text), output in zip(texts, outputs):
        command = _command(number, text)
        if command.text:  # not a blank line or a comment alone
            command.output = output
            commands.append(command)
    offered = []
    for command in commands:
        while command.output and not command.output[-1]:
            command.output.pop()
        offered += [Command(command.line, offer["text"]) for offer in map(OFFER.match, command.output) if offer]
    return commands + offered


def blocks(text):
    """All blocks of a page, in their order."""
    found, heading, lines = [], "", text.splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.startswith("```"):
            raise PageError(f"line {number + 1}: a fenced block, which nobody runs: indent it by four spaces")
        if line.startswith("#"):
            heading = line.lstrip("# ")
        above = lines[number - 1] if number else ""
        if not line.startswith(INDENT) or (above and not above.startswith("#")):
            number += 1
            continue
        end = number
        while end < len(lines) and (lines[end].startswith(INDENT) or not lines[end]):
            end += 1
        while not lines[end - 1]:
            end -= 1
        content = [below.removeprefix(INDENT).rstrip() for below in lines[number:end]]
        block = Block(number + 1, heading)
        if content[0].startswith("/*"):
            block.excerpt = "\n".join(content)
        else:
            block.commands = _commands(block.line, content)
        found.append(block)
        number = end
    return found


def files_named(text):
    """The files and folders that a page names: in links, in table rows that begin with one, in code spans that are
    paths, and as scripts of commands in them. NAME stands for any name."""
    prose = "\n".join(line for line in text.splitlines() if not line.startswith(INDENT))
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    spans += [row.strip() for row in re.findall(r"^\|([^|`]+)\|", prose, re.MULTILINE)]
    named = [link for link in re.findall(r"\]\(([^)#]+)\)", prose) if "://" not in link]
    for span in spans:
        script = re.match(r"(?:sh|python3) (\S+)", span)
        path = re.sub(r"\bNAME\b", "*", script[1] if script else span)
        if FOLDER.match(path):
            named.append(path)
    return sorted(set(map(os.path.normpath, named)))
