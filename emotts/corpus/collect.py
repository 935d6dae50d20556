"""Taking recordings in: found by their layout, checked, fingerprinted, copied untouched, listed."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

from emotts.audio.io import AudioInfo, probe
from emotts.corpus.copying import copy_file, sha256_of
from emotts.corpus.layout import SourceFile, read_layout
from emotts.corpus.rows import Recording, write_rows
from emotts.emotions import EmotionSet
from emotts.errors import AudioError, CorpusError

__all__ = ["MIN_SAMPLE_RATE_HZ", "collect_recordings"]

MIN_SAMPLE_RATE_HZ = 16000
"""Below this a recording lacks the sounds (s, ch, breath) that a voice is learnt from."""

logger = logging.getLogger(__name__)


def collect_recordings(
    source: Path, out: Path, *, language: str, speaker: str, emotions: EmotionSet
) -> list[Recording]:
    """Copy the recordings of a source to ``out``, their places kept, and list them in ``out/recordings.jsonl``.

    Everything is checked before the first file is copied. ``STEM.labels.txt`` (label track) and ``STEM.txt`` (script)
    beside a recording are copied with it.

    Args:
        source: a sound file, or a folder as :func:`emotts.corpus.layout.read_layout` reads it.
        out: folder to write to, outside of the source.
        language: code or name of the language where the folders name none.
        speaker: name of the speaker of all recordings.
        emotions: the emotion set that folder names are looked up in.

    Raises:
        CorpusError: source missing, without sound, inside ``out`` or around it; unknown folder; the same content
            twice; unusable speaker name; a file that cannot be copied.
        AudioError: a recording that cannot be read, holds no sound, or has a sample rate below 16 kHz.
    """
    source, out = Path(source), Path(out)
    _check_speaker(speaker)
    _check_apart(source, out)
    layout = read_layout(source, language=language, emotions=emotions)
    if layout.ignored:
        kinds = Counter(path.suffix.lower() or path.name for path in layout.ignored)
        listed = ", ".join(f"{kind} x{count}" for kind, count in sorted(kinds.items()))
        logger.info("recording: %d files of other kinds ignored in %s (%s)", len(layout.ignored), source, listed)
    infos = [_check(file) for file in layout.files]
    fingerprints = _fingerprints(layout.files)
    # an interrupted pass must not leave the list of an earlier one beside its own files
    (out / "recordings.jsonl").unlink(missing_ok=True)
    rows = []
    for file, info, sha256 in zip(layout.files, infos, fingerprints, strict=True):
        rows.append(_take_in(file, out, info=info, sha256=sha256, speaker=speaker))
    write_rows(out / "recordings.jsonl", rows)
    logger.info(
        "recording: %d files in, %d kept, %.1f s", len(layout.files), len(rows), sum(r.duration_s for r in rows)
    )
    return rows


def _check_speaker(speaker: str) -> None:
    if not speaker or speaker != "".join(speaker.split()) or "|" in speaker:
        raise CorpusError(f"speaker name {speaker!r} cannot be used", wanted="a name without blanks and without |")


def _check_apart(source: Path, out: Path) -> None:
    inner, outer = out.resolve(), source.resolve()
    if source.is_dir() and (inner.is_relative_to(outer) or outer.is_relative_to(inner)):
        raise CorpusError(
            "the source and the folder for the recordings lie inside each other",
            where=source,
            found=out,
            remedy="move the source elsewhere",
        )


def _check(file: SourceFile) -> AudioInfo:
    info = probe(file.path)
    if info.sample_rate_hz < MIN_SAMPLE_RATE_HZ:
        raise AudioError(
            "sample rate is too low for a voice",
            where=file.path,
            found=f"{info.sample_rate_hz} Hz",
            wanted=f"at least {MIN_SAMPLE_RATE_HZ} Hz, better 44100 or 48000",
            remedy="export it anew from the original at its full rate; raising the rate afterwards brings nothing back",
        )
    if info.channels > 2:
        logger.warning("%s has %d channels; they will be mixed down to one", file.path, info.channels)
    return info


def _fingerprints(files: tuple[SourceFile, ...]) -> list[str]:
    seen: dict[str, Path] = {}
    for file in files:
        sha256 = sha256_of(file.path)
        if sha256 in seen:
            raise CorpusError(
                "two recordings have the same content",
                where=file.path,
                found=f"the same bytes as {seen[sha256]}",
                remedy="remove one of them; if they are filed under two emotions, keep the one that is right",
            )
        seen[sha256] = file.path
    return list(seen)


def _take_in(file: SourceFile, out: Path, *, info: AudioInfo, sha256: str, speaker: str) -> Recording:
    copy_file(file.path, out / file.place)
    texts: dict[str, str | None] = {"labels": None, "script": None}
    for kind, path in (("labels", file.labels), ("script", file.script)):
        if path is not None:
            place = file.place.with_name(f"{file.place.stem}{'.labels' if kind == 'labels' else ''}.txt")
            copy_file(path, out / place)
            texts[kind] = place.as_posix()
    return Recording(
        file=file.place.as_posix(),
        sha256=sha256,
        sample_rate_hz=info.sample_rate_hz,
        channels=info.channels,
        duration_s=info.duration_s,
        speaker=speaker,
        language=file.language,
        emotion=file.emotion,
        labels=texts["labels"],
        script=texts["script"],
    )
