"""The lists of a corpus in MeloTTS's format, with an emotion at the end: strict reader and writer."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from emotts.corpus.corpus_item import CorpusItem, PackedItems
from emotts.corpus.row_checks import (
    ITEM_FIELDS,
    METADATA_FIELDS,
    check_emotion,
    check_fields,
    check_item,
    check_row,
    fields_of,
)
from emotts.errors import CorpusError
from emotts.files import replacing

__all__ = ["CorpusItem", "CorpusList", "MetadataItem", "read_list", "read_metadata", "write_list", "write_metadata"]


@dataclass(frozen=True)
class CorpusList:
    """A list as it was read: its file, and its rows in order."""

    path: Path
    items: Sequence[CorpusItem]

    @classmethod
    def read(cls, path: Path) -> CorpusList:
        """Read a list of phones; raises as :func:`read_list`."""
        return cls(path, read_list(path))

    @property
    def folder(self) -> Path:
        """The folder that the rows' wavs are relative to."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class MetadataItem:
    """A row of ``metadata.list``; ``text`` is the transcript as it came in."""

    wav: str
    speaker: str
    language: str
    text: str
    emotion: str


def read_list(
    path: Path, *, symbols: Collection[str] | None = None, emotions: Collection[str] | None = None
) -> Sequence[CorpusItem]:
    """Read a list of phones; its rows take little more memory than the file.

    Phones and emotions must be among ``symbols`` and ``emotions``; where these are not given, they are those of
    the ``config.json`` beside the list, and without such a file any are accepted.

    Raises:
        CorpusError: naming file and line, if the file is missing or not UTF-8, a row has another number of
            fields, an empty field, an unknown phone or emotion, a count that is not a number, or counts that
            do not match; or if a wav is there twice.
    """
    beside_symbols, beside_emotions = _beside(path)
    known_symbols = frozenset(beside_symbols if symbols is None else symbols)
    known_emotions = list(beside_emotions if emotions is None else emotions)
    content = _content(path)
    starts = array("q", [0])
    for where, fields, length in _rows(content, path, names=ITEM_FIELDS):
        check_row(fields, where=where, symbols=known_symbols)
        check_emotion(fields[-1], known_emotions, where=where)
        starts.append(starts[-1] + length)
    return PackedItems(content, np.frombuffer(starts, dtype=np.int64))


def write_list(path: Path, items: Iterable[CorpusItem]) -> None:
    """Write a list of phones, whole or not at all.

    Raises:
        CorpusError: naming the row's wav, if a field is empty or holds ``|`` or a line break, or counts do not match.
    """
    _write(path, (_item_row(item, path) for item in items), names=ITEM_FIELDS)


def _item_row(item: CorpusItem, path: Path) -> tuple[str, ...]:
    check_item(item, where=f"{path}: row of {item.wav}", symbols=())
    phones, tones, word2ph = (" ".join(map(str, values)) for values in (item.phones, item.tones, item.word2ph))
    return item.wav, item.speaker, item.language, item.text, phones, tones, word2ph, item.emotion


def read_metadata(path: Path, *, emotions: Collection[str] | None = None) -> list[MetadataItem]:
    """Read ``metadata.list``; raises as :func:`read_list`."""
    known_emotions = list(_beside(path)[1] if emotions is None else emotions)
    items = []
    for where, fields, _ in _rows(_content(path), path, names=METADATA_FIELDS):
        check_emotion(fields[-1], known_emotions, where=where)
        items.append(MetadataItem(*fields))
    return items


def write_metadata(path: Path, items: Iterable[MetadataItem]) -> None:
    """Write ``metadata.list``, whole or not at all; raises as :func:`write_list`."""
    rows = ((item.wav, item.speaker, item.language, item.text, item.emotion) for item in items)
    _write(path, rows, names=METADATA_FIELDS)


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


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise CorpusError("file is missing", where=path, remedy="run `dvc repro` to make it")
    return path.read_bytes()


def _rows(content: bytes, path: Path, *, names: tuple[str, ...]) -> Iterator[tuple[str, list[str], int]]:
    """Yield place, fields and length in bytes of every line."""
    seen: dict[bytes, int] = {}
    for number, line in enumerate(BytesIO(content), 1):
        where = f"{path}:{number}"
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CorpusError("file is not UTF-8", where=where, found=str(error), remedy="save it as UTF-8") from error
        fields = fields_of(text.removesuffix("\n").removesuffix("\r"), names, where=where)
        wav = line[: line.index(b"|")]
        if wav in seen:
            raise CorpusError(f"wav {fields[0]!r} is there twice", where=where, found=f"also in line {seen[wav]}")
        seen[wav] = number
        yield where, fields, len(line)


def _write(path: Path, rows: Iterable[tuple[str, ...]], *, names: tuple[str, ...]) -> None:
    seen = set()
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            check_fields(row, names, where=f"{path}: row of {row[0]}")
            if row[0] in seen:
                raise CorpusError(f"wav {row[0]!r} is there twice", where=path)
            seen.add(row[0])
            stream.write("|".join(row) + "\n")
