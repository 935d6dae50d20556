"""What a registered version says of its voice, in MLflow's registry."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from emotts.checkpoint.contents import read_meta
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.errors import CheckpointError, TrackingError
from emotts.evaluation.headline import headline
from emotts.tracking.registry import ModelVersion, describe_version, version_of_run
from emotts.tracking.runs import Run, find_run, read_run

__all__ = ["describe_registered", "registered_voice"]

_LOG = logging.getLogger(__name__)


def describe_registered(
    root: Path, run_id: str, checkpoint: Path, *, name: str, tags: Mapping[str, str] | None = None
) -> None:
    """Let the version that a run registered say what it speaks, and how good it is as far as that is known by now.

    Its tags are language, emotions, speaker, steps and the headline metrics; its description is that of the run.

    Args:
        root: the project.
        run_id: of the run; nothing is done where it has registered no version.
        checkpoint: of the voice.
        name: of the registered model.
        tags: further ones.

    A store that fails is no error, but a warning: what was computed is not lost for a description.

    Raises:
        CheckpointError: if the checkpoint is damaged.
    """
    try:
        _describe(root, run_id, checkpoint, name=name, tags=tags or {})
    except TrackingError as error:
        text = "a registered version of %s does not say yet what run %s found: %s\n  `dvc repro -f -s export` says it"
        _LOG.warning(text, name, run_id, error)


def registered_voice(root: Path, wanted: str, *, model: str) -> tuple[Run, ModelVersion]:
    """Return a run and the version of the registered model that it made.

    Args:
        root: the project.
        wanted: what names the run, as :func:`~emotts.tracking.runs.find_run` takes it.
        model: name of the registered model.

    Raises:
        ConfigError: if there is no such run or several.
        CheckpointError: if the run registered no voice.
    """
    run = find_run(root, wanted, model=model)
    version = version_of_run(root, model, run_id=run.run_id)
    if version is None:
        raise CheckpointError(
            f"the run registered no voice under the name {model!r}",
            where=run.title,
            remedy="name a run whose stage export has run (`dvc repro`); to get the voice of a study's trial, put its "
            "settings into params.yaml and run `dvc repro`",
        )
    return run, version


def _describe(root: Path, run_id: str, checkpoint: Path, *, name: str, tags: Mapping[str, str]) -> None:
    run, version = read_run(root, run_id), version_of_run(root, name, run_id=run_id)
    if run is None or version is None:
        return
    meta = read_meta(checkpoint)
    voice = VoiceDescription.from_dict(meta.description["voice"])
    emotions, speakers = ", ".join(voice.trained_emotions), ", ".join(voice.speakers)
    known = {"language": voice.language, "emotions": emotions, "speaker": speakers, "steps": str(meta.step)}
    known |= {metric: f"{value:.4g}" for metric, value in headline(run.metrics).items()}
    first = f"{voice.language} voice of {speakers} after {meta.step} steps: {emotions}. Run: {run.title}."
    said = run.tags.get("mlflow.note.content", "")
    describe_version(root, version, tags={**known, **tags}, text=f"{first}\n\n{said}".strip())
