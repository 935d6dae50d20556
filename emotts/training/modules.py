"""The networks of a run, set up for the device, the precision and the number of processes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, cast

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from torch import nn

from emotts.errors import ConfigError
from emotts.features.spectrogram import Spectrogram
from emotts.model.synthesizer import Synthesizer
from emotts.training.adversary import DurationAdversary, WaveformAdversary
from emotts.training.ema import ExponentialMovingAverage
from emotts.training.phases.phase import set_trainable
from emotts.training.phases.registry import PHASES
from emotts.training.schedule import ColumnRate, parameter_groups
from emotts.training.settings import TrainSettings

__all__ = ["TrainingModules", "TrainingNetworks", "make_fabric", "set_up_modules"]


@dataclass(frozen=True)
class TrainingNetworks:
    """The networks that a run trains, as they were built.

    ``fresh`` names the synthesizer's parameters that did not come from a base checkpoint, each with
    its first new input column (0: wholly new); None if it starts from nothing.
    ``waveform_discriminators`` maps names (``multi_period`` ...) to networks that give logits and feature
    maps. ``spectrogram`` is that of ``emotts.features``, and ``mel`` its :class:`MelSpectrograms`.
    """

    synthesizer: Synthesizer
    waveform_discriminators: Mapping[str, nn.Module]
    duration_discriminator: nn.Module | None
    spectrogram: Spectrogram
    mel: nn.Module
    fresh: Mapping[str, int] | None = None


@dataclass(frozen=True)
class TrainingModules:
    """The networks of a run, ready to be trained; ``networks`` are the bare ones, by their name in a checkpoint.

    What is frozen in the run's phase has no adversary and no optimizer, but goes into the checkpoints.
    """

    generator: nn.Module
    synthesizer: Synthesizer
    ema: ExponentialMovingAverage
    waveform_adversaries: Mapping[str, WaveformAdversary]
    duration_adversary: DurationAdversary | None
    discriminators: Mapping[str, nn.Module]
    spectrogram: Spectrogram
    mel: nn.Module
    generator_optimizer: torch.optim.Optimizer
    discriminator_optimizer: torch.optim.Optimizer | None
    columns: ColumnRate

    @property
    def ema_synthesizer(self) -> Synthesizer:
        """The averaged synthesizer, in evaluation mode."""
        return cast(Synthesizer, self.ema.network)

    @property
    def learning_discriminators(self) -> dict[str, nn.Module]:
        """The discriminators that take part in the run's phase, by name."""
        learning = set(self.waveform_adversaries) | ({"duration"} if self.duration_adversary is not None else set())
        return {name: network for name, network in self.discriminators.items() if name in learning}

    @property
    def networks(self) -> dict[str, nn.Module]:
        """Every network that a checkpoint holds, by name."""
        return {"model": self.synthesizer, "ema": self.ema.network, **self.discriminators}


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


def set_up_modules(fabric: Fabric, networks: TrainingNetworks, *, settings: TrainSettings) -> TrainingModules:
    """Move the networks to the device and make the optimizers, adversaries and average of the settings' phase."""
    phase = PHASES[settings.phase]
    synthesizer = networks.synthesizer.train()
    set_trainable(synthesizer, learning=phase.parts)
    groups, columns = parameter_groups(synthesizer, fresh=networks.fresh)
    generator = fabric.setup_module(phase.call(synthesizer))
    # after the wrapper, which gives every process the weights of the first one
    ema = ExponentialMovingAverage(synthesizer, decay=settings.ema_decay)
    discriminators = {name: network.to(fabric.device) for name, network in networks.waveform_discriminators.items()}
    adversaries = {
        name: WaveformAdversary(fabric.setup_module(network.train()), bare=network)
        for name, network in (discriminators.items() if phase.decodes else ())
    }
    duration_adversary: DurationAdversary | None = None
    if networks.duration_discriminator is not None:
        bare = discriminators["duration"] = networks.duration_discriminator.to(fabric.device).train()
        duration_adversary = DurationAdversary(fabric.setup_module(bare), bare=bare) if phase.aligns else None
    generator_optimizer = _optimizer(groups, settings, rate=settings.learning_rate)
    return TrainingModules(
        generator=generator,
        synthesizer=synthesizer,
        ema=ema,
        waveform_adversaries=adversaries,
        duration_adversary=duration_adversary,
        discriminators=discriminators,
        spectrogram=networks.spectrogram.to(fabric.device),
        mel=networks.mel.to(fabric.device),
        generator_optimizer=cast(torch.optim.Optimizer, fabric.setup_optimizers(generator_optimizer)),
        discriminator_optimizer=_discriminator_optimizer(
            fabric,
            [
                *(adversary.bare for adversary in adversaries.values()),
                *([duration_adversary.bare] if duration_adversary else []),
            ],
            settings=settings,
        ),
        columns=columns,
    )


def _discriminator_optimizer(
    fabric: Fabric, networks: Sequence[nn.Module], *, settings: TrainSettings
) -> torch.optim.Optimizer | None:
    """Return the optimizer of the discriminators that learn, None without any."""
    weights = list(chain.from_iterable(network.parameters() for network in networks))
    if not weights:
        return None
    groups = [{"params": weights, "name": "discriminators"}]
    optimizer = _optimizer(groups, settings, rate=settings.discriminator_learning_rate)
    return cast(torch.optim.Optimizer, fabric.setup_optimizers(optimizer))


def _optimizer(groups: list[dict[str, Any]], settings: TrainSettings, *, rate: float) -> torch.optim.AdamW:
    return torch.optim.AdamW(
        groups,
        lr=rate,
        betas=(settings.beta_1, settings.beta_2),
        eps=settings.eps,
        weight_decay=settings.weight_decay,
        fused=True,
    )


def _precision(name: Literal["auto", "32", "bf16", "16"]) -> Literal["32-true", "bf16-mixed", "16-mixed"]:
    """Return Fabric's name of a precision."""
    if name == "auto":
        name = "bf16" if _multiplies_bfloat16() else "32"
    if name == "32":
        return "32-true"
    return "bf16-mixed" if name == "bf16" else "16-mixed"


def _multiplies_bfloat16() -> bool:
    """Return whether the device that trains has instructions for products of bfloat16 (AMX or AVX-512 BF16)."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))
