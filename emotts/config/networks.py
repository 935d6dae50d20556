"""The sections about the networks."""

from __future__ import annotations

from typing import Literal

from emotts.config.types import Momentum, NaturalInt, PositiveInt, Section

__all__ = [
    "DurationDiscriminatorSection",
    "HifiGanSection",
    "IstftSection",
    "ModelSection",
    "MultiPeriodSection",
    "MultiResolutionSection",
    "SynthesizerSection",
]


class HifiGanSection(Section):
    resblock: Literal["1", "2"]
    resblock_kernel_sizes: list[PositiveInt]
    resblock_dilation_sizes: list[list[PositiveInt]]
    upsample_rates: list[PositiveInt]
    upsample_initial_channels: PositiveInt
    upsample_kernel_sizes: list[PositiveInt]


class IstftSection(Section):
    channels: PositiveInt
    hidden_channels: PositiveInt
    n_layers: PositiveInt
    pitch_channels: PositiveInt
    n_fft: PositiveInt
    modulate_blocks: bool


class SynthesizerSection(Section):
    speaker_channels: PositiveInt
    emotion_channels: PositiveInt
    latent_channels: PositiveInt
    hidden_channels: PositiveInt
    bert_channels: NaturalInt
    ja_bert_channels: NaturalInt
    text_filter_channels: PositiveInt
    text_n_heads: PositiveInt
    text_n_layers: PositiveInt
    text_kernel_size: PositiveInt
    text_dropout: Momentum
    text_voice: bool
    text_ignores_voice: bool
    posterior_channels: PositiveInt
    posterior_kernel_size: PositiveInt
    posterior_n_layers: PositiveInt
    flow: Literal["transformer", "residual"]
    flow_n_steps: PositiveInt
    flow_channels: PositiveInt
    flow_n_layers: PositiveInt
    flow_kernel_size: PositiveInt
    flow_filter_channels: PositiveInt
    flow_n_heads: PositiveInt
    flow_dropout: Momentum
    flow_shared: bool
    duration_filter_channels: PositiveInt
    duration_kernel_size: PositiveInt
    duration_dropout: Momentum
    stochastic_duration_n_steps: PositiveInt
    reference_norm: bool
    decoder: Literal["hifigan", "istft"]
    hifigan: HifiGanSection | None
    istft: IstftSection | None


class MultiPeriodSection(Section):
    periods: list[PositiveInt]
    period_channels: list[PositiveInt]
    scale_channels: list[PositiveInt]
    use_spectral_norm: bool


class MultiResolutionSection(Section):
    resolutions: list[list[PositiveInt]]
    channels: PositiveInt
    n_strided: PositiveInt
    use_spectral_norm: bool


class DurationDiscriminatorSection(Section):
    filter_channels: PositiveInt
    kernel_size: PositiveInt
    dropout: Momentum


class ModelSection(Section):
    synthesizer: SynthesizerSection
    multi_period: MultiPeriodSection
    multi_resolution: MultiResolutionSection | None
    duration_discriminator: DurationDiscriminatorSection
