"""A reading that is heard as a whole, and how its text fits that sound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from emotts.corpus.transcripts.alignment.acceptance import Fit, slowness
from emotts.corpus.transcripts.alignment.edits import Comparison, compare
from emotts.corpus.transcripts.alignment.phones import PhoneCosts, spoken_phones_of_heard
from emotts.corpus.transcripts.take_recogniser import LONGEST_MS, TakeRecogniser
from emotts.corpus.utterance_reader import TextReader

__all__ = ["WholeHearing", "hear_whole", "spans_to_hear"]

_MORE_MS = 200
"""So much of the pauses around a reading is heard with it the second time."""

Span = tuple[int, int]


@dataclass(frozen=True)
class WholeHearing:
    """What was heard in a reading, how far its phones are from those of the text, and how the text fits."""

    heard: str
    comparison: Comparison
    fit: Fit


def spans_to_hear(pieces: range, spans: Sequence[Span]) -> list[Span]:
    """Return the spans (start, end) in ms in which pieces are heard as a whole: without the pauses around them, and
    with some of them; none that is too long to be heard at once.

    Args:
        pieces: numbers of consecutive pieces.
        spans: (start, end) in ms of all pieces of the take.
    """
    start, end = spans[pieces[0]][0], spans[pieces[-1]][1]
    before = start if pieces[0] == 0 else (start - spans[pieces[0] - 1][1]) // 2
    after = (spans[pieces[-1] + 1][0] - end) // 2 if pieces[-1] + 1 < len(spans) else 0
    wider = (start - min(_MORE_MS, before), end + min(_MORE_MS, after))
    return [span for span in dict.fromkeys([(start, end), wider]) if span[1] - span[0] <= LONGEST_MS]


def hear_whole(
    span: Span, text: str, *, sounding: Sequence[Span], recogniser: TakeRecogniser, reader: TextReader
) -> WholeHearing:
    """Hear a reading as a whole.

    Args:
        span: (start, end) in ms to listen to.
        text: of its lines.
        sounding: (start, end) in ms of its pieces.
        recogniser: of the take.
        reader: turns texts into phones.
    """

    def phones(words: str) -> list[str]:
        return spoken_phones_of_heard(words, reader, seconds=math.inf)

    heard, score = recogniser.heard(*span).text, recogniser.score(*span, text)
    own = spoken_phones_of_heard(heard, reader, seconds=(sounding[-1][1] - sounding[0][0]) / 1000)
    written = phones(text)
    costs = PhoneCosts([*own, *written])
    fit = Fit(
        word=score.word,
        ratio=recogniser.score(*span, heard).log_probability - score.log_probability,
        slowness=slowness(
            score.times,
            [((start - span[0]) / 1000, (end - span[0]) / 1000) for start, end in sounding],
            phones=lambda word: len(phones(word)),
        ),
    )
    return WholeHearing(heard, compare(costs.ids(own), costs.ids(written), costs=costs), fit)
