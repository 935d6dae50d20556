"""What became of one take: utterances, rejects and doubts, and what it takes to listen to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from emotts.corpus.rows import Doubt, Recording, Reject, Segment, Utterance
from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.transcripts.recogniser import Recogniser
from emotts.corpus.transcripts.scripts import Problem, Transcript
from emotts.corpus.transcripts.take_recogniser import TakeRecogniser
from emotts.corpus.utterance_reader import TextReader
from emotts.emotions.emotion_set import EmotionSet
from emotts.parallel import ParallelSettings

__all__ = [
    "DOUBTFUL",
    "RECOGNISED",
    "STAGE",
    "LabelledTake",
    "Recognition",
    "Report",
    "reject_of",
    "utterance_of",
    "with_intensity",
]

STAGE = "label"
RECOGNISED = "recognised"
"""Folder, beside the utterances, of the texts that the recogniser wrote down."""
DOUBTFUL = 0.3
"""Accepted texts of less confidence are listed to be checked by ear."""

Report = Callable[[str], None]
"""Is called with a note on what is done."""


@dataclass(frozen=True)
class LabelledTake:
    """Utterances and rejects of a recording in order of time.

    Attributes:
        utterances: what was kept.
        rejects: what was not.
        doubts: texts that should be checked by ear.
        unused: labels that belong to no speech, as rejects without a segment.
        n_short: pieces that the segment stage rejected and left to this stage to count.
        is_counted: whether its rejects count for ``label.max_reject_fraction``. Those of an aligned or recognised take
            do not: what was read twice or is not in the script is to be left out.
    """

    utterances: Sequence[Utterance]
    rejects: Sequence[Reject]
    doubts: Sequence[Doubt] = ()
    unused: Sequence[Reject] = ()
    n_short: int = 0
    is_counted: bool = True


@dataclass(frozen=True)
class Recognition:
    """The recogniser, and how what it hears is read, kept and cut.

    It can be pickled; what it has loaded is not sent along. A process that gets it several times makes one of it, which
    loads the recogniser and the front end once.

    Attributes:
        load: loads the recogniser; called when there is something to hear.
        front_end: of the takes' language.
        kept: folder in which it is kept what was heard.
        limits: lengths of the segments that are cut.
        sample_rate_hz: rate of the segments that are cut.
        parallel: how many takes are listened to at once; the result is the same.
        token: tells it from every other one.
    """

    load: Callable[[], Recogniser]
    front_end: TextReader
    kept: Path
    limits: Limits
    sample_rate_hz: int
    parallel: ParallelSettings | None = None
    token: str = field(init=False, compare=False, default_factory=lambda: uuid4().hex)

    def __reduce__(self) -> tuple[Callable[[_Sent], Recognition], tuple[_Sent]]:
        """Say what is pickled of it, and what makes one of that again."""
        given = (self.load, self.front_end, self.kept, self.limits, self.sample_rate_hz, self.parallel)
        return _received, (_Sent(self.token, given),)

    @cached_property
    def recogniser(self) -> Recogniser:
        """The recogniser, loaded once."""
        return self.load()

    def of_take(self, recording: Recording, sound: Path, *, report: Report) -> TakeRecogniser:
        """Return what hears a recording; ``sound`` is its sound, readable by libsndfile."""
        return TakeRecogniser(
            sound,
            sha256=recording.sha256,
            recogniser=self.recogniser,
            kept=self.kept,
            report=lambda count: report(f"{recording.file}: {count} heard"),
        )


@dataclass(frozen=True)
class _Sent:
    """What is sent of a recognition to another process."""

    token: str
    given: tuple[Any, ...] = field(compare=False)


@lru_cache(maxsize=1)
def _received(sent: _Sent) -> Recognition:
    """Return the recognition that was sent, the same one each time; a worker that stays on forgets the one before."""
    return Recognition(*sent.given)


def utterance_of(row: Segment, transcript: Transcript, *, emotions: EmotionSet) -> Utterance | Problem:
    """Return the utterance of a segment; the emotion comes from a mark in the line, else from the folder."""
    folder = None if row.emotion is None else emotions.resolve(row.emotion, where=row.recording)
    names = [mark or folder for mark in transcript.emotions]
    distinct = sorted({name for name in names if name is not None})
    if len(distinct) > 1:
        return Problem("two emotions in one segment", ", ".join(distinct))
    if not distinct:
        return Problem("no emotion", "neither its folder nor a mark such as [happy] names one")
    marked = any(transcript.emotions)
    return Utterance(
        wav=row.wav,
        recording=row.recording,
        start_s=row.start_s,
        end_s=row.end_s,
        speaker=row.speaker,
        language=row.language,
        text=transcript.text,
        emotion=distinct[0],
        intensity=1.0 if transcript.intensity is None else transcript.intensity,
        text_source=transcript.source,
        emotion_source=transcript.source if marked else "layout",
        line=transcript.line,
        confidence=transcript.confidence,
        intensity_source=None if transcript.intensity is None else transcript.source,
    )


def with_intensity(take: LabelledTake, intensity: float | None) -> LabelledTake:
    """Return a take whose utterances have the intensity of its layout where nothing else says one."""
    if intensity is None:
        return take
    rows = [
        row if row.intensity_source else replace(row, intensity=intensity, intensity_source="layout")
        for row in take.utterances
    ]
    return replace(take, utterances=rows)


def reject_of(row: Segment, problem: Problem) -> Reject:
    """Return the reject of a segment."""
    return Reject(
        stage=STAGE,
        recording=row.recording,
        start_s=row.start_s,
        end_s=row.end_s,
        reason=problem.reason,
        detail=problem.detail,
        wav=row.wav,
        heard=problem.heard,
    )
