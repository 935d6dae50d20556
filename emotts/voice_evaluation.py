"""One evaluation as the settings describe it: a checkpoint speaks held-out sentences and is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emotts import build, build_bert
from emotts.config import Params
from emotts.evaluation.evaluate import evaluate_voice
from emotts.evaluation.verdicts import verdicts
from emotts.judges.panel import EmotionPanel
from emotts.voice import Voice

__all__ = ["VoiceFigures", "evaluate_checkpoint"]


@dataclass(frozen=True)
class VoiceFigures:
    """What an evaluation found: the figures of ``evaluation.json``, and the same in sentences."""

    figures: dict[str, float]
    verdicts: tuple[str, ...]


def evaluate_checkpoint(
    params: Params,
    checkpoint: Path,
    *,
    corpus: Path,
    classifier: Path,
    out: Path,
    progress: Callable[[int, int, str], None] | None = None,
) -> VoiceFigures:
    """Evaluate a voice on the test list of a corpus and further unseen sentences.

    Args:
        params: the project's settings.
        checkpoint: folder of a checkpoint or a voice.
        corpus: what it was trained on, a folder such as ``data/corpus``.
        classifier: folder of the judges of emotions.
        out: gets the report, pictures and samples.
        progress: called with done, total and a note.

    Raises:
        EmottsError: as :func:`emotts.evaluation.evaluate.evaluate_voice`, or if the voice or the judge cannot be read.
    """
    voice = Voice.load(checkpoint, bert_folder=build_bert.bert_folder(params))
    material = build.evaluation_material(params, corpus, emotions=voice.emotions)
    figures = evaluate_voice(
        speak=lambda text, emotion, intensity: voice.speak(text, emotion=emotion, intensity=intensity).samples,
        sentences=material.sentences,
        references=material.references,
        judge=EmotionPanel.load(classifier),
        emotions=voice.emotions,
        sample_rate_hz=voice.sample_rate_hz,
        out=out,
        speaker=params.recording.speaker,
        seed=params.project.seed,
        shared_sentences=params.evaluate.shared_sentences,
        progress=progress,
    )
    return VoiceFigures(figures, tuple(verdicts(figures, emotions=voice.emotions)))
