"""Read label tracks (Audacity) and plain scripts; every problem names file and line."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from emotts.emotions import EmotionSet
from emotts.errors import CorpusError

__all__ = ["MAX_INTENSITY", "Label", "ScriptLine", "parse_label_track", "parse_script"]

MAX_INTENSITY = 1.5
"""Largest intensity that a mark may carry."""

_MARK = re.compile(r"^\[([^\]]*)\]\s*(.*)$", re.DOTALL)
_OVERLAP_S = 0.001


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


def parse_label_track(path: Path, *, emotions: EmotionSet | None = None) -> list[Label]:
    """Read an Audacity label track: start, end (seconds) and text, tabs between; labels in order of time.

    A text may begin with a mark: ``[happy]`` or ``[happy 0.8]``. Blank lines and Audacity's lines with
    frequencies (they begin with a backslash) are passed over.

    Raises:
        CorpusError: naming file and line, if the file is missing, not UTF-8 or without labels, or a line has
            a bad number, an end before its start, an empty or unusable text, a bad mark, or overlaps another.
    """
    labels = []
    for number, line in _lines(path):
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
        line_read = _utterance(fields[2], number=number, where=where, emotions=emotions)
        labels.append(Label(start_s, end_s, line_read.text, line_read.emotion, line_read.intensity, number))
    if not labels:
        raise CorpusError("label track has no labels", where=path, remedy="label the recording, or remove the file")
    return _in_order(labels, path)


def parse_script(path: Path, *, emotions: EmotionSet | None = None, styles: Collection[str] = ()) -> list[ScriptLine]:
    """Read a script: one utterance a line in the order of the recording, each with an optional mark in front.

    Blank lines and lines that begin with ``#`` are passed over. ``styles`` are names that a mark may hold besides
    emotions, where lines are to be spoken.

    Raises:
        CorpusError: naming file and line, if the file is missing, not UTF-8 or without lines, or a line has
            an empty or unusable text or a bad mark.
    """
    lines = [
        _utterance(line, number=number, where=f"{path}:{number}", emotions=emotions, styles=styles)
        for number, line in _lines(path)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise CorpusError("script has no lines", where=path, remedy="write one utterance a line, or remove the file")
    return lines


def _lines(path: Path) -> list[tuple[int, str]]:
    if not path.is_file():
        raise CorpusError("file is missing", where=path)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            "file is not UTF-8",
            where=f"{path}:{number}",
            found=_encoding(raw),
            remedy="save it as UTF-8 in the text editor",
        ) from error
    # only these end a line: str.splitlines would also split at characters that are errors inside a text
    return list(enumerate(re.split(r"\r\n|\r|\n", text), 1))


def _encoding(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    try:
        text = raw.decode("cp949")
    except UnicodeDecodeError:
        return "an unknown encoding"
    hangul = any("가" <= char <= "힣" for char in text)
    return "CP949 (EUC-KR), the old Korean encoding of Windows" if hangul else "an unknown encoding"


def _seconds(field: str, *, where: str) -> float:
    try:
        value = float(field.strip())
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        remedy = "write a decimal point" if re.fullmatch(r"\s*\d+,\d+\s*", field) else None
        raise CorpusError(
            "bad number", where=where, found=repr(field), wanted="a time in seconds such as 12.345", remedy=remedy
        )
    return value


def _utterance(
    line: str, *, number: int, where: str, emotions: EmotionSet | None, styles: Collection[str] = ()
) -> ScriptLine:
    emotion, intensity, text = None, None, line.strip()
    marked = _MARK.match(text)
    if marked:
        emotion, intensity = _mark(marked.group(1), where=where, emotions=emotions or EmotionSet(), styles=styles)
        text = marked.group(2).strip()
    elif text.startswith("["):
        raise CorpusError("mark has no closing bracket", where=where, found=repr(text[:40]), wanted="[happy] text")
    if not text:
        raise CorpusError("text is empty", where=where, remedy="write what is said there, or remove the line")
    bad = next((char for char in text if char == "|" or unicodedata.category(char) in ("Cc", "Zl", "Zp")), None)
    if bad is not None:
        raise CorpusError(
            f"character {bad!r} cannot be in a text",
            where=where,
            found=repr(text[:80]),
            remedy="remove it; the corpus lists use | between their fields",
        )
    return ScriptLine(unicodedata.normalize("NFC", text), emotion, intensity, number)


def _mark(mark: str, *, where: str, emotions: EmotionSet, styles: Collection[str]) -> tuple[str, float | None]:
    fields = mark.split()
    if not 1 <= len(fields) <= 2:
        raise CorpusError("bad mark", where=where, found=f"[{mark}]", wanted="[EMOTION] or [EMOTION INTENSITY]")
    emotion = emotions.resolve(fields[0], where=where, styles=styles)
    if len(fields) == 1:
        return emotion, None
    try:
        intensity = float(fields[1])
    except ValueError:
        intensity = math.nan
    if not 0.0 <= intensity <= MAX_INTENSITY:
        raise CorpusError(
            "intensity cannot be used", where=where, found=repr(fields[1]), wanted=f"a number from 0 to {MAX_INTENSITY}"
        )
    return emotion, intensity


def _in_order(labels: list[Label], path: Path) -> list[Label]:
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
