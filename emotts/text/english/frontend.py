"""The English front end: lower-case ARPAbet, and the stress of each vowel as its tone, as MeloTTS has them."""

from __future__ import annotations

import logging
import re

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.english.homographs import Context, Homographs
from emotts.text.english.normalise import Normaliser
from emotts.text.english.pronunciation import WordReader
from emotts.text.english.spelling import SpellingReader
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.normalising import OnUnknown
from emotts.text.phonemes import Phonemes
from emotts.text.symbols import BLANK, PUNCTUATION, SYMBOLS

__all__ = ["EnglishFrontEnd"]

_log = logging.getLogger(__name__)
_TOKEN = re.compile(r"[A-Za-z']+|[!?…,.]")


class EnglishFrontEnd:
    """English text to phones.

    Phones are those of ARPAbet in lower case without stress (``V`` stays a capital) and punctuation; spaces are not
    phones. Raw tones are the stress of a vowel plus one (1, 2 or 3), and 0 for all else. The phones of a word are
    shared out evenly over its characters from the left, as MeloTTS shares them over the pieces of a word.
    """

    language = "EN"
    symbols = SYMBOLS

    def __init__(self, lexicon: Lexicon = NO_LEXICON, *, on_unknown: OnUnknown = "skip") -> None:
        self._lexicon = lexicon
        self._on_unknown: OnUnknown = on_unknown
        self._reader: WordReader | None = None
        self._normaliser: Normaliser | None = None
        self._homographs = Homographs()

    def read(self, text: str) -> Phonemes:
        """Turn a text into phones.

        Raises:
            TextError: if a character cannot be read (with its position) or nothing can be spoken.
        """
        normaliser, reader = self._loaded()
        spoken_text = normaliser.normalise(text)
        tokens = _TOKEN.findall(spoken_text.text)
        words = [token if len(token) == 1 else token.lower() for token in tokens]
        phones, tones, counts = [BLANK], [0], [1]
        for place, token in enumerate(tokens):
            if token in PUNCTUATION:
                spoken: tuple[str, ...] = (token,)
            else:
                capital = len(token) > 1 and token[0].isupper()
                spoken = (
                    self._lexicon.phones.get(words[place])
                    or self._homographs.read(Context(words, place, capital=capital))
                    or reader.read(words[place])
                )
            for phone in spoken:
                phones.append(_name(phone))
                tones.append(int(phone[-1]) + 1 if phone[-1].isdigit() else 0)
            counts += _shared(len(spoken), len(token))
        return Phonemes(
            normalised_text=spoken_text.text,
            phones=(*phones, BLANK),
            tones=(*tones, 0),
            word2ph=(*counts, 1),
            left_out=spoken_text.left_out,
        )

    def _loaded(self) -> tuple[Normaliser, WordReader]:
        if self._reader is None or self._normaliser is None:
            _log.debug("loading the English dictionary")
            self._reader = WordReader(CmuDictionary(), SpellingReader(), own=self._lexicon.phones)
            self._normaliser = Normaliser(knows=self._reader.knows, lexicon=self._lexicon, on_unknown=self._on_unknown)
        return self._normaliser, self._reader


def _name(phone: str) -> str:
    name = phone.rstrip("012").lower()
    return "V" if name == "v" else name


def _shared(phones: int, places: int) -> list[int]:
    """Share phones out evenly, the first places getting one more."""
    each, more = divmod(phones, places)
    return [each + (place < more) for place in range(places)]
