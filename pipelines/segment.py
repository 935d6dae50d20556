"""Stage ``segment``: cut the recordings at their silences."""

from pathlib import Path

from emotts.config import Params
from emotts.corpus.segmentation import segment_recordings
from pipelines.stage import progress_bar, run_stage


def main(params: Params) -> None:
    """Cut ``data/raw`` into ``data/segments`` at the model's sample rate."""
    with progress_bar("segment") as progress:
        segment_recordings(
            Path("data/raw"),
            Path("data/segments"),
            sample_rate_hz=params.audio.sample_rate_hz,
            **params.segment.model_dump(),
            progress=progress,
        )


if __name__ == "__main__":
    run_stage("segment", main)
