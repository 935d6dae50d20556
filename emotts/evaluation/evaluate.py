"""The evaluation of a voice: it speaks held-out sentences, and is measured beside reference speech."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from emotts.errors import CorpusError
from emotts.evaluation.accuracy import emotion_metrics
from emotts.evaluation.distortion import distortion_metrics
from emotts.evaluation.headline import summary
from emotts.evaluation.inputs import EvaluatedVoice, EvaluationMaterial, Listeners
from emotts.evaluation.intensity import (
    CURVES_FILE,
    INTENSITIES,
    MEASURES,
    Curve,
    intensity_metrics,
    mean_curves,
    write_curves,
)
from emotts.evaluation.measures import prosody_metrics
from emotts.evaluation.plot_data import write_plot_data
from emotts.evaluation.plots import empty_figure, intensity_figure
from emotts.evaluation.probing import with_probe
from emotts.evaluation.quality import quality_metrics, with_quality
from emotts.evaluation.report import write_report
from emotts.evaluation.report_plots import draw_evaluation
from emotts.evaluation.settings import EvaluateSettings
from emotts.evaluation.speaker_similarity import speaker_similarity_metrics
from emotts.evaluation.speaking import Spoken, speak_material
from emotts.evaluation.spoken import Clip, save_clips
from emotts.evaluation.words import Copy, word_metrics
from emotts.files import write_text
from emotts.plotting import save_figure
from emotts.progress import Progress
from emotts.recognition.protocol import EmotionModel

__all__ = ["evaluate_voice"]

_log = logging.getLogger(__name__)


def evaluate_voice(
    voice: EvaluatedVoice,
    material: EvaluationMaterial,
    *,
    listeners: Listeners,
    settings: EvaluateSettings,
    seed: int,
    out: Path,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Measure a voice, write everything into ``out``, and return the metrics of ``out/evaluation.json``.

    Every held-out sentence is spoken in its own emotion, ``settings.shared_sentences`` of them in all emotions, and
    ``settings.intensity_sentences`` of every emotion at all intensities.

    Args:
        voice, material: what speaks, the sentences, and reference speech.
        listeners: what measures the clips; the settings do not choose them here.
        settings: how much is spoken.
        seed: of the draw of shared sentences and of the intervals.
        out: gets the metrics, all and a summary, ``report.md``, pictures, tables, samples and transcripts.
        progress: called with done, total, note.

    Raises:
        CorpusError: if there is no sentence, or the classifier does not know an emotion.
        AudioError: if a reference cannot be read.
    """
    classifier = _checked(listeners.classifier, voice.emotions)
    made = speak_material(voice, material, classifier=classifier, settings=settings, seed=seed, progress=progress)
    spoken = _heard(made, listeners, speaker=voice.speaker, progress=progress)
    metrics = {
        **_clip_metrics(spoken, material, classifier=classifier, seed=seed),
        **_listener_metrics(spoken, listeners, copy=voice.copy, seed=seed, out=out, progress=progress),
        **intensity_metrics(spoken.curves),
        **_speed(spoken.clips),
    }
    _write(spoken, metrics, heard_emotions=classifier.emotions, out=out)
    write_report(out / "report.md", metrics, emotions=voice.emotions, about=material.about)
    _log.info("spoke %d clips (%d unusable), results in %s", len(spoken.clips), metrics["n_unusable"], out)
    return metrics


def _heard(spoken: Spoken, listeners: Listeners, *, speaker: str | None, progress: Progress | None) -> Spoken:
    """Return the clips with what the probe hears in them and how the quality predictor rates them, if there are any."""
    groups = []
    for clips, whose in ((spoken.clips, "the voice"), (spoken.reference, "reference speech")):
        if listeners.probe is not None:
            clips = with_probe(clips, listeners.probe, speaker=speaker, progress=progress)
        if listeners.quality_predictor is not None:
            clips = with_quality(clips, listeners.quality_predictor, progress=progress, note=f"rating {whose}")
        groups.append(clips)
    return replace(spoken, clips=groups[0], reference=groups[1])


