"""What the words in the names of folders and files say: language, emotion, intensity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.sources.languages import LANGUAGES, language_of, near_language, resolve_language
from emotts.emotions.emotion_set import EmotionSet
from emotts.emotions.intensity import INTENSITY_WORDS
from emotts.errors import CorpusError

__all__ = ["Said", "read_folders"]

_WORDS = re.compile(
    r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[가-힣]+|[\u3040-\u30ff\u4e00-\u9fff々]+|[^\W\d_A-Za-z가-힣\u3040-\u30ff\u4e00-\u9fff]+"
)
"""Words of a name: at blanks, signs, digits, capitals and changes of script another one begins (``KR_기쁨1``)."""
_SAYS_NOTHING = ("ptd",)
"""Names of folders that some archives put the takes into."""
_MIN_PART = 2
"""A name of this many letters in Hangul, kana or Chinese signs is found inside a longer word (``기쁨모음``) as well."""


@dataclass(frozen=True)
class Said:
    """What the folders of a file say; None where they do not."""

    language: str | None = None
    emotion: str | None = None
    intensity: float | None = None


@dataclass(frozen=True)
class _Name:
    """What one name says; ``maybe`` is the emotion of a word that is an intensity as well (``normal``)."""

    languages: frozenset[str]
    emotions: frozenset[str]
    maybe: frozenset[str]
    intensity: float | None


def read_folders(folders: Sequence[str], *, emotions: EmotionSet, where: Path, strict: bool) -> Said:
    """Return what the names of the folders above a file say together; a name may hold more words than those.

    Args:
        folders: the names, from the outermost one.
        emotions: the emotion set of the project.
        where: the file's folder, for messages.
        strict: whether folders are there to name language and emotion, so that one that is near to a name but no
            name, or folders of which none names an emotion, are an error.

    Raises:
        CorpusError: if one folder names two emotions, or two folders name different emotions or languages; or as
            ``strict`` says.
    """
    names = [(folder, _read(folder, emotions)) for folder in folders if folder.casefold() not in _SAYS_NOTHING]
    if any(name.emotions for _, name in names):
        told = [(folder, name.emotions) for folder, name in names]
        intensities = [name.intensity for _, name in names if name.intensity is not None]
    else:
        told = [(folder, name.maybe) for folder, name in names]
        intensities = [name.intensity for _, name in names if name.intensity is not None and not name.maybe]
    emotion = _only(told, "emotions", where=where)
    language = _only([(folder, name.languages) for folder, name in names], "languages", where=where)
    if strict:
        rest = [folder for folder, name in names if not (name.languages or name.emotions or name.maybe)]
        _check(rest, is_told=emotion is not None, emotions=emotions, where=where)
    return Said(language, emotion, intensities[-1] if intensities else None)


def _read(folder: str, emotions: EmotionSet) -> _Name:
    text = unicodedata.normalize("NFC", folder)
    whole = language_of(text)
    words = [text.strip()] if emotions.knows(text) else _WORDS.findall(text)
    languages = {whole} if whole else {code for word in words if (code := _language(word)) is not None}
    levels = [word for word in words if word.casefold() in INTENSITY_WORDS]
    return _Name(
        languages=frozenset(languages),
        emotions=frozenset(name for word in words if word not in levels for name in _emotions(word, emotions)),
        maybe=frozenset(emotions.resolve(word) for word in levels if emotions.knows(word)),
        intensity=INTENSITY_WORDS[levels[-1].casefold()] if levels else None,
    )


def _emotions(word: str, emotions: EmotionSet) -> set[str]:
    if emotions.knows(word):
        return {emotions.resolve(word)}
    if word.isascii():  # a Latin word inside another one means something else (unhappy, sadly)
        return set()
    return {name for alias, name in emotions.aliases().items() if _is_part(alias, word, _MIN_PART)}


def _language(word: str) -> str | None:
    known = language_of(word)
    if known is not None or word.isascii():
        return known
    # 국어 is a part of the names of other languages, so only longer names are looked for inside a word
    aliases = ((alias, code) for code, names in LANGUAGES.items() for alias in names)
    return next((code for alias, code in aliases if _is_part(alias, word, _MIN_PART + 1)), None)


def _is_part(alias: str, word: str, least: int) -> bool:
    return len(alias) >= least and not alias.isascii() and alias in word


def _only(said: Sequence[tuple[str, frozenset[str]]], kind: str, *, where: Path) -> str | None:
    """Return the one emotion or language that folders name, None where they name none."""
    found: dict[str, str] = {}
    for folder, names in said:
        for name in names:
            found.setdefault(name, folder)
        if len(names) > 1:
            raise CorpusError(
                f"one folder names two {kind}",
                where=where,
                found=f"{folder!r}: {', '.join(sorted(names))}",
                remedy="leave one of them in its name, or sort the files into a folder for each",
            )
    if len(found) > 1:
        raise CorpusError(
            f"folders name different {kind}",
            where=where,
            found=", ".join(f"{folder!r}: {name}" for name, folder in found.items()),
            remedy="rename the folder that is not meant to name one",
        )
    return next(iter(found), None)


def _check(rest: Sequence[str], *, is_told: bool, emotions: EmotionSet, where: Path) -> None:
    """Refuse folders of which none names an emotion, and a folder that is nearly a language's name."""
    near = next((folder for folder in rest if near_language(folder)), None)
    if near is not None:
        resolve_language(near, where=_upto(where, near))
    if rest and not is_told:
        emotions.resolve(rest[0], where=where)


def _upto(path: Path, folder: str) -> Path:
    """Return the folder of that name in a path, or above it."""
    return next((each for each in (path, *path.parents) if each.name == folder), path)
