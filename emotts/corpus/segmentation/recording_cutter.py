"""Cutting one recording into segments."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.fading import faded
from emotts.audio.io import read_mono, write_wav
from emotts.audio.loudness import level_db
from emotts.audio.opening import readable
from emotts.audio.r128 import LoudnessMeter
from emotts.corpus.rows import Recording, Reject, Segment
from emotts.corpus.segmentation.clips import plan_recording
from emotts.corpus.segmentation.cut_off_end import CUT_OFF, split_off_end
from emotts.corpus.segmentation.pieces import Limits, Piece, Plan
from emotts.corpus.segmentation.quietest_cut import cut_piece
from emotts.corpus.segmentation.segment_names import segment_wav
from emotts.corpus.segmentation.speech_spans import speech_spans, without_speech
from emotts.corpus.settings import SegmentSettings
from emotts.errors import AudioError, CorpusError

__all__ = ["CutRecording", "RecordingCutter"]

_STAGE = "segment"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CutRecording:
    """What a recording became: ``spans - joined + cut == len(segments) + len(rejects)``.

    Attributes:
        segments: rows of the wavs that were written, in order of time.
        rejects: rows of the pieces that were not.
        spans: stretches of speech found between silences; a clip without speech counts as one.
        joined: spans that were joined to the one before.
        cut: cuts made in pieces that were too long.
    """

    segments: tuple[Segment, ...]
    rejects: tuple[Reject, ...]
    spans: int
    joined: int
    cut: int


@dataclass(frozen=True)
class RecordingCutter:
    """Cuts recordings; any process can do it.

    Attributes:
        raw: folder with the recordings.
        out: folder to write to.
        settings: where and how they are cut.
        sample_rate_hz: rate of the segments.
    """

    raw: Path
    out: Path
    settings: SegmentSettings
    sample_rate_hz: int

    @cached_property
    def _limits(self) -> Limits:
        return Limits.of(self.settings)

    def cut(
        self, named: tuple[Recording, str], *, report: Callable[[Recording, float], None] | None = None
    ) -> CutRecording:
        """Cut one recording and write its segments.

        Args:
            named: the recording, and the name that its segments are called by.
            report: called with the recording and the time in it, in seconds, up to which the work is done.

        Raises:
            AudioError: it cannot be read, has NaN or infinite samples, or is silent throughout and no clip.
        """
        recording, name = named
        source = self.raw / recording.file
        if recording.channels > 2:
            logger.warning("%s: %d channels are mixed down to one", source, recording.channels)
        with readable(source) as path:
            spans, length_ms = speech_spans(path, settings=self.settings)
            if not (spans or recording.is_clip):
                found, remedy = without_speech(self.settings)
                raise AudioError("recording is silent", where=source, found=found, remedy=remedy)
            plan = plan_recording(spans, length_ms, limits=self._limits, is_clip=recording.is_clip)
            pieces = [part for piece in plan.kept for part in cut_piece(path, piece, limits=self._limits)]
            _check_sum(recording, spans, plan=plan, pieces=pieces)
            whole, lost = self._whole(recording, pieces, spans=spans, length_ms=length_ms)
            gain = self._gain(path, whole)
            segments = []
            for number, piece in enumerate(whole, 1):
                segments.append(self._write(recording, path, piece=piece, wav=segment_wav(name, number), gain=gain))
                if report is not None:
                    report(recording, piece.end_ms / 1000)
        rejects = tuple(self._reject(recording, piece, reason) for piece, reason in (*plan.rejected, *lost))
        return CutRecording(tuple(segments), rejects, max(1, len(spans)), plan.joined, len(pieces) - len(plan.kept))

    def _whole(
        self, recording: Recording, pieces: Sequence[Piece], *, spans: Sequence[tuple[int, int]], length_ms: int
    ) -> tuple[Sequence[Piece], Sequence[tuple[Piece, str]]]:
        """Return the pieces to keep, and the one that a recording that is cut off ends in."""
        if not recording.is_cut_off:
            return pieces, ()
        silence_ms = round(1000 * self.settings.min_silence_s)
        return split_off_end(pieces, spans, length_ms=length_ms, min_silence_ms=silence_ms)

    def _gain(self, path: Path, pieces: Sequence[Piece]) -> float:
        """Return the factor that brings the pieces of a recording together to the wanted loudness."""
        if self.settings.loudness_lufs is None:
            return 1.0
        meter = LoudnessMeter(self.sample_rate_hz)
        for piece in pieces:
            meter.add(self._read(path, piece))
        return meter.gain(self.settings.loudness_lufs, max_true_peak_db=self.settings.max_true_peak_db)

    def _read(self, path: Path, piece: Piece) -> NDArray[np.float32]:
        start_s, end_s = piece.start_ms / 1000, piece.end_ms / 1000
        return read_mono(path, sample_rate_hz=self.sample_rate_hz, start_s=start_s, end_s=end_s)[0]

    def _write(self, recording: Recording, path: Path, *, piece: Piece, wav: str, gain: float) -> Segment:
        samples = self._read(path, piece)
        if gain != 1.0:
            samples = samples * np.float32(gain)
        samples = faded(samples, fade_samples=round(self.settings.fade_s * self.sample_rate_hz))
        write_wav(self.out / wav, samples, sample_rate_hz=self.sample_rate_hz)
        return Segment(
            wav=wav,
            recording=recording.file,
            start_s=piece.start_ms / 1000,
            end_s=piece.end_ms / 1000,
            speech_start_s=piece.speech_start_ms / 1000,
            speech_end_s=piece.speech_end_ms / 1000,
            level_db=round(level_db(samples), 2),
            speaker=recording.speaker,
            language=recording.language,
            emotion=recording.emotion,
        )

    def _reject(self, recording: Recording, piece: Piece, reason: str) -> Reject:
        wanted = f"wanted {self._limits.min_ms / 1000} s to {self._limits.max_ms / 1000} s"
        if reason == CUT_OFF:
            wanted = "the recording ends within it"
        return Reject(
            stage=_STAGE,
            recording=recording.file,
            start_s=piece.speech_start_ms / 1000,
            end_s=piece.speech_end_ms / 1000,
            reason=reason,
            detail=f"{piece.speech_ms / 1000} s, with the silence around it {piece.length_ms / 1000} s; {wanted}",
        )


def _check_sum(recording: Recording, spans: Sequence[tuple[int, int]], *, plan: Plan, pieces: Sequence[Piece]) -> None:
    found_ms = sum(end - start for start, end in spans)
    rejected_ms = sum(piece.speech_ms for piece, _ in plan.rejected)
    entered_ms = sum(piece.speech_ms for piece in pieces) + rejected_ms - plan.joined_pause_ms
    if found_ms != entered_ms:
        raise CorpusError(
            "the speech found and the speech in the pieces do not add up; this is a fault of emotts",
            where=recording.file,
            found=f"{entered_ms} ms in kept and rejected pieces",
            wanted=f"{found_ms} ms",
        )
