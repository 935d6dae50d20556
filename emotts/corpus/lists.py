"""The corpus lists in MeloTTS's format with an emotion at the end: strict reader, strict writer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from emotts.corpus.rows import write_text
from emotts.errors import CorpusError

__all__ = ["CorpusItem", "MetadataItem", "read_list", "read_metadata", "write_list", "write_metadata"]

_ITEM_FIELDS = ("wav", "speaker", "language", "normalised text", "phones", "tones", "word2ph", "emotion")
_METADATA_FIELDS = ("wav", "speaker", "language", "text", "emotion")
_BREAKS = ("|", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


@dataclass(frozen=True)
class CorpusItem:
    """A row of ``train.list``, ``val.list`` or ``test.list``; ``wav`` is relative to the list's folder.

    ``text`` is the normalised text, ``tones`` are raw, ``sum(word2ph) == len(phones) == len(tones)``.
    """

    wav: str
    speaker: str
    language: str
    text: str
    phones: tuple[str, ...]
    tones: tuple[int, ...]
    word2ph: tuple[int, ...]
    emotion: str


@dataclass(frozen=True)
class MetadataItem:
    """A row of ``metadata.list``; ``text`` is the transcript as it came in."""

    wav: str
    speaker: str
    language: str
    text: str
    emotion: str


def read_list(
    path: Path, *, symbols: Collection[str] | None = None, emotions: Collection[str] | None = None
) -> list[CorpusItem]:
    """Read a list of phones.

    Phones and emotions must be among ``symbols`` and ``emotions``; where these are not given, they are those of
    the ``config.json`` beside the list, and without such a file any are accepted.

    Raises:
        CorpusError: naming file and line, if the file is missing or not UTF-8, a row has another number of
            fields, an empty field, an unknown phone or emotion, a count that is not a number, or counts that
            do not match; or if a wav is there twice.
    """
    beside_symbols, beside_emotions = _beside(path)
    known_symbols = set(beside_symbols if symbols is None else symbols)
    known_emotions = list(beside_emotions if emotions is None else emotions)
    items = []
    for where, fields in _rows(path, _ITEM_FIELDS):
        wav, speaker, language, text, phones, tones, word2ph, emotion = fields
        item = CorpusItem(
            wav=wav,
            speaker=speaker,
            language=language,
            text=text,
            phones=tuple(phones.split(" ")),
            tones=_numbers(tones, "tones", where=where),
            word2ph=_numbers(word2ph, "word2ph", where=where),
            emotion=emotion,
        )
        _check_item(item, where=where, symbols=known_symbols)
        _check_emotion(emotion, known_emotions, where=where)
        items.append(item)
    return items


def write_list(path: Path, items: Iterable[CorpusItem]) -> None:
    """Write a list of phones, whole or not at all.

    Raises:
        CorpusError: naming the row's wav, if a field is empty or holds ``|`` or a line break, or counts do not match.
    """
    rows = []
    for item in items:
        _check_item(item, where=f"{path}: row of {item.wav}", symbols=set())
        phones, tones, word2ph = (" ".join(map(str, values)) for values in (item.phones, item.tones, item.word2ph))
        rows.append((item.wav, item.speaker, item.language, item.text, phones, tones, word2ph, item.emotion))
    _write(path, rows, _ITEM_FIELDS)


def read_metadata(path: Path, *, emotions: Collection[str] | None = None) -> list[MetadataItem]:
    """Read ``metadata.list``; raises as :func:`read_list`."""
    known_emotions = list(_beside(path)[1] if emotions is None else emotions)
    items = []
    for where, fields in _rows(path, _METADATA_FIELDS):
        _check_emotion(fields[-1], known_emotions, where=where)
        items.append(MetadataItem(*fields))
    return items


def write_metadata(path: Path, items: Iterable[MetadataItem]) -> None:
    """Write ``metadata.list``, whole or not at all; raises as :func:`write_list`."""
    rows = [(item.wav, item.speaker, item.language, item.text, item.emotion) for item in items]
    _write(path, rows, _METADATA_FIELDS)


def _beside(path: Path) -> tuple[list[str], list[str]]:
    config = path.parent / "config.json"
    if not config.is_file():
        return [], []
    try:
        values = json.loads(config.read_text(encoding="utf-8"))
        return list(values["symbols"]), list(values["emotions"])
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise CorpusError(
            "not a corpus's configuration", where=config, found=repr(error), remedy="run `dvc repro corpus`"
        ) from error


def _rows(path: Path, names: tuple[str, ...]) -> Iterable[tuple[str, list[str]]]:
    if not path.is_file():
        raise CorpusError("file is missing", where=path, remedy="run `dvc repro` to make it")
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise CorpusError("file is not UTF-8", where=path, found=str(error), remedy="save it as UTF-8") from error
    if lines[-1] == "":
        lines.pop()
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        fields = line.removesuffix("\r").split("|")
        if len(fields) != len(names):
            raise CorpusError(
                "row has another number of fields",
                where=where,
                found=f"{len(fields)} fields in {line[:80]!r}",
                wanted=f"{len(names)}: {'|'.join(names)}",
            )
        _check_fields(fields, names, where=where)
        if fields[0] in seen:
            raise CorpusError(f"wav {fields[0]!r} is there twice", where=where, found=f"also in line {seen[fields[0]]}")
        seen[fields[0]] = number
        yield where, fields


def _write(path: Path, rows: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> None:
    seen = set()
    for row in rows:
        where = f"{path}: row of {row[0]}"
        _check_fields(row, names, where=where)
        if row[0] in seen:
            raise CorpusError(f"wav {row[0]!r} is there twice", where=path)
        seen.add(row[0])
    write_text(path, "".join("|".join(row) + "\n" for row in rows))


def _check_fields(fields: Iterable[str], names: tuple[str, ...], *, where: str) -> None:
    for value, name in zip(fields, names, strict=True):
        if not value.strip():
            raise CorpusError(f"{name} is empty", where=where)
        broken = next((mark for mark in _BREAKS if mark in value), None)
        if broken is not None:
            raise CorpusError(
                f"{name} holds {broken!r}, which separates fields or rows",
                where=where,
                found=repr(value[:80]),
                remedy="remove it from the transcript",
            )
        if name == "wav" and (PurePosixPath(value).is_absolute() or ".." in PurePosixPath(value).parts):
            raise CorpusError(
                "wav is outside the corpus", where=where, found=repr(value), wanted="a path such as wavs/x.wav"
            )


def _numbers(field: str, name: str, *, where: str) -> tuple[int, ...]:
    values = field.split(" ")
    bad = next((value for value in values if not (value.isascii() and value.isdigit())), None)
    if bad is not None:
        raise CorpusError(f"{name} holds what is not a number", where=where, found=repr(bad))
    return tuple(int(value) for value in values)


def _check_item(item: CorpusItem, *, where: str, symbols: Collection[str]) -> None:
    if not len(item.phones) == len(item.tones) == sum(item.word2ph):
        raise CorpusError(
            "counts do not match",
            where=where,
            found=f"{len(item.phones)} phones, {len(item.tones)} tones, word2ph adds up to {sum(item.word2ph)}",
            wanted="three equal numbers",
        )
    for place, phone in enumerate(item.phones, 1):
        if (symbols and phone not in symbols) or not phone or " " in phone:
            raise CorpusError(f"phone {phone!r} is not in the symbol table", where=where, found=f"at phone {place}")


def _check_emotion(emotion: str, known: list[str], *, where: str) -> None:
    if known and emotion not in known:
        raise CorpusError(f"unknown emotion {emotion!r}", where=where, wanted=f"one of {', '.join(known)}")
