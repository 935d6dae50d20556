"""Stage ``bert``: the BERT features of the corpus's texts, where they are on."""

from emotts.paths import BERT_FEATURES, CORPUS
from emotts.progress import progress_bar
from emotts.settings import Params
from emotts.workflows.bert_features import compute_features
from pipelines.stage import run_stage


def main(params: Params) -> None:
    """Compute the features of ``data/corpus`` into ``data/bert``; where they are off, note only that."""
    with progress_bar("bert") as progress:
        compute_features(params, CORPUS, progress=progress).write(BERT_FEATURES)


if __name__ == "__main__":
    run_stage("bert", main)
