"""What is known of the clips of a corpus list without their sound."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from emotts.audio.io import probe
from emotts.corpus.lists import CorpusItem
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.text.bert.features import CorpusFeatures
from emotts.training.packed_tokens import PackedTokens
from emotts.training.token_times import TokenTimes

__all__ = ["ClipFormat", "ClipRows", "RowReader"]


@dataclass(frozen=True)
class ClipFormat:
    """The format in which clips are opened.

    Attributes:
        sample_rate_hz: rate of every file.
        hop_length: samples a frame; a clip's sound is cut to whole frames.
        with_pitch: track the pitch of every clip.
        add_blank: put the blank token between the phones.
        keep_bytes: most bytes of sound to keep in memory (float32); with more, nothing is kept.
    """

    sample_rate_hz: int
    hop_length: int
    with_pitch: bool = False
    add_blank: bool = True
    keep_bytes: int = 1 << 30


@dataclass
class ClipRows:
    """The clips without their sound, by number; ``n_samples`` is what the files' headers say.

    ``token_spans`` (token, 2) are there for clips whose times are known, ``vectors`` for all clips or none: the BERT
    features of a clip's pieces (piece, feature), and the row of each token (token,).
    """

    folder: Path
    items: Sequence[CorpusItem]
    ids: PackedTokens
    n_samples: array[int] = field(default_factory=lambda: array("q"))
    speakers: array[int] = field(default_factory=lambda: array("i"))
    emotions: array[int] = field(default_factory=lambda: array("i"))
    token_spans: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    vectors: list[tuple[NDArray[np.float16], NDArray[np.int32]]] = field(default_factory=list)

    def wav(self, number: int) -> Path:
        """Return the file of a clip."""
        return self.folder / self.items[number].wav

    def token_vectors(self, number: int) -> Tensor | None:
        """Return the BERT features of a clip (token, feature), None where there are none."""
        if not self.vectors:
            return None
        vectors, pieces = self.vectors[number]
        return torch.from_numpy(vectors[pieces].astype(np.float32))


@dataclass(frozen=True)
class RowReader:
    """Reads rows of one list; the fields are as in :func:`emotts.training.dataset.read_clips`."""

    format: ClipFormat
    speakers: Mapping[str, int]
    emotions: EmotionSet
    times: TokenTimes
    features: CorpusFeatures | None

    def add(self, item: CorpusItem, rows: ClipRows, *, where: str) -> None:
        """Read the header of an item's file, and what the corpus knows of the item, as the last one of ``rows``."""
        rate_hz, hop_length, add_blank = self.format.sample_rate_hz, self.format.hop_length, self.format.add_blank
        wav, number = rows.folder / item.wav, len(rows.ids)
        n_tokens = rows.ids.append(item.phones, item.tones, language=item.language)
        rows.n_samples.append(_header_samples(wav, sample_rate_hz=rate_hz))
        rows.speakers.append(_speaker_id(item.speaker, self.speakers, where=where))
        rows.emotions.append(self.emotions.names.index(self.emotions.resolve(item.emotion, where=where)))
        spans = self.times.spans(item, frames_per_s=rate_hz / hop_length, where=where)
        if spans is not None:
            rows.token_spans[number] = spans
        if self.features is not None:
            read = self.features.of(item.language, item.text, where=where)
            rows.vectors.append((read.vectors, read.token_pieces(item.word2ph, add_blank=add_blank)))
        _check_alignable(wav, n_tokens, n_frames=rows.n_samples[-1] // hop_length, where=where)


def _header_samples(wav: Path, *, sample_rate_hz: int) -> int:
    info = probe(wav)
    if info.sample_rate_hz != sample_rate_hz:
        raise CorpusError(
            "the file has another sample rate than the model",
            where=wav,
            found=f"{info.sample_rate_hz} Hz",
            wanted=f"{sample_rate_hz} Hz",
            remedy="run `dvc repro` so that the segments are made at the model's rate",
        )
    return info.n_samples


def _speaker_id(speaker: str, speakers: Mapping[str, int], *, where: str) -> int:
    if speaker not in speakers:
        raise CorpusError(
            f"unknown speaker {speaker!r}", where=where, wanted=f"one of {', '.join(sorted(speakers)) or '(none)'}"
        )
    return speakers[speaker]


def _check_alignable(wav: Path, n_tokens: int, *, n_frames: int, where: str) -> None:
    if n_tokens > n_frames:
        raise CorpusError(
            "the clip is too short for its text: every token needs at least one frame",
            where=where,
            found=f"{n_tokens} tokens in {n_frames} frames ({wav})",
            remedy="check that text and sound belong together",
        )
