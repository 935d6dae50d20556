"""Taking one recording in: its sound and its texts are copied, and its row is made."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from emotts.audio.io import AudioInfo
from emotts.corpus.rows import Recording
from emotts.corpus.sources.copying import copy_file
from emotts.corpus.sources.source_file import SourceFile
from emotts.corpus.transcripts.labels import Label
from emotts.corpus.transcripts.tracks.reading import TRACK_SUFFIXES
from emotts.files import write_text

__all__ = ["take_in"]


def take_in(file: SourceFile, out: Path, *, info: AudioInfo, sha256: str, speaker: str) -> Recording:
    """Copy a recording and the text files beside it to its place in ``out``, and return its row.

    Texts that a table has for it, with times, are written as a label track.

    Raises:
        CorpusError: if a file cannot be copied.
    """
    copy_file(file.path, out / file.place)
    labels = None
    if file.labels is not None:
        labels = file.place.with_name(_name_of(file.labels, file.place))
        copy_file(file.labels, out / labels)
    elif file.texts:
        labels = file.place.with_name(f"{file.place.stem}.labels.txt")
        write_text(out / labels, "".join(map(_line, file.texts)))
    script = None
    if file.script is not None:
        script = file.place.with_name(f"{file.place.stem}.txt")
        copy_file(file.script, out / script)
    return Recording(
        file=file.place.as_posix(),
        sha256=sha256,
        sample_rate_hz=info.sample_rate_hz,
        channels=info.channels,
        duration_s=info.duration_s,
        speaker=speaker,
        language=file.language,
        emotion=file.emotion,
        labels=None if labels is None else labels.as_posix(),
        script=None if script is None else script.as_posix(),
        is_clip=file.is_clip,
        text=file.text,
        intensity=file.intensity,
        told_by=_told_by(file, labels),
        is_cut_off=info.cut_off is not None,
    )


def _name_of(labels: Path, place: Path) -> str:
    """Return the name of a copied label file: its ending says its format."""
    suffix = labels.suffix.lower()
    if suffix not in TRACK_SUFFIXES:
        return f"{place.stem}.labels.txt"
    return f"{place.stem}{unicodedata.normalize('NFC', labels.suffix)}"


def _told_by(file: SourceFile, labels: Path | None) -> str | None:
    """Return where the texts came from, by name alone, as the source may move; None where the copies say it."""
    if file.told_by is None or (file.script is not None and not file.is_clip and labels is None):
        return None
    name = Path(file.told_by).name
    return None if labels is not None and name == labels.name else name


def _line(label: Label) -> str:
    mark = "" if label.emotion is None else f"[{label.emotion}{_intensity(label)}] "
    return f"{label.start_s:.6f}\t{label.end_s:.6f}\t{mark}{label.text}\n"


def _intensity(label: Label) -> str:
    return "" if label.intensity is None else f" {label.intensity:g}"
