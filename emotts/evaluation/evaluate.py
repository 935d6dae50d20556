"""Let a voice speak held-out sentences, and measure what comes out beside real speech."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import torch

from emotts.corpus.rows import write_text
from emotts.errors import CorpusError
from emotts.evaluation.accuracy import emotion_figures
from emotts.evaluation.distortion import distortion_figures
from emotts.evaluation.drawing import draw_evaluation
from emotts.evaluation.metrics import prosody_figures
from emotts.evaluation.plan import plan_tasks
from emotts.evaluation.prosody import Prosody, prosody_by_emotion
from emotts.evaluation.report import write_report
from emotts.evaluation.spoken import (
    Clip,
    Progress,
    Reference,
    Speak,
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
        judge: the listener (and second ones), fitted on real training clips of ``speaker``.
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
        **emotion_figures(clips, real, judge.emotions),
        **distortion_figures(clips, real, seed=seed),
        **prosody_figures(*prosody),
        **_speed(clips),
    }
    save_clips(clips, out / "samples")
    draw_evaluation(clips, real, judge.emotions, prosody=prosody, out=out)
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
