"""Collecting recordings: found by their layout, checked, hashed, copied unchanged and listed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from emotts.audio.io import AudioInfo, probe
from emotts.audio.opening import check_name
from emotts.corpus.rows import Recording, Reject, write_rows
from emotts.corpus.sources.choosing import read_source
from emotts.corpus.sources.copying import sha256_of
from emotts.corpus.sources.layout import AUTO, Layout
from emotts.corpus.sources.selection import select
from emotts.corpus.sources.source_file import ReadSource, SourceFile
from emotts.corpus.sources.taking import take_in
from emotts.corpus.sources.walk import PassedOver
from emotts.corpus.speakers import ALL_SPEAKERS, check_speaker
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError, CorpusError
from emotts.parallel import ParallelSettings, parallel_map

__all__ = ["MIN_SAMPLE_RATE_HZ", "collect_recordings"]

MIN_SAMPLE_RATE_HZ = 16000
"""Below this a recording lacks the sounds (s, ch, breath) that a voice is learnt from."""
_STAGE = "recording"

logger = logging.getLogger(__name__)


def collect_recordings(
    source: Path,
    out: Path,
    *,
    language: str,
    speaker: str,
    emotions: EmotionSet,
    layout: str | Layout = AUTO,
    parallel: ParallelSettings | None = None,
) -> list[Recording]:
    """Copy the recordings of a source to ``out``, their places kept, and list them in ``out/recordings.jsonl``.

    Everything is checked before the first file is copied; files with texts beside a recording come with it. What is not
    taken in is listed in ``out/rejects.jsonl``.

    Args:
        source: a sound file or a folder, as :func:`emotts.corpus.sources.choosing.read_source` reads it.
        out: folder to write to, outside of the source.
        language: code or name of the language; recordings in another one are rejected.
        speaker: name of the speaker, and the one that is taken where the source names several; ``all``: all of these.
        emotions: the emotion set that names of folders, columns and marks are looked up in.
        layout: name of the source's layout, a layout, or ``auto``.
        parallel: how many files are read and copied at once; the result is the same.

    Raises:
        CorpusError: as ``read_source``; or the same content twice, an unusable speaker name, or nothing left.
        AudioError: a recording that cannot be read (cut off ones can), holds no sound, or is below 16 kHz.
    """
    check_speaker(speaker)
    _check_apart(source, out)
    read = read_source(source, language=language, emotions=emotions, layout=layout)
    _log_ignored(read)
    chosen = select(read, language=language, speaker=speaker)
    usable, rejected = _distinct(list(parallel_map(_inspect, chosen.files, parallel=parallel)))
    rejected = [*chosen.rejected, *rejected]
    _check_any(usable, rejected, source)
    _remove_former(out)
    rows = list(parallel_map(partial(_take_in, out=out, speaker=speaker), usable, parallel=parallel))
    _write(rows, [_reject(each, source) for each in rejected], out)
    return rows


def _remove_former(out: Path) -> None:
    """Remove the lists of an earlier pass: an interrupted one must not leave them beside its own files."""
    for name in ("recordings.jsonl", "rejects.jsonl"):
        (out / name).unlink(missing_ok=True)


def _write(rows: Sequence[Recording], rejects: Sequence[Reject], out: Path) -> None:
    write_rows(out / "rejects.jsonl", rejects)
    write_rows(out / "recordings.jsonl", rows)
    n_in, seconds = len(rows) + len(rejects), sum(row.duration_s for row in rows)
    logger.info("recording: %d files in, %d kept, %d rejected, %.1f s", n_in, len(rows), len(rejects), seconds)


@dataclass(frozen=True)
class _Usable:
    """A file that can be taken in, what its sound is, and the hash of its content."""

    file: SourceFile
    info: AudioInfo
    sha256: str


def _take_in(usable: _Usable, out: Path, *, speaker: str) -> Recording:
    named = usable.file.speaker
    who = named if speaker == ALL_SPEAKERS and named is not None else speaker
    return take_in(usable.file, out, info=usable.info, sha256=usable.sha256, speaker=who)


def _check_apart(source: Path, out: Path) -> None:
    inner, outer = out.resolve(), source.resolve()
    if source.is_dir() and (inner.is_relative_to(outer) or outer.is_relative_to(inner)):
        raise CorpusError(
            "the source and the folder for the recordings lie inside each other",
            where=source,
            found=out,
            remedy="move the source elsewhere",
        )


def _log_ignored(read: ReadSource) -> None:
    if read.ignored:
        kinds = Counter(Path(each.where).suffix.lower() or Path(each.where).name for each in read.ignored)
        listed = ", ".join(f"{kind} x{count}" for kind, count in sorted(kinds.items()))
        logger.info("recording: %d files of other kinds ignored in %s (%s)", len(read.ignored), read.source, listed)
    for note in read.notes:
        logger.info("recording: %s", note)


def _inspect(file: SourceFile) -> _Usable | PassedOver:
    """Return a file with what its sound is, or why it cannot be used where it is one clip of many."""
    try:
        return _Usable(file, _check(file), sha256_of(file.path))
    except AudioError as error:
        if not file.is_clip:
            raise
        return PassedOver(file.path, error.what, error.found or "")


def _check(file: SourceFile) -> AudioInfo:
    check_name(file.path)
    info = probe(file.path, as_is=not file.is_clip)
    if info.opposite_phase:
        logger.warning("%s: its two channels are in opposite phase; the louder one is taken", file.path)
    if info.sample_rate_hz < MIN_SAMPLE_RATE_HZ:
        raise AudioError(
            "sample rate is too low for a voice",
            where=file.path,
            found=f"{info.sample_rate_hz} Hz",
            wanted=f"at least {MIN_SAMPLE_RATE_HZ} Hz, better 44100 or 48000",
            remedy="export it anew from the original at its full rate; raising the rate afterwards brings nothing back",
        )
    if info.cut_off is not None:
        said = "%s is cut off: %s; its last piece is used only if a pause follows it"
        logger.warning(said, file.path, info.cut_off)
    if info.channels > 2:
        logger.warning("%s has %d channels; they will be mixed down to one", file.path, info.channels)
    return info


def _distinct(inspected: Sequence[_Usable | PassedOver]) -> tuple[list[_Usable], list[PassedOver]]:
    """Return the files with contents of their own, and the clips without: of equal ones that say the same, the others.

    Raises:
        CorpusError: if two recordings have the same content.
    """
    usable: list[_Usable] = []
    rejected = [each for each in inspected if isinstance(each, PassedOver)]
    groups: dict[str, list[_Usable]] = {}
    for each in inspected:
        if isinstance(each, _Usable):
            groups.setdefault(each.sha256, []).append(each)
    for first, *others in groups.values():
        files = [each.file for each in (first, *others)]
        if others and not all(file.is_clip for file in files):
            raise CorpusError(
                "two recordings have the same content",
                where=files[1].path,
                found=f"the same bytes as {files[0].path}",
                remedy="remove one of them; if they are filed under two emotions, keep the one that is right",
            )
        if len({(file.emotion, file.text) for file in files}) == 1:
            usable.append(first)
            rejected += [
                PassedOver(file.path, "same content as another clip", str(files[0].path)) for file in files[1:]
            ]
        else:
            reason = "same content as another clip, with another text or emotion"
            names = ", ".join(str(file.path) for file in files)
            rejected += [PassedOver(file.path, reason, names) for file in files]
    return usable, rejected


def _check_any(usable: list[_Usable], rejected: list[PassedOver], source: Path) -> None:
    if usable:
        return
    counts = Counter(each.reason for each in rejected)
    first = rejected[0]
    raise CorpusError(
        "nothing of the source can be used",
        where=source,
        found=f"{', '.join(f'{reason}: {count}' for reason, count in counts.most_common())}; the first is "
        f"{first.where}: {first.detail or first.reason}",
        remedy=f"`emotts import {source}` shows what is understood; name the layout with --layout",
    )


def _reject(each: PassedOver, source: Path) -> Reject:
    root = source if source.is_dir() else source.parent
    where = Path(each.where)
    name = where.relative_to(root).as_posix() if where.is_relative_to(root) else str(where)
    return Reject(stage=_STAGE, recording=name, start_s=0.0, end_s=0.0, reason=each.reason, detail=each.detail)
