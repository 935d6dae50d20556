"""Whose voice is evaluated, where a project has several speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from emotts.corpus.lists import CorpusItem, read_list
from emotts.corpus.speakers import ALL_SPEAKERS
from emotts.settings import Params

__all__ = ["about_speaker", "evaluated_speaker"]


def evaluated_speaker(params: Params, corpus: Path) -> str | None:
    """Return the speaker in whose voice the sentences are spoken, and whose clips they are compared with.

    It is the one whose clips of the test list have the most emotions, and of several such the one with the most clips
    there, then in the training list.

    Returns:
        The name; None where the project has one speaker.

    Raises:
        CorpusError: if one of these lists cannot be used.
    """
    if params.recording.speaker != ALL_SPEAKERS:
        return None
    items = read_list(corpus / "test.list")
    tested, trained = (Counter(item.speaker for item in each) for each in (items, read_list(corpus / "train.list")))
    return max(sorted({*tested, *trained}), key=lambda name: (_n_emotions(items, name), tested[name], trained[name]))


def about_speaker(speaker: str | None) -> str | None:
    """Return a sentence for the report on who of several speakers is meant; None where there is one."""
    if speaker is None:
        return None
    return f"The voice has several speakers. All of this is about one of them, {speaker}."


def _n_emotions(items: Sequence[CorpusItem], speaker: str) -> int:
    return len({item.emotion for item in items if item.speaker == speaker})
