"""What every normaliser does with a text: check its characters, take the user's words, read it part by part."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

from emotts.errors import TextError
from emotts.text.characters import CharacterSet
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.phonemes import SilentTextError

__all__ = ["OnUnknown", "Spoken", "SpokenForms", "check_length"]

OnUnknown = Literal["error", "skip"]

_log = logging.getLogger(__name__)
_LONGEST_TEXT = 200_000
_LONGEST_PART = 1000
_BREAKS = (re.compile(r"[\r\n]+"), re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])"), re.compile(r"\s+"))


@dataclass(frozen=True)
class Spoken:
    """A text as it is spoken, and what of it was left out because it has no reading."""

    text: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenForms:
    """Writes the texts of a language as they are spoken.

    Attributes:
        characters: what a text may hold.
        speak: writes a part, in composed characters, as it is spoken; adds words without reading to the list.
        is_spoken: says whether something is left to be spoken.
        wanted: what the writer of a text without words should write.
        between: what joins the parts.
        on_unknown: ``error`` refuses a text with a sign or word that has no reading, ``skip`` leaves that out.
        lexicon: words of the user, whose readings win.
    """

    characters: CharacterSet
    speak: Callable[[str, list[str]], str]
    is_spoken: Callable[[str], bool]
    wanted: str
    between: str = " "
    on_unknown: OnUnknown = "skip"
    lexicon: Lexicon = NO_LEXICON
    _told: set[tuple[str, ...]] = field(default_factory=set)

    def of(self, text: str) -> Spoken:
        """Return a text as it is spoken.

        A long text is read in parts of at most 1,000 characters, so that the time grows with its length and no
        further. What is left out is logged as a warning, once for the same signs and words.

        Raises:
            SilentTextError: if nothing is left to be spoken.
            TextError: if the text is longer than 200,000 characters, or if a character or word cannot be read and
                either ``on_unknown`` is ``error`` or nothing else can be spoken.
        """
        check_length(text)
        # texts from the web: &amp; is &
        text = unescape(text)
        unread = self.characters.unreadable(self.lexicon.mask(text))
        if unread and self.on_unknown == "error":
            raise self.characters.refuse(text, unread)
        left_out = [part.chars for part in unread]
        readable = text
        for part in reversed(unread):
            readable = f"{readable[: part.start]} {readable[part.end :]}"
        parts = _parts(unicodedata.normalize("NFC", self.lexicon.apply(readable)))
        words: list[str] = []
        spoken = self.between.join(filter(None, (self.speak(part, words) for part in parts)))
        if words and self.on_unknown == "error":
            raise _unread_words(text, words, self.characters)
        if not self.is_spoken(spoken):
            if unread:
                raise self.characters.refuse(text, unread)
            raise _unread_words(text, words, self.characters) if words else SilentTextError(text, wanted=self.wanted)
        left_out += words
        if left_out and tuple(left_out) not in self._told:
            self._told.add(tuple(left_out))
            _log.warning("left out of %r, as it has no reading: %s", text[:60], ", ".join(map(repr, left_out)))
        return Spoken(spoken, tuple(left_out))


def check_length(text: str) -> None:
    """Refuse a text, or a line of one, that is too long to be read at once.

    Raises:
        TextError: if it has more than 200,000 characters.
    """
    if len(text) > _LONGEST_TEXT:
        raise TextError(
            "text is too long",
            found=f"{len(text):,} characters in one line: {text[:60]!r}",
            wanted=f"at most {_LONGEST_TEXT:,}",
            remedy="put every sentence on a line of its own",
        )


def _unread_words(text: str, words: list[str], characters: CharacterSet) -> TextError:
    """Return the error that names words without a reading and where they are first found in the text."""
    places = (f"{word!r} at {text.find(word) + 1}" if word in text else repr(word) for word in words[:8])
    return TextError(
        f"text {text[:60]!r} holds words that cannot be read",
        found=", ".join(places),
        wanted="words of the dictionary, kana, Latin letters, digits and punctuation",
        remedy=characters.remedy,
    )


def _parts(text: str) -> Iterator[str]:
    """Cut a text at line breaks, sentence ends or spaces, and where there are none, anywhere."""
    start = 0
    while len(text) - start > _LONGEST_PART:
        end = start + _LONGEST_PART
        # the latter half of a part is searched for the best place to cut
        cuts = ([match.end() for match in found.finditer(text, start + _LONGEST_PART // 2, end)] for found in _BREAKS)
        end = next((places[-1] for places in cuts if places), end)
        yield text[start:end]
        start = end
    yield text[start:]
