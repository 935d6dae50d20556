"""Stage ``train``: train the voice, or go on with a training that was interrupted."""

from emotts.paths import BERT_FEATURES, CORPUS, VOICE
from emotts.progress import progress_bar
from emotts.settings import Params
from emotts.workflows.bert_features import corpus_features
from emotts.workflows.training import training_job
from emotts.workflows.training_data import read_training_data
from pipelines.stage import run_stage
from pipelines.tracked import open_tracker


def main(params: Params) -> None:
    """Train on ``data/corpus``; checkpoints go to ``models/voice``."""
    data = read_training_data(params, CORPUS, features=corpus_features(params, BERT_FEATURES))
    job = training_job(params, data, folder=VOICE)
    with progress_bar("train") as progress:
        job.run(lambda run_id: open_tracker(params, run_id, digest=data.digest), progress=progress)


if __name__ == "__main__":
    run_stage("train", main)
