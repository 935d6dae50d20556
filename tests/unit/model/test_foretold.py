"""What the decoder learns on: recordings, or in their place what the text foretells."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from emotts.model.flow import CouplingFlow
from emotts.model.foretold import partly_foretold
from emotts.model.masks import length_mask

LENGTHS = torch.tensor([9, 5, 7, 9])
MASK = length_mask(LENGTHS, max_length=9)
RANDOM = torch.Generator().manual_seed(0)
MEAN = torch.randn(4, 4, 9, generator=RANDOM) * MASK
VOICE = torch.randn(4, 3, 1, generator=RANDOM)
LATENTS = torch.randn(4, 4, 9, generator=RANDOM) * MASK


@pytest.fixture(scope="module")
def flow() -> CouplingFlow:
    torch.manual_seed(0)
    network = CouplingFlow(
        4,
        kind="residual",
        n_steps=2,
        channels=6,
        n_layers=2,
        kernel_size=3,
        filter_channels=8,
        n_heads=2,
        dropout=0.0,
        shared=False,
        voice_channels=3,
    )
    for step in network.steps:
        torch.nn.init.normal_(step.output_conv.weight)
    return network


def foretell(flow: CouplingFlow, *, latents: Tensor = LATENTS, share: float, noise_scale: float = 0.0) -> Tensor:
    torch.manual_seed(1)
    return partly_foretold(
        latents,
        share=share,
        noise_scale=noise_scale,
        prior_mean=MEAN,
        prior_log_std=torch.full_like(MEAN, -1.0),
        frame_mask=MASK,
        flow=flow,
        voice_embedding=VOICE,
    )


def test_a_share_of_none_computes_and_draws_nothing(flow: CouplingFlow) -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    assert foretell(flow, share=0.0, noise_scale=1.0) is LATENTS
    assert torch.equal(torch.get_rng_state(), before)


def test_what_is_foretold_lies_where_the_flow_finds_the_prior_mean(flow: CouplingFlow) -> None:
    foretold = foretell(flow, share=1.0)
    torch.testing.assert_close(flow(foretold, MASK, voice_embedding=VOICE), MEAN, atol=1e-5, rtol=0)
    assert (foretold - MEAN).abs().max() > 0.1
    assert not foretold[1, :, 5:].any()


def test_noise_spreads_it_as_far_as_the_prior_says(flow: CouplingFlow) -> None:
    spread = flow(foretell(flow, share=1.0, noise_scale=0.5), MASK, voice_embedding=VOICE) - MEAN
    values = spread[MASK.expand_as(spread)]
    assert values.std().item() == pytest.approx(0.5 * torch.tensor(-1.0).exp().item(), rel=0.15)


def test_only_what_was_recorded_takes_a_gradient(flow: CouplingFlow) -> None:
    latents = LATENTS.clone().requires_grad_()
    mixed = foretell(flow, latents=latents, share=0.5)
    recorded = (mixed == LATENTS).flatten(1).all(dim=1)
    assert 0 < recorded.sum() < 4
    torch.testing.assert_close(mixed[~recorded], foretell(flow, share=1.0)[~recorded])
    mixed.sum().backward()
    assert latents.grad is not None
    assert torch.equal(latents.grad.flatten(1).any(dim=1), recorded)
    assert all(parameter.grad is None for parameter in flow.parameters())
