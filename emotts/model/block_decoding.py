"""Latents of the prior to a waveform in blocks of frames, so that its beginning is heard before its end is computed.

The decoder is made of convolutions: every block is computed with as many frames around it as they look at
(:mod:`emotts.model.reach`), the pitched source goes on with its phase, and the inverse STFT gets all frames that
overlap with a block. So the joined blocks are the waveform of the whole, but for rounding. Of very long texts the
flow and the pitch come in blocks as well; there the rounded pitch adds up to phases that differ audibly in no way, but
measurably (5e-3 of full scale after 44 s).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import torch
from torch import Tensor

from emotts.errors import ConfigError
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.flow import CouplingFlow
from emotts.model.pitched_source import HarmonicSource, refuse_moved_pitch, spoken_pitch
from emotts.model.reach import decoder_reach, envelope_reach, flow_reach, overlap_frames

__all__ = ["AT_ONCE_FRAMES", "LatentBlocks", "decode_blocks"]

AT_ONCE_FRAMES = 2048
"""24 s of the compact voice, longer than a sentence: the flow takes less than a tenth of a second for them."""


class LatentBlocks:
    """The latents of one text, which come out of the flow at once or, where they are many, as far as they are wanted.

    Args:
        flow: the flow, used from the prior's side; where it is a transformer, all frames come at once.
        prior_latents: (1, latent, frame).
        voice_embedding: (1, voice, 1).
        at_once_frames: up to this number all come at once.
    """

    def __init__(
        self,
        flow: CouplingFlow,
        prior_latents: Tensor,
        *,
        voice_embedding: Tensor,
        at_once_frames: int = AT_ONCE_FRAMES,
    ) -> None:
        self.n_frames = prior_latents.shape[2]
        self.voice_embedding = voice_embedding
        self._flow = flow
        self._reach = flow_reach(flow) if self.n_frames > at_once_frames else None
        self._prior_latents = prior_latents
        self._latents = torch.empty_like(prior_latents)
        self._n_ready = 0

    @property
    def come_at_once(self) -> bool:
        """Whether the latents of all frames are computed as soon as those of one are wanted."""
        return self._reach is None

    def window(self, start: int, end: int) -> Tensor:
        """Return the latents (1, latent, end - start) of some frames; what goes beyond the ends is left out."""
        start, end = max(start, 0), min(end, self.n_frames)
        self.extend(end)
        return self._latents[:, :, start:end]

    def extend(self, end: int) -> None:
        """Compute the latents of the frames before ``end``, if they are not there."""
        end = self.n_frames if self.come_at_once else min(end, self.n_frames)
        if end <= self._n_ready:
            return
        ready = self._n_ready
        first = max(0, ready - (self._reach or 0))
        prior = self._prior_latents[:, :, first : end + (self._reach or 0)]
        mask = torch.ones(1, 1, prior.shape[2], dtype=torch.bool, device=prior.device)
        with torch.autocast(prior.device.type, enabled=False):
            latents = self._flow(prior, mask, voice_embedding=self.voice_embedding, inverse=True)
        self._latents[:, :, ready:end] = latents[:, :, ready - first : end - first]
        self._n_ready = end


def decode_blocks(
    decoder: HifiGanDecoder | IstftDecoder,
    latents: LatentBlocks,
    *,
    block_frames: int,
    pitch_range: float = 1.0,
    pitch_shift: float = 0.0,
    dtype: torch.dtype = torch.float32,
) -> Iterator[Tensor]:
    """Yield the waveform in pieces (1, 1, sample) of ``block_frames`` frames, the last one shorter.

    Args:
        decoder: the decoder, not in training.
        latents: of one text.
        block_frames: frames of a block, at least 1.
        pitch_range: factor on the pitch's distance from its mean over all frames; where it is not 1, the flow and the
            pitch of all are computed before the first block.
        pitch_shift: semitones that the pitch is raised by.
        dtype: what the decoder multiplies in; bfloat16 or float16 by autocast.

    Raises:
        ConfigError: if the blocks have no frames, or the decoder has no pitched source and its pitch is to be moved.
    """
    if block_frames < 1:
        raise ConfigError("blocks of so many frames cannot be decoded", found=block_frames, wanted="at least 1")
    if isinstance(decoder, IstftDecoder):
        blocks: _Blocks = _IstftBlocks(decoder, latents, pitch_range=pitch_range, pitch_shift=pitch_shift)
    else:
        refuse_moved_pitch(pitch_range=pitch_range, pitch_shift=pitch_shift)
        blocks = _HifiGanBlocks(decoder, latents)
    for start in range(0, latents.n_frames, block_frames):
        with torch.autocast(latents.voice_embedding.device.type, dtype=dtype, enabled=dtype != torch.float32):
            block = blocks.decode(start, min(start + block_frames, latents.n_frames))
        yield block


class _Blocks(Protocol):
    def decode(self, start: int, end: int) -> Tensor:
        """Return the waveform (1, 1, sample) of frames; the next ones are those from ``end``."""


class _HifiGanBlocks:
    """Decodes blocks with the HiFi-GAN decoder."""

    def __init__(self, decoder: HifiGanDecoder, latents: LatentBlocks) -> None:
        self._decoder = decoder
        self._latents = latents
        self._reach = decoder_reach(decoder)

    def decode(self, start: int, end: int) -> Tensor:
        """Return the waveform (1, 1, sample) of frames."""
        around = self._latents.window(start - self._reach, end + self._reach)
        waveform: Tensor = self._decoder(around, voice_embedding=self._latents.voice_embedding)
        before = start - max(start - self._reach, 0)
        hop_length = self._decoder.hop_length
        return waveform[:, :, before * hop_length : (before + end - start) * hop_length]


class _IstftBlocks:
    """Decodes blocks with the iSTFT decoder, one after the other from the first to the last."""

    def __init__(self, decoder: IstftDecoder, latents: LatentBlocks, *, pitch_range: float, pitch_shift: float) -> None:
        self._decoder = decoder
        self._pitch_shift = pitch_shift
        self._latents = latents
        self._overlap = overlap_frames(decoder)
        self._pitch_reach = envelope_reach(decoder.pitch)
        self._envelope_reach = envelope_reach(decoder.envelopes)
        n_samples = latents.n_frames * decoder.hop_length
        like = latents.voice_embedding
        self._noise = decoder.noise(like.new_empty(1, n_samples))
        self._harmonics = HarmonicSource(latents.n_frames, hop_length=decoder.hop_length)
        self._source = like.new_empty(1, n_samples)
        self._n_ready = 0
        self._pitch = self._whole_pitch(pitch_range) if latents.come_at_once or pitch_range != 1.0 else None

    def decode(self, start: int, end: int) -> Tensor:
        """Return the waveform (1, 1, sample) of frames; the next ones are those from ``end``."""
        hop_length = self._decoder.hop_length
        # the outer transforms lack the source beyond them; they overlap with the inner ones, not with the block
        first = max(0, start - 2 * self._overlap)
        last = min(self._latents.n_frames, end + 2 * self._overlap)
        self._latents.extend(last + max(self._envelope_reach, self._pitch_reach + 1))
        waveform = self._decoder.shape(
            self._envelopes(first, last),
            source=self._source_of(first, last),
            noise=self._noise[:, first * hop_length : last * hop_length],
        )
        return waveform[:, :, (start - first) * hop_length : (end - first) * hop_length]

    def _envelopes(self, first: int, last: int) -> Tensor:
        """Return envelopes (1, frame, 3 * bin) that are right in all frames but the outer ones."""
        begin = max(0, first - self._envelope_reach)
        around = self._latents.window(begin, last + self._envelope_reach)
        envelopes: Tensor = self._decoder.envelopes(around, voice_embedding=self._latents.voice_embedding)
        return envelopes[:, first - begin : last - begin]

    def _source_of(self, first: int, last: int) -> Tensor:
        """Return the pitched source (1, sample) of frames; it is made up to their end."""
        hop_length = self._decoder.hop_length
        if last > self._n_ready:
            pitch = self._pitch_of(max(0, self._n_ready - 1), min(self._latents.n_frames, last + 1))
            made = self._harmonics.extend(pitch.to(self._source.dtype), start=self._n_ready, end=last)
            self._source[:, self._n_ready * hop_length : last * hop_length] = made
            self._n_ready = last
        return self._source[:, first * hop_length : last * hop_length]

    def _pitch_of(self, first: int, last: int) -> Tensor:
        """Return the pitch (1, frame) in cycles a sample."""
        if self._pitch is not None:
            return self._pitch[:, first:last]
        begin = max(0, first - self._pitch_reach)
        around = self._latents.window(begin, last + self._pitch_reach)
        predicted = self._decoder.predict_pitch(around, voice_embedding=self._latents.voice_embedding)
        return spoken_pitch(predicted[:, :, first - begin : last - begin], pitch_shift=self._pitch_shift)

    def _whole_pitch(self, pitch_range: float) -> Tensor:
        latents = self._latents.window(0, self._latents.n_frames)
        predicted = self._decoder.predict_pitch(latents, voice_embedding=self._latents.voice_embedding)
        return spoken_pitch(predicted, pitch_range=pitch_range, pitch_shift=self._pitch_shift)
