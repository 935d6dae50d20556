"""The HiFi-GAN decoder: latents to a waveform by transposed convolutions and dilated residual blocks.

Source: Kong, Kim and Bae, HiFi-GAN, 2020; conditioned on a voice as in VITS (Kim et al., 2021).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import ConfigError
from emotts.model import weight_norm as norm
from emotts.model.channels_last import Conv1d, ConvTranspose1d, channels_last
from emotts.model.voice_projection import add_voice

__all__ = ["HifiGanDecoder"]

_SLOPE = 0.1
"""Negative slope inside the network; the last activation has 0.01."""
_LAST_SLOPE = 0.01
_INIT_STD = 0.01


def _same_conv(channels: int, *, kernel_size: int, dilation: int) -> Conv1d:
    """Return a weight-normalised convolution that keeps the length."""
    padding = (kernel_size - 1) * dilation // 2
    conv = Conv1d(channels, channels, kernel_size, dilation=dilation, padding=padding)
    nn.init.normal_(conv.weight, std=_INIT_STD)
    return norm.weight_norm(conv)


class PairedResidualBlock(nn.Module):
    """Block "1": pairs of a dilated and a plain convolution, each pair with a residual path."""

    def __init__(self, channels: int, *, kernel_size: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.dilated_convs = nn.ModuleList(
            _same_conv(channels, kernel_size=kernel_size, dilation=dilation) for dilation in dilations
        )
        self.plain_convs = nn.ModuleList(_same_conv(channels, kernel_size=kernel_size, dilation=1) for _ in dilations)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, time)."""
        for dilated_conv, plain_conv in zip(self.dilated_convs, self.plain_convs, strict=True):
            inner = dilated_conv(F.leaky_relu(hidden, _SLOPE))
            hidden = plain_conv(F.leaky_relu_(inner, _SLOPE)).add_(hidden)
        return hidden


