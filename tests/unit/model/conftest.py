"""Toy and compact settings for the tests of the networks."""

from __future__ import annotations

from typing import Any

import pytest

from emotts.model.settings import SynthesizerSettings

TOY: dict[str, Any] = {
    "n_symbols": 20,
    "n_tones": 4,
    "n_languages": 3,
    "n_speakers": 3,
    "n_emotions": 0,
    "speaker_channels": 6,
    "emotion_channels": 0,
    "spectrogram_bins": 17,
    "hop_length": 16,
    "latent_channels": 8,
    "hidden_channels": 8,
    "bert_channels": 10,
    "ja_bert_channels": 6,
    "text_filter_channels": 12,
    "text_n_heads": 2,
    "text_n_layers": 3,
    "text_kernel_size": 3,
    "text_dropout": 0.1,
    "condition_text_encoder": True,
    "mute_text_condition": False,
    "posterior_channels": 8,
    "posterior_kernel_size": 5,
    "posterior_n_layers": 2,
    "flow": "transformer",
    "flow_n_steps": 2,
    "flow_channels": 8,
    "flow_n_layers": 3,
    "flow_kernel_size": 5,
    "flow_filter_channels": 12,
    "flow_n_heads": 2,
    "flow_dropout": 0.1,
    "flow_shared": False,
    "duration_filter_channels": 12,
    "duration_kernel_size": 3,
    "duration_dropout": 0.5,
    "stochastic_duration_n_steps": 4,
    "reference_norm": False,
    "decoder": "istft",
    "istft": {
        "channels": 8,
        "hidden_channels": 12,
        "n_layers": 2,
        "pitch_channels": 4,
        "n_fft": 64,
        "noise_n_fft": 64,
        "noise_frames": 1,
        "modulate_blocks": False,
    },
}
HIFIGAN: dict[str, Any] = {
    "resblock": "1",
    "resblock_kernel_sizes": [3, 7],
    "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
    "upsample_rates": [4, 4],
    "upsample_initial_channels": 16,
    "upsample_kernel_sizes": [8, 8],
}
COMPACT: dict[str, Any] = {
    "n_symbols": 219,
    "n_tones": 16,
    "n_languages": 10,
    "n_speakers": 1,
    "n_emotions": 7,
    "speaker_channels": 64,
    "emotion_channels": 64,
    "spectrogram_bins": 513,
    "hop_length": 256,
    "latent_channels": 96,
    "hidden_channels": 96,
    "bert_channels": 0,
    "ja_bert_channels": 0,
    "text_filter_channels": 384,
    "text_n_heads": 2,
    "text_n_layers": 4,
    "text_kernel_size": 3,
    "text_dropout": 0.1,
    "condition_text_encoder": True,
    "mute_text_condition": False,
    "posterior_channels": 96,
    "posterior_kernel_size": 5,
    "posterior_n_layers": 8,
    "flow": "residual",
    "flow_n_steps": 4,
    "flow_channels": 96,
    "flow_n_layers": 3,
    "flow_kernel_size": 5,
    "flow_filter_channels": 192,
    "flow_n_heads": 2,
    "flow_dropout": 0.0,
    "flow_shared": False,
    "duration_filter_channels": 128,
    "duration_kernel_size": 3,
    "duration_dropout": 0.3,
    "stochastic_duration_n_steps": 4,
    "reference_norm": False,
    "decoder": "istft",
    "istft": {
        "channels": 256,
        "hidden_channels": 768,
        "n_layers": 6,
        "pitch_channels": 128,
        "n_fft": 1024,
        "noise_n_fft": 1024,
        "noise_frames": 1,
        "modulate_blocks": True,
    },
}
"""Widths for two cores, chosen by profile."""


@pytest.fixture
def compact() -> SynthesizerSettings:
    """Return settings of the size that two cores train and one speaks with."""
    return SynthesizerSettings.from_dict(COMPACT)


@pytest.fixture
def toy() -> Any:
    """Return a maker of toy settings: keyword arguments replace values of TOY."""

    def make(**changes: Any) -> SynthesizerSettings:
        values = {**TOY, **changes}
        if values["decoder"] == "hifigan":
            values.pop("istft")
            values.setdefault("hifigan", HIFIGAN)
        return SynthesizerSettings.from_dict(values)

    return make
