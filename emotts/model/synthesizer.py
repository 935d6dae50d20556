"""The synthesizer: text, speaker and emotion to a waveform, for training and for speaking.

Sources: Kim, Kong and Son, VITS, 2021; Kong et al., VITS2, 2023; in the arrangement of MeloTTS, with an emotion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack, cast

import torch
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model import building
from emotts.model.alignment import AlignmentSearch, expand_durations, find_alignment, spread_over_frames
from emotts.model.block_decoding import decode_blocks
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.flow import CouplingFlow
from emotts.model.latent_parts import LatentParts, PitchParts
from emotts.model.masks import length_mask
from emotts.model.pitched_source import refuse_moved_pitch, spoken_pitch
from emotts.model.posterior_encoder import Posterior
from emotts.model.segments import draw_segment_starts, slice_segments
from emotts.model.settings import SynthesizerSettings
from emotts.model.spoken_length import check_length
from emotts.model.synthesis import Synthesis, SynthesisOptions
from emotts.model.text_encoder import EncodedText, TextEncoder, TextInputs
from emotts.model.training_output import TrainingOutput
from emotts.model.weight_norm import fold_weight_norm
from emotts.model.whole_frames import whole_frames
from emotts.model.widening import widened_state

__all__ = ["Synthesizer"]


class Synthesizer(nn.Module):
    """Speaks tokens with the voice of a speaker in the mood of an emotion.

    Emotions are ids (batch,) int64 or weights over the emotions (batch, emotion) float; None is neutral, the first.
    Speakers are ids (batch,) int64 or ready embeddings (batch, speaker channel, 1) float.
    """

    def __init__(self, settings: SynthesizerSettings) -> None:
        super().__init__()
        self.settings = settings
        self.origin: dict[str, Any] = {}
        """Values of the checkpoint that the weights came from, kept for an export; nothing is computed from them."""
        self.voice = building.build_voice(settings)
        self.text_encoder = TextEncoder(settings)
        self.posterior_encoder = building.build_posterior_encoder(settings)
        self.flow = CouplingFlow(settings)
        self.duration_predictor = building.build_duration_predictor(settings)
        self.stochastic_duration_predictor = building.build_stochastic_duration_predictor(settings)
        self.decoder = building.build_decoder(settings)

    def forward(
        self,
        text: TextInputs,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        *,
        speaker: Tensor | None,
        emotion: Tensor | None = None,
        segment_frames: int,
        search: AlignmentSearch,
        pitch: Tensor | None = None,
    ) -> TrainingOutput:
        """Encode text and speech, align them, and decode a random segment of each clip.

        Args:
            text: the clips' texts.
            spectrogram: (batch, bin, frame), linear magnitude.
            spectrogram_lengths: numbers of frames (batch,) int64.
            speaker: as the class says; None for a model with a reference encoder.
            emotion: as the class says.
            segment_frames: length of the decoded segment.
            search: what is added to the alignment's likelihoods.
            pitch: as :meth:`decode_segment` takes it, of the whole clips.

        Raises:
            CorpusError: if a clip has fewer frames than tokens.
        """
        voice = self.voice(speaker, emotion=emotion, spectrogram=spectrogram)
        encoded = self.encode_text(text, voice)
        posterior = self.posterior_encoder(spectrogram, spectrogram_lengths, voice_embedding=voice)
        aligned = self.align(posterior, encoded, voice_embedding=voice, search=search)
        segment = self._decode_random_segment(
            posterior.latents, spectrogram_lengths, segment_frames=segment_frames, voice_embedding=voice, pitch=pitch
        )
        durations = self.duration_predictor(encoded.hidden, encoded.mask, voice_embedding=voice)
        return TrainingOutput(**aligned, **segment, predicted_log_durations=durations)

    def encode_text(self, text: TextInputs, voice_embedding: Tensor) -> EncodedText:
        """Return the encoded texts, conditioned on the voice (batch, voice, 1) unless the settings mute it."""
        condition = None if self.settings.mute_text_condition else voice_embedding
        encoded: EncodedText = self.text_encoder(text, voice_embedding=condition)
        return encoded

    def decode_segment(
        self, latents: Tensor, *, voice_embedding: Tensor, pitch: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """Return the waveform (batch, 1, sample), and the predicted pitch if the decoder has a pitched source.

        Args:
            latents: (batch, latent, frame).
            voice_embedding: (batch, voice, 1).
            pitch: the real one (batch, frame), which the waveform then has; None: the predicted one.
        """
        if not isinstance(self.decoder, IstftDecoder):
            return self.decoder(latents, voice_embedding=voice_embedding), None
        predicted = self.decoder.predict_pitch(latents, voice_embedding=voice_embedding)
        spoken = spoken_pitch(predicted) if pitch is None else pitch
        return self.decoder(latents, voice_embedding=voice_embedding, pitch=spoken), predicted

    def align(
        self, posterior: Posterior, text: EncodedText, *, voice_embedding: Tensor, search: AlignmentSearch
    ) -> dict[str, Tensor]:
        """Find out which frames are spoken on which tokens, and learn durations from it.

        Args:
            posterior: of whole clips.
            text: their texts.
            voice_embedding: (batch, voice, 1).
            search: what is added to the alignment's likelihoods.

        Returns:
            Fields of :class:`TrainingOutput` by name: all but the decoder's and the predicted durations.

        Raises:
            CorpusError: if a clip has fewer frames than tokens.
        """
        prior_latents = self.flow(posterior.latents, posterior.mask, voice_embedding=voice_embedding)
        mask = posterior.mask.transpose(1, 2) & text.mask
        alignment = find_alignment(prior_latents, text, mask=mask, search=search)
        durations = alignment.sum(dim=1, keepdim=True)
        with torch.autocast(prior_latents.device.type, enabled=False):
            negative_log_likelihood = self.stochastic_duration_predictor(
                text.hidden.float(), text.mask, durations=durations, voice_embedding=voice_embedding.float()
            )
        return {
            "alignment": alignment,
            "token_mask": text.mask,
            "token_hidden": text.hidden,
            "voice_embedding": voice_embedding,
            "frame_mask": posterior.mask,
            "latents": posterior.latents,
            "posterior_mean": posterior.mean,
            "posterior_log_std": posterior.log_std,
            "prior_latents": prior_latents,
            "prior_mean": spread_over_frames(text.prior_mean, alignment),
            "prior_log_std": spread_over_frames(text.prior_log_std, alignment),
            "aligned_log_durations": (durations + 1e-6).log() * text.mask,
            "stochastic_duration_loss": negative_log_likelihood.sum() / text.mask.sum(),
        }

    @torch.no_grad()
    def synthesize(
        self,
        tokens: Tensor,
        token_lengths: Tensor,
        *,
        speaker: Tensor,
        tone: Tensor,
        language: Tensor,
        bert: Tensor | None = None,
        ja_bert: Tensor | None = None,
        emotion: Tensor | None = None,
        **how: Unpack[SynthesisOptions],
    ) -> tuple[Tensor, Tensor]:
        """Return the waveform (batch, 1, sample) and each item's length in frames (batch,) int64.

        Args:
            tokens, token_lengths, tone, language, bert, ja_bert: as in :class:`TextInputs`.
            speaker, emotion: as the class says; a model with a reference encoder takes that of :meth:`speaker_of`.
            how: the fields of :class:`emotts.model.synthesis.Synthesis`.

        Raises:
            CheckpointError: if the predicted durations are no numbers, or out of all proportion to the text.
            ConfigError: if the decoder has no pitched source and its pitch is to be moved.
        """
        asked = Synthesis(**how)
        voice = self.voice(speaker, emotion=emotion)
        text = self.encode_text(TextInputs(tokens, token_lengths, tone, language, bert, ja_bert), voice)
        prior_latents, mask = self._sample_prior(text, voice, how=asked)
        latents = LatentParts(self.flow, prior_latents, voice_embedding=voice, mask=mask)
        return self._decode(latents, mask, how=asked), mask.sum(dim=(1, 2))

    @torch.no_grad()
    def synthesize_blocks(
        self, text: TextInputs, *, speaker: Tensor, emotion: Tensor | None = None, block_frames: int, how: Synthesis
    ) -> Iterator[Tensor]:
        """Yield the waveform of one text, a batch of 1, in blocks (1, 1, sample) of ``block_frames`` frames.

        Speaker, emotion and errors as of :meth:`synthesize`. Joined, the blocks are what that returns, but for
        rounding.
        """
        voice = self.voice(speaker, emotion=emotion)
        prior_latents, _ = self._sample_prior(self.encode_text(text, voice), voice, how=how)
        yield from decode_blocks(
            self.decoder,
            LatentParts(self.flow, prior_latents, voice_embedding=voice),
            block_frames=block_frames,
            pitch_range=how.pitch_range,
            pitch_shift=how.pitch_shift,
            dtype=how.decoder_dtype,
        )

    @torch.no_grad()
    def convert_voice(
        self,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        *,
        source_speaker: Tensor,
        target_speaker: Tensor,
        source_emotion: Tensor | None = None,
        target_emotion: Tensor | None = None,
        tau: float = 1.0,
    ) -> Tensor:
        """Return the waveform (batch, 1, sample) of a recording spoken by another speaker.

        Args:
            spectrogram: (batch, bin, frame), linear magnitude.
            spectrogram_lengths: (batch,) int64.
            source_speaker, target_speaker, source_emotion, target_emotion: as the class says.
            tau: scale of the random part of the latents; 0 is always the same.
        """
        source = self.voice(source_speaker, emotion=source_emotion)
        target = self.voice(target_speaker, emotion=target_emotion)
        latents, _, _, frame_mask = self.posterior_encoder(
            spectrogram, spectrogram_lengths, voice_embedding=source, noise_scale=tau
        )
        prior_latents = self.flow(latents, frame_mask, voice_embedding=source)
        converted = self.flow(prior_latents, frame_mask, voice_embedding=target, inverse=True)
        waveform: Tensor = self.decoder(converted * frame_mask, voice_embedding=target)
        return waveform

    @torch.no_grad()
    def speaker_of(self, spectrogram: Tensor) -> Tensor:
        """Return the speaker embedding (batch, speaker channel, 1) that the reference encoder reads.

        Raises:
            ConfigError: if the model has a speaker table in its place.
        """
        if self.voice.reference is None:
            raise ConfigError("this model has no reference encoder", remedy="give speaker ids")
        return cast(Tensor, self.voice.reference(spectrogram))

    def with_emotions(self, n_emotions: int, emotion_channels: int) -> Synthesizer:
        """Return a copy with (more) emotions that computes the same as this one, whatever the emotion.

        Every layer that reads the voice gets input columns for the emotion, which are zero; the rows of the
        emotion table are random. A model that has emotions already keeps their rows and columns.

        Raises:
            ConfigError: if the model has more emotions or emotion channels already.
        """
        settings = self.settings.changed(n_emotions=n_emotions, emotion_channels=emotion_channels)
        wider = Synthesizer(settings)
        wider.load_state_dict(widened_state(self, wider))
        wider.origin.update(self.origin)
        return wider.to(next(self.parameters()).device).train(self.training)

    def fold_weight_norm(self) -> int:
        """Fold weight normalisation into plain weights, for speaking only; returns the number of layers."""
        return fold_weight_norm(self)

    def _decode_random_segment(
        self,
        latents: Tensor,
        lengths: Tensor,
        *,
        segment_frames: int,
        voice_embedding: Tensor,
        pitch: Tensor | None,
    ) -> dict[str, Tensor]:
        """Return the fields of :class:`TrainingOutput` that come from the decoder, by name."""
        starts = draw_segment_starts(lengths, segment_frames=segment_frames)
        segment = slice_segments(latents, starts, length=segment_frames)
        if pitch is not None:
            pitch = slice_segments(pitch.unsqueeze(1), starts, length=segment_frames).squeeze(1)
        waveform, predicted_pitch = self.decode_segment(segment, voice_embedding=voice_embedding, pitch=pitch)
        fields = {"waveform": waveform, "segment_start_frames": starts}
        return fields if predicted_pitch is None else fields | {"predicted_pitch": predicted_pitch}

    def _sample_prior(self, text: EncodedText, voice: Tensor, *, how: Synthesis) -> tuple[Tensor, Tensor]:
        """Return latents (batch, latent, frame) of the flow's prior side and their bool mask (batch, 1, frame)."""
        durations = self._sample_durations(text, voice, how=how)
        check_length(durations, text.mask, length_scale=how.length_scale)
        frame_lengths = durations.sum(dim=(1, 2)).clamp_min(1.0).long()
        alignment = expand_durations(durations, n_frames=int(frame_lengths.max())).to(text.prior_mean.dtype)
        mean = spread_over_frames(text.prior_mean, alignment)
        log_std = spread_over_frames(text.prior_log_std, alignment)
        noise = torch.randn_like(mean, generator=how.generator)
        prior_latents = mean + noise * log_std.exp() * how.noise_scale
        return prior_latents, length_mask(frame_lengths, max_length=mean.shape[2])

    def _sample_durations(self, text: EncodedText, voice: Tensor, *, how: Synthesis) -> Tensor:
        """Return whole frames (batch, 1, token); a predictor that contributes nothing to them is not run."""
        stochastic = deterministic = torch.zeros((), device=text.hidden.device)
        if how.sdp_ratio != 0.0:
            stochastic = self.stochastic_duration_predictor.sample(
                text.hidden,
                text.mask,
                noise_scale=how.duration_noise_scale,
                voice_embedding=voice,
                generator=how.generator,
            )
        if how.sdp_ratio != 1.0:
            deterministic = self.duration_predictor(text.hidden, text.mask, voice_embedding=voice)
        return whole_frames(
            stochastic_log=stochastic,
            deterministic_log=deterministic,
            sdp_ratio=how.sdp_ratio,
            token_mask=text.mask,
            length_scale=how.length_scale,
            rounding=how.duration_rounding,
        )

    def _decode(self, latents: LatentParts, frame_mask: Tensor, *, how: Synthesis) -> Tensor:
        """Return the waveform (batch, 1, sample)."""
        moves = {"pitch_range": how.pitch_range, "pitch_shift": how.pitch_shift}
        pitch: dict[str, Tensor] = {}
        dtype = how.decoder_dtype
        with torch.autocast(frame_mask.device.type, dtype=dtype, enabled=dtype != torch.float32):
            if isinstance(self.decoder, IstftDecoder):
                predicted = PitchParts(self.decoder, latents).whole()
                pitch["pitch"] = spoken_pitch(predicted, frame_mask=frame_mask, **moves)
            else:
                refuse_moved_pitch(**moves)
            every = latents.window(0, latents.n_frames)
            waveform: Tensor = self.decoder(every, voice_embedding=latents.voice_embedding, **pitch)
        return waveform
