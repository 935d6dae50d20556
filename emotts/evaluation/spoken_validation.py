"""A short hearing of a voice that is still in training: does the judge hear the emotions that are meant?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.metrics import accuracy_figures
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Speak, speak_tasks
from emotts.judges.protocol import EmotionJudge

__all__ = ["SPOKEN_FIGURES", "spoken_figures"]

SPOKEN_FIGURES = ("emotion_probability", "emotion_accuracy.balanced")
"""The names of what :func:`spoken_figures` returns; of both, higher is better."""


def spoken_figures(
    sentences: Sequence[tuple[str, str]],
    *,
    speak: Speak,
    judge: EmotionJudge,
    emotions: Sequence[str],
    sample_rate_hz: int,
    speaker: str | None,
) -> dict[str, float]:
    """Speak every sentence in every emotion; return what the judge heard, by :data:`SPOKEN_FIGURES`.

    Args:
        sentences: (text, the emotion that it was recorded in), at least one; not of the training.
        speak: (text, emotion, intensity) -> samples (sample,) float32.
        judge: knows all of ``emotions``.
        emotions: those that the voice is trained on.
        sample_rate_hz: of the samples.
        speaker: name of the speaker, as the judge knows it.
    """
    tasks = [
        Task(number, text, emotion, own=emotion == own, shared=True)
        for number, (text, own) in enumerate(sentences)
        for emotion in emotions
    ]
    clips = speak_tasks(tasks, speak=speak, judge=judge, sample_rate_hz=sample_rate_hz, speaker=speaker, n_phones={})
    probability = float(np.mean([clip.probability for clip in clips]))
    found = accuracy_figures([task.emotion for task in tasks], [clip.heard for clip in clips], emotions=emotions)
    return {"emotion_probability": probability, **{name: found[name] for name in SPOKEN_FIGURES[1:]}}
