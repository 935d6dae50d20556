"""Intelligibility: character error rates of what a recogniser hears in the clips.

A clip has at most as many errors as its text has characters (:mod:`emotts.evaluation.error_counts`). A recogniser
sometimes falls into a loop and writes five times what a clip can contain: the clip is then wrong as a whole, and no
more than that.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from emotts.errors import TextError
from emotts.evaluation.error_counts import errors
from emotts.evaluation.measures import mean_interval
from emotts.evaluation.spoken import Clip
from emotts.files import write_text
from emotts.progress import Progress
from emotts.recognition.protocol import Recogniser
from emotts.text.phonemes import FrontEnd

__all__ = ["Transcriber", "Transcript", "comparable", "edits", "intelligibility_metrics", "write_transcripts"]

_SPACED_LANGUAGES = ("EN",)


@dataclass(frozen=True)
class Transcript:
    """What a recogniser heard in a clip; ``edits`` turn it into the text, of ``length`` characters.

    Both are counted on comparable characters (:func:`comparable`). ``reference``: whether the clip is reference speech.
    Where more was heard than said, there can be more edits than characters; the rates count :attr:`errors`.
    """

    text: str
    heard: str
    emotion: str
    reference: bool
    edits: int
    length: int

    @property
    def errors(self) -> int:
        """How many characters count as wrong."""
        return errors(self.edits, self.length)


@dataclass(frozen=True)
class Transcriber:
    """A recogniser, and the front end of its language, by which two ways to write the same are told from errors."""

    recogniser: Recogniser
    reader: FrontEnd

    def take(self, clips: Sequence[Clip], *, reference: bool, progress: Progress | None = None) -> list[Transcript]:
        """Write down what is said in the clips; of an unusable one nothing is heard."""
        found = []
        for done, clip in enumerate(clips, 1):
            usable = clip.problem is None
            heard = self.recogniser.transcribe(clip.samples, clip.sample_rate_hz) if usable else ""
            wanted = comparable(clip.task.text, reader=self.reader)
            wrong = edits(wanted, comparable(heard, reader=self.reader))
            found.append(Transcript(clip.task.text, heard, clip.task.emotion, reference, wrong, len(wanted)))
            if progress is not None:
                progress(done, len(clips), f"recognising {'reference speech' if reference else 'the voice'}")
        return found


def comparable(text: str, *, reader: FrontEnd) -> str:
    """Return the characters of a text that count: as the front end reads it, letters and digits, in lower case.

    Numbers are spelled out and, in Japanese, everything is kana, so that another way to write the same is no error.
    Punctuation goes, and so do blanks, but in English. A text that cannot be read is taken as it is written.
    """
    try:
        text = reader.read(text).normalised_text if text.strip() else ""
    except TextError:
        text = unicodedata.normalize("NFKC", text)
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in text.casefold())
    return (" " if reader.language in _SPACED_LANGUAGES else "").join(kept.split())


def edits(wanted: str, heard: str) -> int:
    """Return how many characters must be put in, taken out or changed (Levenshtein 1966)."""
    return Levenshtein.distance(wanted, heard)


def intelligibility_metrics(transcripts: Sequence[Transcript], *, seed: int) -> dict[str, float]:
    """Return ``cer`` and ``reference.cer`` (errors over characters, all clips together), intervals, and per emotion.

    ``cer.over_reference`` is how much higher the voice's is.
    """
    metrics: dict[str, float] = {}
    for prefix, reference in (("", False), ("reference.", True)):
        group = [transcript for transcript in transcripts if transcript.reference is reference and transcript.length]
        if not group:
            continue
        rates = [transcript.errors / transcript.length for transcript in group]
        low, high = mean_interval(rates, weights=[transcript.length for transcript in group], seed=seed)
        metrics |= {f"{prefix}cer": _rate(group), f"{prefix}cer.low": low, f"{prefix}cer.high": high}
        metrics[f"{prefix}cer.count"] = float(len(group))
        for emotion in dict.fromkeys(transcript.emotion for transcript in group):
            own = [transcript for transcript in group if transcript.emotion == emotion]
            metrics[f"{prefix}cer.{emotion}"] = _rate(own)
    if {"cer", "reference.cer"} <= metrics.keys():
        metrics["cer.over_reference"] = metrics["cer"] - metrics["reference.cer"]
    return metrics


def _rate(group: Sequence[Transcript]) -> float:
    return float(np.sum([each.errors for each in group]) / np.sum([each.length for each in group]))


def write_transcripts(path: Path, transcripts: Sequence[Transcript]) -> None:
    """Write what was heard as JSON, one object a clip."""
    rows = [asdict(transcript) for transcript in transcripts]
    write_text(path, json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
