"""A skeleton has the names, shapes and types of the network that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from emotts.model.settings import SynthesizerSettings
from emotts.model.skeleton import skeleton
from emotts.model.synthesizer import Synthesizer


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"decoder": "hifigan"},
        {"flow": "transformer"},
        {"flow_shared": True},
        {"n_speakers": 0, "reference_norm": True},
        {"n_emotions": 3, "emotion_channels": 2},
        {"bert_channels": 4, "ja_bert_channels": 3},
    ],
)
def test_a_skeleton_is_like_its_network(toy: Callable[..., SynthesizerSettings], changes: dict[str, Any]) -> None:
    settings = toy(**changes)
    bare, network = skeleton(settings).state_dict(), Synthesizer(settings).state_dict()
    assert list(bare) == list(network)
    assert {name: (value.shape, value.dtype) for name, value in bare.items()} == {
        name: (value.shape, value.dtype) for name, value in network.items()
    }
    assert {value.device for value in bare.values()} == {torch.device("meta")}
