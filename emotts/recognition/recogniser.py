"""A recogniser of speech: Whisper (Radford et al. 2022), computed by faster-whisper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from emotts.errors import ConfigError
from emotts.recognition.settings import RecogniserSettings
from emotts.recognition.whisper_hearing import RATE_HZ, WhisperHearing
from emotts.recognition.whisper_models import load_model, model_identity

__all__ = ["WhisperRecogniser"]

_LANGUAGES: Mapping[str, str] = MappingProxyType({"KR": "ko", "JP": "ja", "EN": "en"})


class WhisperRecogniser:
    """Writes down what it hears in one language, always the same for the same clip (beam search, temperature 0)."""

    def __init__(self, model: Any, *, language: str, name: str) -> None:
        """Wrap a model of faster-whisper; use :meth:`load`."""
        self._model = model
        self._language = language
        self.name = name
        """Name of the weights, their precision and the language."""

    @classmethod
    def load(cls, language: str, model: str, *, settings: RecogniserSettings) -> WhisperRecogniser:
        """Load a model for a language (``KR``, ``JP``, ``EN``).

        Args:
            language: of the clips.
            model: as for :func:`emotts.recognition.whisper_models.require_model`.
            settings: where and how precisely it computes.

        Raises:
            ConfigError: if the language is unknown.
            EmottsError: as :func:`emotts.recognition.whisper_models.load_model`.
        """
        import torch  # takes seconds, and nothing else here needs it

        if language not in _LANGUAGES:
            raise ConfigError("the recogniser does not know the language", found=language, wanted=", ".join(_LANGUAGES))
        loaded = load_model(model, settings, threads=torch.get_num_threads())
        if not loaded.model.is_multilingual and language != "EN":
            raise ConfigError("the recogniser knows English only", found=model, wanted=f"one that knows {language}")
        code = _LANGUAGES[language]
        return cls(loaded, language=code, name=f"{model_identity(model)}-{settings.precision}-{code}")

    def listen(self, samples: npt.ArrayLike, sample_rate_hz: int) -> WhisperHearing:
        """Listen to a clip (sample,) of at most 30 s, to ask for its text and for the probability of others."""
        return WhisperHearing(self._model, self._tokenizer, _at_16_khz(samples, sample_rate_hz))

    def transcribe(self, samples: npt.ArrayLike, sample_rate_hz: int) -> str:
        """Return what is said in a clip (sample,) of at most 30 s; a silent clip may be heard as anything."""
        return self.listen(samples, sample_rate_hz).heard().text

    @cached_property
    def _tokenizer(self) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(
            self._model.hf_tokenizer,
            multilingual=self._model.model.is_multilingual,
            task="transcribe",
            language=self._language,
        )


def _at_16_khz(samples: npt.ArrayLike, sample_rate_hz: int) -> npt.NDArray[np.float32]:
    clip = np.asarray(samples, dtype=np.float32)
    if sample_rate_hz != RATE_HZ:
        clip = np.asarray(soxr.resample(clip, sample_rate_hz, RATE_HZ), dtype=np.float32)
    return clip
