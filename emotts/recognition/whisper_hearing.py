"""One clip as Whisper hears it: its text, and how probable another text is, both on one encoding."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from emotts.corpus.transcripts.recogniser import Heard, Score

__all__ = ["RATE_HZ", "Encoding", "WhisperHearing", "encoded"]

RATE_HZ = 16_000
_BEAMS = 5
_FRAMES_PER_S = 100
_LEAST_S, _SPARE_S, _MOST_S = 10.0, 4.0, 30.0
"""An encoding of the clip and 4 s more, at least 10 s, takes a fraction of the time of Whisper's usual 30 s; in
shorter ones it repeats itself."""
_MOST_SAMPLES = round(_MOST_S * RATE_HZ)
_TOKENS_PER_S, _SPARE_TOKENS, _MOST_TOKENS = 32, 16, 440
_LEAST_PROBABILITY = 1e-10
_ALIGNED_S = 0.02
"""Length of a frame of the encoding."""


@dataclass(frozen=True)
class Encoding:
    """What the encoder makes of a clip and of the padding behind it.

    Attributes:
        frames: (1, frame, channel) on the model's device, a frame every 20 ms.
        n_frames: frames of 10 ms that are the clip's; the others are padding.
    """

    frames: Any
    n_frames: int

    def of_clip(self) -> npt.NDArray[np.float64]:
        """Return the frames (frame, channel) of the clip alone."""
        from ctranslate2 import DataType, Device

        frames = np.asarray(self.frames.to_device(Device.cpu).to(DataType.float32), dtype=np.float64)
        return np.asarray(frames[0, : max(1, self.n_frames // 2)])


def encoded(model: Any, clip: npt.NDArray[np.float32]) -> Encoding:
    """Encode a clip (sample,) at 16 kHz with a model of faster-whisper; of more than 30 s only the first are heard."""
    from faster_whisper.audio import pad_or_trim

    clip = clip[:_MOST_SAMPLES]
    n_frames = max(1, clip.size * _FRAMES_PER_S // RATE_HZ)
    seconds = min(_MOST_S, max(_LEAST_S, clip.size / RATE_HZ + _SPARE_S))
    features = model.feature_extractor(clip)[:, :n_frames]
    return Encoding(model.encode(pad_or_trim(features, round(seconds * _FRAMES_PER_S))), n_frames)


class WhisperHearing:
    """A clip of at most 30 s; it is encoded when it is first asked about."""

    def __init__(self, model: Any, tokenizer: Any, clip: npt.NDArray[np.float32]) -> None:
        """Take a model of faster-whisper, its tokenizer for one language, and a clip (sample,) at 16 kHz."""
        self._model = model
        self._tokenizer = tokenizer
        self._clip = clip[:_MOST_SAMPLES]

    def heard(self) -> Heard:
        """Return what is said in the clip, by beam search at temperature 0."""
        from faster_whisper.transcribe import get_suppressed_tokens

        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        result = self._model.model.generate(
            self._encoding.frames,
            [prompt],
            beam_size=_BEAMS,
            max_length=len(prompt) + _most_tokens(self._clip.size),
            return_scores=True,
            suppress_blank=True,
            suppress_tokens=list(get_suppressed_tokens(self._tokenizer, (-1,))),
        )[0]
        tokens = result.sequences_ids[0]
        text = " ".join(self._tokenizer.decode(tokens).split())
        return Heard(text, round(result.scores[0] * len(tokens) / (len(tokens) + 1), 4))

    def score(self, text: str) -> Score:
        """Return how probable a text is; one without words has the probability 1."""
        if not text.strip():
            return Score(0.0, 0.0)
        tokens = self._tokenizer.encode(f" {text.strip()}")[:_MOST_TOKENS]
        encoding = self._encoding
        sequence = self._tokenizer.sot_sequence
        aligned = self._model.model.align(encoding.frames, sequence, [tokens], encoding.n_frames)[0]
        logs = np.log(np.maximum(aligned.text_token_probs[: len(tokens)], _LEAST_PROBABILITY))
        starts_s = _starts(aligned.alignments, len(tokens))
        least, place, times = 0.0, 0, []
        for word, own in zip(*self._tokenizer.split_to_word_tokens(tokens), strict=True):
            if word.strip(string.punctuation + string.whitespace + "…、。！？"):
                least = min(least, float(logs[place : place + len(own)].mean()))
            times.append((word.strip(), starts_s[place], starts_s[place + len(own)]))
            place += len(own)
        return Score(round(float(logs.sum()), 3), round(least, 3), tuple(times))

    @cached_property
    def _encoding(self) -> Encoding:
        return encoded(self._model, self._clip)


def _starts(alignments: Sequence[tuple[int, int]], n_tokens: int) -> list[float]:
    """Return when each token starts, in s, and behind them the end of the text; from pairs (token, frame)."""
    starts = [0.0] * (n_tokens + 1)
    for token, frame in reversed(alignments):
        starts[token] = round(frame * _ALIGNED_S, 2)
    return starts


def _most_tokens(n_samples: int) -> int:
    """Return how many tokens may be heard in a clip of so many samples at 16 kHz."""
    return min(_MOST_TOKENS, _SPARE_TOKENS + round(_TOKENS_PER_S * n_samples / RATE_HZ))