def _write(spoken: Spoken, metrics: dict[str, float], *, heard_emotions: Sequence[str], out: Path) -> None:
    """Write clips, pictures and metrics; ``heard_emotions``: those of the classifier."""
    save_clips(spoken.clips, out / "samples")
    draw_evaluation(spoken.clips, spoken.reference, heard_emotions, prosody=spoken.prosody, out=out)
    write_plot_data(spoken.clips, metrics, emotions=heard_emotions, out=out)
    _keep_curves(spoken.curves, out)
    for name, content in (("evaluation", metrics), ("summary", summary(metrics))):
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
        write_text(out / f"{name}.json", f"{text}\n")


def _clip_metrics(
    spoken: Spoken, material: EvaluationMaterial, *, classifier: EmotionModel, seed: int
) -> dict[str, float]:
    """Return counts, and the metrics of emotion, distortion, quality and prosody."""
    clips, reference = spoken.clips, spoken.reference
    return {
        **_counts(clips, reference, n_sentences=len(material.sentences)),
        **emotion_metrics(clips, reference, classifier.emotions),
        **distortion_metrics(clips, reference, seed=seed, variability=material.variability),
        **quality_metrics(clips, reference, seed=seed),
        **prosody_metrics(*spoken.prosody),
    }


def _listener_metrics(
    spoken: Spoken, listeners: Listeners, *, copy: Copy | None, seed: int, out: Path, progress: Progress | None
) -> dict[str, float]:
    """Return the metrics of words and of speaker similarity, as far as there are models for them."""
    metrics: dict[str, float] = {}
    clips, reference, path = spoken.clips, spoken.reference, out / "transcripts.json"
    if listeners.transcriber is None:
        path.unlink(missing_ok=True)
    else:
        metrics = word_metrics(
            clips, reference, listeners.transcriber, copy=copy, seed=seed, path=path, progress=progress
        )
    if listeners.speaker_encoder is not None:
        metrics |= speaker_similarity_metrics(clips, reference, encoder=listeners.speaker_encoder)
    return metrics


def _keep_curves(curves: Sequence[Curve], out: Path) -> None:
    numbers, picture = out / CURVES_FILE, out / "intensity.png"
    title = "More intensity, more emotion? Means over sentences"
    if not curves:
        numbers.unlink(missing_ok=True)
        # dvc.yaml lists the picture among the plots, so it has to be there
        save_figure(empty_figure(title, note="no sentence was spoken at several intensities"), picture)
        return
    write_curves(numbers, curves)
    figure = intensity_figure(mean_curves(curves), intensities=INTENSITIES, labels=MEASURES, title=title)
    save_figure(figure, picture)


def _checked(classifier: EmotionModel, emotions: Sequence[str]) -> EmotionModel:
    """Return the classifier if it knows all emotions of a voice."""
    unheard = [name for name in emotions if name not in classifier.emotions]
    if unheard:
        raise CorpusError(
            f"the emotion classifier does not know {', '.join(unheard)}",
            found=f"a classifier of {', '.join(classifier.emotions)}",
            wanted="every emotion of the voice",
            remedy="fit the classifier on the corpus that the voice was trained on (`dvc repro classifier`)",
        )
    return classifier


def _counts(clips: Sequence[Clip], reference: Sequence[Clip], *, n_sentences: int) -> dict[str, float]:
    return {
        "n_sentences": float(n_sentences),
        "n_shared_sentences": float(len({clip.task.sentence for clip in clips if clip.task.shared})),
        "n_clips": float(len(clips)),
        "n_unusable": float(sum(clip.problem is not None for clip in clips)),
        "reference.n_clips": float(len(reference)),
        "reference.n_unusable": float(sum(clip.problem is not None for clip in reference)),
    }


def _speed(clips: Sequence[Clip]) -> dict[str, float]:
    compute_s = sum(clip.compute_s for clip in clips)
    audio_s = sum(clip.samples.size / clip.sample_rate_hz for clip in clips)
    metrics = {"compute_s": compute_s, "audio_s": audio_s, "rtf.threads": float(torch.get_num_threads())}
    return metrics | ({"rtf": compute_s / audio_s} if audio_s > 0 else {})
