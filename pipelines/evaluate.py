"""Stage ``evaluate``: let the voice speak held-out sentences, and measure it beside real speech."""

from pathlib import Path

from emotts import build
from emotts.config import Params
from emotts.voice_evaluation import evaluate_checkpoint
from pipelines.classifier import OUT as CLASSIFIER
from pipelines.stage import progress_bar, run_stage
from pipelines.tracked import CORPUS, open_tracker

REPORTS = Path("reports")


def main(params: Params) -> None:
    """Evaluate ``models/voice`` on the test list of ``data/corpus`` and further unseen sentences."""
    checkpoint = build.checkpoint_folder(params)
    with open_tracker(params) as tracker, progress_bar("evaluate") as progress:
        evaluate_checkpoint(
            params, checkpoint, corpus=CORPUS, classifier=CLASSIFIER, out=REPORTS, progress=progress
        ).log(tracker, REPORTS)


if __name__ == "__main__":
    run_stage("evaluate", main)
