"""The prior phase, which trains text encoder and flow to predict the latents of a frozen posterior encoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from emotts.model.alignment import AlignmentSearch
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import TextInputs
from emotts.training.batch import Batch
from emotts.training.phases.phase import Generated, PhaseContext
from emotts.training.phases.text import duration_pair, text_inputs, text_losses

__all__ = ["PriorCall", "PriorPhase"]


class PriorCall(nn.Module):
    """All but the decoder on whole clips, with a dict as result; no gradient reaches voice and posterior encoder."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        super().__init__()
        self.synthesizer = synthesizer

    def forward(
        self,
        text: TextInputs,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        *,
        speaker: Tensor | None,
        emotion: Tensor | None,
        search: AlignmentSearch,
    ) -> dict[str, Tensor]:
        """Return fields of a TrainingOutput by name; the arguments are those of the synthesizer's forward."""
        synthesizer = self.synthesizer
        with torch.no_grad():
            voice = synthesizer.voice(speaker, emotion=emotion, spectrogram=spectrogram)
            posterior = synthesizer.posterior_encoder(spectrogram, spectrogram_lengths, voice_embedding=voice)
        encoded = synthesizer.encode_text(text, voice)
        aligned = synthesizer.align(posterior, encoded, voice_embedding=voice, search=search)
        durations = synthesizer.duration_predictor(encoded.hidden, encoded.mask, voice_embedding=voice)
        return {**aligned, "predicted_log_durations": durations}


class PriorPhase:
    """Text encoder, flow and both duration predictors, with the discriminator of durations."""

    parts = frozenset({"text_encoder", "flow", "duration_predictor", "stochastic_duration_predictor"})
    decodes = False
    aligns = True

    def call(self, synthesizer: Synthesizer) -> nn.Module:
        """Return the way from text to latents."""
        return PriorCall(synthesizer)

    def run(self, generator: nn.Module, batch: Batch, context: PhaseContext) -> Generated:
        """See :class:`emotts.training.phases.phase.Phase`."""
        output = generator(**text_inputs(batch, context))
        return Generated(losses=text_losses(output), durations=duration_pair(output), alignment=output["alignment"])
