"""The Japanese front end: readings in katakana, and the phones that MeloTTS makes of kana."""

from __future__ import annotations

import logging

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.japanese.kana import kana_phones
from emotts.text.japanese.latin import japanese_latin_reader
from emotts.text.japanese.normalise import Normaliser
from emotts.text.japanese.words import written_words
from emotts.text.lexicon import NO_LEXICON, Lexicon
from emotts.text.normalising import OnUnknown
from emotts.text.phonemes import Phonemes, toneless
from emotts.text.symbols import SYMBOLS

__all__ = ["JapaneseFrontEnd"]

_log = logging.getLogger(__name__)


class JapaneseFrontEnd:
    """Japanese text to phones.

    As in MeloTTS, the normalised text is the reading in katakana with seven punctuation marks, no spaces; phones are
    those of the kana, all raw tones are 0. Each character has its count: the phones of two characters that make one
    mora are shared out from the left, with one more count of 1 at each end.
    """

    language = "JP"
    symbols = SYMBOLS

    def __init__(self, lexicon: Lexicon = NO_LEXICON, *, on_unknown: OnUnknown = "skip") -> None:
        self._lexicon = lexicon
        self._on_unknown: OnUnknown = on_unknown
        self._normaliser: Normaliser | None = None

    def read(self, text: str) -> Phonemes:
        """Turn a text into phones.

        Raises:
            TextError: if a character cannot be read (with its position) or nothing can be spoken.
        """
        normalised = self._loaded().normalise(text)
        return toneless(normalised.text, kana_phones(normalised.text), left_out=normalised.left_out)

    def words(self, text: str) -> list[tuple[str, str]]:
        """Return the words of a text as they are written, with their readings in katakana and marks.

        Raises:
            TextError: as of :meth:`read`.
        """
        return written_words(text, self._loaded().words(text))

    def _loaded(self) -> Normaliser:
        if self._normaliser is None:
            _log.debug("loading the Japanese dictionaries")
            self._normaliser = Normaliser(
                japanese_latin_reader(CmuDictionary()), lexicon=self._lexicon, on_unknown=self._on_unknown
            )
        return self._normaliser
