"""The straightforward way of training and speaking with the same networks: what ``full_size.py`` compares with.

It is how the original MeloTTS does it, on this library's networks and weights:

- every layer keeps the layout that comes first;
- weight normalisation is computed at every call, also for speaking;
- BERT inputs that are off are zeros, which the networks multiply;
- real and generated sound pass the discriminators one after the other, when they are trained and again for the
  generator; the generator's backward pass also computes their gradients, which nobody uses;
- AdamW with torch's default arguments; gradient norms are read parameter by parameter;
- nothing is averaged, and the memory allocator is left as it is.

The losses, their order and the random numbers are those of :class:`emotts.training.step.TrainingStep`, so the first
step gives the same losses.
"""

from __future__ import annotations

import math
from itertools import chain

import torch
from torch import Tensor, nn

from emotts.model import decoder_hifigan
from emotts.model.text_encoder import TextInputs
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.losses import discriminator_loss, feature_matching_loss, generator_loss
from emotts.training.modules import TrainingModules
from emotts.training.phases.phase import Generated, PhaseContext
from emotts.training.phases.registry import PHASES
from emotts.training.settings import TrainSettings


def use_plain_layers() -> None:
    """Let every layer of this process have the layout that torch gives it."""
    decoder_hifigan.channels_last = lambda hidden: hidden


class ZeroBert(nn.Module):
    """Calls the generator with BERT features that are all zero."""

    def __init__(self, generator: nn.Module, *, bert_channels: int, ja_bert_channels: int) -> None:
        super().__init__()
        self.generator = generator
        self.bert_channels = bert_channels
        self.ja_bert_channels = ja_bert_channels

    def forward(self, text: TextInputs, **others: object) -> dict[str, Tensor]:
        """Return what the generator returns."""
        batch_size, length = text.tokens.shape
        zeros = text._replace(
            bert=torch.zeros(batch_size, self.bert_channels, length),
            ja_bert=torch.zeros(batch_size, self.ja_bert_channels, length),
        )
        output: dict[str, Tensor] = self.generator(zeros, **others)
        return output


class StraightforwardStep:
    """One training step of everything together, on one CPU in full precision."""

    def __init__(self, modules: TrainingModules, *, settings: TrainSettings) -> None:
        if modules.duration_adversary is None:
            raise ValueError("the duration discriminator is missing")
        widths = modules.synthesizer.settings
        self.modules = modules
        self.settings = settings
        self.generator = ZeroBert(
            modules.generator, bert_channels=widths.bert_channels, ja_bert_channels=widths.ja_bert_channels
        )
        self.discriminators = {name: adversary.bare for name, adversary in modules.waveform_adversaries.items()}
        self.duration_discriminator = modules.duration_adversary.bare
        arguments = {"betas": (settings.beta_1, settings.beta_2), "eps": settings.eps}
        trained = [*self.discriminators.values(), self.duration_discriminator]
        self.discriminator_optimizer = torch.optim.AdamW(
            chain.from_iterable(discriminator.parameters() for discriminator in trained),
            lr=settings.discriminator_learning_rate,
            **arguments,
        )
        self.generator_optimizer = torch.optim.AdamW(
            modules.synthesizer.parameters(), lr=settings.learning_rate, **arguments
        )

    def run(self, batch: Batch, *, step: int) -> dict[str, Tensor]:
        """Train on one batch and return the losses, named as :class:`TrainingStep` names them."""
        settings, modules = self.settings, self.modules
        context = PhaseContext(modules.spectrogram, modules.mel, settings)
        generated = PHASES["joint"].run(self.generator, batch, context.at_step(step))
        discriminator_losses = self._discriminator_losses(generated)
        self.discriminator_optimizer.zero_grad()
        torch.stack(list(discriminator_losses.values())).sum().backward()
        gradient_norm(self.discriminators["multi_period"])
        self.discriminator_optimizer.step()
        losses = dict(generated.losses) | self._generator_losses(generated)
        weights = settings.weights.to_dict()
        self.generator_optimizer.zero_grad()
        torch.stack([weights[name] * loss for name, loss in losses.items()]).sum().backward()
        gradient_norm(modules.synthesizer)
        self.generator_optimizer.step()
        named = {f"loss/discriminator/{name}": loss for name, loss in discriminator_losses.items()}
        return {name: loss.detach() for name, loss in (named | {f"loss/{n}": v for n, v in losses.items()}).items()}

    def _discriminator_losses(self, generated: Generated) -> dict[str, Tensor]:
        sound, durations = generated.waveforms, generated.durations
        if sound is None or durations is None:
            raise ValueError("this phase generates nothing for the discriminators")
        losses = {}
        for name, discriminator in self.discriminators.items():
            on_real, _ = discriminator(sound.real)
            on_fake, _ = discriminator(sound.fake.detach())
            losses[name] = discriminator_loss(real=on_real, fake=on_fake)
        on_aligned, on_predicted = self._discriminate_durations(
            real=durations.real, fake=durations.fake.detach(), condition=durations.condition
        )
        mask = durations.condition.token_mask.transpose(1, 2)
        losses["duration"] = discriminator_loss(real=[on_aligned], fake=[on_predicted], mask=mask)
        return losses

    def _generator_losses(self, generated: Generated) -> dict[str, Tensor]:
        sound, durations = generated.waveforms, generated.durations
        if sound is None or durations is None:
            raise ValueError("this phase generates nothing for the discriminators")
        adversarial, matching = [], []
        for discriminator in self.discriminators.values():
            _, real_maps = discriminator(sound.real)
            on_fake, fake_maps = discriminator(sound.fake)
            adversarial.append(generator_loss(fake=on_fake))
            matching.append(feature_matching_loss(real=real_maps, fake=fake_maps))
        _, on_predicted = self._discriminate_durations(
            real=durations.real, fake=durations.fake, condition=durations.condition
        )
        mask = durations.condition.token_mask.transpose(1, 2)
        return {
            "adversarial": torch.stack(adversarial).sum(),
            "feature_matching": torch.stack(matching).sum(),
            "duration_adversarial": generator_loss(fake=[on_predicted], mask=mask),
        }

    def _discriminate_durations(
        self, *, real: Tensor, fake: Tensor, condition: DurationCondition
    ) -> tuple[Tensor, Tensor]:
        on_real, on_fake = self.duration_discriminator(
            condition.token_hidden,
            condition.token_mask,
            aligned=real.detach(),
            predicted=fake,
            voice_embedding=condition.voice_embedding,
        )
        return on_real, on_fake


def gradient_norm(network: nn.Module) -> float:
    """Return the norm of all gradients, read one by one."""
    norms = [weight.grad.norm(2).item() for weight in network.parameters() if weight.grad is not None]
    return math.sqrt(sum(norm**2 for norm in norms))
