"""Stage ``corpus``: normalise, read into phones, split, and write MeloTTS's lists."""

from pathlib import Path

from emotts.config import Params
from emotts.corpus.conversion import build_corpus
from emotts.text.frontend import front_end
from pipelines.stage import run_stage
from pipelines.tracked import CORPUS, open_tracker


def main(params: Params) -> None:
    """Convert ``data/labels`` and ``data/segments`` to ``data/corpus``."""
    build_corpus(
        Path("data/labels"),
        Path("data/segments"),
        CORPUS,
        front_end=front_end(params.project.language),
        emotions=params.emotions,
        **params.corpus.model_dump(),
        seed=params.project.seed,
        audio=params.audio.model_dump(),
    )
    open_tracker(params).end()


if __name__ == "__main__":
    run_stage("corpus", main)
