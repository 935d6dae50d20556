"""The rows of an aligned take: an utterance with its wav for every accepted reading, a reject for all else."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from emotts.audio.io import read_mono, write_wav
from emotts.audio.loudness import level_db
from emotts.corpus.rows import Doubt, Reject, Segment, Utterance
from emotts.corpus.segmentation.segment_names import segment_wav
from emotts.corpus.transcripts.alignment.acceptance import BROKEN_OFF, WORDING
from emotts.corpus.transcripts.alignment.line_segments import LineSegments
from emotts.corpus.transcripts.alignment.take_reading import Part
from emotts.corpus.transcripts.labelled_take import DOUBTFUL, STAGE, utterance_of
from emotts.corpus.transcripts.scripts import Problem
from emotts.corpus.transcripts.take_script import TakeScript
from emotts.emotions.emotion_set import EmotionSet

__all__ = ["LineRows"]


@dataclass(frozen=True)
class LineRows:
    """Makes the rows of one take.

    Attributes:
        take: recording and script.
        cut: where its segments begin and end.
        sound: the take, readable by libsndfile.
        out: folder of the wavs.
        sample_rate_hz: their rate.
        emotions: the emotion set of the project.
    """

    take: TakeScript
    cut: LineSegments
    sound: Path
    out: Path
    sample_rate_hz: int
    emotions: EmotionSet

    def row(self, part: Part, *, number: int) -> Utterance | Reject:
        """Return the row of a part; an accepted one is written as the take's segment of that number."""
        if part.reason is not None:
            return self._reject(part, part.reason)
        wav = segment_wav(self.take.name, number)
        segment = self._written(part, wav)
        transcript = self.take.transcript(part.lines, confidence=part.confidence)
        outcome = utterance_of(segment, transcript, emotions=self.emotions)
        if isinstance(outcome, Problem):
            (self.out / wav).unlink()
            return self._reject(part, outcome.reason, detail=outcome.detail)
        return dataclasses.replace(outcome, folder="labels")

    def doubt(self, part: Part, row: Utterance | Reject) -> Doubt | None:
        """Return what is to be checked by ear of a part, if anything is."""
        unsure = part.reason in (WORDING, BROKEN_OFF) or (part.reason is None and part.confidence < DOUBTFUL)
        if not unsure:
            return None
        return Doubt(
            recording=row.recording,
            start_s=row.start_s,
            end_s=row.end_s,
            confidence=part.confidence,
            reason=part.reason,
            line=self._line(part),
            text=self.take.text(part.lines),
            heard=part.heard,
            wav=row.wav,
        )

    def _written(self, part: Part, wav: str) -> Segment:
        piece, recording = self.cut.piece(part), self.take.recording
        start_s, end_s = piece.start_ms / 1000, piece.end_ms / 1000
        samples, rate = read_mono(self.sound, sample_rate_hz=self.sample_rate_hz, start_s=start_s, end_s=end_s)
        write_wav(self.out / wav, samples, sample_rate_hz=rate)
        return Segment(
            wav=wav,
            recording=recording.file,
            start_s=start_s,
            end_s=end_s,
            speech_start_s=piece.speech_start_ms / 1000,
            speech_end_s=piece.speech_end_ms / 1000,
            level_db=round(level_db(samples), 2),
            speaker=recording.speaker,
            language=recording.language,
            emotion=recording.emotion,
        )

    def _reject(self, part: Part, reason: str, *, detail: str = "") -> Reject:
        piece = self.cut.piece(part)
        return Reject(
            stage=STAGE,
            recording=self.take.recording.file,
            start_s=piece.speech_start_ms / 1000,
            end_s=piece.speech_end_ms / 1000,
            reason=reason,
            detail=detail,
            line=self._line(part),
            script=self.take.text(part.lines) or None,
            heard=part.heard,
        )

    def _line(self, part: Part) -> int | None:
        return self.take.lines[part.lines[0]].line if part.lines else None
