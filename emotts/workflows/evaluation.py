"""The evaluation of a checkpoint as the settings describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from emotts.copy_synthesis import can_copy, copied
from emotts.evaluation.clip_table import clip_table
from emotts.evaluation.evaluate import evaluate_voice
from emotts.evaluation.headline import HEADLINE, headline
from emotts.evaluation.inputs import EvaluatedVoice
from emotts.evaluation.intensity import CURVES_FILE, curve_points
from emotts.evaluation.summary import summarise
from emotts.evaluation.words import Copy
from emotts.progress import Progress
from emotts.recognition.quality_predictor import QualityPredictor
from emotts.recognition.speaker_encoder import SpeakerEncoder
from emotts.recognition.whisper_models import require_model
from emotts.settings import Params
from emotts.tracking import Tracker
from emotts.tracking.metric_names import detail
from emotts.tracking.runs import Run
from emotts.voice import Speech, Voice
from emotts.workflows import bert_features
from emotts.workflows.evaluated_speaker import evaluated_speaker
from emotts.workflows.evaluation_listeners import load_listeners
from emotts.workflows.evaluation_material import read_material

__all__ = [
    "EmotionalVoice",
    "VoiceMetrics",
    "evaluate_checkpoint",
    "evaluate_loaded",
    "is_evaluated",
    "require_listeners",
    "trained_voice",
]


CLIPS_FILE = "clips.json"
"""The table of a run's artifacts that has the results clip by clip."""


class EmotionalVoice(Protocol):
    """A voice that can be evaluated, such as :class:`emotts.voice.Voice`."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that it was trained on."""

    @property
    def styles(self) -> tuple[str, ...]:
        """The names of mixtures that it also speaks in."""

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of everything it speaks."""

    def speak(self, text: str, *, emotion: str, intensity: float, speaker: str | None = None) -> Speech:
        """Speak a text; ``speaker`` is named where there are several."""


@dataclass(frozen=True)
class VoiceMetrics:
    """The results of an evaluation.

    Attributes:
        metrics: those of ``evaluation.json``.
        summary: the same in sentences.
        about: what the reference speech is; None: nothing is said.
        curves: over intensities, as (intensity in percent, values by name); none where they were left out.
    """

    metrics: dict[str, float]
    summary: tuple[str, ...]
    curves: tuple[tuple[int, dict[str, float]], ...] = ()
    about: str | None = None

    def log(self, tracker: Tracker, reports: Path) -> None:
        """Log everything to a run, with the files that the evaluation wrote into ``reports``.

        The headline metrics come last: a run that has them has the rest.
        """
        tracker.folder(reports, "evaluation")
        said = [] if self.about is None else [f"> {self.about}", ""]
        tracker.note("\n".join([*said, *(f"- {line}" for line in self.summary)]))
        tracker.table(clip_table(reports), CLIPS_FILE)
        for percent, values in self.curves:
            tracker.metrics(detail(values), step=percent)
        first = headline(self.metrics)
        tracker.metrics(detail({name: value for name, value in self.metrics.items() if name not in first}))
        tracker.metrics(first)


def is_evaluated(run: Run) -> bool:
    """Whether a run has the metrics of an evaluation."""
    return HEADLINE[0] in run.metrics


def require_listeners(params: Params) -> None:
    """Raise EmottsError if a package is missing that the labels or the evaluation need: known before the work begins.

    Nothing is loaded.
    """
    heard_by = {}
    if params.label.recognise:
        heard_by["label.recognise: false"] = params.label.recogniser
    if params.classifier.encoder != "none":
        heard_by["classifier.encoder: none"] = params.classifier.encoder
    if params.evaluate.recogniser != "none":
        heard_by["evaluate.recogniser: none"] = params.evaluate.recogniser
    for model in heard_by.values():
        require_model(model, without=" and ".join(heard_by))
    if params.evaluate.speaker_encoder != "none":
        SpeakerEncoder.require_installed()
    if params.evaluate.quality_predictor != "none":
        QualityPredictor.require_installed()


def trained_voice(params: Params, checkpoint: Path, *, styles: Mapping[str, str]) -> Voice:
    """Read a voice that speaks as the settings say now, whatever they said when it was trained.

    Raises:
        EmottsError: if it cannot be read, or a style cannot be used.
    """
    return Voice.load(
        checkpoint,
        bert_folder=bert_features.bert_folder(params),
        styles=styles,
        speaking=params.speaking,
    )


def evaluate_checkpoint(
    params: Params,
    checkpoint: Path,
    *,
    corpus: Path,
    classifier: Path,
    out: Path,
    progress: Progress | None = None,
) -> VoiceMetrics:
    """Read a voice and evaluate it; see :func:`evaluate_loaded`.

    Args:
        checkpoint: folder of a checkpoint or a voice.
        params, corpus, classifier, out, progress: as there.

    Raises:
        EmottsError: as there, or if the voice cannot be read.
    """
    voice = trained_voice(params, checkpoint, styles=params.export.styles)
    return evaluate_loaded(params, voice, corpus=corpus, classifier=classifier, out=out, progress=progress)


def evaluate_loaded(
    params: Params,
    voice: EmotionalVoice,
    *,
    corpus: Path,
    classifier: Path,
    out: Path,
    progress: Progress | None = None,
) -> VoiceMetrics:
    """Evaluate a voice on the test list of a corpus and further unseen sentences.

    Args:
        params: the project's settings.
        voice: what speaks.
        corpus: what it was trained on, a folder such as ``data/corpus``.
        classifier: folder of the emotion classifiers.
        out: gets the report, pictures and samples.
        progress: called with done, total and a note.

    Raises:
        EmottsError: as :func:`emotts.evaluation.evaluate.evaluate_voice`, or if the classifier cannot be read.
    """
    material = read_material(params, corpus, emotions=voice.emotions)
    metrics = evaluate_voice(
        _evaluated(voice, params, several=evaluated_speaker(params, corpus)),
        material,
        listeners=load_listeners(params, classifier),
        settings=params.evaluate,
        seed=params.project.seed,
        out=out,
        progress=progress,
    )
    said = tuple(summarise(metrics, emotions=voice.emotions))
    return VoiceMetrics(metrics, said, tuple(curve_points(out / CURVES_FILE)), about=material.about)


def _evaluated(voice: EmotionalVoice, params: Params, *, several: str | None) -> EvaluatedVoice:
    """Return what is evaluated; ``several`` is who speaks, None where the voice has one speaker."""
    return EvaluatedVoice(
        speak=lambda text, emotion, intensity: (
            voice.speak(text, emotion=emotion, intensity=intensity, speaker=several).samples
        ),
        emotions=voice.emotions,
        sample_rate_hz=voice.sample_rate_hz,
        speaker=several or params.recording.speaker,
        styles=voice.styles,
        copy=_copier(voice, speaker=several or params.recording.speaker),
    )


def _copier(voice: EmotionalVoice, *, speaker: str) -> Copy | None:
    """Return what copies a recording; None for a voice that cannot."""
    if not isinstance(voice, Voice) or not can_copy(voice) or speaker not in voice.description.speakers:
        return None
    return lambda samples, emotion: copied(samples, voice, emotion=emotion, speaker=speaker)
