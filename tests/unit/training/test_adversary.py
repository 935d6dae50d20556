"""What each adversary is trained on, what it asks for, and whom the gradients reach."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_period import MultiPeriodDiscriminator
from emotts.training.adversary import DurationAdversary, DurationCondition, WaveformAdversary


class Level(nn.Module):
    """Its logit is the waveform's mean times a weight, which is its only feature as well."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))

    def forward(self, waveform: Tensor) -> tuple[list[Tensor], list[list[Tensor]]]:
        logits = self.weight * waveform.mean(dim=(1, 2)).unsqueeze(1)
        return [logits], [[logits]]


def test_a_waveform_discriminator_learns_that_real_is_one_and_fake_is_zero() -> None:
    adversary = WaveformAdversary(Level())
    ones, zeros = torch.ones(2, 1, 4), torch.zeros(2, 1, 4)
    assert adversary.discriminator_loss(real=ones, fake=zeros).item() == 0.0
    assert adversary.discriminator_loss(real=zeros, fake=ones).item() == 2.0


def test_the_generator_is_asked_for_sound_that_counts_as_real() -> None:
    losses = WaveformAdversary(Level()).generator_loss(real=torch.ones(2, 1, 4), fake=torch.zeros(2, 1, 4))
    assert losses.adversarial.item() == 1.0
    assert losses.feature_matching is not None
    assert losses.feature_matching.item() == 2.0


def test_gradients_reach_their_own_side_alone() -> None:
    network = MultiPeriodDiscriminator(periods=[2], period_channels=[4], scale_channels=[4, 4], use_spectral_norm=False)
    adversary = WaveformAdversary(network)
    real = torch.randn(2, 1, 64, requires_grad=True)
    fake = torch.randn(2, 1, 64, requires_grad=True)
    adversary.discriminator_loss(real=real.detach(), fake=fake).backward()
    assert fake.grad is None
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())
    network.zero_grad()
    losses = adversary.generator_loss(real=real, fake=fake)
    (losses.adversarial + losses.feature_matching).backward()
    assert real.grad is None
    assert fake.grad is not None
    assert fake.grad.abs().sum() > 0
    assert all(weight.grad is None for weight in network.parameters())
    assert all(weight.requires_grad for weight in network.parameters())


def test_one_pass_over_both_is_the_same_as_two() -> None:
    network = MultiPeriodDiscriminator(
        periods=[2, 3], period_channels=[4, 4], scale_channels=[4, 4], use_spectral_norm=False
    )
    real, fake = torch.randn(2, 3, 1, 96).unbind()
    together = WaveformAdversary(network).discriminator_loss(real=real, fake=fake)
    on_real, on_fake = network(real).logits, network(fake).logits
    apart = sum(
        (1 - part_real).square().mean() + part_fake.square().mean()
        for part_real, part_fake in zip(on_real, on_fake, strict=True)
    )
    assert together.item() == pytest.approx(apart.item(), rel=1e-5)


class TinyDiscriminator(nn.Module):
    """Scores a duration by itself, so that it is seen which one stands where."""

    def forward(
        self, token_hidden: Tensor, token_mask: Tensor, *, aligned: Tensor, predicted: Tensor, voice_embedding: Tensor
    ) -> tuple[Tensor, Tensor]:
        return aligned.transpose(1, 2), predicted.transpose(1, 2)


def condition(n_tokens: int = 3) -> DurationCondition:
    mask = torch.ones(1, 1, n_tokens, dtype=torch.bool)
    mask[..., -1] = False
    return DurationCondition(
        token_hidden=torch.randn(1, 8, n_tokens, requires_grad=True),
        token_mask=mask,
        voice_embedding=torch.randn(1, 8, 1, requires_grad=True),
    )


def test_fault_1_aligned_durations_are_the_real_ones() -> None:
    adversary = DurationAdversary(TinyDiscriminator())
    ones, zeros = torch.ones(1, 1, 3), torch.zeros(1, 1, 3)
    assert adversary.discriminator_loss(real=ones, fake=zeros, condition=condition()).item() == 0.0
    assert adversary.discriminator_loss(real=zeros, fake=ones, condition=condition()).item() == 2.0
    # the generator is asked that the predicted ones count as real, whatever the aligned ones are
    assert adversary.generator_loss(real=zeros, fake=ones, condition=condition()).adversarial.item() == 0.0
    assert adversary.generator_loss(real=ones, fake=zeros, condition=condition()).adversarial.item() == 1.0


def test_fault_1_the_gradient_reaches_the_predicted_durations_and_nothing_else() -> None:
    network = DurationDiscriminator(8, 8, kernel_size=3, dropout=0.0, voice_channels=8)
    adversary = DurationAdversary(network)
    known = condition()
    aligned = torch.randn(1, 1, 3, requires_grad=True)
    predicted = torch.randn(1, 1, 3, requires_grad=True)
    adversary.generator_loss(real=aligned, fake=predicted, condition=known).adversarial.backward()
    assert predicted.grad is not None
    assert (predicted.grad[..., :2].abs() > 0).all()
    assert predicted.grad[..., 2] == 0.0
    for other in (aligned, known.token_hidden, known.voice_embedding, *network.parameters()):
        assert other.grad is None
    adversary.discriminator_loss(real=aligned, fake=predicted.detach(), condition=known).backward()
    assert all(weight.grad is not None for weight in network.parameters())


def test_padding_does_not_count() -> None:
    adversary = DurationAdversary(TinyDiscriminator())
    real, fake = torch.tensor([[[1.0, 1.0, 9.0]]]), torch.tensor([[[0.0, 0.0, 9.0]]])
    assert adversary.discriminator_loss(real=real, fake=fake, condition=condition()).item() == 0.0
    assert adversary.generator_loss(real=real, fake=fake, condition=condition()).adversarial.item() == 1.0
