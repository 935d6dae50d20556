"""The filters of the review page: which pieces need an ear, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from emotts.corpus.check.corpus import MIN_SNR_DB
from emotts.corpus.check.texts import unusual_rates
from emotts.corpus.corrections.entry import REJECTED, Entry, Key
from emotts.serving.review.measuring import Measures, Readings

__all__ = ["FILTERS", "Filters"]

FILTERS = ("all", "unchecked", "text", "label", "rate", "noisy", "unused")
"""Names of the filters, as the page's words have them."""


@dataclass
class Filters:
    """Sorts pieces into the filters.

    Attributes:
        readings: of the texts.
        measures: of the sound.
        doubts: confidence of the texts that are to be checked by ear, by piece; the stage ``label`` lists them.
        heard: what pieces sound like that seem to have a wrong emotion.
    """

    readings: Readings
    measures: Measures
    doubts: Mapping[Key, float] = field(default_factory=dict)
    heard: Mapping[Key, str] = field(default_factory=dict)

    def of(self, entries: Sequence[Entry]) -> dict[str, list[Entry]]:
        """Return the pieces of every filter, the doubtful texts with the worst first, all others in order of time."""
        fast_or_slow = self._fast_or_slow(entries)
        doubtful = [entry for entry in entries if self._is_doubtful(entry)]
        return {
            "all": list(entries),
            "unchecked": [entry for entry in entries if entry.decision is None],
            "text": sorted(doubtful, key=lambda entry: self.doubts.get(entry.key, 1.0)),
            "label": [entry for entry in entries if self.heard.get(entry.key, entry.emotion) != entry.emotion],
            "rate": [entry for entry in entries if entry.key in fast_or_slow],
            "noisy": [entry for entry in entries if self._is_noisy(entry)],
            "unused": [entry for entry in entries if entry.problem is not None],
        }

    def _is_doubtful(self, entry: Entry) -> bool:
        """Tell whether the text of a piece is to be checked; what was accepted, rejected or typed is not any more."""
        if entry.decision is not None or ("text" in entry.corrected and entry.problem is None):
            return False
        if entry.problem not in (None, REJECTED) or entry.key in self.doubts:
            return True
        reading = self.readings.of(entry.text or "")
        return reading.error is not None or bool(reading.left_out)

    def _is_noisy(self, entry: Entry) -> bool:
        measured = self.measures.of(entry.key)
        if measured is None:
            return False
        return measured.is_clipped or (measured.snr_db is not None and measured.snr_db < MIN_SNR_DB)

    def _fast_or_slow(self, entries: Sequence[Entry]) -> set[Key]:
        """Return the pieces whose phones a second are far from those of the others of their emotion."""
        rates: defaultdict[str, dict[Key, float]] = defaultdict(dict)
        for entry in entries:
            n_phones = self.readings.of(entry.text).n_phones if entry.text else 0
            if n_phones and entry.emotion:
                rates[entry.emotion][entry.key] = n_phones / entry.length_s
        found: set[Key] = set()
        for group in rates.values():
            found |= {key for key, far in zip(group, unusual_rates(list(group.values())), strict=True) if far}
        return found
