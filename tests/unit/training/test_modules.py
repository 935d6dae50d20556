"""What a training computes in, by the hardware."""

from __future__ import annotations

import pytest
import torch
from support.settings import train_settings

from emotts.training.modules import make_fabric


@pytest.mark.skipif(torch.cuda.is_available(), reason="the GPU decides")
@pytest.mark.parametrize(
    ("asked", "units", "used"),
    [
        ("auto", {"amx_bf16": True}, "bf16-mixed"),
        ("auto", {"amx_bf16": False, "avx512_bf16": True}, "bf16-mixed"),
        ("auto", {"amx_bf16": False, "avx512_bf16": False}, "32-true"),
        ("auto", {}, "32-true"),
        ("32", {"amx_bf16": True}, "32-true"),
        ("bf16", {}, "bf16-mixed"),
    ],
)
def test_precision_follows_the_processor_unless_it_is_given(
    monkeypatch: pytest.MonkeyPatch, asked: str, units: dict[str, bool], used: str
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: units)
    fabric = make_fabric(train_settings(precision=asked))
    assert fabric.strategy.precision.precision == used
