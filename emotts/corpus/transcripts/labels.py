"""Readers of label tracks (Audacity) and plain scripts; every problem names file and line."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.text_lines import read_lines
from emotts.corpus.transcripts.marks import split_mark
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = [
    "Label",
    "ScriptLine",
    "in_order",
    "is_label_track",
    "parse_label_track",
    "parse_script",
    "read_utterance",
    "unusable_character",
]

_OVERLAP_S = 0.001
_MAX_CHARACTERS = 2000
"""Minutes of speech; a longer text is a file without line ends, or another file altogether."""
_LABEL = re.compile(r"\s*-?\d+(?:[.,]\d+)?\t\s*-?\d+(?:[.,]\d+)?\t")
_DECIMAL_COMMA = re.compile(r"\s*(\d+),(\d+)\s*")


@dataclass(frozen=True)
class Label:
    """One label of a track; ``emotion`` and ``intensity`` are None where the line has no mark."""

    start_s: float
    end_s: float
    text: str
    emotion: str | None = None
    intensity: float | None = None
    line: int = 0


@dataclass(frozen=True)
class ScriptLine:
    """One utterance of a script."""

    text: str
    emotion: str | None = None
    intensity: float | None = None
    line: int = 0


def is_label_track(path: Path) -> bool:
    """Say whether a text file is a label track, whatever its name: its first line begins with two times and tabs.

    Raises:
        CorpusError: if the file is missing or not readable.
    """
    first = next((line for _, line in read_lines(path) if line.strip() and not line.startswith("\\")), "")
    return _LABEL.match(first) is not None


def parse_label_track(path: Path, *, emotions: EmotionSet | None = None) -> list[Label]:
    """Read an Audacity label track: start, end (seconds) and text, tabs between; labels in order of time.

    A text may begin with a mark: ``[happy]`` or ``[happy 0.8]``. Blank lines and Audacity's lines with
    frequencies (they begin with a backslash) are passed over. A decimal comma is read as a point.

    Raises:
        CorpusError: naming file and line, if the file is missing, not readable or without labels, or a line
            has a bad number, an end before its start, an empty or unusable text, a bad mark, or overlaps another.
    """
    labels = []
    for number, line in read_lines(path):
        if not line.strip() or line.startswith("\\"):
            continue
        where = f"{path}:{number}"
        fields = line.split("\t", 2)
        if len(fields) != 3:
            raise CorpusError(
                "line is not a label",
                where=where,
                found=repr(line[:80]),
                wanted="start TAB end TAB text, times in seconds",
            )
        start_s, end_s = (_seconds(field, where=where) for field in fields[:2])
        if end_s <= start_s:
            raise CorpusError(
                "label ends before it starts" if end_s < start_s else "label has no length",
                where=where,
                found=f"start {start_s:g} s, end {end_s:g} s",
                remedy="draw the label over the whole utterance",
            )
        line_read = read_utterance(fields[2], number=number, where=where, emotions=emotions)
        labels.append(Label(start_s, end_s, line_read.text, line_read.emotion, line_read.intensity, number))
    if not labels:
        raise CorpusError("label track has no labels", where=path, remedy="label the recording, or remove the file")
    return in_order(labels, path)


def parse_script(path: Path, *, emotions: EmotionSet | None = None, styles: Collection[str] = ()) -> list[ScriptLine]:
    """Read a script: one utterance a line in the order of the recording, each with an optional mark in front.

    Blank lines and lines that begin with ``#`` are passed over. ``styles`` are names that a mark may hold besides
    emotions, where lines are to be spoken.

    Raises:
        CorpusError: naming file and line, if the file is missing, not readable or without lines, or a line has
            an empty or unusable text or a bad mark.
    """
    lines = [
        read_utterance(line, number=number, where=f"{path}:{number}", emotions=emotions, styles=styles)
        for number, line in read_lines(path)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise CorpusError("script has no lines", where=path, remedy="write one utterance a line, or remove the file")
    return lines


def unusable_character(text: str) -> str | None:
    """Return the first character that a text must not hold: the lists' separator, or a control character."""
    return next((char for char in text if char == "|" or unicodedata.category(char) in ("Cc", "Zl", "Zp")), None)


def _seconds(field: str, *, where: str) -> float:
    try:
        value = float(_DECIMAL_COMMA.sub(r"\1.\2", field))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise CorpusError("bad number", where=where, found=repr(field), wanted="a time in seconds such as 12.345")
    return value


def read_utterance(
    line: str, *, number: int, where: str, emotions: EmotionSet | None, styles: Collection[str] = ()
) -> ScriptLine:
    """Read what is said in one utterance, with an optional mark in front; invisible characters are left out.

    Args:
        line: the text as it was written.
        number: of the line that it comes from.
        where: that line's place, for messages.
        emotions: the emotion set; None: the base set.
        styles: names that a mark may hold besides emotions.

    Raises:
        CorpusError: if the text is empty or too long, has a character that no list can hold, or a bad mark.
    """
    mark, text = split_mark(line, where=where, emotions=emotions or EmotionSet(), styles=styles)
    if not text:
        raise CorpusError("text is empty", where=where, remedy="write what is said there, or remove the line")
    if len(text) > _MAX_CHARACTERS:
        raise CorpusError(
            "text is too long for one utterance",
            where=where,
            found=f"{len(text)} characters, {text[:40]!r} and so on",
            wanted=f"at most {_MAX_CHARACTERS}",
            remedy="write one utterance a line",
        )
    bad = unusable_character(text)
    if bad is not None:
        raise CorpusError(
            f"character {bad!r} cannot be in a text",
            where=where,
            found=repr(text[:80]),
            remedy="remove it; the corpus lists use | between their fields",
        )
    return ScriptLine(unicodedata.normalize("NFC", text), mark.emotion, mark.intensity, number)


def in_order(labels: Collection[Label], path: Path) -> list[Label]:
    """Return labels in order of time; raises CorpusError, naming the line, where two overlap."""
    labels = sorted(labels, key=lambda label: label.start_s)
    for before, after in itertools.pairwise(labels):
        if after.start_s < before.end_s - _OVERLAP_S:
            raise CorpusError(
                "labels overlap",
                where=f"{path}:{after.line}",
                found=f"{after.start_s:g}-{after.end_s:g} s and, in line {before.line}, "
                f"{before.start_s:g}-{before.end_s:g} s",
                remedy="move the borders apart",
            )
    return labels
