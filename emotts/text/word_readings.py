"""How each word of a text is read: the word, its reading, its phones, and where the reading comes from."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from emotts.errors import TextError
from emotts.text.lexicon import Lexicon
from emotts.text.phonemes import FrontEnd, FrontEndOfWords, Phonemes

__all__ = ["WordReading", "word_readings"]

_MARKS = "!?…,."
_UNSPOKEN = f"{_MARKS} ・"


@dataclass(frozen=True)
class WordReading:
    """A word as it is written and as it is read.

    Words that are read together (``3 개``: 세 개) are one. ``source`` is
    ``lexicon``, ``front end``, ``left out`` (no reading) or ``silent`` (marks, emoji). ``left_out`` are signs inside
    a word that is read.
    """

    word: str
    reading: str
    phones: tuple[str, ...]
    source: str
    left_out: tuple[str, ...] = ()


def word_readings(text: str, phonemes: Phonemes, *, front_end: FrontEnd, lexicon: Lexicon) -> list[WordReading]:
    """Return how the words of a text are read, in order.

    Args:
        text: one sentence.
        phonemes: what ``front_end`` read of it.
        front_end: reads single words, to find out which words of a reading are theirs.
        lexicon: the user's words that the front end has.
    """
    if isinstance(front_end, FrontEndOfWords):
        return _by_its_words(text, phonemes, front_end=front_end, lexicon=lexicon)
    words = text.split()
    read = _read_words(phonemes)
    plain = [word.strip(_MARKS).casefold() for word in words]
    found = [word.casefold() for word, _ in read]
    readings: list[WordReading] = []
    for _, start, end, first, last in difflib.SequenceMatcher(None, plain, found, autojunk=False).get_opcodes():
        for group, n_read in _groups(words[start:end], found[first:last], front_end):
            parts = read[first : first + n_read]
            first += n_read
            readings.append(_reading(group, parts, phonemes=phonemes, lexicon=lexicon))
    return readings


def _by_its_words(text: str, phonemes: Phonemes, *, front_end: FrontEndOfWords, lexicon: Lexicon) -> list[WordReading]:
    """Return how the words of a text without spaces are read; where they are not those of the reading, it is one."""
    units = [unit for unit in _units(phonemes) if unit[0] not in _MARKS]
    words = [
        (word, "".join(char for char in reading if char not in _UNSPOKEN)) for word, reading in front_end.words(text)
    ]
    if "".join(reading for _, reading in words) != "".join(char for char, _ in units):
        words = [(text, "".join(char for char, _ in units))]
    rest = iter(units)
    readings = []
    for word, reading in words:
        phones = tuple(chain.from_iterable(next(rest)[1] for _ in reading))
        readings.append(_reading([word], [(reading, phones)] if reading else [], phonemes=phonemes, lexicon=lexicon))
    return readings


def _read_words(phonemes: Phonemes) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words of a reading with their phones, both without marks."""
    units = _units(phonemes)
    read: list[tuple[str, tuple[str, ...]]] = []
    for word in phonemes.normalised_text.split(" "):
        spoken = [(char, phones) for char, phones in islice(units, len(word)) if char not in _MARKS]
        if spoken:
            joined = tuple(chain.from_iterable(phones for _, phones in spoken))
            read.append(("".join(char for char, _ in spoken), joined))
    return read


def _units(phonemes: Phonemes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the characters of a reading but spaces, each with its phones."""
    phones = iter(phonemes.phones[1:-1])
    for char, count in zip(phonemes.normalised_text.replace(" ", ""), phonemes.word2ph[1:-1], strict=True):
        yield char, tuple(islice(phones, count))


def _groups(words: Sequence[str], read: Sequence[str], front_end: FrontEnd) -> list[tuple[list[str], int]]:
    """Share the words of a reading out among written words: as each is read alone, if that fits; else one by one, if
    there are as many; else they stay together.
    """
    if not words and not read:
        return []
    alone = [_alone(word, front_end) for word in words]
    if list(chain.from_iterable(alone)) == list(read):
        return [([word], len(own)) for word, own in zip(words, alone, strict=True)]
    if len(words) == len(read):
        return [([word], 1) for word in words]
    return [(list(words), len(read))]


def _alone(word: str, front_end: FrontEnd) -> list[str]:
    try:
        return [read.casefold() for read, _ in _read_words(front_end.read(word))]
    except TextError:
        return []


def _reading(
    group: Sequence[str], parts: Sequence[tuple[str, tuple[str, ...]]], *, phonemes: Phonemes, lexicon: Lexicon
) -> WordReading:
    word = " ".join(group)
    left_out = tuple(sign for sign in phonemes.left_out if sign in word)
    if parts:
        own = any(each.strip(_MARKS).lower() in lexicon.phones for each in group)
        source = "lexicon" if own or lexicon.apply(word) != word else "front end"
    else:
        source = "left out" if left_out else "silent"
    return WordReading(
        word=word,
        reading=" ".join(read for read, _ in parts),
        phones=tuple(chain.from_iterable(phones for _, phones in parts)),
        source=source,
        left_out=left_out if parts else (),
    )
