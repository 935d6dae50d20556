"""Takes in a language of tones, and what the stages up to the labels make of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.settings import label_settings, segment_settings
from support.tone_speech import RATE, ToneRecogniser, write_take

from emotts.corpus.rows import Reject, Utterance, read_rows
from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.corpus.transcripts.label_summary import LabelSummary
from emotts.corpus.transcripts.labelled_take import Recognition
from emotts.corpus.transcripts.labelling import label_segments
from emotts.emotions.emotion_set import EmotionSet
from emotts.text.frontend import FrontEnd

__all__ = ["WHOLE", "Project", "Said", "read"]

WHOLE = 3.2
"""Seconds of a whole line."""
Said = list[tuple[int, float] | float]


class Project:
    """Takes of happy speech, and what the stages make of them."""

    def __init__(self, folder: Path, reader: FrontEnd) -> None:
        self.source, self.raw, self.kept = folder / "source", folder / "raw", folder / "kept"
        self.segments, self.labels, self.corpus = folder / "segments", folder / "labels", folder / "corpus"
        self.reader = reader
        self.recogniser = ToneRecogniser()

    def take(self, *said: tuple[int, float] | float, script: Sequence[str] | None, name: str = "take1") -> None:
        """Write a take of what is said, lines with their seconds and pauses, and its script."""
        write_take(self.source / f"happy/{name}.wav", 1.0, *said, 1.0)
        if script is not None:
            (self.source / f"happy/{name}.txt").write_text("\n".join(script), encoding="utf-8")

    def run(self, *, recogniser: bool = True, **changes: object) -> LabelSummary:
        """Run the stages up to the labels, with the given settings of these."""
        settings = segment_settings()
        collect_recordings(self.source, self.raw, language="KR", speaker="mina", emotions=EmotionSet())
        segment_recordings(self.raw, self.segments, sample_rate_hz=RATE, settings=settings)
        recognition = Recognition(lambda: self.recogniser, self.reader, self.kept, Limits.of(settings), RATE)
        return label_segments(
            self.segments,
            self.raw,
            self.labels,
            emotions=EmotionSet(),
            settings=label_settings(**changes),
            recognition=recognition if recogniser else None,
        )

    @property
    def utterances(self) -> list[Utterance]:
        """What was labelled."""
        return read_rows(self.labels / "utterances.jsonl", Utterance)

    @property
    def rejects(self) -> list[tuple[str, int | None, str | None]]:
        """Reason, line and what was heard of all that was rejected."""
        return [(row.reason, row.line, row.heard) for row in read_rows(self.labels / "rejects.jsonl", Reject)]

    @property
    def lines(self) -> list[int | None]:
        """The lines of the script that were labelled."""
        return [row.line for row in self.utterances]


def read(*lines: int, pause: float = 0.6) -> Said:
    """Return what is said where lines are read as they are, with pauses in seconds between them."""
    said: Said = []
    for line in lines:
        said += [(line, WHOLE), pause]
    return said[:-1]
