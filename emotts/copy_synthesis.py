"""Copy synthesis: a recording as the networks of a voice give it back, the best that the voice can sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from emotts.emotions.emotion_set import NEUTRAL
from emotts.errors import CheckpointError
from emotts.features.spectrogram import Spectrogram
from emotts.model.copying import copied_waveform
from emotts.voice import Voice

__all__ = ["can_copy", "copied"]

_SPECTROGRAM = ("n_fft", "hop_length", "win_length")


def can_copy(voice: Voice) -> bool:
    """Return whether a voice knows the spectrograms of its training, which :func:`copied` needs."""
    return all(voice.description.audio.get(name) is not None for name in _SPECTROGRAM)


def copied(
    samples: npt.NDArray[np.float32], voice: Voice, *, emotion: str = NEUTRAL, speaker: str | None = None
) -> npt.NDArray[np.float32]:
    """Return a recording (sample,) as the posterior encoder and the decoder of a voice give it back.

    Args:
        samples: of the speaker, at the rate of the voice.
        voice: whose networks copy.
        emotion, speaker: as of :meth:`emotts.voice.Voice.speak`.

    Raises:
        AudioError: if the recording is shorter than a frame.
        CheckpointError: if the voice does not know the spectrograms of its training.
        CorpusError: if the emotion or the speaker is unknown to the voice.
    """
    weights = voice.description.emotion_weights(emotion, intensity=1.0)
    with torch.inference_mode():
        waveform = copied_waveform(
            voice.synthesizer,
            torch.from_numpy(samples)[None].to(voice.device),
            spectrogram=_spectrogram(voice).to(voice.device),
            speaker=torch.tensor([voice.description.speaker_id(speaker)], device=voice.device),
            emotion=torch.tensor([weights], dtype=torch.float32, device=voice.device),
        )
    copy: npt.NDArray[np.float32] = waveform[0, 0].float().cpu().numpy()
    return np.clip(copy, -1.0, 1.0)


def _spectrogram(voice: Voice) -> Spectrogram:
    if not can_copy(voice):
        raise CheckpointError("the voice does not say how its spectrograms are made", wanted=", ".join(_SPECTROGRAM))
    return Spectrogram(**{name: int(voice.description.audio[name]) for name in _SPECTROGRAM})
