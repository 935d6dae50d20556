"""Stage ``segment``: cut the recordings at their silences."""

from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.paths import RAW, SEGMENTS
from emotts.progress import progress_bar
from emotts.settings import Params
from pipelines.stage import run_stage


def main(params: Params) -> None:
    """Cut ``data/raw`` into ``data/segments`` at the model's sample rate."""
    with progress_bar("segment") as progress:
        segment_recordings(
            RAW,
            SEGMENTS,
            sample_rate_hz=params.audio.sample_rate_hz,
            settings=params.segment,
            parallel=params.parallel,
            progress=progress,
        )


if __name__ == "__main__":
    run_stage("segment", main)
