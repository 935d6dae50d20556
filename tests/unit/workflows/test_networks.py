"""The project's own model has the promised size, and its weights follow from the seed."""

from __future__ import annotations

import numpy as np
import pytest
from support.places import REPOSITORY

from emotts.settings import Params, load_params
from emotts.workflows.networks import build_networks, synthesizer_settings

PROJECT = REPOSITORY / "params.yaml"


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT)


def test_the_projects_own_networks(params: Params) -> None:
    settings = synthesizer_settings(params, n_speakers=1)
    assert (settings.n_symbols, settings.n_emotions, settings.spectrogram_bins) == (219, 7, 513)
    networks = build_networks(params, settings)
    speaking = sum(
        parameter.numel()
        for name, parameter in networks.synthesizer.named_parameters()
        if not name.startswith("posterior_encoder")
    )
    assert speaking < 10_000_000
    again = build_networks(params, settings)
    for first, second in zip(networks.synthesizer.parameters(), again.synthesizer.parameters(), strict=True):
        assert np.array_equal(first.detach().numpy(), second.detach().numpy()), "the weights follow from the seed"
