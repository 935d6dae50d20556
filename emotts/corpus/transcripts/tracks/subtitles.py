"""Subtitles in SubRip (srt) and WebVTT (vtt): texts below a line with their times.

Libraries for these formats pass over what they cannot read; here a file that breaks off is an error with its line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpus.text_lines import read_lines
from emotts.corpus.transcripts.tracks.clock import read_time
from emotts.corpus.transcripts.tracks.cue import Cue
from emotts.errors import CorpusError

__all__ = ["read_subtitles"]

_ARROW = "-->"
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|\{\\[^{}]*\}|<\d\d:[\d:.]+>")
_ASIDE = ("NOTE", "STYLE", "REGION")
"""First words of blocks in WebVTT that hold no text."""

Line = tuple[int, str]


def read_subtitles(path: Path) -> list[Cue]:
    """Return the texts of an srt or vtt file; tags are left out, the rows of a text are joined by a blank.

    Raises:
        CorpusError: naming file and line, if a text has no times, the times cannot be read, or there is no text
            below them.
    """
    is_vtt = path.suffix.lower() == ".vtt"
    lines = read_lines(path)
    if is_vtt and not lines[0][1].startswith("WEBVTT"):
        raise CorpusError(
            "file is no WebVTT", where=f"{path}:1", found=repr(lines[0][1][:40]), wanted="WEBVTT in its first line"
        )
    blocks = list(_blocks(lines))
    if is_vtt:
        blocks = [block for block in blocks[1:] if block[0][1].split()[0] not in _ASIDE]
    return [_cue(block, path) for block in blocks]


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for number, line in lines:
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _cue(block: list[Line], path: Path) -> Cue:
    """Return a block as a cue: an optional number or name, the line with the times, the text."""
    times = next((place for place, (_, line) in enumerate(block[:2]) if _ARROW in line), None)
    if times is None:
        raise CorpusError(
            "text without times",
            where=f"{path}:{block[0][0]}",
            found=repr(block[0][1][:40]),
            wanted="00:00:01,000 --> 00:00:03,500 in the line above it",
        )
    number, line = block[times]
    where = f"{path}:{number}"
    before, _, after = line.partition(_ARROW)
    end = after.split()
    if not end:
        raise CorpusError("times break off", where=where, found=repr(line[:60]), wanted="START --> END")
    rows = [_TAG.sub("", row).strip() for _, row in block[times + 1 :]]
    text = html.unescape(" ".join(row for row in rows if row))
    if not text:
        raise CorpusError("no text below the times", where=where, remedy="write what is said there, or remove them")
    return Cue(read_time(before, where=where), read_time(end[0], where=where), text, number)
