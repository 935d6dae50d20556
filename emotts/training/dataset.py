"""The clips of a corpus list as tensors: phones, waveform, speaker and emotion."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from emotts.audio.io import read_mono
from emotts.corpus.lists import CorpusList
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.features.pitch import frame_pitch
from emotts.text.bert.features import CorpusFeatures
from emotts.training.batch import Clip
from emotts.training.clip_rows import ClipFormat, ClipRows, RowReader
from emotts.training.packed_tokens import PackedTokens
from emotts.training.token_times import read_token_times

__all__ = ["ClipDataset", "ClipFormat", "read_clips"]


class ClipDataset(Dataset[Clip]):
    """Clips of one list; their sound is kept in memory if it fits, else read at each use.

    Made by :func:`read_clips`.
    """

    def __init__(self, rows: ClipRows, *, format: ClipFormat) -> None:
        self._rows = rows
        self.sample_rate_hz = format.sample_rate_hz
        self._format = format
        self._pitches: dict[int, NDArray[np.float32]] = {}
        self._kept: dict[int, NDArray[np.float32]] | None = {} if 4 * sum(rows.n_samples) <= format.keep_bytes else None

    def __len__(self) -> int:
        return len(self._rows.items)

    @property
    def lengths(self) -> list[int]:
        """Length of every clip in samples, from the files' headers."""
        return self._rows.n_samples.tolist()

    @property
    def in_memory(self) -> bool:
        """Whether the sound is kept in memory."""
        return self._kept is not None

    @property
    def emotions(self) -> list[int]:
        """Emotion id of every clip."""
        return self._rows.emotions.tolist()

    @property
    def voices(self) -> list[int]:
        """Id of every clip's language, speaker and emotion together."""
        ids: dict[tuple[str, int, int], int] = {}
        rows = self._rows
        told = zip((item.language for item in rows.items), rows.speakers, rows.emotions, strict=True)
        return [ids.setdefault(voice, len(ids)) for voice in told]

    @property
    def wavs(self) -> list[Path]:
        """File of every clip."""
        return [self._rows.wav(number) for number in range(len(self))]

    def __getitem__(self, index: int) -> Clip:
        """Return one clip; raises AudioError if its file cannot be read."""
        rows = self._rows
        ids = rows.ids[index]
        sound = self._sound(index)
        spans = rows.token_spans.get(index)
        return Clip(
            wav=str(rows.wav(index)),
            tokens=torch.from_numpy(ids.tokens),
            tones=torch.from_numpy(ids.tones),
            languages=torch.from_numpy(ids.languages),
            waveform=torch.from_numpy(sound),
            n_frames=rows.n_samples[index] // self._format.hop_length,
            speaker=rows.speakers[index],
            emotion=rows.emotions[index],
            token_spans=None if spans is None else torch.from_numpy(spans),
            ja_bert=rows.token_vectors(index),
            pitch=torch.from_numpy(self._pitch(index, sound)) if self._format.with_pitch else None,
        )

    def _pitch(self, index: int, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the pitch (frame,) of a clip; tracked once, as it is small."""
        if index not in self._pitches:
            self._pitches[index] = frame_pitch(
                sound, sample_rate_hz=self.sample_rate_hz, hop_length=self._format.hop_length
            )
        return self._pitches[index]

    def _sound(self, index: int) -> NDArray[np.float32]:
        if self._kept is not None and index in self._kept:
            return self._kept[index]
        wav, n_samples = self._rows.wav(index), self._rows.n_samples[index]
        samples, _ = read_mono(wav)
        if len(samples) != n_samples:
            raise CorpusError(
                "the file changed while it was trained on",
                where=wav,
                found=f"{len(samples)} samples",
                wanted=f"{n_samples} samples, as at the start",
            )
        whole = samples[: len(samples) // self._format.hop_length * self._format.hop_length].astype(
            np.float32, copy=False
        )
        if self._kept is not None:
            self._kept[index] = whole
        return whole


def read_clips(
    listed: CorpusList,
    *,
    format: ClipFormat,
    speakers: Mapping[str, int],
    emotions: EmotionSet,
    features: CorpusFeatures | None = None,
) -> ClipDataset:
    """Read the headers of the files of a corpus list, and known phone times.

    Where ``durations.jsonl`` is in the list's folder, the clips that it names get the times of their tokens.

    Args:
        listed: the list.
        format: how the clips are opened.
        speakers: speaker name to id; an unknown speaker is an error, never speaker 0.
        emotions: the emotion set of the project.
        features: BERT features of the list's texts; None: off.

    Raises:
        CorpusError: if the list is empty, a speaker or emotion is unknown, a file has another rate,
            a clip has more tokens than frames, its phones are not those whose times are known, or there are no BERT
            features of its text. The message names the row.
        AudioError: if a file is missing or no sound.
    """
    if not listed.items:
        raise CorpusError(
            "the list has no rows", where=listed.path, remedy="record or label more, then run `dvc repro`"
        )
    reader = RowReader(
        format=format,
        speakers=speakers,
        emotions=emotions,
        times=read_token_times(listed.folder, add_blank=format.add_blank),
        features=features,
    )
    rows = ClipRows(listed.folder, listed.items, PackedTokens(add_blank=format.add_blank))
    for number, item in enumerate(listed.items):
        reader.add(item, rows, where=f"{listed.path}:{number + 1}")
    return ClipDataset(rows, format=format)
