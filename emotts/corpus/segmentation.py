"""Cutting recordings into segments of a few seconds at the model's sample rate."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from emotts.audio.io import probe, read_mono, write_wav
from emotts.audio.loudness import level_db
from emotts.audio.opening import readable
from emotts.audio.silence import find_speech
from emotts.corpus.pieces import CLICK, Limits, Piece, Plan, plan_pieces
from emotts.corpus.quietest_cut import cut_piece
from emotts.corpus.rows import Recording, Reject, Segment, read_rows, write_rows
from emotts.corpus.segment_names import remove_segments, segment_names, segment_wav
from emotts.errors import AudioError, CorpusError

__all__ = ["SegmentSummary", "segment_recordings"]

Progress = Callable[[int, int, str], None]

_STAGE = "segment"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SegmentSummary:
    """Counts of one pass: ``spans - joined + cut == kept + rejected``.

    Attributes:
        recordings: recordings read.
        spans: stretches of speech found between silences.
        joined: spans that were joined to the one before.
        cut: cuts made in pieces that were too long.
        kept: segments written.
        rejected: pieces that stand in ``rejects.jsonl``.
        kept_s: length of the segments together.
        reasons: number of rejected pieces by reason.
    """

    recordings: int
    spans: int
    joined: int
    cut: int
    kept: int
    rejected: int
    kept_s: float
    reasons: Mapping[str, int] = field(default_factory=dict)


def segment_recordings(
    raw: Path,
    out: Path,
    *,
    sample_rate_hz: int,
    threshold_db: float,
    min_silence_s: float,
    keep_silence_s: float,
    min_length_s: float,
    max_length_s: float,
    join_pause_s: float,
    max_reject_share: float,
    progress: Progress | None = None,
) -> SegmentSummary:
    """Cut the recordings of ``raw/recordings.jsonl`` into mono 16-bit wavs of ``min_length_s`` to ``max_length_s``.

    Writes ``out/NAME/NAME_0001.wav`` and so on, ``out/segments.jsonl`` and ``out/rejects.jsonl``. The level is not
    changed. Memory does not grow with the recordings.

    Args:
        raw: folder that :func:`emotts.corpus.collect.collect_recordings` wrote.
        out: folder to write to.
        sample_rate_hz: rate of the segments.
        threshold_db: level in dBFS up to which sound is silence.
        min_silence_s: shortest silence that parts two pieces.
        keep_silence_s: silence kept on each side at most, never more than half of a pause.
        min_length_s: shortest segment, kept silence included; shorter pieces are joined or rejected.
        max_length_s: longest segment; longer pieces are cut at their quietest places.
        join_pause_s: longest pause over which a short piece is joined to its neighbour; 0: never.
        max_reject_share: largest share of rejected pieces, clicks not counted.
        progress: called with seconds done, seconds in all, and the file at work.

    Raises:
        AudioError: a recording cannot be read, has NaN or infinite samples, or is silent throughout.
        CorpusError: too many pieces rejected, none left, or ``recordings.jsonl`` missing or damaged.
        ConfigError: lengths that contradict each other.
    """
    limits = Limits(
        keep_ms=round(1000 * keep_silence_s),
        min_ms=round(1000 * min_length_s),
        max_ms=round(1000 * max_length_s),
        join_ms=round(1000 * join_pause_s),
    )
    recordings = read_rows(raw / "recordings.jsonl", Recording)
    remove_segments(out)
    cutter = _Cutter(raw, out, limits=limits, sample_rate_hz=sample_rate_hz)
    report = _reporter(recordings, progress)
    for recording, name in zip(recordings, segment_names(recordings), strict=True):
        for done_s in cutter.cut(recording, name, threshold_db=threshold_db, min_silence_s=min_silence_s):
            report(recording, done_s)
    write_rows(out / "rejects.jsonl", cutter.rejects)
    summary = cutter.summary(len(recordings))
    _check(summary, max_reject_share, out)
    write_rows(out / "segments.jsonl", cutter.segments)
    return summary


class _Cutter:
    """Cuts recording after recording and keeps the books."""

    def __init__(self, raw: Path, out: Path, *, limits: Limits, sample_rate_hz: int) -> None:
        self._raw = raw
        self._out = out
        self._limits = limits
        self._sample_rate_hz = sample_rate_hz
        self._spans = self._joined = self._cut = 0
        self.segments: list[Segment] = []
        self.rejects: list[Reject] = []

    def cut(self, recording: Recording, name: str, *, threshold_db: float, min_silence_s: float) -> Iterator[float]:
        """Cut one recording; yields the time in it, in seconds, up to which the work is done."""
        source = self._raw / recording.file
        if recording.channels > 2:
            logger.warning("%s: %d channels are mixed down to one", source, recording.channels)
        with readable(source) as path:
            spans, length_ms = _speech(path, source, threshold_db=threshold_db, min_silence_s=min_silence_s)
            plan = plan_pieces(spans, length_ms, limits=self._limits)
            pieces = [part for piece in plan.kept for part in cut_piece(path, piece, limits=self._limits)]
            self._enter(recording, spans, plan, pieces)
            for number, piece in enumerate(pieces, 1):
                wav = segment_wav(name, number)
                self.segments.append(self._write(recording, path, piece, wav))
                yield piece.end_ms / 1000
        yield recording.duration_s

    def summary(self, recordings: int) -> SegmentSummary:
        """Return the counts so far."""
        return SegmentSummary(
            recordings=recordings,
            spans=self._spans,
            joined=self._joined,
            cut=self._cut,
            kept=len(self.segments),
            rejected=len(self.rejects),
            kept_s=sum(row.end_s - row.start_s for row in self.segments),
            reasons=dict(Counter(row.reason for row in self.rejects)),
        )

    def _enter(
        self, recording: Recording, spans: Sequence[tuple[int, int]], plan: Plan, pieces: Sequence[Piece]
    ) -> None:
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
        self._spans += len(spans)
        self._joined += plan.joined
        self._cut += len(pieces) - len(plan.kept)
        self.rejects += [self._reject(recording, piece, reason) for piece, reason in plan.rejected]

    def _reject(self, recording: Recording, piece: Piece, reason: str) -> Reject:
        wanted = f"wanted {self._limits.min_ms / 1000} s to {self._limits.max_ms / 1000} s"
        return Reject(
            stage=_STAGE,
            recording=recording.file,
            start_s=piece.speech_start_ms / 1000,
            end_s=piece.speech_end_ms / 1000,
            reason=reason,
            detail=f"{piece.speech_ms / 1000} s, with the silence around it {piece.length_ms / 1000} s; {wanted}",
        )

    def _write(self, recording: Recording, path: Path, piece: Piece, wav: str) -> Segment:
        start_s, end_s = piece.start_ms / 1000, piece.end_ms / 1000
        samples, rate = read_mono(path, sample_rate_hz=self._sample_rate_hz, start_s=start_s, end_s=end_s)
        write_wav(self._out / wav, samples, sample_rate_hz=rate)
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


def _speech(
    path: Path, source: Path, *, threshold_db: float, min_silence_s: float
) -> tuple[list[tuple[int, int]], int]:
    """Return the spans of speech and the length of the recording in whole ms; one without any speech is an error."""
    info = probe(path)
    window_s = min(min_silence_s, max(0.001, info.duration_s - 0.001))
    spans = find_speech(path, threshold_db=threshold_db, min_silence_s=window_s)
    if not spans:
        raise AudioError(
            "recording is silent",
            where=source,
            found=f"no sound above {threshold_db} dBFS",
            remedy="check the recording, or lower segment.threshold_db in params.yaml",
        )
    length_ms = info.n_samples * 1000 // info.sample_rate_hz
    return [(round(1000 * span.start_s), min(round(1000 * span.end_s), length_ms)) for span in spans], length_ms


def _check(summary: SegmentSummary, max_reject_share: float, out: Path) -> None:
    if summary.spans - summary.joined + summary.cut != summary.kept + summary.rejected:
        raise CorpusError("the pieces do not add up; this is a fault of emotts", found=summary)
    reasons = ", ".join(f"{reason} x{count}" for reason, count in sorted(summary.reasons.items())) or "none"
    logger.info(
        "segment: %d spans in %d recordings, %d joined, %d cuts; %d kept (%.1f s), %d rejected (%s)",
        *(summary.spans, summary.recordings, summary.joined, summary.cut),
        *(summary.kept, summary.kept_s, summary.rejected, reasons),
    )
    lost = summary.rejected - summary.reasons.get(CLICK, 0)
    if summary.kept == 0 or lost > max_reject_share * (summary.kept + lost):
        raise CorpusError(
            "too many pieces of the recordings are rejected",
            where=out / "rejects.jsonl",
            found=f"{summary.kept} kept, {summary.rejected} rejected: {reasons}",
            wanted=f"at most a share of {max_reject_share} rejected, clicks not counted, and one kept",
            remedy="listen to the times listed there; lower segment.min_length_s, raise segment.join_pause_s, "
            "or raise segment.max_reject_share in params.yaml",
        )


def _reporter(recordings: Sequence[Recording], progress: Progress | None) -> Callable[[Recording, float], None]:
    total = round(sum(row.duration_s for row in recordings))
    before: dict[str, float] = {}
    passed = 0.0
    for row in recordings:
        before[row.file] = passed
        passed += row.duration_s

    def report(recording: Recording, done_s: float) -> None:
        if progress is not None:
            progress(min(total, round(before[recording.file] + done_s)), total, recording.file)

    return report
