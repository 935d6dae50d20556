"""Two small voices for ONNX, one of each decoder, which differ in all that the graphs depend on."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import torch
from support.tiny_voice import DESCRIPTION, SETTINGS

from emotts.checkpoint.voice_folder import write_voice
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.text.bert.features import BertOrigin

__all__ = ["BERT_CHANNELS", "VOICES", "write_onnx_voice"]

BERT_CHANNELS = 5
_SMALL = {"n_speakers": 2, "n_emotions": 7, "text_n_layers": 1, "flow_n_steps": 1}
_COMPACT = {
    **_SMALL,
    "ja_bert_channels": BERT_CHANNELS,
    "istft": {**SETTINGS["istft"], "noise_n_fft": 32, "noise_frames": 2},
}
_FULL = {
    **_SMALL,
    "flow": "transformer",
    "bert_channels": 6,
    "ja_bert_channels": BERT_CHANNELS,
    "mute_text_condition": True,
    "decoder": "hifigan",
    "istft": None,
    "hifigan": {
        "resblock": "1",
        "resblock_kernel_sizes": [3, 5],
        "resblock_dilation_sizes": [[1, 3], [1]],
        "upsample_rates": [4, 4],
        "upsample_initial_channels": 8,
        "upsample_kernel_sizes": [8, 8],
    },
}
VOICES: dict[str, dict[str, Any]] = {"compact": _COMPACT, "full": _FULL}
"""Settings by name. The first reads BERT features and rounds durations so that they add up; the second speaks without
noise, has a transformer in its flow, and MeloTTS's rounding."""


def write_onnx_voice(name: str, folder: Path) -> None:
    """Write a voice of random weights; every call writes the same."""
    torch.manual_seed(5)
    synthesizer = Synthesizer(SynthesizerSettings.from_dict({**SETTINGS, **VOICES[name]}))
    with torch.no_grad():
        for part, parameter in synthesizer.named_parameters():
            spread = 1.0 if part.startswith("decoder.") and name == "full" else 0.1
            parameter.add_(spread * torch.randn_like(parameter))
    speaking = {"sdp_ratio": 0.3, "pitch_range": 1.2, "duration_rounding": "cumulative"}
    if name == "full":
        speaking = {"sdp_ratio": 0.3, "noise_scale": 0.0, "duration_noise_scale": 0.0}
    description = dataclasses.replace(
        DESCRIPTION,
        speakers=("yuna", "minsu"),
        speaking=DESCRIPTION.speaking.model_copy(update=speaking),
        bert=BertOrigin("someone/bert", "0" * 8) if name == "compact" else None,
        styles={"wistful": "sad 0.6"},
    )
    write_voice(folder, synthesizer, description)
