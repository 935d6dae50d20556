"""One training step: the generator's forward, the discriminators' update, the generator's update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from emotts.errors import DivergedError
from emotts.training.adversary import GeneratorLosses
from emotts.training.batch import Batch
from emotts.training.modules import TrainingModules
from emotts.training.phases.phase import Generated, PhaseContext
from emotts.training.phases.registry import PHASES
from emotts.training.schedule import LearningRate, set_rates
from emotts.training.settings import LossWeights, TrainSettings

__all__ = ["TrainingStep"]


class TrainingStep:
    """Trains the modules on one batch after the other.

    No loss is moved to the host here, with one exception: each of the two optimizers waits for one
    bool, whether all losses and gradient norms are finite.

    Args:
        fabric: device, precision and processes.
        modules: the networks.
        settings: the run's settings.
    """

    def __init__(self, fabric: Fabric, modules: TrainingModules, *, settings: TrainSettings) -> None:
        self._fabric = fabric
        self._modules = modules
        self._settings = settings
        self._phase = PHASES[settings.phase]
        self._context = PhaseContext(modules.spectrogram, modules.mel, settings)
        self._rate = _learning_rate(settings, peak=settings.learning_rate)
        self._discriminator_rate = _learning_rate(settings, peak=settings.discriminator_learning_rate)

    def run(self, batch: Batch, *, step: int) -> dict[str, Tensor]:
        """Train on one batch at ``step`` (counted from 0) and return scalars: losses and gradient norms.

        Raises:
            DivergedError: if a loss or a gradient is not finite, before the weights are touched; it
                names the batch's files.
        """
        modules = self._modules
        generated = self._phase.run(modules.generator, batch, self._context.at_step(step))
        metrics: dict[str, Tensor] = {}
        optimizer = modules.discriminator_optimizer if self._discriminators_take_part(step) else None
        if optimizer is not None:
            metrics |= self._train_discriminators(generated, optimizer, batch=batch, step=step)
        metrics |= self._train_generator(generated, batch=batch, step=step, adversarial=optimizer is not None)
        modules.ema.update(modules.synthesizer, step=step)
        return metrics

    def learning_rates(self, step: int) -> dict[str, float]:
        """Return the learning rate of every parameter group at ``step``, by name."""
        rate, scale = self._rate.at(step), self._backbone_scale(step)
        rates = {name: rate * scale if name == "backbone" else rate for name in self._group_names()}
        if self._modules.discriminator_optimizer is not None:
            rates["discriminators"] = self._discriminator_rate.at(step)
        return rates

    def _discriminators_take_part(self, step: int) -> bool:
        since = step - self._settings.discriminator_start
        return since >= 0 and since % self._settings.discriminator_every == 0

    def _train_discriminators(
        self, generated: Generated, optimizer: torch.optim.Optimizer, *, batch: Batch, step: int
    ) -> dict[str, Tensor]:
        modules, sound, durations = self._modules, generated.waveforms, generated.durations
        losses: dict[str, Tensor] = {}
        if sound is not None:
            losses |= {
                name: adversary.discriminator_loss(real=sound.real, fake=sound.fake)
                for name, adversary in modules.waveform_adversaries.items()
            }
        if modules.duration_adversary is not None and durations is not None:
            losses["duration"] = modules.duration_adversary.discriminator_loss(
                real=durations.real, fake=durations.fake, condition=durations.condition
            )
        optimizer.zero_grad()
        self._fabric.backward(torch.stack(list(losses.values())).sum())
        norms = self._clip(optimizer, modules.learning_discriminators)
        self._check_finite(losses, norms, batch=batch, step=step)
        set_rates(optimizer, self._discriminator_rate.at(step), backbone_scale=1.0)
        optimizer.step()
        return {f"loss/discriminator/{name}": loss.detach() for name, loss in losses.items()} | _named_norms(norms)

    def _train_generator(
        self, generated: Generated, *, batch: Batch, step: int, adversarial: bool
    ) -> dict[str, Tensor]:
        modules, optimizer = self._modules, self._modules.generator_optimizer
        losses = dict(generated.losses)
        if adversarial:
            losses |= self._adversarial_losses(generated)
        total = _weighted_sum(losses, self._settings.weights)
        optimizer.zero_grad()
        self._fabric.backward(total)
        norms = self._clip(optimizer, {"generator": modules.synthesizer})
        self._check_finite(losses, norms, batch=batch, step=step)
        scale = self._backbone_scale(step)
        set_rates(optimizer, self._rate.at(step), backbone_scale=scale)
        modules.columns.before_step()
        optimizer.step()
        modules.columns.after_step(scale)
        metrics = {f"loss/{name}": loss.detach() for name, loss in losses.items()}
        return metrics | {"loss/total": total.detach()} | _named_norms(norms)

    def _adversarial_losses(self, generated: Generated) -> dict[str, Tensor]:
        modules, sound, durations = self._modules, generated.waveforms, generated.durations
        losses: dict[str, Tensor] = {}
        with self._fabric.autocast():
            if sound is not None:
                adversaries = modules.waveform_adversaries.values()
                losses |= _summed([each.generator_loss(real=sound.real, fake=sound.fake) for each in adversaries])
            if modules.duration_adversary is not None and durations is not None:
                losses["duration_adversarial"] = modules.duration_adversary.generator_loss(
                    real=durations.real, fake=durations.fake, condition=durations.condition
                ).adversarial
        return losses

    def _clip(self, optimizer: torch.optim.Optimizer, networks: Mapping[str, nn.Module]) -> dict[str, Tensor]:
        """Bound every network's gradient norm and return the norms from before."""
        self._fabric.strategy.precision.unscale_gradients(optimizer)
        return {
            name: torch.nn.utils.clip_grad_norm_(network.parameters(), self._settings.max_grad_norm)
            for name, network in networks.items()
        }

    def _check_finite(
        self, losses: Mapping[str, Tensor], norms: Mapping[str, Tensor], *, batch: Batch, step: int
    ) -> None:
        # float16 gradients overflow now and then: the gradient scaler skips such a step by itself
        scaled = getattr(self._fabric.strategy.precision, "scaler", None) is not None
        checked = dict(losses) if scaled else {**losses, **{f"gradient of {name}": norms[name] for name in norms}}
        finite = torch.isfinite(torch.stack([value.detach().float() for value in checked.values()]))
        if bool(finite.all()):
            return
        bad = [name for name, is_finite in zip(checked, finite.tolist(), strict=True) if not is_finite]
        raise DivergedError(
            f"training diverged at step {step}: {', '.join(bad)} is not finite; no weight was changed by it",
            found=", ".join(f"{name} {float(checked[name].detach())}" for name in bad),
            where=f"batch of {', '.join(batch.wavs)}",
            remedy="check these files with `emotts check`; else lower train.learning_rate or train.max_grad_norm",
        )

    def _backbone_scale(self, step: int) -> float:
        return 0.0 if step < self._settings.freeze_steps else self._settings.backbone_lr_scale

    def _group_names(self) -> list[str]:
        return [str(group["name"]) for group in self._modules.generator_optimizer.param_groups]


def _summed(asked: Sequence[GeneratorLosses]) -> dict[str, Tensor]:
    sums = {}
    if asked:
        sums["adversarial"] = torch.stack([losses.adversarial for losses in asked]).sum()
    maps = [losses.feature_matching for losses in asked if losses.feature_matching is not None]
    if maps:
        sums["feature_matching"] = torch.stack(maps).sum()
    return sums


def _weighted_sum(losses: Mapping[str, Tensor], weights: LossWeights) -> Tensor:
    return torch.stack([getattr(weights, name) * loss for name, loss in losses.items()]).sum()


def _named_norms(norms: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"gradient_norm/{name}": norm.detach() for name, norm in norms.items()}


def _learning_rate(settings: TrainSettings, *, peak: float) -> LearningRate:
    return LearningRate(
        peak,
        warmup_steps=settings.warmup_steps,
        steps=settings.steps,
        decay=settings.lr_decay,
        final_fraction=settings.lr_min_factor,
    )
