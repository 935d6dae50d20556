"""The latents of a text, and the pitch of its decoder, computed in parts as far as they are wanted.

The parts are always the same, whoever wants how much of them: what is spoken in one go and what is spoken in blocks
gets the same numbers to the last bit. Each part is as long as all before it, so that the beginning comes soon and
little is computed twice.
"""

from __future__ import annotations

import torch
from torch import Tensor

from emotts.model.decoder_istft import IstftDecoder
from emotts.model.flow import CouplingFlow
from emotts.model.reach import envelope_reach, flow_reach

__all__ = ["FIRST_FRAMES", "LatentParts", "PitchParts"]

FIRST_FRAMES = 128
"""Frames of the first part: 1.5 s of the compact voice, of which its first block takes the half."""


class LatentParts:
    """Latents that come out of the flow from the prior's side; where it is a transformer, all come at once.

    Args:
        flow: the flow.
        prior_latents: (batch, latent, frame).
        voice_embedding: (batch, voice, 1).
        mask: (batch, 1, frame) bool, False behind the ends, where the latents become 0; None: nothing is there.
        first_frames: of the first part.
    """

    def __init__(
        self,
        flow: CouplingFlow,
        prior_latents: Tensor,
        *,
        voice_embedding: Tensor,
        mask: Tensor | None = None,
        first_frames: int = FIRST_FRAMES,
    ) -> None:
        self.n_frames = prior_latents.shape[2]
        self.voice_embedding = voice_embedding
        self._flow = flow
        self._reach = flow_reach(flow)
        self._prior_latents = prior_latents
        every = torch.ones_like(prior_latents[:, :1], dtype=torch.bool)
        self._mask = every if mask is None else mask
        self._latents = torch.empty_like(prior_latents)
        self._first_frames = first_frames if self._reach is not None else self.n_frames
        self._n_ready = 0

    def window(self, start: int, end: int) -> Tensor:
        """Return the latents (batch, latent, end - start) of some frames; what goes beyond the ends is left out."""
        start, end = max(start, 0), min(end, self.n_frames)
        while self._n_ready < end:
            self._add_part()
        return self._latents[:, :, start:end]

    def part_end(self, n_ready: int) -> int:
        """Return the end of the part behind those that end at ``n_ready``, 0 for none."""
        return min(max(2 * n_ready, self._first_frames), self.n_frames)

    def _add_part(self) -> None:
        ready, reach = self._n_ready, self._reach or 0
        end, first = self.part_end(ready), max(0, ready - reach)
        prior, mask = (each[:, :, first : end + reach] for each in (self._prior_latents, self._mask))
        with torch.autocast(prior.device.type, enabled=False):
            latents = self._flow(prior, mask, voice_embedding=self.voice_embedding, inverse=True) * mask
        self._latents[:, :, ready:end] = latents[:, :, ready - first : end - first]
        self._n_ready = end


class PitchParts:
    """The pitch that a decoder predicts; each part needs as many latents as one of theirs.

    Args:
        decoder: the decoder.
        latents: that it gets.
    """

    def __init__(self, decoder: IstftDecoder, latents: LatentParts) -> None:
        self._decoder = decoder
        self._latents = latents
        self._reach = envelope_reach(decoder.pitch)
        self._parts: list[Tensor] = []
        self._n_ready = self._n_latents = 0

    def window(self, start: int, end: int) -> Tensor:
        """Return the prediction (batch, 2, end - start) of some frames, as of ``predict_pitch``."""
        while self._n_ready < end:
            self._add_part()
        return torch.cat(self._parts, dim=2)[:, :, start:end]

    def whole(self) -> Tensor:
        """Return the prediction (batch, 2, frame) of all frames."""
        return self.window(0, self._latents.n_frames)

    def _add_part(self) -> None:
        self._n_latents = self._latents.part_end(self._n_latents)
        is_last = self._n_latents == self._latents.n_frames
        end = self._n_latents - (0 if is_last else self._reach)
        if end <= self._n_ready:
            return
        begin = max(0, self._n_ready - self._reach)
        around = self._latents.window(begin, self._n_latents)
        predicted = self._decoder.predict_pitch(around, voice_embedding=self._latents.voice_embedding)
        self._parts.append(predicted[:, :, self._n_ready - begin : end - begin])
        self._n_ready = end
