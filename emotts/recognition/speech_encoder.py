"""What the encoder of Whisper makes of a clip: the mean and the spread of its channels over the speech."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from emotts.recognition.emotion_features import speech_span
from emotts.recognition.settings import RecogniserSettings
from emotts.recognition.whisper_hearing import encoded
from emotts.recognition.whisper_models import PACKAGED, load_model, require_model

__all__ = ["ENCODING_NAMES", "SpeechEncoder"]

_WIDTH = 512
ENCODING_NAMES = tuple(f"{PACKAGED}_{part}{channel}" for part in ("mean", "sd") for channel in range(_WIDTH))
"""The names of the features, in order."""

Array = npt.NDArray[np.float64]


class SpeechEncoder:
    """The encoder of the packaged Whisper, which learned to recognise speech and was taught nothing of emotions."""

    def __init__(self, model: Any) -> None:
        """Wrap a model of faster-whisper; use :meth:`load`."""
        self._model = model

    @staticmethod
    def require_installed() -> None:
        """Raise EmottsError if a package is missing that :meth:`load` needs; nothing is loaded."""
        require_model(PACKAGED, without="classifier.encoder: none")

    @classmethod
    def load(cls, settings: RecogniserSettings) -> SpeechEncoder:
        """Load the packaged model.

        Raises:
            EmottsError: if a package is not installed.
            CheckpointError: if the weights are damaged.
            ConfigError: if the device cannot compute as the settings say.
        """
        import torch  # takes seconds, and nothing else here needs it

        cls.require_installed()
        return cls(load_model(PACKAGED, settings, threads=torch.get_num_threads()))

    def features(self, samples: npt.ArrayLike, sample_rate_hz: int) -> Array:
        """Return the features (feature,) of a clip (sample,), in the order of :data:`ENCODING_NAMES`.

        Silence before and after the speech is cut off first, and the frames of the padding are left out; of more than
        30 s the rest is not heard. A silent clip has zeros.

        Raises:
            AudioError: if there are no samples, more than one axis, a NaN or an infinity.
        """
        clip = speech_span(samples, sample_rate_hz=sample_rate_hz)
        if clip is None:
            return np.zeros(len(ENCODING_NAMES))
        frames = encoded(self._model, clip.astype(np.float32)).of_clip()
        return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])
