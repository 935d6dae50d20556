"""The section ``model`` of the settings: widths and options of every network."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import pydantic
from pydantic import Field

from emotts.ranges import Heads, Kernel, Layers, OptionalWidth, Width
from emotts.schema import BelowOne, Integers, IntegerTable, RuleError, Settings

__all__ = [
    "SCALE_GROUP_CHANNELS",
    "DurationDiscriminatorSettings",
    "HifiGanSettings",
    "IstftSettings",
    "ModelSettings",
    "MultiPeriodSettings",
    "MultiResolutionSettings",
    "SynthesizerSettings",
    "SynthesizerWidths",
]

SCALE_GROUP_CHANNELS = 4
"""Input channels of one group in the scale discriminator's strided layers."""
_MAX_KERNEL = 63
Widths = Annotated[tuple[Width, ...], Field(strict=False, min_length=1, max_length=32)]


class HifiGanSettings(Settings):
    """Widths of :class:`emotts.model.decoder_hifigan.HifiGanDecoder`."""

    resblock: Literal["1", "2"]
    resblock_kernel_sizes: Integers
    resblock_dilation_sizes: IntegerTable
    upsample_rates: Integers
    upsample_initial_channels: Width
    upsample_kernel_sizes: Integers

    @pydantic.model_validator(mode="after")
    def _blocks(self) -> HifiGanSettings:
        kernels, dilations = self.resblock_kernel_sizes, self.resblock_dilation_sizes
        if any(size % 2 == 0 or size > _MAX_KERNEL for size in kernels):
            raise RuleError(
                f"resblock_kernel_sizes {list(kernels)} must be odd and at most {_MAX_KERNEL}",
                key=["resblock_kernel_sizes"],
            )
        if len(kernels) != len(dilations):
            raise RuleError(
                f"{len(kernels)} resblock_kernel_sizes need as many lists of dilations, not {len(dilations)}",
                key=["resblock_dilation_sizes"],
            )
        return self

    @pydantic.model_validator(mode="after")
    def _upsampling(self) -> HifiGanSettings:
        rates, kernels = self.upsample_rates, self.upsample_kernel_sizes
        if len(rates) != len(kernels):
            raise RuleError(
                f"{len(rates)} upsample_rates need as many kernels, not {len(kernels)}", key=["upsample_kernel_sizes"]
            )
        if any(kernel < rate or (kernel - rate) % 2 for rate, kernel in zip(rates, kernels, strict=True)):
            raise RuleError(
                f"upsample_kernel_sizes {list(kernels)} must each be the rate in {list(rates)} or more by an even "
                "number",
                key=["upsample_kernel_sizes"],
            )
        if self.upsample_initial_channels < 2 ** len(rates):
            raise RuleError(
                f"upsample_initial_channels ({self.upsample_initial_channels}) cannot be halved {len(rates)} times",
                key=["upsample_initial_channels"],
            )
        return self


