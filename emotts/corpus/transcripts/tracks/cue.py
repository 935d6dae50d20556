"""One text with its times, as a file of any format has it, and how it becomes a label."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.transcripts.labels import Label, in_order, read_utterance
from emotts.emotions.emotion_set import EmotionSet
from emotts.emotions.intensity import MAX_INTENSITY, read_intensity
from emotts.errors import CorpusError

__all__ = ["Cue", "labels_of"]


@dataclass(frozen=True)
class Cue:
    """A text with its times, the line of the file that it begins in, and what other columns or tiers say of it."""

    start_s: float
    end_s: float
    text: str
    line: int
    emotion: str = ""
    intensity: str = ""


def labels_of(cues: list[Cue], path: Path, *, emotions: EmotionSet) -> list[Label]:
    """Return the labels of a file in order of time.

    Raises:
        CorpusError: naming file and line, if there are none, one ends before it starts or overlaps another, or a
            text, emotion or intensity cannot be used.
    """
    if not cues:
        raise CorpusError("file has no texts with times", where=path, remedy="export it again, or remove the file")
    return in_order([_label(cue, f"{path}:{cue.line}", emotions) for cue in cues], path)


def _label(cue: Cue, where: str, emotions: EmotionSet) -> Label:
    if cue.end_s <= cue.start_s:
        raise CorpusError(
            "label ends before it starts" if cue.end_s < cue.start_s else "label has no length",
            where=where,
            found=f"start {cue.start_s:g} s, end {cue.end_s:g} s",
            remedy="correct the times",
        )
    said = read_utterance(cue.text, number=cue.line, where=where, emotions=emotions)
    emotion, intensity = said.emotion, said.intensity
    if cue.emotion.strip():
        emotion = emotions.resolve(cue.emotion, where=where)
        if said.emotion not in (None, emotion):
            raise CorpusError(
                "text and column name different emotions", where=where, found=f"[{said.emotion}] and {emotion}"
            )
    if cue.intensity.strip():
        intensity = read_intensity(cue.intensity)
        if intensity is None:
            raise CorpusError(
                "intensity cannot be used",
                where=where,
                found=repr(cue.intensity[:40]),
                wanted=f"a number from 0 to {MAX_INTENSITY}, or weak, normal, strong",
            )
    return Label(cue.start_s, cue.end_s, said.text, emotion, intensity, cue.line)
