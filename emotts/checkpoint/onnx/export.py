"""Exports a voice as ``text.onnx`` and ``decoder.onnx``, which other programs speak with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from emotts.checkpoint.onnx.decoder_graph import HifiGanGraph, IstftGraph
from emotts.checkpoint.onnx.int8 import int8_bytes, require_istft
from emotts.checkpoint.onnx.text_graph import TextGraph
from emotts.checkpoint.onnx.trial import check_speech
from emotts.checkpoint.onnx.writing import onnx_bytes, require_packages
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice
from emotts.checkpoint.writing import write_checkpoint_file
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.spoken_length import MAX_FRAMES
from emotts.model.synthesizer import Synthesizer
from emotts.model.weight_norm import fold_weight_norm
from emotts.text.symbols import LANGUAGE_IDS, TONE_OFFSETS

__all__ = ["DECODER_FILE", "INT8_FILE", "TEXT_FILE", "export_onnx"]

TEXT_FILE, DECODER_FILE, INT8_FILE = "text.onnx", "decoder.onnx", "decoder.int8.onnx"
_FORMAT = "emotts-onnx-1"
_TOKENS = 15
_FRAMES = 20
_SEED = 0


def export_onnx(voice: Path, folder: Path, *, int8: bool = False) -> None:
    """Write the two graphs of a voice, which speak in each of its emotions; docs/onnx.md has their inputs.

    Args:
        voice: an export, a checkpoint, or the folder of a run's checkpoints.
        folder: where to write to, made where missing.
        int8: write the second graph once more, smaller and faster, with weights of 8 bits.

    Raises:
        ConfigError: if a package for ONNX is missing, or the decoder is none for 8 bits.
        CheckpointError: if there is no voice, or it cannot be written as ONNX, or the graphs do not speak as it does.
    """
    require_packages()
    synthesizer, description = read_voice(voice)
    if int8:
        require_istft(synthesizer.decoder, where=voice)
    fold_weight_norm(synthesizer.eval())
    random = torch.Generator().manual_seed(_SEED)
    text = _text_bytes(synthesizer, description, random=random, where=voice)
    decoder = _decoder_bytes(synthesizer, description, random=random, where=voice)
    if int8:
        write_checkpoint_file(folder / INT8_FILE, int8_bytes(decoder))
    write_checkpoint_file(folder / DECODER_FILE, decoder)
    write_checkpoint_file(folder / TEXT_FILE, text)


def _text_bytes(
    synthesizer: Synthesizer, description: VoiceDescription, *, random: torch.Generator, where: Path
) -> bytes:
    graph = TextGraph(synthesizer, rounding=description.speaking.duration_rounding)
    inputs = _text_inputs(synthesizer, description, random=random)
    content = onnx_bytes(
        graph,
        inputs,
        lengths=_text_lengths(),
        outputs=("latents", "durations", "voice"),
        metadata=_metadata(synthesizer, description),
    )
    check_speech(graph, inputs, content=content, where=where)
    return content


def _decoder_bytes(
    synthesizer: Synthesizer, description: VoiceDescription, *, random: torch.Generator, where: Path
) -> bytes:
    graph, inputs = _decoder(synthesizer, random=random)
    frame = torch.export.Dim("frame", min=3, max=MAX_FRAMES)
    content = onnx_bytes(
        graph,
        inputs,
        lengths={"latents": {2: frame}, "noise": {1: synthesizer.settings.hop_length * frame}},
        outputs=("samples", "pitch") if "noise" in inputs else ("samples",),
        metadata=_metadata(synthesizer, description),
    )
    check_speech(graph, inputs, content=content, where=where)
    return content


def _text_inputs(
    synthesizer: Synthesizer, description: VoiceDescription, *, random: torch.Generator
) -> dict[str, Tensor]:
    """Return an example of every input of the first graph."""
    settings = synthesizer.settings
    language = description.language
    inputs = {
        "tokens": torch.randint(settings.n_symbols, (1, _TOKENS), generator=random),
        "tones": torch.full((1, _TOKENS), TONE_OFFSETS[language]),
        "languages": torch.full((1, _TOKENS), LANGUAGE_IDS[language]),
        "speaker": torch.zeros(1, dtype=torch.int64),
        "emotion": torch.full((1, settings.n_emotions), 1.0 / settings.n_emotions),
        "noise": torch.randn(1, settings.latent_channels, _FRAMES, generator=random),
        "duration_noise": torch.randn(1, 2, _TOKENS, generator=random),
        "noise_scale": torch.tensor(0.6),
        "duration_noise_scale": torch.tensor(0.6),
        "length_scale": torch.tensor(1.1),
        "sdp_ratio": torch.tensor(0.2),
    }
    if description.bert is not None:
        inputs["bert"] = torch.randn(1, settings.ja_bert_channels, _TOKENS, generator=random)
    return inputs


def _text_lengths() -> dict[str, dict[int, Any]]:
    token = torch.export.Dim("token", min=3)
    of_tokens = {1: token}
    rows: dict[str, dict[int, Any]] = dict.fromkeys(("tokens", "tones", "languages"), of_tokens)
    return rows | {
        "duration_noise": {2: token},
        "bert": {2: token},
        "noise": {2: torch.export.Dim("noise_frame", min=2)},
    }


def _decoder(synthesizer: Synthesizer, *, random: torch.Generator) -> tuple[nn.Module, dict[str, Tensor]]:
    """Return the second graph, and an example of every input of it."""
    settings = synthesizer.settings
    inputs = {
        "latents": torch.randn(1, settings.latent_channels, _FRAMES, generator=random),
        "voice": torch.randn(1, settings.voice_channels, 1, generator=random),
    }
    if not isinstance(synthesizer.decoder, IstftDecoder):
        return HifiGanGraph(synthesizer.decoder), inputs
    inputs["noise"] = torch.randn(1, _FRAMES * settings.hop_length, generator=random)
    inputs |= {"pitch_range": torch.tensor(1.0), "pitch_shift": torch.tensor(0.0)}
    return IstftGraph(synthesizer.decoder), inputs


def _metadata(synthesizer: Synthesizer, description: VoiceDescription) -> Mapping[str, object]:
    """Return what a program must know to speak with the graphs."""
    return {
        "format": _FORMAT,
        "sample_rate_hz": description.sample_rate_hz,
        "hop_length": synthesizer.settings.hop_length,
        "latent_channels": synthesizer.settings.latent_channels,
        "decoder": synthesizer.settings.decoder,
        "language": description.language,
        "languages": {name: {"id": LANGUAGE_IDS[name], "tone_offset": offset} for name, offset in TONE_OFFSETS.items()},
        "symbols": description.symbols,
        "speakers": description.speakers,
        "emotions": description.emotion_names,
        "trained_emotions": description.trained_emotions,
        "styles": dict(description.styles),
        "speaking": description.speaking.to_dict(),
        "bert": None if description.bert is None else description.bert.model,
    }
