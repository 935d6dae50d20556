"""Stage ``corpus``: normalise texts, read them into phones, split, and write MeloTTS's lists."""

from emotts.corpus.conversion import build_corpus
from emotts.corpus.melotts_format import CorpusBasis
from emotts.paths import CORPUS, LABELS, SEGMENTS
from emotts.settings import Params
from emotts.workflows.texts import project_reader
from pipelines.stage import run_stage
from pipelines.tracked import open_tracker


def main(params: Params) -> None:
    """Convert ``data/labels`` and ``data/segments`` to ``data/corpus``."""
    build_corpus(
        LABELS,
        SEGMENTS,
        CORPUS,
        front_end=project_reader(params),
        settings=params.corpus,
        basis=CorpusBasis(params.emotions, params.audio, params.project.seed),
        parallel=params.parallel,
    )
    open_tracker(params).end()


if __name__ == "__main__":
    run_stage("corpus", main)
