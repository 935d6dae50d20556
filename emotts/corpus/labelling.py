"""The stage ``label``: every segment gets its text and emotion, or is rejected with the reason."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from emotts.corpus.labels import parse_label_track, parse_script
from emotts.corpus.rows import Recording, Reject, Segment, Utterance, read_rows, write_rows
from emotts.corpus.transcripts import Piece, Problem, Transcript, match_labels, match_script
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError

__all__ = ["LabelSummary", "Progress", "Transcribe", "label_segments"]

_log = logging.getLogger(__name__)

Transcribe = Callable[[Path], str]
"""Speech recognition: a wav's path to its text."""

Progress = Callable[..., object] | None

_STAGE = "label"
_NO_SPEECH = ("click", "noise", "silence", "no speech")
"""Beginnings of the reasons for which segmentation rejects what is not speech."""


@dataclass(frozen=True)
class LabelSummary:
    """What came in and what became of it; ``n_in = n_kept + n_rejected``."""

    n_in: int
    n_kept: int
    n_rejected: int
    counts: Mapping[str, int]
    """Utterances an emotion."""
    seconds: Mapping[str, float]
    """Seconds an emotion, kept silence included."""
    reasons: Mapping[str, int]
    """Rejects a reason."""


def label_segments(
    segments: Path,
    raw: Path,
    out: Path,
    *,
    emotions: EmotionSet,
    max_reject_share: float,
    transcribe: Transcribe | None = None,
    progress: Progress = None,
) -> LabelSummary:
    """Write ``utterances.jsonl`` and ``rejects.jsonl`` into ``out``.

    The text comes from the recording's label track, else from its script, else from ``transcribe`` where given;
    never from anywhere else. The emotion comes from a mark in the line, else from the folder.

    Args:
        segments: folder with ``segments.jsonl``, ``rejects.jsonl`` and the wavs.
        raw: folder with ``recordings.jsonl``, label tracks and scripts.
        out: folder to write into.
        emotions: the emotion set of the project.
        max_reject_share: largest share of the segments that may be rejected.
        transcribe: speech recognition for segments that have no text otherwise.
        progress: called as ``progress(done, total, note)``.

    Raises:
        CorpusError: if a label track or script cannot be used, two utterances are the same, more than
            ``max_reject_share`` is rejected, or nothing is left.
    """
    rows = read_rows(segments / "segments.jsonl", Segment)
    recordings = {row.file: row for row in read_rows(raw / "recordings.jsonl", Recording)}
    _check_recordings(rows, recordings, where=segments / "segments.jsonl")
    _check_unique(rows, segments)
    found = _transcripts(
        rows,
        recordings,
        rejected=_rejected_pieces(segments),
        raw=raw,
        emotions=emotions,
        fall_back=transcribe is not None,
    )
    utterances: list[Utterance] = []
    rejects: list[Reject] = []
    for number, row in enumerate(rows):
        if progress is not None:
            progress(number, len(rows), row.wav)
        result = found.get(row.wav) or _recognised(row, segments, transcribe)
        outcome = result if isinstance(result, Problem) else _utterance(row, result, emotions=emotions)
        if isinstance(outcome, Problem):
            rejects.append(_reject(row, outcome))
        else:
            utterances.append(outcome)
    if progress is not None:
        progress(len(rows), len(rows), "")
    summary = _summary(rows, utterances, rejects)
    # what is refused must not leave the utterances of an earlier pass beside its own rejects
    (out / "utterances.jsonl").unlink(missing_ok=True)
    write_rows(out / "rejects.jsonl", rejects)
    _check_summary(summary, max_reject_share=max_reject_share, where=out / "rejects.jsonl")
    write_rows(out / "utterances.jsonl", utterances)
    return summary


def _rejected_pieces(segments: Path) -> dict[str, list[Reject]]:
    """Pieces of speech that segmentation rejected, by recording; clicks and the like are not speech."""
    path = segments / "rejects.jsonl"
    pieces: dict[str, list[Reject]] = defaultdict(list)
    for row in read_rows(path, Reject) if path.is_file() else []:
        if not row.reason.casefold().startswith(_NO_SPEECH):
            pieces[row.recording].append(row)
    return pieces


def _transcripts(
    rows: Sequence[Segment],
    recordings: Mapping[str, Recording],
    *,
    rejected: Mapping[str, list[Reject]],
    raw: Path,
    emotions: EmotionSet,
    fall_back: bool,
) -> dict[str, Transcript | Problem]:
    """Transcripts by wav from the label tracks and scripts of all recordings."""
    by_recording: dict[str, list[Piece]] = defaultdict(list)
    for row in rows:
        by_recording[row.recording].append(Piece(row.speech_start_s, row.speech_end_s, row))
    found: dict[str, Transcript | Problem] = {}
    for name, pieces in by_recording.items():
        pieces += [Piece(row.start_s, row.end_s, None) for row in rejected.get(name, [])]
        pieces.sort(key=lambda piece: piece.start_s)
        recording = recordings[name]
        if recording.labels is not None:
            labels = parse_label_track(raw / recording.labels, emotions=emotions)
            found.update(match_labels(labels, pieces))
        elif recording.script is not None:
            path = raw / recording.script
            lines = parse_script(path, emotions=emotions)
            try:
                found.update(match_script(lines, pieces, path=path))
            except CorpusError:
                if not fall_back:
                    raise
                _log.warning("%s does not fit its recording; its texts are recognised instead", path)
    return found


