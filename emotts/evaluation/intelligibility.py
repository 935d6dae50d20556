"""Whether the words can be understood: what a recogniser makes of the clips, as character error rates."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from emotts.corpus.rows import write_text
from emotts.errors import TextError
from emotts.evaluation.metrics import mean_interval
from emotts.evaluation.spoken import Clip
from emotts.judges.protocol import Recogniser
from emotts.text.phonemes import FrontEnd

__all__ = ["Dictation", "Transcript", "comparable", "edits", "intelligibility_figures", "write_transcripts"]

_SPACED_LANGUAGES = ("EN",)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Transcript:
    """What a recogniser heard in a clip; ``edits`` turn it into the text, of ``length`` characters.

    Both are counted on comparable characters (:func:`comparable`). ``real``: whether the clip is a real recording.
    """

    text: str
    heard: str
    emotion: str
    real: bool
    edits: int
    length: int


@dataclass(frozen=True)
class Dictation:
    """A recogniser, and the front end of its language, by which two ways to write the same are told from errors."""

    recogniser: Recogniser
    reader: FrontEnd

    def take(self, clips: Sequence[Clip], *, real: bool, progress: Progress | None = None) -> list[Transcript]:
        """Write down what is said in the clips; of an unusable one nothing is heard."""
        found = []
        for done, clip in enumerate(clips, 1):
            usable = clip.problem is None
            heard = self.recogniser.transcribe(clip.samples, clip.sample_rate_hz) if usable else ""
            wanted = comparable(clip.task.text, reader=self.reader)
            wrong = edits(wanted, comparable(heard, reader=self.reader))
            found.append(Transcript(clip.task.text, heard, clip.task.emotion, real, wrong, len(wanted)))
            if progress is not None:
                progress(done, len(clips), f"recognising {'real speech' if real else 'the voice'}")
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
    before = list(range(len(heard) + 1))
    for row, char in enumerate(wanted, 1):
        now = [row]
        for column, other in enumerate(heard, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (char != other)))
        before = now
    return before[-1]


def intelligibility_figures(transcripts: Sequence[Transcript], *, seed: int) -> dict[str, float]:
    """Return ``cer`` and ``real.cer`` (edits over characters, all clips together) with intervals, and per emotion.

    ``cer.over_real`` is how much higher the voice's is.
    """
    figures: dict[str, float] = {}
    for prefix, real in (("", False), ("real.", True)):
        group = [transcript for transcript in transcripts if transcript.real is real and transcript.length]
        if not group:
            continue
        rates = [transcript.edits / transcript.length for transcript in group]
        low, high = mean_interval(rates, weights=[transcript.length for transcript in group], seed=seed)
        figures |= {f"{prefix}cer": _rate(group), f"{prefix}cer.low": low, f"{prefix}cer.high": high}
        figures[f"{prefix}cer.count"] = float(len(group))
        for emotion in dict.fromkeys(transcript.emotion for transcript in group):
            own = [transcript for transcript in group if transcript.emotion == emotion]
            figures[f"{prefix}cer.{emotion}"] = _rate(own)
    if {"cer", "real.cer"} <= figures.keys():
        figures["cer.over_real"] = figures["cer"] - figures["real.cer"]
    return figures


def _rate(group: Sequence[Transcript]) -> float:
    return float(np.sum([each.edits for each in group]) / np.sum([each.length for each in group]))


def write_transcripts(path: Path, transcripts: Sequence[Transcript]) -> None:
    """Write what was heard as JSON, one object a clip."""
    rows = [asdict(transcript) for transcript in transcripts]
    write_text(path, json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
