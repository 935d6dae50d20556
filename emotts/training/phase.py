"""What a training phase is: which parts of the voice learn in it, and what one forward pass of it yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor, nn

from emotts.model.synthesizer import Synthesizer
from emotts.training.adversary import DurationCondition
from emotts.training.batch import Batch
from emotts.training.settings import TrainSettings

__all__ = ["DurationPair", "Generated", "Phase", "WaveformPair", "hold_still"]


@dataclass(frozen=True)
class WaveformPair:
    """The waveforms of a segment (batch, 1, sample)."""

    real: Tensor
    fake: Tensor


@dataclass(frozen=True)
class DurationPair:
    """Log durations (batch, 1, token): those of the alignment, those predicted, and what a judge knows of the text."""

    real: Tensor
    fake: Tensor
    condition: DurationCondition


@dataclass(frozen=True)
class Generated:
    """What a forward pass yields: the losses that need no discriminator, and what discriminators judge.

    ``alignment`` (batch, frame, token); None where the phase has no text, as ``durations``. ``waveforms`` are None
    where nothing is decoded.
    """

    losses: Mapping[str, Tensor] = field(default_factory=dict)
    waveforms: WaveformPair | None = None
    durations: DurationPair | None = None
    alignment: Tensor | None = None


class Phase(Protocol):
    """A phase: what learns, and what is computed for it. Nothing else is run."""

    @property
    def parts(self) -> frozenset[str]:
        """Parts of the synthesizer that learn."""

    @property
    def decodes(self) -> bool:
        """Whether waveforms are generated and judged."""

    @property
    def aligns(self) -> bool:
        """Whether text is aligned and durations are predicted and judged."""

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the forward pass as a module whose result is a dict, which the wrappers can pass on."""

    def run(
        self,
        generator: nn.Module,
        batch: Batch,
        *,
        spectrogram: nn.Module,
        mel: nn.Module,
        settings: TrainSettings,
        alignment_noise_scale: float,
    ) -> Generated:
        """Run what :meth:`call` returned, wrapped or not, on a batch.

        Args:
            generator: the forward pass.
            batch: the clips.
            spectrogram: waveform (batch, sample) to (batch, bin, frame).
            mel: waveform (batch, sample) to log mel (batch, band, frame).
            settings: the run's settings.
            alignment_noise_scale: noise on the alignment search.
        """


def hold_still(synthesizer: Synthesizer, *, learning: frozenset[str]) -> None:
    """Let the parts of a synthesizer that are not ``learning`` take no gradient, and the others take one."""
    for name, part in synthesizer.named_children():
        part.requires_grad_(name in learning)
