"""Exporting a trained voice, also for other programs, and registering it in MLflow."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from emotts.checkpoint.melotts.export import export_melotts
from emotts.checkpoint.onnx.export import DECODER_FILE, INT8_FILE, TEXT_FILE, export_onnx
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.emotions.emotion_set import NEUTRAL
from emotts.errors import ConfigError
from emotts.serving.requirements import serving_requirements
from emotts.settings import Params
from emotts.tracking import Tracker, register_voice
from emotts.tracking.registry import ModelVersion
from emotts.tracking.runs import Run
from emotts.workflows.code import package_folder

__all__ = ["export_for_others", "export_voice", "is_registered", "register_export"]

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


def export_for_others(
    voice: Path, output: Path, *, format: str, emotion: str | None, intensity: float | None, int8: bool
) -> str:
    """Write a voice for programs other than emotts, and return a line that says what was written.

    Args:
        voice: an export, a checkpoint, or the folder of a run's checkpoints.
        output: the folder to write to, made where missing.
        format: ``melotts``, for one emotion, or ``onnx``, for all of them.
        emotion, intensity: what a MeloTTS checkpoint speaks in; None: neutral, 1.
        int8: of ONNX, write the decoder once more with weights of 8 bits.

    Raises:
        ConfigError: if the format is unknown, an option belongs to the other one, or a package for ONNX is missing.
        CheckpointError: if there is no voice, or it cannot be written in this format.
        CorpusError: if the voice does not know the emotion, or the intensity cannot be used.
    """
    if format not in ("melotts", "onnx"):
        raise ConfigError("unknown format", found=format, wanted="melotts or onnx")
    if format == "melotts":
        if int8:
            raise ConfigError("MeloTTS has no weights of 8 bits", remedy="leave --int8 out, or take --format onnx")
        chosen, strength = emotion or NEUTRAL, 1.0 if intensity is None else intensity
        export_melotts(voice, output, emotion=chosen, intensity=strength)
        return f"{output}: checkpoint.pth and config.json, speaking {chosen} at intensity {strength:g}"
    if emotion is not None or intensity is not None:
        raise ConfigError(
            "ONNX graphs speak in all emotions of a voice; which one is said when they speak",
            remedy="leave --emotion and --intensity out",
        )
    export_onnx(voice, output, int8=int8)
    return f"{output}: {', '.join((TEXT_FILE, DECODER_FILE, *([INT8_FILE] if int8 else [])))}"


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
