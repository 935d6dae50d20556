"""The interface of a training phase: the trained parts of the voice, and one forward pass with its losses."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor, nn

from emotts.features.spectrogram import Spectrogram
from emotts.model.synthesizer import Synthesizer
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.settings import TrainSettings

__all__ = ["DurationPair", "Generated", "Phase", "PhaseContext", "WaveformPair", "set_trainable"]


@dataclass(frozen=True)
class WaveformPair:
    """The waveforms of a segment (batch, 1, sample)."""

    real: Tensor
    fake: Tensor


@dataclass(frozen=True)
class DurationPair:
    """Log durations (batch, 1, token): of the alignment and predicted; and what a discriminator knows of the text."""

    real: Tensor
    fake: Tensor
    condition: DurationCondition


@dataclass(frozen=True)
class Generated:
    """The result of a forward pass: the losses that need no discriminator, and the input of the discriminators.

    ``alignment`` (batch, frame, token); None where the phase has no text, as ``durations``. ``waveforms`` are None
    where nothing is decoded.
    """

    losses: Mapping[str, Tensor] = field(default_factory=dict)
    waveforms: WaveformPair | None = None
    durations: DurationPair | None = None
    alignment: Tensor | None = None


@dataclass(frozen=True)
class PhaseContext:
    """The transforms and settings that the forward passes of a run have in common.

    Attributes:
        spectrogram: gives linear magnitudes.
        mel: gives a list of log mel spectra (batch, band, frame) of waveforms (batch, sample).
        settings: the run's settings.
        alignment_noise_scale: noise on the alignment search, in units of its likelihoods' standard deviation.
    """

    spectrogram: Spectrogram
    mel: nn.Module
    settings: TrainSettings
    alignment_noise_scale: float = 0.0

    def at_step(self, step: int) -> PhaseContext:
        """Return the context of a training step counted from 0: the noise on the alignment search falls."""
        noise = self.settings.alignment_noise - step * self.settings.alignment_noise_decay
        return dataclasses.replace(self, alignment_noise_scale=max(0.0, noise))

    def of_whole_clip(self, clip: Batch) -> PhaseContext:
        """Return the context in which a clip (a batch of its own) is decoded from its first frame to its last."""
        settings = self.settings.model_copy(update={"segment_frames": int(clip.frame_lengths.max())})
        return dataclasses.replace(self, settings=settings)


class Phase(Protocol):
    """A phase: what learns, and what is computed for it. Nothing else is run."""

    @property
    def parts(self) -> frozenset[str]:
        """Parts of the synthesizer that learn."""

    @property
    def decodes(self) -> bool:
        """Whether waveforms are generated and discriminated."""

    @property
    def aligns(self) -> bool:
        """Whether text is aligned and durations are predicted and discriminated."""

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the forward pass as a module whose result is a dict, which the wrappers can pass on."""

    def run(self, generator: nn.Module, batch: Batch, context: PhaseContext) -> Generated:
        """Run what :meth:`call` returned, wrapped or not, on a batch."""


def set_trainable(synthesizer: Synthesizer, *, learning: frozenset[str]) -> None:
    """Let the parts of a synthesizer that are not ``learning`` take no gradient, and the others take one."""
    for name, part in synthesizer.named_children():
        part.requires_grad_(name in learning)
