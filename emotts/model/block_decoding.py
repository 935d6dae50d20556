"""Latents of the prior to a waveform in blocks of frames, so that its beginning is heard before its end is computed.

The decoder is made of convolutions: every block is computed with as many frames around it as they look at
(:mod:`emotts.model.reach`), the pitched source goes on with its phase, and the inverse STFT gets all frames that
overlap with a block. So the joined blocks are the waveform of the whole, but for rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import torch
from torch import Tensor

from emotts.errors import ConfigError
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.latent_parts import LatentParts, PitchParts
from emotts.model.pitched_source import HarmonicSource, refuse_moved_pitch, spoken_pitch
from emotts.model.reach import decoder_reach, envelope_reach, overlap_frames

__all__ = ["decode_blocks"]


def decode_blocks(
    decoder: HifiGanDecoder | IstftDecoder,
    latents: LatentParts,
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
        pitch_range: factor on the pitch's distance from its mean over all frames; where it is not 1, the latents and
            the pitch of all are computed before the first block.
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

    def __init__(self, decoder: HifiGanDecoder, latents: LatentParts) -> None:
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

    def __init__(self, decoder: IstftDecoder, latents: LatentParts, *, pitch_range: float, pitch_shift: float) -> None:
        self._decoder = decoder
        self._pitch_shift = pitch_shift
        self._latents = latents
        self._overlap = overlap_frames(decoder)
        self._envelope_reach = envelope_reach(decoder.envelopes)
        n_samples = latents.n_frames * decoder.hop_length
        like = latents.voice_embedding
        self._noise = decoder.noise(like.new_empty(1, n_samples))
        self._harmonics = HarmonicSource(latents.n_frames, hop_length=decoder.hop_length)
        self._source = like.new_empty(1, n_samples)
        self._n_ready = 0
        self._predicted = PitchParts(decoder, latents)
        self._pitch: Tensor | None = None
        if pitch_range != 1.0:
            self._pitch = spoken_pitch(self._predicted.whole(), pitch_range=pitch_range, pitch_shift=pitch_shift)

    def decode(self, start: int, end: int) -> Tensor:
        """Return the waveform (1, 1, sample) of frames; the next ones are those from ``end``."""
        hop_length = self._decoder.hop_length
        # the outer transforms lack the source beyond them; they overlap with the inner ones, not with the block
        first = max(0, start - 2 * self._overlap)
        last = min(self._latents.n_frames, end + 2 * self._overlap)
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
        return spoken_pitch(self._predicted.window(first, last), pitch_shift=self._pitch_shift)
