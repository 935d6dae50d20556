"""Matching the labels of a track, or the lines of a script, with the pieces of speech of one recording."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from emotts.corpus.rows import Segment
from emotts.corpus.transcripts.labels import Label, ScriptLine
from emotts.errors import CorpusError

__all__ = ["Piece", "Problem", "Transcript", "labels_over_silence", "match_clip", "match_labels", "match_script"]

_TOUCH_S = 0.15
"""A label reaches into a piece if it overlaps its speech by more than this (or by a third of the label)."""
_UNCOVERED_S = 1.5
"""Speech without a label that is longer than this makes a segment's transcript incomplete."""
_CUT_GAP_S = 0.005
"""Pieces whose speech is nearer than this were cut from one: segmentation leaves nothing between them."""
_RATE_FACTOR = 2.5
"""A rate of speech this many times above or below the recording's median is not believed."""
_MIN_CORRELATION = 0.3
_MIN_FOR_STATISTICS = 6
_REMEDY = (
    "install the recogniser, then the script is aligned with what is heard (pip install 'emotts[asr]'), "
    "or give a label track (STEM.labels.txt, exported from Audacity) instead of it"
)


@dataclass(frozen=True)
class Piece:
    """One piece of speech of a recording; ``segment`` is None where it was rejected (too short ...)."""

    start_s: float
    end_s: float
    segment: Segment | None


@dataclass(frozen=True)
class Transcript:
    """Text, emotion and intensity of one segment, as far as they are known, and where they came from."""

    text: str
    emotions: tuple[str | None, ...]
    intensity: float | None
    source: str
    line: int | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Problem:
    """Why a segment has no usable transcript, and what the recogniser heard, if it listened."""

    reason: str
    detail: str
    heard: str | None = None


def match_labels(labels: Sequence[Label], pieces: Sequence[Piece]) -> dict[str, Transcript | Problem]:
    """Give each segment (by wav) the text of the labels that lie over its speech.

    A label belongs to the one piece whose speech it covers; margins over silence do not matter. Several labels
    in one segment are joined with a space. A label over the speech of two pieces crosses the cut, and spoils
    the segments on both sides. Segments without any label are not in the result.
    """
    owned: dict[str, list[Label]] = {}
    found: dict[str, Transcript | Problem] = {}
    for label in labels:
        touched = _touched(label, pieces)
        for piece in touched:
            if piece.segment is None:
                continue
            if len(touched) > 1:
                found[piece.segment.wav] = Problem("label crosses the cut", _shown(label))
            else:
                owned.setdefault(piece.segment.wav, []).append(label)
    for piece in pieces:
        if piece.segment is not None and piece.segment.wav in owned and piece.segment.wav not in found:
            found[piece.segment.wav] = _joined(owned[piece.segment.wav], piece)
    return found


def labels_over_silence(labels: Sequence[Label], pieces: Sequence[Piece]) -> list[Label]:
    """Return the labels that belong to no piece of speech, so that :func:`match_labels` can use them for nothing."""
    return [label for label in labels if not _touched(label, pieces)]


def match_clip(text: str, pieces: Sequence[Piece]) -> dict[str, Transcript | Problem]:
    """Give the one segment of a clip the text of the clip; parts of a long one have no text of their own."""
    segments = [piece.segment for piece in pieces if piece.segment is not None]
    if len(pieces) == 1:
        return {segment.wav: Transcript(text, (None,), None, "given") for segment in segments}
    detail = f"{len(pieces)} pieces; the text of the clip is {text[:40]!r}"
    return {segment.wav: Problem("clip was cut, its text is that of the whole", detail) for segment in segments}


def match_script(
    lines: Sequence[ScriptLine], pieces: Sequence[Piece], *, path: Path
) -> dict[str, Transcript | Problem]:
    """Give the i-th piece of speech the i-th line, pieces that were rejected counted as well.

    Raises:
        CorpusError: if a piece was cut in two, the counts differ, or the lengths of lines and pieces do not go
            together; a wrong assignment would invent transcripts.
    """
    for before, after in pairwise(pieces):
        if after.start_s - before.end_s < _CUT_GAP_S:
            raise CorpusError(
                "the script cannot be used: a long piece of its recording was cut in two",
                where=path,
                found=f"pieces {before.start_s:.2f}-{before.end_s:.2f} s and {after.start_s:.2f}-{after.end_s:.2f} s",
                wanted="one piece of speech for each line",
                remedy=_REMEDY,
            )
    if len(lines) != len(pieces):
        rejected = sum(piece.segment is None for piece in pieces)
        raise CorpusError(
            "the script does not fit its recording",
            where=path,
            found=f"{len(lines)} lines, {len(pieces)} pieces of speech ({rejected} of them rejected by segmentation)",
            wanted="one line for each piece of speech between two silences",
            remedy=_REMEDY,
        )
    _check_lengths(lines, pieces, path=path)
    return {
        piece.segment.wav: Transcript(line.text, (line.emotion,), line.intensity, "script", line=line.line)
        for line, piece in zip(lines, pieces, strict=True)
        if piece.segment is not None
    }


