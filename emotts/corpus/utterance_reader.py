"""Reading utterances as corpus items: text to phones, with the reason for each that cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from emotts.audio.settings import AudioSettings
from emotts.corpus.lists import CorpusItem
from emotts.corpus.rows import Reject, Utterance
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError, TextError
from emotts.parallel import ParallelSettings, parallel_map, works_here
from emotts.progress import Progress

__all__ = ["Kept", "SpokenText", "TextReader", "UtteranceReader", "read_utterances"]

_STAGE = "corpus"
_AT_ONCE = 1000
"""Utterances that a worker is given at a time: seconds of work, beside half a second for the dictionaries."""


class SpokenText(Protocol):
    """What :meth:`TextReader.read` returns; see :class:`emotts.text.phonemes.Phonemes`."""

    @property
    def normalised_text(self) -> str:
        """The text as it is spoken."""

    @property
    def phones(self) -> tuple[str, ...]:
        """Its phones, of the symbol table."""

    @property
    def tones(self) -> tuple[int, ...]:
        """One tone a phone."""

    @property
    def word2ph(self) -> tuple[int, ...]:
        """The number of phones of each word."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """The signs and words that have no reading and are not spoken."""


class TextReader(Protocol):
    """A front end; see :class:`emotts.text.phonemes.FrontEnd`."""

    @property
    def language(self) -> str:
        """Code of the language."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbol table in the order of the ids."""

    def read(self, text: str) -> SpokenText:
        """Read a text; raises TextError where it cannot be read."""
        ...


@dataclass(frozen=True)
class Kept:
    """An utterance that can be used."""

    row: Utterance
    item: CorpusItem


class UtteranceReader:
    """Turns utterances into corpus items or rejects."""

    def __init__(self, front_end: TextReader, *, emotions: EmotionSet, skip: bool, audio: AudioSettings) -> None:
        self._front_end = front_end
        self._symbols = frozenset(front_end.symbols)
        self._emotions = emotions
        self._skip = skip
        self._frames_per_s = audio.sample_rate_hz / audio.hop_length

    def read(
        self, rows: Sequence[Utterance], names: Mapping[str, str], *, progress: Progress | None
    ) -> tuple[list[Kept], list[Reject]]:
        """Return what can be used and what cannot, with its reason.

        Args:
            rows: the utterances.
            names: the name that each wav gets in the corpus.
            progress: called with done, total and a wav.

        Raises:
            TextError: if a text cannot be read and such utterances are not skipped; names wav and text.
        """
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
            phones=tuple(map(sys.intern, spoken.phones)),  # millions of phones are some hundred different ones
            tones=spoken.tones,
            word2ph=spoken.word2ph,
            emotion=self._emotions.resolve(row.emotion, where=row.wav),
        )


def read_utterances(
    reader: UtteranceReader,
    rows: Sequence[Utterance],
    *,
    names: Mapping[str, str],
    parallel: ParallelSettings | None,
    progress: Progress | None,
) -> tuple[list[Kept], list[Reject]]:
    """Return what :meth:`UtteranceReader.read` returns for all rows.

    Args:
        reader: it can be pickled if work is done in parallel.
        rows: the utterances.
        names: the name that each wav gets in the corpus.
        parallel: how many groups of utterances are read at once; the result is the same.
        progress: called with done, total and a wav.
    """
    if works_here(parallel):
        return reader.read(rows, names, progress=progress)
    kept: list[Kept] = []
    rejects: list[Reject] = []
    groups = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
    tasks = [(group, {row.wav: names[row.wav] for row in group}) for group in groups]
    for group, result in zip(groups, parallel_map(partial(_read, reader), tasks, parallel=parallel), strict=True):
        kept += result[0]
        rejects += result[1]
        if progress is not None:
            progress(len(kept) + len(rejects), len(rows), group[-1].wav)
    return kept, rejects


def _read(
    reader: UtteranceReader, task: tuple[Sequence[Utterance], Mapping[str, str]]
) -> tuple[list[Kept], list[Reject]]:
    return reader.read(*task, progress=None)


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
