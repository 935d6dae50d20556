"""Builds parts of a synthesizer from its settings."""

from __future__ import annotations

from emotts.errors import ConfigError
from emotts.model.conditioning import VoiceConditioning
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.duration import DurationPredictor
from emotts.model.posterior_encoder import PosteriorEncoder
from emotts.model.settings import SynthesizerSettings
from emotts.model.stochastic_duration import StochasticDurationPredictor

__all__ = [
    "build_decoder",
    "build_duration_predictor",
    "build_posterior_encoder",
    "build_stochastic_duration_predictor",
    "build_voice",
]


def build_voice(settings: SynthesizerSettings) -> VoiceConditioning:
    """Return the speaker table or reference encoder, with the emotion table."""
    return VoiceConditioning(
        n_speakers=settings.n_speakers,
        speaker_channels=settings.speaker_channels,
        n_emotions=settings.n_emotions,
        emotion_channels=settings.emotion_channels,
        spectrogram_bins=settings.spectrogram_bins,
        use_reference_norm=settings.reference_norm,
    )


def build_posterior_encoder(settings: SynthesizerSettings) -> PosteriorEncoder:
    """Return the posterior encoder."""
    return PosteriorEncoder(
        settings.spectrogram_bins,
        latent_channels=settings.latent_channels,
        channels=settings.posterior_channels,
        kernel_size=settings.posterior_kernel_size,
        n_layers=settings.posterior_n_layers,
        voice_channels=settings.voice_channels,
    )


def build_duration_predictor(settings: SynthesizerSettings) -> DurationPredictor:
    """Return the deterministic duration predictor."""
    return DurationPredictor(
        settings.hidden_channels,
        filter_channels=settings.duration_filter_channels,
        kernel_size=settings.duration_kernel_size,
        dropout=settings.duration_dropout,
        voice_channels=settings.voice_channels,
    )


def build_stochastic_duration_predictor(settings: SynthesizerSettings) -> StochasticDurationPredictor:
    """Return the stochastic duration predictor."""
    return StochasticDurationPredictor(
        settings.hidden_channels,
        kernel_size=settings.duration_kernel_size,
        dropout=settings.duration_dropout,
        n_steps=settings.stochastic_duration_n_steps,
        voice_channels=settings.voice_channels,
    )


def build_decoder(settings: SynthesizerSettings) -> HifiGanDecoder | IstftDecoder:
    """Return the decoder that the settings choose."""
    if settings.hifigan is not None:
        return HifiGanDecoder(
            settings.latent_channels,
            resblock=settings.hifigan.resblock,
            resblock_kernel_sizes=settings.hifigan.resblock_kernel_sizes,
            resblock_dilation_sizes=settings.hifigan.resblock_dilation_sizes,
            upsample_rates=settings.hifigan.upsample_rates,
            upsample_initial_channels=settings.hifigan.upsample_initial_channels,
            upsample_kernel_sizes=settings.hifigan.upsample_kernel_sizes,
            voice_channels=settings.voice_channels,
        )
    if settings.istft is not None:
        return IstftDecoder(
            settings.latent_channels,
            settings.istft,
            hop_length=settings.hop_length,
            voice_channels=settings.voice_channels,
        )
    raise ConfigError("no decoder is set", found=settings.decoder)