def _touched(label: Label, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that a label covers; they are in order of time and do not overlap."""
    first = bisect_right(pieces, label.start_s, key=lambda piece: piece.end_s)
    stop = bisect_left(pieces, label.end_s, key=lambda piece: piece.start_s)
    return [piece for piece in pieces[first:stop] if _touches(label, piece)]


def _touches(label: Label, piece: Piece) -> bool:
    overlap_s = min(label.end_s, piece.end_s) - max(label.start_s, piece.start_s)
    shorter_s = min(label.end_s - label.start_s, piece.end_s - piece.start_s)
    return overlap_s > min(_TOUCH_S, shorter_s / 3)


def _joined(labels: Sequence[Label], piece: Piece) -> Transcript | Problem:
    reached_s = piece.start_s
    for label in labels:
        if label.start_s - reached_s > _UNCOVERED_S:
            return Problem("speech without a label", f"{reached_s:.2f}-{label.start_s:.2f} s")
        reached_s = max(reached_s, label.end_s)
    if piece.end_s - reached_s > _UNCOVERED_S:
        return Problem("speech without a label", f"{reached_s:.2f}-{piece.end_s:.2f} s")
    weights = [label.end_s - label.start_s for label in labels]
    intensity = None
    if any(label.intensity is not None for label in labels):
        intensities = [1.0 if label.intensity is None else label.intensity for label in labels]
        intensity = round(float(np.average(intensities, weights=weights)), 3)
    return Transcript(
        text=" ".join(label.text for label in labels),
        emotions=tuple(label.emotion for label in labels),
        intensity=intensity,
        source="labels",
    )


def _check_lengths(lines: Sequence[ScriptLine], pieces: Sequence[Piece], *, path: Path) -> None:
    if len(lines) < _MIN_FOR_STATISTICS:
        return
    from scipy.stats import median_abs_deviation  # half a second, for takes with a script alone

    syllables = np.log([max(_syllables(line.text), 1.0) for line in lines])
    seconds = np.log([max(piece.end_s - piece.start_s, 0.1) for piece in pieces])
    rates = syllables - seconds
    middle = float(np.median(rates))
    spread = float(median_abs_deviation(rates, scale="normal"))
    far = np.abs(rates - middle) > max(float(np.log(_RATE_FACTOR)), 4.0 * spread)
    if far.any():
        worst = int(np.argmax(np.abs(rates - middle)))
        raise CorpusError(
            "the script's lines do not fit the lengths of the pieces of speech",
            where=f"{path}:{lines[worst].line}",
            found=f"{np.exp(rates[worst]):.1f} syllables a second for {lines[worst].text[:40]!r} at "
            f"{pieces[worst].start_s:.2f}-{pieces[worst].end_s:.2f} s, {int(far.sum())} such lines of {len(lines)}",
            wanted=f"about {np.exp(middle):.1f} syllables a second as in the rest of the recording",
            remedy=_REMEDY,
        )
    if min(float(syllables.std()), float(seconds.std())) > 0.2:
        correlation = float(np.corrcoef(syllables, seconds)[0, 1])
        if correlation < _MIN_CORRELATION:
            raise CorpusError(
                "the script's lines do not fit the lengths of the pieces of speech",
                where=path,
                found=f"correlation {correlation:.2f} between lengths of {len(lines)} lines and pieces",
                wanted=f"at least {_MIN_CORRELATION}: long lines for long pieces",
                remedy=_REMEDY,
            )


def _syllables(text: str) -> float:
    """Estimate the syllables of a text: a Hangul or kana character or digit each, Latin letters two for one."""
    hangul = len(re.findall("[가-힣\u3040-\u30ff\u4e00-\u9fff0-9]", text))
    return hangul + 0.5 * len(re.findall("[A-Za-z]", text))


def _shown(label: Label) -> str:
    return f"label in line {label.line}, {label.start_s:.2f}-{label.end_s:.2f} s: {label.text[:40]!r}"
