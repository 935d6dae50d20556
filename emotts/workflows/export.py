"""Exporting a trained voice, and registering it in MLflow."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.serving.requirements import serving_requirements
from emotts.settings import Params
from emotts.tracking import Tracker, register_voice
from emotts.tracking.registry import ModelVersion
from emotts.tracking.runs import Run
from emotts.workflows.code import package_folder

__all__ = ["export_voice", "is_registered", "register_export"]

_REGISTERED = "registered_model"
"""The tag of a run that names the version which it registered."""


def export_voice(params: Params, checkpoint: Path, out: Path) -> VoiceDescription:
    """Write a checkpoint as the folder of a voice that speaks as the settings say now.

    Args:
        params: the project's settings.
        checkpoint: its folder.
        out: gets the voice, such as ``models/export``.

    Raises:
        CheckpointError: if the checkpoint is damaged.
        ConfigError: if a style cannot be used.
    """
    synthesizer, trained = read_voice(checkpoint)
    description = dataclasses.replace(trained, speaking=params.speaking).with_styles(params.export.styles)
    write_voice(out, synthesizer, description)
    return description


def register_export(tracker: Tracker, export: Path, description: VoiceDescription, *, name: str) -> ModelVersion:
    """Register an exported voice as a version of the model ``name``, note the version in its run, and return it."""
    tracker.flush()
    version = register_voice(
        tracker,
        export,
        name=name,
        loader_module="emotts.serving.pyfunc",
        code=package_folder(),
        requirements=serving_requirements(bert=description.bert is not None),
        example=_example(description),
    )
    tracker.tags({_REGISTERED: f"{name}/{version}"})
    tracker.flush()
    return ModelVersion(name, version, tracker.run_id)


def is_registered(run: Run) -> bool:
    """Whether a run has registered its voice."""
    return _REGISTERED in run.tags


def _example(description: VoiceDescription) -> dict[str, str | float]:
    row: dict[str, str | float] = {
        "text": "안녕하세요.",
        "emotion": description.trained_emotions[0],
        "intensity": 1.0,
        "speed": 1.0,
    }
    return row if len(description.own_speakers) == 1 else {**row, "speaker": description.own_speakers[0]}
