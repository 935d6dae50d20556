"""Latents as the text foretells them, in place of those of the recording, for the decoder to learn on.

In speaking, a decoder gets what the prior says, which is smoother than any recording's latents; one that learned on
recordings alone has never met it. Taking some of its lessons from the prior, along the known alignment, is what
training a vocoder on teacher-forced spectrograms is elsewhere (Shen et al., Tacotron 2, 2018; Kong et al., HiFi-GAN,
2020, section 4.4).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["partly_foretold"]


def partly_foretold(
    latents: Tensor,
    *,
    share: float,
    noise_scale: float,
    prior_mean: Tensor,
    prior_log_std: Tensor,
    frame_mask: Tensor,
    flow: nn.Module,
    voice_embedding: Tensor,
) -> Tensor:
    """Return the latents (batch, latent, frame), those of randomly drawn items as the text foretells them.

    Nothing is drawn and nothing computed for a share of 0; what is foretold takes no gradient.

    Args:
        latents: those of the recordings (batch, latent, frame).
        share: how probable it is for an item to be drawn, 0 to 1.
        noise_scale: spread of what is foretold around the prior's mean.
        prior_mean, prior_log_std: (batch, latent, frame), along the alignment.
        frame_mask: bool (batch, 1, frame).
        flow: whose inverse leads from the prior's latents to the decoder's.
        voice_embedding: (batch, voice, 1).
    """
    if share == 0.0:
        return latents
    drawn = torch.rand(len(latents), device=latents.device) < share
    foretold = torch.zeros_like(latents, requires_grad=False)
    with torch.no_grad():
        mean, mask = prior_mean[drawn], frame_mask[drawn]
        prior_latents = mean + torch.randn_like(mean) * prior_log_std[drawn].exp() * noise_scale
        inverted = flow(prior_latents, mask, voice_embedding=voice_embedding[drawn], inverse=True)
        foretold[drawn] = (inverted * mask).to(foretold.dtype)
    return torch.where(drawn.view(-1, 1, 1), foretold, latents)
