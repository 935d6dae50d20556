"""Which sounds a recogniser misses: errors by class of phones, of what was said in several ways."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from emotts.corpus.transcripts.alignment.edits import first_row, pairs_back
from emotts.corpus.transcripts.alignment.phones import PhoneCosts, spoken_phones_of_heard
from emotts.corpus.utterance_reader import TextReader
from emotts.evaluation.error_counts import errors
from emotts.evaluation.phone_classes import CLASSES, SILENT_PHONES, phone_class

__all__ = ["LANES", "PhoneErrors", "phone_error_metrics", "phone_errors"]

LANES: Mapping[str, str] = MappingProxyType(
    {
        "recording": "recording",
        "copy": "recording, encoded and decoded",
        "same_text": "voice, the recording's sentences",
        "spoken": "voice, all sentences",
    }
)
"""The ways in which sentences are said, and what tables call them; each adds what can go wrong to the one before."""


@dataclass(frozen=True)
class PhoneErrors:
    """The phones of a clip's text, and which of them were not heard as they are, by class.

    Attributes:
        written: phones of the text.
        wrong: those of them that were heard as another phone, or not at all.
        added: phones that were heard and are not in the text; with those that are wrong, at most as many as written.
    """

    written: Mapping[str, int]
    wrong: Mapping[str, int]
    added: int


def phone_errors(text: str, heard: str, *, reader: TextReader, seconds: float) -> PhoneErrors:
    """Compare what a recogniser heard in a clip with its text, by the alignment that costs least.

    Heard phones that are related to written ones (:class:`~emotts.corpus.transcripts.alignment.phones.PhoneCosts`) are
    aligned with them rather than with others; they are wrong all the same. What a recogniser repeats in a loop is taken
    once. Words that cannot be read have no phones.

    Args:
        text: what was to be said.
        heard: what the recogniser wrote.
        reader: turns both into phones.
        seconds: length of the clip.
    """
    wanted = _sounding(spoken_phones_of_heard(text, reader, seconds=math.inf))
    found = _sounding(spoken_phones_of_heard(heard, reader, seconds=seconds))
    if not wanted:
        return PhoneErrors({}, {}, 0)
    costs = PhoneCosts([*wanted, *found])
    table = costs.table[:, costs.ids(wanted)]
    _, pairs = pairs_back(first_row(len(wanted)), costs.ids(found), substitutions=table, place=len(wanted))
    right = {place for number, place in pairs if found[number] == wanted[place]}
    wrong = [phone for place, phone in enumerate(wanted) if place not in right]
    return PhoneErrors(
        written=Counter(map(phone_class, wanted)),
        wrong=Counter(map(phone_class, wrong)),
        added=errors(len(found) - len(pairs), len(wanted) - len(wrong)),
    )


def _sounding(phones: Sequence[str]) -> list[str]:
    return [phone for phone in phones if phone not in SILENT_PHONES]


def phone_error_metrics(lanes: Mapping[str, Sequence[PhoneErrors]]) -> dict[str, float]:
    """Return the metrics of clips by lane; a lane without clips has none.

    ``phone_errors.LANE``: phones that are wrong or added, over the phones of the texts. ``phone_errors.LANE.CLASS``:
    phones of a class that are wrong, over those that are written, whose number is ``.count``.
    ``phone_errors.LANE.added``: phones that are added, over all that are written.
    """
    metrics: dict[str, float] = {}
    for lane, clips in lanes.items():
        written: Counter[str] = sum((Counter(clip.written) for clip in clips), Counter())
        wrong: Counter[str] = sum((Counter(clip.wrong) for clip in clips), Counter())
        added, total = sum(clip.added for clip in clips), written.total()
        if total:
            head = f"phone_errors.{lane}"
            metrics |= {head: (wrong.total() + added) / total, f"{head}.added": added / total}
            for name, count in sorted(written.items(), key=lambda item: CLASSES.index(item[0])):
                metrics |= {f"{head}.{name}": wrong[name] / count, f"{head}.{name}.count": float(count)}
    return metrics