class SingleResidualBlock(nn.Module):
    """Block "2": single dilated convolutions, each with a residual path."""

    def __init__(self, channels: int, *, kernel_size: int, dilations: Sequence[int]) -> None:
        super().__init__()
        self.dilated_convs = nn.ModuleList(
            _same_conv(channels, kernel_size=kernel_size, dilation=dilation) for dilation in dilations
        )

    def forward(self, hidden: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, time)."""
        for conv in self.dilated_convs:
            hidden = conv(F.leaky_relu(hidden, _SLOPE)).add_(hidden)
        return hidden


class HifiGanDecoder(nn.Module):
    """Turns latents (batch, channel, frame) into a waveform (batch, 1, frame * hop_length).

    Args:
        in_channels: channels of the latents.
        resblock: "1" (:class:`PairedResidualBlock`) or "2" (:class:`SingleResidualBlock`).
        resblock_kernel_sizes: odd kernel sizes of the parallel blocks after each upsampling.
        resblock_dilation_sizes: dilations of each of these blocks.
        upsample_rates: factors whose product is the hop length.
        upsample_initial_channels: channels before the first upsampling, halved by each, rounded down.
        upsample_kernel_sizes: kernel of each upsampling; kernel - rate must be even and not negative.
        voice_channels: channels of the voice embedding; 0 for none.
    """

    def __init__(
        self,
        in_channels: int,
        *,
        resblock: str,
        resblock_kernel_sizes: Sequence[int],
        resblock_dilation_sizes: Sequence[Sequence[int]],
        upsample_rates: Sequence[int],
        upsample_initial_channels: int,
        upsample_kernel_sizes: Sequence[int],
        voice_channels: int,
    ) -> None:
        super().__init__()
        _check_upsampling(upsample_rates, upsample_kernel_sizes, initial_channels=upsample_initial_channels)
        _check_blocks(resblock, kernel_sizes=resblock_kernel_sizes, dilation_sizes=resblock_dilation_sizes)
        self.hop_length = math.prod(upsample_rates)
        self.n_parallel = len(resblock_kernel_sizes)
        block = PairedResidualBlock if resblock == "1" else SingleResidualBlock
        self.input_conv = nn.Conv1d(in_channels, upsample_initial_channels, 7, padding=3)
        self.voice_projection = nn.Conv1d(voice_channels, upsample_initial_channels, 1) if voice_channels else None
        self.upsamplers = nn.ModuleList()
        self.residual_blocks = nn.ModuleList()
        channels = upsample_initial_channels
        for rate, kernel_size in zip(upsample_rates, upsample_kernel_sizes, strict=True):
            self.upsamplers.append(_upsampler(channels, rate=rate, kernel_size=kernel_size))
            channels //= 2
            for block_kernel, dilations in zip(resblock_kernel_sizes, resblock_dilation_sizes, strict=True):
                self.residual_blocks.append(block(channels, kernel_size=block_kernel, dilations=dilations))
        self.output_conv = Conv1d(channels, 1, 7, padding=3, bias=False)

    def forward(self, latents: Tensor, *, voice_embedding: Tensor | None = None) -> Tensor:
        """Return the waveform (batch, 1, frame * hop_length), within -1 and 1.

        Args:
            latents: (batch, channel, frame).
            voice_embedding: (batch, voice, 1); None only for a decoder without voice channels.

        Raises:
            ConfigError: if the decoder has voice channels and gets no voice.
        """
        hidden: Tensor = self.input_conv(latents)
        hidden = add_voice(hidden, projection=self.voice_projection, voice_embedding=voice_embedding)
        hidden = channels_last(hidden)
        for stage, upsampler in enumerate(self.upsamplers):
            hidden = upsampler(F.leaky_relu_(hidden, _SLOPE))
            hidden = self._mean_of_blocks(hidden, stage=stage)
        waveform: Tensor = self.output_conv(F.leaky_relu_(hidden, _LAST_SLOPE))
        return waveform.tanh()

    def fold_weight_norm(self) -> int:
        """Fold weight normalisation into plain weights for speaking; returns the number of layers folded."""
        return norm.fold_weight_norm(self)

    def _mean_of_blocks(self, hidden: Tensor, *, stage: int) -> Tensor:
        blocks = [self.residual_blocks[stage * self.n_parallel + index] for index in range(self.n_parallel)]
        total: Tensor = blocks[0](hidden)
        for block in blocks[1:]:
            total = total.add_(block(hidden))
        return total.div_(self.n_parallel)


def _upsampler(channels: int, *, rate: int, kernel_size: int) -> ConvTranspose1d:
    conv = ConvTranspose1d(channels, channels // 2, kernel_size, stride=rate, padding=(kernel_size - rate) // 2)
    nn.init.normal_(conv.weight, std=_INIT_STD)
    return norm.weight_norm(conv)


def _check_upsampling(rates: Sequence[int], kernel_sizes: Sequence[int], *, initial_channels: int) -> None:
    if len(rates) != len(kernel_sizes) or not rates:
        raise ConfigError(
            "every upsampling rate needs one kernel size",
            found=f"rates {list(rates)}, kernel sizes {list(kernel_sizes)}",
            wanted="two lists of the same length",
        )
    for rate, kernel_size in zip(rates, kernel_sizes, strict=True):
        if kernel_size < rate or (kernel_size - rate) % 2:
            raise ConfigError(
                "an upsampling kernel does not fit its rate",
                found=f"kernel {kernel_size}, rate {rate}",
                wanted="a kernel at least as large as the rate, their difference even",
            )
    if initial_channels < 2 ** len(rates):
        raise ConfigError(
            "the decoder's channels cannot be halved at every upsampling",
            found=f"{initial_channels} channels, {len(rates)} upsamplings",
            wanted=f"at least {2 ** len(rates)}",
        )


def _check_blocks(resblock: str, *, kernel_sizes: Sequence[int], dilation_sizes: Sequence[Sequence[int]]) -> None:
    if resblock not in ("1", "2"):
        raise ConfigError("unknown kind of residual block", found=repr(resblock), wanted='"1" or "2"')
    if len(kernel_sizes) != len(dilation_sizes) or not kernel_sizes or any(size % 2 == 0 for size in kernel_sizes):
        raise ConfigError(
            "the residual blocks' kernels and dilations do not fit together",
            found=f"kernels {list(kernel_sizes)}, {len(dilation_sizes)} lists of dilations",
            wanted="odd kernels and one list of dilations for each",
        )
