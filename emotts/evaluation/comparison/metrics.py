"""Which metrics of a run are shown first, and which way they are better."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["direction", "main_metrics"]

_BETTER_HIGHER = (
    "emotion_accuracy",
    "emotion_probability",
    "speaker_similarity",
    "quality",
    "prosody.within",
    "intensity.spearman",
)
_BETTER_LOWER = ("cer", "wer", "mcd_db", "rtf", "n_unusable", "val/score", "val/loss", "train/loss")
_HIGHER = re.compile(rf"(?:^|\.)(?:{'|'.join(map(re.escape, _BETTER_HIGHER))})(?:[._]|$)")
_LOWER = re.compile(rf"(?:^|\.)(?:{'|'.join(map(re.escape, _BETTER_LOWER))})(?:[._/]|$)")
_ASIDE = (".low", ".high", ".count", ".chance", ".threads", ".source_variability")
_FIRST = ("emotion_accuracy.balanced", "emotion_accuracy.", "shared_text.", "auxiliary.", "emotion_")
_DETAIL = re.compile(
    r"own_text\..*|(?:shared_text|auxiliary)\..*(?<!\.balanced)|(?:mcd_db|cer|wer|quality)\..*|intensity\.spearman\.(?!probability$).*|.*/.*(?<!val/score)"
)


def direction(name: str) -> int:
    """Return 1 for a metric that is better when higher, -1 when lower, 0 where neither can be said."""
    if name.endswith(_ASIDE) or name.startswith(("reference.", "corpus.", "classifier.", "system/")):
        return 0
    if _HIGHER.search(name):
        return 1
    return -1 if _LOWER.search(name) else 0


def main_metrics(names: Iterable[str]) -> list[str]:
    """Return the metrics that tell voices apart, the most telling first; curves and details are left out."""
    wanted = {name for name in names if direction(name) and not _DETAIL.fullmatch(name)}
    return sorted(wanted, key=lambda name: (_rank(name), name))


def _rank(name: str) -> int:
    return next((place for place, head in enumerate(_FIRST) if name.startswith(head)), len(_FIRST))
