"""What is known of the sound files of a source before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.sources.walk import PassedOver
from emotts.corpus.transcripts.labels import Label
from emotts.errors import CorpusError

__all__ = ["UNUSED", "ReadSource", "SourceFile", "check_places"]

UNUSED = "nothing uses it"
"""Why a file of another kind is ignored."""


@dataclass(frozen=True)
class SourceFile:
    """A sound file of a source, and what its layout says of it.

    Attributes:
        path: the file.
        place: its path within the source.
        language: code of its language.
        emotion: None where the layout does not tell.
        labels: the file with texts and times beside it.
        script: the file with texts alone beside it.
        speaker: None where the layout does not tell.
        intensity: None where the layout does not tell.
        is_clip: whether it is one utterance, which is not cut at its pauses.
        text: what is said in the clip.
        texts: what is said in the recording, and when, where a table says it.
        told_by: the place that the text comes from, ``file:line`` or a file.
    """

    path: Path
    place: Path
    language: str
    emotion: str | None
    labels: Path | None = None
    script: Path | None = None
    speaker: str | None = None
    intensity: float | None = None
    is_clip: bool = False
    text: str | None = None
    texts: tuple[Label, ...] = ()
    told_by: str | None = None


@dataclass(frozen=True)
class ReadSource:
    """A source as one layout reads it.

    Attributes:
        source: the file or folder.
        layout: name of the layout.
        files: the sound files that are taken in, in the order of their places.
        rejected: sound files, and rows of tables, that are not, each with its reason.
        ignored: files of other kinds that nothing uses.
        notes: what a user should know: texts that are not used, and the like.
    """

    source: Path
    layout: str
    files: tuple[SourceFile, ...]
    rejected: tuple[PassedOver, ...]
    ignored: tuple[PassedOver, ...]
    notes: tuple[str, ...] = ()

    @property
    def speakers(self) -> dict[str, int]:
        """The speakers that the layout names, with the numbers of their files."""
        names: dict[str, int] = {}
        for file in self.files:
            if file.speaker is not None:
                names[file.speaker] = names.get(file.speaker, 0) + 1
        return dict(sorted(names.items()))

    @property
    def reasons(self) -> dict[str, Sequence[PassedOver]]:
        """What is passed over, by the reason."""
        grouped: dict[str, list[PassedOver]] = {}
        for each in self.rejected:
            grouped.setdefault(each.reason, []).append(each)
        return dict(sorted(grouped.items()))


def check_places(files: Sequence[SourceFile]) -> None:
    """Refuse two sounds whose names differ in nothing but the way their letters are composed, or that share texts.

    Raises:
        CorpusError: naming both.
    """
    places: dict[str, Path] = {}
    texts: dict[Path, Path] = {}
    for file in files:
        place = file.place.as_posix()
        if place in places:
            raise CorpusError(
                "two files differ in nothing but the Unicode form of their names",
                where=file.path,
                found=f"the same name as {places[place]}",
                remedy="rename one of them or its folder",
            )
        places[place] = file.path
        told = file.labels or file.script
        if told is not None and told in texts:
            raise CorpusError(
                "two recordings share a text file",
                where=file.path,
                found=f"{told} belongs to {texts[told]} as well",
                remedy="remove one of the recordings, or rename it",
            )
        if told is not None:
            texts[told] = file.path
