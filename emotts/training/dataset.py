"""The clips of a corpus list as tensors: phones, waveform, speaker and emotion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from emotts.audio.io import probe, read_mono
from emotts.corpus.lists import CorpusItem, read_list
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError
from emotts.features.pitch import frame_pitch
from emotts.text.bert.features import CorpusFeatures
from emotts.text.encode import encode
from emotts.training.batch import Clip
from emotts.training.token_times import read_token_times

__all__ = ["ClipDataset", "read_clips"]


@dataclass(frozen=True)
class _Row:
    """A clip without its sound; ``n_samples`` is what the file's header says.

    ``vectors`` are the BERT features of its pieces (piece, feature), ``pieces`` (token,) the row of each token.
    """

    wav: Path
    tokens: NDArray[np.int64]
    tones: NDArray[np.int64]
    languages: NDArray[np.int64]
    n_samples: int
    speaker: int
    emotion: int
    token_spans: NDArray[np.float32] | None = None
    vectors: NDArray[np.float16] | None = None
    pieces: NDArray[np.int32] | None = None


class ClipDataset(Dataset[Clip]):
    """Clips of one list; their sound is kept in memory if it fits, else read at each use.

    Made by :func:`read_clips`.

    Args:
        rows: the clips.
        sample_rate_hz: rate of every file.
        hop_length: samples a frame; a clip's sound is cut to whole frames.
        keep_bytes: most bytes of sound to keep in memory (float32); with more, nothing is kept.
        with_pitch: track the pitch of every clip.
    """

    def __init__(
        self, rows: Sequence[_Row], *, sample_rate_hz: int, hop_length: int, keep_bytes: int, with_pitch: bool = False
    ) -> None:
        self._rows = list(rows)
        self.sample_rate_hz = sample_rate_hz
        self._hop_length = hop_length
        self._with_pitch = with_pitch
        self._pitches: dict[int, NDArray[np.float32]] = {}
        self._kept: dict[int, NDArray[np.float32]] | None = {} if 4 * sum(self.lengths) <= keep_bytes else None

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def lengths(self) -> list[int]:
        """Length of every clip in samples, from the files' headers."""
        return [row.n_samples for row in self._rows]

    @property
    def in_memory(self) -> bool:
        """Whether the sound is kept in memory."""
        return self._kept is not None

    @property
    def emotions(self) -> list[int]:
        """Emotion id of every clip."""
        return [row.emotion for row in self._rows]

    @property
    def wavs(self) -> list[Path]:
        """File of every clip."""
        return [row.wav for row in self._rows]

    def __getitem__(self, index: int) -> Clip:
        """Return one clip; raises AudioError if its file cannot be read."""
        row = self._rows[index]
        sound = self._sound(index)
        return Clip(
            wav=str(row.wav),
            tokens=torch.from_numpy(row.tokens),
            tones=torch.from_numpy(row.tones),
            languages=torch.from_numpy(row.languages),
            waveform=torch.from_numpy(sound),
            n_frames=row.n_samples // self._hop_length,
            speaker=row.speaker,
            emotion=row.emotion,
            token_spans=None if row.token_spans is None else torch.from_numpy(row.token_spans),
            ja_bert=_token_vectors(row),
            pitch=torch.from_numpy(self._pitch(index, sound)) if self._with_pitch else None,
        )

    def _pitch(self, index: int, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the pitch (frame,) of a clip; tracked once, as it is small."""
        if index not in self._pitches:
            self._pitches[index] = frame_pitch(sound, sample_rate_hz=self.sample_rate_hz, hop_length=self._hop_length)
        return self._pitches[index]

    def _sound(self, index: int) -> NDArray[np.float32]:
        if self._kept is not None and index in self._kept:
            return self._kept[index]
        row = self._rows[index]
        samples, _ = read_mono(row.wav)
        if len(samples) != row.n_samples:
            raise CorpusError(
                "the file changed while it was trained on",
                where=row.wav,
                found=f"{len(samples)} samples",
                wanted=f"{row.n_samples} samples, as at the start",
            )
        whole = samples[: len(samples) // self._hop_length * self._hop_length].astype(np.float32, copy=False)
        if self._kept is not None:
            self._kept[index] = whole
        return whole


def read_clips(
    path: Path,
    *,
    wav_folder: Path,
    speakers: Mapping[str, int],
    emotions: EmotionSet,
    sample_rate_hz: int,
    hop_length: int,
    features: CorpusFeatures | None = None,
    add_blank: bool = True,
    keep_bytes: int = 1 << 30,
    with_pitch: bool = False,
) -> ClipDataset:
    """Read a corpus list (``train.list``, ``val.list``), the headers of its files, and known phone times.

    Where ``durations.jsonl`` lies in ``wav_folder``, the clips that it names get the times of their tokens.

    Args:
        path: the list.
        wav_folder: folder that the list's file names are relative to.
        speakers: speaker name to id; an unknown speaker is an error, never speaker 0.
        emotions: the emotion set of the project.
        sample_rate_hz: rate that every file must have.
        hop_length: samples a frame.
        features: BERT features of the list's texts; None: off.
        add_blank: put the blank token between the phones.
        keep_bytes, with_pitch: see :class:`ClipDataset`.

    Raises:
        CorpusError: if the list is empty, a speaker or emotion is unknown, a file has another rate,
            a clip has more tokens than frames, its phones are not those whose times are known, or there are no BERT
            features of its text. The message names the row.
        AudioError: if a file is missing or no sound.
    """
    items = read_list(path)
    if not items:
        raise CorpusError("the list has no rows", where=path, remedy="record or label more, then run `dvc repro`")
    times = read_token_times(wav_folder, add_blank=add_blank)
    rows = []
    for number, item in enumerate(items, 1):
        where = f"{path}:{number}"
        n_samples = _header_samples(wav_folder / item.wav, sample_rate_hz=sample_rate_hz)
        row = _Row(
            wav=wav_folder / item.wav,
            **_token_arrays(item, add_blank=add_blank),
            n_samples=n_samples,
            speaker=_speaker_id(item.speaker, speakers, where=where),
            emotion=emotions.names.index(emotions.resolve(item.emotion, where=where)),
            token_spans=times.spans(item, frames_per_s=sample_rate_hz / hop_length, where=where),
            **_features(item, features, add_blank=add_blank, where=where),
        )
        _check_alignable(row, hop_length=hop_length, where=where)
        rows.append(row)
    return ClipDataset(
        rows, sample_rate_hz=sample_rate_hz, hop_length=hop_length, keep_bytes=keep_bytes, with_pitch=with_pitch
    )


def _token_arrays(item: CorpusItem, *, add_blank: bool) -> dict[str, Any]:
    ids = encode(item.phones, item.tones, language=item.language, add_blank=add_blank)
    return {
        "tokens": np.asarray(ids.tokens, dtype=np.int64),
        "tones": np.asarray(ids.tones, dtype=np.int64),
        "languages": np.asarray(ids.languages, dtype=np.int64),
    }


def _features(item: CorpusItem, features: CorpusFeatures | None, *, add_blank: bool, where: str) -> dict[str, Any]:
    if features is None:
        return {}
    read = features.of(item.language, item.text, where=where)
    return {"vectors": read.vectors, "pieces": read.token_pieces(item.word2ph, add_blank=add_blank)}


def _token_vectors(row: _Row) -> Tensor | None:
    if row.vectors is None or row.pieces is None:
        return None
    return torch.from_numpy(row.vectors[row.pieces].astype(np.float32))


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


def _check_alignable(row: _Row, *, hop_length: int, where: str) -> None:
    n_frames = row.n_samples // hop_length
    if len(row.tokens) > n_frames:
        raise CorpusError(
            "the clip is too short for its text: every token needs at least one frame",
            where=where,
            found=f"{len(row.tokens)} tokens in {n_frames} frames ({row.wav})",
            remedy="check that text and sound belong together",
        )
