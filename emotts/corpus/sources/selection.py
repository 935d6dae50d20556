"""Which files of a source a project takes: those in its language, and of its speaker or of all."""

from __future__ import annotations

from dataclasses import replace

from emotts.corpus.sources.languages import resolve_language
from emotts.corpus.sources.source_file import ReadSource
from emotts.corpus.sources.walk import PassedOver
from emotts.corpus.speakers import ALL_SPEAKERS
from emotts.errors import CorpusError

__all__ = ["select"]


def select(read: ReadSource, *, language: str, speaker: str) -> ReadSource:
    """Return a source with the files of one speaker, or of all, in one language; the others are rejected.

    Where the source names one speaker only, ``speaker`` is what he or she is called.

    Raises:
        CorpusError: if the source names several speakers and ``speaker`` is none of them, or if it names none and all
            are wanted.
    """
    code = resolve_language(language)
    spoken = [file for file in read.files if file.language == code]
    passed = [
        PassedOver(file.path, "in another language than the project", f"{file.language}; the project is in {code}")
        for file in read.files
        if file.language != code
    ]
    here = replace(read, files=tuple(spoken))
    names = here.speakers
    if speaker == ALL_SPEAKERS:
        _check_named(here)
        unnamed = [PassedOver(file.path, "no speaker is named") for file in spoken if file.speaker is None]
        named = tuple(file for file in spoken if file.speaker is not None)
        return replace(here, files=named, rejected=(*read.rejected, *passed, *unnamed))
    if len(names) < 2:
        return replace(here, rejected=(*read.rejected, *passed))
    if speaker not in names:
        shown = ", ".join(f"{name} ({count})" for name, count in names.items())
        raise CorpusError(
            "the source has several speakers",
            where=read.source,
            found=f"{shown}; wanted is {speaker!r}",
            wanted=f"the name of one of them in recording.speaker, or {ALL_SPEAKERS}",
            remedy=f"choose one, such as --speaker {max(names, key=lambda name: names[name])}",
        )
    others = [file for file in spoken if file.speaker != speaker]
    passed += [PassedOver(file.path, "of another speaker", file.speaker or "no speaker is named") for file in others]
    own = tuple(file for file in spoken if file.speaker == speaker)
    return replace(here, files=own, rejected=(*read.rejected, *passed))


def _check_named(read: ReadSource) -> None:
    if read.files and not read.speakers:
        raise CorpusError(
            "the source names no speakers",
            where=read.source,
            found=f"recording.speaker: {ALL_SPEAKERS}",
            wanted="a name that its one speaker is called by",
            remedy="name the speaker, such as --speaker mina, or a layout that has speakers",
        )
