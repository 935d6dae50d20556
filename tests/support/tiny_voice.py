"""A voice of random weights, so small that it speaks at once."""

from __future__ import annotations

from typing import Any

import torch

from emotts.checkpoint.speaking_style import SpeakingStyle
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.text.symbols import SYMBOLS

__all__ = ["DESCRIPTION", "SETTINGS", "make_synthesizer", "speaking_style"]

SETTINGS: dict[str, Any] = {
    "n_symbols": len(SYMBOLS),
    "n_tones": 16,
    "n_languages": 10,
    "n_speakers": 1,
    "n_emotions": 7,
    "speaker_channels": 4,
    "emotion_channels": 4,
    "spectrogram_bins": 33,
    "hop_length": 16,
    "latent_channels": 8,
    "hidden_channels": 8,
    "bert_channels": 0,
    "ja_bert_channels": 0,
    "text_filter_channels": 8,
    "text_n_heads": 2,
    "text_n_layers": 3,
    "text_kernel_size": 3,
    "text_dropout": 0.0,
    "condition_text_encoder": True,
    "mute_text_condition": False,
    "posterior_channels": 8,
    "posterior_kernel_size": 3,
    "posterior_n_layers": 1,
    "flow": "residual",
    "flow_n_steps": 2,
    "flow_channels": 8,
    "flow_n_layers": 1,
    "flow_kernel_size": 3,
    "flow_filter_channels": 8,
    "flow_n_heads": 2,
    "flow_dropout": 0.0,
    "flow_shared": False,
    "duration_filter_channels": 8,
    "duration_kernel_size": 3,
    "duration_dropout": 0.0,
    "stochastic_duration_n_steps": 2,
    "reference_norm": False,
    "decoder": "istft",
    "istft": {
        "channels": 8,
        "hidden_channels": 8,
        "n_layers": 1,
        "pitch_channels": 4,
        "n_fft": 64,
        "noise_n_fft": 64,
        "noise_frames": 1,
        "modulate_blocks": True,
    },
}


def speaking_style(**changes: Any) -> SpeakingStyle:
    """Return how a voice speaks whose durations are always the same; ``changes`` win."""
    values = {
        "noise_scale": 0.5,
        "duration_noise_scale": 0.5,
        "sdp_ratio": 0.0,
        "length_scale": 1.0,
        "duration_rounding": "up",
        "pitch_range": 1.0,
        "pause_rule": "added",
        "pause_s": 0.25,
    }
    return SpeakingStyle.from_dict({**values, **changes})


DESCRIPTION = VoiceDescription(
    language="KR",
    sample_rate_hz=16000,
    emotion_names=("neutral", "happy", "sad", "angry", "depressed", "surprised", "fearful"),
    trained_emotions=("neutral", "happy", "sad"),
    speakers=("yuna",),
    symbols=tuple(SYMBOLS),
    speaking=speaking_style(),
    audio={"hop_length": 16},
)


def make_synthesizer(**changes: Any) -> Synthesizer:
    """Return the networks of the voice, or of changed settings; every call gives the same weights."""
    torch.manual_seed(3)
    synthesizer = Synthesizer(SynthesizerSettings.from_dict({**SETTINGS, **changes}))
    with torch.no_grad():
        for parameter in synthesizer.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return synthesizer
