"""The losses of the VITS family, each a function from tensors to one scalar."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = [
    "discriminator_loss",
    "duration_frames_loss",
    "duration_loss",
    "feature_matching_loss",
    "generator_loss",
    "kl_loss",
    "masked_mean",
    "mel_loss",
    "pitch_loss",
    "segment_mel_loss",
    "standard_kl_loss",
]


def mel_loss(*, real: Tensor, fake: Tensor) -> Tensor:
    """Return the mean absolute difference of two log-mel spectrograms (batch, band, frame), in nats."""
    return torch.nn.functional.l1_loss(fake.float(), real.float())


def segment_mel_loss(*, real: Tensor, fake: Tensor, mel: nn.Module) -> Tensor:
    """Return the mean :func:`mel_loss` of two waveforms (batch, 1, sample); no gradient reaches ``real``.

    All mel spectrograms are computed from the segment alone, so that its edges are treated alike.

    Args:
        real, fake: the waveforms.
        mel: waveform (batch, sample) to a list of log mels (batch, band, frame), each of which counts equally.
    """
    with torch.no_grad():
        real_mels = mel(real.squeeze(1))
    pairs = zip(real_mels, mel(fake.squeeze(1)), strict=True)
    return torch.stack([mel_loss(real=real_mel, fake=fake_mel) for real_mel, fake_mel in pairs]).mean()


def pitch_loss(*, predicted: Tensor, pitch: Tensor) -> Tensor:
    """Return how far the predicted pitch is off: nats of frequency where voiced, and the cross-entropy of voicing.

    Args:
        predicted: (batch, 2, frame): the logarithm of the pitch, and the logit of being voiced.
        pitch: cycles a sample (batch, frame), 0 where unvoiced.
    """
    log_pitch, voicing = predicted.float().unbind(dim=1)
    voiced = pitch > 0
    error = (log_pitch - torch.where(voiced, pitch, 1.0).log()).abs()
    off = torch.where(voiced, error, 0.0).sum() / voiced.sum().clamp_min(1)
    return off + nn.functional.binary_cross_entropy_with_logits(voicing, voiced.to(voicing.dtype))


def kl_loss(
    *,
    prior_latents: Tensor,
    posterior_log_std: Tensor,
    prior_mean: Tensor,
    prior_log_std: Tensor,
    frame_mask: Tensor,
) -> Tensor:
    """Return the KL divergence between posterior and prior in nats a frame, summed over the channels.

    The posterior's sample, carried through the flow, stands for the expectation (Kim et al. 2021,
    equation 4). Frames outside the mask count neither above nor below the line.

    Args:
        prior_latents: the posterior's sample after the flow (batch, channel, frame).
        posterior_log_std: log standard deviation of the posterior (batch, channel, frame).
        prior_mean: mean of the prior, expanded along the alignment (batch, channel, frame).
        prior_log_std: log standard deviation of the prior, likewise (batch, channel, frame).
        frame_mask: bool (batch, 1, frame), True where a frame is real.
    """
    log_std = prior_log_std.float()
    error = prior_latents.float() - prior_mean.float()
    divergence = log_std - posterior_log_std.float() - 0.5 + 0.5 * error.square() * torch.exp(-2.0 * log_std)
    valid = frame_mask.to(divergence.dtype)
    # where, not a product: an infinite value in the padding must not become a NaN in the sum
    return torch.where(frame_mask, divergence, 0.0).sum() / valid.sum()


def standard_kl_loss(*, mean: Tensor, log_std: Tensor, frame_mask: Tensor) -> Tensor:
    """Return the KL divergence between posterior and standard normal in nats a frame, summed over the channels.

    Args:
        mean, log_std: of the posterior (batch, channel, frame).
        frame_mask: bool (batch, 1, frame), True where a frame is real.
    """
    divergence = 0.5 * (mean.float().square() + (2.0 * log_std.float()).exp() - 1.0) - log_std.float()
    return torch.where(frame_mask, divergence, 0.0).sum() / frame_mask.sum()


def duration_loss(*, predicted_log_durations: Tensor, aligned_log_durations: Tensor, token_mask: Tensor) -> Tensor:
    """Return the mean squared error of the log durations (batch, 1, token) over the real tokens."""
    error = predicted_log_durations.float() - aligned_log_durations.float()
    return masked_mean(error.square(), token_mask)


def duration_frames_loss(
    *, predicted_log_durations: Tensor, aligned_log_durations: Tensor, token_mask: Tensor
) -> Tensor:
    """Return half the Poisson deviance of the durations in frames (batch, 1, token), a mean over the real tokens.

    Its gradient in a log duration is the predicted less the aligned number of frames, so it is least where the
    predictions add up to the aligned frames. (The squared error of logarithms is least at the geometric mean, which is
    shorter, most of all for pauses.)
    """
    log_frames, aligned_log = predicted_log_durations.float(), aligned_log_durations.float()
    aligned = aligned_log.exp()
    deviance = log_frames.exp() - aligned + aligned * (aligned_log - log_frames)
    return masked_mean(deviance, token_mask)


def discriminator_loss(*, real: Sequence[Tensor], fake: Sequence[Tensor], mask: Tensor | None = None) -> Tensor:
    """Return the least-squares loss of a discriminator, summed over its parts (Mao et al. 2017).

    Args:
        real: logits of every part on real sound, any shape.
        fake: logits of every part on generated sound, the same shapes.
        mask: bool, broadcastable to every logit; None counts all of them.
    """
    losses = [
        masked_mean((1.0 - on_real.float()).square(), mask) + masked_mean(on_fake.float().square(), mask)
        for on_real, on_fake in zip(real, fake, strict=True)
    ]
    return torch.stack(losses).sum()


def generator_loss(*, fake: Sequence[Tensor], mask: Tensor | None = None) -> Tensor:
    """Return the least-squares loss of a generator against one discriminator, summed over its parts."""
    return torch.stack([masked_mean((1.0 - logits.float()).square(), mask) for logits in fake]).sum()


def feature_matching_loss(*, real: Sequence[Sequence[Tensor]], fake: Sequence[Sequence[Tensor]]) -> Tensor:
    """Return twice the summed mean absolute difference of the feature maps (Kumar et al. 2019).

    The real side is a target: no gradient reaches it.

    Args:
        real: feature maps of every part and layer on real sound.
        fake: those on generated sound, the same shapes.
    """
    differences = [
        torch.nn.functional.l1_loss(on_fake.float(), on_real.detach().float())
        for part_real, part_fake in zip(real, fake, strict=True)
        for on_real, on_fake in zip(part_real, part_fake, strict=True)
    ]
    return 2.0 * torch.stack(differences).sum()


def masked_mean(values: Tensor, mask: Tensor | None) -> Tensor:
    """Return the mean of ``values`` where ``mask`` (bool, broadcastable) is True; of all of them without one."""
    if mask is None:
        return values.mean()
    spread = mask.expand_as(values)
    return torch.where(spread, values, 0.0).sum() / spread.sum()
