"""Sentences, spoken one by one or block by block, joined with pauses."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Joiner", "PauseRule"]

PauseRule = Literal["added", "total"]
"""``added``: the pause comes between the sentences as they are, with the silence at their ends. ``total``: it is all
the silence between their sounds."""
_QUIET = 0.01
"""Fraction of a sentence's peak that counts as silence: 40 dB below it."""
_KEPT_S = 0.05
"""Silence that stays on either side of a sound, where soft sounds begin and end."""

Samples = npt.NDArray[np.float32]
_NOTHING: Samples = np.zeros(0, dtype=np.float32)


class Joiner:
    """Joins sentences with pauses, from the first to the last; what it returns is heard in that order.

    With ``total``, the silence at the end of a sentence is kept back until it is known how much of it stays. A sentence
    may come in blocks of any length: joined, what is returned is the same. Up to 50 ms of
    silence stay on either side of a pause, however short it is.

    Args:
        sample_rate_hz: of all samples.
        rule: what a pause counts.
    """

    def __init__(self, *, sample_rate_hz: int, rule: PauseRule) -> None:
        self._rate_hz = sample_rate_hz
        self._rule = rule
        self._kept = round(_KEPT_S * sample_rate_hz)
        self._peak = 0.0
        """Of the sentence so far; while a sentence is waited for, of the one before."""
        self._tail = _NOTHING
        """Silence at the end of what was spoken."""
        self._lead = _NOTHING
        """Silence at the beginning of a sentence whose first sound is not there yet."""
        self._pause: int | None = None
        """Samples between the tail and the sentence that is waited for; None within a sentence."""

    def add(self, samples: Samples) -> Samples:
        """Return what is heard, of the samples (sample,) of a sentence or of its next block."""
        if self._rule == "added":
            return samples
        if self._pause is None:
            return self._spoken(samples)
        self._lead = np.concatenate([self._lead, samples])
        sounding = np.flatnonzero(np.abs(self._lead) > _QUIET * self._peak)
        return self._begin(int(sounding[0])) if sounding.size else _NOTHING

    def pause(self, duration_s: float) -> Samples:
        """End a sentence; the next one comes after so many seconds. Return what is heard of that already."""
        pause = round(duration_s * self._rate_hz)
        if self._rule == "added":
            return np.zeros(pause, dtype=np.float32)
        begun = _NOTHING if self._pause is None else self._begin(0)
        silent = self._take_tail() if not self._peak else _NOTHING  # no sound says where its silence ends
        self._pause = pause
        return np.concatenate([begun, silent])

    def end(self) -> Samples:
        """Return what is left when nothing follows."""
        begun = _NOTHING if self._pause is None else self._begin(0)
        return np.concatenate([begun, self._take_tail()])

    def _take_tail(self) -> Samples:
        tail, self._tail = self._tail, _NOTHING
        return tail

    def _spoken(self, samples: Samples) -> Samples:
        """Return the samples but for the silence at their end."""
        whole = np.concatenate([self._tail, samples])
        self._peak = max(self._peak, float(np.abs(samples).max(initial=0.0)))
        sounding = np.flatnonzero(np.abs(whole) > _QUIET * self._peak)
        n_heard = int(sounding[-1]) + 1 if sounding.size else 0
        self._tail = whole[n_heard:]
        return whole[:n_heard]

    def _begin(self, n_quiet: int) -> Samples:
        """Return the tail, the pause, and the sentence after it, which begins with so much silence."""
        lead, pause, n_tail = self._lead, self._pause or 0, len(self._tail)
        surplus = max(0, n_tail + n_quiet - pause)
        cut_tail = min(max(0, n_tail - self._kept), surplus)
        cut_lead = min(max(0, n_quiet - self._kept), surplus - cut_tail)
        silence = np.zeros(max(0, pause - n_tail - n_quiet), dtype=np.float32)
        before = [self._take_tail()[: n_tail - cut_tail], silence]
        self._lead, self._pause, self._peak = _NOTHING, None, 0.0
        return np.concatenate([*before, self._spoken(lead[cut_lead:])])
