"""MeloTTS's ``config.json`` as the settings of our synthesizer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from emotts.checkpoint.json_file import read_json
from emotts.checkpoint.melotts.options import Options
from emotts.errors import CheckpointError, ConfigError
from emotts.model.settings import HifiGanSettings, SynthesizerSettings

__all__ = ["check_matches", "model_section", "read_config", "settings_from_config", "unused_options"]

_N_LANGUAGES = 10
_N_TONES = 16
_MIN_VOICE_LAYERS = 3
"""A transformer that reads the voice does so at its third layer."""
_TRANSFORMER_FLOW_N_LAYERS = 3
_RESIDUAL_FLOW_N_STEPS = 4
_RESBLOCK_N_CONVS = {"1": 3, "2": 2}
_FIXED: Mapping[str, object] = MappingProxyType(
    {
        "n_emotions": 0,
        "emotion_channels": 0,
        "bert_channels": 1024,
        "ja_bert_channels": 768,
        "posterior_kernel_size": 5,
        "posterior_n_layers": 16,
        "flow_kernel_size": 5,
        "flow_shared": False,
        "duration_filter_channels": 256,
        "duration_kernel_size": 3,
        "duration_dropout": 0.5,
        "stochastic_duration_n_steps": 4,
        "decoder": "hifigan",
    }
)
"""Settings for which MeloTTS has no option."""

_NOT_OURS = frozenset(
    {
        "use_sdp",
        "use_noise_scaled_mas",
        "mas_noise_scale_initial",
        "noise_scale_delta",
        "use_duration_discriminator",
        "use_spectral_norm",
        "n_layers_q",
    }
)
"""Options that concern the training or the discriminators, or nothing at all: no weight depends on them."""


def read_config(path: Path) -> dict[str, Any]:
    """Read a ``config.json``.

    Raises:
        CheckpointError: if it is missing, is not JSON, or lacks a section.
    """
    found = read_json(path, what="the configuration cannot be read", remedy="take MeloTTS's config.json")
    kinds = {"model": dict, "data": dict, "symbols": list}
    unfit = [key for key, kind in kinds.items() if not isinstance(found.get(key), kind)]
    if not unfit and not (found["symbols"] and all(isinstance(symbol, str) for symbol in found["symbols"])):
        unfit = ["symbols"]
    if unfit:
        raise CheckpointError(
            "this is no MeloTTS configuration",
            where=path,
            found=f"no {', '.join(unfit)}",
            wanted="the sections model and data, and the list symbols",
        )
    return found


def unused_options(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names in the ``model`` section that nobody knows; MeloTTS passes over them."""
    options = Options(config["model"], prefix="model.", where=Path("config.json"))
    _settings(config, options)
    return tuple(sorted(set(config["model"]) - options.read - _NOT_OURS))


def settings_from_config(config: Mapping[str, Any], *, where: Path) -> SynthesizerSettings:
    """Return the settings that MeloTTS would build its synthesizer with.

    Raises:
        CheckpointError: if an option is missing, of the wrong type, or not supported.
    """
    try:
        return _settings(config, Options(config["model"], prefix="model.", where=where))
    except ConfigError as error:
        raise CheckpointError("the configuration cannot be used", where=where, found=error) from error


def model_section(settings: SynthesizerSettings) -> dict[str, object]:
    """Return the options of MeloTTS's ``model`` section that describe a synthesizer with a HiFi-GAN decoder.

    What MeloTTS has no option for is left to :func:`check_matches`.
    """
    hifigan = settings.hifigan
    if hifigan is None:
        raise CheckpointError("MeloTTS has no such decoder", found=settings.decoder, wanted="hifigan")
    transformer = settings.flow == "transformer"
    return {
        "use_spk_conditioned_encoder": settings.condition_text_encoder,
        "use_vc": settings.mute_text_condition,
        "norm_refenc": settings.reference_norm,
        "inter_channels": settings.latent_channels,
        "hidden_channels": settings.hidden_channels,
        "filter_channels": settings.text_filter_channels,
        "n_heads": settings.text_n_heads,
        "n_layers": settings.text_n_layers,
        "kernel_size": settings.text_kernel_size,
        "p_dropout": settings.text_dropout,
        "use_transformer_flow": transformer,
        "n_flow_layer": settings.flow_n_steps if transformer else settings.flow_n_layers,
        "n_layers_trans_flow": settings.flow_n_layers if transformer else _TRANSFORMER_FLOW_N_LAYERS,
        "resblock": hifigan.resblock,
        "resblock_kernel_sizes": list(hifigan.resblock_kernel_sizes),
        "resblock_dilation_sizes": [list(entry) for entry in hifigan.resblock_dilation_sizes],
        "upsample_rates": list(hifigan.upsample_rates),
        "upsample_initial_channel": hifigan.upsample_initial_channels,
        "upsample_kernel_sizes": list(hifigan.upsample_kernel_sizes),
        "gin_channels": settings.speaker_channels,
    }


def check_matches(config: Mapping[str, Any], settings: SynthesizerSettings) -> None:
    """Raise CheckpointError if ``config`` describes another model than ``settings``, or one MeloTTS cannot build."""
    if settings.flow == "transformer" and settings.flow_n_layers != _TRANSFORMER_FLOW_N_LAYERS:
        raise CheckpointError(
            "MeloTTS builds its transformer flow with three layers a step and no other number",
            found=f"flow_n_layers: {settings.flow_n_layers}",
            wanted=_TRANSFORMER_FLOW_N_LAYERS,
        )
    described = settings_from_config(config, where=Path("config.json"))
    differing = [
        f"{name}: {value!r} (model: {settings.to_dict().get(name)!r})"
        for name, value in described.to_dict().items()
        if settings.to_dict().get(name) != value
    ]
    if differing:
        raise CheckpointError("the configuration describes another model", found="; ".join(differing))


