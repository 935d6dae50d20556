"""The packaged quality predictor: noise and buzzing sound worse, and nothing else matters."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from support.demo_clips import RATE_HZ, demo_clips

from emotts.errors import AudioError, CheckpointError, EmottsError
from emotts.recognition.quality_predictor import HIGHEST_QUALITY, LOWEST_QUALITY, QualityPredictor

PACKAGE = "distillmos"


@pytest.fixture(scope="module")
def predictor() -> QualityPredictor:
    if importlib.util.find_spec(PACKAGE) is None:
        pytest.skip("needs the extra quality")
    return QualityPredictor.load()


@pytest.mark.slow
def test_noise_and_clipping_cost_quality_and_the_level_does_not(predictor: QualityPredictor) -> None:
    ((_, samples),) = demo_clips("neutral", count=1)
    score = predictor.rate(samples, RATE_HZ)
    assert score == pytest.approx(3.23, abs=0.1)
    assert predictor.rate(samples, RATE_HZ) == score
    assert predictor.rate(samples / 10, RATE_HZ) == pytest.approx(score, abs=1e-3)
    noise = np.random.default_rng(0).normal(0, 0.05, samples.size)
    crushed = np.clip(samples, -0.02, 0.02)
    for worse in (samples + noise, crushed):
        assert LOWEST_QUALITY <= predictor.rate(worse, RATE_HZ) < score - 0.5
    assert score < HIGHEST_QUALITY


@pytest.mark.parametrize(
    ("clip", "message"),
    [(np.zeros(8000), "is silent"), (np.zeros(0), "holds no samples"), (np.full(9, np.nan), "9 of 9 samples are NaN")],
)
def test_clips_without_speech_are_refused(clip: np.ndarray, message: str) -> None:
    with pytest.raises(AudioError, match=message):
        QualityPredictor(torch.nn.Identity()).rate(clip, RATE_HZ)


def test_a_missing_package_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    for refused in (QualityPredictor.require_installed, QualityPredictor.load):
        with pytest.raises(EmottsError, match=r"not installed\n[\s\S]*pip install 'emotts\[quality\]'"):
            refused()


def test_damaged_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / PACKAGE
    (folder / "weights").mkdir(parents=True)
    network = "from torch import nn\n\n\nclass ConvTransformerSQAModel(nn.Linear):\n"
    network += "    def __init__(self, load_weights):\n        super().__init__(1, 1)\n"
    (folder / "__init__.py").write_text(network, encoding="utf-8")
    weights = folder / "weights" / "distill_mos_v7.pt"
    weights.write_bytes(b"nothing")
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        with pytest.raises(CheckpointError, match=r"distill_mos_v7.pt: weights of the quality predictor are damaged"):
            QualityPredictor.load()
        torch.save({"model": {"weight": torch.zeros(2, 2)}}, weights)
        with pytest.raises(CheckpointError, match=r"pip install --force-reinstall --no-deps distillmos"):
            QualityPredictor.load()
    finally:
        sys.modules.pop(PACKAGE, None)
