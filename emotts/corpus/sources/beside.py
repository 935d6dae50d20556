"""The text files beside a recording: its label file, in any format, and its script."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.columns import NAMES, find_columns
from emotts.corpus.sources.languages import language_of
from emotts.corpus.sources.walk import Walked
from emotts.corpus.transcripts.labels import Label, ScriptLine, is_label_track, parse_script
from emotts.corpus.transcripts.tracks.reading import TRACK_SUFFIXES, read_track
from emotts.corpus.transcripts.tracks.timed_table import read_csv_rows
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = ["Beside", "TextsBeside", "only_line"]

_LABELS = ".labels.txt"
_SCRIPT = ".txt"
_CLIP_CHARACTERS = 200
"""A script of one line of at most this length is the text of a clip; a longer one is a text without line ends."""
_SAME_S = 0.1


@dataclass(frozen=True)
class Beside:
    """The text files of one recording: the one with times, the one without, and those that are not used."""

    labels: Path | None
    script: Path | None
    unused: tuple[Path, ...] = ()


class TextsBeside:
    """Finds the text files of recordings; names are compared composed (NFC), case does not count."""

    def __init__(self, walked: Walked, *, emotions: EmotionSet) -> None:
        """Index the files of a source that are no sound."""
        self._emotions = emotions
        self._files: dict[Path, dict[str, Path]] = defaultdict(dict)
        for path in walked.others:
            self._files[path.parent].setdefault(_fold(path.name), path)

    def of(self, sound: Path) -> Beside:
        """Return the text files of a sound.

        Of several files with times the first counts, ``.labels.txt`` before all others. A ``.txt`` that begins as a
        label track is one.

        Raises:
            CorpusError: if two files with times say different things, or one of two cannot be read.
        """
        names = self._files.get(sound.parent, {})
        stem = _fold(sound.stem)
        own = names.get(stem + _LABELS)
        tracks = [path for path in self._tracks(stem, names) if _is_track(path)]
        script = names.get(stem + _SCRIPT)
        if script is not None and _begins_as_track(script):
            tracks, script = [script, *tracks], None
        if own is not None:
            return Beside(own, script, tuple(tracks))
        if not tracks:
            return Beside(None, script)
        self._check_agreement(tracks)
        return Beside(tracks[0], script, tuple(tracks[1:]))

    def names(self, sound: Path) -> bool:
        """Say whether a file beside a sound is named as its script or label file is."""
        names = self._files.get(sound.parent, {})
        stem = _fold(sound.stem)
        return any(stem + suffix in names for suffix in (_LABELS, _SCRIPT, *TRACK_SUFFIXES))

    def _tracks(self, stem: str, names: dict[str, Path]) -> list[Path]:
        """Return the files that may have times, those with a language between stem and ending (``take.ko.srt``) too."""
        plain = [names[stem + suffix] for suffix in TRACK_SUFFIXES if stem + suffix in names]
        if plain:
            return plain
        tagged = [path for name, path in names.items() if name.startswith(f"{stem}.") and _is_tagged(name, stem)]
        return sorted(tagged)

    def _check_agreement(self, tracks: Sequence[Path]) -> None:
        if len(tracks) < 2:
            return
        first = read_track(tracks[0], emotions=self._emotions)
        for other in tracks[1:]:
            if not _agree(first, read_track(other, emotions=self._emotions)):
                raise CorpusError(
                    "two files beside a recording give it different texts or times",
                    where=tracks[0],
                    found=other,
                    wanted="one of them",
                    remedy="remove the one that is not right, or move it elsewhere",
                )


def only_line(script: Path, *, emotions: EmotionSet) -> ScriptLine | None:
    """Return the line of a script that has only one, so that its recording is a clip; None for any other script.

    A script with faults is another one: the label stage names them.
    """
    try:
        lines = parse_script(script, emotions=emotions)
    except CorpusError:
        return None
    return lines[0] if len(lines) == 1 and len(lines[0].text) <= _CLIP_CHARACTERS else None


def _begins_as_track(script: Path) -> bool:
    try:
        return is_label_track(script)
    except CorpusError:
        return False


def _agree(one: Sequence[Label], other: Sequence[Label]) -> bool:
    """Say whether two files have the same texts at the same times; one may count milliseconds, as Whisper's does."""
    if [label.text for label in one] != [label.text for label in other]:
        return False
    units = (1.0, 0.001, 1000.0)
    return any(all(_is_near(a, b, unit) for a, b in zip(one, other, strict=True)) for unit in units)


def _is_near(one: Label, other: Label, unit: float) -> bool:
    return abs(one.start_s - unit * other.start_s) <= _SAME_S and abs(one.end_s - unit * other.end_s) <= _SAME_S


def _is_tagged(name: str, stem: str) -> bool:
    tag, _, suffix = name[len(stem) + 1 :].rpartition(".")
    return f".{suffix}" in TRACK_SUFFIXES and language_of(tag) is not None


def _is_track(path: Path) -> bool:
    """Say whether a file is one with texts and times, where its ending is that of other things as well."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        with path.open("rb") as stream:
            start = stream.read(1 << 20).replace(b"\0", b"")  # UTF-16 has one beside each ASCII letter
            return b'"segments"' in start or path.stat().st_size < 2
    if suffix not in (".csv", ".tsv"):
        return True
    try:
        rows = read_csv_rows(path)
    except CorpusError:
        return True  # the label stage says what is wrong with it
    if not rows:
        return True
    columns = find_columns(rows[0][1], NAMES)
    return "start" in columns or not columns


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
