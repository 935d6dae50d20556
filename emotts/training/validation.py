"""The losses on held-out clips, with averaged weights and the same random numbers at every call."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch
from emotts.training.phase import Generated, Phase
from emotts.training.phases import PHASES
from emotts.training.randomness import set_aside_randomness
from emotts.training.settings import TrainSettings

__all__ = ["run_on_clip", "validate", "validation_score"]


@torch.no_grad()
def validate(
    synthesizer: Synthesizer,
    clips: Iterator[Batch],
    *,
    spectrogram: nn.Module,
    mel: nn.Module,
    device: torch.device,
    settings: TrainSettings,
) -> dict[str, float]:
    """Return the mean of every loss over the clips, each decoded from its first frame to its last.

    Latents are drawn from ``settings.seed`` anew at every call, and nothing hangs on ``batch_size`` or
    ``segment_frames``: two figures differ by the weights alone, also those of two runs with the same clips and seed.
    The generators of the training itself are left as they were.

    Args:
        synthesizer: in evaluation mode.
        clips: all held-out clips, each a batch of its own.
        spectrogram, mel: as in the training step.
        device: device of the synthesizer.
        settings: the run's settings.
    """
    sums: dict[str, Tensor] = {}
    phase = PHASES[settings.phase]
    generator = phase.call(synthesizer)
    count = 0
    with set_aside_randomness(settings.seed):
        for clip in clips:
            generated = run_on_clip(
                phase, generator, clip.to(device), spectrogram=spectrogram, mel=mel, settings=settings
            )
            for name, loss in generated.losses.items():
                sums[name] = sums.get(name, torch.zeros((), device=device)) + loss
            count += 1
    return {name: float(total) / count for name, total in sums.items()}


def run_on_clip(
    phase: Phase, generator: nn.Module, clip: Batch, *, spectrogram: nn.Module, mel: nn.Module, settings: TrainSettings
) -> Generated:
    """Return what a phase makes of a clip (a batch of its own), decoded from its first frame to its last."""
    whole = dataclasses.replace(settings, segment_frames=int(clip.frame_lengths.max()))
    return phase.run(generator, clip, spectrogram=spectrogram, mel=mel, settings=whole, alignment_noise_scale=0.0)


def validation_score(losses: dict[str, float], *, settings: TrainSettings) -> float:
    """Return the score that the best checkpoint is chosen by, lower is better.

    It is the training's own objective on held-out clips, as far as it needs no discriminator:
    ``score_mel`` * (weight of mel * mel) + ``score_kl`` * (weight of KL * KL). The weights matter: in
    the first steps the posterior says next to nothing, so that the KL is small while the sound is bad. A loss that
    the run's phase does not have counts nothing: text that learns alone is judged by its KL.
    """
    weights = settings.weights
    terms = {"mel": settings.score_mel * weights.mel, "kl": settings.score_kl * weights.kl}
    return sum(weight * losses[name] for name, weight in terms.items() if name in losses)
