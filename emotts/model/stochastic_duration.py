"""The stochastic duration predictor: a flow over log durations, with variational dequantisation.

Source: Kim, Kong and Son, VITS, 2021, section 2.2.2 and appendix A.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.model.spline import rational_quadratic_spline

__all__ = ["StochasticDurationPredictor"]

_N_BINS = 10
_BOUND = 5.0
_N_LAYERS = 3
_MIN_DURATION = 1e-5
_LOG_TWO_PI = math.log(2.0 * math.pi)


class DilatedSeparableConvs(nn.Module):
    """Depthwise convolutions of growing dilation and pointwise ones, on residual paths."""

    def __init__(self, channels: int, *, kernel_size: int, dropout: float) -> None:
        super().__init__()
        dilations = [kernel_size**layer for layer in range(_N_LAYERS)]
        self.depthwise = nn.ModuleList(
            nn.Conv1d(
                channels,
                channels,
                kernel_size,
                groups=channels,
                dilation=dilation,
                padding=(kernel_size - 1) * dilation // 2,
            )
            for dilation in dilations
        )
        self.pointwise = nn.ModuleList(nn.Conv1d(channels, channels, 1) for _ in dilations)
        self.depthwise_norms = nn.ModuleList(nn.LayerNorm(channels) for _ in dilations)
        self.pointwise_norms = nn.ModuleList(nn.LayerNorm(channels) for _ in dilations)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Return a tensor of the shape of ``hidden`` (batch, channel, token); ``mask`` float (batch, 1, token)."""
        layers = zip(self.depthwise, self.depthwise_norms, self.pointwise, self.pointwise_norms, strict=True)
        for depthwise, depthwise_norm, pointwise, pointwise_norm in layers:
            inner = depthwise(hidden * mask).transpose(1, 2).contiguous()
            inner = F.gelu(depthwise_norm(inner))
            inner = F.linear(inner, pointwise.get_parameter("weight").squeeze(2), pointwise.get_parameter("bias"))
            inner = F.gelu(pointwise_norm(inner))
            hidden = hidden + self.dropout(inner).transpose(1, 2)
        return hidden * mask


class AffineStep(nn.Module):
    """A learned shift and log scale for each of the two channels."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(2, 1))
        self.log_scale = nn.Parameter(torch.zeros(2, 1))

    def forward(self, pair: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the scaled pair (batch, 2, token) and the log determinant (batch,)."""
        return (self.shift + self.log_scale.exp() * pair) * mask, (self.log_scale * mask).sum(dim=(1, 2))

    def invert(self, pair: Tensor, mask: Tensor) -> Tensor:
        """Return the pair that :meth:`forward` maps to ``pair``."""
        return (pair - self.shift) * (-self.log_scale).exp() * mask


class SplineStep(nn.Module):
    """Bends the second channel by a spline whose shape is read from the first and from the text."""

    def __init__(self, channels: int, *, kernel_size: int) -> None:
        super().__init__()
        self.scale = channels**-0.5
        self.input_conv = nn.Conv1d(1, channels, 1)
        self.convs = DilatedSeparableConvs(channels, kernel_size=kernel_size, dropout=0.0)
        self.output_conv = nn.Conv1d(channels, 3 * _N_BINS - 1, 1)
        for parameter in self.output_conv.parameters():
            nn.init.zeros_(parameter)

    def forward(self, pair: Tensor, mask: Tensor, *, condition: Tensor, inverse: bool = False) -> tuple[Tensor, Tensor]:
        """Return the bent pair (batch, 2, token) and the log determinant (batch,).

        Args:
            pair: (batch, 2, token).
            mask: float (batch, 1, token).
            condition: (batch, hidden, token).
            inverse: undo the bending.
        """
        kept, bent = pair.chunk(2, dim=1)
        hidden = self.convs(self.input_conv(kept) + condition, mask)
        raw = (self.output_conv(hidden) * mask).transpose(1, 2).unsqueeze(1)
        bent, log_slope = rational_quadratic_spline(
            bent,
            raw_widths=raw[..., :_N_BINS] * self.scale,
            raw_heights=raw[..., _N_BINS : 2 * _N_BINS] * self.scale,
            raw_slopes=raw[..., 2 * _N_BINS :],
            bound=_BOUND,
            inverse=inverse,
        )
        return torch.cat((kept, bent), dim=1) * mask, (log_slope * mask).sum(dim=(1, 2))


