"""The stage ``segment``: recordings become segments of a few seconds at the model's sample rate."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from emotts.audio.voice_activity import require_silero
from emotts.corpus.rows import Recording, read_rows, write_rows
from emotts.corpus.segmentation.cut_off_end import CUT_OFF
from emotts.corpus.segmentation.pieces import CLICK
from emotts.corpus.segmentation.recording_cutter import CutRecording, RecordingCutter
from emotts.corpus.segmentation.segment_names import remove_segments, segment_names
from emotts.corpus.settings import SegmentSettings
from emotts.errors import CorpusError
from emotts.parallel import ParallelSettings, parallel_map, works_here
from emotts.progress import Progress

__all__ = ["SegmentSummary", "segment_recordings"]

_NO_LOSS = (CLICK, CUT_OFF)
"""Reasons that no setting helps against."""

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
        rejected: pieces that are listed in ``rejects.jsonl``.
        kept_s: length of the segments together.
        labelled_kept: segments of recordings with a label track.
        labelled_lost: pieces of such recordings that are too short. Those of other recordings the label stage counts:
            an aligned script needs no segments.
        reasons: number of rejected pieces by reason.
    """

    recordings: int
    spans: int
    joined: int
    cut: int
    kept: int
    rejected: int
    kept_s: float
    labelled_kept: int
    labelled_lost: int
    reasons: Mapping[str, int] = field(default_factory=dict)


def segment_recordings(
    raw: Path,
    out: Path,
    *,
    sample_rate_hz: int,
    settings: SegmentSettings,
    parallel: ParallelSettings | None = None,
    progress: Progress | None = None,
) -> SegmentSummary:
    """Cut the recordings of ``raw/recordings.jsonl`` into mono 16-bit wavs of allowed length.

    Writes ``out/NAME/NAME_0001.wav`` and so on, ``out/segments.jsonl`` and ``out/rejects.jsonl``. With
    ``settings.loudness_lufs``, one gain brings all segments of a recording together to that loudness. Memory does not
    grow with the recordings, but for some MB an hour with ``settings.threshold_db: auto``.

    Args:
        raw: folder that :func:`emotts.corpus.sources.collect.collect_recordings` wrote.
        out: folder to write to.
        sample_rate_hz: rate of the segments.
        settings: where and how the recordings are cut.
        parallel: how many recordings are cut at once; the result is the same.
        progress: called with seconds done, seconds in all, and the file at work.

    Raises:
        AudioError: a recording cannot be read, has NaN or infinite samples, or is silent throughout.
        CorpusError: too many pieces of labelled recordings rejected, none left, or ``recordings.jsonl`` missing or
            damaged.
        ConfigError: a package that the settings ask for is not installed.
    """
    if settings.method == "silero":
        require_silero()
    recordings = read_rows(raw / "recordings.jsonl", Recording)
    remove_segments(out)
    cutter = RecordingCutter(raw, out, settings=settings, sample_rate_hz=sample_rate_hz)
    done = _cut(recordings, cutter, parallel=parallel, report=_reporter(recordings, progress))
    write_rows(out / "rejects.jsonl", (row for each in done for row in each.rejects))
    summary = _summary(recordings, done)
    _check(summary, settings.max_reject_fraction, out)
    write_rows(out / "segments.jsonl", (row for each in done for row in each.segments))
    return summary


def _cut(
    recordings: Sequence[Recording],
    cutter: RecordingCutter,
    *,
    parallel: ParallelSettings | None,
    report: Callable[[Recording, float], None],
) -> list[CutRecording]:
    cut = partial(cutter.cut, report=report) if works_here(parallel) else cutter.cut
    named = list(zip(recordings, segment_names(recordings), strict=True))
    done = []
    for recording, result in zip(recordings, parallel_map(cut, named, parallel=parallel), strict=True):
        done.append(result)
        report(recording, recording.duration_s)
    return done


def _summary(recordings: Sequence[Recording], done: Sequence[CutRecording]) -> SegmentSummary:
    labelled = {row.file for row in recordings if row.labels is not None}
    segments = [row for each in done for row in each.segments]
    rejects = [row for each in done for row in each.rejects]
    return SegmentSummary(
        recordings=len(done),
        spans=sum(each.spans for each in done),
        joined=sum(each.joined for each in done),
        cut=sum(each.cut for each in done),
        kept=len(segments),
        rejected=len(rejects),
        kept_s=sum(row.end_s - row.start_s for row in segments),
        labelled_kept=sum(row.recording in labelled for row in segments),
        labelled_lost=sum(row.recording in labelled and row.reason not in _NO_LOSS for row in rejects),
        reasons=dict(Counter(row.reason for row in rejects)),
    )


def _check(summary: SegmentSummary, max_reject_fraction: float, out: Path) -> None:
    if summary.spans - summary.joined + summary.cut != summary.kept + summary.rejected:
        raise CorpusError("the pieces do not add up; this is a fault of emotts", found=summary)
    reasons = ", ".join(f"{reason} x{count}" for reason, count in sorted(summary.reasons.items())) or "none"
    logger.info(
        "segment: %d spans in %d recordings, %d joined, %d cuts; %d kept (%.1f s), %d rejected (%s)",
        *(summary.spans, summary.recordings, summary.joined, summary.cut),
        *(summary.kept, summary.kept_s, summary.rejected, reasons),
    )
    kept, lost = summary.labelled_kept, summary.labelled_lost
    nothing = summary.kept == 0 and summary.rejected - sum(summary.reasons.get(each, 0) for each in _NO_LOSS) == lost
    if nothing or lost > max_reject_fraction * (kept + lost):
        raise CorpusError(
            "too many pieces of the recordings are rejected",
            where=out / "rejects.jsonl",
            found=f"{kept} kept, {lost} too short, of the recordings with a label track; of all, rejected: {reasons}",
            wanted=f"at most a fraction of {max_reject_fraction} too short, and one kept",
            remedy="listen to the times listed there; lower segment.min_length_s, raise segment.join_pause_s, "
            "or raise segment.max_reject_fraction in params.yaml",
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
