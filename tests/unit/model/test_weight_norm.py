"""Weight normalisation, on and folded."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from emotts.model.weight_norm import fold_weight_norm, has_weight_norm, normalise, weight_norm


def test_lengths_and_directions() -> None:
    layer = nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[3.0, 4.0], [0.0, 2.0]]))
    weight_norm(layer)
    state = layer.state_dict()
    assert set(state) == {"parametrizations.weight.original0", "parametrizations.weight.original1"}
    assert state["parametrizations.weight.original0"].tolist() == [[5.0], [2.0]]
    with torch.no_grad():
        layer.parametrizations.weight.original0[0] = 10.0
    torch.testing.assert_close(layer.weight, torch.tensor([[6.0, 8.0], [0.0, 2.0]]))


def test_folding_a_copy() -> None:
    network = nn.Sequential(weight_norm(nn.Conv1d(2, 3, 3)), nn.ReLU(), nn.Conv1d(3, 1, 1))
    signal = torch.randn(1, 2, 9)
    folded = copy.deepcopy(network)
    assert fold_weight_norm(folded) == 1
    assert fold_weight_norm(folded) == 0
    assert set(folded.state_dict()) == {"0.weight", "0.bias", "2.weight", "2.bias"}
    assert has_weight_norm(network)
    assert not has_weight_norm(folded)
    torch.testing.assert_close(folded(signal), network(signal))


@pytest.mark.parametrize(("use_spectral_norm", "keys"), [(True, "original"), (False, "original1")])
def test_kind_of_normalisation(use_spectral_norm: bool, keys: str) -> None:
    layer = normalise(nn.Conv1d(2, 2, 1), use_spectral_norm=use_spectral_norm)
    assert f"parametrizations.weight.{keys}" in layer.state_dict()
