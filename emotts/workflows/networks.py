"""The networks of a training, built from the settings."""

from __future__ import annotations

from torch import nn

from emotts.features.mel_spectrograms import MelSpectrograms
from emotts.features.spectrogram import MelSpectrogram, Spectrogram
from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_period import MultiPeriodDiscriminator
from emotts.model.discriminator_resolution import MultiResolutionDiscriminator
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.settings import Params
from emotts.text.symbols import N_LANGUAGES, N_TONES, SYMBOLS
from emotts.training.modules import TrainingNetworks
from emotts.training.randomness import seed_everything

__all__ = ["build_discriminators", "build_networks", "synthesizer_settings"]


def synthesizer_settings(params: Params, *, n_speakers: int) -> SynthesizerSettings:
    """Return the synthesizer's settings: ``model.synthesizer``, and what follows from text, sound and emotions."""
    return SynthesizerSettings.from_dict(
        {
            **params.model.synthesizer.model_dump(),
            "n_symbols": len(SYMBOLS),
            "n_tones": N_TONES,
            "n_languages": N_LANGUAGES,
            "n_speakers": n_speakers,
            "n_emotions": len(params.emotions),
            "spectrogram_bins": params.audio.n_fft // 2 + 1,
            "hop_length": params.audio.hop_length,
        }
    )


def build_networks(params: Params, settings: SynthesizerSettings) -> TrainingNetworks:
    """Build the networks of a training run with random weights that follow from the project's seed."""
    seed_everything(params.project.seed)
    audio = params.audio
    spectrogram = {"n_fft": audio.n_fft, "hop_length": audio.hop_length, "win_length": audio.win_length}
    mel = MelSpectrogram(
        sample_rate_hz=audio.sample_rate_hz,
        **spectrogram,
        n_mels=audio.n_mels,
        f_min_hz=audio.mel_f_min_hz,
        f_max_hz=audio.mel_f_max_hz,
    )
    synthesizer = Synthesizer(settings)
    waveform_discriminators, duration_discriminator = build_discriminators(params, settings)
    return TrainingNetworks(
        synthesizer=synthesizer,
        waveform_discriminators=waveform_discriminators,
        duration_discriminator=duration_discriminator,
        spectrogram=Spectrogram(**spectrogram),
        mel=MelSpectrograms(mel, windows=params.train.mel_windows, sample_rate_hz=audio.sample_rate_hz),
    )


def build_discriminators(
    params: Params, settings: SynthesizerSettings
) -> tuple[dict[str, nn.Module], DurationDiscriminator]:
    """Build the discriminators of waveforms, by name, and that of durations."""
    model = params.model
    of_waveforms: dict[str, nn.Module] = {"multi_period": MultiPeriodDiscriminator(**model.multi_period.model_dump())}
    if model.multi_resolution is not None:
        of_waveforms["multi_resolution"] = MultiResolutionDiscriminator(**model.multi_resolution.model_dump())
    return of_waveforms, DurationDiscriminator(
        settings.hidden_channels,
        **model.duration_discriminator.model_dump(),
        voice_channels=settings.voice_channels,
    )