class DurationFlow(nn.Module):
    """An affine step, then spline steps with the two channels swapped after each."""

    def __init__(self, channels: int, *, kernel_size: int, n_steps: int) -> None:
        super().__init__()
        self.affine = AffineStep()
        self.splines = nn.ModuleList(SplineStep(channels, kernel_size=kernel_size) for _ in range(n_steps))

    def forward(self, pair: Tensor, mask: Tensor, *, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mapped pair (batch, 2, token) and the log determinant (batch,)."""
        pair, log_determinant = self.affine(pair, mask)
        for spline in self.splines:
            pair, step_log_determinant = spline(pair, mask, condition=condition)
            pair = pair.flip(1)
            log_determinant = log_determinant + step_log_determinant
        return pair, log_determinant

    def invert(self, pair: Tensor, mask: Tensor, *, condition: Tensor) -> Tensor:
        """Map back, leaving out the first spline, which cannot change the durations; as the family does."""
        for spline in reversed(self.splines[1:]):
            pair, _ = spline(pair.flip(1), mask, condition=condition, inverse=True)
        return self.affine.invert(pair.flip(1), mask)


class StochasticDurationPredictor(nn.Module):
    """Gives durations a likelihood in training, and draws them when speaking; its gradient stays inside it."""

    def __init__(self, channels: int, *, kernel_size: int, dropout: float, n_steps: int, voice_channels: int) -> None:
        super().__init__()
        self.input_conv = nn.Conv1d(channels, channels, 1)
        self.voice_projection = nn.Conv1d(voice_channels, channels, 1) if voice_channels else None
        self.convs = DilatedSeparableConvs(channels, kernel_size=kernel_size, dropout=dropout)
        self.output_conv = nn.Conv1d(channels, channels, 1)
        self.flow = DurationFlow(channels, kernel_size=kernel_size, n_steps=n_steps)
        self.duration_input_conv = nn.Conv1d(1, channels, 1)
        self.duration_convs = DilatedSeparableConvs(channels, kernel_size=kernel_size, dropout=dropout)
        self.duration_output_conv = nn.Conv1d(channels, channels, 1)
        self.posterior_flow = DurationFlow(channels, kernel_size=kernel_size, n_steps=n_steps)

    def forward(
        self, token_hidden: Tensor, token_mask: Tensor, *, durations: Tensor, voice_embedding: Tensor | None
    ) -> Tensor:
        """Return the bound on the negative log likelihood of ``durations``, summed over tokens: (batch,).

        Args:
            token_hidden: (batch, hidden, token); detached here.
            token_mask: bool (batch, 1, token).
            durations: (batch, 1, token) in frames.
            voice_embedding: (batch, voice, 1) or None; detached here.
        """
        mask = token_mask.to(token_hidden.dtype)
        condition = self._condition(token_hidden, mask, voice_embedding=voice_embedding)
        hidden = self.duration_convs(self.duration_input_conv(durations), mask)
        duration_condition = self.duration_output_conv(hidden) * mask
        noise = torch.randn_like(mask.expand(-1, 2, -1)) * mask
        drawn, log_determinant = self.posterior_flow(noise, mask, condition=condition + duration_condition)
        raw_part, second = drawn.chunk(2, dim=1)
        log_determinant = log_determinant + _sum((F.logsigmoid(raw_part) + F.logsigmoid(-raw_part)) * mask)
        log_posterior = _log_normal(noise, mask) - log_determinant
        log_rest = (durations - raw_part.sigmoid() * mask).clamp_min(_MIN_DURATION).log() * mask
        pair, log_determinant = self.flow(torch.cat((log_rest, second), dim=1), mask, condition=condition)
        log_prior = _log_normal(pair, mask) + log_determinant - _sum(log_rest)
        bound: Tensor = log_posterior - log_prior
        return bound

    def sample(
        self,
        token_hidden: Tensor,
        token_mask: Tensor,
        *,
        noise_scale: float,
        voice_embedding: Tensor | None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Return drawn log durations (batch, 1, token).

        Args:
            token_hidden: (batch, hidden, token).
            token_mask: bool (batch, 1, token).
            noise_scale: of the random part; 0 gives always the same.
            voice_embedding: (batch, voice, 1) or None.
            generator: draws the random part; None: the process's own.
        """
        like = token_mask.to(token_hidden.dtype).expand(-1, 2, -1)
        noise = torch.randn_like(like, generator=generator) * noise_scale
        return self.invert(token_hidden, token_mask, noise=noise, voice_embedding=voice_embedding)

    def invert(
        self, token_hidden: Tensor, token_mask: Tensor, *, noise: Tensor, voice_embedding: Tensor | None
    ) -> Tensor:
        """Return the log durations (batch, 1, token) that the flow makes of noise (batch, 2, token)."""
        mask = token_mask.to(token_hidden.dtype)
        condition = self._condition(token_hidden, mask, voice_embedding=voice_embedding)
        log_durations: Tensor
        log_durations, _ = self.flow.invert(noise, mask, condition=condition).chunk(2, dim=1)
        return log_durations

    def _condition(self, token_hidden: Tensor, mask: Tensor, *, voice_embedding: Tensor | None) -> Tensor:
        hidden = self.input_conv(token_hidden.detach())
        if self.voice_projection is not None and voice_embedding is not None:
            hidden = hidden + self.voice_projection(voice_embedding.detach())
        condition: Tensor = self.output_conv(self.convs(hidden, mask)) * mask
        return condition


def _sum(values: Tensor) -> Tensor:
    total: Tensor = values.sum(dim=(1, 2))
    return total


def _log_normal(values: Tensor, mask: Tensor) -> Tensor:
    """Return the log density of a standard normal, summed over channels and tokens: (batch,)."""
    return _sum(-0.5 * (_LOG_TWO_PI + values**2) * mask)
