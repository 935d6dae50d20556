"""The models that listen in an evaluation, as the settings name them."""

from __future__ import annotations

from pathlib import Path

from emotts.evaluation.inputs import Listeners
from emotts.evaluation.intelligibility import Transcriber
from emotts.recognition.encoder_probe import EncoderProbe
from emotts.recognition.ensemble import EmotionEnsemble
from emotts.recognition.quality_predictor import QualityPredictor
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.speaker_encoder import SpeakerEncoder
from emotts.settings import Params
from emotts.workflows.texts import project_reader

__all__ = ["load_listeners"]


def load_listeners(params: Params, classifier: Path) -> Listeners:
    """Load the models that the settings switch on.

    Args:
        params: the project's settings.
        classifier: folder of the emotion classifiers.

    Raises:
        EmottsError: if a package is not installed, or a model cannot be read.
    """
    return Listeners(
        EmotionEnsemble.load(classifier),
        transcriber=_transcriber(params),
        speaker_encoder=None if params.evaluate.speaker_encoder == "none" else SpeakerEncoder.load(),
        quality_predictor=None if params.evaluate.quality_predictor == "none" else QualityPredictor.load(),
        probe=None if params.classifier.encoder == "none" else EncoderProbe.load(classifier, params.recogniser),
    )


def _transcriber(params: Params) -> Transcriber | None:
    if params.evaluate.recogniser == "none":
        return None
    language, model = params.project.language, params.evaluate.recogniser
    recogniser = WhisperRecogniser.load(language, model, settings=params.recogniser)
    return Transcriber(recogniser, project_reader(params, strict=True))
