"""What is measured of the pieces, so that those that need an ear are found: noise, rate, emotion, reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotts.audio.quality import measure_quality
from emotts.corpus.corrections.entry import Entry, Key
from emotts.errors import AudioError, TextError
from emotts.recognition.emotion_features import FEATURE_NAMES, emotion_features
from emotts.recognition.label_errors import find_label_errors
from emotts.serving.review.sounds import Sounds
from emotts.text.frontend import FrontEnd
from emotts.text.symbols import BLANK, PUNCTUATION

__all__ = ["Measured", "Measures", "Reading", "Readings"]

_UNSPOKEN = frozenset((BLANK, *PUNCTUATION))


@dataclass(frozen=True)
class Reading:
    """How a text is read: as it is spoken, its number of phones, what is left out, and why it cannot be read."""

    spoken: str
    n_phones: int
    left_out: tuple[str, ...] = ()
    error: str | None = None


class Readings:
    """Reads texts by the front end of the project, each once."""

    def __init__(self, front_end: FrontEnd) -> None:
        self._front_end = front_end
        self._known: dict[str, Reading] = {}

    def of(self, text: str) -> Reading:
        """Return the reading of a text."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Reading:
        try:
            found = self._front_end.read(text)
        except TextError as error:
            return Reading("", 0, error=error.what)
        n_phones = sum(phone not in _UNSPOKEN for phone in found.phones)
        return Reading(found.normalised_text, n_phones, found.left_out)


@dataclass(frozen=True)
class Measured:
    """What was measured of the sound of a piece: ``features`` (feature,) are those of the emotion classifier."""

    snr_db: float | None
    is_clipped: bool
    features: NDArray[np.float64]


class Measures:
    """Measures the sound of pieces, each once."""

    def __init__(self, sounds: Sounds, *, seed: int) -> None:
        self._sounds = sounds
        self._seed = seed
        self._known: dict[Key, Measured | None] = {}

    def of(self, key: Key) -> Measured | None:
        """Return what was measured of a piece, None where it was not yet, or cannot be."""
        return self._known.get(key)

    def is_new(self, key: Key) -> bool:
        """Tell whether nobody tried to measure a piece yet."""
        return key not in self._known

    def measure(self, entry: Entry) -> None:
        """Measure a piece; nothing is known of one that cannot be read, and the page says why where it is shown."""
        try:
            samples, rate_hz = self._sounds.samples(entry.source.file, entry.start_s, entry.end_s)
            quality = measure_quality(samples, sample_rate_hz=rate_hz)
            features = emotion_features(samples, sample_rate_hz=rate_hz)
        except AudioError:
            self._known[entry.key] = None
        else:
            self._known[entry.key] = Measured(quality.snr_db, quality.clipped_fraction > 0, features)

    def label_errors(self, entries: Sequence[Entry]) -> dict[Key, str]:
        """Return what pieces sound like that a classifier of the other pieces hears as another emotion.

        See :func:`emotts.recognition.label_errors.find_label_errors`; nothing is found where there is too little.
        """
        used, features = [], []
        for entry in entries:
            measured = self._known.get(entry.key)
            if entry.problem is None and measured is not None:
                used.append(entry)
                features.append(measured.features)
        if not used:
            return {}
        found = find_label_errors(
            np.stack(features),
            [entry.emotion or "" for entry in used],
            [entry.source.speaker for entry in used],
            FEATURE_NAMES,
            seed=self._seed,
        )
        return {} if found is None else {used[error.place].key: error.heard for error in found.errors}
