"""A recording and the script that was read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.corpus.rows import Recording
from emotts.corpus.transcripts.alignment.phones import spoken_phones
from emotts.corpus.transcripts.alignment.take_reading import WrittenLine
from emotts.corpus.transcripts.labels import ScriptLine
from emotts.corpus.transcripts.scripts import Transcript
from emotts.corpus.utterance_reader import TextReader
from emotts.errors import TextError

__all__ = ["TakeScript", "written_lines"]


@dataclass(frozen=True)
class TakeScript:
    """A recording with its script.

    Attributes:
        recording: its row.
        sound: its file.
        name: what its segments are called by.
        path: file of the script.
        lines: of the script.
        written: the same with their phones.
    """

    recording: Recording
    sound: Path
    name: str
    path: Path
    lines: Sequence[ScriptLine]
    written: Sequence[WrittenLine]

    def may_join(self, number: int) -> bool:
        """Tell whether a line may be in one segment with the line before: marks and emotions are the same."""
        before, after = self.lines[number - 1], self.lines[number]
        return (before.emotion, before.intensity) == (after.emotion, after.intensity)

    def text(self, lines: range) -> str:
        """Return the text of consecutive lines."""
        return " ".join(self.lines[number].text for number in lines)

    def transcript(self, lines: range, *, confidence: float) -> Transcript:
        """Return text, emotions and intensity of consecutive lines."""
        own = [self.lines[number] for number in lines]
        intensity = None
        if any(line.intensity is not None for line in own):
            intensities = [1.0 if line.intensity is None else line.intensity for line in own]
            intensity = round(float(np.average(intensities, weights=[len(line.text) for line in own])), 3)
        return Transcript(
            text=self.text(lines),
            emotions=tuple(line.emotion for line in own),
            intensity=intensity,
            source="script",
            line=own[0].line,
            confidence=confidence,
        )


def written_lines(lines: Sequence[ScriptLine], path: Path, *, reader: TextReader) -> list[WrittenLine]:
    """Return the lines of a script with their phones.

    Raises:
        TextError: if one cannot be read; names file and line.
    """
    return [_written(line, path, reader) for line in lines]


def _written(line: ScriptLine, path: Path, reader: TextReader) -> WrittenLine:
    try:
        return WrittenLine(line.text, spoken_phones(line.text, reader))
    except TextError as error:
        raise TextError(
            f"line of the script cannot be read: {error}",
            where=f"{path}:{line.line}",
            found=repr(line.text[:80]),
            remedy="correct the line, or put # in front of it",
        ) from error
