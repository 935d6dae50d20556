"""Where the texts of one take come from: its label track, else its script, else the recogniser, else nowhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from emotts.corpus.rows import Recording, Reject, Segment, Utterance
from emotts.corpus.settings import LabelSettings
from emotts.corpus.transcripts.aligned_take import align_take
from emotts.corpus.transcripts.labelled_take import STAGE, LabelledTake, Recognition, reject_of, utterance_of
from emotts.corpus.transcripts.labels import Label, parse_script
from emotts.corpus.transcripts.listening import Listening
from emotts.corpus.transcripts.recognised_take import recognise_take
from emotts.corpus.transcripts.scripts import (
    Piece,
    Problem,
    Transcript,
    labels_over_silence,
    match_clip,
    match_labels,
    match_script,
)
from emotts.corpus.transcripts.take_script import TakeScript, written_lines
from emotts.corpus.transcripts.tracks.reading import read_track
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = ["TakeLabelling"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TakeLabelling:
    """Labels one take after the other.

    Attributes:
        raw: folder of the recordings, label tracks and scripts.
        out: folder to write into.
        emotions: the emotion set of the project.
        settings: of the stage.
        recognition: the recogniser; None where it is not installed.
        names: what the segments of each recording are called by.
    """

    raw: Path
    out: Path
    emotions: EmotionSet
    settings: LabelSettings
    recognition: Recognition | None
    names: Mapping[str, str]

    def label(self, recording: Recording, pieces: Sequence[Piece]) -> LabelledTake | Listening:
        """Label the pieces of a recording by its label track, by its script where that fits them one to one,
        or by the text that was given with a clip.

        Args:
            recording: its row.
            pieces: in order of time, those that segmentation rejected included.

        Returns:
            The labelled take, or the work that is left where it must be heard for that; nothing is heard yet.

        Raises:
            CorpusError: if its label track or script cannot be used.
            TextError: if a line of a script cannot be read that is to be aligned.
        """
        if recording.text is not None:
            return self._plain(pieces, match_clip(recording.text, pieces), n_short=_count_short(pieces))
        if recording.labels is not None:
            return self._by_labels(recording, self.raw / recording.labels, pieces)
        if recording.script is not None:
            return self._by_script(recording, self.raw / recording.script, pieces)
        recognition = self.recognition
        if not self.settings.recognise or recognition is None:
            return self._plain(pieces, {}, n_short=_count_short(pieces))
        sound = self.raw / recording.file
        return partial(
            recognise_take,
            recording,
            pieces,
            sound=sound,
            out=self.out,
            recognition=recognition,
            emotions=self.emotions,
        )

    def _by_labels(self, recording: Recording, path: Path, pieces: Sequence[Piece]) -> LabelledTake:
        labels = read_track(path, emotions=self.emotions, duration_s=recording.duration_s)
        unused = labels_over_silence(labels, pieces)
        for label in unused:
            _log.warning("%s:%d: label over silence; its text is not used: %r", path, label.line, label.text[:40])
        take = self._plain(pieces, match_labels(labels, pieces), n_short=0)
        return replace(take, unused=[_unused(label, recording) for label in unused])

    def _by_script(self, recording: Recording, path: Path, pieces: Sequence[Piece]) -> LabelledTake | Listening:
        lines = parse_script(path, emotions=self.emotions)
        recognition = self.recognition
        try:
            return self._plain(pieces, match_script(lines, pieces, path=path), n_short=_count_short(pieces))
        except CorpusError as error:
            if recognition is None:
                raise
            _log.info("%s: %s; it is aligned with what is heard", path, error.what)
        name, sound = self.names[recording.file], self.raw / recording.file
        written = written_lines(lines, path, reader=recognition.front_end)
        take = TakeScript(recording, sound, name, path, lines, written)
        return partial(
            align_take, take, self.out, recognition=recognition, settings=self.settings, emotions=self.emotions
        )

    def _plain(
        self, pieces: Sequence[Piece], found: Mapping[str, Transcript | Problem], *, n_short: int
    ) -> LabelledTake:
        utterances, rejects = [], []
        for row in (piece.segment for piece in pieces if piece.segment is not None):
            result = found.get(row.wav, _no_transcript(row))
            outcome = result if isinstance(result, Problem) else utterance_of(row, result, emotions=self.emotions)
            if isinstance(outcome, Utterance):
                utterances.append(outcome)
            else:
                rejects.append(reject_of(row, outcome))
        return LabelledTake(utterances, rejects, n_short=n_short)


def _unused(label: Label, recording: Recording) -> Reject:
    reason = "label behind the end" if label.start_s >= recording.duration_s else "label over silence"
    return Reject(STAGE, recording.file, label.start_s, label.end_s, reason, label.text, line=label.line)


def _count_short(pieces: Sequence[Piece]) -> int:
    return sum(piece.segment is None for piece in pieces)


def _no_transcript(row: Segment) -> Problem:
    return Problem("no transcript", f"no label over {row.speech_start_s:.2f}-{row.speech_end_s:.2f} s")
