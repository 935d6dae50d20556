"""Stage ``bert``: the BERT features of the corpus's texts, where they are on."""

from pathlib import Path

from emotts import build_bert
from emotts.config import Params
from pipelines.stage import progress_bar, run_stage

FEATURES = Path("data/bert")


def main(params: Params) -> None:
    """Compute the features of ``data/corpus`` into ``data/bert``; where they are off, note that and no more."""
    with progress_bar("bert") as progress:
        build_bert.compute_features(params, Path("data/corpus"), progress=progress).write(FEATURES)


if __name__ == "__main__":
    run_stage("bert", main)
