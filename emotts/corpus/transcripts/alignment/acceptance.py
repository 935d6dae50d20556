"""Whether the text of a reading is what was said, and how sure that is.

The limits are those at which, of readings with one word changed, next to none was taken for right; they were read off a
few hundred lines, so they are no guarantee (docs/script-alignment.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from emotts.corpus.settings import Wording
from emotts.corpus.transcripts.alignment.edits import Comparison

__all__ = [
    "BROKEN_OFF",
    "LIMITS",
    "NOT_IN_SCRIPT",
    "READ_AGAIN",
    "WORDING",
    "Decision",
    "Fit",
    "Limits",
    "Measures",
    "decide",
    "fits",
    "slowness",
]

BROKEN_OFF = "broken off"
NOT_IN_SCRIPT = "not in the script"
READ_AGAIN = "read again later"
WORDING = "wording differs"
_WORD_S, _PHONE_S = 0.5, 0.08
"""The longest words that were read right took less than 0.5 s and 0.08 s a phone."""
_RATIO = 0.2
"""Weight of the ratio, in nats, against the log probability of a word; of changed words both are high."""
_MARK_S = 0.3
"""The pause at a mark, as far as it is none between pieces."""
_REST_S = 0.8
"""Most that may sound behind the text: breath, echo."""


@dataclass(frozen=True)
class Limits:
    """What a reading must keep to.

    Attributes:
        distance: most that heard and written phones may differ, for each written phone.
        beyond: fewer phones than these may be heard beyond the text at one place.
        unheard: fewer phones than these of the text may be unheard at one place.
        word: mean log probability of the tokens of the least probable word, which must lie above this.
        ratio: most by which what was heard may be more probable than the text, in nats.
        both: most that the word's log probability, without its sign, and a fifth of the ratio may come to together.
    """

    distance: float
    beyond: int
    unheard: int
    word: float = -6.0
    ratio: float = 25.0
    both: float = 11.0


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "EN": Limits(distance=0.20, beyond=4, unheard=4),
        "KR": Limits(distance=0.30, beyond=5, unheard=6, word=-7.0, ratio=30.0, both=10.0),
        # those of English held on one rendered voice
        "JP": Limits(distance=0.20, beyond=4, unheard=4),
    }
)
"""By language."""


@dataclass(frozen=True)
class Measures:
    """What was measured of a reading: its phones against those of its text, and how the text fits the sound.

    ``fit`` is None where the text was not scored on the sound.
    """

    comparison: Comparison
    fit: Fit | None


@dataclass(frozen=True)
class Fit:
    """How a text fits the sound.

    ``word`` and ``ratio`` are as in :class:`Limits`, ``slowness`` is as :func:`slowness` returns it.
    """

    word: float
    ratio: float
    slowness: float


@dataclass(frozen=True)
class Decision:
    """Whether the text of a reading is accepted, and how sure that is.

    Attributes:
        reason: why the text is not accepted; None if it is.
        confidence: 1 where nothing speaks against the text, 0 at a limit, below 0 beyond one. It takes in all limits.
        is_near: whether the phones fit the text, whatever the wording.
        has_more: whether the text was read, but something else seems to be said in between.
    """

    reason: str | None
    confidence: float
    is_near: bool
    has_more: bool = False


def decide(measures: Measures, *, limits: Limits, wording: Wording) -> Decision:
    """Accept or refuse the text of a reading: ``strict`` asks for all limits, ``lines`` for those on phones only."""
    comparison = measures.comparison
    ends = max(comparison.beyond / limits.beyond, max(comparison.unheard, comparison.omitted) / limits.unheard)
    strain = [comparison.distance / limits.distance, ends]
    is_near = is_worded = False
    fit = measures.fit
    if fit is not None:
        # a word that takes too long has something in it that was not heard
        is_near = comparison.distance <= limits.distance and ends < 1.0 and fit.slowness <= 1.0
        is_worded = fits(fit, limits=limits, wording=wording)
        strain += _strains(fit, limits) + ([fit.slowness] if fit.slowness > 1.0 else [])
    confidence = round(1.0 - max(*strain, 0.0), 3)
    if is_near and is_worded:
        return Decision(None, confidence, is_near)
    has_more = comparison.distance <= limits.distance and not is_near
    return Decision(BROKEN_OFF if comparison.unheard >= limits.unheard else WORDING, confidence, is_near, has_more)


def fits(fit: Fit, *, limits: Limits, wording: Wording) -> bool:
    """Say whether a text fits the sound, whatever phones were heard in it."""
    return fit.slowness <= 1.0 and (wording == "lines" or max(_strains(fit, limits)) <= 1.0)


def _strains(fit: Fit, limits: Limits) -> list[float]:
    return [fit.word / limits.word, fit.ratio / limits.ratio, (_RATIO * fit.ratio - fit.word) / limits.both]


def slowness(
    times: Sequence[tuple[str, float, float]],
    sounding: Sequence[tuple[float, float]],
    *,
    phones: Callable[[str], int],
) -> float:
    """Return how long the slowest word takes as a fraction of the longest that is believed; what follows counts, too.

    Args:
        times: words and marks of a text with their start and end in s, in order.
        sounding: (start, end) in s of the pieces that the text is read in; pauses between them do not count.
        phones: returns how many phones a word has, 0 for a mark.
    """
    worst, word_s, most_s = 0.0, 0.0, 0.0
    for word, start_s, end_s in times:
        count = phones(word)
        taken_s = _overlap(start_s, end_s, sounding)
        # a mark prolongs the word before it
        word_s, most_s = (taken_s, _WORD_S + _PHONE_S * count) if count else (word_s + taken_s, most_s + _MARK_S)
        worst = max(worst, word_s / most_s)
    rest_s = _overlap(times[-1][2], sounding[-1][1], sounding) if times else 0.0
    return max(worst, rest_s / _REST_S)


def _overlap(start_s: float, end_s: float, sounding: Sequence[tuple[float, float]]) -> float:
    return sum(max(0.0, min(end_s, end) - max(start_s, start)) for start, end in sounding)
