"""The synthesizer: text, speaker and emotion to a waveform, and what training needs besides.

Sources: Kim, Kong and Son, VITS, 2021; Kong et al., VITS2, 2023; in the arrangement of MeloTTS, with an emotion.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn

from emotts.errors import ConfigError
from emotts.model import building
from emotts.model.alignment import alignment_log_likelihood, expand_durations, maximum_path
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.duration import mix_log_durations
from emotts.model.masks import length_mask
from emotts.model.pitched_source import spoken_pitch
from emotts.model.segments import draw_segment_starts, slice_segments
from emotts.model.settings import SynthesizerSettings
from emotts.model.weight_norm import fold_weight_norm
from emotts.model.widening import widened_state

__all__ = ["Synthesizer", "TrainingOutput"]


@dataclass(frozen=True)
class TrainingOutput:
    """What one forward pass in training yields; shapes in brackets."""

    waveform: Tensor
    """(batch, 1, segment_frames * hop): generated."""
    segment_start_frames: Tensor
    """(batch,) int64: where the segment was taken; clips shorter than it start at 0 and are padded with zeros."""
    alignment: Tensor
    """(batch, frame, token): 1.0 where the frame is spoken on the token."""
    token_mask: Tensor
    """(batch, 1, token) bool."""
    frame_mask: Tensor
    """(batch, 1, frame) bool."""
    latents: Tensor
    """(batch, latent, frame), as the next five; the prior's are expanded along the alignment."""
    posterior_mean: Tensor
    posterior_log_std: Tensor
    prior_latents: Tensor
    prior_mean: Tensor
    prior_log_std: Tensor
    token_hidden: Tensor
    """(batch, hidden, token)."""
    voice_embedding: Tensor
    """(batch, speaker + emotion channel, 1)."""
    predicted_log_durations: Tensor
    """(batch, 1, token), as the next."""
    aligned_log_durations: Tensor
    stochastic_duration_loss: Tensor
    """Scalar: per token of the whole batch."""
    predicted_pitch: Tensor | None = None
    """(batch, 2, segment_frames), as :meth:`IstftDecoder.predict_pitch` says; None for other decoders."""


