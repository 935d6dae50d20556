"""The joint phase, which trains all parts together, as in VITS."""

from __future__ import annotations

import dataclasses

from torch import Tensor, nn

from emotts.model.segments import slice_segments
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import TextInputs
from emotts.model.training_output import TrainingOutput
from emotts.training.batch import Batch
from emotts.training.losses import segment_mel_loss
from emotts.training.phases.phase import Generated, PhaseContext, WaveformPair
from emotts.training.phases.pitch import pitch_losses, segment_pitch
from emotts.training.phases.text import duration_pair, text_inputs, text_losses

__all__ = ["GeneratorCall", "JointPhase"]


class GeneratorCall(nn.Module):
    """The synthesizer's forward with a dict as result, which the wrappers of precision and processes can pass on."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    def forward(self, text: TextInputs, **others: object) -> dict[str, Tensor | None]:
        """Return the fields of the synthesizer's output by name."""
        output: TrainingOutput = self.synthesizer(text, **others)
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

    def run(self, generator: nn.Module, batch: Batch, context: PhaseContext) -> Generated:
        """See :class:`emotts.training.phases.phase.Phase`."""
        segment_frames = context.settings.segment_frames
        inputs = text_inputs(batch, context)
        output = generator(**inputs, segment_frames=segment_frames, pitch=batch.pitch)
        fake, starts = output["waveform"], output["segment_start_frames"]
        hop_length = batch.waveform.shape[1] // inputs["spectrogram"].shape[2]
        real = slice_segments(batch.waveform.unsqueeze(1), starts * hop_length, length=fake.shape[2])
        pitch = segment_pitch(batch, starts, segment_frames=segment_frames)
        return Generated(
            losses={
                "mel": segment_mel_loss(real=real, fake=fake, mel=context.mel),
                **text_losses(output),
                **pitch_losses(output["predicted_pitch"], pitch),
            },
            waveforms=WaveformPair(real=real, fake=fake),
            durations=duration_pair(output),
            alignment=output["alignment"],
        )