def _recognised(row: Segment, segments: Path, transcribe: Transcribe | None) -> Transcript | Problem:
    if transcribe is None:
        return Problem("no transcript", f"no label over {row.speech_start_s:.2f}-{row.speech_end_s:.2f} s")
    text = " ".join(transcribe(segments / row.wav).split())
    if not text:
        return Problem("no transcript", "speech recognition heard nothing")
    if "|" in text or not text.isprintable():
        return Problem("unusable transcript", f"speech recognition returned {text[:60]!r}")
    return Transcript(text=text, emotions=(None,), intensity=None, source="asr")


def _utterance(row: Segment, transcript: Transcript, *, emotions: EmotionSet) -> Utterance | Problem:
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
    )


def _reject(row: Segment, problem: Problem) -> Reject:
    return Reject(
        stage=_STAGE,
        recording=row.recording,
        start_s=row.start_s,
        end_s=row.end_s,
        reason=problem.reason,
        detail=problem.detail,
        wav=row.wav,
    )


def _check_recordings(rows: Sequence[Segment], recordings: Mapping[str, Recording], *, where: Path) -> None:
    if not rows:
        raise CorpusError("there are no segments", where=where, remedy="look into rejects.jsonl of the segment stage")
    for number, row in enumerate(rows, 1):
        if row.recording not in recordings:
            raise CorpusError(
                f"recording {row.recording!r} is not among the recordings",
                where=f"{where}:{number}",
                remedy="run `dvc repro` so that recordings and segments belong together",
            )


def _check_unique(rows: Sequence[Segment], segments: Path) -> None:
    """Refuse segments that overlap in one recording, and segments with the same sound."""
    ordered = sorted(rows, key=lambda row: (row.recording, row.speech_start_s))
    for before, after in pairwise(ordered):
        if before.recording == after.recording and after.speech_start_s < before.speech_end_s - 0.001:
            raise CorpusError(
                "duplicate utterance: two segments hold the same time of a recording",
                where=before.recording,
                found=f"{before.wav} ({before.speech_start_s:.2f}-{before.speech_end_s:.2f} s) and "
                f"{after.wav} ({after.speech_start_s:.2f}-{after.speech_end_s:.2f} s)",
                remedy="run `dvc repro -f segment`",
            )
    seen: dict[str, Segment] = {}
    for row in rows:
        path = segments / row.wav
        if not path.is_file():
            raise CorpusError("segment's file is missing", where=path, remedy="run `dvc repro`")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in seen:
            raise CorpusError(
                "duplicate utterance: two segments hold the same sound",
                where=path,
                found=f"{seen[digest].wav} of {seen[digest].recording} and {row.wav} of {row.recording}",
                remedy="remove the recording that came in twice",
            )
        seen[digest] = row


def _summary(rows: Sequence[Segment], utterances: Sequence[Utterance], rejects: Sequence[Reject]) -> LabelSummary:
    if len(rows) != len(utterances) + len(rejects):
        raise CorpusError(
            "segments were lost", found=f"{len(rows)} in, {len(utterances)} kept, {len(rejects)} rejected"
        )
    seconds: dict[str, float] = defaultdict(float)
    for row in utterances:
        seconds[row.emotion] += row.end_s - row.start_s
    return LabelSummary(
        n_in=len(rows),
        n_kept=len(utterances),
        n_rejected=len(rejects),
        counts=dict(Counter(row.emotion for row in utterances)),
        seconds={name: round(value, 3) for name, value in seconds.items()},
        reasons=dict(Counter(row.reason for row in rejects)),
    )


def _check_summary(summary: LabelSummary, *, max_reject_share: float, where: Path) -> None:
    _log.info("label: %d in = %d kept + %d rejected", summary.n_in, summary.n_kept, summary.n_rejected)
    if summary.n_rejected > max_reject_share * summary.n_in or summary.n_kept == 0:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(summary.reasons.items()))
        raise CorpusError(
            f"too many segments are rejected: {summary.n_rejected} of {summary.n_in}",
            where=where,
            found=reasons,
            wanted=f"at most {max_reject_share:.0%} (label.max_reject_share)",
            remedy="complete the transcripts; rejects.jsonl names every segment",
        )
    for emotion, count in sorted(summary.counts.items()):
        if count == 1:
            _log.warning("emotion %s has one utterance only; it cannot be split into training and evaluation", emotion)
