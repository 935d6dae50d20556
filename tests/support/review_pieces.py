"""Pieces of a recording, for tests of corrections and of the review page."""

from __future__ import annotations

from collections.abc import Sequence

from emotts.corpus.corrections.entry import Entry, entry_of
from emotts.corpus.rows import Recording, Reject, Utterance
from emotts.emotions.emotion_set import EmotionSet

__all__ = ["TAKE", "entries", "reject", "spoken", "take"]

TAKE = "take.wav"


def take(file: str = TAKE, *, emotion: str | None = "sad", duration_s: float = 60.0) -> Recording:
    """Return the row of a recording."""
    return Recording(file, "0" * 64, 24000, 1, duration_s, "mina", "KR", emotion)


def spoken(start_s: float, end_s: float, text: str, *, emotion: str = "sad", recording: str = TAKE) -> Utterance:
    """Return an utterance as the stage ``label`` writes it."""
    wav = f"take/take_{round(start_s):04d}.wav"
    return Utterance(wav, recording, start_s, end_s, "mina", "KR", text, emotion, 1.0, "labels", "layout")


def reject(start_s: float, end_s: float, reason: str = "no transcript", *, heard: str | None = None) -> Reject:
    """Return a reject of the stage ``label``."""
    return Reject("label", TAKE, start_s, end_s, reason, wav=f"take/take_{round(start_s):04d}.wav", heard=heard)


def entries(*rows: Utterance | Reject, takes: Sequence[Recording] = (take(),)) -> list[Entry]:
    """Return rows as the entries of recordings."""
    by_file = {each.file: each for each in takes}
    return [entry_of(row, by_file[row.recording], emotions=EmotionSet()) for row in rows]
