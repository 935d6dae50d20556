"""What a row of a corpus list must be: its fields, its counts, its phones and its emotion."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from emotts.corpus.corpus_item import CorpusItem, parsed_integers, parsed_item
from emotts.errors import CorpusError
from emotts.paths import is_inside

__all__ = ["ITEM_FIELDS", "METADATA_FIELDS", "check_emotion", "check_fields", "check_item", "check_row", "fields_of"]

ITEM_FIELDS = ("wav", "speaker", "language", "normalised text", "phones", "tones", "word2ph", "emotion")
METADATA_FIELDS = ("wav", "speaker", "language", "text", "emotion")
_BREAKS = ("|", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
_PLAIN_PATH = re.compile(r"\w[\w-]*(?:[./]\w[\w-]*)*")
"""Surely inside of the corpus; other paths are looked at closely."""


def fields_of(line: str, names: tuple[str, ...], *, where: str) -> list[str]:
    """Return the fields of a line; raises CorpusError if their number is another one, or one cannot be used."""
    fields = line.split("|")
    if len(fields) != len(names):
        raise CorpusError(
            "row has another number of fields",
            where=where,
            found=f"{len(fields)} fields in {line[:80]!r}",
            wanted=f"{len(names)}: {'|'.join(names)}",
        )
    # what can be printed holds no break; most lines are that simple, and a list may have a million
    if not (line.isprintable() and all(map(str.strip, fields)) and _PLAIN_PATH.fullmatch(fields[0])):
        check_fields(fields, names, where=where)
    return fields


def check_fields(fields: Iterable[str], names: tuple[str, ...], *, where: str) -> None:
    """Raise CorpusError if a field is empty or holds a separator, or the wav is outside of the corpus."""
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
        if name == "wav" and not is_inside(value):
            raise CorpusError(
                "wav is outside the corpus", where=where, found=repr(value), wanted="a path such as wavs/x.wav"
            )


def check_row(fields: list[str], *, where: str, symbols: frozenset[str]) -> None:
    """Raise CorpusError if the fields of a list of phones are no item: see :func:`check_item`."""
    for value, name in ((fields[5], "tones"), (fields[6], "word2ph")):
        digits = value.replace(" ", "0")
        if not (digits.isascii() and digits.isdigit()) or "  " in value or value[0] == " " or value[-1] == " ":
            bad = next(number for number in value.split(" ") if not (number.isascii() and number.isdigit()))
            raise CorpusError(f"{name} holds what is not a number", where=where, found=repr(bad))
    phones = fields[4].split(" ")
    n_spread = sum(parsed_integers(fields[6]))
    simple = symbols.issuperset(phones) if symbols else "" not in phones
    if not (simple and len(phones) == fields[5].count(" ") + 1 == n_spread):
        check_item(parsed_item(fields), where=where, symbols=symbols)


def check_item(item: CorpusItem, *, where: str, symbols: Collection[str]) -> None:
    """Raise CorpusError if counts do not match or a phone is not among ``symbols`` (none: any phone)."""
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


def check_emotion(emotion: str, known: Collection[str], *, where: str) -> None:
    """Raise CorpusError if an emotion is not among ``known`` (none: any emotion)."""
    if known and emotion not in known:
        raise CorpusError(f"unknown emotion {emotion!r}", where=where, wanted=f"one of {', '.join(known)}")
