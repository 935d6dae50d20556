"""The log of a conversion: counts, and the outcome of every utterance."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emotts.corpus.rows import Reject, Utterance
from emotts.corpus.utterance_reader import Kept
from emotts.errors import CorpusError

__all__ = ["SIDES", "CorpusSummary", "log_text", "summarise"]

_log = logging.getLogger(__name__)

SIDES = ("train", "val", "test")
"""The sides of the split, each with its list."""


@dataclass(frozen=True)
class CorpusSummary:
    """What came in and where it went; ``n_in = n_train + n_val + n_test + n_rejected``."""

    n_in: int
    n_train: int
    n_val: int
    n_test: int
    n_rejected: int
    counts: Mapping[str, Mapping[str, int]]
    """Utterances by side (train, val, test) and emotion."""
    seconds: Mapping[str, float]
    """Seconds of the corpus by emotion."""
    reasons: Mapping[str, int]
    """Rejects by reason."""


def summarise(
    rows: Sequence[Utterance], kept: Sequence[Kept], rejects: Sequence[Reject], sides: Mapping[str, str]
) -> CorpusSummary:
    """Return the sums of a conversion; ``sides``: side by wav.

    Raises:
        CorpusError: if they do not add up.
    """
    totals = Counter(sides.values())
    if not (len(rows) == len(kept) + len(rejects) and len(kept) == len(sides) == totals.total()):
        raise CorpusError(
            "utterances were lost",
            found=f"{len(rows)} in, {len(kept)} kept, {len(rejects)} rejected, {dict(totals)} split",
        )
    counts = {side: Counter(e.item.emotion for e in kept if sides[e.item.wav] == side) for side in SIDES}
    seconds: dict[str, float] = defaultdict(float)
    for entry in kept:
        seconds[entry.item.emotion] += entry.row.end_s - entry.row.start_s
    _log.info(
        "corpus: %d in = %d train + %d val + %d test + %d rejected",
        *(len(rows), *(totals[side] for side in SIDES), len(rejects)),
    )
    return CorpusSummary(
        n_in=len(rows),
        n_train=totals["train"],
        n_val=totals["val"],
        n_test=totals["test"],
        n_rejected=len(rejects),
        counts={side: dict(sorted(counter.items())) for side, counter in counts.items()},
        seconds={name: round(value, 3) for name, value in sorted(seconds.items())},
        reasons=dict(Counter(row.reason for row in rejects)),
    )


def log_text(
    rows: Sequence[Utterance],
    kept: Sequence[Kept],
    rejects: Sequence[Reject],
    sides: Mapping[str, str],
    *,
    summary: CorpusSummary,
    settings: Mapping[str, Any],
) -> str:
    """Return the log: the counts, then every utterance that came in with where it went."""
    items = {entry.row.wav: entry.item for entry in kept}
    why = {row.wav: row for row in rejects}
    entries = []
    for row in rows:
        item = items.get(row.wav)
        entry: dict[str, Any] = dataclasses.asdict(row)
        if item is not None:
            entry |= {"went_to": sides[item.wav], "corpus_wav": item.wav, "normalised_text": item.text}
        else:
            entry |= {"went_to": "rejected", "reason": why[row.wav].reason, "detail": why[row.wav].detail}
        entries.append(entry)
    counts = {
        "in": summary.n_in,
        "train": summary.n_train,
        "val": summary.n_val,
        "test": summary.n_test,
        "rejected": summary.n_rejected,
    }
    values = {
        "counts": counts,
        "by_emotion": summary.counts,
        "seconds_by_emotion": summary.seconds,
        "settings": dict(settings),
        "utterances": entries,
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
