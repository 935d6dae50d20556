"""Let a voice speak held-out sentences, and measure what comes out beside real speech."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from emotts.corpus.rows import write_text
from emotts.errors import CorpusError
from emotts.evaluation.accuracy import emotion_figures
from emotts.evaluation.distortion import distortion_figures, with_distortion
from emotts.evaluation.drawing import draw_evaluation
from emotts.evaluation.intelligibility import Dictation, intelligibility_figures, write_transcripts
from emotts.evaluation.intensity import (
    CURVES_FILE,
    INTENSITIES,
    MEASURES,
    Curve,
    intensity_figures,
    mean_curves,
    speak_curves,
    write_curves,
)
from emotts.evaluation.likeness import likeness_figures
from emotts.evaluation.metrics import prosody_figures
from emotts.evaluation.plan import plan_tasks
from emotts.evaluation.plots import intensity_figure, save_figure
from emotts.evaluation.prosody import Prosody, prosody_by_emotion
from emotts.evaluation.report import write_report
from emotts.evaluation.spoken import (
    Clip,
    Progress,
    Reference,
    Speak,
    measure_recorded,
    read_references,
    save_clips,
    speak_tasks,
)
from emotts.judges.protocol import EmotionJudge, SpeakerJudge

__all__ = ["Reference", "evaluate_voice"]

_logger = logging.getLogger(__name__)


def evaluate_voice(
    *,
    speak: Speak,
    sentences: Sequence[tuple[str, str]],
    references: Sequence[Reference],
    judge: EmotionJudge,
    emotions: Sequence[str],
    styles: Sequence[str] = (),
    sample_rate_hz: int,
    out: Path,
    speaker: str | None,
    seed: int,
    n_phones: Mapping[str, int],
    recorded: Sequence[Reference] = (),
    shared_sentences: int = 8,
    intensity_sentences: int = 0,
    dictation: Dictation | None = None,
    speaker_judge: SpeakerJudge | None = None,
    variability: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Measure a voice, write everything into ``out``, and return the figures of ``out/evaluation.json``.

    Every held-out sentence is spoken in its own emotion, ``shared_sentences`` of them in all emotions.

    Args:
        speak: (text, emotion, intensity) -> samples (sample,) float32; loaded already, so that ``rtf`` counts
            speaking alone.
        sentences: (text, emotion), never seen in training.
        references: real clips, never seen in training; distortion compares equal texts.
        judge: the listener (and second ones), fitted on real training clips of ``speaker``.
        emotions: those of the voice.
        styles: further names that sentences may be spoken in; the judge, who does not know them, is not asked.
        out: gets ``evaluation.json``, ``report.md``, pictures, ``samples/EMOTION/SENTENCE.wav`` with ``samples.json``,
            and what the options below find out: ``intensity.json``, ``transcripts.json``.
        speaker: name of the speaker, as the judge knows it.
        seed: of the draw of shared sentences and of the intervals.
        n_phones: spoken phones by sentence, without punctuation and the marks at both ends.
        recorded: further real clips of the speaker, those of training. The prosody that the voice's is compared with
            is the mean over these and the references: an emotion may have a single held-out clip, which says little.
        shared_sentences: how many sentences are spoken in every emotion.
        intensity_sentences: how many sentences an emotion are spoken at all intensities.
        dictation: writes down what is said; None: no such figures.
        speaker_judge: tells voices apart; None: no such figures.
        variability: by emotion, how many dB two renderings of a sentence by the source itself are apart.
        progress: called with done, total and a note.

    Raises:
        CorpusError: if there is no sentence, or the judge does not know an emotion.
        AudioError: if a reference cannot be read.
    """
    _check(judge, emotions)
    tasks = plan_tasks(sentences, emotions=emotions, styles=styles, shared_sentences=shared_sentences, seed=seed)
    real = read_references(references, judge=judge, speaker=speaker, sample_rate_hz=sample_rate_hz)
    clips = speak_tasks(
        tasks,
        speak=speak,
        judge=judge,
        sample_rate_hz=sample_rate_hz,
        speaker=speaker,
        n_phones=n_phones,
        progress=progress,
    )
    clips = with_distortion(clips, real)
    prosody = (
        prosody_by_emotion(_prosody(_in_own_emotion(clips))),
        prosody_by_emotion([*_prosody(real), *measure_recorded(recorded, sample_rate_hz=sample_rate_hz)]),
    )
    curves = speak_curves(
        sentences,
        speak=speak,
        judge=judge,
        emotions=emotions,
        per_emotion=intensity_sentences,
        sample_rate_hz=sample_rate_hz,
        speaker=speaker,
        progress=progress,
    )
    figures = {
        **_counts(clips, real, n_sentences=len(sentences)),
        **emotion_figures(clips, real, judge.emotions),
        **distortion_figures(clips, real, seed=seed, variability=variability),
        **prosody_figures(*prosody),
        **_intelligibility(clips, real, dictation=dictation, seed=seed, out=out, progress=progress),
        **({} if speaker_judge is None else likeness_figures(clips, real, judge=speaker_judge)),
        **intensity_figures(curves),
        **_speed(clips),
    }
    save_clips(clips, out / "samples")
    draw_evaluation(clips, real, judge.emotions, prosody=prosody, out=out)
    _keep_curves(curves, out)
    write_text(out / "evaluation.json", json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    write_report(out / "report.md", figures, emotions=tuple(emotions))
    _logger.info("spoke %d clips (%d unusable), results in %s", len(clips), figures["n_unusable"], out)
    return figures


def _intelligibility(
    clips: Sequence[Clip],
    real: Sequence[Clip],
    *,
    dictation: Dictation | None,
    seed: int,
    out: Path,
    progress: Progress | None,
) -> dict[str, float]:
    path = out / "transcripts.json"
    if dictation is None:
        path.unlink(missing_ok=True)
        return {}
    own = [clip for clip in clips if clip.task.own]
    heard = [*dictation.take(own, real=False, progress=progress), *dictation.take(real, real=True, progress=progress)]
    write_transcripts(path, heard)
    return intelligibility_figures(heard, seed=seed)


def _keep_curves(curves: Sequence[Curve], out: Path) -> None:
    numbers, picture = out / CURVES_FILE, out / "intensity.png"
    if not curves:
        numbers.unlink(missing_ok=True)
        picture.unlink(missing_ok=True)
        return
    write_curves(numbers, curves)
    title = "More intensity, more emotion? Means over sentences"
    figure = intensity_figure(mean_curves(curves), intensities=INTENSITIES, labels=MEASURES, title=title)
    save_figure(figure, picture)


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


def _in_own_emotion(clips: Sequence[Clip]) -> list[Clip]:
    """Return the clips in the emotion that their sentence was written for; of an emotion without any, all its clips."""
    own = [clip for clip in clips if clip.task.own]
    covered = {clip.task.emotion for clip in own if clip.problem is None}
    return [*own, *(clip for clip in clips if clip.task.emotion not in covered)]


def _prosody(clips: Sequence[Clip]) -> list[tuple[str, Prosody]]:
    return [(clip.task.emotion, clip.prosody) for clip in clips if clip.prosody is not None]


def _speed(clips: Sequence[Clip]) -> dict[str, float]:
    compute_s = sum(clip.compute_s for clip in clips)
    audio_s = sum(clip.samples.size / clip.sample_rate_hz for clip in clips)
    figures = {"compute_s": compute_s, "audio_s": audio_s, "rtf.threads": float(torch.get_num_threads())}
    return figures | ({"rtf": compute_s / audio_s} if audio_s > 0 else {})
