"""Choosing the layout of a source: the one that is named, or the only one that fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from emotts.audio.opening import SOUND_SUFFIXES
from emotts.corpus.sources.languages import resolve_language
from emotts.corpus.sources.layout import AUTO, Layout, chosen_layouts
from emotts.corpus.sources.pattern import Pattern
from emotts.corpus.sources.reading import LayoutReader
from emotts.corpus.sources.source_file import ReadSource
from emotts.corpus.sources.walk import Walked, walk
from emotts.corpus.text_lines import INVISIBLE
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = ["read_source"]

_MIN_FITTING = 2 / 3
"""Fraction of the sounds that must fit the pattern of a corpus."""
_MIN_WORDS = 3
_MIN_CHARACTERS = 6
_MIN_SENTENCES = 5
"""Fewer files whose names look like sentences may be takes that somebody named so."""

OnError = Callable[[Path, CorpusError], None]


def read_source(
    source: Path,
    *,
    language: str,
    emotions: EmotionSet,
    layout: str | Layout = AUTO,
    on_error: OnError | None = None,
) -> ReadSource:
    """Return what is known of every sound file of a source, before any sound is read.

    Args:
        source: a sound file, or a folder in any of the known layouts.
        language: code or name of the language where the layout names none.
        emotions: the emotion set of the project.
        layout: name of a layout, a layout, or ``auto``: the one that fits.
        on_error: called with a sound and its error, which then does not end the reading.

    Raises:
        CorpusError: if the source is missing or holds no sound, no layout fits, several do, or as
            :meth:`emotts.corpus.sources.reading.LayoutReader.read`.
        ConfigError: if there is no layout of that name.
    """
    default = resolve_language(language)
    layouts = chosen_layouts(layout)
    is_file = source.is_file()
    if not is_file and not source.is_dir():
        what = "source is no plain file" if source.exists() else "source is missing"
        raise CorpusError(what, where=source, wanted="a sound file or a folder with sound files")
    if is_file and layout == AUTO:
        layouts = [each for each in layouts if each.is_general]
    walked = walk(source)
    _check_sounds(walked, source)
    readers = [LayoutReader(walked, each, language=default, emotions=emotions) for each in layouts]
    reader = readers[0] if len(readers) == 1 else _fitting(readers, walked, source)
    _check_table(reader, source)
    return reader.read(source, on_error)


def _check_sounds(walked: Walked, source: Path) -> None:
    if walked.sounds:
        return
    others = len(walked.others) + len(walked.passed)
    raise CorpusError(
        "no sound file in the source",
        where=source,
        found=f"{others} other files" if others else "an empty folder",
        wanted=f"files ending in {', '.join(sorted(SOUND_SUFFIXES))}, directly or in language/emotion/[PTD/]",
        remedy="correct recording.source in params.yaml, or put the recordings there",
    )


def _check_table(reader: LayoutReader, source: Path) -> None:
    """Refuse a layout that is named and whose table is not there or cannot be read."""
    if reader.listed is None or reader.listed.tables:
        return
    if reader.listed.failed:
        raise reader.listed.failed[0][1]
    raise CorpusError(
        f"the table of layout {reader.layout.name!r} is missing",
        where=source,
        wanted=reader.layout.table.file if reader.layout.table else None,
        remedy="put it into the folder, or name another layout",
    )


def _fitting(readers: Sequence[LayoutReader], walked: Walked, source: Path) -> LayoutReader:
    """Return the reader of the only layout that fits, that of folders where no other does."""
    general = next(reader for reader in readers if reader.layout.is_general)
    special = [reader for reader in readers if reader is not general and _fits(reader, walked)]
    if len(special) > 1:
        raise _ambiguous(special, source)
    if not special:
        _check_damaged(readers)
        return general
    is_doubtful = special[0].layout.texts_are_sentences and not _are_surely_sentences(special[0])
    if is_doubtful or general.has_texts_beside():
        raise _ambiguous([*special, general], source)
    return special[0]


def _fits(reader: LayoutReader, walked: Walked) -> bool:
    if reader.listed is not None:
        return bool(reader.listed.rows)
    if len(reader.parts) < _MIN_FITTING * len(walked.sounds):
        return False
    return not reader.layout.texts_are_sentences or all(_is_sentence(parts["text"]) for parts in reader.parts.values())


def _are_surely_sentences(reader: LayoutReader) -> bool:
    """Say whether the names of files are so many and so different that they cannot be names of takes."""
    texts = [parts["text"].replace("_", " ") for parts in reader.parts.values()]
    beginnings = Counter(text.split()[0] for text in texts)
    return len(texts) >= _MIN_SENTENCES and len(set(texts)) == len(texts) and max(beginnings.values()) <= len(texts) / 2


def _is_sentence(name: str) -> bool:
    """Say whether a file's name is surely a sentence: some words, or some letters in Hangul, kana or Chinese signs."""
    text = name.strip(INVISIBLE)
    words = [word for word in text.replace("_", " ").split() if word.isalpha() and not word.isupper()]
    own = sum(not char.isascii() and char.isalpha() for char in text)
    return len(words) >= (_MIN_WORDS if " " in text else _MIN_WORDS + 1) or own >= _MIN_CHARACTERS


def _ambiguous(readers: Sequence[LayoutReader], source: Path) -> CorpusError:
    return CorpusError(
        "several layouts fit",
        where=source,
        found="; ".join(f"{reader.layout.name} ({reader.layout.about})" for reader in readers),
        wanted="the one that is meant",
        remedy=f"name it, such as --layout {readers[0].layout.name} (recording.layout in params.yaml)",
    )


def _check_damaged(readers: Sequence[LayoutReader]) -> None:
    """Refuse a source with a table that is named as a layout's own and that no layout can read."""
    failed = [(reader, path, error) for reader in readers if reader.listed for path, error in reader.listed.failed]
    own = {path for reader, path, _ in failed if reader.layout.table and Pattern(reader.layout.table.file).is_fixed}
    for _, path, error in failed:
        if path in own:
            raise error
