"""What a layout says of one file: the parts of its path and the row of its table, read as facts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.sources.languages import LANGUAGES, language_of
from emotts.corpus.sources.layout import Layout
from emotts.corpus.sources.words import Said, read_folders
from emotts.corpus.transcripts.labels import read_utterance
from emotts.emotions.emotion_set import EmotionSet
from emotts.emotions.intensity import MAX_INTENSITY, read_intensity
from emotts.errors import CorpusError

__all__ = ["Facts", "RefusalError", "read_facts"]

_NUMBERED = re.compile(r"^\d+[\s_.-]+")
_NEAR = 0.75


class RefusalError(CorpusError):
    """A file is passed over: ``what`` is the reason, which many files may share, ``found`` the detail of this one."""


@dataclass(frozen=True)
class Facts:
    """What is known of a file or of a row; None where nothing is said."""

    language: str | None
    speaker: str | None
    emotion: str | None
    intensity: float | None
    text: str | None


def read_facts(values: Mapping[str, str], said: Said, *, layout: Layout, emotions: EmotionSet, where: str) -> Facts:
    """Read the values of parts and columns as the layout says.

    Args:
        values: parts of the path, and columns of the row, which go before them.
        said: what the folders say.
        layout: its codes and constants.
        emotions: the emotion set of the project.
        where: the file or row, for messages.

    Raises:
        RefusalError: if a value cannot be used, with the reason.
        CorpusError: if an emotion is misspelt.
    """
    written = {name: _decoded(name, values, layout) for name in ("language", "speaker", "emotion", "intensity", "text")}
    emotion, level = _emotion(written["emotion"], "emotion" in layout.codes, emotions=emotions, where=where)
    text, marked, mark_intensity = _text(written["text"], layout=layout, emotions=emotions, where=where)
    named = {name for name in (marked, emotion, said.emotion) if name is not None}
    if len(named) > 1:
        raise RefusalError("two emotions are named", found=", ".join(sorted(named)))
    intensities = (mark_intensity, _intensity(written["intensity"]), level, said.intensity)
    return Facts(
        language=_language(written["language"]) or said.language,
        speaker="_".join(written["speaker"].split()).replace("|", "_") or None,
        emotion=next(iter(named), None),
        intensity=next((value for value in intensities if value is not None), None),
        text=text,
    )


def _decoded(name: str, values: Mapping[str, str], layout: Layout) -> str:
    """Return what is said under a name: by a code, in the open, or by a constant."""
    codes = layout.codes.get(name)
    if codes is None:
        return values.get(name) or layout.constants.get(name, "")
    code = values.get(codes.part, "")
    known = {key.casefold(): value for key, value in codes.values.items()}
    if code.casefold() not in known:
        raise RefusalError(f"unknown code for {name}", found=f"{code!r}; known are {', '.join(codes.values)}")
    return str(known[code.casefold()])


def _language(written: str) -> str | None:
    if not written.strip():
        return None
    code = language_of(written)
    if code is None:
        raise RefusalError("language is not supported", found=f"{written[:40]!r}; supported are {', '.join(LANGUAGES)}")
    return code


def _emotion(written: str, is_code: bool, *, emotions: EmotionSet, where: str) -> tuple[str | None, float | None]:
    """Return the emotion and the intensity that a value names; it may hold both (``happy strong``)."""
    if not written.strip():
        return None, None
    if emotions.knows(written):
        return emotions.resolve(written), None
    said = _words(written, emotions, where)
    if said.emotion is not None:
        return said.emotion, said.intensity
    near = difflib.get_close_matches(written.strip().casefold(), emotions.aliases(), n=1, cutoff=_NEAR)
    if near and not is_code:
        emotions.resolve(written, where=where)
    raise RefusalError(
        f"emotion {written[:40]!r} is not among the project's", found="add it to project.extra_emotions to take it in"
    )


def _words(written: str, emotions: EmotionSet, where: str) -> Said:
    try:
        return read_folders((written,), emotions=emotions, where=Path(where), strict=False)
    except CorpusError as error:
        raise RefusalError("two emotions are named", found=error.found) from error


def _intensity(written: str) -> float | None:
    if not written.strip():
        return None
    value = read_intensity(written)
    if value is None:
        wanted = f"a number from 0 to {MAX_INTENSITY}, or weak, normal, strong"
        raise RefusalError("intensity cannot be used", found=f"{written[:40]!r}; wanted: {wanted}")
    return value


def _text(
    written: str, *, layout: Layout, emotions: EmotionSet, where: str
) -> tuple[str | None, str | None, float | None]:
    """Return a text, and the emotion and intensity that a mark in front of it names."""
    if layout.texts_are_sentences:
        written = _NUMBERED.sub("", written).replace("_", " ")
    if not written.strip():
        return None, None, None
    try:
        said = read_utterance(written, number=0, where=where, emotions=emotions)
    except CorpusError as error:
        raise RefusalError(error.what, found=error.found) from error
    return said.text, said.emotion, said.intensity
