"""The spoken clips of an evaluation: how they are spoken, heard, measured and saved."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from emotts.audio.io import read_mono, write_wav
from emotts.evaluation.measures import UNUSABLE
from emotts.evaluation.plan import Task
from emotts.evaluation.prosody import Prosody, measure_prosody
from emotts.files import write_text
from emotts.progress import Progress
from emotts.recognition.protocol import EmotionModel

__all__ = [
    "Clip",
    "Reference",
    "hear",
    "measure_recorded",
    "problem_of",
    "read_references",
    "save_clips",
    "speak_tasks",
]

SILENT_AMPLITUDE = 1e-3
SHORTEST_S = 0.1
FULL_INTENSITY = 1.0
_NAME_LENGTH = 24

_logger = logging.getLogger(__name__)
Speak = Callable[[str, str, float], npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Reference:
    """A reference clip; ``n_phones`` counts spoken phones, without punctuation and the marks at both ends."""

    path: Path
    text: str
    emotion: str
    n_phones: int


@dataclass(frozen=True)
class Clip:
    """A clip of the voice or of reference speech, and what was measured in it.

    Attributes:
        samples: (sample,) float32.
        problem: why it cannot be used, or None.
        heard: what the classifier heard, :data:`~emotts.evaluation.measures.UNUSABLE` for an unusable clip.
        probability: the classifier's probability of the emotion that was meant; 0 for an unusable clip, or for a style.
        auxiliary_heard: what each of the auxiliary classifiers heard, by its name.
        compute_s: seconds it took to speak; 0 for a reference clip.
        mcd_db: mel-cepstral distortion against the reference rendering of the sentence; None where there is none.
        quality: what the quality predictor says, from 1 to 5; None where it was not asked.
    """

    task: Task
    samples: npt.NDArray[np.float32] = field(repr=False)
    sample_rate_hz: int
    problem: str | None
    heard: str
    probability: float
    prosody: Prosody | None
    compute_s: float = 0.0
    auxiliary_heard: Mapping[str, str] = field(default_factory=dict)
    mcd_db: float | None = None
    quality: float | None = None


def speak_tasks(
    tasks: Sequence[Task],
    *,
    speak: Speak,
    classifier: EmotionModel,
    sample_rate_hz: int,
    speaker: str | None,
    n_phones: Mapping[str, int],
    progress: Progress | None = None,
) -> list[Clip]:
    """Speak every task at full intensity and classify it; one call before warms up and is not counted."""
    speak(tasks[0].text, tasks[0].emotion, FULL_INTENSITY)
    clips = []
    for done, task in enumerate(tasks, 1):
        start = time.perf_counter()
        samples = np.asarray(speak(task.text, task.emotion, FULL_INTENSITY), dtype=np.float32)
        took_s = time.perf_counter() - start
        clip = hear(
            task,
            samples,
            sample_rate_hz=sample_rate_hz,
            classifier=classifier,
            speaker=speaker,
            n_phones=n_phones.get(task.text),
            compute_s=took_s,
        )
        if clip.problem is not None:
            _logger.warning("voice gave no usable speech for %r as %s: %s", task.text[:40], task.emotion, clip.problem)
        clips.append(clip)
        if progress is not None:
            progress(done, len(tasks), f"speaking ({task.emotion})")
    return clips


def read_references(
    references: Sequence[Reference], *, classifier: EmotionModel, speaker: str | None, sample_rate_hz: int
) -> list[Clip]:
    """Read the reference clips at the rate of the voice and let the classifier hear them.

    Raises:
        AudioError: if a file cannot be read.
    """
    clips = []
    for number, reference in enumerate(references):
        samples, _ = read_mono(reference.path, sample_rate_hz=sample_rate_hz)
        task = Task(number, reference.text, reference.emotion, own=True, shared=False)
        clip = hear(
            task,
            samples,
            sample_rate_hz=sample_rate_hz,
            classifier=classifier,
            speaker=speaker,
            n_phones=reference.n_phones,
        )
        if clip.problem is not None:
            _logger.warning("reference clip %s cannot be used: %s", reference.path, clip.problem)
        clips.append(clip)
    return clips


def measure_recorded(references: Sequence[Reference], *, sample_rate_hz: int) -> list[tuple[str, Prosody]]:
    """Return emotion and prosody of reference clips that no classifier needs to hear; unusable ones are left out.

    Raises:
        AudioError: if a file cannot be read.
    """
    measured = []
    for reference in references:
        samples, _ = read_mono(reference.path, sample_rate_hz=sample_rate_hz)
        if problem_of(samples, sample_rate_hz) is None:
            prosody = measure_prosody(samples, sample_rate_hz=sample_rate_hz, n_phones=reference.n_phones)
            measured.append((reference.emotion, prosody))
    return measured


def hear(
    task: Task,
    samples: npt.NDArray[np.float32],
    *,
    sample_rate_hz: int,
    classifier: EmotionModel,
    speaker: str | None,
    n_phones: int | None,
    compute_s: float = 0.0,
) -> Clip:
    """Classify and measure one clip (sample,); a broken one is heard as unusable, and nothing is raised."""
    problem = problem_of(samples, sample_rate_hz)
    if problem is not None:
        unheard = dict.fromkeys(classifier.auxiliary_names, UNUSABLE)
        return Clip(task, samples, sample_rate_hz, problem, UNUSABLE, 0.0, None, compute_s, unheard)
    chances, others = classifier.hear(samples, sample_rate_hz, speaker=speaker)
    return Clip(
        task,
        samples,
        sample_rate_hz,
        problem=None,
        heard=classifier.emotions[int(chances.argmax())],
        probability=float(chances[classifier.emotions.index(task.emotion)])
        if task.emotion in classifier.emotions
        else 0.0,
        prosody=measure_prosody(samples, sample_rate_hz=sample_rate_hz, n_phones=n_phones),
        compute_s=compute_s,
        auxiliary_heard={name: classifier.emotions[int(other.argmax())] for name, other in others.items()},
    )


def problem_of(samples: npt.NDArray[np.float32], sample_rate_hz: int) -> str | None:
    """Return why samples (sample,) of a clip cannot be used, None where they can."""
    if samples.ndim != 1:
        return f"shape {samples.shape} instead of one channel"
    if samples.size < SHORTEST_S * sample_rate_hz:
        return f"only {samples.size} samples"
    if not np.isfinite(samples).all():
        return f"{int((~np.isfinite(samples)).sum())} of {samples.size} samples are NaN or infinite"
    if np.abs(samples).max() < SILENT_AMPLITUDE:
        return "silent (under -60 dBFS throughout)"
    return None


def save_clips(clips: Sequence[Clip], folder: Path) -> None:
    """Write the usable clips as ``folder/EMOTION/SENTENCE.wav``, and ``samples.json``.

    The name comes from the text alone, so that a sentence has the same path in every evaluation.

    What an earlier evaluation left in ``folder`` is removed first.
    """
    if folder.exists():
        shutil.rmtree(folder)
    rows = []
    seen: Counter[str] = Counter()
    for clip in clips:
        place = f"{clip.task.emotion}/{_sentence_name(clip.task.text)}"
        seen[place] += 1
        name = f"{place}.wav" if seen[place] == 1 else f"{place}-{seen[place]}.wav"
        if clip.problem is None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_wav(folder / name, clip.samples, sample_rate_hz=clip.sample_rate_hz)
        rows.append(
            {
                "file": name if clip.problem is None else None,
                "text": clip.task.text,
                "emotion": clip.task.emotion,
                "written_for_this_emotion": clip.task.own,
                "heard": clip.heard,
                "heard_by_auxiliary": dict(clip.auxiliary_heard),
                "probability": round(clip.probability, 4),
                "mcd_db": None if clip.mcd_db is None else round(clip.mcd_db, 4),
                "quality": None if clip.quality is None else round(clip.quality, 4),
                "problem": clip.problem,
            }
        )
    write_text(folder / "samples.json", json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


def _sentence_name(text: str) -> str:
    """Return a file name for a text: its beginning, to be read, and a digest, to be unique."""
    beginning = re.sub(r"\W+", "_", text).strip("_")[:_NAME_LENGTH].strip("_")
    return f"{beginning}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
