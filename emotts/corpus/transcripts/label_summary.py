"""What came into the label stage and what became of it."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.corrections.entry import REJECTED
from emotts.corpus.transcripts.labelled_take import RECOGNISED, LabelledTake
from emotts.errors import CorpusError

__all__ = ["LabelSummary", "check_summary", "summarise"]

_log = logging.getLogger(__name__)

_TOO_SHORT = "too short for a segment"


@dataclass(frozen=True)
class LabelSummary:
    """What came in and what became of it; ``n_in = n_kept + n_rejected``."""

    n_in: int
    """Segments, and of aligned takes readings and pieces that belong to none."""
    n_kept: int
    n_rejected: int
    counts: Mapping[str, int]
    """Utterances an emotion."""
    seconds: Mapping[str, float]
    """Seconds an emotion, kept silence included."""
    reasons: Mapping[str, int]
    """Rejects a reason."""


def summarise(takes: Sequence[LabelledTake]) -> LabelSummary:
    """Count what became of all takes."""
    utterances = [row for take in takes for row in take.utterances]
    rejects = [row for take in takes for row in take.rejects]
    seconds: dict[str, float] = defaultdict(float)
    for row in utterances:
        seconds[row.emotion] += row.end_s - row.start_s
    return LabelSummary(
        n_in=len(utterances) + len(rejects),
        n_kept=len(utterances),
        n_rejected=len(rejects),
        counts=dict(Counter(row.emotion for row in utterances)),
        seconds={name: round(value, 3) for name, value in seconds.items()},
        reasons=dict(Counter(row.reason for row in rejects)),
    )


def check_summary(
    summary: LabelSummary, takes: Sequence[LabelledTake], *, max_reject_fraction: float, where: Path
) -> None:
    """Refuse a corpus of which nothing is left, or of which too much of the plain takes is lost.

    What a person rejected is not lost.
    """
    _log.info("label: %d in = %d kept + %d rejected", summary.n_in, summary.n_kept, summary.n_rejected)
    n_unused = sum(len(take.unused) for take in takes)
    if n_unused:
        _log.warning("label: %d labels belong to no speech and are not used (unused_labels.jsonl)", n_unused)
    counted = [take for take in takes if take.is_counted]
    lost = _lost(counted)
    del lost[REJECTED]
    n_in = sum(len(take.utterances) for take in counted) + lost.total()
    if summary.n_kept == 0:
        lost = _lost(takes)
        n_in = lost.total()
    if summary.n_kept == 0 or lost.total() > max_reject_fraction * n_in:
        raise CorpusError(
            f"too many segments are rejected: {lost.total()} of {n_in}",
            where=where,
            found=", ".join(f"{reason}: {count}" for reason, count in sorted(lost.items())),
            wanted=f"at most {max_reject_fraction:.0%} (label.max_reject_fraction)",
            remedy=_remedy(lost, where.parent / RECOGNISED),
        )
    for emotion, count in sorted(summary.counts.items()):
        if count == 1:
            _log.warning("emotion %s has one utterance only; it cannot be split into training and evaluation", emotion)


def _lost(takes: Sequence[LabelledTake]) -> Counter[str]:
    """Return how much of takes is lost, by reason; pieces that became no segment included."""
    lost = Counter(row.reason for take in takes for row in take.rejects)
    lost[_TOO_SHORT] += sum(take.n_short for take in takes)
    return +lost


def _remedy(lost: Collection[str], recognised: Path) -> str:
    if recognised.is_dir():
        return f"correct the texts in {recognised}, and save each as the script (NAME.txt) beside its recording"
    remedy = "complete the transcripts; rejects.jsonl names every segment"
    if "no transcript" in lost:
        remedy += "; label.recognise: true writes down what is said, and `emotts review` lets you type it"
    return remedy
