"""The iSTFT decoder: it shapes the spectra of a pitched source and of noise and inverts them; fast on a CPU.

A network that predicts phases has to learn, frame by frame, how far every harmonic turns from one to the next, which
takes very many steps. Here the source turns; the network learns envelopes.

Harmonics and noise are shaped in windows of their own. Voices are harmonic for longer than a frame, so one gain a frame
is enough for them; a plosive's burst is shorter than a frame, so the noise may have several.

Sources: the frame-wise network and the inversion are those of Siuzdak, Vocos, 2023; its blocks are ConvNeXt's (Liu et
al., 2022) in one dimension. For the source see :mod:`emotts.model.pitched_source`.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.features.inverse_stft import InverseStft
from emotts.model.pitched_source import harmonics, spoken_pitch
from emotts.model.settings import IstftSettings
from emotts.model.voice_projection import add_voice

__all__ = ["IstftDecoder"]

_KERNEL_SIZE = 7
_INIT_STD = 0.02
_MAX_LOG_GAIN = math.log(30.0)
"""Largest gain on sources whose mean power is 1."""
_MIN_LOG_GAIN = -14.0
_FIRST_LOG_GAIN = -4.0
"""Gain before the first step: quiet speech."""
_FIRST_LOG_PITCH = math.log(0.01)
"""Pitch before the first step in cycles a sample: 220 Hz at 22.05 kHz."""


class ConvNextBlock(nn.Module):
    """Depthwise convolution, layer norm, two pointwise layers, all on a scaled residual path.

    Args:
        channels: channels in and out.
        hidden_channels: channels between the two pointwise layers.
        scale: first value of the learned scale of the residual path.
        voice_channels: channels of the voice embedding that scales and shifts the norm; 0 for none.
    """

    def __init__(self, channels: int, *, hidden_channels: int, scale: float, voice_channels: int) -> None:
        super().__init__()
        self.depthwise_conv = nn.Conv1d(channels, channels, _KERNEL_SIZE, padding=_KERNEL_SIZE // 2, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.voice_projection = nn.Conv1d(voice_channels, 2 * channels, 1) if voice_channels else None
        self.expand = nn.Linear(channels, hidden_channels)
        self.contract = nn.Linear(hidden_channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), scale))

    def forward(self, hidden: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, frame)."""
        inner: Tensor = self.norm(self.depthwise_conv(hidden).transpose(1, 2))
        if self.voice_projection is not None and voice_embedding is not None:
            gain, shift = self.voice_projection(voice_embedding).transpose(1, 2).chunk(2, dim=2)
            inner = inner * (1.0 + gain) + shift
        inner = self.contract(F.gelu(self.expand(inner))) * self.scale
        return hidden + inner.transpose(1, 2)


