"""Where a training starts: the base voice that ``base`` of ``params.yaml`` names, found, read and taken over."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

from torch import nn

from emotts import build
from emotts.checkpoint.base_voice import base_digest, read_base
from emotts.checkpoint.emotion_narrowing import with_fewer_emotion_channels
from emotts.checkpoint.load_report import LoadReport
from emotts.checkpoint.published import EMBEDDED, PUBLISHED, locate
from emotts.checkpoint.table_rows import TABLES
from emotts.checkpoint.voice_folder import VoiceDescription
from emotts.checkpoint.warm_start import warm_start, warm_start_discriminators
from emotts.config import Params
from emotts.errors import CheckpointError, ConfigError
from emotts.model.settings import SynthesizerSettings
from emotts.training.players import TrainingNetworks
from emotts.training.schedule import fresh_parameters

__all__ = ["base_folder", "base_identity", "started_networks"]

_LOG = logging.getLogger(__name__)
_OUTPUTS = (Path("models/voice"), Path("models/export"))


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


def started_networks(
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
    networks = build.training_networks(params, settings)
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
    )
    fresh = _learns_first(networks.synthesizer, base.synthesizer, report=report)
    if params.train.freeze_steps and not fresh:
        raise ConfigError(
            "nothing is new against the base voice, so nothing would learn in the frozen steps",
            where="train.freeze_steps in params.yaml",
            found=params.train.freeze_steps,
            wanted=0,
        )
    discriminators = {**networks.waveform_discriminators, "duration": networks.duration_discriminator}
    judges = {name: network for name, network in discriminators.items() if network is not None}
    report = report.joined(warm_start_discriminators(judges, base.discriminators, where=folder))
    _LOG.info("starting from %s: %s", folder, report.summary)
    for name in TABLES:
        if name in dict(report.notes):
            _LOG.info("  %s: %s", name, dict(report.notes)[name])
    return dataclasses.replace(networks, fresh=fresh), report


def _learns_first(network: nn.Module, base: nn.Module, *, report: LoadReport) -> dict[str, int]:
    """Return what learns while the rest is frozen: new columns, and tables with new rows or columns, as a whole."""
    fresh = {name: first for name, first in fresh_parameters(network, base=base).items() if name not in TABLES}
    return fresh | {name: 0 for name in TABLES if name in report.widened or name in report.fresh}
