"""Stage ``export``: write the folder that ``Voice.load`` reads, and register the voice."""

from pathlib import Path

from emotts.checkpoint.store import resolve_checkpoint
from emotts.paths import EXPORT, REPORTS, VOICE
from emotts.settings import Params
from emotts.workflows.export import export_voice, is_registered, register_export
from emotts.workflows.registered import describe_registered
from pipelines.stage import run_stage
from pipelines.voice_run import open_voice_tracker


def main(params: Params) -> None:
    """Export a checkpoint of ``models/voice`` to ``models/export`` and to MLflow's model registry."""
    checkpoint = resolve_checkpoint(VOICE, marker=params.evaluate.checkpoint)
    description = export_voice(params, checkpoint, EXPORT)
    with open_voice_tracker(params, checkpoint, made_by=[REPORTS, VOICE], has_results=is_registered) as tracker:
        register_export(tracker, EXPORT, description, name=params.export.registered_name)
        describe_registered(Path(), tracker.run_id, checkpoint, name=params.export.registered_name)


if __name__ == "__main__":
    run_stage("export", main)
