"""What a training computes in, by the hardware."""

from __future__ import annotations

import pytest
import torch

from emotts.training.players import make_fabric
from emotts.training.settings import TrainSettings


@pytest.mark.skipif(torch.cuda.is_available(), reason="the GPU decides")
@pytest.mark.parametrize(
    ("asked", "has_units", "used"),
    [("auto", True, "bf16-mixed"), ("auto", False, "32-true"), ("32", True, "32-true"), ("bf16", False, "bf16-mixed")],
)
def test_precision_follows_the_processor_unless_it_is_given(
    monkeypatch: pytest.MonkeyPatch, asked: str, has_units: bool, used: str
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": has_units})
    fabric = make_fabric(TrainSettings(precision=asked))
    assert fabric.strategy.precision.precision == used
