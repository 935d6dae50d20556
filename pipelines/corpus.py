"""Stage ``corpus``: normalise, read into phones, split, and write MeloTTS's lists."""

from pathlib import Path

from emotts.config import Params
from emotts.corpus.conversion import build_corpus
from emotts.corpus.identity import corpus_digest, corpus_figures
from emotts.text.frontend import front_end
from pipelines.stage import open_tracker, run_stage

OUT = Path("data/corpus")


def main(params: Params) -> None:
    """Convert ``data/labels`` and ``data/segments`` to ``data/corpus``."""
    build_corpus(
        Path("data/labels"),
        Path("data/segments"),
        OUT,
        front_end=front_end(params.project.language),
        emotions=params.emotions,
        **params.corpus.model_dump(),
        seed=params.project.seed,
        audio=params.audio.model_dump(),
    )
    with open_tracker(params) as tracker:
        figures = corpus_figures(OUT)
        tracker.metrics(figures)
        tracker.dataset(OUT, name=params.recording.speaker, digest=corpus_digest(OUT), profile=figures)


if __name__ == "__main__":
    run_stage("corpus", main)
