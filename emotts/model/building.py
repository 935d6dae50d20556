"""Builds the parts of a synthesizer from its settings."""

from __future__ import annotations

from torch import nn

from emotts.errors import ConfigError
from emotts.model.conditioning import VoiceConditioning
from emotts.model.decoder_hifigan import HifiGanDecoder
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.duration import DurationPredictor
from emotts.model.flow import CouplingFlow
from emotts.model.posterior_encoder import PosteriorEncoder
from emotts.model.settings import SynthesizerSettings
from emotts.model.stochastic_duration import StochasticDurationPredictor
from emotts.model.text_encoder import TextEncoder

__all__ = [
    "build_decoder",
    "build_duration_predictor",
    "build_flow",
    "build_posterior_encoder",
    "build_stochastic_duration_predictor",
    "build_text_encoder",
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


def build_text_encoder(settings: SynthesizerSettings) -> TextEncoder:
    """Return the text encoder."""
    return TextEncoder(
        n_symbols=settings.n_symbols,
        n_tones=settings.n_tones,
        n_languages=settings.n_languages,
        bert_channels=settings.bert_channels,
        ja_bert_channels=settings.ja_bert_channels,
        latent_channels=settings.latent_channels,
        channels=settings.hidden_channels,
        filter_channels=settings.text_filter_channels,
        n_heads=settings.text_n_heads,
        n_layers=settings.text_n_layers,
        kernel_size=settings.text_kernel_size,
        dropout=settings.text_dropout,
        voice_channels=settings.voice_channels if settings.text_voice else 0,
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


def build_flow(settings: SynthesizerSettings) -> CouplingFlow:
    """Return the flow."""
    return CouplingFlow(
        settings.latent_channels,
        kind=settings.flow,
        n_steps=settings.flow_n_steps,
        channels=settings.flow_channels,
        n_layers=settings.flow_n_layers,
        kernel_size=settings.flow_kernel_size,
        filter_channels=settings.flow_filter_channels,
        n_heads=settings.flow_n_heads,
        dropout=settings.flow_dropout,
        shared=settings.flow_shared,
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


def build_decoder(settings: SynthesizerSettings) -> nn.Module:
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
            channels=settings.istft.channels,
            hidden_channels=settings.istft.hidden_channels,
            n_layers=settings.istft.n_layers,
            pitch_channels=settings.istft.pitch_channels,
            n_fft=settings.istft.n_fft,
            hop_length=settings.hop_length,
            voice_channels=settings.voice_channels,
            modulate_blocks=settings.istft.modulate_blocks,
        )
    raise ConfigError("no decoder is set", found=settings.decoder)
