"""Adversaries: the losses of each discriminator, and those of the generator against it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from emotts.training.losses import discriminator_loss, feature_matching_loss, generator_loss

__all__ = ["DurationAdversary", "DurationCondition", "GeneratorLosses", "WaveformAdversary"]


@dataclass(frozen=True)
class GeneratorLosses:
    """The generator's losses against one discriminator, unweighted; without feature maps there is no matching."""

    adversarial: Tensor
    feature_matching: Tensor | None


class WaveformAdversary:
    """A discriminator of waveforms (batch, 1, sample).

    Real and generated sound pass through it as one batch when it is trained itself. For the generator
    they pass one after the other, because only the generated side needs a gradient; the weights, which
    are frozen there, are normalised once for both.

    Args:
        network: gives (logits of every part, feature maps of every part and layer) for a waveform.
        bare: the same network without the wrapper that several processes need; for the generator's
            losses, in which its own weights are frozen.
    """

    def __init__(self, network: nn.Module, *, bare: nn.Module | None = None) -> None:
        self.network = network
        self.bare = network if bare is None else bare

    def discriminator_loss(self, *, real: Tensor, fake: Tensor) -> Tensor:
        """Return the loss of the discriminator; no gradient reaches ``fake``."""
        logits, _ = self.network(torch.cat([real, fake.detach()]))
        halves = [part.chunk(2) for part in logits]
        return discriminator_loss(real=[half[0] for half in halves], fake=[half[1] for half in halves])

    def generator_loss(self, *, real: Tensor, fake: Tensor) -> GeneratorLosses:
        """Return the losses of the generator; the gradient reaches ``fake`` and no weight of the discriminator."""
        with _frozen(self.bare), parametrize.cached():
            with torch.no_grad():
                _, real_maps = self.bare(real)
            logits, fake_maps = self.bare(fake)
        return GeneratorLosses(
            adversarial=generator_loss(fake=logits),
            feature_matching=feature_matching_loss(real=real_maps, fake=fake_maps),
        )


@dataclass(frozen=True)
class DurationCondition:
    """The text as the duration discriminator gets it.

    ``token_hidden`` (batch, hidden, token), ``token_mask`` bool (batch, 1, token), ``voice_embedding``
    (batch, voice, 1). No gradient reaches any of them.
    """

    token_hidden: Tensor
    token_mask: Tensor
    voice_embedding: Tensor


class DurationAdversary:
    """A discriminator of log durations (batch, 1, token): real are the aligned ones, fake the predicted ones.

    Kong et al. 2023 (VITS2). The gradient of the generator's loss reaches the predicted durations.

    Args:
        network: called as ``network(token_hidden, token_mask, aligned=, predicted=, voice_embedding=)``
            and gives (logits of aligned, logits of predicted), both (batch, token, 1).
        bare: as in :class:`WaveformAdversary`.
    """

    def __init__(self, network: nn.Module, *, bare: nn.Module | None = None) -> None:
        self.network = network
        self.bare = network if bare is None else bare

    def discriminator_loss(self, *, real: Tensor, fake: Tensor, condition: DurationCondition) -> Tensor:
        """Return the loss of the discriminator over the real tokens; no gradient reaches the durations."""
        on_real, on_fake = _discriminate(self.network, real=real, fake=fake.detach(), condition=condition)
        return discriminator_loss(real=[on_real], fake=[on_fake], mask=condition.token_mask.transpose(1, 2))

    def generator_loss(self, *, real: Tensor, fake: Tensor, condition: DurationCondition) -> GeneratorLosses:
        """Return the loss of the duration predictor; the gradient reaches ``fake`` alone."""
        with _frozen(self.bare):
            _, on_fake = _discriminate(self.bare, real=real, fake=fake, condition=condition)
        loss = generator_loss(fake=[on_fake], mask=condition.token_mask.transpose(1, 2))
        return GeneratorLosses(adversarial=loss, feature_matching=None)


def _discriminate(
    network: nn.Module, *, real: Tensor, fake: Tensor, condition: DurationCondition
) -> tuple[Tensor, Tensor]:
    on_real, on_fake = network(
        condition.token_hidden.detach(),
        condition.token_mask,
        aligned=real.detach(),
        predicted=fake,
        voice_embedding=condition.voice_embedding.detach(),
    )
    return on_real, on_fake


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    """Freeze the network's weights inside the block; a gradient still passes through it."""
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    for weight in trained:
        weight.requires_grad_(False)
    try:
        yield
    finally:
        for weight in trained:
            weight.requires_grad_(True)
