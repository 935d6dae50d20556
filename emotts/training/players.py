"""The networks of a run, set up for the device, the precision and the number of processes."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies import DDPStrategy
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model.synthesizer import Synthesizer, TrainingOutput
from emotts.training.adversary import DurationAdversary, WaveformAdversary
from emotts.training.ema import ExponentialMovingAverage
from emotts.training.schedule import ColumnRate, parameter_groups
from emotts.training.settings import TrainSettings

__all__ = ["GeneratorCall", "Players", "TrainingNetworks", "make_fabric", "set_up_players"]


@dataclass(frozen=True)
class TrainingNetworks:
    """The networks that a run trains, as they were built.

    ``fresh`` names the synthesizer's parameters that did not come from a base checkpoint, each with
    its first new input column (0: wholly new); None if it starts from nothing.
    ``waveform_discriminators`` maps names (``multi_period`` ...) to networks that give logits and feature
    maps. ``spectrogram`` and ``mel`` are those of ``emotts.features``.
    """

    synthesizer: Synthesizer
    waveform_discriminators: Mapping[str, nn.Module]
    duration_discriminator: nn.Module | None
    spectrogram: nn.Module
    mel: nn.Module
    fresh: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Players:
    """The networks of a run, ready to be trained; ``networks`` are the bare ones, by their name in a checkpoint."""

    generator: nn.Module
    synthesizer: Synthesizer
    ema: ExponentialMovingAverage
    waveform_adversaries: Mapping[str, WaveformAdversary]
    duration_adversary: DurationAdversary | None
    discriminators: Mapping[str, nn.Module]
    spectrogram: nn.Module
    mel: nn.Module
    generator_optimizer: Any
    discriminator_optimizer: Any
    columns: ColumnRate

    @property
    def ema_synthesizer(self) -> Synthesizer:
        """The averaged synthesizer, in evaluation mode."""
        return cast(Synthesizer, self.ema.network)

    @property
    def networks(self) -> dict[str, nn.Module]:
        """Every network that a checkpoint holds, by name."""
        return {"model": self.synthesizer, "ema": self.ema.network, **self.discriminators}


class GeneratorCall(nn.Module):
    """The synthesizer's forward with a dict as result, which the wrappers of precision and processes can pass on."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    def forward(self, **inputs: Any) -> dict[str, Tensor]:
        output: TrainingOutput = self.synthesizer(**inputs)
        return {field.name: getattr(output, field.name) for field in dataclasses.fields(output)}


def make_fabric(settings: TrainSettings) -> Fabric:
    """Return Fabric for the settings' precision and devices; under ``torchrun`` for the processes it started.

    Raises:
        ConfigError: if more GPUs are asked for than there are.
    """
    devices, nodes = settings.devices, 1
    if torch.distributed.is_available() and torch.distributed.is_torchelastic_launched():
        devices = int(os.environ["LOCAL_WORLD_SIZE"])
        nodes = int(os.environ["WORLD_SIZE"]) // devices
    elif torch.cuda.is_available() and devices > torch.cuda.device_count():
        raise ConfigError(
            "train.devices is more than this machine has", found=devices, wanted=f"at most {torch.cuda.device_count()}"
        )
    several = devices * nodes > 1
    # a synthesizer has inputs that one corpus may leave out (BERT features), so some weights get no gradient
    strategy = DDPStrategy(find_unused_parameters=True) if several else "auto"
    return Fabric(
        accelerator="cuda" if torch.cuda.is_available() else "cpu",
        devices=devices,
        num_nodes=nodes,
        strategy=strategy,
        precision=_precision(settings.precision),
    )


def set_up_players(fabric: Fabric, networks: TrainingNetworks, *, settings: TrainSettings) -> Players:
    """Move the networks to the device and make their optimizers, adversaries and average."""
    synthesizer = networks.synthesizer.train()
    groups, columns = parameter_groups(synthesizer, fresh=networks.fresh)
    generator = fabric.setup_module(GeneratorCall(synthesizer))
    # after the wrapper, which gives every process the weights of the first one
    ema = ExponentialMovingAverage(synthesizer, decay=settings.ema_decay)
    adversaries = {}
    for name, network in networks.waveform_discriminators.items():
        adversaries[name] = WaveformAdversary(fabric.setup_module(network.train()), bare=network)
    discriminators = dict(networks.waveform_discriminators)
    duration_adversary = None
    if networks.duration_discriminator is not None:
        bare = networks.duration_discriminator.train()
        discriminators["duration"] = bare
        duration_adversary = DurationAdversary(fabric.setup_module(bare), bare=bare)
    weights = list(chain.from_iterable(network.parameters() for network in discriminators.values()))
    generator_optimizer = _optimizer(groups, settings, rate=settings.learning_rate)
    return Players(
        generator=generator,
        synthesizer=synthesizer,
        ema=ema,
        waveform_adversaries=adversaries,
        duration_adversary=duration_adversary,
        discriminators=discriminators,
        spectrogram=networks.spectrogram.to(fabric.device),
        mel=networks.mel.to(fabric.device),
        generator_optimizer=fabric.setup_optimizers(generator_optimizer),
        discriminator_optimizer=fabric.setup_optimizers(
            _optimizer(
                [{"params": weights, "name": "discriminators"}], settings, rate=settings.discriminator_learning_rate
            )
        )
        if weights
        else None,
        columns=columns,
    )


def _optimizer(groups: list[dict[str, Any]], settings: TrainSettings, *, rate: float) -> torch.optim.AdamW:
    return torch.optim.AdamW(
        groups,
        lr=rate,
        betas=(settings.beta_1, settings.beta_2),
        eps=settings.eps,
        weight_decay=settings.weight_decay,
        fused=True,
    )


def _precision(name: str) -> Any:
    if name == "auto":
        half = torch.cuda.is_available() and torch.cuda.is_bf16_supported(including_emulation=False)
        return "bf16-mixed" if half else "32-true"
    return {"32": "32-true", "bf16": "bf16-mixed", "16": "16-mixed"}[name]
