"""The corrections of a project in the stage ``label``: rows, and the wavs of pieces whose borders changed."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from emotts.audio.io import read_mono, write_wav
from emotts.audio.opening import readable
from emotts.corpus.corrections.applying import Applied, apply_corrections
from emotts.corpus.corrections.correction import Correction, read_corrections
from emotts.corpus.corrections.entry import Entry, entry_of
from emotts.corpus.rows import Doubt, Recording, Reject, Utterance, write_rows
from emotts.corpus.segmentation.segment_names import segment_names
from emotts.corpus.transcripts.labelled_take import LabelledTake
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.files import remove_folder, write_text

__all__ = ["UNCORRECTED", "UNMATCHED", "Corrector"]

_log = logging.getLogger(__name__)

UNCORRECTED = "uncorrected"
"""Folder with ``utterances.jsonl`` and ``rejects.jsonl`` as they are before any correction."""
UNMATCHED = "unmatched_corrections.jsonl"
"""Corrections that match nothing, with their lines and the reasons."""
_WAVS = "corrected"


@dataclass(frozen=True)
class Corrector:
    """Applies the corrections of a project to its takes.

    Attributes:
        corrections: in order.
        where: their file.
        raw: folder of the recordings.
        out: folder of the stage.
        sample_rate_hz: rate of the wavs that are cut anew.
        emotions: the emotion set of the project.
    """

    corrections: Sequence[Correction]
    where: Path
    raw: Path
    out: Path
    sample_rate_hz: int
    emotions: EmotionSet

    @classmethod
    def of(cls, path: Path, raw: Path, *, out: Path, sample_rate_hz: int, emotions: EmotionSet) -> Corrector:
        """Read the corrections of a project.

        Raises:
            CorpusError: as :func:`emotts.corpus.corrections.correction.read_corrections`, and if an emotion is unknown.
        """
        corrections = read_corrections(path)
        for line, correction in enumerate(corrections, 1):
            if correction.emotion is not None:
                emotions.resolve(correction.emotion, where=f"{path}:{line}")
        return cls(corrections, path, raw, out, sample_rate_hz, emotions)

    def correct(self, takes: Sequence[LabelledTake], recordings: Mapping[str, Recording]) -> list[LabelledTake]:
        """Return the takes as they were corrected; a take without a correction stays as it is.

        Writes what was before into the folder :data:`UNCORRECTED`, and what matches nothing into :data:`UNMATCHED`.

        Args:
            takes: every take of the project, once each.
            recordings: the rows of all recordings by file.

        Raises:
            AudioError: if a recording cannot be read where a piece is cut anew.
        """
        self._write_uncorrected(takes)
        entries = [entry_of(row, recordings[row.recording], emotions=self.emotions) for row in _rows(takes)]
        applied = apply_corrections(entries, self.corrections, emotions=self.emotions, where=self.where)
        self._report(applied, n_before=len(entries))
        names = dict(zip(recordings, segment_names(list(recordings.values())), strict=True))
        touched = {correction.recording for correction in self.corrections}
        by_recording: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in applied.entries:
            by_recording[entry.source.file].append(entry)
        corrected = []
        for take in takes:
            file = next((row.recording for row in _rows([take])), "")
            corrected.append(self._take(take, by_recording[file], names[file]) if file in touched else take)
        return corrected

    def _take(self, take: LabelledTake, entries: Sequence[Entry], name: str) -> LabelledTake:
        with ExitStack() as stack:
            source = entries[0].source.file
            needs_sound = any(_needs_wav(entry) for entry in entries)
            sound = stack.enter_context(readable(self.raw / source)) if needs_sound else self.raw / source
            rows = [entry.to_row(self._wav(entry, sound, name)) for entry in entries]
        return dataclasses.replace(
            take,
            utterances=[row for row in rows if isinstance(row, Utterance)],
            rejects=[row for row in rows if isinstance(row, Reject)],
            doubts=_open_doubts(take.doubts, entries),
        )

    def _wav(self, entry: Entry, sound: Path, name: str) -> str | None:
        """Cut the wav of a piece where it has none or its borders changed; return its name in the stage's folder."""
        if not _needs_wav(entry):
            return None
        _, start_ms, end_ms = entry.key
        wav = f"{_WAVS}/{name}_{start_ms:08d}-{end_ms:08d}.wav"
        samples, rate_hz = read_mono(
            sound, sample_rate_hz=self.sample_rate_hz, start_s=entry.start_s, end_s=entry.end_s
        )
        write_wav(self.out / wav, samples, sample_rate_hz=rate_hz)
        return wav

    def _write_uncorrected(self, takes: Sequence[LabelledTake]) -> None:
        remove_folder(self.out / _WAVS)
        (self.out / UNMATCHED).unlink(missing_ok=True)
        write_rows(self.out / UNCORRECTED / "utterances.jsonl", [row for take in takes for row in take.utterances])
        write_rows(self.out / UNCORRECTED / "rejects.jsonl", [row for take in takes for row in take.rejects])

    def _report(self, applied: Applied, *, n_before: int) -> None:
        if n_before + applied.n_split - applied.n_merged != len(applied.entries):
            raise CorpusError(
                "pieces were lost by the corrections; this is a fault of emotts",
                where=self.where,
                found=f"{n_before} before, {applied.n_split} split, {applied.n_merged} merged",
                wanted=f"{len(applied.entries)} after",
            )
        if not self.corrections:
            return
        kinds = Counter(correction.change for correction in self.corrections)
        _log.info(
            "%s: %d corrections (%s); %d in + %d split - %d merged = %d",
            *(
                self.where,
                len(self.corrections),
                ", ".join(f"{name} x{count}" for name, count in sorted(kinds.items())),
            ),
            *(n_before, applied.n_split, applied.n_merged, len(applied.entries)),
        )
        for each in applied.unmatched:
            _log.warning("%s:%d: not applied, %s: %s", self.where, each.line, each.why, each.correction)
        if applied.unmatched:
            lines = [each.to_line() for each in applied.unmatched]
            write_text(self.out / UNMATCHED, "".join(lines))


def _rows(takes: Iterable[LabelledTake]) -> Iterable[Utterance | Reject]:
    for take in takes:
        yield from take.utterances
        yield from take.rejects


def _needs_wav(entry: Entry) -> bool:
    return entry.problem is None and ("times" in entry.corrected or not entry.row.wav)


def _open_doubts(doubts: Sequence[Doubt], entries: Sequence[Entry]) -> list[Doubt]:
    """Return the doubts about pieces that nobody decided on."""
    undecided = {entry.key for entry in entries if entry.decision is None and "text" not in entry.corrected}
    keys = [(doubt.recording, round(1000 * doubt.start_s), round(1000 * doubt.end_s)) for doubt in doubts]
    return [doubt for doubt, key in zip(doubts, keys, strict=True) if key in undecided]
