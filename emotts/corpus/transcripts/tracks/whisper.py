"""Whisper's output in json: segments with start, end and text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from emotts.corpus.text_lines import read_text
from emotts.corpus.transcripts.tracks.clock import MOST_S
from emotts.corpus.transcripts.tracks.cue import Cue
from emotts.errors import CorpusError

__all__ = ["read_whisper_json"]


def read_whisper_json(path: Path) -> list[Cue]:
    """Return the segments of a json file that Whisper, or a program that writes as it does, made; empty ones left out.

    Raises:
        CorpusError: if it is not json, or a segment lacks start, end or text.
    """
    text = read_text(path)
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            "file is not json",
            where=f"{path}:{getattr(error, 'lineno', 1)}",
            found=str(error)[:80],
            remedy="export it again, or remove it",
        ) from error
    segments = values.get("segments") if isinstance(values, dict) else values
    if not isinstance(segments, list):
        raise CorpusError(
            "json holds no segments", where=path, found=text[:40], wanted='{"segments": [{"start", "end", "text"}]}'
        )
    lines = _lines(text, len(segments))
    cues = [_cue(each, number, path, line) for number, (each, line) in enumerate(zip(segments, lines, strict=True), 1)]
    return [cue for cue in cues if cue.text.strip()]


def _lines(text: str, n_segments: int) -> list[int]:
    """Return the line of every segment's text, as far as these can be told from other texts; else the first line."""
    at = max(text.find('"segments"'), 0)
    places = [match.start() for match in re.finditer('"text"', text[at:])]
    if len(places) != n_segments:
        return [1] * n_segments
    return [text.count("\n", 0, at + place) + 1 for place in places] if "\n" in text else [1] * n_segments


def _cue(segment: Any, number: int, path: Path, line: int) -> Cue:
    where = f"{path}:{line}"
    if not isinstance(segment, dict) or not isinstance(segment.get("text"), str):
        raise CorpusError(f"segment {number} has no text", where=where, found=repr(segment)[:80])
    times = [_seconds(segment.get(name), f"segment {number}", where) for name in ("start", "end")]
    return Cue(times[0], times[1], segment["text"], line)


def _seconds(value: object, what: str, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < MOST_S:
        raise CorpusError(
            "negative time" if isinstance(value, int | float) and value < 0 else "bad number",
            where=where,
            found=f"{value!r:.40} in {what}",
            wanted="start and end in seconds",
        )
    return float(value)
