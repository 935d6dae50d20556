"""Let a voice speak held-out sentences, and measure what comes out beside real speech."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from emotts.corpus.rows import write_text
from emotts.errors import CorpusError
from emotts.evaluation.mcd import mel_cepstral_distortion
from emotts.evaluation.metrics import UNUSABLE, accuracy_figures, heard_confusion, mean_interval, prosody_figures
from emotts.evaluation.plots import confusion_figure, contour_figure, prosody_figure, save_figure
from emotts.evaluation.prosody import UNITS, Prosody, f0_contour, prosody_by_emotion
from emotts.evaluation.report import write_report
from emotts.evaluation.spoken import (
    Clip,
    Progress,
    Reference,
    Speak,
    plan_tasks,
    read_references,
    save_clips,
    speak_tasks,
)
from emotts.judges.protocol import EmotionJudge

__all__ = ["Reference", "evaluate_voice"]

_logger = logging.getLogger(__name__)


def evaluate_voice(
    *,
    speak: Speak,
    sentences: Sequence[tuple[str, str]],
    references: Sequence[Reference],
    judge: EmotionJudge,
    emotions: Sequence[str],
    sample_rate_hz: int,
    out: Path,
    speaker: str | None,
    seed: int,
    shared_sentences: int = 8,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Measure a voice, write everything into ``out``, and return the figures of ``out/evaluation.json``.

    Every held-out sentence is spoken in its own emotion, ``shared_sentences`` of them in all emotions.

    Args:
        speak: (text, emotion, intensity) -> samples (sample,) float32; loaded already, so that ``rtf`` counts
            speaking alone.
        sentences: (text, emotion), never seen in training.
        references: real clips, never seen in training; distortion and prosody compare equal texts.
        judge: the listener, fitted on real training clips of ``speaker``.
        emotions: those of the voice.
        out: gets ``evaluation.json``, ``report.md``, pictures, and ``samples/EMOTION/NN.wav`` with ``samples.json``.

    Raises:
        CorpusError: if there is no sentence, or the judge does not know an emotion.
        AudioError: if a reference cannot be read.
    """
    _check(judge, emotions)
    tasks = plan_tasks(sentences, emotions=emotions, shared_sentences=shared_sentences, seed=seed)
    real = read_references(references, judge=judge, speaker=speaker, sample_rate_hz=sample_rate_hz)
    clips = speak_tasks(
        tasks,
        speak=speak,
        judge=judge,
        sample_rate_hz=sample_rate_hz,
        speaker=speaker,
        n_phones={reference.text: reference.n_phones for reference in references},
        progress=progress,
    )
    prosody = _comparable_prosody(clips, real), _mean_prosody(real)
    figures = {
        **_counts(clips, real, n_sentences=len(sentences)),
        **_accuracy(clips, real, judge.emotions),
        **_distortion(clips, real, seed=seed),
        **prosody_figures(*prosody),
        **_speed(clips),
    }
    save_clips(clips, out / "samples")
    _draw(clips, real, judge.emotions, prosody=prosody, out=out)
    write_text(out / "evaluation.json", json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    write_report(out / "report.md", figures, emotions=tuple(emotions))
    _logger.info("spoke %d clips (%d unusable), results in %s", len(clips), figures["n_unusable"], out)
    return figures


def _check(judge: EmotionJudge, emotions: Sequence[str]) -> None:
    unheard = [name for name in emotions if name not in judge.emotions]
    if unheard:
        raise CorpusError(
            f"emotion classifier does not know {', '.join(unheard)}",
            found=f"a classifier of {', '.join(judge.emotions)}",
            wanted="every emotion of the voice",
            remedy="fit the classifier on the corpus that the voice was trained on (`dvc repro classifier`)",
        )


def _counts(clips: Sequence[Clip], real: Sequence[Clip], *, n_sentences: int) -> dict[str, float]:
    return {
        "n_sentences": float(n_sentences),
        "n_shared_sentences": float(len({clip.task.sentence for clip in clips if clip.task.shared})),
        "n_clips": float(len(clips)),
        "n_unusable": float(sum(clip.problem is not None for clip in clips)),
        "real.n_clips": float(len(real)),
        "real.n_unusable": float(sum(clip.problem is not None for clip in real)),
    }


def _accuracy(clips: Sequence[Clip], real: Sequence[Clip], emotions: Sequence[str]) -> dict[str, float]:
    """Return accuracies over all spoken clips, the shared sentences alone, own emotions alone, and real clips."""
    groups = {
        "": clips,
        "shared_text.": [clip for clip in clips if clip.task.shared],
        "own_text.": [clip for clip in clips if clip.task.own],
        "real.": real,
    }
    figures: dict[str, float] = {}
    for prefix, group in groups.items():
        if group:
            meant = [clip.task.emotion for clip in group]
            figures |= accuracy_figures(meant, [clip.heard for clip in group], emotions=emotions, prefix=prefix)
            figures[f"{prefix}emotion_probability"] = float(np.mean([clip.probability for clip in group]))
    return figures


def _distortion(clips: Sequence[Clip], real: Sequence[Clip], *, seed: int) -> dict[str, float]:
    """Return ``mcd_db`` over sentences spoken in their own emotion of which there is a real rendering.

    ``real.mcd_db.other_sentence`` is what real clips of different sentences are apart: a voice that is no nearer
    says something else, or nothing.
    """
    usable = [clip for clip in real if clip.problem is None]
    renderings = {(clip.task.text, clip.task.emotion): clip for clip in usable}
    found: dict[str, list[float]] = {}
    for clip in clips:
        reference = renderings.get((clip.task.text, clip.task.emotion))
        if clip.task.own and clip.problem is None and reference is not None:
            found.setdefault(clip.task.emotion, []).append(_apart(clip, reference))
    neighbours = zip(usable, [*usable[1:], *usable[:1]], strict=True)
    others = [_apart(clip, other) for clip, other in neighbours if clip.task.text != other.task.text]
    figures = {"real.mcd_db.other_sentence": float(np.mean(others))} if others else {}
    values = [value for group in found.values() for value in group]
    if values:
        low, high = mean_interval(values, seed=seed)
        figures |= {"mcd_db": float(np.mean(values)), "mcd_db.low": low, "mcd_db.high": high}
        figures["mcd_db.count"] = float(len(values))
    return figures | {f"mcd_db.{emotion}": float(np.mean(group)) for emotion, group in found.items()}


def _apart(first: Clip, second: Clip) -> float:
    return mel_cepstral_distortion(
        first.samples, second.samples, first_rate_hz=first.sample_rate_hz, second_rate_hz=second.sample_rate_hz
    )


def _comparable_prosody(clips: Sequence[Clip], real: Sequence[Clip]) -> dict[str, Prosody]:
    """Average the clips that have a real rendering; of an emotion without any, all its clips."""
    renderings = {(clip.task.text, clip.task.emotion) for clip in real}
    same = [clip for clip in clips if (clip.task.text, clip.task.emotion) in renderings]
    covered = {clip.task.emotion for clip in same if clip.problem is None}
    return _mean_prosody([*same, *(clip for clip in clips if clip.task.emotion not in covered)])


def _mean_prosody(clips: Sequence[Clip]) -> dict[str, Prosody]:
    return prosody_by_emotion((clip.task.emotion, clip.prosody) for clip in clips if clip.prosody is not None)


def _speed(clips: Sequence[Clip]) -> dict[str, float]:
    compute_s = sum(clip.compute_s for clip in clips)
    audio_s = sum(clip.samples.size / clip.sample_rate_hz for clip in clips)
    figures = {"compute_s": compute_s, "audio_s": audio_s, "rtf.threads": float(torch.get_num_threads())}
    return figures | ({"rtf": compute_s / audio_s} if audio_s > 0 else {})


def _draw(
    clips: Sequence[Clip],
    real: Sequence[Clip],
    emotions: Sequence[str],
    *,
    prosody: tuple[Mapping[str, Prosody], Mapping[str, Prosody]],
    out: Path,
) -> None:
    matrices, heard = {}, list(emotions)
    if any(clip.problem is not None for clip in (*clips, *real)):
        heard.append(UNUSABLE)
    for name, group in (("voice", clips), ("real speech, held out", real)):
        if group:
            matrix = heard_confusion(
                [clip.task.emotion for clip in group], [clip.heard for clip in group], emotions=emotions
            )
            padded = np.pad(matrix, ((0, 0), (0, len(heard) - matrix.shape[1])))
            matrices[f"{name} ({len(group)} clips)"] = padded
    title = "Emotion meant and emotion heard"
    save_figure(confusion_figure(matrices, emotions=emotions, heard=heard, title=title), out / "confusion.png")
    voice_table, real_table = ({name: asdict(values) for name, values in table.items()} for table in prosody)
    title = "Prosody per emotion: the voice beside real speech"
    save_figure(prosody_figure(voice_table, real_table, units=UNITS, title=title), out / "prosody.png")
    _draw_contours(clips, out / "f0_contours.png")


def _draw_contours(clips: Sequence[Clip], path: Path) -> None:
    shared = [clip for clip in clips if clip.task.shared and clip.problem is None]
    if not shared:
        return
    number = min(clip.task.sentence for clip in shared)
    contours = {
        clip.task.emotion: f0_contour(clip.samples, sample_rate_hz=clip.sample_rate_hz)
        for clip in shared
        if clip.task.sentence == number
    }
    voiced = {name: pair for name, pair in contours.items() if any(math.isfinite(value) for value in pair[1])}
    save_figure(contour_figure(voiced, title=f"F0 of sentence {number:02d} in every emotion (voice)"), path)
