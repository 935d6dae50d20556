"""The multi-period discriminator: of the waveform folded by several periods, and of the waveform itself.

Source: Kong, Kim and Bae, HiFi-GAN, 2020 (periods); Kumar et al., MelGAN, 2019 (scale).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from emotts.errors import ConfigError
from emotts.model.discriminator_output import DiscriminatorOutput
from emotts.model.settings import SCALE_GROUP_CHANNELS
from emotts.model.weight_norm import normalise

__all__ = ["MultiPeriodDiscriminator", "PeriodDiscriminator", "ScaleDiscriminator"]

_SLOPE = 0.1
_PERIOD_STRIDE = 3
_SCALE_STRIDE = 4


class ScaleDiscriminator(nn.Module):
    """Looks at the waveform with wide, grouped, strided convolutions.

    Args:
        channels: of the layers: a first one, strided ones (stride 4, kernel 41, groups of four input
            channels), and a last one; at least two numbers.
        use_spectral_norm: spectral instead of weight normalisation.
    """

    def __init__(self, channels: Sequence[int], *, use_spectral_norm: bool) -> None:
        super().__init__()
        _check_scale_channels(channels)
        first, *middle, last = channels
        layers = [nn.Conv1d(1, first, 15, padding=7)]
        before = first
        for after in middle:
            groups = max(1, before // SCALE_GROUP_CHANNELS)
            layers.append(nn.Conv1d(before, after, 41, stride=_SCALE_STRIDE, padding=20, groups=groups))
            before = after
        layers.append(nn.Conv1d(before, last, 5, padding=2))
        self.convs = nn.ModuleList(normalise(layer, use_spectral_norm=use_spectral_norm) for layer in layers)
        self.output_conv = normalise(nn.Conv1d(last, 1, 3, padding=1), use_spectral_norm=use_spectral_norm)

    def forward(self, waveform: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return logits (batch, position) and the feature maps (batch, channel, position) of a (batch, 1, sample)."""
        return _run(self.convs, self.output_conv, waveform)


class PeriodDiscriminator(nn.Module):
    """Looks at every ``period``-th sample: the waveform becomes rows of ``period`` samples, read column by column.

    Args:
        period: distance of the samples that are seen together.
        channels: of the layers; all but the last have stride 3.
        use_spectral_norm: spectral instead of weight normalisation.
    """

    def __init__(self, period: int, channels: Sequence[int], *, use_spectral_norm: bool) -> None:
        super().__init__()
        self.period = period
        self.convs = nn.ModuleList()
        before = 1
        for index, after in enumerate(channels):
            stride = _PERIOD_STRIDE if index < len(channels) - 1 else 1
            layer = nn.Conv2d(before, after, (5, 1), stride=(stride, 1), padding=(2, 0))
            self.convs.append(normalise(layer, use_spectral_norm=use_spectral_norm))
            before = after
        output_conv = nn.Conv2d(before, 1, (3, 1), padding=(1, 0))
        self.output_conv = normalise(output_conv, use_spectral_norm=use_spectral_norm)

    def forward(self, waveform: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return logits (batch, position) and maps (batch, channel, row, column) of a waveform (batch, 1, sample)."""
        missing = -waveform.shape[2] % self.period
        padded = F.pad(waveform, (0, missing), mode="reflect") if missing else waveform
        rows = padded.reshape(padded.shape[0], 1, -1, self.period)
        return _run(self.convs, self.output_conv, rows)


class MultiPeriodDiscriminator(nn.Module):
    """One scale discriminator, then one period discriminator a period, as MeloTTS has them.

    Args:
        periods: periods in samples, without common factors so that the parts see different things.
        period_channels: layer widths of every period discriminator (published: 32, 128, 512, 1024, 1024).
        scale_channels: layer widths of the scale discriminator (published: 16, 64, 256, 1024, 1024, 1024);
            empty for none.
        use_spectral_norm: spectral instead of weight normalisation.
    """

    def __init__(
        self,
        *,
        periods: Sequence[int],
        period_channels: Sequence[int],
        scale_channels: Sequence[int],
        use_spectral_norm: bool,
    ) -> None:
        super().__init__()
        if not period_channels or not all(period > 0 for period in periods) or not (periods or scale_channels):
            raise ConfigError(
                "the multi-period discriminator has nothing to look at",
                found=f"periods {list(periods)}, widths {list(period_channels)} and {list(scale_channels)}",
                wanted="positive periods and at least one layer",
            )
        self.parts = nn.ModuleList()
        if scale_channels:
            self.parts.append(ScaleDiscriminator(scale_channels, use_spectral_norm=use_spectral_norm))
        self.parts.extend(
            PeriodDiscriminator(period, period_channels, use_spectral_norm=use_spectral_norm) for period in periods
        )

    def forward(self, waveform: Tensor) -> DiscriminatorOutput:
        """Score a waveform (batch, 1, sample); every item by itself, so real and generated may share a batch."""
        answers = [part(waveform) for part in self.parts]
        return DiscriminatorOutput([logits for logits, _ in answers], [maps for _, maps in answers])


def _run(convs: nn.ModuleList, output_conv: nn.Module, hidden: Tensor) -> tuple[Tensor, list[Tensor]]:
    maps = []
    for conv in convs:
        hidden = F.leaky_relu_(conv(hidden), _SLOPE)
        maps.append(hidden)
    hidden = output_conv(hidden)
    maps.append(hidden)
    return hidden.flatten(1), maps


def _check_scale_channels(channels: Sequence[int]) -> None:
    pairs = list(itertools.pairwise(channels[:-1]))
    grouped = [max(1, before // SCALE_GROUP_CHANNELS) for before, _ in pairs]
    fits = all(
        before % groups == 0 and after % groups == 0 for (before, after), groups in zip(pairs, grouped, strict=True)
    )
    if len(channels) < 2 or not fits:
        raise ConfigError(
            "the scale discriminator's widths do not fit its groups of four channels",
            found=str(list(channels)),
            wanted="at least two widths, each divisible by a quarter of the one before it",
        )
