"""The base voice that a training starts from: found, read, and its weights taken over."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from emotts.checkpoint.base.reading import base_digest, read_base
from emotts.checkpoint.base.table_rows import TABLES
from emotts.checkpoint.base.warm_start import warm_start, warm_start_discriminators
from emotts.checkpoint.emotion_narrowing import with_fewer_emotion_channels
from emotts.checkpoint.load_report import LoadReport
from emotts.checkpoint.melotts.published import EMBEDDED, PUBLISHED, locate
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.errors import CheckpointError, ConfigError
from emotts.model.settings import SynthesizerSettings
from emotts.paths import EXPORT, VOICE
from emotts.settings import Params
from emotts.training.modules import TrainingNetworks
from emotts.training.schedule import fresh_parameters
from emotts.workflows.networks import build_networks

__all__ = ["base_folder", "base_identity", "networks_from_base"]

_DURATION = "duration"
_LOG = logging.getLogger(__name__)
_OUTPUTS = (VOICE, EXPORT)


def base_folder(params: Params) -> Path | None:
    """Return the folder of the project's base voice, None if training starts from random weights.

    Raises:
        CheckpointError: if a published voice was not fetched, or is not what was recorded.
        ConfigError: if the base lies in what the pipeline writes.
    """
    if params.base == "none":
        return None
    if params.base in PUBLISHED:
        return locate(PUBLISHED[params.base])
    folder = EMBEDDED.get(params.base, Path(params.base))
    if params.base in EMBEDDED and not folder.is_dir():
        raise CheckpointError(
            f"the base voice {params.base} is not there",
            where=folder,
            remedy=f"get it from the repository, or make it: emotts base train experiments/base-{params.base}.yaml",
        )
    if any(folder.resolve().is_relative_to(output.resolve()) for output in _OUTPUTS):
        raise ConfigError(
            "the pipeline itself writes to the folder of the base voice",
            where="base in params.yaml",
            found=params.base,
            remedy=f"copy it elsewhere first: cp -r {params.base} base-voice, then base: ./base-voice",
        )
    return folder


def base_identity(params: Params) -> str:
    """Return the digest of the base voice's files, ``none`` for none; raises as :func:`base_folder`."""
    folder = base_folder(params)
    return "none" if folder is None else base_digest(folder)


def networks_from_base(
    params: Params, settings: SynthesizerSettings, *, description: VoiceDescription
) -> tuple[TrainingNetworks, LoadReport | None]:
    """Build the networks of a training run, with the weights of the base voice where there is one.

    Args:
        params: the project's settings.
        settings: of the synthesizer.
        description: of the voice to be: names of its symbols, speakers and emotions.

    Returns:
        The networks, and what became of every tensor; None without a base.

    Raises:
        CheckpointError: if the base is missing, damaged or another kind of network.
        ConfigError: if ``train.freeze_steps`` would let nothing learn.
    """
    networks = build_networks(params, settings)
    folder = base_folder(params)
    if folder is None:
        return networks, None
    base = with_fewer_emotion_channels(
        read_base(folder, duration_discriminator=params.train.base_duration_discriminator), settings.emotion_channels
    )
    report = warm_start(
        networks.synthesizer,
        base,
        symbols=description.symbols,
        speakers=description.speakers,
        emotions=description.emotion_names,
        audio={name: getattr(params.audio, name) for name in base.audio},
        decoder=params.train.base_decoder,
    )
    fresh = _learns_first(networks.synthesizer, base.synthesizer, report=report)
    if params.train.freeze_steps and not fresh:
        raise _nothing_new(params.train.freeze_steps)
    listening = base.discriminators if params.train.base_decoder else _of_durations(base.discriminators)
    report = report.joined(warm_start_discriminators(_discriminators(networks), listening, where=folder))
    _log_report(report, folder)
    return dataclasses.replace(networks, fresh=fresh), report


def _of_durations(discriminators: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Mapping[str, Tensor]]:
    """Leave out the discriminators of waveforms: they know the base's decoder alone."""
    return {name: state for name, state in discriminators.items() if name == _DURATION}


def _discriminators(networks: TrainingNetworks) -> dict[str, nn.Module]:
    found = {**networks.waveform_discriminators, _DURATION: networks.duration_discriminator}
    return {name: network for name, network in found.items() if network is not None}


def _log_report(report: LoadReport, folder: Path) -> None:
    _LOG.info("starting from %s: %s", folder, report.summary)
    notes = dict(report.notes)
    for name in TABLES:
        if name in notes:
            _LOG.info("  %s: %s", name, notes[name])


def _nothing_new(freeze_steps: int) -> ConfigError:
    return ConfigError(
        "nothing is new against the base voice, so nothing would learn in the frozen steps",
        where="train.freeze_steps in params.yaml",
        found=freeze_steps,
        wanted=0,
    )


def _learns_first(network: nn.Module, base: nn.Module, *, report: LoadReport) -> dict[str, int]:
    """Return what learns while the rest is frozen: new columns, a new decoder, and tables with new rows, as a whole."""
    parameters = dict(network.named_parameters())
    fresh = {name: first for name, first in fresh_parameters(network, base=base).items() if name not in TABLES}
    fresh |= {name: 0 for name in report.fresh if name in parameters}
    return fresh | {name: 0 for name in TABLES if name in report.widened}
