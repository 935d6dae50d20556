"""The Korean front end: normalised text, conjoining jamo as phones, as MeloTTS has them."""

from __future__ import annotations

import logging

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.korean.latin import korean_latin_reader
from emotts.text.korean.normalise import Normaliser
from emotts.text.korean.pronunciation import Pronunciation
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.normalising import OnUnknown
from emotts.text.phonemes import Phonemes, toneless
from emotts.text.symbols import PUNCTUATION, SYMBOLS

__all__ = ["KoreanFrontEnd"]

_log = logging.getLogger(__name__)


class KoreanFrontEnd:
    """Korean text to phones.

    Phones are conjoining jamo and punctuation; spaces are not phones, all raw tones are 0. MeloTTS spreads the
    phones of a word over the tokens of its language model; here each character of the normalised text that is
    not a space has its own count (2 or 3 for a syllable, 1 for a mark), with one more count of 1 at each end.
    """

    language = "KR"
    symbols = SYMBOLS

    def __init__(self, lexicon: Lexicon = NO_LEXICON, *, on_unknown: OnUnknown = "skip") -> None:
        self._lexicon = lexicon
        self._on_unknown: OnUnknown = on_unknown
        self._normaliser: Normaliser | None = None
        self._pronunciation: Pronunciation | None = None

    def read(self, text: str) -> Phonemes:
        """Turn a text into phones.

        Raises:
            TextError: if a character cannot be read (with its position) or nothing can be spoken.
        """
        normaliser, pronunciation = self._loaded()
        normalised = normaliser.normalise(text)
        syllables = iter(pronunciation.pronounce(normalised.text))
        units = [(char,) if char in PUNCTUATION else next(syllables) for char in normalised.text if char != " "]
        return toneless(normalised.text, units, left_out=normalised.left_out)

    def _loaded(self) -> tuple[Normaliser, Pronunciation]:
        if self._normaliser is None or self._pronunciation is None:
            _log.debug("loading the Korean dictionaries")
            self._normaliser = Normaliser(
                korean_latin_reader(CmuDictionary()), lexicon=self._lexicon, on_unknown=self._on_unknown
            )
            self._pronunciation = Pronunciation()
        return self._normaliser, self._pronunciation
