"""Speaker vectors of clips by the speaker encoder of Resemblyzer (Wan et al. 2018, GE2E loss).

The weights are those in the wheel of Resemblyzer 0.1.4; its code is not run.
"""

from __future__ import annotations

import importlib.util
import pickle
from pathlib import Path

import librosa
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from emotts.errors import AudioError, CheckpointError, EmottsError
from emotts.features.analysis import ANALYSIS_RATE_HZ, FRAME_MS
from emotts.recognition.emotion_features import speech_frames

__all__ = ["SpeakerEncoder"]

_MELS, _WIDTH, _LAYERS = 40, 256, 3
_WINDOW_MS = 25
_PART_FRAMES = 160
_STEP_FRAMES = 77
"""Parts of 1.6 s, 1.3 of them a second."""
_LEAST_COVERED = 0.75
_LEVEL_RMS = 10 ** (-30 / 20)
_PACKAGE = "resemblyzer"
_REMEDY = "pip install --no-deps resemblyzer==0.1.4, or set evaluate.speaker_encoder: none in params.yaml"

Array = npt.NDArray[np.float64]


class SpeakerEncoder(nn.Module):
    """Three LSTM layers over the mel bands of 1.6 s of speech; their last state gives a vector (256,) of length 1."""

    def __init__(self) -> None:
        """Build the network with random weights; use :meth:`load`."""
        super().__init__()
        self.lstm = nn.LSTM(_MELS, _WIDTH, _LAYERS, batch_first=True)
        self.linear = nn.Linear(_WIDTH, _WIDTH)

    @staticmethod
    def require_installed() -> None:
        """Raise EmottsError if the package is missing whose weights :meth:`load` reads; nothing is loaded."""
        _weights_file()

    @classmethod
    def load(cls) -> SpeakerEncoder:
        """Read the packaged weights.

        Raises:
            EmottsError: if the package is not installed.
            CheckpointError: if its weights are damaged.
        """
        path = _weights_file()
        encoder = cls()
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)["model_state"]
            encoder.load_state_dict({name: state[name] for name in encoder.state_dict()})
        except (OSError, RuntimeError, KeyError, pickle.UnpicklingError, EOFError) as error:
            raise CheckpointError(
                "weights of the speaker classifier are damaged", where=path, found=error, remedy=_REMEDY
            ) from error
        return encoder.eval()

    def forward(self, mels: Tensor) -> Tensor:
        """Return vectors (part, 256) of mel bands (part, frame, band)."""
        _, (hidden, _) = self.lstm(mels)
        vectors: Tensor = torch.relu(self.linear(hidden[-1]))
        return nn.functional.normalize(vectors, dim=1)

    def embed(self, samples: npt.ArrayLike, sample_rate_hz: int) -> Array:
        """Return the vector (256,) of length 1 of whoever speaks in a clip (sample,); pauses are left out.

        Raises:
            AudioError: if the clip is empty, not finite, or silent.
        """
        clip = _speech(samples, sample_rate_hz)
        bands = librosa.feature.melspectrogram(
            y=clip,
            sr=ANALYSIS_RATE_HZ,
            n_fft=ANALYSIS_RATE_HZ * _WINDOW_MS // 1000,
            hop_length=ANALYSIS_RATE_HZ * FRAME_MS // 1000,
            n_mels=_MELS,
        ).T.astype(np.float32)
        with torch.inference_mode():
            vector = self(torch.from_numpy(_parts(bands))).mean(dim=0).double().numpy()
        return np.asarray(vector / np.linalg.norm(vector))


def _weights_file() -> Path:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmottsError("the weights of the speaker classifier are not installed", wanted=_PACKAGE, remedy=_REMEDY)
    return Path(found.origin).parent / "pretrained.pt"


def _speech(samples: npt.ArrayLike, sample_rate_hz: int) -> npt.NDArray[np.float32]:
    """Return the speech of a clip at 16 kHz, without pauses, at -30 dBFS."""
    frames = speech_frames(samples, sample_rate_hz=sample_rate_hz)
    if frames is None:
        raise AudioError("clip is silent, so nobody speaks in it", wanted="speech above -120 dBFS")
    kept = np.ones(frames.active.size, dtype=bool)
    for start, end in frames.pauses:
        kept[start:end] = False
    clip = frames.clip[np.repeat(kept, ANALYSIS_RATE_HZ * FRAME_MS // 1000)[: frames.clip.size]]
    return np.asarray(clip * (_LEVEL_RMS / np.sqrt((clip**2).mean())), dtype=np.float32)


def _parts(bands: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Cut mel bands (frame, band) into overlapping parts (part, frame, band), zeros where the last one ends early."""
    starts = [0, *range(_STEP_FRAMES, round(len(bands) - _LEAST_COVERED * _PART_FRAMES) + 1, _STEP_FRAMES)]
    padded = np.pad(bands, ((0, _PART_FRAMES), (0, 0)))
    return np.stack([padded[start : start + _PART_FRAMES] for start in starts])
