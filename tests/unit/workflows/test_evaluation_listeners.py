"""The models that listen: which are needed is known before the work begins, and which are off is not loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from support.places import REPOSITORY

from emotts.errors import CheckpointError, EmottsError
from emotts.recognition.emotion_features import FEATURE_NAMES
from emotts.recognition.ensemble import EmotionEnsemble
from emotts.settings import Params, load_params
from emotts.workflows.evaluation import require_listeners
from emotts.workflows.evaluation_listeners import load_listeners

OFF = {"recogniser": "none", "speaker_encoder": "none", "quality_predictor": "none"}


def params(*, encoder: str = "none", **evaluate: str) -> Params:
    """Return the project's settings with only the named models on."""
    found = load_params(REPOSITORY / "params.yaml")
    parts = {"evaluate": found.evaluate.changed(**{**OFF, **evaluate})}
    parts["classifier"] = found.classifier.changed(encoder=encoder)
    parts["label"] = found.label.changed(recognise=False)
    return found.model_copy(update=parts)


@pytest.mark.parametrize(
    ("package", "on", "remedy"),
    [
        ("distillmos", {"quality_predictor": "distillmos"}, r"'emotts\[quality\]', or set evaluate.quality_predictor"),
        ("faster_whisper", {"encoder": "whisper-base"}, r"'emotts\[asr\]', or set classifier.encoder: none"),
        ("faster_whisper", {"recogniser": "whisper-base"}, r"'emotts\[asr\]', or set evaluate.recogniser: none"),
        ("resemblyzer", {"speaker_encoder": "resemblyzer"}, "resemblyzer==0.1.4, or set evaluate.speaker_encoder"),
    ],
)
def test_a_package_that_is_missing_is_named_before_the_work_begins(
    monkeypatch: pytest.MonkeyPatch, package: str, on: dict[str, str], remedy: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EmottsError, match=rf"not installed[\s\S]*pip install [\s\S]*{remedy}"):
        require_listeners(params(**on))
    require_listeners(params())


def test_without_optional_models_the_classifiers_listen_alone(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(12, len(FEATURE_NAMES)))
    EmotionEnsemble.fit(features, ["happy", "sad"] * 6, ["one"] * 12).save(tmp_path)
    listeners = load_listeners(params(), tmp_path)
    assert listeners.classifier.auxiliary_names == ("prosody", "spectrum")
    optional = (listeners.transcriber, listeners.speaker_encoder, listeners.quality_predictor, listeners.probe)
    assert optional == (None, None, None, None)
    with pytest.raises(CheckpointError, match=r"whisper/classifier.safetensors: file [\s\S]*dvc repro classifier"):
        load_listeners(params(encoder="whisper-base"), tmp_path)
