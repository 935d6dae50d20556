"""Choose the front end of a language."""

from __future__ import annotations

from pathlib import Path

from emotts.errors import TextError
from emotts.text.lexicon import NO_LEXICON, read_lexicon
from emotts.text.normalising import OnUnknown
from emotts.text.phonemes import FrontEnd, Phonemes
from emotts.text.symbols import LANGUAGE_IDS

__all__ = ["SUPPORTED_LANGUAGES", "FrontEnd", "Phonemes", "front_end"]

SUPPORTED_LANGUAGES = ("KR", "JP", "EN")
"""Languages that texts can be read in."""


def front_end(language: str, *, lexicon: Path | None = None, on_unknown: OnUnknown = "skip") -> FrontEnd:
    """Return a new front end of ``language``; its dictionaries are loaded at the first text (0.5 s).

    Args:
        language: one of :data:`SUPPORTED_LANGUAGES`.
        lexicon: a file of ``word<TAB>reading`` lines that win; see :func:`emotts.text.lexicon.read_lexicon`.
        on_unknown: what a sign or word without a reading does: ``skip`` leaves it out with a warning, and names it in
            the result's ``left_out``; ``error`` refuses the text.

    Raises:
        TextError: if the language is unknown or has no front end, or the lexicon cannot be read.
    """
    known = language in LANGUAGE_IDS
    if language not in SUPPORTED_LANGUAGES:
        raise TextError(
            f"language {language!r} has no front end" if known else f"unknown language {language!r}",
            wanted=f"one of the supported languages: {', '.join(SUPPORTED_LANGUAGES)}",
            remedy="set project.language in params.yaml to a supported language",
        )
    words = NO_LEXICON if lexicon is None else read_lexicon(lexicon, language=language)
    if language == "KR":
        from emotts.text.korean.frontend import KoreanFrontEnd

        return KoreanFrontEnd(words, on_unknown=on_unknown)
    if language == "JP":
        from emotts.text.japanese.frontend import JapaneseFrontEnd

        return JapaneseFrontEnd(words, on_unknown=on_unknown)
    from emotts.text.english.frontend import EnglishFrontEnd

    return EnglishFrontEnd(words, on_unknown=on_unknown)
