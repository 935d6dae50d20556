"""A take whose script is aligned with it: segments of whole lines, and a reject for everything else that is said."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from emotts.audio.opening import readable
from emotts.corpus.rows import Reject, Utterance
from emotts.corpus.settings import LabelSettings
from emotts.corpus.transcripts.alignment.acceptance import LIMITS
from emotts.corpus.transcripts.alignment.line_segments import LineSegments
from emotts.corpus.transcripts.alignment.take_reading import Part, Rules, read_take
from emotts.corpus.transcripts.labelled_take import LabelledTake, Recognition, Report
from emotts.corpus.transcripts.line_rows import LineRows
from emotts.corpus.transcripts.take_recogniser import TakeRecogniser
from emotts.corpus.transcripts.take_script import TakeScript
from emotts.corpus.transcripts.take_spans import TakeSpans
from emotts.corpus.utterance_reader import TextReader
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = ["MISFIT", "align_take"]

_log = logging.getLogger(__name__)

MISFIT = "the script does not fit its recording"
_LEAST_NEAR = 0.1
"""A script whose lines sound like a smaller fraction of the take's speech belongs to another take."""

_Read = tuple[TakeSpans, list[Part]]


def align_take(
    take: TakeScript,
    out: Path,
    *,
    recognition: Recognition,
    settings: LabelSettings,
    emotions: EmotionSet,
    report: Report,
) -> LabelledTake:
    """Align the script of a take, and write a wav of every accepted reading into ``out``.

    Args:
        take: recording and script.
        out: folder to write into.
        recognition: the recogniser, and how segments are cut.
        settings: what is accepted.
        emotions: the emotion set of the project.
        report: called with a note on what is done.

    Raises:
        AudioError: if the take cannot be read.
    """
    rules = Rules(LIMITS[take.recording.language], settings.wording, settings.retakes)
    with readable(take.sound) as sound:
        recogniser = recognition.of_take(take.recording, sound, report=report)
        pieces, read = _read(take, sound, recogniser, reader=recognition.front_end, rules=rules)
        cut = LineSegments(pieces.spans, pieces.length_ms, recognition.limits, take.may_join)
        parts = _believed(cut.fitted(read), pieces.spans, take)
        _check(parts, pieces.spans, take)
        _say_what_is_not_read(parts, take)
        maker = LineRows(take, cut, sound, out, recognition.sample_rate_hz, emotions)
        rows = [maker.row(part, number=number) for number, part in enumerate(parts, 1)]
    doubts = [maker.doubt(part, row) for part, row in zip(parts, rows, strict=True)]
    return LabelledTake(
        utterances=[row for row in rows if isinstance(row, Utterance)],
        rejects=[row for row in rows if isinstance(row, Reject)],
        doubts=[doubt for doubt in doubts if doubt is not None],
        is_counted=False,
    )


def _read(take: TakeScript, sound: Path, recogniser: TakeRecogniser, *, reader: TextReader, rules: Rules) -> _Read:
    """Return the pieces of a take and its parts.

    Where something else seems to be said in a piece with a line, such as a start that breaks off, the pieces are cut
    at shorter pauses and read again; that counts where more of the take is accepted then.
    """
    pieces = TakeSpans.of(sound)
    parts = read_take(pieces.spans, take.written, recogniser=recogniser, reader=reader, rules=rules)
    finer = pieces.finer({piece for part in parts if part.has_more for piece in part.pieces})
    if finer.spans == pieces.spans:
        return pieces, parts
    again = read_take(finer.spans, take.written, recogniser=recogniser, reader=reader, rules=rules)
    return max((pieces, parts), (finer, again), key=lambda read: _accepted_s(read[1], read[0].spans))


def _believed(parts: Sequence[Part], spans: Sequence[tuple[int, int]], take: TakeScript) -> list[Part]:
    """Give up all parts where next to nothing sounds like the script: then it is another take's."""
    near_s = sum(_seconds(part, spans) for part in parts if part.is_near)
    accepted_s = _accepted_s(parts, spans)
    all_s = sum(_seconds(part, spans) for part in parts)
    if near_s >= _LEAST_NEAR * all_s:
        _log.info("%s: aligned, %.0f of %.0f s of speech accepted", take.path, accepted_s, all_s)
        return list(parts)
    _log.warning(
        "%s does not fit its recording: %.0f of %.0f s of speech sound like its lines; nothing of it is used",
        *(take.path, near_s, all_s),
    )
    return [replace(part, reason=MISFIT) for part in parts]


def _check(parts: Sequence[Part], spans: Sequence[tuple[int, int]], take: TakeScript) -> None:
    """Refuse to lose speech: every piece is in one part."""
    pieces = sorted(piece for part in parts for piece in part.pieces)
    if pieces != list(range(len(spans))):
        raise CorpusError(
            "pieces of the take were lost or used twice; this is a fault of emotts",
            where=take.recording.file,
            found=f"{len(pieces)} in kept and rejected readings",
            wanted=f"{len(spans)}",
        )


def _say_what_is_not_read(parts: Sequence[Part], take: TakeScript) -> None:
    found = {number for part in parts for number in part.lines}
    unread = [str(line.line) for number, line in enumerate(take.lines) if number not in found]
    if unread:
        _log.info("%s: lines that were not heard: %s", take.path, ", ".join(unread))


def _seconds(part: Part, spans: Sequence[tuple[int, int]]) -> float:
    return sum(spans[piece][1] - spans[piece][0] for piece in part.pieces) / 1000


def _accepted_s(parts: Sequence[Part], spans: Sequence[tuple[int, int]]) -> float:
    return sum(_seconds(part, spans) for part in parts if part.reason is None)
