"""One piece of a recording as the stage ``label`` knows it, with what was corrected of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Literal

from emotts.corpus.corrections.correction import Decision
from emotts.corpus.rows import Recording, Reject, Utterance
from emotts.emotions.emotion_set import EmotionSet

__all__ = ["NO_EMOTION", "NO_TEXT", "REJECTED", "TWO_EMOTIONS", "UNCHECKED", "Entry", "Key", "entry_of"]

NO_EMOTION = "no emotion"
NO_TEXT = "no transcript"
TWO_EMOTIONS = "two emotions in one segment"
UNCHECKED = "text of a new piece not checked"
REJECTED = "rejected in the review"
_REVIEW = "review"
_STAGE = "label"

Part = Literal["text", "emotion", "intensity", "times"]
Key = tuple[str, int, int]
"""Recording, and start and end in it in ms."""


@dataclass(frozen=True)
class Entry:
    """An utterance or a reject, in one form.

    Attributes:
        row: what it came from; of merged pieces the first.
        source: its recording.
        start_s: start in the recording.
        end_s: end in the recording.
        text: what is said, as far as known.
        emotion: name of the emotion, if known.
        intensity: of the emotion.
        reason: why it is not used; None where nothing is against it.
        decision: what was said of it in the review, if anything.
        corrected: what differs from ``row``.
    """

    row: Utterance | Reject
    source: Recording
    start_s: float
    end_s: float
    text: str | None
    emotion: str | None
    intensity: float
    reason: str | None
    decision: Decision | None = None
    corrected: frozenset[Part] = field(default_factory=frozenset)

    @property
    def key(self) -> Key:
        """What it is told from all others by."""
        return self.source.file, round(1000 * self.start_s), round(1000 * self.end_s)

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    @property
    def problem(self) -> str | None:
        """Why it is not used, None where it is."""
        if self.decision == "reject":
            return REJECTED
        if self.reason is not None:
            return self.reason
        if not self.text:
            return NO_TEXT
        return None if self.emotion else NO_EMOTION

    def changed(self, *parts: Part, **values: object) -> Entry:
        """Return it with some values changed, ``parts`` noted as corrected."""
        return dataclasses.replace(self, corrected=self.corrected | set(parts), **values)  # type: ignore[arg-type]

    def to_row(self, wav: str | None) -> Utterance | Reject:
        """Return it as the stage writes it: the row itself where nothing of that changed.

        Args:
            wav: the file that was cut for it in the folder of the utterances; None where that of the row is used.
        """
        if self.problem is not None or self.text is None or self.emotion is None:
            return self._reject()
        before = self.row if isinstance(self.row, Utterance) else self._utterance(self.text, self.emotion)
        is_sure = self.decision == "accept" or "text" in self.corrected
        return dataclasses.replace(
            before,
            wav=before.wav if wav is None else wav,
            folder=before.folder if wav is None else "labels",
            start_s=self.start_s,
            end_s=self.end_s,
            text=self.text,
            emotion=self.emotion,
            intensity=self.intensity,
            text_source=_REVIEW if "text" in self.corrected else before.text_source,
            emotion_source=_REVIEW if "emotion" in self.corrected else before.emotion_source,
            confidence=1.0 if is_sure and before.confidence is not None else before.confidence,
        )

    def _utterance(self, text: str, emotion: str) -> Utterance:
        """Return the utterance of what was a reject."""
        return Utterance(
            wav=self.row.wav or "",
            recording=self.source.file,
            start_s=self.start_s,
            end_s=self.end_s,
            speaker=self.source.speaker,
            language=self.source.language,
            text=text,
            emotion=emotion,
            intensity=self.intensity,
            text_source=_REVIEW,
            emotion_source="layout",
        )

    def _reject(self) -> Reject:
        if isinstance(self.row, Reject) and self.reason == self.row.reason and "times" not in self.corrected:
            if self.decision is None:
                return self.row
            return dataclasses.replace(self.row, reason=REJECTED, detail=f"before: {self.row.reason}")
        return Reject(
            stage=_STAGE,
            recording=self.source.file,
            start_s=self.start_s,
            end_s=self.end_s,
            reason=self.problem or REJECTED,
            detail=self.text or "",
            wav=None if "times" in self.corrected else self.row.wav,
        )


def entry_of(row: Utterance | Reject, source: Recording, *, emotions: EmotionSet) -> Entry:
    """Return a row of the stage as an entry.

    The text of a reject is what the script says, or else what was heard, for a person to accept; the emotion is that
    of its folder.
    """
    if isinstance(row, Utterance):
        return Entry(row, source, row.start_s, row.end_s, row.text, row.emotion, row.intensity, None)
    emotion = None
    if source.emotion is not None and row.reason != TWO_EMOTIONS:
        emotion = emotions.resolve(source.emotion, where=source.file)
    return Entry(row, source, row.start_s, row.end_s, row.script or row.heard or None, emotion, 1.0, row.reason)
