"""Stage ``train``: train the voice, or go on with a training that was interrupted."""

from pathlib import Path

from emotts import build_bert
from emotts.config import Params
from emotts.voice_training import training_job
from pipelines.bert import FEATURES
from pipelines.stage import progress_bar, run_stage
from pipelines.tracked import CORPUS, open_tracker

VOICE = Path("models/voice")


def main(params: Params) -> None:
    """Train on ``data/corpus``; checkpoints go to ``models/voice``."""
    features = build_bert.corpus_features(params, FEATURES)
    job = training_job(params, corpus=CORPUS, folder=VOICE, features=features)
    with progress_bar("train") as progress:
        job.run(lambda run_id: open_tracker(params, run_id), progress=progress)


if __name__ == "__main__":
    run_stage("train", main)
