"""Choose the front end of a language."""

from __future__ import annotations

from emotts.errors import TextError
from emotts.text.phonemes import FrontEnd, Phonemes
from emotts.text.symbols import LANGUAGE_IDS

__all__ = ["SUPPORTED_LANGUAGES", "FrontEnd", "Phonemes", "front_end"]

SUPPORTED_LANGUAGES = ("KR", "JP", "EN")
"""Languages that texts can be read in."""


def front_end(language: str) -> FrontEnd:
    """Return a new front end of ``language``; its dictionaries are loaded at the first text (0.5 s).

    Raises:
        TextError: if the language is unknown, or has no front end.
    """
    if language == "KR":
        from emotts.text.korean.frontend import KoreanFrontEnd

        return KoreanFrontEnd()
    if language == "JP":
        from emotts.text.japanese.frontend import JapaneseFrontEnd

        return JapaneseFrontEnd()
    if language == "EN":
        from emotts.text.english.frontend import EnglishFrontEnd

        return EnglishFrontEnd()
    known = language in LANGUAGE_IDS
    raise TextError(
        f"language {language!r} has no front end" if known else f"unknown language {language!r}",
        wanted=f"one of the supported languages: {', '.join(SUPPORTED_LANGUAGES)}",
        remedy="set project.language in params.yaml to a supported language",
    )
