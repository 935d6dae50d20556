"""The losses: the family's stored values, exact numbers on tiny tensors, masks."""

from __future__ import annotations

import math

import pytest
import safetensors.torch
import torch
from support.places import PARITY_DATA
from torch import Tensor, nn

from emotts.training.losses import (
    discriminator_loss,
    duration_frames_loss,
    duration_loss,
    feature_matching_loss,
    generator_loss,
    kl_loss,
    masked_mean,
    mel_loss,
    pitch_loss,
    segment_mel_loss,
)

CASES = PARITY_DATA / "cases.safetensors"


class TwoMels(nn.Module):
    """The waveform itself and its first sample, as if they were mel spectrograms."""

    def forward(self, waveform: Tensor) -> list[Tensor]:
        return [waveform[:, None], waveform[:, None, :1]]


@pytest.fixture(scope="module")
def cases() -> dict[str, Tensor]:
    return safetensors.torch.load_file(CASES)


def maps(cases: dict[str, Tensor], side: str) -> list[list[Tensor]]:
    return [[cases[f"fmap_{side}_{part}_{layer}"] for layer in range(3)] for part in range(2)]


def logits(cases: dict[str, Tensor], side: str) -> list[Tensor]:
    return [cases[f"logits_{side}_{part}"] for part in range(2)]


def test_the_kl_divergence_is_the_familys(cases: dict[str, Tensor]) -> None:
    alignment = cases["alignment"]
    loss = kl_loss(
        prior_latents=cases["prior_latent"],
        posterior_log_std=cases["posterior_log_scale"],
        prior_mean=cases["prior_mean"] @ alignment.transpose(1, 2),
        prior_log_std=cases["prior_log_scale"] @ alignment.transpose(1, 2),
        frame_mask=cases["spec_mask"].bool(),
    )
    # the stored value is about 310: one part in 1e6 is what float32 sums of another order allow
    assert loss.item() == pytest.approx(cases["loss_kl"].item(), rel=1e-6)


def test_the_adversarial_losses_are_the_familys(cases: dict[str, Tensor]) -> None:
    real, fake = logits(cases, "real"), logits(cases, "fake")
    assert discriminator_loss(real=real, fake=fake).item() == pytest.approx(
        cases["loss_discriminator"].item(), abs=1e-5
    )
    assert generator_loss(fake=fake).item() == pytest.approx(cases["loss_generator"].item(), abs=1e-5)


def test_feature_matching_is_the_familys(cases: dict[str, Tensor]) -> None:
    loss = feature_matching_loss(real=maps(cases, "real"), fake=maps(cases, "fake"))
    assert loss.item() == pytest.approx(cases["loss_feature"].item(), abs=1e-5)


def test_least_squares_by_hand() -> None:
    real, fake = [torch.tensor([1.0, 0.5])], [torch.tensor([0.0, 2.0])]
    assert discriminator_loss(real=real, fake=fake).item() == pytest.approx(0.125 + 2.0)
    assert generator_loss(fake=fake).item() == pytest.approx(1.0)
    mask = torch.tensor([True, False])
    assert discriminator_loss(real=real, fake=fake, mask=mask).item() == 0.0
    assert generator_loss(fake=fake, mask=mask).item() == 1.0


def test_real_and_fake_cannot_be_swapped_unnoticed() -> None:
    ones, zeros = [torch.ones(3)], [torch.zeros(3)]
    assert discriminator_loss(real=ones, fake=zeros).item() == 0.0
    assert discriminator_loss(real=zeros, fake=ones).item() == 2.0


def test_feature_matching_gives_the_real_side_no_gradient() -> None:
    real = torch.ones(2, requires_grad=True)
    fake = torch.zeros(2, requires_grad=True)
    loss = feature_matching_loss(real=[[real]], fake=[[fake]])
    assert loss.item() == 2.0
    loss.backward()
    assert real.grad is None
    assert fake.grad is not None
    assert fake.grad.tolist() == [-1.0, -1.0]


def test_a_part_missing_on_one_side_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        discriminator_loss(real=[torch.ones(1)], fake=[])


