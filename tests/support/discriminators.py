"""What every discriminator of waveforms must do."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["check_gradients", "check_one_batch"]


def check_one_batch(network: nn.Module, *, n_samples: int) -> None:
    """Check that real and generated sound in one batch give the same as one after the other."""
    real, fake = torch.randn(2, 1, n_samples), torch.randn(2, 1, n_samples)
    together, on_real, on_fake = network(torch.cat((real, fake))), network(real), network(fake)
    joints = [*together.logits, *(map_ for maps in together.feature_maps for map_ in maps)]
    firsts = [*on_real.logits, *(map_ for maps in on_real.feature_maps for map_ in maps)]
    seconds = [*on_fake.logits, *(map_ for maps in on_fake.feature_maps for map_ in maps)]
    for joint, first, second in zip(joints, firsts, seconds, strict=True):
        torch.testing.assert_close(joint, torch.cat((first, second)), atol=1e-6, rtol=1e-5)


def check_gradients(network: nn.Module, *, n_samples: int) -> None:
    """Check that every answer has a gradient over nearly the whole waveform, and that every weight has one."""
    fake = torch.randn(1, 1, n_samples, requires_grad=True)
    answer = network(fake)
    for logits in answer.logits:
        (gradient,) = torch.autograd.grad(logits.square().sum(), fake, retain_graph=True)
        assert (gradient.abs() > 0).float().mean() > 0.9
    sum(logits.square().sum() for logits in answer.logits).backward()
    missing = [name for name, value in network.named_parameters() if value.grad is None or not value.grad.abs().sum()]
    assert missing == []
