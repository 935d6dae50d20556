"""How natural a clip sounds, predicted by DistillMOS (Stahl and Gamper 2025), whose package has its weights."""

from __future__ import annotations

import importlib
import importlib.util
import pickle
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from emotts.errors import AudioError, CheckpointError, EmottsError
from emotts.features.analysis import analysis_samples

__all__ = ["HIGHEST_QUALITY", "LOWEST_QUALITY", "QualityPredictor"]

LOWEST_QUALITY, HIGHEST_QUALITY = 1.0, 5.0
_PACKAGE = "distillmos"
_WEIGHTS = Path("weights/distill_mos_v7.pt")
_REMEDY = "pip install 'emotts[quality]', or set evaluate.quality_predictor: none in params.yaml"


class QualityPredictor:
    """Predicts the mean opinion score that listeners would give a clip, from 1 (bad) to 5 (excellent)."""

    def __init__(self, network: nn.Module) -> None:
        """Wrap a network from (clip, sample) at 16 kHz to scores (clip, 1); use :meth:`load`."""
        self._network = network

    @staticmethod
    def require_installed() -> None:
        """Raise EmottsError if the package is missing that :meth:`load` needs; nothing is loaded."""
        _weights_file()

    @classmethod
    def load(cls) -> QualityPredictor:
        """Read the packaged network.

        Raises:
            EmottsError: if the package is not installed.
            CheckpointError: if its weights are damaged, or those of another version.
        """
        path = _weights_file()
        # the package imports torchaudio, which some installations can import only in this way
        importlib.import_module("emotts.audio.torchaudio_import")
        try:
            package = importlib.import_module(_PACKAGE)
        except ImportError as error:
            raise EmottsError("the quality predictor cannot be loaded", found=error, remedy=_REMEDY) from error
        network: nn.Module = package.ConvTransformerSQAModel(load_weights=False)
        try:
            network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["model"])
        except (OSError, RuntimeError, KeyError, TypeError, pickle.UnpicklingError, EOFError) as error:
            raise CheckpointError(
                "weights of the quality predictor are damaged",
                where=path,
                found=str(error)[:200],
                remedy="pip install --force-reinstall --no-deps distillmos, or set evaluate.quality_predictor: none",
            ) from error
        return cls(network.eval())

    def rate(self, samples: npt.ArrayLike, sample_rate_hz: int) -> float:
        """Return the predicted score of a clip (sample,); its level does not matter.

        Raises:
            AudioError: if the clip is empty, not finite, or silent.
        """
        clip, _ = analysis_samples(samples, sample_rate_hz=sample_rate_hz)
        if not clip.any():
            raise AudioError("clip is silent, so it has no quality", wanted="speech above -120 dBFS")
        with torch.inference_mode():
            score = self._network(torch.from_numpy(clip.astype(np.float32))[None])
        return float(score)


def _weights_file() -> Path:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmottsError("the quality predictor is not installed", wanted=_PACKAGE, remedy=_REMEDY)
    return Path(found.origin).parent / _WEIGHTS