def _settings(config: Mapping[str, Any], options: Options) -> SynthesizerSettings:
    data = Options(config["data"], prefix="data.", where=options.where)
    _refuse_unsupported(options, data)
    top = Options(config, prefix="", where=options.where)
    hidden_channels = options.count("hidden_channels")
    values = {
        **_FIXED,
        **_text_values(options),
        **_flow_values(options),
        "hifigan": _hifigan(options),
        "n_symbols": len(config["symbols"]),
        "n_tones": top.count("num_tones", _N_TONES),
        "n_languages": top.count("num_languages", _N_LANGUAGES),
        "n_speakers": data.count("n_speakers", least=0),
        "spectrogram_bins": data.count("filter_length") // 2 + 1,
        "hop_length": data.count("hop_length"),
        "speaker_channels": options.get("gin_channels", int, 256),
        "reference_norm": options.get("norm_refenc", bool, False),
        "latent_channels": options.count("inter_channels"),
        "hidden_channels": hidden_channels,
        "posterior_channels": hidden_channels,
    }
    return SynthesizerSettings.from_dict(values)


def _text_values(options: Options) -> dict[str, object]:
    return {
        "text_filter_channels": options.count("filter_channels"),
        "text_n_heads": options.count("n_heads"),
        "text_n_layers": options.count("n_layers"),
        "text_kernel_size": options.count("kernel_size"),
        "text_dropout": _dropout(options),
        "condition_text_encoder": options.get("use_spk_conditioned_encoder", bool, True),
        "mute_text_condition": options.get("use_vc", bool, False),
    }


def _flow_values(options: Options) -> dict[str, object]:
    transformer = options.get("use_transformer_flow", bool, True)
    n_flow = options.count("n_flow_layer", 4)
    n_layers = options.count("n_layers_trans_flow", 6)
    return {
        "flow": "transformer" if transformer else "residual",
        "flow_n_steps": n_flow if transformer else _RESIDUAL_FLOW_N_STEPS,
        "flow_n_layers": n_layers if transformer else n_flow,
        "flow_channels": options.count("hidden_channels"),
        "flow_filter_channels": options.count("filter_channels"),
        "flow_n_heads": options.count("n_heads"),
        "flow_dropout": _dropout(options),
    }


def _hifigan(options: Options) -> HifiGanSettings:
    resblock = options.get("resblock", str)
    kind: Literal["1", "2"] = "1" if resblock == "1" else "2"
    dilations = options.count_lists("resblock_dilation_sizes")
    n_convs = _RESBLOCK_N_CONVS[kind]
    if any(len(entry) < n_convs for entry in dilations):
        raise CheckpointError(
            f"residual block {kind} needs {n_convs} dilations for every kernel size",
            where=options.where,
            found=[list(entry) for entry in dilations],
        )
    return HifiGanSettings.from_dict(
        {
            "resblock": kind,
            "resblock_kernel_sizes": options.counts("resblock_kernel_sizes"),
            "resblock_dilation_sizes": tuple(entry[:n_convs] for entry in dilations),
            "upsample_rates": options.counts("upsample_rates"),
            "upsample_initial_channels": options.count("upsample_initial_channel"),
            "upsample_kernel_sizes": options.counts("upsample_kernel_sizes"),
        }
    )


def _dropout(options: Options) -> float:
    dropout = options.get("p_dropout", float)
    if not 0.0 <= dropout <= 1.0:
        raise CheckpointError(
            "option model.p_dropout cannot be used", where=options.where, found=dropout, wanted="from 0 to 1"
        )
    return dropout


def _refuse_unsupported(options: Options, data: Options) -> None:
    """Raise CheckpointError for options with which the original cannot be built or means something else."""
    mel = "use_mel_posterior_encoder"
    transformer_flow = options.get("use_transformer_flow", bool, True)
    refused = [
        (options, mel, "a posterior encoder that reads mel spectra is not supported"),
        (data, mel, "a posterior encoder that reads mel spectra is not supported"),
    ]
    if transformer_flow:  # a residual flow passes over it
        reason = "one network for all steps of the flow has never been part of MeloTTS: its code for it does not exist"
        refused.append((options, "flow_share_parameter", reason))
    for section, name, reason in refused:
        if section.get(name, bool, False):
            found = f"{section.prefix}{name} = true"
            raise CheckpointError(reason, where=options.where, found=found, wanted="false")
    conditioned = options.get("use_spk_conditioned_encoder", bool, True)
    if conditioned and options.count("n_layers") < _MIN_VOICE_LAYERS:
        raise CheckpointError(
            "a text encoder that reads the voice does so at its third layer",
            where=options.where,
            found=f"model.n_layers = {options.count('n_layers')}",
            wanted=f"at least {_MIN_VOICE_LAYERS}",
        )
    n_flow_layers = options.count("n_layers_trans_flow", 6)
    if transformer_flow and n_flow_layers < _TRANSFORMER_FLOW_N_LAYERS:
        raise CheckpointError(
            "a transformer flow reads the voice at the third layer of each step",
            where=options.where,
            found=f"model.n_layers_trans_flow = {n_flow_layers}",
            wanted=f"at least {_TRANSFORMER_FLOW_N_LAYERS}",
        )
