"""The stage ``label``: every segment gets its text and emotion, or is rejected with the reason."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from emotts.corpus.corrections.corrected_takes import Corrector
from emotts.corpus.rows import Doubt, Recording, Reject, Segment, read_rows, write_rows
from emotts.corpus.segmentation.segment_names import remove_segments, segment_names
from emotts.corpus.settings import LabelSettings
from emotts.corpus.transcripts.label_summary import LabelSummary, check_summary, summarise
from emotts.corpus.transcripts.labelled_take import RECOGNISED, LabelledTake, Recognition, with_intensity
from emotts.corpus.transcripts.listening import labelled_takes
from emotts.corpus.transcripts.scripts import Piece
from emotts.corpus.transcripts.take_labelling import TakeLabelling
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.progress import Progress

__all__ = ["LabelSummary", "label_segments"]

_NO_SPEECH = ("click", "noise", "silence", "no speech")
"""Beginnings of the reasons for which segmentation rejects what is not speech."""


def label_segments(
    segments: Path,
    raw: Path,
    out: Path,
    *,
    emotions: EmotionSet,
    settings: LabelSettings,
    recognition: Recognition | None = None,
    corrector: Corrector | None = None,
    progress: Progress | None = None,
) -> LabelSummary:
    """Write ``utterances.jsonl`` and ``rejects.jsonl``, and, where there are any, doubts and labels that are not used.

    The text is given with a clip, or in the label track, else the script, else recognised where ``settings`` say so. A
    script that does not fit the segments one to one is aligned with what is heard; its take is cut anew into ``out``.

    Args:
        segments: folder with ``segments.jsonl``, ``rejects.jsonl`` and the wavs.
        raw: folder with ``recordings.jsonl``, the recordings, label tracks and scripts.
        out: folder to write into.
        emotions: the emotion set of the project.
        settings: what is accepted.
        recognition: the recogniser; None where it is not installed, then no script is aligned.
        corrector: applies what people corrected by ear.
        progress: called as ``progress(done, total, note)``.

    Raises:
        CorpusError: if a label track or script cannot be used, segments are the same, or too much is rejected.
    """
    recordings = {row.file: row for row in read_rows(raw / "recordings.jsonl", Recording)}
    labelling = TakeLabelling(raw, out, emotions, settings, recognition, _names(recordings))
    work = {file: labelling.label(recordings[file], own) for file, own in _pieces(segments, recordings).items()}
    _remove_former(out)
    parallel = None if recognition is None else recognition.parallel
    done = labelled_takes(work, parallel=parallel, progress=progress)
    takes = [with_intensity(take, recordings[file].intensity) for file, take in done.items()]
    return _write(takes if corrector is None else corrector.correct(takes, recordings), out, settings)


def _pieces(segments: Path, recordings: Mapping[str, Recording]) -> dict[str, list[Piece]]:
    """Return the pieces of speech of each recording in order of time, those included that segmentation rejected.

    Clicks and the like are not speech. A recording with a label track of which no segment is left is not among them:
    the segment stage has counted what it lost.
    """
    where = segments / "segments.jsonl"
    rows = read_rows(where, Segment)
    _check_recordings(rows, recordings, where=where)
    _check_unique(rows, segments)
    found: dict[str, list[Piece]] = defaultdict(list)
    for row in rows:
        found[row.recording].append(Piece(row.speech_start_s, row.speech_end_s, row))
    path = segments / "rejects.jsonl"
    for reject in read_rows(path, Reject) if path.is_file() else []:
        if not reject.reason.casefold().startswith(_NO_SPEECH):
            found[reject.recording].append(Piece(reject.start_s, reject.end_s, None))
    pieces = {
        file: sorted(found[file], key=lambda piece: piece.start_s)
        for file, recording in recordings.items()
        if any(piece.segment is not None or recording.labels is None for piece in found[file])
    }
    if not pieces:
        raise CorpusError("there are no segments", where=where, remedy="look into rejects.jsonl of the segment stage")
    return pieces


def _check_recordings(rows: Sequence[Segment], recordings: Mapping[str, Recording], *, where: Path) -> None:
    """Refuse segments of recordings that are not there."""
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
                remedy="run `dvc repro`, which cuts the recording anew",
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


def _names(recordings: Mapping[str, Recording]) -> dict[str, str]:
    """Return what the segments of each recording are called by."""
    return dict(zip(recordings, segment_names(list(recordings.values())), strict=True))


def _remove_former(out: Path) -> None:
    """Remove the rows and wavs of an earlier pass: what is refused now must not leave them beside its own rejects."""
    for name in ("utterances.jsonl", "review.jsonl", "unused_labels.jsonl"):
        (out / name).unlink(missing_ok=True)
    shutil.rmtree(out / RECOGNISED, ignore_errors=True)
    remove_segments(out)


def _write(takes: Sequence[LabelledTake], out: Path, settings: LabelSettings) -> LabelSummary:
    summary = summarise(takes)
    write_rows(out / "rejects.jsonl", [row for take in takes for row in take.rejects])
    unused = [row for take in takes for row in take.unused]
    if unused:
        write_rows(out / "unused_labels.jsonl", unused)
    doubts: list[Doubt] = sorted((row for take in takes for row in take.doubts), key=lambda row: row.confidence)
    if doubts:
        write_rows(out / "review.jsonl", doubts)
    check_summary(summary, takes, max_reject_fraction=settings.max_reject_fraction, where=out / "rejects.jsonl")
    write_rows(out / "utterances.jsonl", [row for take in takes for row in take.utterances])
    return summary
