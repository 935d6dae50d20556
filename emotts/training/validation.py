"""The losses on held-out clips, with averaged weights and the same random numbers at every call."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch
from emotts.training.phases.phase import PhaseContext
from emotts.training.phases.registry import PHASES
from emotts.training.randomness import set_aside_randomness
from emotts.training.settings import TrainSettings

__all__ = ["validate", "validation_score"]


@torch.no_grad()
def validate(
    synthesizer: Synthesizer, clips: Iterator[Batch], *, context: PhaseContext, device: torch.device, seed: int
) -> dict[str, float]:
    """Return the mean of every loss over the clips, each decoded from its first frame to its last.

    Latents are drawn from ``seed`` anew at every call, and the result does not depend on ``batch_size`` or
    ``segment_frames``: two results differ only by the weights, also those of two runs with the same clips and seed.
    The generators of the training itself are left as they were.

    Args:
        synthesizer: in evaluation mode.
        clips: all held-out clips, each a batch of its own.
        context: the run's transforms and settings.
        device: device of the synthesizer.
        seed: of the run.
    """
    sums: dict[str, Tensor] = {}
    phase = PHASES[context.settings.phase]
    generator = phase.call(synthesizer)
    count = 0
    with set_aside_randomness(seed):
        for clip in clips:
            generated = phase.run(generator, clip.to(device), context.of_whole_clip(clip))
            for name, loss in generated.losses.items():
                sums[name] = sums.get(name, torch.zeros((), device=device)) + loss
            count += 1
    return {name: float(total) / count for name, total in sums.items()}


def validation_score(losses: dict[str, float], *, settings: TrainSettings) -> float:
    """Return the score that the best checkpoint is chosen by, lower is better.

    It is the training's own objective on held-out clips, as far as it needs no discriminator:
    ``best_mel_weight`` * (weight of mel * mel) + ``best_kl_weight`` * (weight of KL * KL). The weights matter: in
    the first steps the posterior says next to nothing, so that the KL is small while the sound is bad. A loss that
    the run's phase does not have counts nothing: a phase of text alone is scored by its KL.
    """
    weights = settings.weights
    terms = {"mel": settings.best_mel_weight * weights.mel, "kl": settings.best_kl_weight * weights.kl}
    return sum(weight * losses[name] for name, weight in terms.items() if name in losses)
