"""One evaluation as the settings describe it: a checkpoint speaks held-out sentences and is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from emotts import build, build_bert
from emotts.config import Params
from emotts.evaluation.distortion import source_variability
from emotts.evaluation.evaluate import evaluate_voice
from emotts.evaluation.intelligibility import Dictation
from emotts.evaluation.intensity import CURVES_FILE, curve_points
from emotts.evaluation.verdicts import verdicts
from emotts.judges.panel import EmotionPanel
from emotts.judges.recogniser import WhisperRecogniser
from emotts.judges.speaker import SpeakerEncoder
from emotts.text.frontend import front_end
from emotts.tracking import Tracker
from emotts.voice import Speech, Voice

__all__ = [
    "EmotionalVoice",
    "VoiceFigures",
    "evaluate_checkpoint",
    "evaluate_loaded",
    "require_listeners",
    "trained_voice",
]


class EmotionalVoice(Protocol):
    """What can be evaluated: a :class:`emotts.voice.Voice`, or what speaks as one does."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that it was trained on."""

    @property
    def styles(self) -> tuple[str, ...]:
        """The names of mixtures that it also speaks in."""

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of everything it speaks."""

    def speak(self, text: str, *, emotion: str, intensity: float) -> Speech:
        """Speak a text."""


@dataclass(frozen=True)
class VoiceFigures:
    """What an evaluation found.

    Attributes:
        figures: those of ``evaluation.json``.
        verdicts: the same in sentences.
        curves: over intensities, as (intensity in percent, values by name); none where they were left out.
    """

    figures: dict[str, float]
    verdicts: tuple[str, ...]
    curves: tuple[tuple[int, dict[str, float]], ...] = ()

    def log(self, tracker: Tracker, reports: Path) -> None:
        """Log everything to a run, with the files that the evaluation wrote into ``reports``."""
        tracker.metrics(self.figures)
        for percent, values in self.curves:
            tracker.metrics(values, step=percent)
        tracker.folder(reports, "evaluation")
        tracker.note("\n".join(f"- {line}" for line in self.verdicts))


def require_listeners(params: Params) -> None:
    """Raise EmottsError if a package is missing that the evaluation needs: known before an hour of training, not after.

    Nothing is loaded.
    """
    if params.evaluate.recogniser != "none":
        WhisperRecogniser.require_installed()
    if params.evaluate.speaker_judge != "none":
        SpeakerEncoder.require_installed()


def trained_voice(params: Params, checkpoint: Path, *, styles: Mapping[str, str]) -> Voice:
    """Read a voice that speaks as the settings say now, whatever they said when it was trained.

    Raises:
        EmottsError: if it cannot be read, or a style cannot be used.
    """
    return Voice.load(
        checkpoint, bert_folder=build_bert.bert_folder(params), styles=styles, speaking=build.speaking_style(params)
    )


def evaluate_checkpoint(
    params: Params,
    checkpoint: Path,
    *,
    corpus: Path,
    classifier: Path,
    out: Path,
    progress: Callable[[int, int, str], None] | None = None,
) -> VoiceFigures:
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
    progress: Callable[[int, int, str], None] | None = None,
) -> VoiceFigures:
    """Evaluate a voice on the test list of a corpus and further unseen sentences.

    Args:
        params: the project's settings.
        voice: what speaks.
        corpus: what it was trained on, a folder such as ``data/corpus``.
        classifier: folder of the judges of emotions.
        out: gets the report, pictures and samples.
        progress: called with done, total and a note.

    Raises:
        EmottsError: as :func:`emotts.evaluation.evaluate.evaluate_voice`, or if the judge cannot be read.
    """
    material = build.evaluation_material(params, corpus, emotions=voice.emotions)
    figures = evaluate_voice(
        speak=lambda text, emotion, intensity: voice.speak(text, emotion=emotion, intensity=intensity).samples,
        sentences=material.sentences,
        references=material.references,
        recorded=material.recorded,
        n_phones=material.n_phones,
        judge=EmotionPanel.load(classifier),
        emotions=voice.emotions,
        styles=voice.styles,
        sample_rate_hz=voice.sample_rate_hz,
        out=out,
        speaker=params.recording.speaker,
        seed=params.project.seed,
        shared_sentences=params.evaluate.shared_sentences,
        intensity_sentences=params.evaluate.intensity_sentences,
        dictation=_dictation(params),
        speaker_judge=None if params.evaluate.speaker_judge == "none" else SpeakerEncoder.load(),
        variability=source_variability(Path(params.recording.source)),
        progress=progress,
    )
    said = tuple(verdicts(figures, emotions=voice.emotions))
    return VoiceFigures(figures, said, tuple(curve_points(out / CURVES_FILE)))


def _dictation(params: Params) -> Dictation | None:
    if params.evaluate.recogniser == "none":
        return None
    language = params.project.language
    return Dictation(WhisperRecogniser.load(language), front_end(language))
