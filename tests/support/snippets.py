"""The code of the documentation: fenced blocks, the command lines in them, and commands named in a sentence."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CommandLine", "Snippet", "command_lines", "named_commands", "read_snippets"]

_FENCED = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_ENDS_OF_A_COMMAND = ("|", "||", "&&", "&", ";")


@dataclass(frozen=True)
class Snippet:
    """A fenced block: its document, the number of its first line, its language ("" if none is given), its code."""

    path: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


@dataclass(frozen=True)
class CommandLine:
    """A program and its arguments; ``where`` is FILE:LINE; ``written`` are the files that it writes by ``>``."""

    where: str
    words: tuple[str, ...]
    written: tuple[str, ...] = ()


def read_snippets(path: Path) -> list[Snippet]:
    """Return the fenced blocks of a document."""
    text = path.read_text(encoding="utf-8")
    return [
        Snippet(
            path,
            text.count("\n", 0, match.start("text")) + 1,
            match["language"],
            re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE),
        )
        for match in _FENCED.finditer(text)
    ]


def command_lines(snippet: Snippet) -> Iterator[CommandLine]:
    """Yield the commands of a block; comments, brackets around what may be left out, and ``...`` are left out."""
    line = snippet.line
    for part in re.split(r"(?<!\\)\n", snippet.text):
        where = f"{snippet.path.name}:{line}"
        line += 1 + part.count("\n")
        yield from _commands(part, where=where)


def named_commands(path: Path, *, programs: frozenset[str]) -> Iterator[CommandLine]:
    """Yield the commands of these programs that stand between backticks outside of the blocks."""
    text = _FENCED.sub(lambda match: "\n" * match.group().count("\n"), path.read_text(encoding="utf-8"))
    for number, row in enumerate(text.splitlines(), 1):
        for span in _SPAN.findall(row):
            if span.split()[0] in programs:
                yield from _commands(span, where=f"{path.name}:{number}")


def _commands(text: str, *, where: str) -> Iterator[CommandLine]:
    plain = re.sub(r"(?<!\S)\[(.+?)\](?!\S)", r"\1", text.replace("\\\n", " "))
    words = [word for word in _split(plain) if word != "..."]
    while words:
        end = next((place for place, word in enumerate(words) if word in _ENDS_OF_A_COMMAND), len(words))
        command, words = words[:end], words[end + 1 :]
        into = [place for place, word in enumerate(command) if word in (">", ">>")]
        written = tuple(command[place + 1] for place in into)
        kept = [word for place, word in enumerate(command) if place not in into and place - 1 not in into]
        if kept:
            yield CommandLine(where, tuple(kept), written)


def _split(text: str) -> list[str]:
    reader = shlex.shlex(text, posix=True, punctuation_chars="|&;>")
    reader.whitespace_split = True
    return list(reader)
