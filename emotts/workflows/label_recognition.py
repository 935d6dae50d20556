"""The recogniser that hears recordings, as the settings describe it."""

from __future__ import annotations

from functools import partial

from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.transcripts.labelled_take import Recognition
from emotts.errors import ConfigError, EmottsError
from emotts.paths import RECOGNISED
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.whisper_models import require_model
from emotts.settings import Params
from emotts.workflows.texts import project_reader

__all__ = ["is_installed", "label_recognition"]


_OFF = "label.recognise: false"


def is_installed(params: Params) -> bool:
    """Tell whether the recogniser is installed that hears recordings.

    Raises:
        ConfigError: if there is no such recogniser.
    """
    try:
        require_model(params.label.recogniser, without=_OFF)
    except ConfigError:
        raise
    except EmottsError:
        return False
    return True


def label_recognition(params: Params) -> Recognition | None:
    """Return the recogniser that hears recordings, and how what it hears is used; None where it is not installed.

    Raises:
        EmottsError: if it is not installed and ``label.recognise`` asks for it, or the lexicon cannot be read.
        ConfigError: if there is no such recogniser.
    """
    model, language = params.label.recogniser, params.project.language
    if params.label.recognise:
        require_model(model, without=_OFF)
    elif not is_installed(params):
        return None
    return Recognition(
        load=partial(WhisperRecogniser.load, language, model, settings=params.recogniser),
        front_end=project_reader(params),
        kept=RECOGNISED,
        limits=Limits.of(params.segment),
        sample_rate_hz=params.audio.sample_rate_hz,
        parallel=params.parallel,
    )
