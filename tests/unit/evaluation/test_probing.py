"""What a probe hears stands beside what the other auxiliary classifiers hear."""

from __future__ import annotations

import numpy as np

from emotts.evaluation.accuracy import emotion_metrics
from emotts.evaluation.plan import Task
from emotts.evaluation.probing import with_probe
from emotts.evaluation.spoken import Clip


class ByLevel:
    """Hears loud clips as angry."""

    emotions = ("sad", "angry")

    def probabilities(self, samples: np.ndarray, sample_rate_hz: int, *, speaker: str | None = None) -> np.ndarray:
        assert (sample_rate_hz, speaker) == (8000, "one")
        loud = float(samples.max())
        return np.array([1 - loud, loud])


def clip(emotion: str, level: float, *, problem: str | None = None) -> Clip:
    task = Task(0, "네.", emotion, own=True, shared=False)
    sound = np.full(800, level, np.float32)
    return Clip(task, sound, 8000, problem, emotion, 0.5, None, auxiliary_heard={"prosody": "sad"})


def test_every_clip_is_heard_and_counted() -> None:
    told: list[tuple[int, int, str]] = []
    clips = [clip("angry", 0.75), clip("sad", 0.75), clip("sad", 0.25), clip("sad", 0.25, problem="silent")]
    probed = with_probe(clips, ByLevel(), speaker="one", progress=lambda *args: told.append(args))
    heard = [each.auxiliary_heard for each in probed]
    assert [each["whisper"] for each in heard] == ["angry", "angry", "sad", "unusable"]
    assert {each["prosody"] for each in heard} == {"sad"}
    assert told[-1] == (4, 4, "probing emotions")
    metrics = emotion_metrics(probed, probed[:1], ByLevel.emotions)
    assert metrics["auxiliary.whisper.emotion_accuracy.angry"] == 1
    assert metrics["auxiliary.whisper.emotion_accuracy.sad"] == 1 / 3
    assert metrics["auxiliary.whisper.emotion_accuracy.balanced"] == 2 / 3
    assert metrics["reference.auxiliary.whisper.emotion_accuracy.balanced"] == 1
