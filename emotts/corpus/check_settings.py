"""What a check needs to know of the project's settings."""

from __future__ import annotations

from dataclasses import dataclass

from emotts.corpus.pieces import Limits
from emotts.emotions import EmotionSet

__all__ = ["CheckSettings"]


@dataclass(frozen=True)
class CheckSettings:
    """Settings of the stages that the data would go through, named as in ``params.yaml``.

    ``segment_max_reject_share`` and ``label_max_reject_share`` are those of the stages; ``unreadable_stops`` says
    whether a text that cannot be read stops the corpus stage.
    """

    language: str
    emotions: EmotionSet
    sample_rate_hz: int
    hop_length: int
    threshold_db: float
    min_silence_s: float
    keep_silence_s: float
    min_length_s: float
    max_length_s: float
    join_pause_s: float
    segment_max_reject_share: float
    label_max_reject_share: float
    unreadable_stops: bool
    val_share: float
    test_share: float
    seed: int

    @property
    def limits(self) -> Limits:
        """The lengths of pieces, as the segment stage has them."""
        return Limits(
            keep_ms=round(1000 * self.keep_silence_s),
            min_ms=round(1000 * self.min_length_s),
            max_ms=round(1000 * self.max_length_s),
            join_ms=round(1000 * self.join_pause_s),
        )