class Synthesizer(nn.Module):
    """Speaks tokens with the voice of a speaker in the mood of an emotion.

    Emotions are ids (batch,) int64 or weights over the emotions (batch, emotion) float; None is neutral, the first.
    Speakers are ids (batch,) int64 or ready embeddings (batch, speaker channel, 1) float.
    """

    def __init__(self, settings: SynthesizerSettings) -> None:
        super().__init__()
        self.settings = settings
        self.origin: dict[str, Any] = {}
        """What the checkpoint that the weights came from says of itself; nothing is computed from it."""
        self.voice = building.build_voice(settings)
        self.text_encoder = building.build_text_encoder(settings)
        self.posterior_encoder = building.build_posterior_encoder(settings)
        self.flow = building.build_flow(settings)
        self.duration_predictor = building.build_duration_predictor(settings)
        self.stochastic_duration_predictor = building.build_stochastic_duration_predictor(settings)
        self.decoder = building.build_decoder(settings)

    def forward(
        self,
        tokens: Tensor,
        token_lengths: Tensor,
        spectrogram: Tensor,
        spectrogram_lengths: Tensor,
        *,
        speaker: Tensor | None,
        tone: Tensor,
        language: Tensor,
        bert: Tensor | None = None,
        ja_bert: Tensor | None = None,
        emotion: Tensor | None = None,
        segment_frames: int,
        alignment_noise_scale: float = 0.0,
        alignment_bias: Tensor | None = None,
        pitch: Tensor | None = None,
    ) -> TrainingOutput:
        """Encode text and speech, align them, and decode a random segment of each clip.

        Args:
            tokens, tone, language: ids (batch, token) int64.
            token_lengths, spectrogram_lengths: (batch,) int64.
            spectrogram: (batch, bin, frame), linear magnitude.
            bert, ja_bert: (batch, feature, token) or None.
            segment_frames: length of the decoded segment.
            alignment_noise_scale: noise on the alignment's likelihoods, in units of their standard deviation.
            alignment_bias: added to these likelihoods, (batch, frame, token) or None.
            pitch: of the recordings, cycles a sample (batch, frame), for a decoder with a pitched source; None: as
                predicted.

        Raises:
            CorpusError: if a clip has fewer frames than tokens.
        """
        voice = self.voice(speaker, emotion=emotion, spectrogram=spectrogram)
        token_hidden, prior_mean, prior_log_std, token_mask = self.text_encoder(
            tokens,
            token_lengths,
            tone=tone,
            language=language,
            bert=bert,
            ja_bert=ja_bert,
            voice_embedding=self.text_voice(voice),
        )
        latents, posterior_mean, posterior_log_std, frame_mask = self.posterior_encoder(
            spectrogram, spectrogram_lengths, voice_embedding=voice
        )
        aligned = self.align(
            latents,
            frame_mask=frame_mask,
            voice_embedding=voice,
            prior_mean=prior_mean,
            prior_log_std=prior_log_std,
            token_hidden=token_hidden,
            token_mask=token_mask,
            noise_scale=alignment_noise_scale,
            bias=alignment_bias,
        )
        starts = draw_segment_starts(spectrogram_lengths, segment_frames=segment_frames)
        segment = slice_segments(latents, starts, length=segment_frames)
        if pitch is not None:
            pitch = slice_segments(pitch.unsqueeze(1), starts, length=segment_frames).squeeze(1)
        waveform, predicted_pitch = self.decode_segment(segment, voice_embedding=voice, pitch=pitch)
        return TrainingOutput(
            waveform=waveform,
            predicted_pitch=predicted_pitch,
            segment_start_frames=starts,
            token_mask=token_mask,
            frame_mask=frame_mask,
            latents=latents,
            posterior_mean=posterior_mean,
            posterior_log_std=posterior_log_std,
            token_hidden=token_hidden,
            voice_embedding=voice,
            predicted_log_durations=self.duration_predictor(token_hidden, token_mask, voice_embedding=voice),
            **aligned,
        )

    def decode_segment(
        self, latents: Tensor, *, voice_embedding: Tensor, pitch: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """Return the waveform (batch, 1, sample), and for a decoder with a pitched source what it takes the pitch for.

        Args:
            latents: (batch, latent, frame).
            voice_embedding: (batch, voice, 1).
            pitch: the real one (batch, frame), which the waveform then has; None: the predicted one.
        """
        if not isinstance(self.decoder, IstftDecoder):
            return self.decoder(latents, voice_embedding=voice_embedding), None
        predicted = self.decoder.predict_pitch(latents, voice_embedding=voice_embedding)
        heard = spoken_pitch(predicted) if pitch is None else pitch
        return self.decoder(latents, voice_embedding=voice_embedding, pitch=heard), predicted

    def align(
        self,
        latents: Tensor,
        *,
        frame_mask: Tensor,
        voice_embedding: Tensor,
        prior_mean: Tensor,
        prior_log_std: Tensor,
        token_hidden: Tensor,
        token_mask: Tensor,
        noise_scale: float,
        bias: Tensor | None,
    ) -> dict[str, Tensor]:
        """Find out which frames are spoken on which tokens, and learn durations from it.

        Args:
            latents: (batch, latent, frame).
            frame_mask, token_mask: bool (batch, 1, frame or token).
            voice_embedding: (batch, voice, 1).
            prior_mean, prior_log_std: (batch, latent, token).
            token_hidden: (batch, hidden, token).
            noise_scale, bias: see ``alignment_noise_scale`` and ``alignment_bias`` of :meth:`forward`.

        Returns:
            The fields of :class:`TrainingOutput` that follow from the alignment, by name.
        """
        prior_latents = self.flow(latents, frame_mask, voice_embedding=voice_embedding)
        alignment = _align(
            prior_latents,
            prior_mean=prior_mean,
            prior_log_std=prior_log_std,
            mask=frame_mask.transpose(1, 2) & token_mask,
            noise_scale=noise_scale,
            bias=bias,
        )
        durations = alignment.sum(dim=1, keepdim=True)
        with torch.autocast(latents.device.type, enabled=False):
            negative_log_likelihood = self.stochastic_duration_predictor(
                token_hidden.float(), token_mask, durations=durations, voice_embedding=voice_embedding.float()
            )
        return {
            "alignment": alignment,
            "prior_latents": prior_latents,
            "prior_mean": _expand(prior_mean, alignment),
            "prior_log_std": _expand(prior_log_std, alignment),
            "aligned_log_durations": (durations + 1e-6).log() * token_mask,
            "stochastic_duration_loss": negative_log_likelihood.sum() / token_mask.sum(),
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
        noise_scale: float = 0.667,
        duration_noise_scale: float = 0.8,
        length_scale: float = 1.0,
        sdp_ratio: float = 0.2,
        pitch_range: float = 1.0,
        decoder_dtype: torch.dtype = torch.float32,
    ) -> tuple[Tensor, Tensor]:
        """Return the waveform (batch, 1, sample) and each item's length in frames (batch,) int64.

        Args:
            tokens, tone, language, bert, ja_bert, speaker, emotion: as :meth:`forward`'s; a model with a reference
                encoder takes the embedding of :meth:`speaker_of`.
            noise_scale: of the latents; 0 is always the same.
            duration_noise_scale: of the stochastic durations; 0 is always the same.
            length_scale: factor on all durations; above 1 is slower.
            sdp_ratio: share of the stochastic durations, the rest from the deterministic ones.
            pitch_range: factor on the pitch's distance from its mean over an item, in semitones; 1 for a decoder
                without a pitched source.
            decoder_dtype: what the decoder multiplies in, and the waveform's type; bfloat16 or float16 by autocast.

        Raises:
            ConfigError: if the decoder has no pitched source and ``pitch_range`` is not 1.
        """
        voice = self.voice(speaker, emotion=emotion)
        token_hidden, prior_mean, prior_log_std, token_mask = self.text_encoder(
            tokens,
            token_lengths,
            tone=tone,
            language=language,
            bert=bert,
            ja_bert=ja_bert,
            voice_embedding=self.text_voice(voice),
        )
        log_durations = self._predict_log_durations(
            token_hidden, token_mask, voice=voice, noise_scale=duration_noise_scale, sdp_ratio=sdp_ratio
        )
        durations = (log_durations.exp() * token_mask * length_scale).ceil()
        frame_lengths = durations.sum(dim=(1, 2)).clamp_min(1.0).long()
        alignment = expand_durations(durations, n_frames=int(frame_lengths.max())).to(prior_mean.dtype)
        mean, log_std = _expand(prior_mean, alignment), _expand(prior_log_std, alignment)
        prior_latents = mean + torch.randn_like(mean) * log_std.exp() * noise_scale
        frame_mask = length_mask(frame_lengths, max_length=mean.shape[2])
        latents = self.flow(prior_latents, frame_mask, voice_embedding=voice, inverse=True)
        with torch.autocast(latents.device.type, dtype=decoder_dtype, enabled=decoder_dtype != torch.float32):
            latents = latents * frame_mask
            pitch = self._moved_pitch(latents, voice=voice, pitch_range=pitch_range, frame_mask=frame_mask)
            waveform: Tensor = self.decoder(latents, voice_embedding=voice, **pitch)
        return waveform, frame_lengths

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
        settings = dataclasses.replace(self.settings, n_emotions=n_emotions, emotion_channels=emotion_channels)
        wider = Synthesizer(settings)
        wider.load_state_dict(widened_state(self, wider))
        wider.origin.update(self.origin)
        return wider.to(next(self.parameters()).device).train(self.training)

    def fold_weight_norm(self) -> int:
        """Fold weight normalisation into plain weights, for speaking only; returns the number of layers."""
        return fold_weight_norm(self)

    def text_voice(self, voice: Tensor) -> Tensor | None:
        """Return what the text encoder is told of the voice embedding."""
        return None if self.settings.text_ignores_voice else voice

    def _moved_pitch(
        self, latents: Tensor, *, voice: Tensor, pitch_range: float, frame_mask: Tensor
    ) -> dict[str, Tensor]:
        """Return what to tell the decoder besides: nothing where the pitch moves as it was learned to."""
        if pitch_range == 1.0:
            return {}
        if not isinstance(self.decoder, IstftDecoder):
            raise ConfigError(
                "only the istft decoder has a pitch that can be moved", found=f"pitch_range {pitch_range}", wanted="1"
            )
        predicted = self.decoder.predict_pitch(latents, voice_embedding=voice)
        return {"pitch": spoken_pitch(predicted, pitch_range=pitch_range, frame_mask=frame_mask)}

    def _predict_log_durations(
        self, token_hidden: Tensor, token_mask: Tensor, *, voice: Tensor, noise_scale: float, sdp_ratio: float
    ) -> Tensor:
        """Return log durations (batch, 1, token); a predictor without a share in them is not run."""
        stochastic = deterministic = torch.zeros((), device=token_hidden.device)
        if sdp_ratio != 0.0:
            stochastic = self.stochastic_duration_predictor.sample(
                token_hidden, token_mask, noise_scale=noise_scale, voice_embedding=voice
            )
        if sdp_ratio != 1.0:
            deterministic = self.duration_predictor(token_hidden, token_mask, voice_embedding=voice)
        return mix_log_durations(stochastic=stochastic, deterministic=deterministic, sdp_ratio=sdp_ratio)


@torch.no_grad()
def _align(
    prior_latents: Tensor,
    *,
    prior_mean: Tensor,
    prior_log_std: Tensor,
    mask: Tensor,
    noise_scale: float,
    bias: Tensor | None,
) -> Tensor:
    """Return the best alignment (batch, frame, token), in full precision whatever the training's."""
    with torch.autocast(prior_latents.device.type, enabled=False):
        likelihood = alignment_log_likelihood(
            prior_latents.float(), prior_mean=prior_mean.float(), prior_log_std=prior_log_std.float()
        )
        if noise_scale > 0.0:
            likelihood = likelihood + torch.randn_like(likelihood) * likelihood.std() * noise_scale
        if bias is not None:
            likelihood = likelihood + bias
        return maximum_path(likelihood, mask)


def _expand(values: Tensor, alignment: Tensor) -> Tensor:
    """Spread values per token (batch, channel, token) over frames (batch, channel, frame), in full precision."""
    with torch.autocast(values.device.type, enabled=False):
        return values.to(alignment.dtype) @ alignment.transpose(1, 2)
