"""Balance of the emotions: how much there is of each, and whether that is enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from emotts.corpus.check.report import Finding, Table, counted, finding_of, listed
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.check.texts import CheckedText
from emotts.corpus.split import split
from emotts.emotions.emotion_set import NEUTRAL
from emotts.errors import CorpusError

__all__ = ["amount_findings", "balance_findings", "emotion_table", "repeated_findings", "split_findings"]

_MIN_UTTERANCES = 10
_UNEVEN = 2.0
_VERY_UNEVEN = 5.0
_RECOGNISABLE_MIN = 5.0
_USABLE_MIN = 20.0
_MIN_FOR_ALL_SIDES = 3
_MIN_TRAINED = 2
"""Clips of an emotion without which the emotion classifier cannot be fitted."""


def emotion_table(texts: Sequence[CheckedText]) -> Table:
    """Return utterances, minutes and fractions of the emotions, and their sum."""
    counts, seconds = _amounts(texts)
    rows = [
        (name, str(count), f"{seconds[name] / 60:.1f}", f"{count / len(texts):.0%}")
        for name, count in sorted(counts.items())
    ]
    total = ("all", str(len(texts)), f"{sum(seconds.values()) / 60:.1f}", "100%" if texts else "-")
    return Table(
        "Usable utterances by emotion", ("emotion", "utterances", "minutes", "fraction of utterances"), (*rows, total)
    )


def balance_findings(texts: Sequence[CheckedText], *, where: str) -> list[Finding]:
    """Return what is to be said of the numbers of utterances."""
    counts, _ = _amounts(texts)
    found = []
    for name, count in sorted(counts.items()):
        if _MIN_FOR_ALL_SIDES <= count < _MIN_UTTERANCES:
            what = f"only {count} utterances of {name}; at least {_MIN_UTTERANCES} are wanted, better 40"
            found.append(Finding("warning", where, what, f"record more of {name}, or leave it out"))
    if len(counts) == 1:
        what = f"there is one emotion only ({next(iter(counts))}): the voice has nothing to switch between"
        found.append(Finding("error", where, what, "record the same speaker in further emotions"))
    if counts and NEUTRAL not in counts:
        what = "no neutral utterances: intensity is measured from neutral, and so works only as 1"
        found.append(Finding("warning", where, what, f"record at least {_MIN_UTTERANCES} neutral sentences"))
    if len(counts) > 1:
        (most, n_most), (least, n_least) = counts.most_common(1)[0], counts.most_common()[-1]
        if n_most / n_least >= _UNEVEN:
            severe = n_most / n_least >= _VERY_UNEVEN
            what = f"imbalanced: {n_most} utterances of {most}, {n_least} of {least} ({n_most / n_least:.1f} times)"
            remedy = f"record more of {least}; train.sampler: balanced evens out what remains"
            found.append(Finding("warning" if severe else "note", where, what, remedy))
    return found


def amount_findings(texts: Sequence[CheckedText], *, where: str) -> list[Finding]:
    """Return what to expect from the length of the usable speech."""
    minutes = sum(text.duration_s for text in texts) / 60
    if minutes >= _USABLE_MIN:
        what = f"{minutes:.1f} minutes of usable speech: enough for a usable voice on a published base model"
        return [Finding("note", where, what)]
    remedy = f"record {_USABLE_MIN:.0f} to 30 minutes for a usable voice"
    if minutes < _RECOGNISABLE_MIN:
        what = f"{minutes:.1f} minutes of usable speech: the voice will be recognisable at most"
        return [Finding("warning", where, what, remedy)]
    what = f"{minutes:.1f} minutes of usable speech: a recognisable voice, not yet a reliable one"
    return [Finding("note", where, what, remedy)]


def split_findings(
    texts: Sequence[CheckedText], *, where: str, settings: CheckSettings, is_complete: bool
) -> list[Finding]:
    """Return why the utterances could not be split into training, validation and test, or too few are left to train.

    ``is_complete``: whether these are all utterances. Where faulty lines are yet to be corrected, there will be more.
    """
    counts, _ = _amounts(texts)
    found = []
    for name, count in sorted(counts.items()):
        if count == 1:
            what = f"only one utterance of {name}: it cannot be split into training and evaluation"
            found.append(Finding("error", where, what, f"record at least {_MIN_UTTERANCES} of {name}, or leave it out"))
        elif count < _MIN_FOR_ALL_SIDES:
            what = f"only {count} utterances of {name}: all go to training, none is left to evaluate with"
            found.append(Finding("warning", where, what, f"record at least {_MIN_UTTERANCES} of {name}"))
    if any(finding.severity == "error" for finding in found):
        return found
    try:
        parts = split(
            [text.spoken.normalised_text for text in texts],
            [text.emotion for text in texts],
            val_fraction=settings.corpus.val_fraction,
            test_fraction=settings.corpus.test_fraction,
            seed=settings.seed,
        )
    except CorpusError as error:
        return [*found, finding_of(error, where=where)]
    if not is_complete:
        return found
    return [*found, *_scarce_findings(Counter(texts[place].emotion for place in parts.train), counts, where=where)]


def _scarce_findings(trained: Counter[str], counts: Counter[str], *, where: str) -> list[Finding]:
    """Return the emotions of which the split leaves too few to fit the emotion classifier."""
    found = []
    for name, count in sorted(counts.items()):
        if trained[name] < _MIN_TRAINED:
            what = (
                f"only {count} utterances of {name}: {count - trained[name]} are kept for validation and test, and "
                f"{trained[name]} is too few to fit the emotion classifier, which wants {_MIN_TRAINED}"
            )
            found.append(Finding("error", where, what, f"record at least {_MIN_UTTERANCES} of {name}, or leave it out"))
    return found


def repeated_findings(texts: Sequence[CheckedText], *, where: str) -> list[Finding]:
    """Return texts that are spoken more than once in the same emotion."""
    places: dict[tuple[str, str], list[str]] = {}
    for text in texts:
        places.setdefault((text.emotion, text.spoken.normalised_text), []).append(text.where)
    repeated = {key: found for key, found in places.items() if len(found) > 1}
    if not repeated:
        return []
    shown = listed((f"{found[0]} ({len(found)} times)" for found in repeated.values()), most=4)
    what = f"{counted(len(repeated), 'text')} spoken more than once in the same emotion: {shown}"
    remedy = "different sentences teach more; check that no text was copied by mistake"
    return [Finding("note", where, what, remedy)]


def _amounts(texts: Sequence[CheckedText]) -> tuple[Counter[str], dict[str, float]]:
    """Return utterances and seconds by emotion."""
    seconds: dict[str, float] = {}
    for text in texts:
        seconds[text.emotion] = seconds.get(text.emotion, 0.0) + text.duration_s
    return Counter(text.emotion for text in texts), seconds
