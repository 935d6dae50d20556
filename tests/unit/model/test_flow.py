"""The coupling flow: invertible, volume-preserving, blind to padding; its kinds and the shared network."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from emotts.errors import ConfigError
from emotts.model.flow import CouplingFlow
from emotts.model.masks import length_mask
from emotts.model.settings import SynthesizerSettings

WIDTHS = {
    "latent_channels": 4,
    "flow_n_steps": 3,
    "flow_channels": 6,
    "flow_filter_channels": 8,
    "flow_dropout": 0.0,
    "speaker_channels": 3,
}


Maker = Callable[..., CouplingFlow]


@pytest.fixture
def make_flow(toy: Callable[..., SynthesizerSettings]) -> Maker:
    def make(kind: str, *, shared: bool = False) -> CouplingFlow:
        torch.manual_seed(0)
        flow = CouplingFlow(toy(flow=kind, flow_shared=shared, **WIDTHS)).eval()
        for step in flow.steps:
            torch.nn.init.normal_(step.output_conv.weight)
        return flow

    return make


@pytest.mark.parametrize("kind", ["transformer", "residual"])
@pytest.mark.parametrize("shared", [False, True])
def test_inverse_undoes_it(make_flow: Maker, kind: str, shared: bool) -> None:
    flow = make_flow(kind, shared=shared)
    mask = length_mask(torch.tensor([9, 5]), max_length=9)
    latents, voice = torch.randn(2, 4, 9) * mask, torch.randn(2, 3, 1)
    prior = flow(latents, mask, voice_embedding=voice)
    assert (prior - latents).abs().max() > 0.1
    assert torch.allclose(flow(prior, mask, voice_embedding=voice, inverse=True), latents, atol=1e-5)
    assert not prior[1, :, 5:].any()


@pytest.mark.parametrize("kind", ["transformer", "residual"])
def test_preserves_volume(make_flow: Maker, kind: str) -> None:
    flow = make_flow(kind).double()
    voice = torch.randn(1, 3, 1, dtype=torch.float64)
    mask = torch.ones(1, 1, 3, dtype=torch.bool)

    def mapped(flat: torch.Tensor) -> torch.Tensor:
        return flow(flat.reshape(1, 4, 3), mask, voice_embedding=voice).flatten()

    jacobian = torch.autograd.functional.jacobian(mapped, torch.randn(12, dtype=torch.float64))
    assert torch.linalg.det(jacobian).abs().item() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("kind", ["transformer", "residual"])
def test_padding_changes_nothing(make_flow: Maker, kind: str) -> None:
    flow = make_flow(kind)
    mask = length_mask(torch.tensor([9, 5]), max_length=9)
    latents, voice = torch.randn(2, 4, 9) * mask, torch.randn(2, 3, 1)
    for inverse in (False, True):
        together = flow(latents, mask, voice_embedding=voice, inverse=inverse)
        alone = flow(latents[1:, :, :5], mask[1:, :, :5], voice_embedding=voice[1:], inverse=inverse)
        assert torch.allclose(together[1:, :, :5], alone, atol=1e-5)


def test_fresh_flow_only_reverses_channels(make_flow: Maker) -> None:
    flow = make_flow("residual")
    for step in flow.steps:
        torch.nn.init.zeros_(step.output_conv.weight)
    latents = torch.randn(1, 4, 3)
    mask = torch.ones(1, 1, 3, dtype=torch.bool)
    assert torch.equal(flow(latents, mask, voice_embedding=torch.zeros(1, 3, 1)), latents.flip(1))


def test_shared_network_is_counted_once(make_flow: Maker) -> None:
    networks = {id(step.network) for step in make_flow("residual", shared=True).steps}
    assert len(networks) == 1
    assert len({id(step.network) for step in make_flow("residual").steps}) == 3


def test_odd_latents_are_an_error(toy: Callable[..., SynthesizerSettings]) -> None:
    with pytest.raises(ConfigError, match=r"latent_channels \(3\) must be even"):
        toy(latent_channels=3)
