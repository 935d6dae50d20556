"""The settings that a check needs."""

from __future__ import annotations

from dataclasses import dataclass

from emotts.audio.settings import AudioSettings
from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.settings import CorpusSettings, LabelSettings, SegmentSettings
from emotts.corpus.sources.layout import AUTO, Layout
from emotts.emotions.emotion_set import EmotionSet

__all__ = ["CheckSettings"]


@dataclass(frozen=True)
class CheckSettings:
    """Settings of the stages that the data would go through, named as in ``params.yaml``.

    ``hears`` tells whether the recogniser is installed that aligns scripts.
    """

    language: str
    emotions: EmotionSet
    audio: AudioSettings
    segment: SegmentSettings
    label: LabelSettings
    corpus: CorpusSettings
    seed: int
    hears: bool

    layout: str | Layout = AUTO
    speaker: str = ""

    @property
    def limits(self) -> Limits:
        """The lengths of pieces, as the segment stage has them."""
        return Limits.of(self.segment)
