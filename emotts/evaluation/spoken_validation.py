"""A short evaluation of a voice during its training, by the emotion classifier alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.evaluation.measures import accuracy_metrics
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Speak, speak_tasks
from emotts.recognition.protocol import EmotionModel

__all__ = ["SPOKEN_METRICS", "spoken_metrics"]

SPOKEN_METRICS = ("emotion_probability", "emotion_accuracy.balanced")
"""The names of what :func:`spoken_metrics` returns; of both, higher is better."""


def spoken_metrics(
    sentences: Sequence[tuple[str, str]],
    *,
    speak: Speak,
    classifier: EmotionModel,
    emotions: Sequence[str],
    sample_rate_hz: int,
    speaker: str | None,
) -> dict[str, float]:
    """Speak every sentence in every emotion; return what the classifier heard, by :data:`SPOKEN_METRICS`.

    Args:
        sentences: (text, the emotion that it was recorded in), at least one; not of the training.
        speak: (text, emotion, intensity) -> samples (sample,) float32.
        classifier: knows all of ``emotions``.
        emotions: those that the voice is trained on.
        sample_rate_hz: of the samples.
        speaker: name of the speaker, as the classifier knows it.
    """
    tasks = [
        Task(number, text, emotion, own=emotion == own, shared=True)
        for number, (text, own) in enumerate(sentences)
        for emotion in emotions
    ]
    clips = speak_tasks(
        tasks, speak=speak, classifier=classifier, sample_rate_hz=sample_rate_hz, speaker=speaker, n_phones={}
    )
    probability = float(np.mean([clip.probability for clip in clips]))
    found = accuracy_metrics([task.emotion for task in tasks], [clip.heard for clip in clips], emotions=emotions)
    return {"emotion_probability": probability, **{name: found[name] for name in SPOKEN_METRICS[1:]}}
