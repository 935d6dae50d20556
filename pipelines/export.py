"""Stage ``export``: write the folder that ``Voice.load`` reads, and register it."""

import dataclasses
from pathlib import Path

from emotts import build
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.config import Params
from emotts.tracking import register_voice
from pipelines.stage import run_stage
from pipelines.tracked import open_tracker

OUT = Path("models/export")


def main(params: Params) -> None:
    """Export a checkpoint of ``models/voice`` to ``models/export`` and to MLflow's model registry."""
    synthesizer, description = read_voice(build.checkpoint_folder(params))
    description = dataclasses.replace(description, speaking=build.speaking_style(params))
    write_voice(OUT, synthesizer, description.with_styles(params.export.styles))
    extras = () if description.bert is None else ("bert",)
    with open_tracker(params) as tracker:
        version = register_voice(
            tracker,
            OUT,
            name=params.export.registered_name,
            loader_module="emotts.serve.pyfunc",
            code=build.package_folder(),
            requirements=build.package_requirements(*extras),
            example={"text": "안녕하세요.", "emotion": description.trained_emotions[0], "intensity": 1.0, "speed": 1.0},
        )
        tracker.tags({"registered_model": f"{params.export.registered_name}/{version}"})


if __name__ == "__main__":
    run_stage("export", main)
