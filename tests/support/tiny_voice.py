"""The widths of a voice so small that it speaks at once."""

from __future__ import annotations

from typing import Any

from emotts.text.symbols import SYMBOLS

__all__ = ["SETTINGS"]

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
    "text_voice": True,
    "text_ignores_voice": False,
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
        "modulate_blocks": True,
    },
}
