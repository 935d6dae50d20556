"""The ``config.json`` of a corpus in MeloTTS's format, with the emotions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.audio.settings import AudioSettings
from emotts.emotions.emotion_set import EmotionSet
from emotts.files import write_text

__all__ = ["CorpusBasis", "corpus_config", "melotts_config", "write_config"]

_N_LANGUAGES = 10
_N_TONES = 16
_SEGMENT_SAMPLES = 16384


@dataclass(frozen=True)
class CorpusBasis:
    """What every corpus of a project has in common.

    Attributes:
        emotions: the emotion set of the project.
        audio: of the wavs.
        seed: of the split.
    """

    emotions: EmotionSet
    audio: AudioSettings
    seed: int


def melotts_config(
    *,
    audio: AudioSettings,
    model: Mapping[str, Any] | None = None,
    speakers: Sequence[str],
    symbols: Sequence[str],
    emotions: EmotionSet,
    seed: int,
) -> dict[str, Any]:
    """Return the configuration: sections train, data, model; symbols; ``emotions`` as name to id.

    Args:
        audio: of the wavs.
        model: entries of the section ``model`` that differ from MeloTTS's published ones.
        speakers: names in the order of their ids.
        symbols: the symbol table in the order of the ids.
        emotions: the emotion set of the project.
        seed: seed of the project.
    """
    hop_length = audio.hop_length
    return {
        "train": _train_section(seed=seed, segment_size=max(1, _SEGMENT_SAMPLES // hop_length) * hop_length),
        "data": _data_section(audio, speakers),
        "model": {**_model_section(hop_length), **(model or {})},
        "num_languages": _N_LANGUAGES,
        "num_tones": _N_TONES,
        "symbols": list(symbols),
        "emotions": {name: index for index, name in enumerate(emotions.names)},
    }


def corpus_config(basis: CorpusBasis, *, speakers: Sequence[str], symbols: Sequence[str]) -> dict[str, Any]:
    """Return :func:`melotts_config` of a corpus that follows the project."""
    return melotts_config(
        audio=basis.audio, speakers=speakers, symbols=symbols, emotions=basis.emotions, seed=basis.seed
    )


def write_config(path: Path, config: Mapping[str, Any]) -> None:
    """Write a configuration, whole or not at all."""
    write_text(path, json.dumps(config, ensure_ascii=False, indent=2) + "\n")


def _train_section(*, seed: int, segment_size: int) -> dict[str, Any]:
    return {
        "log_interval": 200,
        "eval_interval": 1000,
        "seed": seed,
        "epochs": 10000,
        "learning_rate": 0.0003,
        "betas": [0.8, 0.99],
        "eps": 1e-09,
        "batch_size": 6,
        "fp16_run": False,
        "lr_decay": 0.999875,
        "segment_size": segment_size,
        "init_lr_ratio": 1,
        "warmup_epochs": 0,
        "c_mel": 45,
        "c_kl": 1.0,
        "skip_optimizer": True,
    }


def _data_section(audio: AudioSettings, speakers: Sequence[str]) -> dict[str, Any]:
    return {
        "training_files": "train.list",
        "validation_files": "val.list",
        "test_files": "test.list",
        "max_wav_value": 32768.0,
        "sampling_rate": audio.sample_rate_hz,
        "filter_length": audio.n_fft,
        "hop_length": audio.hop_length,
        "win_length": audio.win_length,
        "n_mel_channels": audio.n_mels,
        "mel_fmin": audio.mel_f_min_hz,
        "mel_fmax": audio.mel_f_max_hz,
        "add_blank": True,
        "n_speakers": len(speakers),
        "cleaned_text": True,
        "spk2id": {name: index for index, name in enumerate(speakers)},
        "disable_bert": True,
    }


def _model_section(hop_length: int) -> dict[str, Any]:
    rates = _upsample_rates(hop_length)
    return {
        "use_spk_conditioned_encoder": True,
        "use_noise_scaled_mas": True,
        "use_mel_posterior_encoder": False,
        "use_duration_discriminator": True,
        "inter_channels": 192,
        "hidden_channels": 192,
        "filter_channels": 768,
        "n_heads": 2,
        "n_layers": 6,
        "n_layers_trans_flow": 3,
        "kernel_size": 3,
        "p_dropout": 0.1,
        "resblock": "1",
        "resblock_kernel_sizes": [3, 7, 11],
        "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
        "upsample_rates": rates,
        "upsample_initial_channel": 512,
        "upsample_kernel_sizes": _upsample_kernels(rates),
        "n_layers_q": 3,
        "use_spectral_norm": False,
        "gin_channels": 256,
    }


def _upsample_rates(hop_length: int) -> list[int]:
    """Factor the hop as MeloTTS does: twice 8 where it can be, then small factors; 512 -> 8, 8, 2, 2, 2."""
    rates: list[int] = []
    rest = hop_length
    while rest % 8 == 0 and len(rates) < 2:
        rates.append(8)
        rest //= 8
    factor = 2
    while rest > 1:
        while rest % factor == 0:
            rates.append(factor)
            rest //= factor
        factor += 1
    return rates


def _upsample_kernels(rates: Sequence[int]) -> list[int]:
    """Twice the rate each, as HiFi-GAN has it; MeloTTS widens the first 2 to a kernel of 8."""
    kernels = [2 * rate if rate % 2 == 0 else 2 * rate + 1 for rate in rates]
    if list(rates) == [8, 8, 2, 2, 2]:
        kernels[2] = 8
        kernels[3:] = [2, 2]
    return kernels
