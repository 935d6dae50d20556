"""What the folders of a source say: language/emotion/[PTD/]files, emotion/files, or plain files."""

from __future__ import annotations

import difflib
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from emotts.audio.opening import SOUND_SUFFIXES
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError

__all__ = ["LANGUAGES", "Layout", "SourceFile", "place_sound", "read_layout", "resolve_language"]

LANGUAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "KR": ("kr", "ko", "kor", "korean", "ko-kr", "ko_kr", "한국어", "한국말", "한글", "국어", "韓国語"),
        "JP": ("jp", "ja", "jpn", "japanese", "ja-jp", "ja_jp", "일본어", "日本語", "日语"),
        "EN": ("en", "eng", "english", "en-us", "en_us", "en-gb", "en_gb", "영어", "英語", "英语"),
    }
)
"""Language codes and the folder names that mean them."""

_TAKES_FOLDER = "ptd"
"""A folder below the emotion that some archives put the takes into; it says nothing."""


@dataclass(frozen=True)
class SourceFile:
    """A sound file of a source.

    ``place`` is its path within the source, ``labels`` and ``script`` the text files beside it
    (``STEM.labels.txt``, ``STEM.txt``). ``emotion`` is None where the folders do not tell.
    """

    path: Path
    place: Path
    language: str
    emotion: str | None
    labels: Path | None
    script: Path | None


@dataclass(frozen=True)
class Layout:
    """The sound files of a source in the order of their paths, and the other files that were passed over."""

    files: tuple[SourceFile, ...]
    ignored: tuple[Path, ...]


def resolve_language(name: str, *, where: object | None = None) -> str:
    """Return the code of a language name (``한국어``, ``korean`` -> ``KR``).

    Raises:
        CorpusError: if the name is unknown; the message names the nearest known one.
    """
    code = _language_of(name)
    if code is None:
        raise CorpusError(
            f"unknown language {name!r}",
            where=where,
            wanted=f"one of {', '.join(LANGUAGES)} or a name such as 한국어, japanese",
            remedy=_nearest(name, [alias for aliases in LANGUAGES.values() for alias in aliases]),
        )
    return code


def read_layout(source: Path, *, language: str, emotions: EmotionSet) -> Layout:
    """Find the sound files of a source, a file or a folder, with what their folders say of them.

    Hidden files and folders and files of other kinds are passed over. Links to folders are not followed.

    Args:
        source: a sound file, or a folder in the layout ``language/emotion/[PTD/]*``, ``emotion/*`` or flat.
        language: code or name of the language where no folder names one.
        emotions: names and aliases of the emotion folders.

    Raises:
        CorpusError: the source is missing or holds no sound file; or a folder is neither a language nor an emotion.
    """
    default = resolve_language(language)
    if source.is_file():
        return Layout(files=(_source_file(source, Path(source.name), language=default, emotion=None),), ignored=())
    if not source.is_dir():
        raise CorpusError("source is missing", where=source, wanted="a sound file or a folder with sound files")
    found = _walk(source)
    sounds = [path for path in found if path.suffix.lower() in SOUND_SUFFIXES and not _is_hidden(path, source)]
    if not sounds:
        raise CorpusError(
            "no sound file in the source",
            where=source,
            found=f"{len(found)} other files" if found else "an empty folder",
            wanted=f"files ending in {', '.join(sorted(SOUND_SUFFIXES))}, directly or in language/emotion/[PTD/]",
            remedy="correct recording.source in params.yaml, or put the recordings there",
        )
    files = tuple(place_sound(path, source, language=default, emotions=emotions) for path in sounds)
    used = {path for file in files for path in (file.path, file.labels, file.script)}
    return Layout(files=files, ignored=tuple(path for path in found if path not in used))


def _walk(source: Path) -> list[Path]:
    found = []
    for folder, folders, names in os.walk(source):
        folders.sort()
        found += [Path(folder) / name for name in names]
    return sorted(found)


def _is_hidden(path: Path, source: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.relative_to(source).parts)


def place_sound(path: Path, source: Path, *, language: str, emotions: EmotionSet) -> SourceFile:
    """Tell what the folders between ``source`` and the sound file ``path`` say; raises as :func:`read_layout`."""
    place = path.relative_to(source)
    folders = [part for part in place.parts[:-1] if part.casefold() != _TAKES_FOLDER]
    if folders and (code := _language_of(folders[0])) is not None and not emotions.knows(folders[0]):
        language = code
        folders = folders[1:]
    elif len(folders) > 1 and not emotions.knows(folders[0]) and emotions.knows(folders[1]):
        resolve_language(folders[0], where=source / place.parts[0])
    emotion = emotions.resolve(folders[0], where=path.parent) if folders else None
    return _source_file(path, place, language=language, emotion=emotion)


def _source_file(path: Path, place: Path, *, language: str, emotion: str | None) -> SourceFile:
    labels = path.with_name(f"{path.stem}.labels.txt")
    script = path.with_name(f"{path.stem}.txt")
    return SourceFile(
        path=path,
        place=Path(unicodedata.normalize("NFC", str(place))),
        language=language,
        emotion=emotion,
        labels=labels if labels.is_file() else None,
        script=script if script.is_file() and script != path else None,
    )


def _language_of(name: str) -> str | None:
    folded = unicodedata.normalize("NFC", name).strip().casefold()
    return next((code for code, aliases in LANGUAGES.items() if folded in aliases), None)


def _nearest(name: str, known: list[str]) -> str | None:
    near = difflib.get_close_matches(unicodedata.normalize("NFC", name).strip().casefold(), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r} ({_language_of(near[0])})? Rename the folder" if near else None
