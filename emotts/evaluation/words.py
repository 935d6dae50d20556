"""What is understood of the clips: error rates of a recogniser, over all characters and by class of phones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from emotts.evaluation.intelligibility import Transcriber, Transcript, intelligibility_metrics, write_transcripts
from emotts.evaluation.phone_errors import PhoneErrors, phone_error_metrics, phone_errors
from emotts.evaluation.spoken import Clip, problem_of
from emotts.progress import Progress
from emotts.text.phonemes import FrontEnd

__all__ = ["Copy", "word_metrics"]

Copy = Callable[[npt.NDArray[np.float32], str], npt.NDArray[np.float32]]
"""From samples (sample,) at the rate of the voice and an emotion to the same, encoded and decoded by the voice."""


def word_metrics(
    clips: Sequence[Clip],
    reference: Sequence[Clip],
    transcriber: Transcriber,
    *,
    copy: Copy | None,
    seed: int,
    path: Path,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Recognise the clips in their own emotion and the reference clips; write the transcripts; return the metrics.

    Args:
        clips: of the voice.
        reference: the reference clips; texts and emotions are those of some of ``clips``.
        transcriber: hears all of them.
        copy: encodes and decodes reference clips, which are then heard too; None: no such metrics.
        seed: of the intervals.
        path: gets the transcripts of the voice and of the reference.
        progress: called with done, total and a note.
    """
    own = [clip for clip in clips if clip.task.own]
    spoken = transcriber.take(own, reference=False, progress=progress)
    recorded = transcriber.take(reference, reference=True, progress=progress)
    write_transcripts(path, [*spoken, *recorded])
    copies = [] if copy is None else [_copied(clip, copy) for clip in reference if clip.problem is None]
    heard = transcriber.take(copies, reference=True, progress=progress)
    known = {(clip.task.text, clip.task.emotion) for clip in reference}
    reader = transcriber.reader
    errors = _errors(own, spoken, reader=reader)
    lanes = {
        "recording": _errors(reference, recorded, reader=reader),
        "copy": _errors(copies, heard, reader=reader),
        "same_text": [
            each for clip, each in zip(own, errors, strict=True) if (clip.task.text, clip.task.emotion) in known
        ],
        "spoken": errors,
    }
    return {**intelligibility_metrics([*spoken, *recorded], seed=seed), **phone_error_metrics(lanes)}


def _copied(clip: Clip, copy: Copy) -> Clip:
    samples = copy(clip.samples, clip.task.emotion)
    return replace(clip, samples=samples, problem=problem_of(samples, clip.sample_rate_hz))


def _errors(clips: Sequence[Clip], transcripts: Sequence[Transcript], *, reader: FrontEnd) -> list[PhoneErrors]:
    return [
        phone_errors(each.text, each.heard, reader=reader, seconds=clip.samples.size / clip.sample_rate_hz)
        for clip, each in zip(clips, transcripts, strict=True)
    ]
