"""Utterances to corpus items: text to phones, with the reason for every one that cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from emotts.corpus.lists import CorpusItem
from emotts.corpus.rows import Reject, Utterance
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError, TextError

__all__ = ["Kept", "Progress", "SpokenText", "TextReader", "UtteranceReader"]

_STAGE = "corpus"

Progress = Callable[..., object] | None
"""Called as ``progress(done, total, note)``."""


class SpokenText(Protocol):
    """What :meth:`TextReader.read` returns; see :class:`emotts.text.phonemes.Phonemes`."""

    @property
    def normalised_text(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def tones(self) -> tuple[int, ...]: ...
    @property
    def word2ph(self) -> tuple[int, ...]: ...


class TextReader(Protocol):
    """A front end; see :class:`emotts.text.phonemes.FrontEnd`."""

    @property
    def language(self) -> str: ...
    @property
    def symbols(self) -> tuple[str, ...]: ...
    def read(self, text: str) -> SpokenText: ...


@dataclass(frozen=True)
class Kept:
    """An utterance that can be used."""

    row: Utterance
    item: CorpusItem


class UtteranceReader:
    """Turns utterances into corpus items or rejects."""

    def __init__(self, front_end: TextReader, *, emotions: EmotionSet, skip: bool, audio: Mapping[str, Any]) -> None:
        self._front_end = front_end
        self._symbols = frozenset(front_end.symbols)
        self._emotions = emotions
        self._skip = skip
        self._frames_per_s = float(audio["sample_rate_hz"]) / float(audio["hop_length"])

    def read(
        self, rows: Sequence[Utterance], names: Mapping[str, str], *, progress: Progress
    ) -> tuple[list[Kept], list[Reject]]:
        kept: list[Kept] = []
        rejects: list[Reject] = []
        for number, row in enumerate(rows):
            if progress is not None:
                progress(number, len(rows), row.wav)
            try:
                entry = Kept(row, self._item(row, names[row.wav]))
            except TextError as error:
                if not self._skip:
                    raise TextError(
                        f"transcript cannot be read: {error}",
                        where=row.wav,
                        found=repr(row.text),
                        remedy="correct the transcript, or set corpus.on_unknown to skip in params.yaml",
                    ) from error
                rejects.append(_reject(row, "text cannot be read", str(error)))
                continue
            n_tokens = 2 * len(entry.item.phones) + 1
            n_frames = int((row.end_s - row.start_s) * self._frames_per_s)
            if n_tokens > n_frames:
                rejects.append(_reject(row, "text too long for its sound", f"{n_tokens} tokens, {n_frames} frames"))
            else:
                kept.append(entry)
        if progress is not None:
            progress(len(rows), len(rows), "")
        return kept, rejects

    def _item(self, row: Utterance, wav: str) -> CorpusItem:
        if row.language != self._front_end.language:
            raise CorpusError(
                "utterance is in another language than the project",
                where=row.wav,
                found=row.language,
                wanted=self._front_end.language,
                remedy="set project.language in params.yaml",
            )
        spoken = self._front_end.read(row.text)
        unknown = next((phone for phone in spoken.phones if phone not in self._symbols), None)
        if unknown is not None:
            raise TextError(f"phone {unknown!r} is not in the symbol table", found=repr(row.text))
        return CorpusItem(
            wav=wav,
            speaker=row.speaker,
            language=row.language,
            text=spoken.normalised_text,
            phones=spoken.phones,
            tones=spoken.tones,
            word2ph=spoken.word2ph,
            emotion=self._emotions.resolve(row.emotion, where=row.wav),
        )


def _reject(row: Utterance, reason: str, detail: str) -> Reject:
    return Reject(
        stage=_STAGE,
        recording=row.recording,
        start_s=row.start_s,
        end_s=row.end_s,
        reason=reason,
        detail=detail,
        wav=row.wav,
    )
