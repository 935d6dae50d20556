"""The straightforward way of training and speaking with the same networks: what ``full_size.py`` compares with.

It is how the original MeloTTS does it, on this library's networks and weights:

- every layer keeps the layout that comes first;
- weight normalisation is computed at every call, also for speaking;
- BERT inputs that are off are zeros, which the networks multiply;
- the discriminators judge real and generated sound one after the other, when they are trained and again for the
  generator; the generator's backward pass also computes their gradients, which nobody uses;
- AdamW with torch's default arguments; gradient norms are read parameter by parameter;
- nothing is averaged, and the memory allocator is left as it is.

The losses, their order and the random numbers are those of :class:`emotts.training.step.TrainingStep`, so the first
step gives the same losses.
"""

from __future__ import annotations

import dataclasses
import math
from itertools import chain

import torch
from torch import Tensor, nn

from emotts.model import decoder_hifigan
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.losses import discriminator_loss, feature_matching_loss, generator_loss
from emotts.training.phase import Generated
from emotts.training.phases import PHASES
from emotts.training.players import Players
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

    def forward(self, **inputs: Tensor) -> dict[str, Tensor]:
        batch_size, length = inputs["tokens"].shape
        zeros = {
            "bert": torch.zeros(batch_size, self.bert_channels, length),
            "ja_bert": torch.zeros(batch_size, self.ja_bert_channels, length),
        }
        output: dict[str, Tensor] = self.generator(**(inputs | zeros))
        return output


class StraightforwardStep:
    """One training step of everything together, on one CPU in full precision."""

    def __init__(self, players: Players, *, settings: TrainSettings) -> None:
        if players.duration_adversary is None:
            raise ValueError("the duration discriminator is missing")
        widths = players.synthesizer.settings
        self.players = players
        self.settings = settings
        self.generator = ZeroBert(
            players.generator, bert_channels=widths.bert_channels, ja_bert_channels=widths.ja_bert_channels
        )
        self.judges = {name: adversary.bare for name, adversary in players.waveform_adversaries.items()}
        self.duration_judge = players.duration_adversary.bare
        arguments = {"betas": (settings.beta_1, settings.beta_2), "eps": settings.eps}
        judging = [*self.judges.values(), self.duration_judge]
        self.discriminator_optimizer = torch.optim.AdamW(
            chain.from_iterable(judge.parameters() for judge in judging),
            lr=settings.discriminator_learning_rate,
            **arguments,
        )
        self.generator_optimizer = torch.optim.AdamW(
            players.synthesizer.parameters(), lr=settings.learning_rate, **arguments
        )

    def run(self, batch: Batch, *, step: int) -> dict[str, Tensor]:
        """Train on one batch and return the losses, named as :class:`TrainingStep` names them."""
        settings, players = self.settings, self.players
        generated = PHASES["joint"].run(
            self.generator,
            batch,
            spectrogram=players.spectrogram,
            mel=players.mel,
            settings=settings,
            alignment_noise_scale=max(0.0, settings.alignment_noise - step * settings.alignment_noise_decay),
        )
        judged = self._judge_losses(generated)
        self.discriminator_optimizer.zero_grad()
        torch.stack(list(judged.values())).sum().backward()
        gradient_norm(self.judges["multi_period"])
        self.discriminator_optimizer.step()
        losses = dict(generated.losses) | self._generator_losses(generated)
        weights = dataclasses.asdict(settings.weights)
        self.generator_optimizer.zero_grad()
        torch.stack([weights[name] * loss for name, loss in losses.items()]).sum().backward()
        gradient_norm(players.synthesizer)
        self.generator_optimizer.step()
        named = {f"loss/discriminator/{name}": loss for name, loss in judged.items()}
        return {name: loss.detach() for name, loss in (named | {f"loss/{n}": v for n, v in losses.items()}).items()}

    def _judge_losses(self, generated: Generated) -> dict[str, Tensor]:
        sound, durations = generated.waveforms, generated.durations
        if sound is None or durations is None:
            raise ValueError("this phase generates nothing that could be judged")
        losses = {}
        for name, judge in self.judges.items():
            on_real, _ = judge(sound.real)
            on_fake, _ = judge(sound.fake.detach())
            losses[name] = discriminator_loss(real=on_real, fake=on_fake)
        on_aligned, on_predicted = self._judge_durations(
            real=durations.real, fake=durations.fake.detach(), condition=durations.condition
        )
        mask = durations.condition.token_mask.transpose(1, 2)
        losses["duration"] = discriminator_loss(real=[on_aligned], fake=[on_predicted], mask=mask)
        return losses

    def _generator_losses(self, generated: Generated) -> dict[str, Tensor]:
        sound, durations = generated.waveforms, generated.durations
        if sound is None or durations is None:
            raise ValueError("this phase generates nothing that could be judged")
        adversarial, matching = [], []
        for judge in self.judges.values():
            _, real_maps = judge(sound.real)
            on_fake, fake_maps = judge(sound.fake)
            adversarial.append(generator_loss(fake=on_fake))
            matching.append(feature_matching_loss(real=real_maps, fake=fake_maps))
        _, on_predicted = self._judge_durations(real=durations.real, fake=durations.fake, condition=durations.condition)
        mask = durations.condition.token_mask.transpose(1, 2)
        return {
            "adversarial": torch.stack(adversarial).sum(),
            "feature_matching": torch.stack(matching).sum(),
            "duration_adversarial": generator_loss(fake=[on_predicted], mask=mask),
        }

    def _judge_durations(self, *, real: Tensor, fake: Tensor, condition: DurationCondition) -> tuple[Tensor, Tensor]:
        on_real, on_fake = self.duration_judge(
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
