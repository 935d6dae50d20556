"""A text with markup as what is spoken one after the other: sentences, each in its manner, and pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from emotts.errors import TextError
from emotts.text.markup import Manner, Silence, Weigh, Words, error_at, parse_markup
from emotts.text.passages import UnreadablePassageError, read_passages
from emotts.text.phonemes import FrontEnd, Phonemes, SilentTextError
from emotts.text.sentences import border_pause

__all__ = ["Silence", "Utterance", "read_utterances"]


@dataclass(frozen=True)
class Utterance:
    """What is spoken in one go and in one manner.

    ``text`` is what was read, ``pause`` the pause before the next utterance as a multiple of that between sentences;
    before a silence and at the end there is none.
    """

    phonemes: Phonemes
    text: str
    manner: Manner
    pause: float


def read_utterances(
    text: str, front_end: FrontEnd, *, max_phones: int, weigh: Weigh | None
) -> Iterator[Utterance | Silence]:
    """Read a text, cut at its tags and then as :func:`emotts.text.passages.read_passages` cuts it.

    A cut inside a sentence has no pause, one behind a comma, a sentence or a line that which is there without tags.
    Texts between two tags without anything to say are passed over. Silences beside each other become one, and take the
    place of the pause before. Utterances are yielded one by one, so that the first is spoken before the last is read;
    the tags are all read at first.

    Args:
        text: of any length.
        front_end: reads it.
        max_phones: of an utterance.
        weigh: as of :func:`emotts.text.markup.parse_markup`; None: the text has no markup.

    Raises:
        SilentTextError: if nothing can be spoken.
        TextError: as of ``parse_markup`` and ``read_passages``; with markup it begins with the place in the whole text.
    """
    if weigh is None:
        parts: Iterator[Utterance | Silence] = _utterances(Words(text, (), Manner()), front_end, max_phones=max_phones)
    else:
        parts = _tagged(text, front_end, max_phones=max_phones, weigh=weigh)
    last: Utterance | Silence | None = None
    for each in parts:
        if isinstance(each, Silence) and isinstance(last, Silence):
            last = Silence(last.seconds + each.seconds)
            continue
        if isinstance(each, Silence) and isinstance(last, Utterance):
            last = replace(last, pause=0.0)
        if last is not None:
            yield last
        last = each
    if isinstance(last, Utterance):
        last = replace(last, pause=0.0)
    if last is not None:
        yield last


def _tagged(text: str, front_end: FrontEnd, *, max_phones: int, weigh: Weigh) -> Iterator[Utterance | Silence]:
    """Yield the utterances and silences of a text with markup; a silence is withheld until something is spoken."""
    spans = parse_markup(text, weigh=weigh)
    withheld: list[Silence] = []
    is_silent = True
    for span, following in zip_longest(spans, spans[1:]):
        if isinstance(span, Silence):
            withheld.append(span)
            continue
        for utterance in _of_words(text, span, following, front_end=front_end, max_phones=max_phones):
            yield from withheld
            withheld.clear()
            is_silent = False
            yield utterance
    if is_silent:
        raise SilentTextError(text, wanted="at least one word")
    yield from withheld


def _of_words(
    text: str, words: Words, following: Words | Silence | None, *, front_end: FrontEnd, max_phones: int
) -> Iterator[Utterance]:
    """Yield the utterances between two tags; the pause behind the last is that of the border."""
    last: Utterance | None = None
    try:
        for each in _utterances(words, front_end, max_phones=max_phones):
            if last is not None:
                yield last
            last = each
    except SilentTextError:
        return
    except UnreadablePassageError as error:
        raise error_at(text, words.places[error.start], error) from error
    except TextError as error:
        raise error_at(text, words.places[0], error) from error
    if last is not None and isinstance(following, Words):
        last = replace(last, pause=border_pause(words.text, following.text))
    if last is not None:
        yield last


def _utterances(words: Words, front_end: FrontEnd, *, max_phones: int) -> Iterator[Utterance]:
    for passage in read_passages(words.text, front_end, max_phones=max_phones):
        yield Utterance(passage.phonemes, passage.text, words.manner, passage.pause)