class IstftDecoder(nn.Module):
    """Turns latents (batch, channel, frame) into a waveform (batch, 1, frame * hop_length).

    In :meth:`eval` the same latents always give the same waveform; in training the noise is drawn anew.

    Args:
        in_channels: channels of the latents.
        settings: the widths; the windows fit the frames (:meth:`IstftSettings.check_hop`).
        hop_length: samples per frame.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(self, in_channels: int, settings: IstftSettings, *, hop_length: int, voice_channels: int) -> None:
        super().__init__()
        self.hop_length = hop_length
        block_voice_channels = voice_channels if settings.modulate_blocks else 0
        self.pitch = ConvNext(
            in_channels,
            channels=settings.pitch_channels,
            hidden_channels=2 * settings.pitch_channels,
            n_layers=2,
            out_channels=2,
            voice_channels=voice_channels,
            block_voice_channels=block_voice_channels,
        )
        self.envelopes = ConvNext(
            in_channels,
            channels=settings.channels,
            hidden_channels=settings.hidden_channels,
            n_layers=settings.n_layers,
            out_channels=2 * (settings.n_fft // 2 + 1) + settings.noise_frames * (settings.noise_n_fft // 2 + 1),
            voice_channels=voice_channels,
            block_voice_channels=block_voice_channels,
        )
        self.inverse = InverseStft(n_fft=settings.n_fft, hop_length=hop_length)
        self.noise_inverse = InverseStft(n_fft=settings.noise_n_fft, hop_length=hop_length // settings.noise_frames)
        self.apply(_initialise)

    def forward(self, latents: Tensor, *, voice_embedding: Tensor | None = None, pitch: Tensor | None = None) -> Tensor:
        """Return the waveform (batch, 1, frame * hop_length).

        Args:
            latents: (batch, channel, frame).
            voice_embedding: (batch, voice, 1); None only for a decoder without voice channels.
            pitch: cycles a sample (batch, frame), 0 where unvoiced; None: as :meth:`predict_pitch` says.

        Raises:
            ConfigError: if the decoder has voice channels and gets no voice.
        """
        if pitch is None:
            pitch = spoken_pitch(self.predict_pitch(latents, voice_embedding=voice_embedding))
        envelopes = self.envelopes(latents, voice_embedding=voice_embedding)
        source = harmonics(pitch.to(envelopes.dtype), hop_length=self.hop_length)
        return self.shape(envelopes, source=source, noise=self.noise(source))

    def shape(self, envelopes: Tensor, *, source: Tensor, noise: Tensor) -> Tensor:
        """Return the waveform (batch, 1, frame * hop_length) of sources that are shaped by envelopes.

        Args:
            envelopes: (batch, frame, value): the source's gains (their logarithms) and phases, the noise's gains.
            source, noise: (batch, frame * hop_length).
        """
        with torch.autocast(envelopes.device.type, enabled=False):
            waveform = self._shaped(source, noise, envelopes.transpose(1, 2))
        return waveform.unsqueeze(1)

    def predict_pitch(self, latents: Tensor, *, voice_embedding: Tensor | None = None) -> Tensor:
        """Return (batch, 2, frame): the logarithm of the pitch in cycles a sample, and the logit of being voiced."""
        prediction: Tensor = self.pitch(latents, voice_embedding=voice_embedding).transpose(1, 2)
        return prediction + prediction.new_tensor([[_FIRST_LOG_PITCH], [0.0]])

    def fold_weight_norm(self) -> int:
        """Do nothing, as no layer carries weight normalisation; here so that decoders can be exchanged."""
        return 0

    def noise(self, source: Tensor) -> Tensor:
        """Return noise of the shape of ``source`` (batch, sample); outside of training always the same."""
        if self.training:
            return torch.randn_like(source)
        always = torch.Generator(source.device).manual_seed(0)
        noise = torch.randn(source.shape[1], generator=always, device=source.device, dtype=source.dtype)
        return noise.expand_as(source)

    def _shaped(self, source: Tensor, noise: Tensor, envelopes: Tensor) -> Tensor:
        """Return the waveform (batch, sample) of sources (batch, sample) and envelopes (batch, value, frame)."""
        n_bins, noise_bins = (inverse.n_fft // 2 + 1 for inverse in (self.inverse, self.noise_inverse))
        gain, phase, noise_gain = envelopes[:, :n_bins], envelopes[:, n_bins : 2 * n_bins], envelopes[:, 2 * n_bins :]
        # a frame's gains one after the other, so that they are in the order of time
        noise_gain = _gain(noise_gain.transpose(1, 2).reshape(len(source), -1, noise_bins).transpose(1, 2))
        tone = _turned(*self.inverse.spectra(source), gain=_gain(gain), phase=phase)
        breath = [part * noise_gain for part in self.noise_inverse.spectra(noise)]
        if self.inverse.hop_length == self.noise_inverse.hop_length and n_bins == noise_bins:  # one inversion is enough
            return cast(Tensor, self.inverse(tone[0] + breath[0], tone[1] + breath[1]))
        waveform: Tensor = self.inverse(*tone) + self.noise_inverse(*breath)
        return waveform


class ConvNext(nn.Module):
    """Blocks between a convolution and a linear layer, the voice added to the one and, if wanted, to the others."""

    def __init__(
        self,
        in_channels: int,
        *,
        channels: int,
        hidden_channels: int,
        n_layers: int,
        out_channels: int,
        voice_channels: int,
        block_voice_channels: int,
    ) -> None:
        super().__init__()
        self.input_conv = nn.Conv1d(in_channels, channels, _KERNEL_SIZE, padding=_KERNEL_SIZE // 2)
        self.voice_projection = nn.Conv1d(voice_channels, channels, 1) if voice_channels else None
        self.input_norm = nn.LayerNorm(channels, eps=1e-6)
        self.blocks = nn.ModuleList(
            ConvNextBlock(
                channels,
                hidden_channels=hidden_channels,
                scale=1.0 / n_layers,
                voice_channels=block_voice_channels,
            )
            for _ in range(n_layers)
        )
        self.output_norm = nn.LayerNorm(channels, eps=1e-6)
        self.head = nn.Linear(channels, out_channels)

    def forward(self, latents: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        """Return (batch, frame, channel out); the last layer is never in half precision, for the phase's sake."""
        hidden: Tensor = self.input_conv(latents)
        hidden = add_voice(hidden, projection=self.voice_projection, voice_embedding=voice_embedding)
        hidden = self.input_norm(hidden.transpose(1, 2)).transpose(1, 2)
        for block in self.blocks:
            hidden = block(hidden, voice_embedding=voice_embedding)
        with torch.autocast(hidden.device.type, enabled=False):
            result: Tensor = self.head(self.output_norm(hidden.to(self.head.weight.dtype).transpose(1, 2)))
        return result


def _turned(real: Tensor, imaginary: Tensor, *, gain: Tensor, phase: Tensor) -> tuple[Tensor, Tensor]:
    """Return both parts of spectra that are turned by a phase in radians and amplified, all (batch, bin, frame)."""
    cosine, sine = gain * phase.cos(), gain * phase.sin()
    return real * cosine - imaginary * sine, real * sine + imaginary * cosine


def _gain(logarithm: Tensor) -> Tensor:
    return (logarithm + _FIRST_LOG_GAIN).clamp(_MIN_LOG_GAIN, _MAX_LOG_GAIN).exp()


def _initialise(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv1d | nn.Linear):
        nn.init.trunc_normal_(layer.weight, std=_INIT_STD)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
