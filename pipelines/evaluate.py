"""Stage ``evaluate``: let the voice speak held-out sentences, and measure it beside reference speech."""

from pathlib import Path

from emotts.checkpoint.store import resolve_checkpoint
from emotts.paths import CLASSIFIER, CORPUS, REPORTS, VOICE
from emotts.progress import progress_bar
from emotts.settings import Params
from emotts.tracking import save_run_id
from emotts.workflows.evaluation import evaluate_checkpoint, is_evaluated
from emotts.workflows.registered import describe_registered
from pipelines.stage import run_stage
from pipelines.voice_run import open_voice_tracker


def main(params: Params) -> None:
    """Evaluate ``models/voice`` on the test list of ``data/corpus`` and further unseen sentences."""
    checkpoint = resolve_checkpoint(VOICE, marker=params.evaluate.checkpoint)
    opened = open_voice_tracker(params, checkpoint, made_by=[VOICE], has_results=is_evaluated)
    with opened as tracker, progress_bar("evaluate") as progress:
        evaluate_checkpoint(
            params, checkpoint, corpus=CORPUS, classifier=CLASSIFIER, out=REPORTS, progress=progress
        ).log(tracker, REPORTS)
        save_run_id(REPORTS, tracker.run_id)
        tracker.flush()
        describe_registered(Path(), tracker.run_id, checkpoint, name=params.export.registered_name)


if __name__ == "__main__":
    run_stage("evaluate", main)
