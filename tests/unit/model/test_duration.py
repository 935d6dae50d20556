"""Both duration predictors: masks, detached inputs, and a likelihood that is one."""

from __future__ import annotations

import pytest
import torch

from emotts.model.duration import DurationPredictor
from emotts.model.masks import length_mask
from emotts.model.stochastic_duration import DurationFlow, StochasticDurationPredictor


def make_stochastic() -> StochasticDurationPredictor:
    torch.manual_seed(0)
    predictor = StochasticDurationPredictor(6, kernel_size=3, dropout=0.0, n_steps=4, voice_channels=3).eval()
    for parameter in predictor.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.5)
    return predictor


def make_deterministic() -> DurationPredictor:
    torch.manual_seed(0)
    return DurationPredictor(6, filter_channels=8, kernel_size=3, dropout=0.0, voice_channels=3).eval()


def test_duration_flow_log_determinant_and_inverse() -> None:
    torch.manual_seed(1)
    flow = DurationFlow(4, kernel_size=3, n_steps=3).double()
    for parameter in flow.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.3)
    condition = torch.randn(1, 4, 3, dtype=torch.float64)
    mask = torch.ones(1, 1, 3, dtype=torch.float64)
    pair = torch.randn(1, 2, 3, dtype=torch.float64)

    def mapped(flat: torch.Tensor) -> torch.Tensor:
        return flow(flat.reshape(1, 2, 3), mask, condition=condition)[0].flatten()

    _, log_determinant = flow(pair, mask, condition=condition)
    jacobian = torch.autograd.functional.jacobian(mapped, pair.flatten())
    assert log_determinant.item() == pytest.approx(torch.linalg.slogdet(jacobian).logabsdet.item(), abs=1e-9)


def test_inverse_finds_the_durations_back() -> None:
    """The first channel comes back although the first spline, which bends only the second, is left out."""
    predictor = make_stochastic()
    condition, mask = torch.randn(1, 6, 4), torch.ones(1, 1, 4)
    pair = torch.randn(1, 2, 4)
    mapped, _ = predictor.flow(pair, mask, condition=condition)
    back = predictor.flow.invert(mapped, mask, condition=condition)
    assert torch.allclose(back[:, :1], pair[:, :1], atol=1e-4)
    assert not torch.allclose(back[:, 1:], pair[:, 1:], atol=1e-2)


def test_sampling_without_noise_is_repeatable_and_with_noise_is_not() -> None:
    predictor = make_stochastic()
    hidden, mask, voice = torch.randn(2, 6, 5), torch.ones(2, 1, 5, dtype=torch.bool), torch.randn(2, 3, 1)

    def draw(noise_scale: float) -> torch.Tensor:
        return predictor.sample(hidden, mask, noise_scale=noise_scale, voice_embedding=voice)

    assert draw(0.0).shape == (2, 1, 5)
    assert torch.equal(draw(0.0), draw(0.0))
    assert not torch.equal(draw(1.0), draw(1.0))


def test_padding_changes_nothing() -> None:
    stochastic, deterministic = make_stochastic(), make_deterministic()
    hidden, voice = torch.randn(2, 6, 8), torch.randn(2, 3, 1)
    mask = length_mask(torch.tensor([8, 5]), max_length=8)
    for predict in (
        lambda *inputs, **voices: stochastic.sample(*inputs, noise_scale=0.0, **voices),
        deterministic,
    ):
        together = predict(hidden, mask, voice_embedding=voice)
        alone = predict(hidden[1:, :, :5], mask[1:, :, :5], voice_embedding=voice[1:])
        assert torch.allclose(together[1:, :, :5], alone, atol=1e-5)
        assert not together[1, :, 5:].any()


def test_gradient_stays_inside_the_predictors() -> None:
    stochastic, deterministic = make_stochastic(), make_deterministic()
    hidden, voice = torch.randn(1, 6, 4, requires_grad=True), torch.randn(1, 3, 1, requires_grad=True)
    mask = torch.ones(1, 1, 4, dtype=torch.bool)
    durations = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]])
    loss = stochastic(hidden, mask, durations=durations, voice_embedding=voice).sum()
    loss = loss + deterministic(hidden, mask, voice_embedding=voice).sum()
    loss.backward()
    assert hidden.grad is None
    assert voice.grad is None
    assert all(parameter.grad is not None for parameter in stochastic.parameters())
    assert all(parameter.grad is not None for parameter in deterministic.parameters())


def test_likelihood_prefers_what_it_was_trained_on() -> None:
    torch.manual_seed(2)
    predictor = StochasticDurationPredictor(4, kernel_size=3, dropout=0.0, n_steps=2, voice_channels=0)
    hidden, mask = torch.zeros(8, 4, 6), torch.ones(8, 1, 6, dtype=torch.bool)
    usual, unusual = torch.full((8, 1, 6), 3.0), torch.full((8, 1, 6), 40.0)
    optimizer = torch.optim.Adam(predictor.parameters(), lr=0.02)
    for _ in range(60):
        loss = predictor(hidden, mask, durations=usual, voice_embedding=None).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        better = predictor(hidden, mask, durations=usual, voice_embedding=None).mean()
        worse = predictor(hidden, mask, durations=unusual, voice_embedding=None).mean()
        drawn = predictor.sample(hidden, mask, noise_scale=0.8, voice_embedding=None).exp()
    assert better < worse
    assert drawn.median().item() == pytest.approx(3.0, abs=1.0)
