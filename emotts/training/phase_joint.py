"""The phase in which everything learns together, as in VITS."""

from __future__ import annotations

import dataclasses
from typing import Any

from torch import Tensor, nn

from emotts.model.segments import slice_segments
from emotts.model.synthesizer import Synthesizer, TrainingOutput
from emotts.training.batch import Batch
from emotts.training.losses import segment_mel_loss
from emotts.training.phase import Generated, WaveformPair
from emotts.training.phase_pitch import pitch_losses, segment_pitch
from emotts.training.phase_text import duration_pair, text_inputs, text_losses
from emotts.training.settings import TrainSettings

__all__ = ["GeneratorCall", "JointPhase"]


class GeneratorCall(nn.Module):
    """The synthesizer's forward with a dict as result, which the wrappers of precision and processes can pass on."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    def forward(self, **inputs: Any) -> dict[str, Tensor | None]:
        output: TrainingOutput = self.synthesizer(**inputs)
        return {field.name: getattr(output, field.name) for field in dataclasses.fields(output)}


class JointPhase:
    """Text, durations, flow, posterior encoder and decoder at once, with all discriminators."""

    parts = frozenset(
        {
            "voice",
            "text_encoder",
            "posterior_encoder",
            "flow",
            "duration_predictor",
            "stochastic_duration_predictor",
            "decoder",
        }
    )
    decodes = True
    aligns = True

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the synthesizer's forward."""
        return GeneratorCall(synthesizer)

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
        """See :class:`emotts.training.phase.Phase`."""
        inputs = text_inputs(
            batch,
            spectrogram=spectrogram,
            alignment_noise_scale=alignment_noise_scale,
            alignment_slack_frames=settings.alignment_slack_frames,
        )
        output = generator(**inputs, segment_frames=settings.segment_frames, pitch=batch.pitch)
        fake = output["waveform"]
        hop_length = batch.waveform.shape[1] // inputs["spectrogram"].shape[2]
        starts = output["segment_start_frames"]
        real = slice_segments(batch.waveform.unsqueeze(1), starts * hop_length, length=fake.shape[2])
        pitch = segment_pitch(batch, starts, segment_frames=settings.segment_frames)
        return Generated(
            losses={
                "mel": segment_mel_loss(real=real, fake=fake, mel=mel),
                **text_losses(output),
                **pitch_losses(output["predicted_pitch"], pitch),
            },
            waveforms=WaveformPair(real=real, fake=fake),
            durations=duration_pair(output),
            alignment=output["alignment"],
        )