class IstftSettings(Settings):
    """Widths of :class:`emotts.model.decoder_istft.IstftDecoder`."""

    channels: Width
    """Width of the blocks."""
    hidden_channels: Width
    """Width inside a block."""
    n_layers: Layers
    """Number of blocks."""
    pitch_channels: Width
    """Width of the two blocks that predict the pitch."""
    n_fft: Annotated[int, Field(ge=4, le=65_536)]
    """Length in samples of the windows in which harmonics are shaped."""
    noise_n_fft: Annotated[int, Field(ge=4, le=65_536)]
    """Length in samples of the windows in which noise is shaped."""
    noise_frames: Annotated[int, Field(gt=0, le=64)]
    """Gains of the noise a frame: 4 let it change four times as often as the harmonics."""
    modulate_blocks: bool
    """Let the voice also scale and shift the norm of every block."""

    def check_hop(self, hop_length: int) -> None:
        """Raise RuleError where the windows do not fit frames of ``hop_length`` samples."""
        if hop_length % self.noise_frames:
            raise RuleError(
                f"istft.noise_frames ({self.noise_frames}) must divide the hop length {hop_length}",
                key=["istft", "noise_frames"],
            )
        grids = {"n_fft": hop_length, "noise_n_fft": hop_length // self.noise_frames}
        for name, hop in grids.items():
            n_fft = getattr(self, name)
            if n_fft % 2 or (n_fft - hop) % 2 or hop > n_fft // 2:
                raise RuleError(
                    f"istft.{name} ({n_fft}) must be even and at least twice the distance of its windows, {hop} "
                    "samples, which is even",
                    key=["istft", name],
                )


class SynthesizerWidths(Settings):
    """The widths and options of :class:`emotts.model.synthesizer.Synthesizer` that can be chosen freely."""

    renamed: ClassVar = {"text_voice": "condition_text_encoder", "text_ignores_voice": "mute_text_condition"}
    speaker_channels: Width
    emotion_channels: OptionalWidth
    latent_channels: Width
    hidden_channels: Width
    """Width of the text encoder and of what the duration predictors read."""
    bert_channels: OptionalWidth
    """Of the BERT features; 0: no such input. MeloTTS has 1024 and, for ``ja_bert``, 768."""
    ja_bert_channels: OptionalWidth
    text_filter_channels: Width
    text_n_heads: Heads
    text_n_layers: Layers
    text_kernel_size: Kernel
    text_dropout: BelowOne
    condition_text_encoder: bool
    """Whether the text encoder has a layer for the voice embedding."""
    mute_text_condition: bool
    """Feed zeros to that layer, so that the text side is the same for every voice (``use_vc``)."""
    posterior_channels: Width
    posterior_kernel_size: Kernel
    posterior_n_layers: Layers
    flow: Literal["transformer", "residual"]
    """The networks inside the flow's steps; "residual" are WaveNets."""
    flow_n_steps: Layers
    flow_channels: Width
    flow_n_layers: Layers
    flow_kernel_size: Kernel
    flow_filter_channels: Width
    """This, heads and dropout only concern the transformer flow."""
    flow_n_heads: Heads
    flow_dropout: BelowOne
    flow_shared: bool
    """One network serves all steps of the flow."""
    duration_filter_channels: Width
    duration_kernel_size: Kernel
    duration_dropout: BelowOne
    stochastic_duration_n_steps: Layers
    reference_norm: bool
    """Layer norm in front of the reference encoder (``norm_refenc``)."""
    decoder: Literal["hifigan", "istft"]
    hifigan: HifiGanSettings | None
    istft: IstftSettings | None

    @pydantic.model_validator(mode="after")
    def _one_decoder(self) -> SynthesizerWidths:
        for kind in ("hifigan", "istft"):
            if (getattr(self, kind) is not None) != (self.decoder == kind):
                raise RuleError(
                    f"{kind} must have settings exactly if it is the decoder; the decoder is {self.decoder}",
                    key=[kind],
                )
        return self

    @pydantic.model_validator(mode="after")
    def _divisible(self) -> SynthesizerWidths:
        if self.latent_channels % 2:
            raise RuleError(
                f"latent_channels ({self.latent_channels}) must be even: the flow halves them", key=["latent_channels"]
            )
        heads = [("hidden_channels", "text_n_heads")]
        if self.flow == "transformer":
            heads.append(("flow_channels", "flow_n_heads"))
        for width, count in heads:
            if getattr(self, width) % getattr(self, count):
                raise RuleError(
                    f"{width} ({getattr(self, width)}) must be a multiple of {count} ({getattr(self, count)})",
                    key=[count],
                )
        return self

    def check_hop(self, hop_length: int) -> None:
        """Raise RuleError where the decoder cannot make frames of ``hop_length`` samples."""
        if self.hifigan is not None and math.prod(self.hifigan.upsample_rates) != hop_length:
            rates = self.hifigan.upsample_rates
            raise RuleError(
                f"upsample_rates {list(rates)} multiply to {math.prod(rates)}, not to the hop length {hop_length}",
                key=["hifigan", "upsample_rates"],
            )
        if self.istft is not None:
            self.istft.check_hop(hop_length)


class SynthesizerSettings(SynthesizerWidths):
    """Everything that :class:`emotts.model.synthesizer.Synthesizer` is built from."""

    n_symbols: Width
    n_tones: Width
    n_languages: Width
    n_speakers: OptionalWidth
    """0: a reference encoder reads the speaker from a spectrogram."""
    n_emotions: OptionalWidth
    """0: no emotions; then ``emotion_channels`` is 0 as well."""
    spectrogram_bins: Annotated[int, Field(gt=0, le=32_769)]
    hop_length: Annotated[int, Field(gt=0, le=65_536)]
    hifigan: HifiGanSettings | None = None
    istft: IstftSettings | None = None

    @pydantic.model_validator(mode="after")
    def _fits(self) -> SynthesizerSettings:
        if (self.n_emotions > 0) != (self.emotion_channels > 0):
            raise RuleError(
                "n_emotions and emotion_channels must both be 0 or both be positive: "
                f"{self.n_emotions} emotions, {self.emotion_channels} channels",
                key=["emotion_channels"],
            )
        self.check_hop(self.hop_length)
        return self

    @property
    def voice_channels(self) -> int:
        """Channels of the voice embedding: the speaker's and the emotion's."""
        return self.speaker_channels + self.emotion_channels


class MultiPeriodSettings(Settings):
    """Widths of :class:`emotts.model.discriminator_period.MultiPeriodDiscriminator`."""

    periods: Integers
    period_channels: Widths
    scale_channels: Annotated[tuple[Width, ...], Field(strict=False, max_length=32)]
    """Empty: no scale discriminator."""
    use_spectral_norm: bool

    @pydantic.model_validator(mode="after")
    def _groups(self) -> MultiPeriodSettings:
        widths = self.scale_channels
        groups = [max(1, before // SCALE_GROUP_CHANNELS) for before in widths[:-2]]
        pairs = zip(groups, widths, widths[1:], strict=False)
        fits = all(before % each == 0 and after % each == 0 for each, before, after in pairs)
        if widths and (len(widths) < 2 or not fits):
            raise RuleError(
                f"scale_channels {list(widths)} must be two widths or more, each divisible by a quarter of the one "
                "before it",
                key=["scale_channels"],
            )
        return self


class MultiResolutionSettings(Settings):
    """Widths of :class:`emotts.model.discriminator_resolution.MultiResolutionDiscriminator`."""

    resolutions: IntegerTable
    channels: Width
    n_strided: Annotated[int, Field(gt=0, le=16)]
    use_spectral_norm: bool

    @pydantic.model_validator(mode="after")
    def _lengths(self) -> MultiResolutionSettings:
        for resolution in self.resolutions:
            n_fft, hop_length, win_length = resolution if len(resolution) == 3 else (0, 1, 1)
            if hop_length > n_fft or win_length > n_fft or hop_length % 2 or n_fft % 2:
                raise RuleError(
                    f"resolutions: {list(resolution)} must be n_fft, hop and window in samples, n_fft and hop even, "
                    "hop and window at most n_fft",
                    key=["resolutions"],
                )
        return self


class DurationDiscriminatorSettings(Settings):
    """Widths of :class:`emotts.model.discriminator_duration.DurationDiscriminator`."""

    filter_channels: Width
    kernel_size: Kernel
    dropout: BelowOne


class ModelSettings(Settings):
    """All networks of a training."""

    synthesizer: SynthesizerWidths
    multi_period: MultiPeriodSettings
    multi_resolution: MultiResolutionSettings | None
    duration_discriminator: DurationDiscriminatorSettings

    @pydantic.model_validator(mode="after")
    def _emotions(self) -> ModelSettings:
        if self.synthesizer.emotion_channels == 0:
            raise RuleError("synthesizer.emotion_channels must be positive", key=["synthesizer", "emotion_channels"])
        return self