def test_kl_by_hand_and_padding_does_not_count() -> None:
    shape = (1, 2, 3)
    mask = torch.tensor([[[True, True, False]]])
    latents = torch.zeros(shape)
    latents[..., 2] = math.inf
    arguments = {
        "posterior_log_std": torch.full(shape, -1.0),
        "prior_mean": torch.ones(shape),
        "prior_log_std": torch.zeros(shape),
        "frame_mask": mask,
    }
    # per channel 0 + 1 - 0.5 + 0.5 * 1 = 1, two channels
    assert kl_loss(prior_latents=latents, **arguments).item() == pytest.approx(2.0)


def test_kl_of_equal_distributions_is_zero_in_expectation() -> None:
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(1, 4, 50_000, generator=generator)
    zeros = torch.zeros_like(latents)
    mask = torch.ones(1, 1, 50_000, dtype=torch.bool)
    loss = kl_loss(
        prior_latents=latents, posterior_log_std=zeros, prior_mean=zeros, prior_log_std=zeros, frame_mask=mask
    )
    assert abs(loss.item()) < 0.02


def test_durations_and_mel_by_hand() -> None:
    mask = torch.tensor([[[True, True, False]]])
    predicted = torch.tensor([[[1.0, 2.0, 50.0]]])
    aligned = torch.tensor([[[0.0, 2.0, 0.0]]])
    loss = duration_loss(predicted_log_durations=predicted, aligned_log_durations=aligned, token_mask=mask)
    assert loss.item() == 0.5
    assert mel_loss(real=torch.zeros(1, 2, 2), fake=torch.full((1, 2, 2), -3.0)).item() == 3.0


def test_durations_in_frames_are_best_where_they_add_up() -> None:
    mask = torch.tensor([[[True, True, False]]])
    aligned = torch.tensor([[[1.0, 9.0, 1.0]]]).log()

    def loss(frames: float) -> float:
        predicted = torch.full((1, 1, 3), frames).log()
        return duration_frames_loss(
            predicted_log_durations=predicted, aligned_log_durations=aligned, token_mask=mask
        ).item()

    assert loss(5.0) == pytest.approx(0.5 * math.log(1 / 5) + 4.5 * math.log(9 / 5))
    assert min(range(1, 10), key=loss) == 5, "the mean, not the geometric mean, which is 3"
    mean = torch.zeros(1, 1, 3, requires_grad=True)
    duration_frames_loss(predicted_log_durations=mean, aligned_log_durations=aligned, token_mask=mask).backward()
    torch.testing.assert_close(mean.grad, torch.tensor([[[0.0, -4.0, 0.0]]]))


def test_the_mel_loss_of_a_segment_is_the_mean_over_the_spectrograms() -> None:
    mel = TwoMels()
    real, fake = torch.zeros(1, 1, 4), torch.tensor([[[2.0, 0.0, 0.0, 0.0]]], requires_grad=True)
    loss = segment_mel_loss(real=real, fake=fake, mel=mel)
    assert loss.item() == (0.5 + 2.0) / 2
    loss.backward()
    assert fake.grad is not None
    assert fake.grad.tolist() == [[[0.625, 0.0, 0.0, 0.0]]]


def test_half_precision_is_summed_in_float32() -> None:
    big = torch.full((1, 70_000), 2.0, dtype=torch.bfloat16)
    loss = mel_loss(real=torch.zeros_like(big), fake=big)
    assert loss.dtype == torch.float32
    assert loss.item() == 2.0
    assert masked_mean(torch.ones(2, 3), torch.tensor([[True], [False]])).item() == 1.0


def test_the_pitch_loss_counts_nats_where_voiced_and_voicing_everywhere() -> None:
    pitch = torch.tensor([[0.01, 0.02, 0.0, 0.0]])
    log_pitch = torch.tensor([0.01 * math.e, 0.02 / math.e**2, 0.04, 0.3]).log()
    predicted = torch.stack((log_pitch, torch.tensor([0.0, 0.0, 0.0, -100.0]))).unsqueeze(0)
    assert pitch_loss(predicted=predicted, pitch=pitch).item() == pytest.approx(1.5 + 0.75 * math.log(2), rel=1e-6)


def test_the_pitch_loss_of_silence_is_that_of_voicing_alone() -> None:
    predicted = torch.zeros(2, 2, 5, requires_grad=True)
    loss = pitch_loss(predicted=predicted, pitch=torch.zeros(2, 5))
    loss.backward()
    assert loss.item() == pytest.approx(math.log(2))
    assert predicted.grad is not None
    assert not predicted.grad[:, 0].any()
    assert predicted.grad[:, 1].gt(0).all()
