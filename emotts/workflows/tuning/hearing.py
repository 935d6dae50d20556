"""What the emotion classifier hears in a voice while a trial trains it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emotts.corpus.lists import CorpusItem
from emotts.evaluation.spoken_validation import spoken_metrics
from emotts.recognition.protocol import EmotionModel
from emotts.voice import Voice
from emotts.workflows.training_monitor import Hear

__all__ = ["hear_by"]


def hear_by(classifier: EmotionModel) -> Hear:
    """Return a listener: every sentence is spoken in every emotion, by the speaker of the first one."""

    def hear(voice: Voice, items: Sequence[CorpusItem]) -> dict[str, float]:
        speaker = items[0].speaker

        def speak(text: str, emotion: str, intensity: float) -> NDArray[np.float32]:
            return voice.speak(text, emotion=emotion, intensity=intensity, speaker=speaker).samples

        return spoken_metrics(
            [(item.text, item.emotion) for item in items],
            speak=speak,
            classifier=classifier,
            emotions=voice.emotions,
            sample_rate_hz=voice.sample_rate_hz,
            speaker=speaker,
        )

    return hear
